# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a worker has joined, left or returned without lost work, as one snapshot of its cluster shows. Pure.

REST shows a task of a departed worker as RUNNING until another worker writes a newer status. So a task counts as running only
if its status was written by the worker that owns it in the group.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from ..group.delay_clock import until
from ..group.group_findings import some
from ..group.protocol import CONNECTOR_ITSELF, Group, Member, Work, WorkItem
from ..group.rest_view import work_of
from ..model import Snapshot, Task
from ..rest.connection import worker_address
from ..triage.diagnosis import advice
from ..triage.first_cause import first_cause


@dataclass(frozen=True)
class GroupSnapshot:
    """The workers' group and the connectors, read one right after the other. `read_at`: when that was; `delay_ends`: when the
    delay of the group ends at the latest. Both are seconds since 1970, and 0 if unknown.
    """

    group: Group
    snapshot: Snapshot
    read_at: float = 0.0
    delay_ends: float = 0.0

    def member(self, url: str) -> Member | None:
        """The member that advertises this URL; None during a rebalance, when the brokers do not show URLs."""
        return next((member for member in self.group.members if member.url == url), None)

    @property
    def owners(self) -> Mapping[WorkItem, Member]:
        """The owner of each connector instance and each task; the first one if there are several."""
        return {piece: members[0] for piece, members in self.group.owners.items()}

    @property
    def work(self) -> Work:
        """Everything that must have an owner: the instances, and the tasks of the config topic."""
        return work_of(self.snapshot)

    @property
    def running(self) -> Work:
        """The tasks whose owner reports them as running."""
        return self.in_state("RUNNING")

    def in_state(self, state: str) -> Work:
        """The tasks whose owner reports this state."""
        return frozenset(piece for piece, task in self.tasks_of_owners() if task.state == state)

    @property
    def unassigned(self) -> Work:
        """The tasks without an owner that have not failed: they wait for a worker, or for the end of a delay."""
        owners = self.owners
        return frozenset(
            (name, task.id)
            for name, stored in self.snapshot.connectors.items()
            for task in stored.tasks
            if (name, task.id) not in owners and task.state != "FAILED"
        )

    @property
    def unassigned_connectors(self) -> Work:
        """The connector instances without an owner. They have no state of their own: a failed one has an owner."""
        orphaned = self.work - self.group.owners.keys()
        return frozenset((name, task) for name, task in orphaned if task == CONNECTOR_ITSELF)

    @property
    def parks(self) -> bool:
        """Whether the leader keeps work unassigned until a delay is over."""
        return bool(self.group.parked(self.work))

    @property
    def is_foreign(self) -> bool:
        """Whether there are connectors and a stable group owns none of them: then it is not the group of their workers."""
        group, work = self.group, self.work
        return bool(group.members and work) and not unsettled(self) and not work & group.owners.keys()

    def tasks_of_owners(self) -> Iterable[tuple[WorkItem, Task]]:
        """Each task whose status was written by its owner; tasks with an older status are left out."""
        owners = self.owners
        for name, stored in self.snapshot.connectors.items():
            for task in stored.tasks:
                owner = owners.get((name, task.id))
                if owner is not None and task.worker_id == worker_address(owner.url):
                    yield (name, task.id), task


@dataclass(frozen=True)
class InitialState:
    """The cluster before the first worker of a batch was touched. `work`: what each member owned, by advertised URL;
    `running`, `failed`: tasks that their owner reported so; `unassigned`: tasks without an owner; `tasks`: how many there were;
    `delay`: seconds for which the leader keeps the unassigned work for a departed worker, counted from the last rebalance;
    `unassigned_connectors`: connector instances without an owner.
    """

    work: Mapping[str, Work] = field(default_factory=dict)
    running: Work = frozenset()
    leader: str = ""
    failed: Work = frozenset()
    unassigned: Work = frozenset()
    tasks: int = 0
    delay: float = 0.0
    unassigned_connectors: Work = frozenset()

    @property
    def owners(self) -> Mapping[WorkItem, str]:
        """The URL of the member that owned each connector instance and each task."""
        return {piece: url for url, work in self.work.items() for piece in work}

    @property
    def parked(self) -> Work:
        """The tasks and connector instances that the leader keeps for a departed worker."""
        return self.unassigned | self.unassigned_connectors if self.delay else frozenset()

    @classmethod
    def of(cls, snapshot: GroupSnapshot) -> InitialState:
        """Empty during a rebalance: the brokers do not show the members' URLs then."""
        if snapshot.group.is_rebalancing:
            return cls()
        leader = snapshot.group.leader
        return cls(
            {member.url: member.work for member in snapshot.group.members},
            snapshot.running,
            leader.url if leader is not None else "",
            snapshot.in_state("FAILED"),
            snapshot.unassigned,
            sum(task != CONNECTOR_ITSELF for _name, task in snapshot.work),
            snapshot.group.delay / 1000,
            snapshot.unassigned_connectors,
        )


