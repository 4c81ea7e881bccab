# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the logs of the workers add to the findings of cluster_health. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..health.causes import CauseRule
from ..health.model import HealthFinding, about_workers
from .model import HostLog

_MEMORY = "raise the heap of the worker (worker_heap of the role worker), or let it run fewer tasks"
_HEARTBEAT = (
    "look for long pauses of the JVM and for a slow network; session.timeout.ms of the workers is how long the group waits for a "
    "heartbeat"
)
_SLOW_TASKS = "find the connector whose tasks start or stop slowly in the log, and raise rebalance.timeout.ms of the workers above that time"

KINDS: Mapping[str, tuple[str, str, str]] = {
    "out_of_memory": ("error", "the JVM had no memory left", _MEMORY),
    "session_lost": ("warning", "the group removed the worker, because it sent no heartbeat in time", _HEARTBEAT),
    "coordinator_lost": (
        "warning",
        "the worker could not reach the coordinator of its group",
        "check the brokers, and the network between them and the worker",
    ),
    "poll_timeout": ("warning", "the worker was busy for too long, and left the group", _SLOW_TASKS),
    "task_poll_timeout": (
        "warning",
        "a sink task was busy for longer than max.poll.interval.ms",
        (
            "let the task write less at once (consumer.override.max.poll.records), or allow more time "
            "(consumer.override.max.poll.interval.ms)"
        ),
    ),
    "slow_stop": (
        "warning",
        "a connector or task did not stop in time",
        "its plugin blocks; raise task.shutdown.graceful.timeout.ms of the workers if it needs more time",
    ),
    "offset_commit_failed": (
        "warning",
        "a task could not commit its offsets",
        "it repeats records after a restart; check the brokers, and the time that the task needs to flush",
    ),
}
"""Kinds of events of worker_log_info that a report names, with their severity, what happened, and what to do."""

_LOST = ("worker_hangs", "worker_not_ready", "worker_unreachable")

LOG_RULES: tuple[CauseRule, ...] = (
    CauseRule(
        ("log_out_of_memory",),
        (*_LOST, "log_session_lost", "log_poll_timeout"),
        "a JVM without memory does not respond",
        shared=True,
        also_warnings=True,
    ),
    CauseRule(
        ("log_out_of_memory", "log_session_lost", "log_poll_timeout"),
        ("rebalancing_repeatedly",),
        "each worker that leaves and comes back causes rebalances",
        shared=True,
        also_warnings=True,
    ),
)
"""Rules for the findings of this file, beside those of health/causes.py."""


def log_of(entry: Mapping[str, Any]) -> HostLog:
    """`entry`: `host`, optionally the `worker` as HOST:PORT, and `result` of worker_log_info."""
    result = entry.get("result") or {}
    host, worker = str(entry.get("host", "")), str(entry.get("worker", ""))
    if "events" not in result:
        return HostLog(host, worker, problem=str(result.get("msg") or "not read"))
    counts = {str(event.get("kind")): int(event.get("count", 0)) for event in result["events"]}
    return HostLog(
        host, worker, str(result.get("msg", "")), counts={kind: count for kind, count in counts.items() if count}
    )


def log_findings(entries: Sequence[Mapping[str, Any]]) -> Iterator[HealthFinding]:
    """What the logs show about workers. A lack of memory counts as a warning if the worker has been started since."""
    for entry in entries:
        events = {event.get("kind"): event for event in (entry.get("result") or {}).get("events", ())}
        worker = str(entry.get("worker") or entry.get("host", ""))
        started = str((events.get("worker_started") or {}).get("last") or "")
        for kind, (severity, text, advice) in KINDS.items():
            event = events.get(kind) or {}
            if not event.get("count"):
                continue
            last = str(event.get("last") or "")
            is_over = bool(started and last and started > last)
            yield HealthFinding(
                f"log_{kind}",
                "error" if severity == "error" and not is_over else "warning",
                worker,
                f"{worker}: {text} ({_times(event)})",
                advice,
                count=int(event["count"]),
                about=about_workers([worker]),
            )


def _times(event: Mapping[str, Any]) -> str:
    last = str(event.get("last") or "")[:19].replace("T", " ")
    times = "once" if event["count"] == 1 else f"{event['count']} times, last"
    return f"{times} at {last} UTC" if last else times.split(",", maxsplit=1)[0]
