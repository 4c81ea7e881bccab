# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Repeated measurements of several cases, one after another in turn, and their statistics. Pure except for the calls."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Sample:
    """One measurement: seconds by the clock, and CPU seconds. `facts` are further numbers, such as requests."""

    seconds: float
    cpu: float = 0.0
    facts: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """One case to measure. `at_most` limits the number of rounds for slow cases."""

    name: str
    measure: Callable[[], Sample]
    at_most: int | None = None


@dataclass(frozen=True)
class Series:
    """All samples of one case."""

    name: str
    samples: tuple[Sample, ...]

    @property
    def seconds(self) -> float:
        """The median."""
        return statistics.median(sample.seconds for sample in self.samples)

    @property
    def spread(self) -> tuple[float, float]:
        """The fastest and the slowest."""
        return min(sample.seconds for sample in self.samples), max(sample.seconds for sample in self.samples)

    @property
    def cpu(self) -> float:
        """The median."""
        return statistics.median(sample.cpu for sample in self.samples)

    def fact(self, name: str) -> float:
        """The median of one of the facts, which every sample must have."""
        return statistics.median(sample.facts[name] for sample in self.samples)


def interleaved(cases: Sequence[Case], rounds: int, report: Callable[[str], None]) -> dict[str, Series]:
    """Measure all cases `rounds` times, in turn, so that other load on the machine affects all of them alike.

    If there are several rounds, an additional first one is discarded: it fills the caches of disk and interpreter.
    """
    samples: dict[str, list[Sample]] = {case.name: [] for case in cases}
    for number in range(0 if rounds > 1 else 1, rounds + 1):
        for case in cases:
            limit = rounds if case.at_most is None else min(rounds, case.at_most)
            # A case with only a few measurements is too slow for a discarded one.
            if number > limit or (number == 0 and limit < rounds):
                continue
            sample = case.measure()
            report(f"round {number or 'to warm up'}: {case.name}: {sample.seconds:.3f} s")
            if number:
                samples[case.name].append(sample)
    return {name: Series(name, tuple(taken)) for name, taken in samples.items()}


def net(series: Series, base: Series) -> float:
    """Seconds that `series` takes longer than `base`: the median over the rounds, each with the same conditions for
    both.
    """
    pairs = zip(series.samples, base.samples, strict=False)
    return statistics.median(one.seconds - other.seconds for one, other in pairs)


@dataclass(frozen=True)
class Goal:
    """A target: at most `limit`."""

    text: str
    value: float
    limit: float

    def __str__(self) -> str:
        verdict = "reached" if self.value <= self.limit else "MISSED"
        return f"{verdict}: {self.text}: {self.value:.3g}, at most {self.limit:.3g}"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown that is also readable as plain text: the first column left-aligned, numbers right-aligned."""
    widths = [max(len(row[column]) for row in (heads, *rows)) for column in range(len(heads))]

    def line(cells: Sequence[str]) -> str:
        padded = [cells[0].ljust(widths[0])]
        padded += [cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True)]
        return f"| {' | '.join(padded)} |"

    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join([line(heads), line(rule), *map(line, rows)])


def timing_cells(series: Series, base: Series | None = None) -> list[str]:
    """Median; the difference to `base` (an empty play, for example), "" without one; spread; CPU time; rounds."""
    low, high = series.spread
    left = "" if base is None else f"{net(series, base):.3f}"
    return [f"{series.seconds:.3f}", left, f"{low:.3f}-{high:.3f}", f"{series.cpu:.3f}", str(len(series.samples))]
