# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads dead letter topics: how many records they have, and the newest ones, bounded in number and bytes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from ..group.brokers import Topic
from ..group.consumer_groups import Part
from ..group.topic_reader import Bounds, WholeRecord
from ..run import Run, counted
from .context import ErrorContext, error_context

HOUR = 3_600_000
"""Milliseconds."""


class QueueSource(Protocol):
    """Where dead letters come from. Every method may raise BrokersError, InputError, and CancelledError."""

    def topics(self, names: Sequence[str]) -> tuple[Topic, ...]:
        """Those of these topics that exist."""

    def bounds(self, topic: Topic, since: int | None, until: int | None) -> tuple[Bounds, ...]:
        """The offsets of each partition, with `start` at the first record from `since` on (milliseconds since the epoch)."""

    def whole_records(self, topic: Topic, bounds: Sequence[Bounds]) -> Iterator[WholeRecord]:
        """The records within these bounds, in the order of each partition."""


@dataclass(frozen=True)
class QueueQuery:
    """What to read of each topic: records that are not older than `since` (milliseconds since the epoch, None for all), and that follow
    the offsets in `reviewed`; of these, the newest `max_records`. `max_bytes`: of all topics together; `now`: in milliseconds.
    """

    now: int
    max_records: int
    max_bytes: int
    since: int | None = None
    reviewed: Mapping[Part, int] | None = None


@dataclass(frozen=True)
class DeadLetter:
    """One record. `time`: milliseconds since the epoch; `context`: None without headers about its error."""

    topic: str
    partition: int
    offset: int
    time: int
    key: bytes | None
    value: bytes | None
    context: ErrorContext | None


@dataclass(frozen=True)
class Queue:
    """An existing dead letter topic. `records`: all; `last_hour`: those that arrived then; `chosen`: those of the query, of which `letters`
    were read, newest first.
    """

    topic: str
    partitions: int
    records: int
    last_hour: int
    chosen: int
    letters: tuple[DeadLetter, ...]


def read_queues(source: QueueSource, names: Sequence[str], query: QueueQuery, run: Run) -> dict[str, Queue]:
    """Read those of these topics that exist."""
    run.busy_with("finding the dead letter topics")
    topics = source.topics(names) if names else ()
    left = query.max_bytes
    found = {}
    for topic in topics:
        run.busy_with(f"reading topic {topic.name}")
        queue, used = _read(source, topic, query, left)
        left -= used
        found[topic.name] = queue
        run.event(f"read {counted(len(queue.letters), 'record')} of {queue.records} in topic {topic.name}")
    return found


def _read(source: QueueSource, topic: Topic, query: QueueQuery, max_bytes: int) -> tuple[Queue, int]:
    """Return the queue, and the number of bytes read."""
    whole = source.bounds(topic, query.since, None)
    chosen = [_after(one, topic.name, query.reviewed) for one in whole]
    letters: list[DeadLetter] = []
    used = 0
    for record in source.whole_records(topic, newest(chosen, query.max_records)):
        used += size_of(record)
        if used > max_bytes:
            break
        letters.append(letter_of(topic.name, record))
    letters.sort(key=lambda one: (one.time, one.offset), reverse=True)
    last_hour = source.bounds(topic, query.now - HOUR, None) if letters or any(_count(one) for one in whole) else ()
    return (
        Queue(
            topic.name,
            topic.partitions,
            sum(one.high - one.low for one in whole),
            sum(one.high - one.start for one in last_hour),
            sum(map(_count, chosen)),
            tuple(letters),
        ),
        used,
    )


def newest(bounds: Sequence[Bounds], limit: int) -> list[Bounds]:
    """Return the bounds of the last records, at most `limit` together: the same number of each partition, or all of a small one."""
    left = limit
    found = []
    by_size = sorted(bounds, key=_count)
    for place, one in enumerate(by_size):
        taken = min(_count(one), left // (len(by_size) - place))
        left -= taken
        found.append(one._replace(start=one.end - taken))
    return sorted(found)


def _after(one: Bounds, topic: str, reviewed: Mapping[Part, int] | None) -> Bounds:
    first = (reviewed or {}).get((topic, one.partition), one.start)
    return one._replace(start=min(max(one.start, first), one.end))


def _count(one: Bounds) -> int:
    return max(one.end - one.start, 0)


def size_of(record: WholeRecord) -> int:
    """The bytes of its key, value and headers."""
    headers = sum(len(name) + len(value or b"") for name, value in record.headers)
    return len(record.key or b"") + len(record.value or b"") + headers


def letter_of(topic: str, record: WholeRecord) -> DeadLetter:
    """The record with what its headers show."""
    headers = {name: value for name, value in record.headers if value is not None}
    return DeadLetter(
        topic, record.partition, record.offset, record.time, record.key, record.value, error_context(headers)
    )
