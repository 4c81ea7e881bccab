# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with connectors and tasks, according to one snapshot. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ..group.group_findings import some
from ..group.stale_status import owners_of_stale
from ..planning.overlaps import find_overlaps
from ..reporting.entries import state_entry
from ..secrets import secret_values
from ..triage.diagnosis import diagnose
from .model import HealthFinding, HealthLimits, HealthSnapshot, about_connectors, about_workers, number
from .worker_findings import members_by_address

if TYPE_CHECKING:
    from ..group.group_findings import Severity
    from ..model import Connector

_MOVING = ("", "UNASSIGNED", "RESTARTING")
"""States of connectors and tasks that move to a worker, or wait for one."""


def work_findings(
    counted: Sequence[Connector], snapshot: HealthSnapshot, limits: HealthLimits
) -> Iterator[HealthFinding]:
    """The findings about these connectors and their tasks."""
    yield from _of_failures(counted, limits)
    yield from _of_placing(counted, snapshot, limits)
    if "overlaps" in limits.checks:
        yield from _of_overlaps(counted, snapshot)


def _of_failures(counted: Sequence[Connector], limits: HealthLimits) -> Iterator[HealthFinding]:
    """One finding for each cause: a lost database fails a hundred connectors alike."""
    tasks: dict[str, list[_Failed]] = {}
    instances: dict[str, list[_Failed]] = {}
    for stored in counted:
        if stored.state != "FAILED" and not stored.failed_tasks:
            continue
        entry = state_entry(stored, secret_values(stored.config or {}))
        if stored.state == "FAILED":
            cause = entry["cause"] if stored.trace else ""
            instances.setdefault(cause, []).append(_Failed(stored.name, f'"{stored.name}"', stored.trace))
        traces = {task.id: task.trace for task in stored.failed_tasks}
        for task in entry["tasks"]:
            if task["id"] in traces:
                shown = f'{task["id"]} of "{stored.name}"'
                tasks.setdefault(task.get("cause", ""), []).append(_Failed(stored.name, shown, traces[task["id"]]))
    yield from _failures("failed_connectors", "connector", instances, limits.max_failed_connectors)
    yield from _failures("failed_tasks", "task", tasks, limits.max_failed_tasks)


class _Failed(NamedTuple):
    """A connector or task that failed: the connector, how to show it, and the stack trace."""

    connector: str
    shown: str
    trace: str


def _failures(kind: str, what: str, found: Mapping[str, list[_Failed]], most: int) -> Iterator[HealthFinding]:
    """`found`: what has failed, by cause."""
    severity: Severity = "error" if sum(map(len, found.values())) > most else "warning"
    for cause, pieces in found.items():
        names = sorted({piece.connector for piece in pieces})
        # Some exceptions have no message, and only their frames show what failed.
        diagnosis = diagnose(pieces[0].trace or cause)
        yield HealthFinding(
            kind,
            severity,
            names[0] if len(names) == 1 else f"{len(names)} connectors",
            f"{number(len(pieces), what)} FAILED ({some([piece.shown for piece in pieces])}): "
            f"{cause or 'no cause is known'}",
            diagnosis.advice
            or "read the traces with connector_info; connector_state with state: restarted restarts what failed",
            count=len(pieces),
            about=about_connectors(names),
            detail=diagnosis.kind,
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
            "restart them without their tasks, so that their owner reports their state: connector_heal does so, and "
            "connector_state with state: restarted and include_tasks: false",
        )
    if moving:
        yield HealthFinding(
            "unassigned",
            "error" if len(moving) > limits.max_unassigned else "warning",
            "cluster",
            f"{number(len(moving), 'connector or task', 'connectors and tasks')} UNASSIGNED, RESTARTING or without a "
            f"status: {some([piece.shown for piece in moving])}",
            "wait for the rebalance to end; if it does not, read the leader's log with worker_log_info",
            count=len(moving),
            about=about_connectors(piece.connector for piece in moving)
            | about_workers(piece.worker for piece in moving if piece.worker),
        )
    idle = [f'"{stored.name}"' for stored in counted if stored.state == "RUNNING" and not stored.task_ids]
    if idle:
        yield HealthFinding(
            "no_tasks",
            "warning",
            "cluster",
            f"{number(len(idle), 'connector')} RUNNING without any task: {some(idle)}",
            "they have nothing to do, or the workers that run them can't reach the leader",
            count=len(idle),
        )
    yield from _tasks_of_non_members(counted, snapshot)


def _of_overlaps(counted: Sequence[Connector], snapshot: HealthSnapshot) -> Iterator[HealthFinding]:
    """Without those that are paused or stopped: they do no work."""
    working = [stored for stored in counted if stored.config and not stored.is_idle]
    configs = {stored.name: stored.config or {} for stored in working}
    types = {stored.name: stored.type for stored in working}
    for overlap in find_overlaps(configs, topics=snapshot.topics, types=types):
        yield HealthFinding("connectors_overlap", "warning", overlap.names[0], overlap.message, overlap.advice)


def _stale(counted: Sequence[Connector], snapshot: HealthSnapshot) -> dict[str, str]:
    """Connectors, with a text about each, whose outdated status will not be overwritten."""
    if snapshot.membership is None:
        return {}
    owners = owners_of_stale(counted, snapshot.membership.group)
    return {
        stored.name: f'"{stored.name}" ({stored.worker_id}, owned by {owners[stored.name]})'
        for stored in counted
        if stored.name in owners
    }


class _Moving(NamedTuple):
    """A connector or a task that moves: how to show it, and the worker (`host:port`) that wrote its status, if it has one."""

    shown: str
    connector: str
    worker: str


def _moving(stored: Connector, *, ignores_instance: bool) -> Iterator[_Moving]:
    if stored.config is None:
        return
    if stored.state in _MOVING and not ignores_instance:
        yield _Moving(f'connector "{stored.name}"', stored.name, stored.worker_id)
    if stored.state == "STOPPED":
        return
    tasks = {task.id: task for task in stored.tasks}
    for task_id in stored.task_ids:
        task = tasks.get(task_id)
        if task is None or task.state in _MOVING:
            yield _Moving(f'task {task_id} of "{stored.name}"', stored.name, task.worker_id if task is not None else "")


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
            "start the worker again (worker_scale, state: joined), or wait until other workers run its tasks",
            count=len(tasks),
            about=about_workers([worker]),
        )
