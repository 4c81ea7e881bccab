# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A report of a cluster that needs several causes, times and lanes, as the modules return the parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.diagnosis.assemble import Results
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.history.times import shown_time

NOW = 1_795_836_000_000
"""2026-11-28 03:20:00 UTC."""

MINUTE = 60_000
REFUSED = "ConnectException: Connection refused: db-2.example.com:5432"


def at(minutes: float) -> str:
    """The time so many minutes ago, as a module returns it."""
    return shown_time(int(NOW - minutes * MINUTE))


def state_event(
    minutes: float, connector: str, state: str, previous: str = "", task: int | None = 0, **more: Any
) -> dict[str, Any]:
    event = {
        "time": at(minutes),
        "kind": "state_changed",
        "connector": connector,
        "state": state,
        "message": f'connector "{connector}": task {task} {state}',
        **more,
    }
    if task is not None:
        event["task"] = task
    return event | ({"previous_state": previous} if previous else {})


def event(minutes: float, kind: str, connector: str = "", **more: Any) -> dict[str, Any]:
    return {"time": at(minutes), "kind": kind, "message": f"{kind} of {connector}", **more} | (
        {"connector": connector} if connector else {}
    )


def stored(name: str, *tasks: str, state: str = "RUNNING") -> dict[str, Any]:
    """A connector as connector_info returns it."""
    listed = [{"id": number, "state": one, "worker_id": "connect-1:8083"} for number, one in enumerate(tasks)]
    return {"name": name, "state": state, "worker_id": "connect-1:8083", "tasks": listed}


def finding(kind: str, subject: str = "cluster", severity: str = "error", **more: Any) -> dict[str, Any]:
    """A finding as cluster_health returns it."""
    return {
        "id": f"{kind}:{subject}",
        "severity": severity,
        "kind": kind,
        "subject": subject,
        "message": f"{kind} of {subject}",
        "advice": f"fix of {kind}",
        "caused_by": [],
        **more,
    }


def health_of(*findings: Mapping[str, Any]) -> dict[str, Any]:
    is_healthy = not any(one["severity"] == "error" for one in findings)
    return {
        "healthy": is_healthy,
        "msg": f"{'healthy' if is_healthy else 'not healthy'}: what the module said",
        "findings": list(findings),
        "workers": [
            {
                "url": "http://connect-1:8083",
                "version": "4.3.1",
                "reachable": True,
                "leader": True,
                "tasks": 1,
                "connectors": 1,
            }
        ],
    }


def history_of(*events: Mapping[str, Any], changes: Sequence[Mapping[str, Any]] = (), **more: Any) -> dict[str, Any]:
    return {
        "events": sorted(events, key=lambda one: one["time"]),
        "events_omitted": 0,
        "since": at(360),
        "until": at(0),
        "summaries": {"failures_after_changes": list(changes)},
        "compacted": [],
        **more,
    }


def log_of_host(host: str, **counts: Any) -> dict[str, Any]:
    """An entry of `logs`. `counts`: by kind, the number of events, or the number and the minutes since the last one."""
    events = []
    for kind, count in counts.items():
        number, minutes = count if isinstance(count, tuple) else (count, 5)
        events.append({"kind": kind, "count": number, "first": at(minutes), "last": at(minutes), "reasons": []})
    return {"host": host, "worker": f"{host}:8083", "result": {"events": events, "msg": f"log of {host}"}}


def results_of(health: Mapping[str, Any] | None = None, **more: Any) -> Results:
    return Results(NOW, "orders", health if health is not None else health_of(), **more)
