# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a module's operation and converts its report to Ansible's result, on the controller and on managed hosts."""

from __future__ import annotations

import base64
import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .._connect.errors import ConnectError, InputError, legible
from .._connect.model import Desired
from .._connect.reporting.entries import connector_entry
from .._connect.reporting.report import ConnectorResult, Report
from .._connect.run import Event, Run
from .invocation import Conversation, Invocation, Operation
from .legible import legible_result
from .options import Parameters


def execute(
    operation: Operation,
    parameters: Parameters,
    *,
    check_mode: bool,
    diff_mode: bool,
    desired: Sequence[Desired] | None = None,
    report: Callable[[Event], None] | None = None,
    is_wanted: Callable[[], bool] = lambda: True,
) -> dict[str, Any]:
    """Return the result of one task in Ansible's format; `failed` and `msg` are set if it failed. Raises only on
    interrupts. `desired`, `report` and `is_wanted` are those of Invocation.
    """
    secrets = connection_secrets(parameters)
    masked = _masked(report, secrets) if report else None
    invocation = Invocation(parameters, check_mode, desired, masked, is_wanted)
    try:
        outcome = _carried_out(operation, invocation)
        result = _result(outcome, diff_mode=diff_mode)
        if outcome.changed:
            _summarize(outcome, result, invocation)
    except ConnectError as error:
        result = failure_result(error)
    except Exception as error:  # noqa: BLE001  # the outermost layer: a bug of the collection must still end in a readable result
        result = internal_error(error)
    finally:
        if invocation.started is not None:
            invocation.started.stop_status_lines()
    if invocation.started is not None:
        result["run"] = _run(invocation.started, invocation.conversations)
    shown: dict[str, Any] = legible_result(mask_result(result, secrets | invocation.secrets))
    return shown


def _carried_out(operation: Operation, invocation: Invocation) -> Report:
    try:
        return operation(invocation)
    except BaseException:
        # If anything ends the task early (an interrupt, Ansible's timeout), no thread starts another write.
        if invocation.started is not None:
            invocation.started.cancelled.set()
        raise


def connection_secrets(parameters: Parameters) -> frozenset[str]:
    """The secrets in the connection options, those of metrics and registries included. The options may not have been checked yet."""
    nested = [parameters.get(name) for name in ("traffic", "registry", "metrics")]
    return frozenset().union(
        *(_secrets_of(options) for options in (parameters, *nested) if isinstance(options, Mapping))
    )


def _secrets_of(options: Mapping[str, Any]) -> frozenset[str]:
    headers = options.get("headers")
    more = headers.values() if isinstance(headers, Mapping) else [headers]
    user, password = options.get("url_username"), options.get("url_password")
    # Also mask their encoded forms, in case a worker or a proxy quotes those.
    basic = base64.b64encode(f"{user}:{password}".encode(errors="replace")).decode() if password else None
    values = [password, basic, options.get("token"), *more]
    return frozenset(str(value) for value in values if value and len(str(value)) > 3)


def _masked(report: Callable[[Event], None], secrets: frozenset[str]) -> Callable[[Event], None]:
    """Events often quote responses of a worker or a proxy."""
    return lambda event: report(event._replace(text=legible(_mask(event.text, secrets))))


def _mask(text: str, secrets: frozenset[str] = frozenset()) -> str:
    from .._connect.secrets import mask_text  # noqa: PLC0415  # compiled in every run: only runs that need it pay

    return mask_text(text, secrets)


def mask_result(value: Any, secrets: frozenset[str]) -> Any:
    """Return the result with the secrets of the connection masked in every text, since a worker or a proxy may echo
    them.
    """
    if not secrets:
        return value
    if isinstance(value, str):
        return _mask(value, secrets) if any(secret in value for secret in secrets) else value
    if isinstance(value, dict):
        return {key: mask_result(entry, secrets) for key, entry in value.items()}
    if isinstance(value, list):
        return [mask_result(entry, secrets) for entry in value]
    return value


def _result(report: Report, *, diff_mode: bool) -> dict[str, Any]:
    result: dict[str, Any] = {"changed": report.changed, **report.extra}
    if not diff_mode:
        result.pop("diff", None)
    results = report.connectors or ()
    if report.connectors is not None:
        result["connectors"] = [connector_entry(entry) for entry in results]
    if diff_mode and results:
        result["diff"] = _diff([entry for entry in results if entry.change.steps])
    if report.warnings:
        result["warnings"] = list(dict.fromkeys(report.warnings))
    failed = [entry for entry in results if entry.failed]
    if report.failure is not None:
        result.update(failure_result(report.failure))
    elif failed:
        # Ansible prints the whole result of a failed task: a thousand healthy connectors would bury the one that
        # failed.
        result["connectors"] = [entry for entry in result["connectors"] if entry.get("failed") or entry["actions"]]
        from .failures import connectors_failed  # noqa: PLC0415  # compiled in every run: only runs that need it pay

        result.update(connectors_failed(failed, result["connectors"], len(results)))
    return result


def _summarize(report: Report, result: dict[str, Any], invocation: Invocation) -> None:
    """Report in one line what was changed, also in `msg` unless that already contains the cause of a failure."""
    from .._connect.reporting.run_summary import connectors_summary  # noqa: PLC0415  # compiled in every run: only runs that need it pay

    text = str(report.extra.get("msg") or connectors_summary(report.connectors or (), check_mode=invocation.check_mode))
    if text:
        result.setdefault("msg", text)
        invocation.run.event(text, important=True)


def _diff(changes: Sequence[ConnectorResult]) -> list[dict[str, str]]:
    if not changes:
        return []
    from .._connect.reporting.details import diff_entry  # noqa: PLC0415  # compiled in every run: only runs that need it pay

    return [diff_entry(entry) for entry in changes]


def failure_result(error: ConnectError) -> dict[str, Any]:
    """The result of a task that failed as a whole."""
    from .._connect.reporting.details import error_entry  # noqa: PLC0415  # compiled in every run: only runs that need it pay

    if isinstance(error, InputError) and len(error.problems) > 1:
        message = f"{len(error.problems)} problems, nothing was changed:\n{error.message}"
    else:
        message = error.message + (f" -> {error.advice}" if error.advice else "")
    return {"failed": True, "msg": message, "error": error_entry(error)}


def internal_error(error: Exception) -> dict[str, Any]:
    """The result of a task that hit a bug in this collection."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno}" if frames else "unknown place"
    # Leave out the error's text and the full traceback: both may contain values of a config.
    message = f"internal error, please report it: {type(error).__name__} at {place}"
    return {"failed": True, "msg": message, "error": {"kind": "internal_error", "message": message, "advice": ""}}


def _run(run: Run, conversations: list[Conversation]) -> dict[str, Any]:
    return {
        "requests": sum(conversation.requests for conversation in conversations),
        "retries": sum(conversation.retries for conversation in conversations),
        "conflicts_waited": round(run.conflicts_waited(), 1),
        "elapsed": round(run.elapsed(), 2),
        "worker": conversations[-1].workers.current if conversations else "",
        "timeline": [{"seconds": event.seconds, "text": _mask(event.text)} for event in run.timeline],
    }
