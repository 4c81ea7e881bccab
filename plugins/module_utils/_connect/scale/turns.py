# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which workers restart or leave next, and whether a restart of the leader ends the wait for parked work. Pure.

When a follower departs, the leader parks its work for scheduled.rebalance.max.delay.ms, by default five minutes, also if the
worker is back after a second (IncrementalCooperativeAssignor.handleLostAssignments). The parking is known to the leader alone: a
new leader starts without a previous assignment (the generations differ), and distributes all missing work in its first
rebalance. So the restart of a leader parks nothing, and also releases what was parked before, or what other workers give up at
the same time.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Union

from ..group.protocol import CONNECTOR_ITSELF
from ..run import counted
from .evidence import InitialState
from .model import ScaleRequest

CONNECTOR_WEIGHT = 0.1
"""A connector instance compared with a task. Tasks move the records; without its instance, a connector only misses new tables or
partitions, and changes of its configuration.
"""

Order = Literal["leader_first", "leader_last"]
Release = Literal["auto", "never"]


@dataclass(frozen=True)
class ParkedWork:
    """The tasks and connector instances that wait for a departed worker, and for how many seconds at most."""

    tasks: int = 0
    seconds: float = 0.0
    connectors: int = 0

    def __bool__(self) -> bool:
        return bool(self.tasks or self.connectors)

    def __str__(self) -> str:
        return counted(self.tasks, "task") if self.tasks else counted(self.connectors, "connector")

    @property
    def weight(self) -> float:
        return weight(self.tasks, self.connectors)


def weight(tasks: int, connectors: int) -> float:
    """What the standstill of this work costs per second, in tasks."""
    return tasks + CONNECTOR_WEIGHT * connectors


@dataclass(frozen=True)
class GroupState:
    """A stable group: its leader, the numbers of tasks and connector instances of each member by advertised URL, and the parked
    work.
    """

    leader: str
    tasks: Mapping[str, int]
    parked: ParkedWork = ParkedWork()
    connectors: Mapping[str, int] = field(default_factory=dict)

    def weight_of(self, worker: str) -> float:
        return weight(self.tasks.get(worker, 0), self.connectors.get(worker, 0))


@dataclass(frozen=True)
class RollingOptions:
    """`batch`: workers that depart at once. `delay`: scheduled.rebalance.max.delay.ms in seconds, 0 for the protocol eager.
    `releasable`: the workers that may restart only to release parked work. `min_workers`: members that remain at any time.
    """

    order: Order = "leader_first"
    release: Release = "auto"
    batch: int = 1
    delay: float = 300.0
    releasable: Collection[str] = field(default_factory=frozenset)
    min_workers: int = 1


@dataclass(frozen=True)
class ChangeTurn:
    """These workers restart or leave now. `released_by`: the leader that restarts at the same time, so that nothing is parked."""

    workers: tuple[str, ...]
    reason: str
    released_by: str = ""


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


Turn = Union[ChangeTurn, ReleaseTurn, WaitTurn]
"""None where a turn is expected means that nothing is left to do."""


def next_turn(
    state: GroupState, pending: Sequence[str], options: RollingOptions, restart_seconds: float
) -> Turn | None:
    """The next step of a rolling restart or departure. `pending`: the workers that still have to restart or leave, in the order
    of the inventory; `restart_seconds`: how long the restart of a worker takes.

    Each pending worker gets one turn, and a leader restarts once more only where that pays.
    """
    # They have no work that could be parked, and may be what parked work waits for.
    if absent := [worker for worker in pending if worker not in state.tasks]:
        return ChangeTurn(tuple(absent[: options.batch]), "not a member of the group")
    if is_plain(options, restart_seconds):
        return _wait(state) or _followers_first(state, pending, options)
    followers = [worker for worker in pending if worker != state.leader]
    if state.leader in pending:
        others = followers[: options.batch - 1]
        return ChangeTurn((state.leader, *others), "leads the group: a new leader distributes all work at once")
    if state.parked:
        return release_turn(state, options, restart_seconds) or _wait(state)
    return _followers(state, followers, options, restart_seconds) if followers else None


