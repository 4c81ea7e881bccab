# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operation of module traffic_window: from checked parameters through a gate to a report."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime
from functools import partial

from ..._connect.errors import InputError, Problem, WindowClosedError
from ..._connect.reporting.report import Report
from ..._connect.rest.connection import Connection
from ..._connect.rest.transport import Transport
from ..._connect.traffic.endpoints import ACCEPT, Endpoints
from ..._connect.traffic.gate import Gate, WindowDecision, check_window, utc_now, wait_until_open, window_facts
from ..._connect.traffic.metrics import AgentMeter, Limits, Meter, PrometheusMeter, Queries
from ..._connect.traffic.window import LONGEST_MINIMUM, Calendar
from ..._connect.traffic.window_options import calendar_of
from ..arguments import CONNECTION, LOGIN, Arguments, Specification
from ..invocation import Invocation
from ..options import Parameters, connection_within

WINDOW: Arguments = {
    "days": {
        "type": "list",
        "elements": "str",
        "choices": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
        "default": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
    },
    "start": {"type": "str", "required": True},
    "end": {"type": "str", "required": True},
}

TRAFFIC: Arguments = {
    "source": {"type": "str", "choices": ["agents", "jolokia", "prometheus"], "required": True},
    "url": {"type": "list", "elements": "str", "required": True},
    "limit": {"type": "float", "required": True},
    "sustained_for": {"type": "float", "default": 60.0},
    "interval": {"type": "float", "default": 10.0},
    "query": {"type": "str"},
    "up_query": {"type": "str"},
    "lag_query": {"type": "str"},
    "lag_limit": {"type": "float"},
    "unreachable": {"type": "str", "choices": ["closed", "ignore"], "default": "closed"},
    **LOGIN,
}

TRAFFIC_WINDOW = Specification(
    "traffic_window",
    {
        "windows": {"type": "list", "elements": "dict", "options": WINDOW},
        "timezone": {"type": "str"},
        "exclude": {"type": "list", "elements": "str", "default": []},
        "minimum_remaining": {"type": "float", "default": 0.0},
        "traffic": {"type": "dict", "options": TRAFFIC},
        "fail_on_closed": {"type": "bool"},
        "wait": {"type": "bool", "default": False},
        "wait_timeout": {"type": "float", "default": 3600.0},
        **CONNECTION,
    },
    required_one_of=(("windows", "traffic"),),
    required_by={"windows": ("timezone",)},
)

LONGEST_WAIT = 7 * 86_400.0
LONGEST_SUSTAINED = 86_400.0


def traffic_window(invocation: Invocation, now: Callable[[], datetime] = utc_now) -> Report:
    """Whether this is a low-traffic time; with `wait`, wait for one."""
    run, parameters = invocation.run, invocation.parameters
    wait = parameters["wait"]
    fail_on_closed = wait if parameters["fail_on_closed"] is None else parameters["fail_on_closed"]
    gate = Gate(_calendar(parameters), parameters["minimum_remaining"], _meter(invocation))
    verdict = wait_until_open(gate, run, parameters["wait_timeout"], now) if wait else check_window(gate, run, now)
    failure = None
    if fail_on_closed and not verdict.open:
        failure = WindowClosedError(f"this is not a low-traffic time: {verdict.reason}", _advice(verdict, wait=wait))
    warnings = verdict.reading.warnings if verdict.reading is not None else ()
    return Report(extra=window_facts(gate, verdict), failure=failure, warnings=warnings)


def _advice(verdict: WindowDecision, *, wait: bool) -> str:
    if verdict.phase == "unknown":
        return "make the metrics readable, or set traffic.unreachable: ignore to continue without the unreadable ones"
    return "run again at such a time" if wait else "run again at such a time, or set wait: true to wait for it"


def _calendar(parameters: Parameters) -> Calendar | None:
    problems = [
        *_number(parameters, "minimum_remaining", most=LONGEST_MINIMUM * 86_400),
        *_number(parameters, "wait_timeout", most=LONGEST_WAIT),
    ]
    if problems:
        raise InputError(problems)
    if parameters["windows"] is None:
        given = [name for name in ("timezone", "exclude", "minimum_remaining") if parameters[name]]
        if given:
            fix = 'give windows ("00:00" to "24:00" for any time of the day)'
            raise InputError([Problem(f"{' and '.join(given)} have no effect without windows: {fix}")])
        return None
    return calendar_of(parameters["windows"], parameters["timezone"], parameters["exclude"])


