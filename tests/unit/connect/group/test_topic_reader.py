# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The reader of topics with a scripted consumer: where a partition ends, and which errors end the run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from confluent_kafka import KafkaError, KafkaException, TopicPartition

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import (
    BrokersError,
    CancelledError,
    ConnectError,
    InputError,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group import brokers as adapter
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group import topic_reader
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.brokers import Brokers, Topic
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.topic_reader import (
    Bounds,
    TopicReader,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.run import Run

TOPIC = Topic("connect-status", 2, 1, "compact", 1)


class Message:
    """A record, or an error of a partition."""

    def __init__(self, partition: int, offset: int, error: int | None = None, topic: str = TOPIC.name) -> None:
        self._topic, self._partition, self._offset = topic, partition, offset
        self._error = None if error is None else KafkaError(error, "in whatever words")

    def topic(self) -> str:
        return self._topic

    def partition(self) -> int:
        return self._partition

    def offset(self) -> int:
        return self._offset

    def error(self) -> KafkaError | None:
        return self._error

    def timestamp(self) -> tuple[int, int]:
        return 1, 1000 + self._offset

    def key(self) -> bytes:
        return b"key-%d" % self._offset

    def value(self) -> bytes:
        return b"value"

    def headers(self) -> list[tuple[str, bytes | None]] | None:
        return [("offset", b"%d" % self._offset), ("empty", None)] if self._offset % 2 else None


END = KafkaError._PARTITION_EOF


class Scripted:
    """A consumer that delivers these batches, and then nothing."""

    def __init__(self, batches: Sequence[Sequence[Message]] = (), watermarks: tuple[int, int] = (0, 10)) -> None:
        self._batches, self._watermarks = list(batches), watermarks
        self.assigned: list[tuple[str, int, int]] = []
        self.left: list[int] = []
        self.closed = False
        self.offsets: Callable[[int], int] = lambda _moment: -1

    def assign(self, parts: Sequence[TopicPartition]) -> None:
        self.assigned = [(part.topic, part.partition, part.offset) for part in parts]

    def incremental_unassign(self, parts: Sequence[TopicPartition]) -> None:
        self.left += [part.partition for part in parts]

    def consume(self, _number: int, timeout: float) -> Sequence[Message]:
        del timeout
        return self._batches.pop(0) if self._batches else []

    def get_watermark_offsets(self, _part: TopicPartition, timeout: float) -> tuple[int, int]:
        del timeout
        return self._watermarks

    def offsets_for_times(self, parts: Sequence[TopicPartition], timeout: float) -> list[TopicPartition]:
        del timeout
        return [TopicPartition(part.topic, part.partition, self.offsets(part.offset)) for part in parts]

    def close(self) -> None:
        self.closed = True


class Client:
    """In place of BrokersClient."""

    def __init__(self, consumer: Scripted, topics: Mapping[str, Topic]) -> None:
        self._consumer, self._topics = consumer, topics

    def consumer(self, _options: Mapping[str, Any]) -> Scripted:
        return self._consumer

    def topic_names(self) -> tuple[str, ...]:
        return tuple(self._topics)

    def topics(self, names: Sequence[str]) -> tuple[Topic, ...]:
        return tuple(self._topics[name] for name in names if name in self._topics)

    def failure(self, **failed: str) -> BrokersError:
        return BrokersError(f"brokers: {failed}")


def reader(monkeypatch: pytest.MonkeyPatch, consumer: Scripted, run: Run | None = None, *topics: Topic) -> TopicReader:
    client = Client(consumer, {topic.name: topic for topic in topics})
    monkeypatch.setattr(topic_reader, "BrokersClient", lambda _brokers: client)
    return TopicReader(Brokers(("127.0.0.1:1",)), run or Run())


def offsets(found: TopicReader, *bounds: Bounds) -> list[tuple[int, int]]:
    return [(record.partition, record.offset) for record in found.records(TOPIC, bounds)]


def test_each_partition_is_read_from_its_start_up_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    first = [Message(0, 3), Message(1, 0), Message(0, 4), Message(0, 5)]
    consumer = Scripted([first, [], [Message(1, 1), Message(1, 2)]])
    found = offsets(reader(monkeypatch, consumer), Bounds(0, 0, 9, 3, 5), Bounds(1, 0, 2, 0, 2))
    assert found == [(0, 3), (1, 0), (0, 4), (1, 1)]
    assert consumer.assigned == [(TOPIC.name, 0, 3), (TOPIC.name, 1, 0)]
    assert (consumer.left, consumer.closed) == ([0, 1], True)


def test_a_partition_whose_last_records_are_missing_ends_with_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    consumer = Scripted([[Message(0, 1)], [Message(0, 9, END)]])
    assert offsets(reader(monkeypatch, consumer), Bounds(0, 0, 9, 0, 9)) == [(0, 1)]


def test_a_record_after_the_end_shows_that_the_last_ones_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    consumer = Scripted([[Message(0, 1), Message(0, 8)]])
    assert offsets(reader(monkeypatch, consumer), Bounds(0, 0, 9, 0, 5)) == [(0, 1)]


def test_nothing_is_opened_for_empty_partitions(monkeypatch: pytest.MonkeyPatch) -> None:
    consumer = Scripted()
    assert offsets(reader(monkeypatch, consumer), Bounds(0, 4, 4, 4, 4)) == []
    assert not consumer.closed


@pytest.mark.parametrize(
    ("code", "kind", "says"),
    [
        (KafkaError.TOPIC_AUTHORIZATION_FAILED, BrokersError, "the brokers deny it"),
        (KafkaError.UNKNOWN_TOPIC_OR_PART, InputError, 'topic "connect-status" does not exist'),
        (KafkaError._UNKNOWN_TOPIC, InputError, 'topic "connect-status" does not exist'),
        (KafkaError.UNSUPPORTED_COMPRESSION_TYPE, BrokersError, "in whatever words"),
    ],
)
def test_errors_that_last_end_the_run(
    monkeypatch: pytest.MonkeyPatch, code: int, kind: type[ConnectError], says: str
) -> None:
    consumer = Scripted([[Message(0, 0, code)]])
    with pytest.raises(kind, match=says):
        offsets(reader(monkeypatch, consumer), Bounds(0, 0, 9, 0, 9))
    assert consumer.closed


def test_errors_that_pass_are_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    consumer = Scripted([[Message(0, 0, KafkaError._TRANSPORT)], [Message(0, 0)]])
    assert offsets(reader(monkeypatch, consumer), Bounds(0, 0, 1, 0, 1)) == [(0, 0)]


def test_silence_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topic_reader, "SILENCE", 0.05)
    with pytest.raises(BrokersError, match=r"no records within 0\.05 s while reading topic connect-status"):
        offsets(reader(monkeypatch, Scripted()), Bounds(0, 0, 9, 0, 9))


def test_an_interrupted_run_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run()
    run.cancelled.set()
    consumer = Scripted([[Message(0, 0)]])
    with pytest.raises(CancelledError):
        offsets(reader(monkeypatch, consumer, run), Bounds(0, 0, 9, 0, 9))
    assert consumer.closed


def test_times_are_converted_to_offsets(monkeypatch: pytest.MonkeyPatch) -> None:
    consumer = Scripted(watermarks=(2, 10))
    found = reader(monkeypatch, consumer)
    assert found.bounds(TOPIC, None, None) == (Bounds(0, 2, 10, 2, 10), Bounds(1, 2, 10, 2, 10))
    # No record is later than the second time.
    consumer.offsets = lambda moment: 4 if moment == 1000 else -1
    assert found.bounds(TOPIC, 1000, 2000)[0] == Bounds(0, 2, 10, 4, 10)
    assert found.bounds(TOPIC, 2000, 1000)[0] == Bounds(0, 2, 10, 10, 4)


def test_offsets_that_cannot_be_read_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    consumer = Scripted()

    def refuse(*_given: object, **_named: object) -> tuple[int, int]:
        raise KafkaException(KafkaError(KafkaError.TOPIC_AUTHORIZATION_FAILED))

    monkeypatch.setattr(consumer, "get_watermark_offsets", refuse)
    with pytest.raises(BrokersError, match="the brokers deny it") as error:
        reader(monkeypatch, consumer).bounds(TOPIC, None, None)
    assert "ACLs Read and Describe" in error.value.advice
    assert consumer.closed


def test_samples_are_a_few_keys_of_each_partition(monkeypatch: pytest.MonkeyPatch) -> None:
    other = Topic("other", 1, 1, "compact", 1)
    messages = [Message(0, number) for number in range(30)]
    ends = [Message(1, 0, END), Message(0, 0, END, "other")]
    consumer = Scripted([[*messages, *ends]])
    found = reader(monkeypatch, consumer).sample([TOPIC, other])
    assert (len(found[TOPIC.name]), found["other"]) == (topic_reader.SAMPLE, [])
    assert reader(monkeypatch, consumer).sample([]) == {}


def test_some_records_are_read_with_their_headers_until_each_partition_has_enough(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    batch = [Message(0, 3), Message(0, 4), Message(0, 5), Message(1, 0, END), Message(2, 0)]
    consumer = Scripted([batch])
    found = reader(monkeypatch, consumer).some({(TOPIC.name, 0): 3, (TOPIC.name, 1): 0}, 2, 5)
    assert [(one.partition, one.offset, one.time, one.headers) for one in found] == [
        (0, 3, 1003, {"offset": b"3"}),
        (0, 4, 1004, {}),
    ]
    assert (consumer.left, consumer.closed) == ([0, 1], True)


def test_some_records_are_not_waited_for_longer_than_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    consumer = Scripted()
    assert reader(monkeypatch, consumer).some({(TOPIC.name, 0): 3}, 2, 0.02) == []
    assert consumer.closed
    assert reader(monkeypatch, Scripted()).some({}, 2, 5) == []


def test_only_compacted_topics_of_users_may_be_those_of_connect(monkeypatch: pytest.MonkeyPatch) -> None:
    internal = Topic("__consumer_offsets", 50, 1, "compact", 1)
    deleting, both = Topic("events", 3, 1, "delete", 1), Topic("both", 1, 1, "compact,delete", 1)
    found = reader(monkeypatch, Scripted(), None, internal, deleting, both, TOPIC)
    assert found.compacted_topics() == (TOPIC,)
    assert found.topics(["events", "none"]) == (deleting,)


def test_a_consumer_joins_no_group_and_commits_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    made: dict[str, Any] = {}
    monkeypatch.setattr(adapter, "Consumer", lambda options, **_named: made.update(options))
    client = adapter.BrokersClient(Brokers(("127.0.0.1:1",), {"security.protocol": "PLAINTEXT"}))
    monkeypatch.setattr(client, "_await_contact", lambda _deadline: None)
    client.consumer({"queued.max.messages.kbytes": 4096})
    assert (made["enable.auto.commit"], made["isolation.level"]) == (False, "read_committed")
    assert (made["queued.max.messages.kbytes"], made["security.protocol"]) == (4096, "plaintext")
