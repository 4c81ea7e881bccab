# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The arguments and the operation of module connector_validate."""

from __future__ import annotations

from ..._connect.errors import InputError, Problem
from ..._connect.info.validation import validation_facts
from ..._connect.model import Present
from ..._connect.reporting.report import Report
from ..arguments import CHECKS, CONNECTION, DESIRED, Specification
from ..desired_options import checks_of, desired_of
from ..invocation import Invocation

CONNECTOR_VALIDATE = Specification(
    "connector_validate",
    {
        **DESIRED,
        "fail_on_errors": {"type": "bool", "default": True},
        "max_parallel": {"type": "int", "default": 8},
        **CHECKS,
        "validate": {"type": "str", "choices": ["standard", "strict"], "default": "standard"},
        **CONNECTION,
    },
)


def connector_validate(invocation: Invocation) -> Report:
    """Validate each connector of the desired set, without changes."""
    cluster, parameters = invocation.cluster(), invocation.parameters
    desired = [item for item in desired_of(invocation) if isinstance(item, Present)]
    report = validation_facts(cluster, desired, checks_of(parameters))
    wrong = [
        Problem(error["message"], entry["name"], error["key"])
        for entry in report.extra["connectors"]
        for error in entry["errors"]
    ]
    if wrong and parameters["fail_on_errors"]:
        report.failure = InputError(wrong)
    return report
