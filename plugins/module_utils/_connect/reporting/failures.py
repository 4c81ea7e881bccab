# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The parts of a result about failed connectors and runs: causes and fixes, with secrets masked. Pure."""

from __future__ import annotations

from typing import Any

from ..errors import ConnectError, InputError, RequestError
from ..model import Connector
from ..secrets import mask_text, secret_values, unresolved
from ..triage import advice, first_cause
from .report import ConnectorResult


def secrets_of(result: ConnectorResult) -> frozenset[str]:
    """Every secret value in the previous and the new config of this connector."""
    before = result.change.before.config if result.change.before is not None else None
    return secret_values(result.change.after or {}, result.password_keys) | secret_values(
        before or {}, result.password_keys
    )


def masked(result: ConnectorResult, text: str) -> str:
    """The text without any secret of this connector's previous and new config."""
    return mask_text(unresolved(text, result.change.after or {}), secrets_of(result))


def failed_fields(result: ConnectorResult, found_advice: str) -> dict[str, Any]:
    """The additional fields of a failed connector; `found_advice`: the advice for its trace."""
    return {
        "failed": True,
        "error": masked(result, result.error),
        "error_kind": result.error_kind,
        "outcome": result.outcome.value,
        "advice": result.advice or found_advice,
    }


def traced_state(seen: Connector, secrets: frozenset[str]) -> dict[str, Any]:
    """report.state_entry for a connector with a trace."""
    config = seen.config or {}

    def shown(text: str) -> str:
        return mask_text(unresolved(text, config), secrets)

    traces = [seen.trace, *(task.trace for task in seen.tasks if task.state == "FAILED")]
    cause = next((first_cause(trace) for trace in traces if trace), "")
    return {
        "state": seen.state,
        "tasks": [
            {"id": task.id, "state": task.state, "worker_id": task.worker_id}
            | ({"cause": shown(first_cause(task.trace))} if task.trace else {})
            for task in seen.tasks
        ],
        "cause": shown(cause),
        "advice": advice(cause) if cause else "",
    }


def error_entry(error: ConnectError) -> dict[str, Any]:
    """The `error` object of a failed result."""
    entry: dict[str, Any] = {"kind": error.kind, "message": error.message, "advice": error.advice}
    if isinstance(error, RequestError):
        entry |= {
            "method": error.method,
            "path": error.path,
            "worker": error.worker,
            "http_status": error.http_status,
            "error_code": error.error_code,
            "outcome": error.outcome.value,
        }
    if isinstance(error, InputError):
        entry["problems"] = [
            {"connector": problem.connector, "key": problem.key, "message": problem.text} for problem in error.problems
        ]
    return entry
