# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes to topics and consumer groups: records in transactions, positions, deletions. Uses the Kafka client, like `brokers.py`."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, NamedTuple

from ..errors import BrokersError
from ..run import Run
from .brokers import Brokers, BrokersClient
from .consumer_groups import Part

# BrokersClient reports that it is missing.
with suppress(ImportError):
    from confluent_kafka import ConsumerGroupTopicPartitions, KafkaException, TopicPartition

TRANSACTION = 60.0
"""Seconds after which the brokers abort a transaction that a killed run left open."""

_FENCED = ("_FENCED", "PRODUCER_FENCED", "INVALID_PRODUCER_EPOCH")
_DENIED = ("TOPIC_AUTHORIZATION_FAILED", "TRANSACTIONAL_ID_AUTHORIZATION_FAILED", "GROUP_AUTHORIZATION_FAILED")


class NewRecord(NamedTuple):
    """A record to write. `time`: milliseconds since the epoch, 0 for now; `partition`: -1 if the key decides."""

    topic: str
    partition: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]
    time: int


class TransactionalWriter:
    """Writes records, and in the same transaction how far their source has been read: as the committed offsets of a consumer group.

    The name of the group is also the ID of the transactions: a second writer for the group ends the work of the first. Raises
    BrokersError; what the failed transaction contains was then not written, unless the error says that this is unknown.
    """

    def __init__(self, brokers: Brokers, group: str, run: Run) -> None:
        client = BrokersClient(brokers)
        self._client, self._group, self._run = client, group, run
        self._producer = client.producer(group, TRANSACTION)
        self._consumer = client.consumer({"group.id": group})
        self._do("beginning", partial(self._producer.init_transactions, TRANSACTION))

    def positions(self, topic: str, partitions: int) -> Mapping[int, int]:
        """The offset of the first record of each partition that no earlier transaction has passed; leaves out unread partitions."""
        asked = [TopicPartition(topic, number) for number in range(partitions)]
        found = self._do("reading the position", lambda: self._consumer.committed(asked, timeout=TRANSACTION))
        return {one.partition: int(one.offset) for one in found if one.error is None and one.offset >= 0}

    def write(self, records: Sequence[NewRecord], topic: str, positions: Mapping[int, int]) -> None:
        """Write all of these records and the new positions, or nothing."""
        self._do("writing", self._producer.begin_transaction)
        failures: list[Any] = []
        try:
            for record in records:
                self._produce(record, failures)
            offsets = [TopicPartition(topic, number, offset) for number, offset in positions.items()]
            self._do(
                "writing",
                lambda: self._producer.send_offsets_to_transaction(
                    offsets, self._consumer.consumer_group_metadata(), TRANSACTION
                ),
            )
            self._producer.flush(TRANSACTION)
            if failures:
                raise self._failure("writing", failures[0])
        except BaseException:
            with suppress(KafkaException):
                self._producer.abort_transaction(10)
            raise
        self._do("committing", lambda: self._producer.commit_transaction(TRANSACTION))

    def close(self) -> None:
        """Close the connections."""
        self._consumer.close()

    def _produce(self, record: NewRecord, failures: list[Any]) -> None:
        def delivered(error: Any, _message: Any) -> None:
            if error is not None:
                failures.append(error)

        while True:
            self._run.check("writing records")
            try:
                self._producer.produce(
                    record.topic,
                    record.value,
                    record.key,
                    record.partition,
                    headers=list(record.headers),
                    timestamp=record.time,
                    on_delivery=delivered,
                )
            except BufferError:
                self._producer.poll(0.2)
                continue
            except KafkaException as error:
                raise self._failure("writing", error.args[0]) from None
            self._producer.poll(0)
            return

    def _do(self, doing: str, act: Any) -> Any:
        """Repeat what can be repeated: the client marks such errors."""
        ends = time.monotonic() + TRANSACTION
        while True:
            self._run.check(f"{doing} a transaction")
            try:
                return act()
            except KafkaException as error:
                reason = error.args[0]
                if not (reason.retriable() and time.monotonic() < ends):
                    raise self._failure(doing, reason) from None
                self._run.pause(0.5)

    def _failure(self, doing: str, error: Any) -> BrokersError:
        name = error.name()
        if name in _FENCED:
            return BrokersError(
                "another run processes the same records: it has ended this one, which wrote nothing twice",
                "wait for the other run",
            )
        if name in _DENIED:
            return BrokersError(
                f"the brokers deny {doing} in a transaction: {error.str()}",
                f"give client_properties of a user with the ACLs Write on the topic and on TransactionalId {self._group}, and Read on "
                f"group {self._group}",
            )
        text = f"{doing} in a transaction failed: {error.str()}"
        if doing == "committing" and not error.txn_requires_abort():
            text += ". Whether the last records were written is unknown"
        return BrokersError(text, "run the task again: it continues after the last record that was written")


def move_group(client: BrokersClient, group: str, offsets: Mapping[Part, int]) -> bool:
    """Set the committed offsets of a consumer group without members; return whether the brokers confirmed it."""
    parts = [TopicPartition(*part, offset) for part, offset in sorted(offsets.items())]
    request = [ConsumerGroupTopicPartitions(group, parts)]
    answers = client.ask(lambda admin, seconds: admin.alter_consumer_group_offsets(request, request_timeout=seconds))
    answer = answers.get(group)
    return answer is not None and all(one.error is None for one in answer.topic_partitions)


def delete_before(client: BrokersClient, offsets: Mapping[Part, int]) -> Mapping[Part, int]:
    """Delete the records of each partition before this offset (DeleteRecords). Return the new first offsets of those that confirmed."""
    parts = [TopicPartition(*part, offset) for part, offset in sorted(offsets.items())]
    answers = client.ask(lambda admin, seconds: admin.delete_records(parts, request_timeout=seconds))
    return {(one.topic, one.partition): int(answer.low_watermark) for one, answer in answers.items()}