@dataclass(frozen=True)
class ScaleProof:
    """`waiting`: what is still missing, empty when all is proven; `failure`: what waiting cannot fix. `service_failed`: the
    service itself failed, and its journal has the cause.
    """

    waiting: str = ""
    failure: str = ""
    advice: str = ""
    service_failed: bool = False


PROVEN = ScaleProof()


def rebalancing(group: Group) -> str:
    """A text if the group is rebalancing, else empty."""
    return f"the group {group.group_id} is rebalancing" if group.is_rebalancing else ""


def unsettled(snapshot: GroupSnapshot) -> str:
    """Why the group is not stable; empty when it is."""
    group = snapshot.group
    if group.is_rebalancing:
        return rebalancing(group)
    if group.delay:
        ends = snapshot.delay_ends or snapshot.read_at + group.delay / 1000
        end = until(ends, snapshot.read_at)
        return f"the leader keeps the work of a departed worker {end} (scheduled.rebalance.max.delay.ms)"
    return ""


def prove_joined(snapshot: GroupSnapshot, url: str, initial: InitialState, expected_workers: int = 0) -> ScaleProof:
    """Whether this worker is a member with its share of the work, and everything that ran before runs again."""
    missing = unsettled(snapshot) or _absent(snapshot, url)
    members = len(snapshot.group.members)
    if not missing and members < expected_workers:
        missing = f"{members} of {expected_workers} workers are members"
    proof = ScaleProof(missing) if missing else prove_work(snapshot, initial)
    return ScaleProof(_unbalanced(snapshot.group)) if proof == PROVEN else proof


def prove_returned(snapshot: GroupSnapshot, url: str, previous: Collection[str], initial: InitialState) -> ScaleProof:
    """Whether this worker has come back as a new member, and everything that ran before runs again. `previous`: the ids
    that the members had when the restart was ordered, its own included.
    """
    missing = unsettled(snapshot) or _absent(snapshot, url) or _not_yet_left(snapshot, url, previous)
    return ScaleProof(missing) if missing else prove_work(snapshot, initial)


def prove_left(snapshot: GroupSnapshot, url: str, initial: InitialState) -> ScaleProof:
    """Whether this worker is no longer a member, and all its work runs elsewhere."""
    departed = prove_departed(snapshot, url)
    if departed != PROVEN:
        return departed
    missing = unsettled(snapshot)
    return ScaleProof(missing) if missing else prove_work(snapshot, initial)


def prove_departed(snapshot: GroupSnapshot, url: str) -> ScaleProof:
    """Whether this worker has left the group, wherever its work is."""
    if snapshot.member(url) is not None:
        return ScaleProof("it is still a member of the group")
    missing = rebalancing(snapshot.group)
    return ScaleProof(missing) if missing else PROVEN


def prove_back(snapshot: GroupSnapshot, url: str, previous: Collection[str]) -> ScaleProof:
    """Whether this worker has come back as a new member, wherever its work is. `previous`: as for prove_returned."""
    missing = rebalancing(snapshot.group) or _absent(snapshot, url) or _not_yet_left(snapshot, url, previous)
    return ScaleProof(missing) if missing else PROVEN


