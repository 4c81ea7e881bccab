# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads the topic in which a Connect cluster keeps its connectors: every record of it, with a plain consumer."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from confluent_kafka import Consumer, KafkaError, TopicPartition

from testing.sandbox.configuration import CONFIG_TOPIC

LIMIT = 60.0
"""Seconds in which the topic must have been read to its end."""

Kind = Literal["connector", "target-state", "task", "commit", "task-count", "restart", "other"]

# Of two that fit, the longer is meant: a task count's key begins like a task's.
_PREFIXES: tuple[tuple[str, Kind], ...] = (
    ("task-count-record-", "task-count"),
    ("restart-connector-", "restart"),
    ("target-state-", "target-state"),
    ("connector-", "connector"),
    ("commit-", "commit"),
    ("task-", "task"),
)


@dataclass(frozen=True)
class Record:
    """One record as KafkaConfigBackingStore writes it; `value` is None for a tombstone.

    `timestamp` is the writing worker's clock in seconds since the epoch. `task` is -1 but for records of tasks. Session
    keys, loggers and whatever else is in the topic are "other", without their values.
    """

    offset: int
    timestamp: float
    kind: Kind
    connector: str = ""
    task: int = -1
    value: Mapping[str, Any] | None = None

    @property
    def properties(self) -> dict[str, str] | None:
        """The config of a connector or a task; None for a tombstone."""
        return dict(self.value["properties"]) if self.value is not None and "properties" in self.value else None

    @property
    def state(self) -> str:
        """The target state in the REST API's words: RUNNING, PAUSED, STOPPED; empty for a tombstone."""
        if self.value is None:
            return ""
        # Workers before 3.5 know "state" only, in which a stopped connector is PAUSED.
        state = str(self.value.get("state.v2") or self.value.get("state") or "")
        return "RUNNING" if state == "STARTED" else state


def decode(offset: int, timestamp: float, key: bytes | None, value: bytes | None) -> Record:
    """A record out of its bytes. Raises ValueError for a connector's record that is no JSON object."""
    text = (key or b"").decode(errors="replace")
    for prefix, kind in _PREFIXES:
        if text.startswith(prefix):
            decoded = json.loads(value) if value is not None else None
            if decoded is not None and not isinstance(decoded, dict):
                raise ValueError(f"record {offset} of {text!r} is no JSON object")
            name, task = text[len(prefix) :], -1
            if kind == "task":
                name, _dash, number = name.rpartition("-")
                task = int(number)
            return Record(offset, timestamp, kind, name, task, decoded)
    return Record(offset, timestamp, "other")


def read_records(bootstrap_servers: str, since: int = 0) -> tuple[Record, ...]:
    """All records from offset `since` to the end that the topic has now. Raises TimeoutError if that end isn't reached.

    Compaction may have removed older records of a key, never the newest one.
    """
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap_servers,
            # Asked for by the client; nothing is ever committed under it.
            "group.id": "chaos-judge",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "auto.offset.reset": "earliest",
            # What a worker wrote in a transaction that was aborted was never in force.
            "isolation.level": "read_committed",
        }
    )
    try:
        _low, end = consumer.get_watermark_offsets(TopicPartition(CONFIG_TOPIC, 0), timeout=LIMIT)
        if since >= end:
            return ()
        consumer.assign([TopicPartition(CONFIG_TOPIC, 0, since)])
        return tuple(_poll_to_end(consumer))
    finally:
        consumer.close()


def end_offset(bootstrap_servers: str) -> int:
    """The offset that the next record will have."""
    consumer = Consumer({"bootstrap.servers": bootstrap_servers, "group.id": "chaos-judge"})
    try:
        _low, end = consumer.get_watermark_offsets(TopicPartition(CONFIG_TOPIC, 0), timeout=LIMIT)
        return int(end)
    finally:
        consumer.close()


def _poll_to_end(consumer: Consumer) -> Iterable[Record]:
    deadline = time.monotonic() + LIMIT
    while time.monotonic() < deadline:
        message = consumer.poll(1.0)
        if message is None:
            continue
        error = message.error()
        if error is None:
            yield decode(message.offset() or 0, message.timestamp()[1] / 1000, message.key(), message.value())
        elif error.code() == KafkaError._PARTITION_EOF:
            return
        elif not error.retriable() and error.code() not in (KafkaError._TRANSPORT, KafkaError._ALL_BROKERS_DOWN):
            raise RuntimeError(f"{CONFIG_TOPIC} can't be read: {error}")
    raise TimeoutError(f"the end of {CONFIG_TOPIC} was not reached within {LIMIT:g} s")


@dataclass(frozen=True)
class Stored:
    """What the topic says of one connector at a point in it; `config` is None where it does not exist."""

    config: Mapping[str, str] | None = None
    state: str = "RUNNING"


def stored_after(records: Iterable[Record]) -> dict[str, Stored]:
    """What is in force after these records, by connector, those that were deleted included."""
    configs: dict[str, dict[str, str] | None] = {}
    states: dict[str, str] = {}
    for record in records:
        if record.kind == "connector":
            configs[record.connector] = record.properties
        elif record.kind == "target-state":
            states[record.connector] = record.state
    # Without a target state a connector runs; after its tombstone too.
    return {name: Stored(config, states.get(name) or "RUNNING") for name, config in configs.items()}
