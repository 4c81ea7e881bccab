# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A model of Kafka Connect in one function: the final effect of each step of a plan on a connector."""

from __future__ import annotations

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.model import (
    Config,
    Connector,
    Snapshot,
    Task,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.planning.change import Change
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.planning.steps import (
    Create,
    Delete,
    Pause,
    Restart,
    Resume,
    Step,
    Stop,
    Update,
)

WORKER = "w1:8083"


def carried_out(snapshot: Snapshot, changes: tuple[Change, ...]) -> Snapshot:
    """The cluster after the plan."""
    connectors = dict(snapshot.connectors)
    for change in changes:
        stored = connectors.pop(change.name, None)
        # A failed connector hides its target state; assume that it was running.
        target = stored.state if stored is not None and stored.state != "FAILED" else "RUNNING"
        for step in change.steps:
            stored, target = after(step, change.name, stored, target)
        if stored is not None:
            connectors[change.name] = stored
    return Snapshot(connectors, snapshot.worker)


def after(step: Step, name: str, stored: Connector | None, target: str) -> tuple[Connector | None, str]:
    """The connector after one step, and its target state."""
    if isinstance(step, Create):
        assert stored is None, "a create of an existing connector"
        return started(name, step.config, step.initial_state.upper()), step.initial_state.upper()
    assert stored is not None, f"{step.action} of a connector that does not exist"
    if isinstance(step, Delete):
        return None, target
    if isinstance(step, Update):
        assert stored.config != step.config, "an identical PUT bounces the connector"
        return started(name, step.config, target), target
    if isinstance(step, Restart):
        return restarted(stored, target, step), target
    target = {Pause: "PAUSED", Resume: "RUNNING", Stop: "STOPPED"}[type(step)]
    return in_state(stored, target), target


def started(name: str, config: Config, state: str) -> Connector:
    numbers = () if state == "STOPPED" else range(int(config.get("tasks.max", "1")))
    tasks = tuple(Task(number, state, WORKER) for number in numbers)
    return Connector(name, config, "source", state, WORKER, task_ids=tuple(numbers), tasks=tasks)


def in_state(stored: Connector, target: str) -> Connector:
    """Pause and resume do not change failed tasks; stop removes all tasks."""
    if target == "STOPPED":
        return stored._replace(state="STOPPED", trace="", tasks=(), task_ids=())
    if stored.state == "STOPPED":
        if target == "PAUSED":
            return stored._replace(state="PAUSED")
        return started(stored.name, stored.config or {}, target)
    tasks = tuple(task if task.state == "FAILED" else task._replace(state=target) for task in stored.tasks)
    return stored._replace(state=stored.state if stored.state == "FAILED" else target, tasks=tasks)


def restarted(stored: Connector, target: str, step: Restart) -> Connector:
    if stored.state == "FAILED" or not step.only_failed:
        stored = stored._replace(state=target, trace="")
    if not step.include_tasks:
        return stored
    tasks = tuple(
        task._replace(state=target, trace="") if task.state == "FAILED" or not step.only_failed else task
        for task in stored.tasks
    )
    return stored._replace(tasks=tasks)
