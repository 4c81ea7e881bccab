# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is told of a worker that came or went: plain data, and one line for a person. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..group.protocol import CONNECTOR_ITSELF, Work
from .evidence import GroupSnapshot, InitialState
from .model import PAST_TENSE, Action, ScaleRequest
from .movements import Movements


@dataclass(frozen=True)
class Story:
    """What happened so far: before anything was touched, what was done, what was seen of it, and the last look. `former`:
    the ids of the members that there were when a restart was ordered.
    """

    wanted: ScaleRequest
    before: InitialState
    action: Action = "none"
    movements: Movements | None = None
    look: GroupSnapshot | None = None
    former: frozenset[str] = frozenset()


def subject(wanted: ScaleRequest) -> str:
    return f"worker {wanted.advertised}"


def describe_plan(wanted: ScaleRequest, before: InitialState, action: Action) -> str:
    """What becomes of the work of a worker that is about to go."""
    mine = before.work.get(wanted.advertised, frozenset())
    if action == "start" or not mine:
        return f"{len(before.work)} members so far"
    instances, tasks = count(mine)
    told = f"its {instances} connectors and {tasks} tasks"
    if before.leader == wanted.advertised:
        return f"it leads the group, so that {told} are given away at once"
    return f"{told} return in at most {wanted.delay:.0f} s (scheduled.rebalance.max.delay.ms)"


def describe_outcome(story: Story) -> str:
    """How it ended well."""
    members = len(story.look.group.members) if story.look is not None else 0
    ended = f"{subject(story.wanted)} has {PAST_TENSE[story.wanted.state]} the cluster, which has {members} members now"
    moves = list(story.movements.moves()) if story.movements is not None else []
    if story.action == "none":
        return ended
    if not moves:
        return f"{ended}; nothing had to move"
    longest = max(move.unassigned for move in moves)
    tasks = sum(move.is_task for move in moves)
    return f"{ended}; {tasks} tasks moved, none assigned to nobody for more than {longest:.1f} s"


def scale_facts(story: Story) -> dict[str, Any]:
    """The result of worker_scale but for `changed`, `msg` and `run`."""
    wanted, before, look, movements = story.wanted, story.before, story.look, story.movements
    return {
        "state": wanted.state,
        "action": story.action,
        "worker": wanted.advertised,
        "leader": before.leader == wanted.advertised,
        "before": {"members": [_share(url, work) for url, work in sorted(before.work.items())]},
        "after": {"members": [_share(member.url, member.work) for member in look.group.members]} if look else None,
        "moved": [
            {
                "connector": move.piece[0],
                "task": move.piece[1],
                "from": move.former,
                "to": move.owner,
                "unassigned": move.unassigned,
            }
            for move in (movements.moves() if movements is not None else ())
            if move.is_task
        ],
        "rebalances": movements.rebalances if movements is not None else 0,
    }


def count(work: Work) -> tuple[int, int]:
    """Connector instances, and tasks."""
    instances = sum(task == CONNECTOR_ITSELF for _name, task in work)
    return instances, len(work) - instances


def _share(url: str, work: Work) -> dict[str, Any]:
    instances, tasks = count(work)
    return {"url": url, "connectors": instances, "tasks": tasks}
