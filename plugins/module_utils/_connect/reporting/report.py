# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result of each connector, as plain data with secrets masked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ..errors import ConnectError, Outcome
from ..model import Connector
from ..planning.change import Change


@dataclass(frozen=True)
class ConnectorResult:
    """The outcome of one change. `changed`: something was written, whatever its effect; `error`: set if it failed."""

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
    """The result of a run, before it becomes Ansible's: `connectors` for runs that plan changes, `extra` fields for others."""

    changed: bool = False
    connectors: Sequence[ConnectorResult] | None = None
    warnings: Sequence[str] = ()
    failure: ConnectError | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


def report_of(
    results: Sequence[ConnectorResult], warnings: Sequence[str], failure: ConnectError | None = None
) -> Report:
    """The report of a run that planned changes, with its warnings."""
    return Report(any(result.changed for result in results), results, (*warnings, *_state_warnings(results)), failure)


def _state_warnings(results: Sequence[ConnectorResult]) -> Iterable[str]:
    """Warnings about unhealthy connectors that this run did not touch, and about doubts on proven ones."""
    for result in results:
        for text in (result.drift, result.warning):
            if text:
                yield f'connector "{result.change.name}": {text}'
        before = result.change.before
        if not result.change.steps and before is not None and not result.failed and not result.change.settling:
            broken = "the connector" if before.state == "FAILED" else "tasks of it" if before.failed_tasks else ""
            if broken:
                yield (
                    f'connector "{result.change.name}": {broken} FAILED; the config is up to date, so nothing was done '
                    "(state: running restarts what failed)"
                )


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
    secrets: frozenset[str] = frozenset()
    if result.failed or _has_trace(seen):
        # The search for secrets costs more than all the rest, and only texts that may quote a config need it. Most clusters are
        # healthy, and Ansible compiles a collection's code anew in each run.
        from .failures import secrets_of  # noqa: PLC0415  # see above

        secrets = secrets_of(result)
    entry.update(state_entry(seen, secrets))
    if change.unverified_keys:
        entry["unverified_keys"] = list(change.unverified_keys)
    if result.failed:
        from .failures import failed_fields  # noqa: PLC0415  # as above

        entry |= failed_fields(result, entry["advice"])
    for name in ("warning", "drift", "rollback", "backup_file"):
        if getattr(result, name):
            entry[name] = getattr(result, name)
    return entry


def state_entry(seen: Connector | None, secrets: frozenset[str] = frozenset()) -> dict[str, Any]:
    """State, tasks, first cause and advice of a connector in its last snapshot; empty without one."""
    if seen is None:
        return {"state": "", "tasks": [], "cause": "", "advice": ""}
    if _has_trace(seen):
        from .failures import traced_state  # noqa: PLC0415  # as in connector_entry

        return traced_state(seen, secrets)
    tasks = [{"id": task.id, "state": task.state, "worker_id": task.worker_id} for task in seen.tasks]
    return {"state": seen.state, "tasks": tasks, "cause": "", "advice": ""}


def _has_trace(seen: Connector | None) -> bool:
    return seen is not None and bool(seen.trace or any(task.trace for task in seen.tasks))
