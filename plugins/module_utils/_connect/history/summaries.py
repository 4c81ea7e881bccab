# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sums up the events of a window. Pure."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from typing import NamedTuple

from .model import Event, Window
from .records import DESTROYED, NO_TASK

SOON = 900_000
"""Milliseconds after a change within which a failure is reported together with it."""

_HOUR = 3_600_000
_CHANGES = ("config_created", "config_changed", "compacted", "target_state_changed")


class Unassigned(NamedTuple):
    """A time in which no worker owned a connector (`task` NO_TASK) or task. `until` None: it still had no owner at the end."""

    task: int
    since: int
    until: int | None
    milliseconds: int


@dataclass(eq=False)
class ConnectorSummary:
    """The failures of a connector and its tasks in the window, and its longest time without an owner."""

    name: str
    failures: int = 0
    first_failure: int | None = None
    last_failure: int | None = None
    causes: Counter[str] = field(default_factory=Counter)
    longest_unassigned: Unassigned | None = None

    @property
    def milliseconds_between_failures(self) -> int | None:
        """The mean; None with fewer than two failures."""
        if self.failures < 2 or self.first_failure is None or self.last_failure is None:
            return None
        return (self.last_failure - self.first_failure) // (self.failures - 1)


@dataclass(frozen=True)
class FailureAfterChange:
    """A change, and the first failure after it."""

    change: Event
    failure: Event


@dataclass(eq=False)
class _Course:
    """What is known about one connector while its events are read. Without work (deleted, stopped, fewer `tasks`), nothing needs
    an owner. `tasks` None: unknown.
    """

    summary: ConnectorSummary
    has_work: bool = True
    tasks: int | None = None
    failed: set[int] = field(default_factory=set)
    unassigned: dict[int, int] = field(default_factory=dict)
    change: Event | None = None


class Summarizer:
    """Takes the events of a window in order."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._courses: dict[str, _Course] = {}
        self._in_an_hour: deque[tuple[int, int]] = deque()
        self.rebalances = 0
        self.first_rebalance: int | None = None
        self.last_rebalance: int | None = None
        self.most_rebalances_in_an_hour = 0
        self.failures_after_changes: list[FailureAfterChange] = []

    def add(self, event: Event) -> None:
        if event.kind == "rebalance":
            self._add_rebalance(event)
            return
        course = self._courses.get(event.connector)
        if course is None:
            course = self._courses[event.connector] = _Course(ConnectorSummary(event.connector))
        if event.kind in _CHANGES:
            self._add_change(course, event)
        if event.kind == "state_changed":
            self._add_state(course, event)
        elif event.kind == "config_deleted" or (event.kind == "target_state_changed" and event.state == "STOPPED"):
            course.has_work = False
            course.unassigned.clear()
            course.failed.clear()
        elif event.kind == "tasks_changed":
            course.tasks = event.tasks
            for task in [task for task in course.unassigned if task >= (event.tasks or 0)]:
                del course.unassigned[task]
        elif event.kind in ("config_created", "target_state_changed"):
            course.has_work = True

    def connectors(self) -> list[ConnectorSummary]:
        """Those that failed or had no owner, by name. Times without an owner that have not ended count up to the window's end."""
        for course in self._courses.values():
            for task, since in course.unassigned.items():
                _keep_longest(course.summary, Unassigned(task, since, None, max(self._window.until - since, 0)))
        found = (course.summary for _name, course in sorted(self._courses.items()))
        return [summary for summary in found if summary.failures or summary.longest_unassigned]

    @property
    def rebalances_per_hour(self) -> float:
        """Over the whole window, which counts as an hour if it is shorter."""
        return self.rebalances * _HOUR / max(self._window.until - self._window.since, _HOUR)

    def _add_rebalance(self, event: Event) -> None:
        self.rebalances += event.steps
        if self.first_rebalance is None:
            self.first_rebalance = event.time
        self.last_rebalance = event.time
        self._in_an_hour.append((event.time, event.steps))
        while event.time - self._in_an_hour[0][0] > _HOUR:
            self._in_an_hour.popleft()
        steps = sum(steps for _time, steps in self._in_an_hour)
        self.most_rebalances_in_an_hour = max(self.most_rebalances_in_an_hour, steps)

    def _add_change(self, course: _Course, event: Event) -> None:
        # What was failing before the change did not fail because of it.
        course.change = None if course.failed else event

    def _add_state(self, course: _Course, event: Event) -> None:
        task = NO_TASK if event.task is None else event.task
        since = course.unassigned.pop(task, None)
        if event.state == "UNASSIGNED":
            if course.has_work and (course.tasks is None or task < course.tasks):
                course.unassigned[task] = event.time if since is None else since
        elif since is not None and event.state != DESTROYED:
            found = Unassigned(task, since, event.time, max(event.time - since, 0))
            _keep_longest(course.summary, found)
        if event.state != "FAILED":
            course.failed.discard(task)
            return
        course.failed.add(task)
        summary = course.summary
        summary.failures += 1
        summary.causes[event.cause] += 1
        if summary.first_failure is None:
            summary.first_failure = event.time
        summary.last_failure = event.time
        if course.change is not None:
            if 0 <= event.time - course.change.time <= SOON:
                self.failures_after_changes.append(FailureAfterChange(course.change, event))
            course.change = None


def _keep_longest(summary: ConnectorSummary, found: Unassigned) -> None:
    longest = summary.longest_unassigned
    if longest is None or found.milliseconds > longest.milliseconds:
        summary.longest_unassigned = found
