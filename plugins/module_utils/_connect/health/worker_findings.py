# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with workers and their group, according to one snapshot. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from .. import hung_worker
from ..group.delay_clock import until
from ..group.group_findings import some
from ..group.protocol import CONNECTOR_ITSELF
from ..rest.connection import worker_address
from .model import (
    MISSING_WORKER,
    HealthFinding,
    HealthLimits,
    HealthSnapshot,
    WorkerHealth,
    about_connectors,
    about_every_worker,
    about_workers,
    number,
)

if TYPE_CHECKING:
    from ..group.membership import Membership
    from ..group.protocol import Group

LEADER_PAUSE = 6
"""Seconds for which the median task of a leader stands still while it restarts (measured: 5.6 to 7.7 s). Its tasks move to the
other workers at once, however long it takes to start.
"""


def worker_findings(snapshot: HealthSnapshot, limits: HealthLimits) -> Iterator[HealthFinding]:
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
                about=_about(worker, snapshot, departed=departed),
            )
        elif not worker.reachable:
            # It has no work that could be lost; the limits on the number of workers decide whether it is missing.
            yield HealthFinding(
                "worker_unreachable",
                "warning" if departed else "error",
                worker.url,
                f"worker {worker.url} does not answer{' and is not a member of the group' if departed else ''}: {worker.problem}",
                "start it (worker_scale, state: joined), or remove it from url if it no longer belongs to the cluster",
                about=_about(worker, snapshot, departed=departed),
                detail=worker.problem_kind,
            )
        elif worker.ready is False:
            yield HealthFinding(
                "worker_not_ready",
                "error",
                worker.url,
                f"worker {worker.url} is not ready: {worker.problem}",
                "wait until it has read its internal topics and joined the group; if that takes long, read its log with "
                "worker_log_info",
                about=about_workers([worker_address(worker.url)]),
            )
    count, how = count_of_workers(snapshot)
    if limits.min_workers is not None and count < limits.min_workers:
        yield HealthFinding(
            "too_few_workers",
            "error",
            "cluster",
            f"{how}, at least {limits.min_workers} are required",
            "start more workers (worker_scale, state: joined)",
            about=MISSING_WORKER,
        )
    if limits.expected_workers is not None and count != limits.expected_workers:
        yield HealthFinding(
            "other_number_of_workers",
            "error",
            "cluster",
            f"{how}, {limits.expected_workers} are expected",
            "start the missing workers (worker_scale, state: joined), or stop those that do not belong to the cluster "
            "(state: left)",
            about=MISSING_WORKER if count < limits.expected_workers else frozenset(),
        )


def _about(worker: WorkerHealth, snapshot: HealthSnapshot, *, departed: bool) -> frozenset[str]:
    """A worker that does not answer. It is missing from the count unless it may be a member."""
    missing = departed or snapshot.membership is None
    own = about_workers([worker_address(worker.url)]) | about_every_worker(snapshot)
    return own | (MISSING_WORKER if missing else frozenset())


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


def members_by_address(group: Group) -> dict[str, str]:
    """The members' URLs by the `host:port` that statuses contain; empty unless all of them are known."""
    found: dict[str, str] = {}
    for member in group.members:
        try:
            found[worker_address(member.url)] = member.url
        except ValueError:
            return {}
    return found if group.is_stable and all(member.url for member in group.members) else {}


def group_findings(snapshot: HealthSnapshot) -> Iterator[HealthFinding]:
    """Whether the group can be read and is stable, and the findings of cluster_info."""
    yield from _of_rebalance(snapshot)
    yield from _of_group(snapshot)


def _of_rebalance(snapshot: HealthSnapshot) -> Iterator[HealthFinding]:
    if snapshot.brokers_problem is not None:
        problem = snapshot.brokers_problem
        text = f"the workers' group can't be read: {problem.message}"
        about = about_every_worker(snapshot)
        yield HealthFinding("group_unknown", "error", "group", text, problem.advice, about=about, detail=problem.cause)
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
            parked = group.parked(snapshot.membership.view.work)
            yield HealthFinding(
                "rebalance_delayed",
                "error",
                f"group {group.group_id}",
                message,
                fix,
                count=sum(parked_work(snapshot.membership)),
                about=about_workers(_previous_owners(snapshot, snapshot.membership))
                | about_connectors(name for name, _task in parked),
            )


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
            about = about_workers(advertised_addresses([found.url])) | about_every_worker(snapshot)
            yield HealthFinding(found.kind, found.severity, subject, found.evidence, found.advice, about=about)


def advertised_addresses(urls: Iterable[str]) -> Iterator[str]:
    """The `host:port` of each advertised URL that has one."""
    for url in urls:
        try:
            yield worker_address(url)
        except ValueError:
            continue


def plugin_findings(snapshot: HealthSnapshot) -> Iterator[HealthFinding]:
    for entry in snapshot.differences:
        lacking = f"; incomplete on {some(list(entry['missing_on']))}" if entry["missing_on"] else ""
        yield HealthFinding(
            "plugins_differ",
            "warning",
            entry["class"],
            f"plugin {entry['class']} is not the same on all workers: {' and '.join(entry['versions'])}{lacking}",
            "install the same plugins on all workers (role plugins), and restart the workers that differ (role rolling)",
        )
