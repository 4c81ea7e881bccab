# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The arguments and the operation of module cluster_health."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..._connect.errors import InputError, NotHealthyError, Problem, RequestError, on_a_line
from ..._connect.group.internal_topics import ROLES, TOPIC_NAME, Role
from ..._connect.health.check import HealthQuery, HealthReport, check_health, wait_until_healthy
from ..._connect.health.model import CHEAP, CHECKS, MAX_REBALANCES, OBSERVED, HealthLimits, is_healthy
from ..._connect.health.summary import first_advice, first_cause, health_entry
from ..._connect.patterns import any_match
from ..._connect.reporting.report import Report
from ..._connect.rest.connection import Connection
from ..._connect.snapshot.cluster import Cluster
from ..arguments import BROKERS, CONNECTION, Specification
from ..broker_options import brokers_of
from ..invocation import Invocation
from ..metrics_options import METRICS, agents_of
from ..options import Parameters
from ..registry_options import REGISTRY, registry_access

if TYPE_CHECKING:
    from ..._connect.jvm.read import AgentReading
    from ..._connect.traffic.endpoints import Endpoints

LONGEST_OBSERVATION = 3600
"""Seconds. The results of all snapshots are kept in memory."""

CLUSTER_HEALTH = Specification(
    "cluster_health",
    {
        "min_workers": {"type": "int"},
        "expected_workers": {"type": "int"},
        "max_failed_tasks": {"type": "int", "default": 0},
        "max_failed_connectors": {"type": "int", "default": 0},
        "max_unassigned": {"type": "int", "default": 0},
        "connectors": {"type": "list", "elements": "str", "default": []},
        "ignore": {"type": "list", "elements": "str", "default": []},
        "fail_on_unhealthy": {"type": "bool", "default": False},
        "wait_timeout": {"type": "float", "default": 0.0},
        "stable_for": {"type": "float", "default": 10.0},
        "return_if_parked": {"type": "bool", "default": False},
        "checks": {"type": "list", "elements": "str", "choices": list(CHECKS), "default": list(CHEAP)},
        "registry": {"type": "dict", "options": REGISTRY},
        "metrics": {"type": "dict", "options": METRICS},
        "observe": {"type": "str", "default": "0"},
        "max_rebalances": {"type": "int", "default": MAX_REBALANCES},
        **{f"{role}_topic": {"type": "str", "default": ""} for role in ROLES},
        "worker_properties": {"type": "path"},
        **BROKERS,
        **CONNECTION,
    },
)


def cluster_health(invocation: Invocation) -> Report:
    """Whether the cluster is healthy, and what is wrong if it is not."""
    cluster, parameters = invocation.cluster(), invocation.parameters
    limits = _health_limits(parameters)
    asked = _query(parameters, limits)
    access = _registry_access(parameters, limits)
    agents = agents_of(parameters, invocation.run) if parameters["metrics"] else None
    if agents is not None:
        # The last conversation is the one with the workers.
        invocation.conversations.insert(0, agents)
    seconds = parameters["wait_timeout"]
    try:
        if seconds:
            verdict = wait_until_healthy(
                cluster, asked, limits, seconds, parameters["stable_for"], until_parked=parameters["return_if_parked"]
            )
        else:
            verdict = check_health(cluster, asked, limits)
    except RequestError as error:
        return _without_workers(cluster, asked, limits, error)
    if not (parameters["return_if_parked"] and verdict.parks):
        before = _agent_readings(parameters, agents) if asked.observe else {}
        verdict = _with_further_checks(cluster, asked, limits, verdict)
        verdict = _with_registries(invocation, cluster, access, limits, verdict)
        verdict = _with_memory(parameters, agents, limits, before, verdict)
    entry = health_entry(verdict.snapshot, verdict.findings, limits.checks)
    failure = None
    is_accepted = is_healthy(verdict.findings) or (parameters["return_if_parked"] and verdict.parks)
    if parameters["fail_on_unhealthy"] and not is_accepted:
        failure = NotHealthyError(f"the cluster is {entry['msg']}", first_advice(verdict.findings))
    return Report(extra=entry, warnings=cluster.warnings, failure=failure)


