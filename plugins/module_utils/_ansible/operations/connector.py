# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The arguments and the operation of module connector."""

from __future__ import annotations

from ..._connect.reporting.report import Report
from ..._connect.runs.connectors import ensure_connectors
from ..apply_options import ask_brokers_when_refused, run_options
from ..arguments import APPLY, BROKERS, CHANGE, CHECKS, CONNECTION, WAIT, Specification
from ..desired_options import checks_of, desired_of
from ..invocation import Invocation

CONNECTOR = Specification(
    "connector",
    {
        "name": {"type": "str", "required": True},
        "config": {"type": "dict"},
        "state": {
            "type": "str",
            "choices": ["present", "absent", "running", "paused", "stopped"],
            "default": "present",
        },
        "initial_state": {"type": "str", "choices": ["running", "paused", "stopped"]},
        **CONNECTION,
        **BROKERS,
        **WAIT,
        **APPLY,
        **CHECKS,
        **CHANGE,
    },
    required_if=tuple(("state", state, ("config",)) for state in ("present", "running", "paused", "stopped")),
)


def connector(invocation: Invocation) -> Report:
    """Bring one connector into its desired state."""
    cluster = invocation.cluster()
    ask_brokers_when_refused(cluster, invocation.parameters)
    return ensure_connectors(cluster, desired_of(invocation), run_options(invocation, checks_of(invocation.parameters)))
