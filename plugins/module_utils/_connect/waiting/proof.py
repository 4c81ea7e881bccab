# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What counts as proof that a change is done: a pure assessment of one snapshot. docs/development/design.md explains
the rules.

A status carries no time: a status from before the change reads like one from after it. So only facts that cannot have
existed before prove an update (our config is stored, no task still has the old value of a changed key), together with
states that stay stable for a while. A FAILED status that existed before, with the same trace, proves nothing yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from ..model import Config, Connector, Task
from ..planning.change import Change
from ..planning.difference import compare
from ..planning.steps import Create, Restart, Update


class ProofState(Enum):
    """The state of one change in one snapshot."""

    GOOD = "good"
    PENDING = "pending"
    NO_STATUS = "no status"
    FAILED = "failed"
    OLD_FAILURE = "old failure"
    OVERTAKEN = "overtaken"


@dataclass(frozen=True)
class Assessment:
    state: ProofState
    reason: str = ""


SETTLED = ("RUNNING", "PAUSED", "STOPPED")


def assess(change: Change, seen: Connector | None, departed: frozenset[str] = frozenset()) -> Assessment:
    """Assesses the change in this snapshot. `departed`: ids of workers that provably run nothing any more."""
    if change.deletes:
        deleted = seen is None or seen.config is None
        return Assessment(ProofState.GOOD) if deleted else Assessment(ProofState.PENDING, "still listed")
    if seen is None or seen.config is None:
        # The expanded list leaves out a connector without a status, on some workers permanently.
        return Assessment(ProofState.NO_STATUS, "not in the list")
    if change.after is not None and compare(change.after, seen.config).changed_keys:
        return _other_config(change, seen)
    if not seen.state:
        return Assessment(ProofState.NO_STATUS, "no status yet")
    failure = _failure(change, seen)
    endures = failure is not None and failure.state is ProofState.OLD_FAILURE and not _revives(change)
    if endures and seen.state == "FAILED":
        return Assessment(
            ProofState.GOOD
        )  # Only the target state was set (restart_failed is off), which REST does not show.
    if failure is not None and not endures:
        return failure
    accepted = (change.desired_state.upper(),) if change.desired_state else SETTLED
    if seen.state not in accepted:
        return Assessment(
            ProofState.PENDING,
            f"connector is {_where(seen.state, seen.worker_id)}, waiting for {' or '.join(accepted)}",
        )
    if seen.state == "RUNNING" and seen.worker_id in departed:
        return Assessment(ProofState.PENDING, f"connector reads RUNNING on {seen.worker_id}, which has left")
    return _tasks(seen, departed, tolerate_failed=endures)


def _revives(change: Change) -> bool:
    return any(isinstance(step, (Create, Update, Restart)) for step in change.steps)


def _other_config(change: Change, seen: Connector) -> Assessment:
    before = change.before.config if change.before is not None else None
    if before is not None and change.writes_config and not compare(before, seen.config or {}).changed_keys:
        return Assessment(ProofState.PENDING, "the previous config is still shown")
    return Assessment(ProofState.OVERTAKEN, "another user or run has changed the config since")


def _failure(change: Change, seen: Connector) -> Assessment | None:
    if change.desired_state == "stopped":
        return None  # A task that fails while it stops is stopped in the end.
    old_tasks = {task.id: task.trace for task in change.before.failed_tasks} if change.before is not None else {}
    fresh: list[str] = []
    old: list[str] = []
    if seen.state == "FAILED":
        same = change.before is not None and change.before.state == "FAILED" and change.before.trace == seen.trace
        (old if same else fresh).append("connector is FAILED")
    for task in seen.failed_tasks:
        same = old_tasks.get(task.id) == task.trace
        if same and seen.state == "PAUSED":
            continue  # A paused connector does not start its tasks, so failed tasks stay failed.
        (old if same else fresh).append(f"task {task.id} is FAILED")
    if fresh:
        return Assessment(ProofState.FAILED, ", ".join(fresh + old))
    return Assessment(ProofState.OLD_FAILURE, ", ".join(old) + " as before") if old else None


def _where(state: str, worker_id: str) -> str:
    """The state and the worker that reported it; for UNASSIGNED the previous worker does not matter."""
    return f"{state} on {worker_id}" if worker_id and state != "UNASSIGNED" else state


def _tasks(seen: Connector, departed: frozenset[str], *, tolerate_failed: bool) -> Assessment:
    if seen.state == "STOPPED":
        # Statuses of ended tasks may remain: a slow worker writes them after the leader has removed the tasks.
        stopping = [task for task in seen.former_tasks if task.state not in ("UNASSIGNED", "FAILED")]
        left = [str(task.id) for task in (*seen.tasks, *stopping)]
        return (
            Assessment(ProofState.PENDING, f"tasks {', '.join(left)} are still stopping")
            if left
            else Assessment(ProofState.GOOD)
        )
    shown: Mapping[int, Task] = {task.id: task for task in seen.tasks}
    without = [number for number in seen.task_ids if number not in shown]
    waiting = [f"task {number} has no status yet" for number in without]
    for number in seen.task_ids:
        task = shown.get(number)
        if task is None or (task.state == "FAILED" and (seen.state == "PAUSED" or tolerate_failed)):
            continue
        if task.state != seen.state:
            waiting.append(f"task {number} is {_where(task.state, task.worker_id)}")
        elif task.state == "RUNNING" and task.worker_id in departed:
            waiting.append(f"task {number} reads RUNNING on {task.worker_id}, which has left")
    if waiting:
        return Assessment(
            ProofState.NO_STATUS if len(without) == len(waiting) else ProofState.PENDING,
            ", ".join(waiting[:3]) + (f" and {len(waiting) - 3} more" if len(waiting) > 3 else ""),
        )
    return Assessment(ProofState.GOOD)


def runs_without_tasks(seen: Connector) -> bool:
    """RUNNING without tasks: the connector needs none, or they do not exist yet, or its worker cannot reach the leader; REST
    shows no difference. Statuses of tasks that do not exist (left by a deleted connector of this name) are ignored.
    """
    return seen.state == "RUNNING" and not seen.task_ids


def stale_task_keys(
    change: Change, task_configs: Mapping[int, Config], defaults: Mapping[str, str | None]
) -> tuple[str, ...]:
    """Changed keys whose previous value some task still has: its configuration has not been regenerated yet.

    A key that the connector does not pass to its tasks proves nothing. Neither does a removed key whose previous value is
    the plugin's default (`defaults`), since a connector may fill that in.
    """
    if change.before is None or change.before.config is None or change.after is None or _creates(change):
        return ()
    stale = set()
    for key in change.changed_keys:
        old, now = change.before.config.get(key), change.after.get(key)
        if old is None or old == now or (now is None and defaults.get(key) in (old, None)):
            continue
        if any(config.get(key) == old for config in task_configs.values()):
            stale.add(key)
    return tuple(sorted(stale))


def _creates(change: Change) -> bool:
    return any(isinstance(step, Create) for step in change.steps)
