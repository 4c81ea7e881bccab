# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The results of the benchmark: one file in JSON, from which the tables and the picture are made. Pure, except for the file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from testing.benchmark.measuring import Goal, table

from .cases import CASES, DEFAULT_DELAY, LEADER_FIRST, RELEASE, WORKERS
from .silence import STILL, Interruption, Silence

TASKS = 12
RATE = 20
"""Records per second of each task."""

LOST, MEDIAN, WHOLE, MOVED = 110.0, 8.0, 150.0, 12.0
"""Goals: task-seconds of a rolling restart, seconds of its median task, seconds of its run; of a removed worker's median task."""

TITLE = "Tasks that stand still while workers restart and leave"
HEADS = ("operation", "way", "seconds", "tasks", "at once", "median", "longest", "lost")
LEGEND = (
    f"seconds: of the command; tasks: how many stood still for more than {STILL:g} s; at once: most of them at the same "
    "moment; median, longest, lost: seconds of an interrupted task, of the longest gap, of all tasks together."
)


@dataclass(frozen=True)
class Conditions:
    """What all cases of a file have in common. `delay` in seconds; `stable_for` is the value of `rolling_stable_for`."""

    kafka: str = "4.3"
    delay: float = DEFAULT_DELAY
    protocol: str = "sessioned"
    exactly_once: bool = False
    brokers: int = 1
    stable_for: int = 5

    def __str__(self) -> str:
        source = ", exactly-once source support" if self.exactly_once else ""
        default = " (Kafka's default)" if self.delay == DEFAULT_DELAY else ""
        brokers = f"{self.brokers} brokers" if self.brokers > 1 else "1 broker"
        return (
            f"Kafka {self.kafka}, {WORKERS} workers, {TASKS} tasks of {RATE} records per second, {brokers}, "
            f"scheduled.rebalance.max.delay.ms {self.delay:g} s{default}, connect.protocol {self.protocol}{source}, "
            f"rolling_stable_for {self.stable_for} s"
        )


@dataclass(frozen=True)
class Measured:
    """One way of an operation. `seconds`: of its commands; `recovered`: until all tasks ran again; both from its start.

    `gaps`: by task, in which seconds since the start it wrote nothing.
    """

    name: str
    operation: str
    way: str
    date: str
    seconds: float
    recovered: float
    gaps: tuple[tuple[tuple[float, float], ...], ...]
    drawn: bool = True

    @property
    def interruption(self) -> Interruption:
        """The gaps with their statistics."""
        return Interruption(
            {str(task): tuple(Silence(*gap) for gap in gaps) for task, gaps in enumerate(self.gaps, start=1)}
        )


@dataclass(frozen=True)
class Results:
    """All cases that were measured under the same conditions."""

    conditions: Conditions
    measured: Mapping[str, Measured] = field(default_factory=dict)

    def with_one(self, one: Measured) -> Results:
        """The same results with a further case, which replaces an earlier measurement of the same name."""
        return replace(self, measured={**self.measured, one.name: one})

    def ordered(self) -> list[Measured]:
        """The cases by operation, in the order of CASES."""
        steps = [step for case in CASES for step in case.steps]
        operations = list(dict.fromkeys(step.operation for step in steps))
        steps.sort(key=lambda step: operations.index(step.operation))
        return [self.measured[step.name] for step in steps if step.name in self.measured]

    def dates(self) -> str:
        """The day of the measurement, or the first and the last day."""
        days = sorted({one.date for one in self.measured.values()})
        return " to ".join(dict.fromkeys([*days[:1], *days[-1:]]))


def in_json(results: Results) -> str:
    """The file: a source of testing/pictures/lanes.py, with one line per case."""
    shown = [one for one in results.ordered() if one.drawn]
    lost = "; ".join(f"{one.operation}, {one.way}: {one.interruption.lost:.0f} task-seconds lost" for one in shown)
    head = {
        "title": TITLE,
        "description": f"Each row is one task. Bars show when it wrote nothing. {lost}.",
        "note": str(results.conditions),
        "conditions": asdict(results.conditions),
    }
    cases = ",\n".join(f"  {json.dumps(asdict(one))}" for one in results.ordered())
    lines = [f" {json.dumps(key)}: {json.dumps(value)}," for key, value in head.items()]
    return "\n".join(["{", *lines, ' "cases": [', *([cases] if cases else []), " ]", "}", ""])


def from_json(text: str) -> Results:
    """The results that `in_json` wrote."""
    content = json.loads(text)
    return Results(Conditions(**content["conditions"]), {one["name"]: _measured(one) for one in content["cases"]})


def _measured(one: Mapping[str, Any]) -> Measured:
    gaps = tuple(tuple((begin, end) for begin, end in task) for task in one["gaps"])
    return Measured(**{**one, "gaps": gaps})


def load(file: Path) -> Results | None:
    """The results in a file; None without a file."""
    return from_json(file.read_text(encoding="utf-8")) if file.exists() else None


def rows(results: Results) -> list[list[str]]:
    """The cells of the table."""
    return [_row(one, one.interruption) for one in results.ordered()]


def _row(one: Measured, seen: Interruption) -> list[str]:
    counted = [f"{one.seconds:.0f}", str(seen.interrupted), str(seen.at_once)]
    return [one.operation, one.way, *counted, f"{seen.median:.1f}", f"{seen.longest:.1f}", f"{seen.lost:.0f}"]


def goals(results: Results) -> list[Goal]:
    """The goals of the cases that were measured. There are none for `eager`, which has no delay."""
    if results.conditions.protocol == "eager":
        return []
    found = []
    if restart := results.measured.get(LEADER_FIRST):
        found += [
            Goal(f"{restart.way}: lost task-seconds", restart.interruption.lost, LOST),
            Goal(f"{restart.way}: seconds of the median task", restart.interruption.median, MEDIAN),
            Goal(f"{restart.way}: seconds of the run", restart.seconds, WHOLE),
        ]
    if departure := results.measured.get(RELEASE):
        found.append(Goal(f"{departure.way}: seconds of the median task", departure.interruption.median, MOVED))
    return found


def last_line(results: Results) -> str:
    """The line for programs: our defaults, `none` for a case that was not measured. A delay other than Kafka's is appended."""
    restart, departure = (results.measured.get(name) for name in (LEADER_FIRST, RELEASE))
    numbers = {
        "rolling_restart": restart and restart.interruption.lost,
        "scale_in": departure and departure.interruption.lost,
        "median": restart and restart.interruption.median,
    }
    words = [f"{key}={'none' if value is None else f'{value:.1f}'}" for key, value in numbers.items()]
    delay = results.conditions.delay
    return " ".join(["lost_task_seconds", *words, *([] if delay == DEFAULT_DELAY else [f"delay={delay:g}"])])


def printed(results: Results) -> Iterator[str]:
    """The lines to print."""
    yield f"### Tasks while workers restart, leave and return ({results.conditions}; seen by gaps in their records)\n"
    yield table(HEADS, rows(results))
    yield f"\n{LEGEND}"
    yield ""
    yield from (f"- {goal}" for goal in goals(results))
    yield ""
    yield last_line(results)


def gaps_of(silences: Sequence[Sequence[Silence]], begin: float) -> tuple[tuple[tuple[float, float], ...], ...]:
    """Silences by task as Measured has them: rounded seconds since `begin`."""
    return tuple(tuple((round(one.begin - begin, 2), round(one.end - begin, 2)) for one in task) for task in silences)
