# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Offsets of a connector and their changes: plain data."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ..rest.offsets import PartitionOffset

Part = tuple[str, int]
"""A partition of a topic: its name, and the number."""

Offsets = Mapping[str, PartitionOffset]
"""Entries by `key_of` their partitions, each partition once."""

TOPIC, PARTITION, OFFSET = "kafka_topic", "kafka_partition", "kafka_offset"
"""The keys of a sink's partition and of its offset (SinkUtils)."""


class OffsetChange(NamedTuple):
    """One partition whose offset changes; None: no offset. `read_again` and `skipped`: at most so many records; None if unknown."""

    partition: Mapping[str, Any]
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    read_again: int | None = None
    skipped: int | None = None


class OffsetsPlan(NamedTuple):
    """What must change. `resets_all`: all offsets are removed, also those that the run does not know of."""

    changes: tuple[OffsetChange, ...]
    resets_all: bool = False

    @property
    def entries(self) -> tuple[PartitionOffset, ...]:
        """The entries to write."""
        return tuple(PartitionOffset(change.partition, change.after) for change in self.changes)

    @property
    def former(self) -> tuple[PartitionOffset, ...]:
        """The entries that take the changes back."""
        return tuple(PartitionOffset(change.partition, change.before) for change in self.changes)


def key_of(value: object) -> str:
    """A text that is the same for equal JSON values only: 1 is not "1", and not true."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def by_key(entries: Iterable[PartitionOffset]) -> Offsets:
    return {key_of(entry.partition): entry for entry in entries}


def same(one: object, other: object) -> bool:
    return key_of(one) == key_of(other)


def sink_entry(part: Part, offset: int | None) -> PartitionOffset:
    """An entry as Connect shows it for a sink."""
    return PartitionOffset({PARTITION: part[1], TOPIC: part[0]}, None if offset is None else {OFFSET: offset})


def part_of(partition: Mapping[str, Any]) -> Part:
    """The topic's partition of a sink's entry. Raises KeyError, ValueError or TypeError for another form."""
    return str(partition[TOPIC]), int(partition[PARTITION])


def number_of(offset: Mapping[str, Any] | None) -> int | None:
    """The offset of a sink's entry."""
    return None if offset is None else int(offset[OFFSET])
