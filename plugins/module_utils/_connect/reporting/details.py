# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The parts of a result about failed and changed connectors: causes, fixes and diffs, with secrets masked. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import ConnectError, InputError, RequestError, legible, on_a_line
from ..model import Config, Connector
from ..secrets import mask_config, mask_text, secret_values, unresolved
from ..triage.diagnosis import diagnose
from ..triage.first_cause import first_cause
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


def failed_entry(result: ConnectorResult, seen: Connector | None) -> dict[str, Any]:
    """entries.connector_entry for a connector that failed or has a trace: its state, and its error."""
    state = traced_state(seen, secrets_of(result))
    if not result.failed:
        return state
    if result.failed_as is not None:
        # After a rollback the status may show no failure any more; its cause is still what the user has to fix.
        failure = traced_state(result.failed_as, secrets_of(result))
        state |= {name: failure[name] for name in ("cause", "transience", "advice") if failure[name]}
    return state | {
        "failed": True,
        "error": masked(result, result.error),
        "error_kind": result.error_kind,
        "outcome": result.outcome.value,
        "advice": result.advice or state["advice"],
    }


def traced_state(seen: Connector | None, secrets: frozenset[str]) -> dict[str, Any]:
    """entries.state_entry for a connector with a trace."""
    if seen is None:
        return {"state": "", "tasks": [], "cause": "", "transience": "", "advice": ""}
    config = seen.config or {}

    def shown(text: str) -> str:
        return mask_text(unresolved(text, config), secrets)

    traces = [seen.trace, *(task.trace for task in seen.tasks if task.state == "FAILED")]
    trace = next(filter(None, traces), "")
    found = diagnose(trace)
    return {
        "state": seen.state,
        "tasks": [
            {"id": task.id, "state": task.state, "worker_id": task.worker_id}
            | ({"cause": shown(first_cause(task.trace))} if task.trace else {})
            for task in seen.tasks
        ],
        "cause": shown(first_cause(trace)),
        "transience": found.transience if trace else "",
        "advice": found.advice,
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


def diff_entry(result: ConnectorResult) -> dict[str, str]:
    """Ansible's diff of one connector: one line for each changed key, sorted, and the run state where it changes."""
    change = result.change
    before = change.before.config if change.before is not None else None
    after: Config | None = None if change.deletes else change.after
    keys = [key for key in change.changed_keys if change.writes_config or change.deletes]
    before_lines, after_lines = _lines(before, keys, result.password_keys), _lines(after, keys, result.password_keys)
    for key in keys:
        # Show that a secret changes, without showing it.
        if key in before_lines and before_lines[key] == after_lines.get(key):
            after_lines[key] += " (changed)"
    state = change.before.state if change.before is not None else ""
    if change.desired_state and change.desired_state.upper() != state and not change.deletes:
        before_lines |= {"state": state} if state else {}
        after_lines |= {"state": change.desired_state.upper()}
    if "restart" in change.actions:
        after_lines |= {"restarted": "true"}
    name = on_a_line(change.name)
    return {
        "before_header": name if change.before is not None else f"{name} (absent)",
        "after_header": f"{name} ({' + '.join(change.actions)})",
        "before": _text(before_lines),
        "after": _text(after_lines),
    }


def _lines(config: Config | None, keys: Sequence[str], password_keys: frozenset[str]) -> dict[str, str]:
    masked = mask_config({key: config[key] for key in keys if key in config}, password_keys) if config else {}
    return {key: _scalar(value) for key, value in masked.items()}


# Does not begin with a character that has a meaning in YAML, does not end with a space, and every character is visible.
_PLAIN_SCALAR = re.compile(r"(?![ {}\[\]&*#?|<>=!%@`'\",:-])[ -~\u00a0-\ud7ff]+(?<! )")


def _scalar(value: str) -> str:
    """One line of YAML for a string: quoted only where necessary, so that a reader sees what is stored."""
    plain = _PLAIN_SCALAR.fullmatch(value) and ": " not in value and " #" not in value and not value.endswith(":")
    return value if plain and legible(value) == value else legible(json.dumps(value, ensure_ascii=False))


def _text(lines: Mapping[str, str]) -> str:
    return "".join(f"{on_a_line(key)}: {lines[key]}\n" for key in sorted(lines))
