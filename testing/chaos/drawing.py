# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Draws the experiments from a seed, and prints their results as a table."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from .experiment import Fault, Outcome
from .moments import Moment, draw
from .topology import DEFAULT_DELAY_MS, Topology

PER_TOPOLOGY = 12
"""Maximum number of experiments on one cluster before the next one starts."""

ABOUT_THE_DELAY = frozenset({"kill-talked-to", "kill-leader", "kill-owner", "stop-30s", "stop-for-good"})
"""Faults whose effect depends on Kafka's default rebalance delay, with which a cluster takes five minutes to heal."""


@dataclass(frozen=True)
class Experiment:
    """One combination of fault, moment and cluster."""

    fault: Fault
    moment: Moment
    topology: Topology

    @property
    def replay(self) -> str:
        """The command that repeats this experiment."""
        return f'make chaos CHAOS="--only {self.fault.name}@{self.moment} {self.topology.words}"'


def experiments(seed: int, faults: Sequence[Fault], topologies: Sequence[Topology]) -> Iterator[Experiment]:
    """Endless sequence: every fault once in random order, then every fault again at another moment, and so on.

    Experiments on the same cluster are grouped; the clusters take turns.
    """
    choice = random.Random(seed)
    clusters = [topology for topology in topologies if fitting(faults, topology)]
    choice.shuffle(clusters)
    waiting: dict[Topology, list[Fault]] = {}
    for topology in itertools.cycle(clusters):
        left = waiting.setdefault(topology, [])
        fit = fitting(faults, topology)
        for _number in range(min(PER_TOPOLOGY, len(fit))):
            if not left:
                left += fit
                choice.shuffle(left)
            fault = left.pop()
            yield Experiment(fault, draw(choice, fault.phases), topology)


def fitting(faults: Iterable[Fault], topology: Topology) -> list[Fault]:
    """The faults that are useful on a cluster."""
    return [fault for fault in faults if topology.delay_ms < DEFAULT_DELAY_MS or fault.name in ABOUT_THE_DELAY]


@dataclass
class Row:
    """Results of all experiments with one fault. `missed` counts those whose run did not reach the moment."""

    runs: int = 0
    converged: int = 0
    reported: int = 0
    failed: int = 0
    missed: int = 0
    longest: float = 0.0

    def add(self, outcome: Outcome) -> None:
        self.runs += 1
        self.longest = max(self.longest, outcome.elapsed)
        self.missed += not outcome.struck
        if outcome.violations:
            self.failed += 1
        elif outcome.converged:
            self.converged += 1
        else:
            self.reported += 1


def table(faults: Sequence[Fault], rows: dict[str, Row]) -> str:
    """The table of results, followed by the faults that were not drawn."""
    width = max(len(fault.name) for fault in faults)
    lines = [f"{'fault':<{width}}  runs  converged  reported correctly  failed   missed  longest"]
    for fault in faults:
        if row := rows.get(fault.name):
            lines.append(
                f"{fault.name:<{width}}  {row.runs:4}  {row.converged:9}  {row.reported:18}  {row.failed:6}  "
                f"{row.missed:7}  {row.longest:5.0f} s"
            )
    left = [fault.name for fault in faults if fault.name not in rows]
    lines.append(f"not drawn: {', '.join(left) or 'nothing'}")
    return "\n".join(lines)
