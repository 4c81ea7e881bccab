# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compares stored and desired offsets, and counts the records that a change reads again or skips. Pure."""

from __future__ import annotations

from .desired import DesiredOffsets, ResetOffsets
from .model import OffsetChange, Offsets, OffsetsPlan, Part, number_of, part_of, same
from .resolve import TopicFacts


def plan_offsets(desired: DesiredOffsets, stored: Offsets, targets: Offsets) -> OffsetsPlan:
    """The partitions whose stored offset is not the desired one, in the order of the targets."""
    changes = []
    for key, target in targets.items():
        entry = stored.get(key)
        before = entry.offset if entry is not None else None
        if not same(before, target.offset):
            changes.append(OffsetChange(target.partition, before, target.offset))
    resets_all = isinstance(desired, ResetOffsets) and not desired.entries
    return OffsetsPlan(tuple(changes), resets_all and bool(changes))


def with_counts(plan: OffsetsPlan, facts: TopicFacts | None, *, starts_late: bool) -> OffsetsPlan:
    """The plan of a sink with at most how many records are read again, and skipped. Compaction and transactions leave gaps in the
    offsets, so it may be fewer.

    `starts_late`: a consumer without an offset starts at the end (auto.offset.reset), else at the first record.
    """

    def place(offset: int | None, part: Part) -> int | None:
        if facts is None or part not in facts.begins or part not in facts.ends:
            return offset
        first, end = facts.begins[part], facts.ends[part]
        if offset is None or not first <= offset <= end:
            return end if starts_late else first
        return offset

    def counted(change: OffsetChange) -> OffsetChange:
        part = part_of(change.partition)
        start, to = place(number_of(change.before), part), place(number_of(change.after), part)
        if start is None or to is None:
            return change
        return change._replace(read_again=max(start - to, 0), skipped=max(to - start, 0))

    return plan._replace(changes=tuple(map(counted, plan.changes)))
