# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Modules that talk to no worker: what makes Ansible's result of them, in either place where they may run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from .._connect.errors import ConnectError
from .._connect.reporting.report import Report
from .arguments import Specification
from .execute import failure_result, internal_error, mask_result
from .module import QuietModule
from .options import Parameters

OfflineOperation = Callable[[Parameters], tuple[Report, frozenset[str]]]
"""A module's own way through the engine: checked parameters, a report, and the secrets that must not be in it."""


def execute_offline(operation: OfflineOperation, parameters: Parameters) -> dict[str, Any]:
    """The result of one task as Ansible wants it; `failed` and `msg` are set when it failed. Never raises but on
    interrupts.
    """
    secrets: frozenset[str] = frozenset()
    try:
        report, secrets = operation(parameters)
        result: dict[str, Any] = {"changed": report.changed, **report.extra}
        if report.warnings:
            result["warnings"] = list(dict.fromkeys(report.warnings))
        if report.failure is not None:
            result.update(failure_result(report.failure))
    except ConnectError as error:
        result = {"changed": False, **failure_result(error)}
    except Exception as error:  # noqa: BLE001  # the edge: a fault of ours must still end in a readable result
        result = {"changed": False, **internal_error(error)}
    masked: dict[str, Any] = mask_result(result, secrets)
    return masked


def run_offline_module(specification: Specification, operation: OfflineOperation) -> None:
    """The whole main() of a module."""
    module = cast(Any, QuietModule)(
        argument_spec=specification.arguments, supports_check_mode=True, **specification.checks
    )
    result = execute_offline(operation, module.params)
    result["invocation"] = {"module_args": {}}
    for text in result.pop("warnings", ()):
        cast(Any, module).warn(text)
    finish = module.fail_json if result.get("failed") else module.exit_json
    cast(Any, finish)(**result)
