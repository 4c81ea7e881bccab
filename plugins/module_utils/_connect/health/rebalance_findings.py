# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the workers' group rebalances again and again, according to an observation and to the status topic. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from ..group.group_findings import some
from .model import HealthFinding, HealthLimits, HealthSnapshot, about_workers
from .observed import Observation
from .worker_findings import advertised_addresses

REPEATED = 2
"""Sessions that a worker begins during an observation. A single one is a restart."""

_SESSION, _HEARTBEAT, _REBALANCE = 10_000, 3_000, 60_000
"""Defaults of a worker, in milliseconds: session.timeout.ms, heartbeat.interval.ms, rebalance.timeout.ms."""

_STOP = 5_000
"""The default of task.shutdown.graceful.timeout.ms."""


def rebalance_findings(
    snapshot: HealthSnapshot, observation: Observation, limits: HealthLimits
) -> Iterator[HealthFinding]:
    """The finding, if there is one."""
    sessions = new_sessions(observation)
    flapping = {url: count for url, count in sessions.items() if count >= REPEATED}
    past = observation.past
    is_often = past is not None and past.count > limits.max_rebalances
    if not flapping and not is_often:
        return
    parts = []
    about = set()
    if past is not None and is_often:
        text = f"{past.count} rebalances in the last hour, more than {limits.max_rebalances}"
        often = [(worker, count) for worker, count in past.departures.most_common(3) if count > 1]
        if often:
            text += f" ({some([f'worker {worker} left {count} times' for worker, count in often])})"
        parts.append(text)
        about |= {worker for worker, _count in often}
    if flapping:
        shown = [f"worker {url} joined {count} times" for url, count in sorted(flapping.items())]
        parts.append(f"{some(shown)} in {observation.seconds:.0f} s")
        about |= set(advertised_addresses(flapping))
    group = snapshot.membership.group.group_id if snapshot.membership is not None else ""
    reasons = session_problems(observation.properties or {})
    fix = (
        "read the log of these workers (worker_log_info) for lost sessions, long pauses of the JVM, and restarts"
        if about
        else "read what changed (cluster_history): each connector that is created, changed or deleted on its own costs rebalances, which "
        "module connectors saves; if nothing changed, read the logs of the workers (worker_log_info)"
    )
    yield HealthFinding(
        "rebalancing_repeatedly",
        "warning",
        f"group {group}",
        "the group rebalances again and again: " + "; ".join(parts),
        f"{'; '.join(reasons)}; then {fix}" if reasons else fix,
        about=about_workers(about),
    )


def new_sessions(observation: Observation) -> Counter[str]:
    """How often a worker joined as a new member, by its URL: after a restart, or after it had lost its session."""
    seen: dict[str, str] = {}
    found: Counter[str] = Counter()
    before = observation.first.workers
    if before is None:
        return found
    for moment in observation.moments:
        for member_id, url in (moment.workers or {}).items():
            if not url or member_id in seen:
                continue
            seen[member_id] = url
            # A member that a rebalance hides in the first snapshot has been there before.
            if member_id not in before:
                found[url] += 1
    return found


def session_problems(properties: Mapping[str, str]) -> list[str]:
    """Settings of a worker that make it lose its session."""
    found = []
    session = _milliseconds(properties, "session.timeout.ms", _SESSION)
    heartbeat = _milliseconds(properties, "heartbeat.interval.ms", _HEARTBEAT)
    if heartbeat * 3 > session:
        found.append(
            f"lower heartbeat.interval.ms ({heartbeat}) to a third of session.timeout.ms ({session}), or less: one late heartbeat ends "
            "the session"
        )
    rebalance = _milliseconds(properties, "rebalance.timeout.ms", _REBALANCE)
    stop = _milliseconds(properties, "task.shutdown.graceful.timeout.ms", _STOP)
    if stop >= rebalance:
        found.append(
            f"raise rebalance.timeout.ms ({rebalance}) above task.shutdown.graceful.timeout.ms ({stop}): a worker that stops tasks for "
            "longer leaves the group"
        )
    return found


def _milliseconds(properties: Mapping[str, str], key: str, default: int) -> int:
    text = properties.get(key, "").strip()
    return int(text) if text.isdecimal() and len(text) < 12 else default