def is_plain(options: RollingOptions, restart_seconds: float) -> bool:
    """Whether followers go first and the leader last: as requested, or where nothing stays parked for longer than a restart
    takes.
    """
    return options.order == "leader_last" or options.delay <= restart_seconds


def group_state(initial: InitialState) -> GroupState:
    """What decides about turns, of a stable group."""
    tasks = {url: sum(task != CONNECTOR_ITSELF for _name, task in work) for url, work in initial.work.items()}
    connectors = {url: len(work) - tasks[url] for url, work in initial.work.items()}
    kept = sum(task != CONNECTOR_ITSELF for _name, task in initial.parked)
    parked = ParkedWork(kept, initial.delay, len(initial.parked) - kept) if initial.parked else ParkedWork()
    return GroupState(initial.leader, tasks, parked, connectors)


def no_release(initial: InitialState, request: ScaleRequest) -> str:
    """Why the restart of this worker would release nothing, or cost more than it saves; empty when it pays."""
    state = group_state(initial)
    parked = state.parked
    if not parked:
        return "no work is parked for a departed worker"
    if state.leader != request.advertised:
        return f"it does not lead the group; the leader {state.leader or '(unknown)'} can release the parked work"
    if not release_pays(parked, state.weight_of(state.leader), request.restart_seconds):
        own = state.tasks.get(state.leader, 0)
        pause = f"would stop {counted(own, 'task')} for about {request.restart_seconds:.0f} s and costs more"
        return f"{parked} wait for up to {parked.seconds:.0f} s; a restart of the leader {pause}"
    return ""


def release_turn(state: GroupState, options: RollingOptions, restart_seconds: float) -> ReleaseTurn | None:
    """The restart of the leader that releases the parked work; None where it doesn't pay or isn't allowed."""
    if not _may_release(state, options, departing=0):
        return None
    if not release_pays(state.parked, state.weight_of(state.leader), restart_seconds):
        return None
    own = state.tasks.get(state.leader, 0)
    return ReleaseTurn(
        state.leader,
        f"{state.parked} would stand still for up to {state.parked.seconds:.0f} s; the leader's "
        f"{counted(own, 'task')} stand still for about {restart_seconds:.0f} s",
    )


def release_pays(parked: ParkedWork, leader_weight: float, restart_seconds: float) -> bool:
    """Whether the restart of the leader costs fewer task-seconds than the wait. The parked work waits for the restart, too."""
    return parked.weight * (parked.seconds - restart_seconds) > leader_weight * restart_seconds


def _may_release(state: GroupState, options: RollingOptions, departing: int) -> bool:
    """Whether the leader may restart only to release work, besides this number of workers that depart."""
    remaining = len(state.tasks) - departing - 1
    return options.release == "auto" and state.leader in options.releasable and remaining >= options.min_workers


def _followers(
    state: GroupState, followers: Sequence[str], options: RollingOptions, restart_seconds: float
) -> ChangeTurn:
    """The turn of followers whose leader stays, or has had its turn. A leader that restarts at the same time parks nothing; one
    that restarts afterwards releases what has waited meanwhile.
    """
    departing = tuple(followers[: options.batch])
    tasks, connectors = (
        sum(counts.get(worker, 0) for worker in departing) for counts in (state.tasks, state.connectors)
    )
    work = ParkedWork(tasks, options.delay, connectors)
    pays = release_pays(work, state.weight_of(state.leader), restart_seconds)
    if pays and _may_release(state, options, len(departing)):
        reason = f"the leader restarts at the same time, so that {work} need not wait {options.delay:.0f} s"
        return ChangeTurn(departing, reason, state.leader)
    return ChangeTurn(departing, "the leader stays, or has had its turn")


def _followers_first(state: GroupState, pending: Sequence[str], options: RollingOptions) -> ChangeTurn | None:
    followers = [worker for worker in pending if worker != state.leader]
    if followers:
        return ChangeTurn(tuple(followers[: options.batch]), "followers first")
    return ChangeTurn((state.leader,), "the leader last") if pending else None


def _wait(state: GroupState) -> WaitTurn | None:
    parked = state.parked
    if not parked:
        return None
    return WaitTurn(parked.seconds, f"{parked} wait for a departed worker for up to {parked.seconds:.0f} s")
