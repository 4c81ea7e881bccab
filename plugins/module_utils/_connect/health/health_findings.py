# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a cluster is healthy, according to one snapshot: findings, most severe first. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from .. import hung_worker
from ..errors import one_line
from ..group.delay_clock import until
from ..group.group_findings import some
from ..group.protocol import CONNECTOR_ITSELF
from ..planning.overlaps import find_overlaps
from ..reporting.entries import state_entry
from ..rest.connection import worker_address
from ..secrets import secret_values
from ..triage.diagnosis import advice
from .lasting import GROUP_UNKNOWN_LASTS_AFTER, LASTS_AFTER, NEED_READY_WORKERS

if TYPE_CHECKING:
    from ..errors import BrokersError
    from ..group.group_findings import Severity
    from ..group.membership import Membership
    from ..group.protocol import Group
    from ..model import Connector
    from ..patterns import Matcher

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")

LEADER_PAUSE = 6
"""Seconds for which the median task of a leader stands still while it restarts (measured: 5.6 to 7.7 s). Its tasks move to the
other workers at once, however long it takes to start.
"""

_MOVING = ("", "UNASSIGNED", "RESTARTING")
"""States of connectors and tasks that move to a worker, or wait for one."""


@dataclass(frozen=True)
class HealthLimits:
    """What still counts as healthy. `expected_workers`: the exact number; `counts`: the connectors whose failures count."""

    min_workers: int | None = None
    expected_workers: int | None = None
    max_failed_tasks: int = 0
    max_failed_connectors: int = 0
    max_unassigned: int = 0
    counts: Matcher = lambda _name: True


@dataclass(frozen=True)
class WorkerHealth:
    """One worker of the list. `problem`: why it does not answer, or is not ready; `ready`: None if unknown; `hangs`: it accepts
    connections but does not answer.
    """

    url: str
    version: str = ""
    reachable: bool = True
    hangs: bool = False
    ready: bool | None = None
    problem: str = ""


@dataclass(frozen=True)
class HealthSnapshot:
    """One snapshot of a cluster. `differences`: plugins that not all workers have, as in cluster_info; `membership`: the
    group, None if unknown; `brokers_problem`: why it is unknown although brokers were given; `read_at`: seconds since 1970;
    `delay_ends`: when the delay of the group ends at the latest, in the same seconds, 0 if unknown.
    """

    connectors: Mapping[str, Connector] = field(default_factory=dict)
    workers: tuple[WorkerHealth, ...] = ()
    differences: Sequence[Mapping[str, Any]] = ()
    membership: Membership | None = None
    brokers_problem: BrokersError | None = None
    read_at: float = 0.0
    delay_ends: float = 0.0


@dataclass(frozen=True)
class HealthFinding:
    """One finding: its kind, severity and subject, one line about it, and what to do. `lasts_after`: seconds after which it
    counts as one that time does not fix (lasting.py); None if it may end by itself.
    """

    kind: str
    severity: Severity
    subject: str
    message: str
    advice: str = ""
    lasts_after: float | None = None


def find_health_problems(snapshot: HealthSnapshot, limits: HealthLimits) -> tuple[HealthFinding, ...]:
    """All findings, most severe first. The cluster is healthy if none of them is an error."""
    counted = [stored for name, stored in sorted(snapshot.connectors.items()) if limits.counts(name)]
    found = [
        *_of_workers(snapshot, limits),
        *_of_rebalance(snapshot),
        *_of_group(snapshot),
        *_of_failures(counted, limits),
        *_of_placing(counted, snapshot, limits),
        *_of_overlaps(counted),
        *_of_plugins(snapshot),
    ]
    shown = {_with_duration(_on_one_line(finding), snapshot) for finding in found}
    return tuple(sorted(shown, key=_most_severe_first))


def _most_severe_first(finding: HealthFinding) -> tuple[int, bool, str, str, str]:
    """What time does not fix comes first, because nothing else can be fixed by waiting meanwhile."""
    may_end = finding.lasts_after is None
    return SEVERITIES.index(finding.severity), may_end, finding.kind, finding.subject, finding.message


