# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The arguments and the operation of module connectors."""

from __future__ import annotations

from ..._connect.errors import InputError, Problem
from ..._connect.reporting.report import Report
from ..._connect.runs.connectors import ensure_connectors
from ..apply_options import ask_brokers_when_refused, run_options
from ..arguments import APPLY, BATCHES, BROKERS, CHANGE, CHECKS, CONNECTION, DESIRED, WAIT, Specification
from ..desired_options import checks_of, desired_of
from ..invocation import Invocation

CONNECTORS = Specification(
    "connectors",
    {
        **DESIRED,
        "purge": {"type": "bool", "default": False},
        "purge_match": {"type": "list", "elements": "str"},
        "purge_limit": {"type": "int", "default": 5},
        "purge_allow_empty": {"type": "bool", "default": False},
        "protected": {"type": "list", "elements": "str", "default": []},
        **CONNECTION,
        **BROKERS,
        **WAIT,
        **APPLY,
        **BATCHES,
        **CHECKS,
        **CHANGE,
    },
    required_if=(("purge", True, ("purge_match",)),),
)


def connectors(invocation: Invocation) -> Report:
    """Brings a set of connectors into its desired state; with `purge`, deletes those outside it."""
    cluster, parameters = invocation.cluster(), invocation.parameters
    ask_brokers_when_refused(cluster, parameters)
    desired = desired_of(invocation)
    if not desired and parameters["purge"] and not parameters["purge_allow_empty"]:
        raise InputError(
            [
                Problem(
                    "the desired set is empty and purge is on: that would delete all that purge_match owns; set "
                    "purge_allow_empty: true if you mean it"
                )
            ]
        )
    return ensure_connectors(cluster, desired, run_options(invocation, checks_of(invocation.parameters)))
