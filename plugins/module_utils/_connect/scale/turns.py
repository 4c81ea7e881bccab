# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which worker restarts next, and whether a restart of the leader ends the wait for parked work. Pure.

When a follower departs, the leader parks its work for scheduled.rebalance.max.delay.ms, by default five minutes, also if the
worker is back after a second (IncrementalCooperativeAssignor.handleLostAssignments). The parking is known to the leader alone: a
new leader starts without a previous assignment (the generations differ), and distributes all missing work in its first
rebalance. So the restart of a leader parks nothing, and also releases what was parked before.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Union

from ..group.protocol import CONNECTOR_ITSELF
from ..run import counted
from .evidence import InitialState
from .model import ScaleRequest

Order = Literal["leader_first", "leader_last"]
Release = Literal["auto", "never"]


@dataclass(frozen=True)
class ParkedWork:
    """The tasks that wait for a departed worker, and for how many seconds at most."""

    tasks: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class GroupState:
    """A stable group: its leader, the number of tasks of each member by advertised URL, and the parked work."""

    leader: str
    tasks: Mapping[str, int]
    parked: ParkedWork = ParkedWork()


@dataclass(frozen=True)
class RollingOptions:
    """`batch`: followers that restart at once. `delay`: scheduled.rebalance.max.delay.ms in seconds, 0 for the protocol eager.
    `protected`: workers that never restart only to release parked work.
    """

    order: Order = "leader_first"
    release: Release = "auto"
    batch: int = 1
    delay: float = 300.0
    protected: Collection[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class RestartTurn:
    """These workers restart now because they need it."""

    workers: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class ReleaseTurn:
    """The leader restarts only to release parked work."""

    leader: str
    reason: str


@dataclass(frozen=True)
class WaitTurn:
    """Nothing restarts: the parked work is distributed after at most these seconds."""

    seconds: float
    reason: str


Turn = Union[RestartTurn, ReleaseTurn, WaitTurn]
"""None where a turn is expected means that nothing is left to do."""


def next_turn(
    state: GroupState, pending: Sequence[str], options: RollingOptions, restart_seconds: float
) -> Turn | None:
    """The next step of a rolling restart. `pending`: the workers that still need a restart, in the order of the inventory;
    `restart_seconds`: how long the restart of a worker takes.

    Each pending worker gets one restart, and a leader restarts once more only where that pays.
    """
    if is_plain(options, restart_seconds):
        return _wait_for(state) or _followers_first(state, pending, options)
    if state.leader in pending:
        return RestartTurn((state.leader,), "it leads the group: a new leader distributes all work at once")
    if state.parked.tasks:
        return release_turn(state, options, restart_seconds) or _wait_for(state)
    return _followers_first(state, pending, options)


def is_plain(options: RollingOptions, restart_seconds: float) -> bool:
    """Whether followers restart first and the leader last: as requested, or where nothing stays parked for longer than a
    restart takes.
    """
    return options.order == "leader_last" or options.delay <= restart_seconds


def group_state(initial: InitialState) -> GroupState:
    """What decides about turns, of a stable group."""
    tasks = {url: sum(task != CONNECTOR_ITSELF for _name, task in work) for url, work in initial.work.items()}
    parked = ParkedWork(len(initial.parked), initial.delay) if initial.parked else ParkedWork()
    return GroupState(initial.leader, tasks, parked)


def no_release(initial: InitialState, request: ScaleRequest) -> str:
    """Why the restart of this worker would release nothing, or cost more than it saves; empty when it pays."""
    state = group_state(initial)
    parked = state.parked
    if not parked.tasks:
        return "no work is parked for a departed worker"
    if state.leader != request.advertised:
        return f"it does not lead the group; the leader {state.leader or '(unknown)'} can release the parked work"
    if release_turn(state, RollingOptions(), request.restart_seconds) is None:
        return (
            f"{counted(parked.tasks, 'task')} wait for up to {parked.seconds:.0f} s; a restart of the leader would stop "
            f"{counted(state.tasks.get(state.leader, 0), 'task')} for about {request.restart_seconds:.0f} s and costs more"
        )
    return ""


def release_turn(state: GroupState, options: RollingOptions, restart_seconds: float) -> ReleaseTurn | None:
    """The restart of the leader that releases the parked work; None where it doesn't pay or isn't allowed."""
    if options.release == "never" or state.leader in options.protected:
        return None
    own = state.tasks.get(state.leader, 0)
    if not release_pays(state.parked, own, restart_seconds):
        return None
    return ReleaseTurn(
        state.leader,
        f"{counted(state.parked.tasks, 'task')} would stand still for up to {state.parked.seconds:.0f} s; the leader's {counted(own, 'task')} "
        f"stand still for about {restart_seconds:.0f} s",
    )


def release_pays(parked: ParkedWork, leader_tasks: int, restart_seconds: float) -> bool:
    """Whether the restart of the leader costs fewer task-seconds than the wait. The parked tasks wait for the restart, too."""
    return parked.tasks * (parked.seconds - restart_seconds) > leader_tasks * restart_seconds


def _followers_first(state: GroupState, pending: Sequence[str], options: RollingOptions) -> RestartTurn | None:
    followers = [worker for worker in pending if worker != state.leader]
    if followers:
        return RestartTurn(tuple(followers[: max(options.batch, 1)]), "the leader had its restart or comes last")
    return RestartTurn((state.leader,), "the leader is the last") if pending else None


def _wait_for(state: GroupState) -> WaitTurn | None:
    parked = state.parked
    if not parked.tasks:
        return None
    return WaitTurn(
        parked.seconds, f"{counted(parked.tasks, 'task')} wait for a departed worker for up to {parked.seconds:.0f} s"
    )
