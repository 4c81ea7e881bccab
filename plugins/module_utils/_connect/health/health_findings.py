# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a cluster is well, by what one look at it has shown: findings, the worst first. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..errors import one_line
from ..group.group_findings import some
from ..group.protocol import CONNECTOR_ITSELF
from ..reporting.entries import state_entry
from ..rest.connection import worker_address
from ..secrets import secret_values
from ..triage import advice

if TYPE_CHECKING:
    from ..group.group_findings import Severity
    from ..group.membership import Membership
    from ..group.protocol import Group
    from ..model import Connector
    from ..patterns import Matcher

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")

_MOVING = ("", "UNASSIGNED", "RESTARTING")
"""States of what is on its way to a worker, or waits for one."""


@dataclass(frozen=True)
class HealthLimits:
    """What still counts as well. `expected_workers`: so many, no more and no less; `counts`: the connectors whose
    failures count.
    """

    min_workers: int | None = None
    expected_workers: int | None = None
    max_failed_tasks: int = 0
    max_failed_connectors: int = 0
    max_unassigned: int = 0
    counts: Matcher = lambda _name: True


@dataclass(frozen=True)
class WorkerHealth:
    """One worker of the list. `problem`: why it does not answer, or is not ready; `ready`: None when it can't tell."""

    url: str
    version: str = ""
    reachable: bool = True
    ready: bool | None = None
    problem: str = ""


@dataclass(frozen=True)
class HealthSnapshot:
    """What one look at a cluster has shown. `differences`: plugins that not all workers have, as cluster_info tells
    them; `membership`: the group, None when nobody told of it; `brokers_problem`: why not, although brokers were given.
    """

    connectors: Mapping[str, Connector] = field(default_factory=dict)
    workers: tuple[WorkerHealth, ...] = ()
    differences: Sequence[Mapping[str, Any]] = ()
    membership: Membership | None = None
    brokers_problem: tuple[str, str] | None = None


@dataclass(frozen=True)
class HealthFinding:
    """One thing that is to be known: what it is, how bad, of what, in one line, and what to do about it."""

    kind: str
    severity: Severity
    subject: str
    message: str
    advice: str = ""


def find_health_problems(look: HealthSnapshot, limits: HealthLimits) -> tuple[HealthFinding, ...]:
    """Everything that is to be known, the worst first. The cluster is well when no finding is an error."""
    counted = [stored for name, stored in sorted(look.connectors.items()) if limits.counts(name)]
    found = [
        *_of_workers(look, limits),
        *_of_rebalance(look),
        *_of_group(look),
        *_of_failures(counted, limits),
        *_of_placing(counted, look, limits),
        *_of_plugins(look),
    ]
    shown = {_on_one_line(finding) for finding in found}
    return tuple(
        sorted(
            shown,
            key=lambda finding: (SEVERITIES.index(finding.severity), finding.kind, finding.subject, finding.message),
        )
    )


def is_healthy(findings: Sequence[HealthFinding]) -> bool:
    return not any(finding.severity == "error" for finding in findings)


def _on_one_line(finding: HealthFinding) -> HealthFinding:
    """Names and causes come from workers and brokers."""
    return HealthFinding(
        finding.kind, finding.severity, one_line(finding.subject), one_line(finding.message), one_line(finding.advice)
    )


# Workers


def _of_workers(look: HealthSnapshot, limits: HealthLimits) -> Iterator[HealthFinding]:
    left = those_who_left(look)
    for worker in look.workers:
        if not worker.reachable:
            # It has no work that could be lost; whether it is missing, the numbers say.
            gone = worker.url in left
            yield HealthFinding(
                "worker_unreachable",
                "warning" if gone else "error",
                worker.url,
                f"worker {worker.url} does not answer{' and is no member of the group' if gone else ''}: {worker.problem}",
                "start it, or leave it out of url if it is no part of the cluster any more",
            )
        elif worker.ready is False:
            yield HealthFinding(
                "worker_not_ready",
                "error",
                worker.url,
                f"worker {worker.url} is not ready: {worker.problem}",
                "wait until it has read its internal topics and joined the group; if that lasts, look at its log",
            )
    count, how = count_of_workers(look)
    if limits.min_workers is not None and count < limits.min_workers:
        yield HealthFinding(
            "too_few_workers",
            "error",
            "cluster",
            f"{how}, at least {limits.min_workers} are wanted",
            "start more workers",
        )
    if limits.expected_workers is not None and count != limits.expected_workers:
        yield HealthFinding(
            "other_number_of_workers",
            "error",
            "cluster",
            f"{how}, {limits.expected_workers} are expected",
            "start those that are missing, or stop those that do not belong there",
        )


