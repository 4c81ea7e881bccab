# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a worker has come, left or returned with nothing lost, as far as one look at its cluster tells. Pure.

A task of a worker that left reads RUNNING in REST until another worker has written something newer. So only this counts:
the group says who owns a task, and the task's status was written by that owner.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from ..group.group_findings import some
from ..group.protocol import CONNECTOR_ITSELF, Group, Member, Piece, Work
from ..group.rest_view import work_of
from ..model import Snapshot, Task
from ..rest.connection import worker_address
from ..triage import advice, first_cause


@dataclass(frozen=True)
class GroupSnapshot:
    """The workers' group and the connectors, asked for one right after the other."""

    group: Group
    snapshot: Snapshot

    def member(self, url: str) -> Member | None:
        """The member that advertises this URL, as far as the group says so: not while it is rebalancing."""
        return next((member for member in self.group.members if member.url == url), None)

    @property
    def owners(self) -> Mapping[Piece, Member]:
        """Who owns each connector instance and each task; of several owners the first."""
        return {piece: members[0] for piece, members in self.group.owners.items()}

    @property
    def work(self) -> Work:
        """Everything that has to have an owner: the instances, and the tasks of the config topic."""
        return work_of(self.snapshot)

    @property
    def running(self) -> Work:
        """The tasks that their owner itself has said to be running."""
        return self.in_state("RUNNING")

    def in_state(self, state: str) -> Work:
        """The tasks of which their owner itself has said this."""
        return frozenset(piece for piece, task in self.tasks_of_owners() if task.state == state)

    @property
    def nobodys(self) -> Work:
        """The tasks without an owner, but for those that have failed: they wait for a worker, or for the end of a delay."""
        owners = self.owners
        return frozenset(
            (name, task.id)
            for name, stored in self.snapshot.connectors.items()
            for task in stored.tasks
            if (name, task.id) not in owners and task.state != "FAILED"
        )

    @property
    def is_foreign(self) -> bool:
        """There are connectors, and a group at rest has none of them: it is not the group of their workers."""
        group, work = self.group, self.work
        return bool(group.members and work) and not unsettled(group) and not work & group.owners.keys()

    def tasks_of_owners(self) -> Iterable[tuple[Piece, Task]]:
        """Each task with the status that its owner has written; those with an older status are left out."""
        owners = self.owners
        for name, stored in self.snapshot.connectors.items():
            for task in stored.tasks:
                owner = owners.get((name, task.id))
                if owner is not None and task.worker_id == worker_address(owner.url):
                    yield (name, task.id), task


@dataclass(frozen=True)
class InitialState:
    """What was so before the first worker of a batch was touched. `work`: what each member owned, by advertised URL;
    `running`, `failed`: tasks of which their owner said so; `nobodys`: tasks that waited for an owner; `tasks`: how many had
    to have one.
    """

    work: Mapping[str, Work] = field(default_factory=dict)
    running: Work = frozenset()
    leader: str = ""
    failed: Work = frozenset()
    nobodys: Work = frozenset()
    tasks: int = 0

    @property
    def owners(self) -> Mapping[Piece, str]:
        """The URL of the member that owned each connector instance and each task."""
        return {piece: url for url, work in self.work.items() for piece in work}

    @classmethod
    def of(cls, look: GroupSnapshot) -> InitialState:
        """Empty when the group is rebalancing: it does not even say then who its members are."""
        if look.group.is_rebalancing:
            return cls()
        leader = look.group.leader
        return cls(
            {member.url: member.work for member in look.group.members},
            look.running,
            leader.url if leader is not None else "",
            look.in_state("FAILED"),
            look.nobodys,
            sum(task != CONNECTOR_ITSELF for _name, task in look.work),
        )


@dataclass(frozen=True)
class ScaleProof:
    """`waiting`: what is missing still, empty when all is proven; `failure`: what no waiting will mend. `service_fell`: that
    is the service itself, whose journal has the cause.
    """

    waiting: str = ""
    failure: str = ""
    advice: str = ""
    service_fell: bool = False


PROVEN = ScaleProof()


def rebalancing(group: Group) -> str:
    """Says so; empty when it is not."""
    return f"the group {group.group_id} is rebalancing" if group.is_rebalancing else ""


def unsettled(group: Group) -> str:
    """Why the group is not at rest; empty when it is."""
    if group.is_rebalancing:
        return rebalancing(group)
    if group.delay:
        return (
            f"the leader keeps the work of a worker that left for at most {group.delay / 1000:.0f} s "
            "(scheduled.rebalance.max.delay.ms)"
        )
    return ""


def prove_joined(look: GroupSnapshot, url: str, before: InitialState, expected_workers: int = 0) -> ScaleProof:
    """Whether this worker is a member that has its share, and everything that ran before runs again."""
    missing = unsettled(look.group) or _absent(look, url)
    members = len(look.group.members)
    if not missing and members < expected_workers:
        missing = f"{members} of {expected_workers} workers are members"
    verdict = ScaleProof(missing) if missing else prove_work(look, before)
    return ScaleProof(_unbalanced(look.group)) if verdict == PROVEN else verdict