def _without_workers(cluster: Cluster, query: HealthQuery, limits: HealthLimits, error: RequestError) -> Report:
    """Return the same failure, with what the brokers show. Raises it if no worker was reached and nothing else can be known."""
    if query.brokers is None:
        raise error
    from ..._connect.health.without_workers import OF_WORKERS, report_without_workers  # noqa: PLC0415  # compiled in every run: only runs that need it pay

    verdict = report_without_workers(cluster, query, limits)
    if verdict is None:
        raise error
    entry = health_entry(verdict.snapshot, verdict.findings)
    # Zeros would claim that there are no connectors.
    del entry["summary"]
    root = first_cause(verdict.findings)
    if root is not None and root.kind not in OF_WORKERS:
        error = error.reworded(f"the cluster is {entry['msg']}; {error.message}", root.advice)
    return Report(extra=entry, warnings=cluster.warnings, failure=error)


def _with_further_checks(
    cluster: Cluster, query: HealthQuery, limits: HealthLimits, verdict: HealthReport
) -> HealthReport:
    """Return the verdict with what a single snapshot does not show."""
    if query.brokers is None or not limits.checks - {"brokers", "internal_topics", "registries"}:
        return verdict
    from ..._connect.group.brokers import HAS_CONFLUENT_KAFKA  # noqa: PLC0415  # compiled in every run: only runs that need it pay

    if not HAS_CONFLUENT_KAFKA:
        return verdict
    from ..._connect.health.further_checks import with_further_checks  # noqa: PLC0415  # compiled in every run: only runs that need it pay

    return with_further_checks(cluster, query, limits, verdict)


def _with_registries(
    invocation: Invocation, cluster: Cluster, access: Connection | None, limits: HealthLimits, verdict: HealthReport
) -> HealthReport:
    """Return the verdict with what schema registries answer. `access`: None if they are not checked."""
    if access is None:
        return verdict
    from ..._connect.health.registry_check import with_registries  # noqa: PLC0415  # compiled in every run: only runs that need it pay

    latest, clients = with_registries(cluster, access, limits, verdict)
    # The last conversation is the one with the workers.
    invocation.conversations[:0] = clients
    return latest


def _agent_readings(parameters: Parameters, agents: Endpoints | None) -> Mapping[str, AgentReading]:
    """Return what the workers' agents answer now, nothing without them."""
    if agents is None:
        return {}
    from ..._connect.jvm.read import read_agents  # noqa: PLC0415  # compiled in every run: only runs that need it pay

    return read_agents(agents, jolokia=parameters["metrics"]["source"] == "jolokia")


def _with_memory(
    parameters: Parameters,
    agents: Endpoints | None,
    limits: HealthLimits,
    before: Mapping[str, AgentReading],
    verdict: HealthReport,
) -> HealthReport:
    """Return the verdict with the heap of the workers. `before`: at the beginning of an observation, empty without one."""
    if agents is None:
        return verdict
    from ..._connect.health.memory_check import with_memory  # noqa: PLC0415  # compiled in every run: only runs that need it pay

    return with_memory(verdict, limits, before, _agent_readings(parameters, agents))


def _registry_access(parameters: Parameters, limits: HealthLimits) -> Connection | None:
    """Return how to reach registries, None if they are not checked. Raises InputError for invalid or useless options."""
    if "registries" in limits.checks:
        return registry_access(parameters)
    if parameters["registry"]:
        raise InputError([Problem("registry has no effect without the check registries: add it to checks")])
    return None


def _query(parameters: Parameters, limits: HealthLimits) -> HealthQuery:
    """Return what to read. Raises InputError for invalid options."""
    observe = _observe(parameters, limits)
    properties = _worker_properties(parameters)
    topics = _internal_topics(parameters, properties)
    return HealthQuery(
        brokers_of(parameters),
        parameters["group_id"],
        topics if "internal_topics" in limits.checks else {},
        asks_brokers="brokers" in limits.checks,
        observe=observe,
        status_topic=topics.get("status", ""),
        properties=properties,
    )


