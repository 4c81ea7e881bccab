# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The arguments and the operation of module connector_state."""

from __future__ import annotations

from ..._connect.reporting.report import Report
from ..._connect.runs.connector_state import StateOptions, ensure_state
from ..apply_options import ask_brokers_when_refused, run_options
from ..arguments import APPLY, BATCHES, BROKERS, CONNECTION, WAIT, Specification
from ..invocation import Invocation

CONNECTOR_STATE = Specification(
    "connector_state",
    {
        "name": {"type": "list", "elements": "str", "required": True},
        "state": {"type": "str", "choices": ["running", "paused", "stopped", "restarted"], "required": True},
        "include_tasks": {"type": "bool", "default": True},
        "only_failed": {"type": "bool", "default": False},
        "restart_failed": {"type": "bool", "default": True},
        "protected": {"type": "list", "elements": "str", "default": []},
        **CONNECTION,
        **BROKERS,
        **WAIT,
        **APPLY,
        **BATCHES,
    },
)


def connector_state(invocation: Invocation) -> Report:
    """Brings existing connectors into a run state, or restarts them."""
    cluster, parameters = invocation.cluster(), invocation.parameters
    ask_brokers_when_refused(cluster, parameters)
    request = StateOptions(
        tuple(parameters["name"]), parameters["state"], parameters["include_tasks"], parameters["only_failed"]
    )
    return ensure_state(cluster, request, run_options(invocation))
