# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The failures and restarts of each connector, from the records of the status topic. Pure.

Every failure leaves a FAILED. A start after it leaves a RESTARTING (restarts of a connector together with tasks) or a RUNNING (all
others). So the topic itself remembers what was tried, regardless of which program tried it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ..history.model import Window
from ..history.records import DESTROYED, NO_TASK, StatusRecord
from ..patterns import Matcher

TOGETHER = 15_000
"""Milliseconds in which the workers begin one restart of several tasks: each stops its own tasks first, for at most
task.shutdown.graceful.timeout.ms (5 seconds by default).
"""


@dataclass(frozen=True)
class Past:
    """What happened to one connector within a window. Times in milliseconds, oldest first.

    Tasks that fail or start together count once. `last_failure`: None if nothing failed in the window.
    """

    restarts: tuple[int, ...] = ()
    failures: int = 0
    last_failure: int | None = None


@dataclass(eq=False)
class _Course:
    """`failed`: whether a part failed and has not started since, as far as known. `down`: the parts that failed together."""

    failed: dict[int, bool] = field(default_factory=dict)
    down: set[int] = field(default_factory=set)
    starting: set[int] = field(default_factory=set)
    restarts: list[int] = field(default_factory=list)
    failures: int = 0
    last_failure: int | None = None


def pasts_of(statuses: Iterable[StatusRecord], window: Window, is_chosen: Matcher) -> Mapping[str, Past]:
    """Return the past of each connector that failed or started again in the window. `statuses`: by time."""
    courses: dict[str, _Course] = {}
    for status in statuses:
        if not is_chosen(status.connector):
            continue
        if status.state == DESTROYED and status.task == NO_TASK:
            # Deleted: one that gets the same name later has another past.
            courses.pop(status.connector, None)
            continue
        _add(courses.setdefault(status.connector, _Course()), status, is_counted=window.has(status.time))
    return {
        name: Past(tuple(course.restarts), course.failures, course.last_failure)
        for name, course in courses.items()
        if course.restarts or course.failures
    }


def _add(course: _Course, status: StatusRecord, *, is_counted: bool) -> None:
    part, time = status.task, status.time
    if status.state == "FAILED":
        if not course.down or part in course.down:
            course.down = set()
            course.failures += is_counted
        course.down.add(part)
        course.failed[part] = True
        if is_counted:
            course.last_failure = max(time, course.last_failure or time)
    elif status.state in ("RESTARTING", "RUNNING"):
        # Whether it had failed before the records begin is unknown. Count it: one restart too few is safe, one too many is not.
        if course.failed.get(part, status.state == "RESTARTING"):
            _start(course, part, time, is_counted=is_counted)
        course.failed[part] = False
        if part in course.down:
            course.down = set()


def _start(course: _Course, part: int, time: int, *, is_counted: bool) -> None:
    began = course.restarts[-1] if course.restarts else None
    if began is None or part in course.starting or time - began > TOGETHER:
        course.starting = set()
        if is_counted:
            course.restarts.append(time)
    course.starting.add(part)