def _with_duration(finding: HealthFinding, snapshot: HealthSnapshot) -> HealthFinding:
    if finding.severity != "error":
        return finding
    problem = snapshot.brokers_problem
    if finding.kind == "group_unknown" and problem is not None:
        key, seconds = str(problem.cause), GROUP_UNKNOWN_LASTS_AFTER.get(problem.cause)
    else:
        key, seconds = finding.kind, LASTS_AFTER.get(finding.kind)
    if key in NEED_READY_WORKERS and any(worker.ready is False or not worker.reachable for worker in snapshot.workers):
        return finding
    return replace(finding, lasts_after=seconds)


def is_healthy(findings: Sequence[HealthFinding]) -> bool:
    return not any(finding.severity == "error" for finding in findings)


def _on_one_line(finding: HealthFinding) -> HealthFinding:
    """Names and causes come from workers and brokers."""
    return HealthFinding(
        finding.kind, finding.severity, one_line(finding.subject), one_line(finding.message), one_line(finding.advice)
    )


# Workers


def _of_workers(snapshot: HealthSnapshot, limits: HealthLimits) -> Iterator[HealthFinding]:
    left = departed_workers(snapshot)
    for worker in snapshot.workers:
        departed = worker.url in left
        if worker.hangs:
            yield HealthFinding(
                "worker_hangs",
                "warning" if departed else "error",
                worker.url,
                f"worker {worker.url} {hung_worker.hangs(worker.problem)}; "
                f"{hung_worker.HAS_LEFT if departed else hung_worker.IS_MEMBER}",
                hung_worker.FIX,
            )
        elif not worker.reachable:
            # It has no work that could be lost; the limits on the number of workers decide whether it is missing.
            yield HealthFinding(
                "worker_unreachable",
                "warning" if departed else "error",
                worker.url,
                f"worker {worker.url} does not answer{' and is not a member of the group' if departed else ''}: {worker.problem}",
                "start it, or remove it from url if it no longer belongs to the cluster",
            )
        elif worker.ready is False:
            yield HealthFinding(
                "worker_not_ready",
                "error",
                worker.url,
                f"worker {worker.url} is not ready: {worker.problem}",
                "wait until it has read its internal topics and joined the group; if that takes long, read its log",
            )
    count, how = count_of_workers(snapshot)
    if limits.min_workers is not None and count < limits.min_workers:
        yield HealthFinding(
            "too_few_workers",
            "error",
            "cluster",
            f"{how}, at least {limits.min_workers} are required",
            "start more workers",
        )
    if limits.expected_workers is not None and count != limits.expected_workers:
        yield HealthFinding(
            "other_number_of_workers",
            "error",
            "cluster",
            f"{how}, {limits.expected_workers} are expected",
            "start the missing workers, or stop those that do not belong to the cluster",
        )


def departed_workers(snapshot: HealthSnapshot) -> frozenset[str]:
    """The URLs of workers that are not members. Empty if workers are listed by other addresses than they advertise, such
    as a proxy's.
    """
    members = members_by_address(snapshot.membership.group) if snapshot.membership is not None else {}
    if not any(worker.reachable and worker_address(worker.url) in members for worker in snapshot.workers):
        return frozenset()
    return frozenset(worker.url for worker in snapshot.workers if worker_address(worker.url) not in members)


def count_of_workers(snapshot: HealthSnapshot) -> tuple[int, str]:
    """The number of workers, and a text about it."""
    if snapshot.membership is not None:
        count = len(snapshot.membership.group.members)
        return count, f"the group has {number(count, 'member')}"
    count = sum(worker.reachable for worker in snapshot.workers)
    return count, f"{number(count, 'worker')} of url {'answers' if count == 1 else 'answer'}"


# The group


