# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result of a scaling action: plain data, and one line for a person. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..group.delay_clock import until
from ..group.protocol import CONNECTOR_ITSELF, Work
from ..run import counted
from .evidence import GroupSnapshot, InitialState
from .model import PAST_TENSE, Action, ScaleRequest
from .movements import Movements


@dataclass(frozen=True)
class Story:
    """What has happened so far: the initial state, the action, the observed movements, and the last snapshot. `previous`: the
    ids of the members when a restart was ordered; `ordered_at`: when that was, in monotonic seconds; `restart_seconds`: how long it
    took until the worker was a member again, None until then.
    """

    request: ScaleRequest
    initial: InitialState
    action: Action = "none"
    movements: Movements | None = None
    snapshot: GroupSnapshot | None = None
    previous: frozenset[str] = frozenset()
    ordered_at: float = 0.0
    restart_seconds: float | None = None


def subject(request: ScaleRequest) -> str:
    return f"worker {request.advertised}"


def describe_plan(request: ScaleRequest, initial: InitialState, action: Action) -> str:
    """What happens to the work of a worker that is about to leave."""
    mine = initial.work.get(request.advertised, frozenset())
    if action == "start" or not mine:
        return f"{len(initial.work)} members so far"
    instances, tasks = count(mine)
    own_work = f"its {instances} connectors and {tasks} tasks"
    if initial.leader == request.advertised:
        more = f" and {parked_work(initial)} of a departed worker" if initial.parked else ""
        return f"it leads the group, so {own_work}{more} are reassigned at once"
    return f"{own_work} run again within {request.delay:.0f} s (scheduled.rebalance.max.delay.ms)"


def describe_outcome(story: Story) -> str:
    """One line about a success."""
    members = len(story.snapshot.group.members) if story.snapshot is not None else 0
    ended = (
        f"{subject(story.request)} has {PAST_TENSE[story.request.state]} the cluster, which now has {members} members"
    )
    moves = list(story.movements.moves()) if story.movements is not None else []
    if story.action == "none":
        return ended
    now = InitialState.of(story.snapshot) if story.snapshot is not None else InitialState()
    if now.parked:
        last = story.snapshot
        end = until(last.delay_ends, last.read_at) if last is not None else f"for up to {now.delay:.0f} s"
        ended += f"; {parked_work(now)} wait {end} (scheduled.rebalance.max.delay.ms)"
    elif story.initial.parked:
        ended += f"; {parked_work(story.initial)} of a departed worker run again"
    if not moves:
        return f"{ended}; no work had to move"
    longest = max(move.unassigned for move in moves)
    tasks = sum(move.is_task for move in moves)
    return f"{ended}; {tasks} tasks moved, none was unassigned for more than {longest:.1f} s"


def parked_work(initial: InitialState) -> str:
    """What the leader keeps, in words: the tasks, or else the connectors, whose tasks run meanwhile."""
    connectors, tasks = count(initial.parked)
    return counted(tasks, "task") if tasks else counted(connectors, "connector")


def scale_facts(story: Story) -> dict[str, Any]:
    """The result of worker_scale, except `changed`, `msg` and `run`."""
    request, initial, snapshot, movements = story.request, story.initial, story.snapshot, story.movements
    parked = count(InitialState.of(snapshot).parked) if snapshot is not None else None
    return {
        "state": request.state,
        "action": story.action,
        "worker": request.advertised,
        "leader": initial.leader == request.advertised,
        "before": {"members": [_share(url, work) for url, work in sorted(initial.work.items())]},
        "after": {"members": [_share(member.url, member.work) for member in snapshot.group.members]}
        if snapshot
        else None,
        "moved": [
            {
                "connector": move.piece[0],
                "task": move.piece[1],
                "from": move.previous,
                "to": move.owner,
                "unassigned": move.unassigned,
            }
            for move in (movements.moves() if movements is not None else ())
            if move.is_task
        ],
        "rebalances": movements.rebalances if movements is not None else 0,
        "restart_seconds": None if story.restart_seconds is None else round(story.restart_seconds, 1),
        "parked_tasks": parked[1] if parked is not None else None,
        "parked_connectors": parked[0] if parked is not None else None,
    }


def count(work: Work) -> tuple[int, int]:
    """Connector instances, and tasks."""
    instances = sum(task == CONNECTOR_ITSELF for _name, task in work)
    return instances, len(work) - instances


def _share(url: str, work: Work) -> dict[str, Any]:
    instances, tasks = count(work)
    return {"url": url, "connectors": instances, "tasks": tasks}
