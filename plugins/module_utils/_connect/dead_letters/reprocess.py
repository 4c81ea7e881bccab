# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes dead letters to a topic where a sink reads them again: each once, even if runs end in the middle or run side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ..errors import InputError, Problem, on_a_line
from ..group.brokers import Topic
from ..group.topic_reader import Bounds, WholeRecord
from ..group.topic_writer import NewRecord
from ..run import Run, counted
from .context import PREFIX
from .read import DeadLetter, QueueSource, letter_of, size_of
from .selection import Selection

ATTEMPT = "dead-letter.attempt"
"""The header that counts how often a record was written again."""

RECORDS_AT_ONCE = 500
BYTES_AT_ONCE = 8_388_608
"""Of one transaction."""

ORIGIN = ""
"""As the destination: the topic that each record was read from."""


class Writer(Protocol):
    """Writes records together with how far their source was read: both or neither. May raise BrokersError and CancelledError."""

    def write(self, records: Sequence[NewRecord], topic: str, positions: Mapping[int, int]) -> None:
        """`positions`: the offset of the next record by partition of the topic."""


@dataclass(frozen=True)
class ReprocessRequest:
    """What to write again. `since` and `until`: milliseconds since the epoch, None for no limit; `limit`: of records to write."""

    topic: str
    destination: str
    selection: Selection
    limit: int
    since: int | None = None
    until: int | None = None


@dataclass
class Progress:
    """Numbers of records: written again, passed because they are not selected, and left because of the limit."""

    reprocessed: int = 0
    passed: int = 0
    left: int = 0
    destinations: dict[str, int] = field(default_factory=dict)


def reprocess(
    source: QueueSource,
    request: ReprocessRequest,
    run: Run,
    positions: Callable[[Topic], Mapping[int, int]],
    writer: Writer | None,
    progress: Progress,
) -> None:
    """Write the selected records that follow these positions, in transactions, and count them in `progress`, also when this fails.

    `writer`: None to count only. Raises InputError, BrokersError and CancelledError.
    """
    topic = existing(source, request.topic)
    if request.destination:
        existing(source, request.destination)
    passed = positions(topic)
    bounds = [_after(one, passed) for one in source.bounds(topic, request.since, request.until)]
    progress.left = sum(max(one.end - one.start, 0) for one in bounds)
    known: set[str] = {request.destination} if request.destination else set()
    batch = _Batch()
    for record in source.whole_records(topic, bounds):
        if progress.reprocessed + len(batch.records) >= request.limit:
            break
        letter = letter_of(topic.name, record)
        batch.positions[record.partition] = record.offset + 1
        progress.left -= 1
        if request.selection.includes(letter):
            destination = request.destination or _origin(letter)
            if destination not in known:
                existing(source, destination)
                known.add(destination)
            batch.add(_again(letter, record, destination, keeps_partition=not request.destination), size_of(record))
        else:
            batch.passed += 1
        if batch.is_full:
            _write(batch, topic.name, writer, progress, run)
            batch = _Batch()
    else:
        # What is not a record, such as markers of transactions, has been passed, too.
        batch.positions |= {one.partition: one.end for one in bounds if one.start < one.end}
        progress.left = 0
    _write(batch, topic.name, writer, progress, run)


def existing(source: QueueSource, name: str) -> Topic:
    """Return the topic. Raises InputError if it does not exist: the brokers might create it with unsuitable settings."""
    found = source.topics([name])
    if not found:
        raise InputError([Problem(f'topic "{on_a_line(name)}" does not exist: create it, or correct its name')])
    return found[0]


@dataclass
class _Batch:
    records: list[NewRecord] = field(default_factory=list)
    positions: dict[int, int] = field(default_factory=dict)
    passed: int = 0
    bytes: int = 0

    def add(self, record: NewRecord, size: int) -> None:
        self.records.append(record)
        self.bytes += size

    @property
    def is_full(self) -> bool:
        return (
            len(self.records) >= RECORDS_AT_ONCE or self.bytes >= BYTES_AT_ONCE or self.passed >= 100 * RECORDS_AT_ONCE
        )


def _write(batch: _Batch, topic: str, writer: Writer | None, progress: Progress, run: Run) -> None:
    if not batch.positions:
        return
    if writer is not None:
        writer.write(batch.records, topic, batch.positions)
    progress.reprocessed += len(batch.records)
    progress.passed += batch.passed
    for record in batch.records:
        progress.destinations[record.topic] = progress.destinations.get(record.topic, 0) + 1
    run.event(f"{'wrote' if writer else 'counted'} {counted(progress.reprocessed, 'record')} of topic {topic}")


def _after(one: Bounds, positions: Mapping[int, int]) -> Bounds:
    return one._replace(start=min(max(one.start, positions.get(one.partition, one.start)), one.end))


def _origin(letter: DeadLetter) -> str:
    context = letter.context
    if context is None or context.origin is None:
        text = f'topic "{letter.topic}", partition {letter.partition}, offset {letter.offset}: the record has no header with its origin'
        raise InputError([Problem(f"{text}: set destination to the name of a topic")])
    return context.origin.topic


def _again(letter: DeadLetter, record: WholeRecord, destination: str, *, keeps_partition: bool) -> NewRecord:
    """The record as it was, without the headers about its error, and with the number of this attempt."""
    origin = None if letter.context is None else letter.context.origin
    partition = origin.partition if origin is not None and keeps_partition else -1
    headers = [(name, value) for name, value in record.headers if not name.startswith(PREFIX) and name != ATTEMPT]
    attempt = str(_attempts(record) + 1).encode()
    return NewRecord(
        destination, partition, record.key, record.value, (*headers, (ATTEMPT, attempt)), max(record.time, 0)
    )


def _attempts(record: WholeRecord) -> int:
    return max(_numbers(record), default=0)


def _numbers(record: WholeRecord) -> Iterator[int]:
    for name, value in record.headers:
        if name == ATTEMPT and value is not None and value.isdigit() and len(value) < 10:
            yield int(value)
