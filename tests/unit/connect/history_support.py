# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The config topic and the status topic of a cluster as lists of records, with compaction as Kafka's log cleaner does it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.brokers import Topic
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.topic_reader import (
    Bounds,
    TopicRecord,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.history.read import (
    HistoryQuery,
    ReadHistory,
    read_history,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.history.topics import TopicNames
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.patterns import any_match
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.run import Run

START = 1_764_200_000_000
"""2025-11-26 23:33:20 UTC."""

W1, W2, W3 = (f"connect-{number}.example.com:8083" for number in (1, 2, 3))


@dataclass
class Log:
    """A topic. `second` is the clock of the next record; `partitions`: the records, and the offset at which each ends."""

    name: str
    partitions: int = 1
    records: list[TopicRecord] = field(default_factory=list)
    ends: dict[int, int] = field(default_factory=dict)
    low: int = 0
    second: float = 0
    cleanup_policy: str = "compact"

    @property
    def now(self) -> int:
        return START + round(1000 * self.second)

    def append(self, key: str | bytes, value: Any, partition: int = 0) -> None:
        """A value that is no bytes is written as JSON, None as a tombstone."""
        offset = self.ends.get(partition, 0)
        data = value if isinstance(value, bytes) or value is None else json.dumps(value, separators=(",", ":")).encode()
        raw = key if isinstance(key, bytes) else key.encode()
        self.records.append(TopicRecord(partition, offset, self.now, raw, data))
        self.ends[partition] = offset + 1

    def mark(self, partition: int = 0) -> None:
        """The marker that ends a transaction takes an offset."""
        self.ends[partition] = self.ends.get(partition, 0) + 1

    def compact(self, before: int, *, tombstones: bool = False) -> None:
        """Keep the newest record of each key with an offset below `before`; with `tombstones`, remove these too."""
        newest = {(r.partition, r.key): r.offset for r in self.records if r.offset < before}
        self.records = [
            record
            for record in self.records
            if record.offset >= before
            or (record.offset == newest[record.partition, record.key] and not (tombstones and record.value is None))
        ]


class ConfigLog(Log):
    """A config topic, written as by workers."""

    def put(self, name: str, config: Mapping[str, Any] | None) -> None:
        self.append(f"connector-{name}", None if config is None else {"properties": config})

    def delete(self, name: str) -> None:
        self.append(f"connector-{name}", None)
        self.append(f"target-state-{name}", None)

    def target(self, name: str, state: str) -> None:
        self.append(f"target-state-{name}", {"state": "PAUSED" if state == "STOPPED" else state, "state.v2": state})

    def tasks(self, name: str, number: int) -> None:
        for task in range(number):
            self.append(f"task-{name}-{task}", {"properties": {"task.class": "Some"}})
        self.append(f"commit-{name}", {"tasks": number})

    def session_key(self) -> None:
        self.append(
            "session-key", {"key": "c2Vzc2lvbi1rZXk=", "algorithm": "HmacSHA256", "creation-timestamp": self.now}
        )


class StatusLog(Log):
    """A status topic, written as by workers."""

    def status(
        self,
        name: str,
        state: str,
        worker: str = W1,
        generation: int = 1,
        *,
        task: int | None = None,
        trace: str | None = None,
        partition: int | None = None,
    ) -> None:
        key = f"status-connector-{name}" if task is None else f"status-task-{name}-{task}"
        value = {"state": state, "trace": trace, "worker_id": worker, "generation": generation}
        self.append(key, value, sum(key.encode()) % self.partitions if partition is None else partition)

    def gone(self, name: str, task: int | None = None) -> None:
        key = f"status-connector-{name}" if task is None else f"status-task-{name}-{task}"
        self.append(key, None, sum(key.encode()) % self.partitions)


class FakeSource:
    """A TopicSource on such topics."""

    def __init__(self, *logs: Log) -> None:
        self.logs = {log.name: log for log in logs}
        self.sampled: list[str] = []

    def topics(self, names: Sequence[str]) -> tuple[Topic, ...]:
        return tuple(_topic(self.logs[name]) for name in names if name in self.logs)

    def compacted_topics(self) -> tuple[Topic, ...]:
        return tuple(_topic(log) for log in self.logs.values() if log.cleanup_policy == "compact")

    def sample(self, topics: Sequence[Topic]) -> Mapping[str, Sequence[bytes | None]]:
        self.sampled += [topic.name for topic in topics]
        return {topic.name: [record.key for record in self.logs[topic.name].records[:20]] for topic in topics}

    def bounds(self, topic: Topic, since: int | None, until: int | None) -> tuple[Bounds, ...]:
        return tuple(self._bounds(self.logs[topic.name], number, since, until) for number in range(topic.partitions))

    def _bounds(self, log: Log, partition: int, since: int | None, until: int | None) -> Bounds:
        high = log.ends.get(partition, 0)
        mine = [record for record in log.records if record.partition == partition]

        def offset_at(time: int | None, otherwise: int) -> int:
            return otherwise if time is None else next((r.offset for r in mine if r.time >= time), high)

        return Bounds(partition, log.low, high, offset_at(since, log.low), offset_at(until, high))

    def records(self, topic: Topic, bounds: Sequence[Bounds]) -> Iterator[TopicRecord]:
        parts = {one.partition: one for one in bounds}
        for record in self.logs[topic.name].records:
            part = parts[record.partition]
            if part.start <= record.offset < part.end:
                yield record


def _topic(log: Log) -> Topic:
    return Topic(log.name, log.partitions, 1, log.cleanup_policy, 1)


def logs(partitions: int = 1) -> tuple[ConfigLog, StatusLog]:
    return ConfigLog("connect-configs"), StatusLog("connect-status", partitions)


def query(**given: Any) -> HistoryQuery:
    standard = HistoryQuery(TopicNames("connect-configs", "connect-status"), any_match(["*"]), 10**9)
    return replace(standard, **given)


def read(*given: Log, **asked: Any) -> ReadHistory:
    return read_history(FakeSource(*given), query(**asked), Run())
