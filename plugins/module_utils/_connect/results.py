# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What became of each connector, and how it is told: plain data, secrets masked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .change import Change
from .errors import ConnectError, InputError, Outcome, RequestError
from .model import Config, Connector
from .secrets import mask_config, mask_text, secret_values, unresolved


@dataclass(frozen=True)
class ConnectorResult:
    """The outcome of one change. `changed` is what was written, whatever came of it; `error` is set when it failed."""

    change: Change
    outcome: Outcome = Outcome.NOT_DONE
    changed: bool = False
    seen: Connector | None = None
    error: str = ""
    error_kind: str = ""
    advice: str = ""
    warning: str = ""
    drift: str = ""
    rollback: str = ""
    backup_file: str = ""
    password_keys: frozenset[str] = frozenset()

    @property
    def failed(self) -> bool:
        return bool(self.error)

    def with_error(self, error: ConnectError) -> ConnectorResult:
        name = f'connector "{self.change.name}"'
        message = error.message if error.message.startswith(name) else f"{name}: {error.message}"
        return replace(self, error=message, error_kind=error.kind, advice=error.advice, outcome=error.outcome)


@dataclass
class Report:
    """The result of a run before it becomes Ansible's: `connectors` of those that plan changes, `extra` fields of others."""

    changed: bool = False
    connectors: Sequence[ConnectorResult] | None = None
    warnings: Sequence[str] = ()
    failure: ConnectError | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


def report_of(
    results: Sequence[ConnectorResult], warnings: Sequence[str], failure: ConnectError | None = None
) -> Report:
    """The report of a run that planned changes, with the warnings that they call for."""
    return Report(any(result.changed for result in results), results, (*warnings, *_state_warnings(results)), failure)


def _state_warnings(results: Sequence[ConnectorResult]) -> Iterable[str]:
    """What is easily overlooked: connectors that this run left alone but that are not healthy, and doubts about proven
    ones.
    """
    for result in results:
        for said in (result.drift, result.warning):
            if said:
                yield f'connector "{result.change.name}": {said}'
        before = result.change.before
        if not result.change.steps and before is not None and not result.failed and not result.change.settling:
            broken = "the connector" if before.state == "FAILED" else "tasks of it" if before.failed_tasks else ""
            if broken:
                yield (
                    f'connector "{result.change.name}": {broken} FAILED; the config is as wanted, so nothing was done '
                    "(state: running restarts what failed)"
                )


def secrets_of(result: ConnectorResult) -> frozenset[str]:
    """Every secret value in the former and the new config of this connector."""
    before = result.change.before.config if result.change.before is not None else None
    return secret_values(result.change.after or {}, result.password_keys) | secret_values(
        before or {}, result.password_keys
    )


def masked(result: ConnectorResult, text: str) -> str:
    """What was said of this connector, without any secret of its former and its new config."""
    return mask_text(unresolved(text, result.change.after or {}), secrets_of(result))


def connector_entry(result: ConnectorResult) -> dict[str, Any]:
    """One entry of `connectors` in a module's result."""
    change = result.change
    seen = result.seen if result.seen is not None else change.before
    entry: dict[str, Any] = {
        "name": change.name,
        "action": change.action,
        "actions": list(change.actions),
        "changed": result.changed,
        "changed_keys": list(change.changed_keys) if change.writes_config else [],
        "reason": change.reason,
    }
    # Looking for secrets costs more than all the rest: only what may quote a config needs it.
    secrets = secrets_of(result) if result.failed or _has_trace(seen) else frozenset()
    entry.update(state_entry(seen, secrets))
    if change.unverified_keys:
        entry["unverified_keys"] = list(change.unverified_keys)
    if result.failed:
        entry["failed"] = True
        entry["error"] = masked(result, result.error)
        entry["error_kind"] = result.error_kind
        entry["outcome"] = result.outcome.value
        entry["advice"] = result.advice or entry["advice"]
    for name in ("warning", "drift", "rollback", "backup_file"):
        if getattr(result, name):
            entry[name] = getattr(result, name)
    return entry


def state_entry(seen: Connector | None, secrets: frozenset[str] = frozenset()) -> dict[str, Any]:
    """State, tasks, first cause and advice of a connector as it was seen last; empty when nothing was seen."""
    if seen is None:
        return {"state": "", "tasks": [], "cause": "", "advice": ""}
    config = seen.config or {}

    def shown(text: str) -> str:
        return mask_text(unresolved(text, config), secrets)

    if not _has_trace(seen):
        tasks = [{"id": task.id, "state": task.state, "worker_id": task.worker_id} for task in seen.tasks]
        return {"state": seen.state, "tasks": tasks, "cause": "", "advice": ""}
    # Most clusters are well, and Ansible compiles a collection's code anew in each run.
    from .triage import advice, first_cause  # noqa: PLC0415

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


def _has_trace(seen: Connector | None) -> bool:
    return seen is not None and bool(seen.trace or any(task.trace for task in seen.tasks))


def diff_entry(result: ConnectorResult) -> dict[str, str]:
    """Ansible's diff of one connector: one line for each changed key, sorted, and the run state where it changes."""
    change = result.change
    before = change.before.config if change.before is not None else None
    after: Config | None = None if change.deletes else change.after
    keys = [key for key in change.changed_keys if change.writes_config or change.deletes]
    former, wanted = _lines(before, keys, result.password_keys), _lines(after, keys, result.password_keys)
    for key in keys:
        # A changed secret must be seen to change without being seen.
        if key in former and former[key] == wanted.get(key):
            wanted[key] += " (changed)"
    state = change.before.state if change.before is not None else ""
    if change.wanted and change.wanted.upper() != state and not change.deletes:
        former |= {"state": state} if state else {}
        wanted |= {"state": change.wanted.upper()}
    if "restart" in change.actions:
        wanted |= {"restarted": "true"}
    return {
        "before_header": change.name if change.before is not None else f"{change.name} (not there)",
        "after_header": f"{change.name} ({' + '.join(change.actions)})",
        "before": _text(former),
        "after": _text(wanted),
    }


def _lines(config: Config | None, keys: Sequence[str], password_keys: frozenset[str]) -> dict[str, str]:
    masked = mask_config({key: config[key] for key in keys if key in config}, password_keys) if config else {}
    return {key: _scalar(value) for key, value in masked.items()}


# Begins with nothing that YAML gives a meaning to, ends without a space, and every character can be seen.
_PLAIN_SCALAR = re.compile(r"(?![ {}\[\]&*#?|<>=!%@`'\",:-])[ -~\u00a0-\ud7ff]+(?<! )")


def _scalar(value: str) -> str:
    """One line of YAML for a string: quoted only where it has to be, so that a reader sees what is stored."""
    plain = _PLAIN_SCALAR.fullmatch(value) and ": " not in value and " #" not in value and not value.endswith(":")
    return value if plain else json.dumps(value, ensure_ascii=False)


def _text(lines: Mapping[str, str]) -> str:
    return "".join(f"{key}: {lines[key]}\n" for key in sorted(lines))


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
            {"connector": problem.connector, "key": problem.key, "text": problem.text} for problem in error.problems
        ]
    return entry
