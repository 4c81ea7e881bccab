# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The arguments and the operation of module connector_state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..._connect.reporting.report import Report
from ..._connect.runs.connector_state import StateOptions, ensure_state, take_back_states
from ..apply_options import ask_brokers_when_refused, run_options
from ..arguments import APPLY, BATCHES, BROKERS, CONNECTION, WAIT, Specification
from ..invocation import Invocation
from ..options import Parameters

if TYPE_CHECKING:
    from ..._connect.runs.former_states import FormerState

CONNECTOR_STATE = Specification(
    "connector_state",
    {
        "name": {"type": "list", "elements": "str"},
        "state": {"type": "str", "choices": ["running", "paused", "stopped", "restarted"]},
        "from_report": {"type": "raw"},
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
    required_one_of=(("name", "from_report"),),
    mutually_exclusive=(("name", "from_report"), ("state", "from_report")),
    required_by={"name": ("state",), "state": ("name",)},
)


def connector_state(invocation: Invocation) -> Report:
    """Brings existing connectors into a run state, or restarts them."""
    cluster, parameters = invocation.cluster(), invocation.parameters
    former = _former_states(parameters["from_report"])
    ask_brokers_when_refused(cluster, parameters)
    if former is not None:
        report = take_back_states(cluster, former, run_options(invocation))
    else:
        report = ensure_state(cluster, _request(parameters), run_options(invocation))
    changed = [result.change for result in report.connectors or () if result.changed]
    report.extra = {
        **report.extra,
        "run_states": {change.name: dict(change.run_states) for change in changed if change.run_states},
    }
    return report


def _former_states(report: object) -> Sequence[FormerState] | None:
    if report is None:
        return None
    from ..._connect.runs.former_states import former_states  # noqa: PLC0415  # compiled in every run: only runs that need it pay

    return former_states(report)


def _request(parameters: Parameters) -> StateOptions:
    return StateOptions(
        tuple(parameters["name"]), parameters["state"], parameters["include_tasks"], parameters["only_failed"]
    )
