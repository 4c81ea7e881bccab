# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads every record of the config topic of a Connect cluster, with a plain consumer."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from confluent_kafka import Consumer, KafkaError, TopicPartition

from testing.sandbox.configuration import CONFIG_TOPIC

LIMIT = 60.0
"""Time limit in seconds for reading the topic to its end."""

Kind = Literal["connector", "target-state", "task", "commit", "task-count", "restart", "other"]

# As in Kafka's class KafkaConfigBackingStore.
_PREFIXES: tuple[tuple[str, Kind], ...] = (
    ("tasks-fencing-", "task-count"),
    ("restart-connector-", "restart"),
    ("target-state-", "target-state"),
    ("connector-", "connector"),
    ("commit-", "commit"),
    ("task-", "task"),
)


@dataclass(frozen=True)
class Record:
    """One record as KafkaConfigBackingStore writes it; `value` is None for a tombstone.

    `timestamp` is the clock of the writing worker, in seconds since the epoch. `task` is -1 except in records of tasks.
    All other records, such as session keys and loggers, have the kind "other" and no value.
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
        """The target state as the REST API names it: RUNNING, PAUSED or STOPPED; empty for a tombstone."""
        if self.value is None:
            return ""
        # Workers before 3.5 read only "state", where a stopped connector is PAUSED.
        state = str(self.value.get("state.v2") or self.value.get("state") or "")
        return "RUNNING" if state == "STARTED" else state


def decode(offset: int, timestamp: float, key: bytes | None, value: bytes | None) -> Record:
    """Decode a record. Raises ValueError if the record of a connector is not a JSON object."""
    text = (key or b"").decode(errors="replace")
    for prefix, kind in _PREFIXES:
        if text.startswith(prefix):
            decoded = json.loads(value) if value is not None else None
            if decoded is not None and not isinstance(decoded, dict):
                raise ValueError(f"record {offset} of {text!r} is not a JSON object")
            name, task = text[len(prefix) :], -1
            if kind == "task":
                name, _dash, number = name.rpartition("-")
                task = int(number)
            return Record(offset, timestamp, kind, name, task, decoded)
    return Record(offset, timestamp, "other")


def read_records(bootstrap_servers: str, since: int = 0) -> tuple[Record, ...]:
    """All records from offset `since` to the current end of the topic. Raises TimeoutError after LIMIT seconds.

    Compaction can remove older records of a key, but never the newest one.
    """
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap_servers,
            # The client requires a group ID. Nothing is committed to this group.
            "group.id": "chaos-checker",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "auto.offset.reset": "earliest",
            # Records of an aborted transaction never took effect.
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
    """Offset of the next record."""
    consumer = Consumer({"bootstrap.servers": bootstrap_servers, "group.id": "chaos-checker"})
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
            raise RuntimeError(f"{CONFIG_TOPIC} cannot be read: {error}")
    raise TimeoutError(f"the end of {CONFIG_TOPIC} was not reached within {LIMIT:g} s")


@dataclass(frozen=True)
class Stored:
    """State of one connector at an offset of the topic. `config` is None if the connector does not exist."""

    config: Mapping[str, str] | None = None
    state: str = "RUNNING"


def stored_after(records: Iterable[Record]) -> dict[str, Stored]:
    """State after these records by connector, including deleted connectors."""
    configs: dict[str, dict[str, str] | None] = {}
    states: dict[str, str] = {}
    for record in records:
        if record.kind == "connector":
            configs[record.connector] = record.properties
        elif record.kind == "target-state":
            states[record.connector] = record.state
    # A connector without a target state runs, also after a tombstone.
    return {name: Stored(config, states.get(name) or "RUNNING") for name, config in configs.items()}
