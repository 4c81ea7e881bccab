# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The entries of a result for connectors: plain data, with secrets masked."""

from __future__ import annotations

from typing import Any

from ..model import Connector
from .report import ConnectorResult


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
    if result.failed or _has_trace(seen):
        from .details import failed_entry  # noqa: PLC0415  # compiled in every run: only runs that need it pay

        entry |= failed_entry(result, seen)
    else:
        entry |= state_entry(seen)
    if change.unverified_keys:
        entry["unverified_keys"] = list(change.unverified_keys)
    for name in ("warning", "drift", "rollback", "backup_file"):
        if getattr(result, name):
            entry[name] = getattr(result, name)
    return entry


def state_entry(seen: Connector | None, secrets: frozenset[str] = frozenset()) -> dict[str, Any]:
    """State, tasks, root cause and advice of a connector in its last snapshot; empty without one."""
    if seen is None:
        return {"state": "", "tasks": [], "cause": "", "transience": "", "advice": ""}
    if _has_trace(seen):
        from .details import traced_state  # noqa: PLC0415  # compiled in every run: only runs that need it pay

        return traced_state(seen, secrets)
    tasks = [{"id": task.id, "state": task.state, "worker_id": task.worker_id} for task in seen.tasks]
    return {"state": seen.state, "tasks": tasks, "cause": "", "transience": "", "advice": ""}


def _has_trace(seen: Connector | None) -> bool:
    return seen is not None and bool(seen.trace or any(task.trace for task in seen.tasks))
