# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the times of records from the broker."""

from __future__ import annotations

import time
from collections.abc import Sequence

from confluent_kafka import Consumer, KafkaError, TopicPartition

LIMIT = 120.0
"""Time limit in seconds for reading all of them."""


BEFORE = 30.0
"""Seconds before an operation whose records are read as well: where the gaps begin that it finds."""


def times_of_records(bootstrap_servers: str, topics: Sequence[str], begin: float) -> dict[str, list[float]]:
    """Return the times of the records since shortly before `begin`, by topic. All times are seconds since the epoch.

    Each topic has one partition. Only records of committed transactions count.

    Raises TimeoutError if the ends of the topics are not reached.
    """
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap_servers,
            # Required by the client; nothing is committed to this group.
            "group.id": "interruption",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "auto.offset.reset": "earliest",
            "isolation.level": "read_committed",
        }
    )
    try:
        moment = round((begin - BEFORE) * 1000)
        # The offset is END for a topic without a record since then.
        starts = consumer.offsets_for_times([TopicPartition(topic, 0, moment) for topic in topics], timeout=LIMIT)
        consumer.assign(starts)
        return _read(consumer, topics)
    finally:
        consumer.close()


def _read(consumer: Consumer, topics: Sequence[str]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {topic: [] for topic in topics}
    left = set(topics)
    deadline = time.monotonic() + LIMIT
    while left:
        if time.monotonic() > deadline:
            raise TimeoutError(f"the ends of {', '.join(sorted(left))} were not reached within {LIMIT:g} s")
        for message in consumer.consume(5000, 1.0):
            error = message.error()
            topic = message.topic() or ""
            if error is None:
                found[topic].append(message.timestamp()[1] / 1000)
            elif error.code() == KafkaError._PARTITION_EOF:
                left.discard(topic)
    return found
