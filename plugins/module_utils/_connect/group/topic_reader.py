# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads the records of topics, with a consumer that joins no group and commits nothing. Uses the Kafka client, like `brokers.py`."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple, Protocol

from ..errors import BrokersError, InputError, Problem
from ..run import Run
from .brokers import Brokers, BrokersClient, Topic

# BrokersClient reports that it is missing.
with suppress(ImportError):
    from confluent_kafka import KafkaError, KafkaException, TopicPartition

SILENCE = 30.0
"""Seconds without any record, and without the end, after which reading a topic fails. Longer than a broker needs to restart."""

SAMPLE = 20
"""Records of each partition that show what kind of topic it is."""

_BATCH = 5000
_POLL = 0.2
_DENIED = ("TOPIC_AUTHORIZATION_FAILED", "GROUP_AUTHORIZATION_FAILED", "CLUSTER_AUTHORIZATION_FAILED")
_FATAL = (*_DENIED, "UNKNOWN_TOPIC_OR_PART", "_UNKNOWN_TOPIC", "_UNKNOWN_PARTITION", "UNSUPPORTED_COMPRESSION_TYPE")


class TopicRecord(NamedTuple):
    """One record. `time`: milliseconds since the epoch, by the clock of its writer or of the broker; -1 if it has none."""

    partition: int
    offset: int
    time: int
    key: bytes | None
    value: bytes | None


class Headed(NamedTuple):
    """What identifies one record, and its headers, without key and value. `time`: as for TopicRecord."""

    topic: str
    partition: int
    offset: int
    time: int
    headers: Mapping[str, bytes]


class WholeRecord(NamedTuple):
    """One record with its headers, in their order. `time`: as for TopicRecord."""

    partition: int
    offset: int
    time: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]


class Bounds(NamedTuple):
    """The part of a partition to read: from `start` up to, but not including, `end`. `low` and `high`: the offsets that exist."""

    partition: int
    low: int
    high: int
    start: int
    end: int


class TopicSource(Protocol):
    """Where records come from. Every method may raise BrokersError, InputError, and CancelledError."""

    def topics(self, names: Sequence[str]) -> tuple[Topic, ...]:
        """Those of these topics that exist."""

    def compacted_topics(self) -> tuple[Topic, ...]:
        """All topics that are compacted, without those of Kafka itself."""

    def sample(self, topics: Sequence[Topic]) -> Mapping[str, Sequence[bytes | None]]:
        """The keys of some records by the name of their topic."""

    def bounds(self, topic: Topic, since: int | None, until: int | None) -> tuple[Bounds, ...]:
        """What to read so that every record between these times is included (milliseconds since the epoch)."""

    def records(self, topic: Topic, bounds: Sequence[Bounds]) -> Iterator[TopicRecord]:
        """The records, in the order of each partition. Records of aborted transactions are left out."""