def _observe(parameters: Parameters, limits: HealthLimits) -> float:
    """Return the seconds of the observation. Raises InputError for an invalid or useless option."""
    text = parameters["observe"].strip()
    if text in ("", "0"):
        return 0.0
    from ..._connect.history.times import parse_duration  # noqa: PLC0415  # compiled in every run: only runs that need it pay

    seconds = parse_duration("observe", text)
    problem = ""
    if seconds > LONGEST_OBSERVATION:
        problem = f'observe "{text}" is longer than {LONGEST_OBSERVATION} s: give a shorter time'
    elif seconds and not limits.checks & OBSERVED:
        problem = f"observe has no effect without one of the checks {', '.join(sorted(OBSERVED))}: add them to checks"
    elif seconds and not parameters["bootstrap_servers"]:
        problem = "observe has no effect without bootstrap_servers: give the brokers"
    if problem:
        raise InputError([Problem(problem)])
    return seconds


def _worker_properties(parameters: Parameters) -> Mapping[str, str] | None:
    """Return the properties of the named file, None without one. Raises InputError if it cannot be read."""
    path = parameters["worker_properties"]
    if not path:
        return None
    from ..worker_properties import worker_properties_at  # noqa: PLC0415  # compiled in every run: only runs that need it pay

    return worker_properties_at(path)


def _internal_topics(parameters: Parameters, properties: Mapping[str, str] | None) -> dict[Role, str]:
    """Return the names of the internal topics that are known, by role. Raises InputError for invalid ones."""
    path = parameters["worker_properties"]
    given = {role: parameters[f"{role}_topic"].strip() for role in ROLES}
    if not path and not any(given.values()):
        return {}
    if not parameters["bootstrap_servers"]:
        text = "config_topic, offset_topic, status_topic and worker_properties have no effect without bootstrap_servers"
        raise InputError([Problem(f"{text}: give the brokers")])
    if properties is not None:
        given = {role: given[role] or properties.get(f"{role}.storage.topic", "").strip() for role in ROLES}
    problems = [
        Problem(f'{role}_topic "{on_a_line(name)}" is not the name of a topic: correct it')
        for role, name in given.items()
        if name and not TOPIC_NAME.fullmatch(name)
    ]
    problems += [
        Problem(f"worker_properties {path} has no {role}.storage.topic: give the file of a distributed worker")
        for role, name in given.items()
        if path and not name
    ]
    if problems:
        raise InputError(problems)
    return {role: name for role, name in given.items() if name}


def _health_limits(parameters: Parameters) -> HealthLimits:
    """Return the limits. Raises InputError for invalid ones."""
    names = (
        "min_workers",
        "expected_workers",
        "max_failed_tasks",
        "max_failed_connectors",
        "max_unassigned",
        "max_rebalances",
    )
    problems = [
        Problem(f"{name} is {parameters[name]}: give a number, 0 or more")
        for name in names
        if (parameters[name] or 0) < 0
    ]
    seconds = parameters["wait_timeout"]
    if 0 < seconds < parameters["stable_for"]:
        both = f"wait_timeout of {seconds:g} s is shorter than stable_for of {parameters['stable_for']:g} s"
        problems.append(Problem(f"{both}: the cluster could never be healthy for that long"))
    if problems:
        raise InputError(problems)
    chosen, ignored = any_match(parameters["connectors"] or ["*"]), any_match(parameters["ignore"])
    return HealthLimits(
        parameters["min_workers"],
        parameters["expected_workers"],
        parameters["max_failed_tasks"],
        parameters["max_failed_connectors"],
        parameters["max_unassigned"],
        counts=lambda name: chosen(name) and not ignored(name),
        checks=frozenset(parameters["checks"]),
        max_rebalances=parameters["max_rebalances"],
    )
