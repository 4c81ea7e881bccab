# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The connectors, configurations and states at a point in time. Pure.

What was compacted away is named, and never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from .model import History
from .records import (
    DESTROYED,
    NO_TASK,
    ConfigRecord,
    ConfigTopicRecord,
    StatusKey,
    StatusRecord,
    TargetStateRecord,
    TaskCountRecord,
)

What = Literal["config", "target_state", "tasks", "state"]


class Compacted(NamedTuple):
    """What is unknown about a connector before `known_since`; None if nothing about it is left.

    `what`: its configuration, its requested state, the number of its tasks, or states of itself or of tasks.
    """

    connector: str
    what: What
    known_since: int | None


@dataclass(frozen=True)
class ConnectorThen:
    """A connector at that time. `config` is None if it was compacted away, `target_state` is then also empty.

    `tasks`: the number of its tasks, None if that is unknown. `status` and `statuses` (by the number of the task): as far as known.
    `is_deleted`: it does not exist any more.
    """

    name: str
    config: Mapping[str, str] | None
    target_state: str
    tasks: int | None = None
    status: StatusRecord | None = None
    statuses: Mapping[int, StatusRecord] = field(default_factory=dict)
    is_deleted: bool = False


@dataclass(frozen=True)
class StateThen:
    """The connectors by name, and what is unknown about that time."""

    connectors: tuple[ConnectorThen, ...]
    compacted: tuple[Compacted, ...]


def unknown_configs(history: History) -> tuple[Compacted, ...]:
    """The connectors that had a configuration before the first one that is left."""
    first: dict[str, Compacted | None] = {}
    for record in history.config:
        name = record.connector
        if isinstance(record, ConfigRecord):
            is_first = history.config_gaps.is_first(record.offset)
            if first.get(name, _NOTHING_LEFT) is _NOTHING_LEFT:
                first[name] = None if is_first else Compacted(name, "config", record.time)
        else:
            first.setdefault(name, _NOTHING_LEFT)
    return tuple(found._replace(connector=name) for name, found in sorted(first.items()) if found is not None)


_NOTHING_LEFT = Compacted("", "config", None)


@dataclass
class _Course:
    """The records of one connector on both sides of the time: the newest one before it, and the first one after it."""

    before: dict[What, ConfigTopicRecord] = field(default_factory=dict)
    after: dict[What, ConfigTopicRecord] = field(default_factory=dict)
    newest_config: ConfigRecord | None = None


def state_at(history: History, time: int) -> StateThen:
    """Return the state at this time. `history` must have been read from its beginning."""
    courses = _courses(history.config, time)
    statuses, later = _statuses(history, time)
    connectors: list[ConnectorThen] = []
    compacted: list[Compacted] = []
    for name in sorted(courses.keys() | statuses.keys()):
        found = _Finder(history, time, name, courses.get(name, _Course()), compacted)
        then = found.connector(statuses.get(name, {}))
        if then is not None:
            connectors.append(then)
            compacted += _unknown_states(history, time, then, later)
    return StateThen(tuple(connectors), tuple(compacted))


def _courses(records: Iterable[ConfigTopicRecord], time: int) -> dict[str, _Course]:
    courses: dict[str, _Course] = {}
    for record in records:
        what = _what(record)
        if what is None:
            continue
        course = courses.setdefault(record.connector, _Course())
        if isinstance(record, ConfigRecord):
            course.newest_config = record
        if record.time <= time:
            course.before[what] = record
        else:
            course.after.setdefault(what, record)
    return courses


def _what(record: ConfigTopicRecord) -> What | None:
    if isinstance(record, ConfigRecord):
        return "config"
    if isinstance(record, TargetStateRecord):
        return "target_state"
    return "tasks" if isinstance(record, TaskCountRecord) else None


def _statuses(history: History, time: int) -> tuple[dict[str, dict[int, StatusRecord]], dict[StatusKey, int]]:
    """The newest status before the time by connector and task, and when what had none got its first one."""
    found: dict[str, dict[int, StatusRecord]] = {}
    later: dict[StatusKey, int] = {}
    for record in history.statuses:
        if not history.is_chosen(record.connector):
            continue
        if record.time <= time:
            found.setdefault(record.connector, {})[record.task] = record
        elif record.task not in found.get(record.connector, {}):
            later.setdefault(StatusKey(record.connector, record.task), record.time)
    return found, later


@dataclass
class _Finder:
    """Finds one connector at the time. Adds what is unknown about it to `compacted`."""

    history: History
    time: int
    name: str
    course: _Course
    compacted: list[Compacted]

    def connector(self, statuses: Mapping[int, StatusRecord]) -> ConnectorThen | None:
        """Return the connector, None if it did not exist then, or if nothing of it is known. `statuses`: of that time."""
        stored, newest = self.course.before.get("config"), self.course.newest_config
        living = {task: status for task, status in statuses.items() if status.state != DESTROYED}
        config = stored.config if isinstance(stored, ConfigRecord) else None
        if config is None and (stored is not None or self._had_none("config")):
            return None
        if config is None:
            self._add("config")
            if not living:
                return None
        target, tasks = self._target_state(is_known=config is not None), self._tasks(is_known=config is not None)
        shown = {task: status for task, status in living.items() if task >= 0 and (tasks is None or task < tasks)}
        is_deleted = newest is None or newest.config is None
        return ConnectorThen(
            self.name, config, target, tasks, living.get(NO_TASK), dict(sorted(shown.items())), is_deleted
        )

    def _had_none(self, what: What) -> bool:
        first = self.course.after.get(what)
        return self.history.config_gaps.had_none(None if first is None else first.offset, self.time)

    def _is_unknown(self, what: What) -> bool:
        """Whether it may have had a value that was compacted away. Adds it to `compacted` then.

        The newest value of each key is kept. So if there is no later one, there was none.
        """
        is_unknown = what in self.course.after and not self._had_none(what)
        if is_unknown:
            self._add(what)
        return is_unknown

    def _add(self, what: What) -> None:
        first = self.course.after.get(what)
        self.compacted.append(Compacted(self.name, what, None if first is None else first.time))

    def _target_state(self, *, is_known: bool) -> str:
        """The requested state, empty if that is unknown. A connector without a record runs, if its configuration is known."""
        stored = self.course.before.get("target_state")
        if isinstance(stored, TargetStateRecord):
            return stored.state or "RUNNING"
        return "RUNNING" if is_known and not self._is_unknown("target_state") else ""

    def _tasks(self, *, is_known: bool) -> int | None:
        stored = self.course.before.get("tasks")
        if isinstance(stored, TaskCountRecord):
            return stored.tasks
        return 0 if is_known and not self._is_unknown("tasks") else None


def _unknown_states(
    history: History, time: int, then: ConnectorThen, later: Mapping[StatusKey, int]
) -> list[Compacted]:
    times = [
        first
        for key, first in later.items()
        if key.connector == then.name
        and (key.task == NO_TASK or then.tasks is None or key.task < then.tasks)
        and not history.had_no_status(key, time)
    ]
    return [Compacted(then.name, "state", max(times))] if times else []