class TopicReader:
    """Reads from the brokers (TopicSource). `run` may end it at any time."""

    def __init__(self, brokers: Brokers, run: Run) -> None:
        self._client = BrokersClient(brokers)
        self._brokers = brokers
        self._run = run

    def topics(self, names: Sequence[str]) -> tuple[Topic, ...]:
        self._run.check("reading the topics")
        return self._client.topics(names)

    def compacted_topics(self) -> tuple[Topic, ...]:
        self._run.check("reading the topics")
        names = [name for name in self._client.topic_names() if not name.startswith("__")]
        found = self._client.topics(names) if names else ()
        return tuple(topic for topic in found if topic.cleanup_policy == "compact" and topic.partitions)

    def sample(self, topics: Sequence[Topic]) -> Mapping[str, Sequence[bytes | None]]:
        found: dict[str, list[bytes | None]] = {topic.name: [] for topic in topics}
        counts = {(topic.name, number): 0 for topic in topics for number in range(topic.partitions)}
        if not counts:
            return found
        # Not the whole queue of each topic that holds other data.
        consumer = self._client.consumer({"fetch.message.max.bytes": 65_536, "queued.max.messages.kbytes": 4096})
        try:
            consumer.assign([TopicPartition(name, number, 0) for name, number in counts])
            for message in self._messages(consumer, "reading samples of topics"):
                part = message.topic(), message.partition()
                if message.error() is None and part in counts:
                    found[message.topic()].append(message.key())
                    counts[part] += 1
                if message.error() is not None or counts.get(part, 0) >= SAMPLE:
                    _leave(consumer, counts, part)
                if not counts:
                    break
        finally:
            consumer.close()
        return found

    def bounds(self, topic: Topic, since: int | None, until: int | None) -> tuple[Bounds, ...]:
        self._run.check(f"reading topic {topic.name}")
        consumer = self._client.consumer({})
        timeout = self._brokers.timeout
        try:
            found = []
            for number in range(topic.partitions):
                low, high = consumer.get_watermark_offsets(TopicPartition(topic.name, number), timeout=timeout)
                found.append(Bounds(number, low, high, low, high))
            if since is not None:
                starts = _offsets_at(consumer, topic, since, timeout)
                found = [one._replace(start=starts.get(one.partition, one.high)) for one in found]
            if until is not None:
                ends = _offsets_at(consumer, topic, until, timeout)
                found = [one._replace(end=ends.get(one.partition, one.high)) for one in found]
        except KafkaException as error:
            raise self._failure(topic.name, error.args[0]) from None
        finally:
            consumer.close()
        return tuple(found)

    def records(self, topic: Topic, bounds: Sequence[Bounds]) -> Iterator[TopicRecord]:
        for message in self._within(topic, bounds, {}):
            yield TopicRecord(message.partition(), message.offset(), _time(message), message.key(), message.value())

    def whole_records(self, topic: Topic, bounds: Sequence[Bounds]) -> Iterator[WholeRecord]:
        """The same records, with their headers. Buffers less: they are as large as they like."""
        for message in self._within(topic, bounds, {"queued.max.messages.kbytes": 4096}):
            yield WholeRecord(
                message.partition(),
                message.offset(),
                _time(message),
                message.key(),
                message.value(),
                tuple((str(name), value) for name, value in message.headers() or ()),
            )

    def _within(self, topic: Topic, bounds: Sequence[Bounds], options: Mapping[str, Any]) -> Iterator[Any]:
        """The messages of the records within these bounds."""
        parts = [one for one in bounds if one.start < one.end]
        ends = {(topic.name, one.partition): one.end for one in parts}
        if not ends:
            return
        consumer = self._client.consumer({"queued.max.messages.kbytes": 16_384, **options})
        try:
            consumer.assign([TopicPartition(topic.name, one.partition, one.start) for one in parts])
            for message in self._messages(consumer, f"reading topic {topic.name}"):
                part = topic.name, message.partition()
                end = ends.get(part)
                if end is None:
                    continue
                is_record = message.error() is None
                offset = message.offset()
                if is_record and offset < end:
                    yield message
                # Of compacted records and of markers of transactions, no message shows that they have been passed.
                if not is_record or offset >= end - 1:
                    _leave(consumer, ends, part)
                    if not ends:
                        return
        finally:
            consumer.close()

    def some(self, starts: Mapping[tuple[str, int], int], each: int, seconds: float) -> list[Headed]:
        """The first records from these offsets on, at most `each` of a partition, as far as they come within these seconds."""
        counts = dict.fromkeys(starts, 0)
        found: list[Headed] = []
        if not counts:
            return found
        ends = time.monotonic() + seconds
        consumer = self._client.consumer({"fetch.message.max.bytes": 65_536, "queued.max.messages.kbytes": 4096})
        try:
            consumer.assign([TopicPartition(*part, offset) for part, offset in starts.items()])
            while counts and time.monotonic() < ends:
                self._run.check("reading the newest records")
                for message in consumer.consume(_BATCH, timeout=_POLL):
                    part = message.topic(), message.partition()
                    if part not in counts:
                        continue
                    if message.error() is None:
                        found.append(_headed(message))
                        counts[part] += 1
                    if message.error() is not None or counts[part] >= each:
                        _leave(consumer, counts, part)
        finally:
            consumer.close()
        return found

    def _messages(self, consumer: Any, doing: str) -> Iterator[Any]:
        """Messages with a record, or with the error that a partition has ended."""
        silent_since = time.monotonic()
        while True:
            self._run.check(doing)
            messages = consumer.consume(_BATCH, timeout=min(_POLL, max(self._run.remaining(), 0.01)))
            if messages:
                silent_since = time.monotonic()
            elif time.monotonic() - silent_since > SILENCE:
                raise self._client.failure(_TOPICS=f"no records within {SILENCE:g} s while {doing}")
            for message in messages:
                error = message.error()
                if error is None or error.code() == KafkaError._PARTITION_EOF:
                    yield message
                elif error.name() in _FATAL or error.fatal():
                    raise self._failure(message.topic() or "", error)

    def _failure(self, topic: str, error: Any) -> BrokersError | InputError:
        if error.name() in ("UNKNOWN_TOPIC_OR_PART", "_UNKNOWN_TOPIC"):
            return InputError([Problem(f'topic "{topic}" does not exist: correct its name')])
        if error.name() in _DENIED:
            return BrokersError(
                f'topic "{topic}" can\'t be read: the brokers deny it',
                "give client_properties of a user with the ACLs Read and Describe on the config and the status topic",
            )
        return self._client.failure(_TOPICS=str(error.str()))


def _leave(consumer: Any, parts: dict[tuple[str, int], int], part: tuple[str, int]) -> None:
    """Read no more of this partition."""
    if parts.pop(part, None) is not None:
        consumer.incremental_unassign([TopicPartition(*part)])


def _headed(message: Any) -> Headed:
    headers = {str(name): value for name, value in message.headers() or () if isinstance(value, bytes)}
    return Headed(message.topic(), message.partition(), message.offset(), _time(message), headers)


def _time(message: Any) -> int:
    return int(message.timestamp()[1])


def _offsets_at(consumer: Any, topic: Topic, moment: int, timeout: float) -> dict[int, int]:
    """The offset of the first record of each partition that is not older; leaves out partitions that have none."""
    asked = [TopicPartition(topic.name, number, moment) for number in range(topic.partitions)]
    return {
        found.partition: found.offset
        for found in consumer.offsets_for_times(asked, timeout=timeout)
        if found.offset >= 0
    }