def prove_work(snapshot: GroupSnapshot, initial: InitialState) -> ScaleProof:
    """Whether everything has exactly one owner, and all tasks that ran initial, or waited for an owner, run now."""
    work, owners = snapshot.work, snapshot.group.owners
    if orphaned := work - owners.keys():
        return ScaleProof(f"{shown(orphaned)} unassigned")
    if twice := [piece for piece, members in owners.items() if len(members) > 1]:
        return ScaleProof(f"{shown(twice)} assigned to several workers")
    request = (initial.running | initial.unassigned) & work
    tasks = dict(snapshot.tasks_of_owners())
    for piece in sorted(request & tasks.keys()):
        task = tasks[piece]
        if task.state == "FAILED":
            cause = first_cause(task.trace)
            text = f"task {task.id} of {piece[0]} ran before and failed on {task.worker_id}"
            return ScaleProof(failure=f"{text}: {cause}" if cause else text, advice=advice(task.trace))
    # Connect does not show whether a task that its worker has given up was running or paused.
    paused = initial.unassigned & snapshot.in_state("PAUSED")
    if missing := request - snapshot.running - paused:
        return ScaleProof(f"{shown(missing)} not running again yet")
    return PROVEN


def _absent(snapshot: GroupSnapshot, url: str) -> str:
    if snapshot.member(url) is not None:
        return ""
    return f"{url} is not among the {len(snapshot.group.members)} members of the group"


def _not_yet_left(snapshot: GroupSnapshot, url: str, previous: Collection[str]) -> str:
    """A member that was killed stays in the group for a while, beside its successor."""
    stays = any(member.url == url and member.member_id in previous for member in snapshot.group.members)
    return "it has not left the group yet" if stays else ""


def _unbalanced(group: Group) -> str:
    """Connect distributes connectors and tasks separately, so no worker has two more of a kind than another."""
    counts = {
        "connectors": [len(member.connectors) for member in group.members],
        "tasks": [len(member.tasks) for member in group.members],
    }
    uneven = [
        f"{'/'.join(map(str, sorted(numbers)))} {kind}"
        for kind, numbers in counts.items()
        if numbers and max(numbers) - min(numbers) > 1
    ]
    return f"the work is not evenly distributed yet: {', '.join(uneven)}" if uneven else ""


def shown(pieces: Collection[WorkItem]) -> str:
    """The first few by name, with the verb."""
    names = [name if task == CONNECTOR_ITSELF else f"{name}/{task}" for name, task in sorted(pieces)]
    return f"{some(names)} {'is' if len(names) == 1 else 'are'}"


# Before a worker leaves


@dataclass(frozen=True)
class RemovalGuard:
    """What has to remain. `max_tasks_per_worker` 0: no limit."""

    min_workers: int = 1
    max_tasks_per_worker: int = 0
    allow_failed_tasks: bool = False


def check_removal(initial: InitialState, url: str, going: Collection[str], guard: RemovalGuard) -> ScaleProof:
    """Why this worker must not leave now. `going`: other workers of its batch that leave, or have left. The decision rests on
    the state before the first of them left: during the rebalance that follows, the brokers do not show who is who.
    """
    staying = sorted(initial.work.keys() - {url, *going})
    if len(staying) < guard.min_workers:
        return ScaleProof(
            failure=f"{len(staying)} of the {len(initial.work)} workers would remain ({', '.join(staying) or 'none'}), and "
            f"min_workers is {guard.min_workers}",
            advice="start other workers first, remove fewer at once, or lower min_workers",
        )
    each = -(-initial.tasks // max(len(staying), 1))
    if guard.max_tasks_per_worker and each > guard.max_tasks_per_worker:
        return ScaleProof(
            failure=f"{initial.tasks} tasks on {len(staying)} workers are {each} per worker, and max_tasks_per_worker is "
            f"{guard.max_tasks_per_worker}",
            advice="start other workers first, or raise max_tasks_per_worker",
        )
    failed = initial.failed & initial.work.get(url, frozenset())
    if failed and not guard.allow_failed_tasks:
        return ScaleProof(
            failure=f"{shown(failed)} FAILED on this worker and would fail elsewhere, too",
            advice="restart or stop the failed tasks (connector_state), or set allow_failed_tasks: true",
        )
    return PROVEN


def share(snapshot: GroupSnapshot, url: str, expected_workers: int, *, joins: bool) -> tuple[int, int]:
    """How many connectors and tasks this worker would receive if it joined, or give up if it left."""
    member = snapshot.member(url)
    if not joins:
        return (len(member.connectors), len(member.tasks)) if member is not None else (0, 0)
    workers = max(len(snapshot.group.members) + (member is None), expected_workers)
    instances = sum(task == CONNECTOR_ITSELF for _name, task in snapshot.work)
    return instances // workers, (len(snapshot.work) - instances) // workers