def _of_rebalance(snapshot: HealthSnapshot) -> Iterator[HealthFinding]:
    if snapshot.brokers_problem is not None:
        problem = snapshot.brokers_problem
        text = f"the workers' group can't be read: {problem.message}"
        yield HealthFinding("group_unknown", "error", "group", text, problem.advice)
    elif snapshot.membership is None:
        yield HealthFinding(
            "group_not_asked",
            "info",
            "group",
            "without brokers the workers' group is unknown: members, rebalances, ownership of tasks",
            "give bootstrap_servers",
        )
    else:
        group = snapshot.membership.group
        if group.is_rebalancing:
            yield HealthFinding(
                "rebalancing",
                "error",
                f"group {group.group_id}",
                f"the group of {number(len(group.members), 'member')} is rebalancing ({group.state})",
                "wait for its end, for example with wait_timeout",
            )
        if group.delay:
            message, fix = _parked(snapshot, snapshot.membership)
            yield HealthFinding("rebalance_delayed", "error", f"group {group.group_id}", message, fix)


def parked_work(membership: Membership) -> tuple[int, int]:
    """The numbers of tasks and of connectors that the leader keeps unassigned until a delay is over."""
    parked = membership.group.parked(membership.view.work)
    tasks = sum(task != CONNECTOR_ITSELF for _name, task in parked)
    return tasks, len(parked) - tasks


def _parked(snapshot: HealthSnapshot, membership: Membership) -> tuple[str, str]:
    """What the group keeps for a departed worker, and what ends the wait earlier."""
    group, (tasks, connectors) = membership.group, parked_work(membership)
    end = until(snapshot.delay_ends or snapshot.read_at + group.delay / 1000, snapshot.read_at)
    if group.leader is None or not tasks + connectors:
        return (
            f"the group keeps work unassigned {end}",
            "a worker left, or work moves in several steps: start it again, or wait",
        )
    what = number(tasks, "task") if tasks else number(connectors, "connector")
    owners = _previous_owners(snapshot, membership)
    named = f" of {some(owners)}" if owners else " of a departed worker"
    members = members_by_address(group)
    departed = [owner for owner in owners if owner not in members]
    wait = (
        f"start {some(departed)} again and wait"
        if departed
        else "wait"
        if owners
        else "start that worker again and wait"
    )
    own = len(group.leader.tasks)
    fix = (
        f"{wait}, or restart the leader {group.leader.url}, whose {number(own, 'task')} {'pauses' if own == 1 else 'pause'} "
        f"for about {LEADER_PAUSE} s (worker_scale, state: released)"
    )
    return f"{what}{named} {'waits' if what.startswith('1 ') else 'wait'} {end}", fix


def _previous_owners(snapshot: HealthSnapshot, membership: Membership) -> list[str]:
    """The workers that wrote the last statuses of what is parked, as `host:port`. A status outlives its worker."""
    parked = membership.group.parked(membership.view.work)
    found = {stored.worker_id for stored in snapshot.connectors.values() if (stored.name, CONNECTOR_ITSELF) in parked}
    for stored in snapshot.connectors.values():
        found |= {task.worker_id for task in stored.tasks if (stored.name, task.id) in parked}
    return sorted(found - {""})


def _of_group(snapshot: HealthSnapshot) -> Iterator[HealthFinding]:
    """The findings of cluster_info, except for a rebalance, which is reported above in more detail."""
    if snapshot.membership is None:
        return
    subject = f"group {snapshot.membership.group.group_id}"
    for found in snapshot.membership.findings:
        if found.kind != "rebalancing":
            yield HealthFinding(found.kind, found.severity, subject, found.evidence, found.advice)


# Connectors and tasks


def _of_failures(counted: Sequence[Connector], limits: HealthLimits) -> Iterator[HealthFinding]:
    """One finding for each cause: a lost database fails a hundred connectors alike."""
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
    """`found`: the names of connectors, and how to show each connector or task, by cause."""
    severity: Severity = "error" if sum(map(len, found.values())) > most else "warning"
    for cause, pieces in found.items():
        names = sorted({name for name, _shown in pieces})
        yield HealthFinding(
            kind,
            severity,
            names[0] if len(names) == 1 else f"{len(names)} connectors",
            f"{number(len(pieces), what)} FAILED ({some([shown for _name, shown in pieces])}): "
            f"{cause or 'no cause is known'}",
            advice(cause) or "read the traces with connector_info; connector_state restarts what failed",
        )