def those_who_left(look: HealthSnapshot) -> frozenset[str]:
    """The URLs of workers that are no members. Nothing is said where workers are listed by other addresses than they
    advertise, such as a proxy's.
    """
    members = members_by_address(look.membership.group) if look.membership is not None else {}
    if not any(worker.reachable and worker_address(worker.url) in members for worker in look.workers):
        return frozenset()
    return frozenset(worker.url for worker in look.workers if worker_address(worker.url) not in members)


def count_of_workers(look: HealthSnapshot) -> tuple[int, str]:
    """How many workers there are, and how that is told."""
    if look.membership is not None:
        count = len(look.membership.group.members)
        return count, f"the group has {number(count, 'member')}"
    count = sum(worker.reachable for worker in look.workers)
    return count, f"{number(count, 'worker')} of url {'answers' if count == 1 else 'answer'}"


# The group


def _of_rebalance(look: HealthSnapshot) -> Iterator[HealthFinding]:
    if look.brokers_problem is not None:
        problem, cure = look.brokers_problem
        yield HealthFinding(
            "group_unknown", "error", "group", f"the workers' group can't be looked at: {problem}", cure
        )
    elif look.membership is None:
        yield HealthFinding(
            "group_not_asked",
            "info",
            "group",
            "without the brokers nothing is known of the workers' group: its members, rebalances, who owns which task",
            "give bootstrap_servers",
        )
    else:
        group = look.membership.group
        if group.is_rebalancing:
            yield HealthFinding(
                "rebalancing",
                "error",
                f"group {group.group_id}",
                f"the group of {number(len(group.members), 'member')} is rebalancing ({group.state})",
                "wait until it has ended: wait_timeout does that",
            )
        if group.delay:
            yield HealthFinding(
                "rebalance_delayed",
                "error",
                f"group {group.group_id}",
                f"the group keeps work unassigned for up to {group.delay / 1000:g} s after its last rebalance",
                "a worker left, or work moves in several steps: start it again, or wait",
            )


def _of_group(look: HealthSnapshot) -> Iterator[HealthFinding]:
    """What cluster_info finds; of a rebalance more is told above."""
    if look.membership is None:
        return
    subject = f"group {look.membership.group.group_id}"
    for found in look.membership.findings:
        if found.kind != "rebalancing":
            yield HealthFinding(found.kind, found.severity, subject, found.evidence, found.advice)


# Connectors and tasks


def _of_failures(counted: Sequence[Connector], limits: HealthLimits) -> Iterator[HealthFinding]:
    """One finding for each cause: a database that is gone fails a hundred connectors alike."""
    tasks: dict[str, list[tuple[str, str]]] = {}
    instances: dict[str, list[tuple[str, str]]] = {}
    for stored in counted:
        if stored.state != "FAILED" and not stored.failed_tasks:
            continue
        entry = state_entry(stored, secret_values(stored.config or {}))
        if stored.state == "FAILED":
            cause = entry["cause"] if stored.trace else ""
            instances.setdefault(cause, []).append((stored.name, f'"{stored.name}"'))
        failed = {task.id for task in stored.failed_tasks}
        for task in entry["tasks"]:
            if task["id"] in failed:
                tasks.setdefault(task.get("cause", ""), []).append((stored.name, f'{task["id"]} of "{stored.name}"'))
    yield from _failures("failed_connectors", "connector", instances, limits.max_failed_connectors)
    yield from _failures("failed_tasks", "task", tasks, limits.max_failed_tasks)


def _failures(kind: str, what: str, found: Mapping[str, list[tuple[str, str]]], most: int) -> Iterator[HealthFinding]:
    """`found`: the names of connectors, and the pieces as they are shown, by cause."""
    severity: Severity = "error" if sum(map(len, found.values())) > most else "warning"
    for cause, pieces in found.items():
        names = sorted({name for name, _shown in pieces})
        yield HealthFinding(
            kind,
            severity,
            names[0] if len(names) == 1 else f"{len(names)} connectors",
            f"{number(len(pieces), what)} FAILED ({some([shown for _name, shown in pieces])}): "
            f"{cause or 'no cause is told'}",
            advice(cause) or "look at the traces with connector_info; connector_state restarts what failed",
        )


