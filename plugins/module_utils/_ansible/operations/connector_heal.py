# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The arguments and the operation of module connector_heal."""

from __future__ import annotations

from dataclasses import replace

from ..._connect.errors import InputError, Problem
from ..._connect.healing.heal import HealRequest
from ..._connect.healing.heal import heal as heal_connectors
from ..._connect.healing.model import HealRules
from ..._connect.history.times import parse_duration
from ..._connect.patterns import any_match
from ..._connect.planning.run_options import ApplyOptions, RunOptions
from ..._connect.reporting.report import Report
from ..apply_options import ask_brokers_when_refused
from ..arguments import BROKERS, CONNECTION, HISTORY, WAIT, Specification
from ..broker_options import brokers_of, client_secrets
from ..history_options import history_query, reader_of
from ..invocation import Invocation
from ..options import Parameters
from ..time_options import now

CONNECTOR_HEAL = Specification(
    "connector_heal",
    {
        "name": {"type": "list", "elements": "str", "default": []},
        "protected": {"type": "list", "elements": "str", "default": []},
        "max_restarts": {"type": "int", "default": 3},
        "window": {"type": "str", "default": "6h"},
        "first_pause": {"type": "str", "default": "1m"},
        "unknown_causes": {"type": "str", "choices": ["leave", "restart"], "default": "leave"},
        "fail_on_left": {"type": "bool", "default": False},
        "status_topic": {"type": "str", "default": ""},
        "worker_properties": HISTORY["worker_properties"],
        "max_bytes": HISTORY["max_bytes"],
        "wait_timeout": WAIT["wait_timeout"],
        "stable_for": WAIT["stable_for"],
        **CONNECTION,
        **BROKERS,
        "bootstrap_servers": {"type": "list", "elements": "str", "required": True},
    },
)


def connector_heal(invocation: Invocation) -> Report:
    """Restarts what failed for a transient cause. Raises InputError for invalid options."""
    parameters = invocation.parameters
    invocation.secrets = client_secrets(parameters)
    rules = _rules(parameters)
    began = now()
    history = replace(history_query(parameters), since=began - rules.window, to_read_less="shorten window")
    cluster = invocation.cluster()
    ask_brokers_when_refused(cluster, parameters)
    reader = reader_of(parameters, invocation.run)
    brokers = brokers_of(parameters)
    if brokers is None:
        raise InputError(
            [Problem("bootstrap_servers is empty: earlier restarts are in the status topic, so give the brokers")]
        )
    request = HealRequest(
        tuple(parameters["name"]),
        rules,
        history,
        brokers,
        parameters["group_id"],
        began,
        fails_on_left=parameters["fail_on_left"],
    )
    options = RunOptions(
        check_mode=invocation.check_mode,
        apply=ApplyOptions(continue_on_error=True),
        wait_timeout=parameters["wait_timeout"],
        stable_for=parameters["stable_for"],
    )
    return heal_connectors(cluster, reader, request, options)


def _rules(parameters: Parameters) -> HealRules:
    limit = parameters["max_restarts"]
    if limit < 0:
        raise InputError([Problem(f"max_restarts is {limit}: give a number, 0 or more")])
    window = int(1000 * parse_duration("window", parameters["window"]))
    if not window:
        raise InputError([Problem("window is 0: give the time within which max_restarts counts, such as 6h")])
    return HealRules(
        limit,
        window,
        int(1000 * parse_duration("first_pause", parameters["first_pause"])),
        restarts_unknown=parameters["unknown_causes"] == "restart",
        protected=any_match(parameters["protected"]),
    )