def _meter(invocation: Invocation) -> Meter | None:
    parameters = invocation.parameters
    traffic = parameters["traffic"]
    if traffic is None:
        return None
    limits = _limits(traffic)
    endpoints = Endpoints(Transport(_endpoints_connection(parameters, traffic)), invocation.run)
    invocation.conversations.append(endpoints)
    if traffic["source"] == "prometheus":
        queries = Queries(traffic["query"], traffic["up_query"] or "", traffic["lag_query"] or "")
        return PrometheusMeter(endpoints, limits, queries)
    running = None
    if parameters["url"] and not limits.lenient:
        cluster = invocation.cluster()

        def running_tasks() -> frozenset[tuple[str, str]]:
            stored = cluster.read().connectors.values()
            return frozenset(
                (connector.name, str(task.id))
                for connector in stored
                for task in connector.tasks
                if task.state == "RUNNING"
            )

        running = running_tasks
    return AgentMeter(endpoints, limits, jolokia=traffic["source"] == "jolokia", running=running)


def _limits(traffic: Parameters) -> Limits:
    """Raises InputError for invalid options, and for options that this source of metrics does not support."""
    number = partial(_number, traffic, prefix="traffic.")
    problems = [
        *number("limit"),
        *number("lag_limit"),
        *number("sustained_for", most=LONGEST_SUSTAINED),
        *number("interval", least=1.0, most=LONGEST_SUSTAINED),
    ]
    lenient = traffic["unreachable"] == "ignore"
    queries = [name for name in ("query", "up_query", "lag_query", "lag_limit") if traffic[name] is not None]
    if traffic["source"] != "prometheus":
        if queries:
            named = " and ".join(f"traffic.{name}" for name in queries)
            problems.append(Problem(f"{named} have no effect without traffic.source: prometheus: leave them out"))
    else:
        problems += _query_problems(traffic, lenient=lenient)
    if problems:
        raise InputError(problems)
    return Limits(traffic["limit"], traffic["lag_limit"], traffic["sustained_for"], traffic["interval"], lenient)


def _query_problems(traffic: Parameters, *, lenient: bool) -> list[Problem]:
    problems = []
    if not (traffic["query"] or "").strip():
        problems.append(Problem("traffic.query is missing: give the PromQL of the records per second"))
    if not lenient and not (traffic["up_query"] or "").strip():
        problems.append(
            Problem(
                "traffic.up_query is missing: a worker that Prometheus can't read would seem to have no traffic. "
                'Give PromQL that is 1 while all are read, such as min(up{job="kafka-connect"}), or unreachable: ignore'
            )
        )
    if (traffic["lag_query"] is None) != (traffic["lag_limit"] is None):
        problems.append(Problem("traffic.lag_query and traffic.lag_limit belong together: give both or none"))
    if len(traffic["url"]) > 1:
        problems.append(Problem("traffic.url has several URLs: give one Prometheus server"))
    return problems


def _number(
    parameters: Parameters, name: str, *, least: float = 0.0, most: float = math.inf, prefix: str = ""
) -> list[Problem]:
    value = parameters[name]
    # NaN fails both comparisons.
    if value is None or (least <= value <= most and math.isfinite(value)):
        return []
    span = f"{least:g} or more" if math.isinf(most) else f"from {least:g} to {most:g}"
    return [Problem(f"{prefix}{name} is {value:g}: give a number, {span}")]


def _endpoints_connection(parameters: Parameters, traffic: Parameters) -> Connection:
    """How to reach the metrics endpoints: with their own credentials, never with those of the workers' REST API."""
    what = "URL of a Prometheus server" if traffic["source"] == "prometheus" else "URL of a worker's agent"
    connection = connection_within(parameters, "traffic", traffic, ACCEPT, serves=what, text_limit=None)
    if not connection.urls:
        raise InputError([Problem(f"traffic.url is an empty list: give the {what}")])
    return connection