def prove_returned(look: GroupSnapshot, url: str, former: Collection[str], before: InitialState) -> ScaleProof:
    """Whether this worker has come back as a new member, and everything that ran before runs again. `former`: the ids
    that members had when it was ordered to restart, its own among them.
    """
    missing = unsettled(look.group) or _absent(look, url)
    # A member that was killed stays in the group for a while, beside the one that its worker is now.
    if not missing and any(member.url == url and member.member_id in former for member in look.group.members):
        missing = "it has not left the group yet"
    return ScaleProof(missing) if missing else prove_work(look, before)


def prove_left(look: GroupSnapshot, url: str, before: InitialState) -> ScaleProof:
    """Whether this worker is no member any more, and everything that it did is done elsewhere."""
    if look.member(url) is not None:
        return ScaleProof("it is still a member of the group")
    missing = unsettled(look.group)
    return ScaleProof(missing) if missing else prove_work(look, before)


def prove_work(look: GroupSnapshot, before: InitialState) -> ScaleProof:
    """Whether everything has one owner, and what ran before runs there, or waited for an owner that could run it."""
    work, owners = look.work, look.group.owners
    if nobody := work - owners.keys():
        return ScaleProof(f"{shown(nobody)} assigned to no worker")
    if twice := [piece for piece, members in owners.items() if len(members) > 1]:
        return ScaleProof(f"{shown(twice)} assigned to several workers")
    wanted = (before.running | before.nobodys) & work
    tasks = dict(look.tasks_of_owners())
    for piece in sorted(wanted & tasks.keys()):
        task = tasks[piece]
        if task.state == "FAILED":
            cause = first_cause(task.trace)
            text = f"task {task.id} of {piece[0]} ran before and has failed on {task.worker_id}"
            return ScaleProof(failure=f"{text}: {cause}" if cause else text, advice=advice(cause))
    # Of a task that its worker has given up nobody tells whether it ran or was paused.
    paused = before.nobodys & look.in_state("PAUSED")
    if missing := wanted - look.running - paused:
        return ScaleProof(f"{shown(missing)} not running again yet")
    return PROVEN


def _absent(look: GroupSnapshot, url: str) -> str:
    if look.member(url) is not None:
        return ""
    return f"{url} is not among the {len(look.group.members)} members of the group"


def _unbalanced(group: Group) -> str:
    """Connectors and tasks are shared out each by itself, so that no worker has two more than another."""
    counts = {
        "connectors": [len(member.connectors) for member in group.members],
        "tasks": [len(member.tasks) for member in group.members],
    }
    uneven = [
        f"{'/'.join(map(str, sorted(numbers)))} {kind}"
        for kind, numbers in counts.items()
        if numbers and max(numbers) - min(numbers) > 1
    ]
    return f"the work is not shared out evenly yet: {', '.join(uneven)}" if uneven else ""


def shown(pieces: Collection[Piece]) -> str:
    """The first few by name, with the verb."""
    names = [name if task == CONNECTOR_ITSELF else f"{name}/{task}" for name, task in sorted(pieces)]
    return f"{some(names)} {'is' if len(names) == 1 else 'are'}"


# Before a worker goes


@dataclass(frozen=True)
class RemovalGuard:
    """How much has to stay. `max_tasks_per_worker` 0: any number."""

    min_workers: int = 1
    max_tasks_per_worker: int = 0
    allow_failed_tasks: bool = False


def check_removal(before: InitialState, url: str, going: Collection[str], guard: RemovalGuard) -> ScaleProof:
    """Why this worker must not go now. `going`: others of its batch that may, or have gone already. It rests on what was
    known before any of them went: in the rebalance that the first one causes the group does not say who is who.
    """
    staying = sorted(before.work.keys() - {url, *going})
    if len(staying) < guard.min_workers:
        return ScaleProof(
            failure=f"{len(staying)} of the {len(before.work)} workers would stay ({', '.join(staying) or 'none'}), and "
            f"min_workers is {guard.min_workers}",
            advice="start other workers first, let fewer go at once, or lower min_workers",
        )
    each = -(-before.tasks // max(len(staying), 1))
    if guard.max_tasks_per_worker and each > guard.max_tasks_per_worker:
        return ScaleProof(
            failure=f"{before.tasks} tasks on {len(staying)} workers are {each} for one, and max_tasks_per_worker is "
            f"{guard.max_tasks_per_worker}",
            advice="start other workers first, or raise max_tasks_per_worker",
        )
    failed = before.failed & before.work.get(url, frozenset())
    if failed and not guard.allow_failed_tasks:
        return ScaleProof(
            failure=f"{shown(failed)} FAILED on this worker, and would be so elsewhere",
            advice="restart or stop what failed (connector_state), or set allow_failed_tasks: true",
        )
    return PROVEN


def share(look: GroupSnapshot, url: str, expected_workers: int, *, joins: bool) -> tuple[int, int]:
    """How many connectors and tasks would come to this worker if it joined, or go from it if it left."""
    member = look.member(url)
    if not joins:
        return (len(member.connectors), len(member.tasks)) if member is not None else (0, 0)
    workers = max(len(look.group.members) + (member is None), expected_workers)
    instances = sum(task == CONNECTOR_ITSELF for _name, task in look.work)
    return instances // workers, (len(look.work) - instances) // workers
