# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the records of both topics to events in order. Pure."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping
from operator import attrgetter

from .gaps import Gaps
from .model import Event, History, Kind, Window
from .rebalances import Rebalances
from .records import (
    NO_TASK,
    ConfigRecord,
    ConfigTopicRecord,
    RestartRecord,
    StatusKey,
    StatusRecord,
    TargetStateRecord,
    TaskCountRecord,
)


def events_of(history: History, window: Window) -> Iterator[Event]:
    """Yield the events in the window by time. Each rebalance is complete when the iteration has ended."""
    config = ConfigEvents(history.config_gaps).of(history.config)
    for event in heapq.merge(config, _status_events(history), key=attrgetter("time")):
        if window.has(event.time):
            yield event


class ConfigEvents:
    """From the records of the config topic to events. Knows what each connector had before."""

    def __init__(self, gaps: Gaps) -> None:
        self._gaps = gaps
        # None after a deletion; a name that is missing has had no record yet.
        self._configs: dict[str, Mapping[str, str] | None] = {}
        self._targets: dict[str, str] = {}
        self._tasks: dict[str, int] = {}

    def of(self, records: Iterable[ConfigTopicRecord]) -> Iterator[Event]:
        for record in records:
            event = self._event(record)
            if event is not None:
                yield event

    def _event(self, record: ConfigTopicRecord) -> Event | None:
        if isinstance(record, ConfigRecord):
            return self._config_event(record)
        if isinstance(record, TargetStateRecord):
            return self._target_event(record)
        if isinstance(record, TaskCountRecord):
            return self._tasks_event(record)
        return _restart_event(record)

    def _config_event(self, record: ConfigRecord) -> Event | None:
        name, config = record.connector, record.config
        is_known = name in self._configs or self._gaps.is_first(record.offset)
        before = self._configs.get(name)
        self._configs[name] = config
        if config is None:
            self._targets[name], self._tasks[name] = "RUNNING", 0
            is_deletion = before is not None or not is_known
            return Event(record.time, "config_deleted", name, before=before) if is_deletion else None
        if not is_known:
            return Event(record.time, "compacted", name, after=config)
        kind: Kind = "config_created" if before is None else "config_changed"
        return Event(record.time, kind, name, before=before, after=config)

    def _target_event(self, record: TargetStateRecord) -> Event | None:
        name = record.connector
        before = self._targets.get(name, "")
        if not before and self._gaps.is_first(record.offset) and self._configs.get(name) is not None:
            before = "RUNNING"
        self._targets[name] = record.state or "RUNNING"
        if not record.state or record.state == before:
            return None
        return Event(record.time, "target_state_changed", name, state=record.state, previous_state=before)

    def _tasks_event(self, record: TaskCountRecord) -> Event | None:
        name, tasks = record.connector, record.tasks
        before = self._tasks.get(name, 0 if self._gaps.is_first(record.offset) else None)
        if tasks is None:
            self._tasks.pop(name, None)
            return None
        self._tasks[name] = tasks
        if tasks == before:
            return None
        return Event(record.time, "tasks_changed", name, tasks=tasks, previous_tasks=before)


def _restart_event(record: RestartRecord) -> Event:
    return Event(
        record.time,
        "restart_requested",
        record.connector,
        include_tasks=record.include_tasks,
        only_failed=record.only_failed,
    )


def _status_events(history: History) -> Iterator[Event]:
    rebalances = Rebalances(history.is_chosen)
    known: dict[StatusKey, tuple[str, str]] = {}
    for record in history.statuses:
        rebalance = rebalances.see(record)
        if rebalance is not None:
            yield rebalance
        if history.is_chosen(record.connector):
            key = StatusKey(record.connector, record.task)
            state, worker = known.get(key, ("", ""))
            known[key] = record.state, record.worker
            # A task writes FAILED once for each failure.
            if (state, worker) != (record.state, record.worker) or record.state == "FAILED":
                yield _state_event(record, state, worker)


def _state_event(record: StatusRecord, previous_state: str, previous_worker: str) -> Event:
    return Event(
        record.time,
        "state_changed",
        record.connector,
        task=None if record.task == NO_TASK else record.task,
        state=record.state,
        previous_state=previous_state,
        worker=record.worker,
        previous_worker=previous_worker,
        generation=record.generation if record.generation >= 0 else None,
        cause=record.cause,
    )