def _of_placing(counted: Sequence[Connector], look: HealthSnapshot, limits: HealthLimits) -> Iterator[HealthFinding]:
    stale = _stale(counted, look)
    moving = [piece for stored in counted for piece in _moving(stored, ignores_instance=stored.name in stale)]
    if stale:
        yield HealthFinding(
            "stale_status",
            "warning",
            "cluster",
            f"{number(len(stale), 'connector')} UNASSIGNED by the word of a worker that was cut off, and that another one "
            f"owns since: {some(list(stale.values()))}",
            "restart them without their tasks, so that their owner tells their state: connector_state with state: "
            "restarted and include_tasks: false",
        )
    if moving:
        yield HealthFinding(
            "unassigned",
            "error" if len(moving) > limits.max_unassigned else "warning",
            "cluster",
            f"{number(len(moving), 'connector or task', 'connectors and tasks')} UNASSIGNED, RESTARTING or without a "
            f"status: {some(moving)}",
            "wait for the rebalance to end; if it does not, look at the leader's log",
        )
    idle = [f'"{stored.name}"' for stored in counted if stored.state == "RUNNING" and not stored.task_ids]
    if idle:
        yield HealthFinding(
            "no_tasks",
            "warning",
            "cluster",
            f"{number(len(idle), 'connector')} RUNNING without any task: {some(idle)}",
            "either there is nothing to do for them, or the workers that run them can't reach the leader",
        )
    yield from _strays(counted, look)


def _stale(counted: Sequence[Connector], look: HealthSnapshot) -> dict[str, str]:
    """Connectors by name, and as they are shown, whose status nobody will write again: what a worker had to say of its work
    when it was cut off came after what the new owner said, when the network was there again.
    """
    group = look.membership.group if look.membership is not None else None
    if group is None or not group.is_stable or group.delay:
        return {}
    owners = group.owners
    found = {}
    for stored in counted:
        owner = next(iter(owners.get((stored.name, CONNECTOR_ITSELF), ())), None)
        if stored.state == "UNASSIGNED" and owner is not None and stored.worker_id != worker_address(owner.url):
            found[stored.name] = f'"{stored.name}" ({stored.worker_id}, owned by {owner.url})'
    return found


def _moving(stored: Connector, *, ignores_instance: bool) -> Iterator[str]:
    if stored.config is None:
        return
    if stored.state in _MOVING and not ignores_instance:
        yield f'connector "{stored.name}"'
    if stored.state == "STOPPED":
        return
    states = {task.id: task.state for task in stored.tasks}
    for number in stored.task_ids:
        if states.get(number, "") in _MOVING:
            yield f'task {number} of "{stored.name}"'


def _strays(counted: Sequence[Connector], look: HealthSnapshot) -> Iterator[HealthFinding]:
    """Tasks whose status is that of a worker which is no member: it reads RUNNING until somebody else has the task."""
    members = members_by_address(look.membership.group) if look.membership is not None else {}
    if not members:
        return
    strays: dict[str, list[str]] = {}
    for stored in counted:
        for task in stored.tasks:
            if task.worker_id and task.worker_id not in members:
                strays.setdefault(task.worker_id, []).append(f'{task.id} of "{stored.name}"')
    for worker, tasks in strays.items():
        yield HealthFinding(
            "task_on_non_member",
            "error",
            worker,
            f"{number(len(tasks), 'task')} ({some(tasks)}) told of worker {worker}, which is no member of the group: "
            "whatever state they show is an old one",
            "bring the worker back, or wait until others have its tasks",
        )


def members_by_address(group: Group) -> dict[str, str]:
    """The members' URLs by the `host:port` of statuses; empty unless all of them are known."""
    found: dict[str, str] = {}
    for member in group.members:
        try:
            found[worker_address(member.url)] = member.url
        except ValueError:
            return {}
    return found if group.is_stable and all(member.url for member in group.members) else {}


# Plugins


def _of_plugins(look: HealthSnapshot) -> Iterator[HealthFinding]:
    for entry in look.differences:
        lacking = f"; not all of it on {some(list(entry['missing_on']))}" if entry["missing_on"] else ""
        yield HealthFinding(
            "plugins_differ",
            "warning",
            entry["class"],
            f"plugin {entry['class']} is not the same on all workers: {' and '.join(entry['versions'])}{lacking}",
            "install the same plugins on all workers, and restart those that have others",
        )


# Words


def number(count: int, one: str, several: str = "") -> str:
    """A count and its noun: 1 worker, 2 workers."""
    return f"{count} {one if count == 1 else several or one + 's'}"