def _of_placing(
    counted: Sequence[Connector], snapshot: HealthSnapshot, limits: HealthLimits
) -> Iterator[HealthFinding]:
    stale = _stale(counted, snapshot)
    moving = [piece for stored in counted for piece in _moving(stored, ignores_instance=stored.name in stale)]
    if stale:
        yield HealthFinding(
            "stale_status",
            "warning",
            "cluster",
            f"{number(len(stale), 'connector')} reported UNASSIGNED by a partitioned worker, although another worker "
            f"owns them: {some(list(stale.values()))}",
            "restart them without their tasks, so that their owner reports their state: connector_state with state: "
            "restarted and include_tasks: false",
        )
    if moving:
        yield HealthFinding(
            "unassigned",
            "error" if len(moving) > limits.max_unassigned else "warning",
            "cluster",
            f"{number(len(moving), 'connector or task', 'connectors and tasks')} UNASSIGNED, RESTARTING or without a "
            f"status: {some(moving)}",
            "wait for the rebalance to end; if it does not, read the leader's log",
        )
    idle = [f'"{stored.name}"' for stored in counted if stored.state == "RUNNING" and not stored.task_ids]
    if idle:
        yield HealthFinding(
            "no_tasks",
            "warning",
            "cluster",
            f"{number(len(idle), 'connector')} RUNNING without any task: {some(idle)}",
            "they have nothing to do, or the workers that run them can't reach the leader",
        )
    yield from _tasks_of_non_members(counted, snapshot)


def _of_overlaps(counted: Sequence[Connector]) -> Iterator[HealthFinding]:
    """Without those that are paused or stopped: they do no work."""
    working = [stored for stored in counted if stored.config and not stored.is_idle]
    configs = {stored.name: stored.config or {} for stored in working}
    for overlap in find_overlaps(configs, types={stored.name: stored.type for stored in working}):
        yield HealthFinding("connectors_overlap", "warning", overlap.names[0], overlap.message, overlap.advice)


def _stale(counted: Sequence[Connector], snapshot: HealthSnapshot) -> dict[str, str]:
    """Connectors, with a text about each, whose outdated status will not be overwritten: when a partitioned worker reached the
    brokers again, it wrote its old status after that of the new owner.
    """
    group = snapshot.membership.group if snapshot.membership is not None else None
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


def _tasks_of_non_members(counted: Sequence[Connector], snapshot: HealthSnapshot) -> Iterator[HealthFinding]:
    """Tasks with a status from a worker that is not a member: they read RUNNING until another worker owns them."""
    members = members_by_address(snapshot.membership.group) if snapshot.membership is not None else {}
    if not members:
        return
    found: dict[str, list[str]] = {}
    for stored in counted:
        for task in stored.tasks:
            if task.worker_id and task.worker_id not in members:
                found.setdefault(task.worker_id, []).append(f'{task.id} of "{stored.name}"')
    for worker, tasks in found.items():
        yield HealthFinding(
            "task_on_non_member",
            "error",
            worker,
            f"{number(len(tasks), 'task')} ({some(tasks)}) have a status from worker {worker}, which is not a member of the group: "
            "their states are outdated",
            "start the worker again, or wait until other workers run its tasks",
        )


def members_by_address(group: Group) -> dict[str, str]:
    """The members' URLs by the `host:port` that statuses contain; empty unless all of them are known."""
    found: dict[str, str] = {}
    for member in group.members:
        try:
            found[worker_address(member.url)] = member.url
        except ValueError:
            return {}
    return found if group.is_stable and all(member.url for member in group.members) else {}


# Plugins


def _of_plugins(snapshot: HealthSnapshot) -> Iterator[HealthFinding]:
    for entry in snapshot.differences:
        lacking = f"; incomplete on {some(list(entry['missing_on']))}" if entry["missing_on"] else ""
        yield HealthFinding(
            "plugins_differ",
            "warning",
            entry["class"],
            f"plugin {entry['class']} is not the same on all workers: {' and '.join(entry['versions'])}{lacking}",
            "install the same plugins on all workers, and restart the workers that differ",
        )


# Texts


def number(count: int, one: str, several: str = "") -> str:
    """A count and its noun: 1 worker, 2 workers."""
    return f"{count} {one if count == 1 else several or one + 's'}"
