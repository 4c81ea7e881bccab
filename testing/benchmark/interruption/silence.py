# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the interruptions of a task from the times of its records. Pure; all times are seconds since the epoch."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

STILL = 1.0
"""Seconds without a record after which a task counts as interrupted; it writes one every 0.05 s in normal operation."""


@dataclass(frozen=True)
class Silence:
    """A time in which a task wrote nothing."""

    begin: float
    end: float

    @property
    def seconds(self) -> float:
        return self.end - self.begin


@dataclass(frozen=True)
class Interruption:
    """The interruptions during an operation: by task its silences, including tasks without any."""

    silences: Mapping[str, tuple[Silence, ...]]

    @property
    def interrupted(self) -> int:
        """The number of interrupted tasks."""
        return sum(bool(one) for one in self.silences.values())

    @property
    def longest(self) -> float:
        """Seconds of the longest silence of any task; 0 without any."""
        return max((one.seconds for task in self.silences.values() for one in task), default=0.0)

    @property
    def median(self) -> float:
        """The median of the total seconds of each interrupted task."""
        sums = [sum(one.seconds for one in task) for task in self.silences.values() if task]
        return statistics.median(sums) if sums else 0.0

    @property
    def lost(self) -> float:
        """The sum of the seconds of all tasks."""
        return sum(one.seconds for task in self.silences.values() for one in task)

    @property
    def at_once(self) -> int:
        """The maximum number of tasks that were interrupted at the same moment."""
        steps = [(one.begin, 1) for task in self.silences.values() for one in task]
        steps += [(one.end, -1) for task in self.silences.values() for one in task]
        most = now = 0
        # A silence that ends when another begins does not overlap.
        for _moment, step in sorted(steps):
            now += step
            most = max(most, now)
        return most


def silences(records: Sequence[float], begin: float, end: float) -> tuple[Silence, ...]:
    """The times longer than STILL between two records, as far as they touch the time from `begin` to `end`.

    A silence is reported in full, even if it began before `begin`. A silence that continues after the last record ends at `end`.
    """
    before = max((one for one in records if one <= begin), default=begin)
    after = min((one for one in records if one >= end), default=end)
    times = [before, *sorted(one for one in records if begin < one < end), after]
    return tuple(Silence(one, other) for one, other in pairwise(times) if other - one > STILL)
