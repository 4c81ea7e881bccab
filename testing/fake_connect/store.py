# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The cluster's memory: records of all connectors, scheduled events, and how far behind a worker reads."""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from .answers import encode
from .records import ConnectorRecord, Rendering


@dataclass(frozen=True)
class Change:
    """One entry of the journal: from `at` on, `name` has the state `record` (None: removed), written by `origin`."""

    at: float
    name: str
    record: ConnectorRecord | None
    origin: int | None


@dataclass(frozen=True)
class Written:
    """A herder's write to the config topic, at `at` (seconds since the epoch): a config, or with `key` target-state a
    run state. Either is None if the connector was deleted.
    """

    at: float
    key: Literal["connector", "target-state"]
    name: str
    value: Mapping[str, str] | str | None


class Store:
    """Records by name. All access is under `lock`; due events happen at the next access (`advance`)."""

    def __init__(self) -> None:
        self.topic: list[Written] = []
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.records: dict[str, ConnectorRecord] = {}
        self.version = 0
        self.journal: list[Change] | None = None
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._happening: float | None = None
        self._sequence = itertools.count()

    def put(self, record: ConnectorRecord, origin: int | None = None) -> None:
        self.records[record.name] = record
        self._note(record.name, record, origin)

    def remove(self, name: str, origin: int | None = None) -> None:
        self.records.pop(name, None)
        self._note(name, None, origin)

    def write(
        self, key: Literal["connector", "target-state"], name: str, value: Mapping[str, str] | str | None
    ) -> None:
        """Record what a real herder would write to the config topic now."""
        self.topic.append(Written(time.time(), key, name, value))

    def _note(self, name: str, record: ConnectorRecord | None, origin: int | None) -> None:
        self.version += 1
        if self.journal is not None:
            self.journal.append(Change(self.now(), name, record, origin))

    def edit(self, name: str, **fields: Any) -> ConnectorRecord:
        """Replace fields of a record. Raises KeyError if the connector does not exist."""
        record = replace(self.records[name], **fields)
        self.put(record)
        return record

    def live(self, name: str) -> ConnectorRecord | None:
        """The record of a connector that exists, not one of which only a status remains."""
        record = self.records.get(name)
        return record if record is not None and record.config is not None else None

    def now(self) -> float:
        """The time (monotonic). During an event it is the time at which the event was due."""
        return time.monotonic() if self._happening is None else self._happening

    def after(self, seconds: float, event: Callable[[], None]) -> None:
        """Schedule `event` in `seconds` from now."""
        heapq.heappush(self._due, (self.now() + seconds, next(self._sequence), event))

    def advance(self, until: float | None = None) -> None:
        """Apply all events that are due now, or by `until` (time.monotonic)."""
        limit = time.monotonic() if until is None else until
        if self._happening is not None:
            return  # An event that reads the store must not start the next one.
        while self._due and self._due[0][0] <= limit:
            self._happening, _position, event = heapq.heappop(self._due)
            try:
                event()
            finally:
                self._happening = None

    def settle(self) -> None:
        """Apply all scheduled events, as if their time had come."""
        self.advance(until=float("inf"))


class View:
    """The records that one worker reads: the store itself, or, with a lag, other workers' writes only after `lag`
    seconds.
    """

    def __init__(self, store: Store, worker: int) -> None:
        self._store = store
        self._worker = worker
        self._lag = 0.0
        self._records: dict[str, ConnectorRecord] = {}
        self._seen = 0
        self._newest: dict[str, int] = {}
        self._version = 0

    @property
    def lag(self) -> float:
        return self._lag

    @lag.setter
    def lag(self, seconds: float) -> None:
        with self._store.lock:
            self._store.advance()
            if seconds and not self._lag:
                if self._store.journal is None:
                    self._store.journal = []
                self._records = dict(self._store.records)
                self._seen = len(self._store.journal)
                self._newest = {}
            self._lag = seconds

    def records(self) -> Mapping[str, ConnectorRecord]:
        if not self._lag:
            return self._store.records
        self._catch_up()
        return self._records

    def version(self) -> int:
        """A number that changes whenever `records` changes."""
        if not self._lag:
            return self._store.version
        self._catch_up()
        return -1 - self._version

    def _catch_up(self) -> None:
        journal = self._store.journal or []
        limit = time.monotonic() - self._lag
        for position, change in enumerate(itertools.islice(journal, self._seen, None), self._seen):
            if change.at <= limit or change.origin == self._worker:
                self._apply(position, change)
        while self._seen < len(journal) and journal[self._seen].at <= limit:
            self._seen += 1

    def _apply(self, position: int, change: Change) -> None:
        if self._newest.get(change.name, -1) >= position:
            return
        self._newest[change.name] = position
        self._version += 1
        if change.record is None:
            self._records.pop(change.name, None)
        else:
            self._records[change.name] = change.record


class ExpandedList:
    """GET /connectors?expand=…, rendered once for each state of the cluster and each set of expansions."""

    def __init__(self, rendering: Rendering) -> None:
        self._rendering = rendering
        self._fragments: dict[tuple[str, str], tuple[ConnectorRecord, bytes]] = {}
        self._bodies: dict[tuple[str, ...], tuple[int, bytes]] = {}

    def render(self, view: View, expansions: tuple[str, ...]) -> bytes:
        version = view.version()
        cached = self._bodies.get(expansions)
        if cached is not None and cached[0] == version:
            return cached[1]
        body = b"{" + b",".join(self._connectors(view.records(), expansions)) + b"}"
        self._bodies[expansions] = (version, body)
        return body

    def _connectors(self, records: Mapping[str, ConnectorRecord], expansions: tuple[str, ...]) -> Iterator[bytes]:
        for record in records.values():
            if record.config is None or ("status" in expansions and record.status is None):
                continue
            parts = [b'"%s":%s' % (kind.encode(), self._fragment(record, kind)) for kind in expansions]
            yield encode(record.name) + b":{" + b",".join(parts) + b"}"

    def _fragment(self, record: ConnectorRecord, kind: str) -> bytes:
        cached = self._fragments.get((record.name, kind))
        if cached is not None and cached[0] is record:
            return cached[1]
        show = self._rendering.state_info if kind == "status" else self._rendering.connector_info
        fragment = encode(show(record))
        self._fragments[record.name, kind] = (record, fragment)
        return fragment
