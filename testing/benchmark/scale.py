# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The cost of a plan against the number of connectors, with workers that respond after 20 ms."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from testing.fake_connect import FakeCluster, faults, matching
from testing.fake_connect.__main__ import sample_config
from testing.sandbox.environment import CHECKOUT

from .measuring import Case, Goal, Sample, Series, interleaved, net, table
from .playbooks import RunFailedError

LATENCY = 0.02
CHANGED_SHARE = 10
"""One of this many connectors would be changed."""

BEYOND_TRANSFER, MEGABYTES = 2.0, 200.0
FEW = 100
"""The number of connectors whose cost per connector is the baseline for larger numbers; with fewer, imports dominate.
"""


@dataclass(frozen=True)
class Sizes:
    """Numbers of connectors, and how often each is measured."""

    connectors: Sequence[int] = (10, 100, 1000, 2000)
    rounds: int = 5


def run(sizes: Sizes, folder: Path, report: Callable[[str], None]) -> Iterator[str]:
    """Measure, and yield the lines to print."""
    rows: list[list[str]] = []
    last: list[str] = []
    cost: dict[int, float] = {}
    for count in sizes.connectors:
        series = _measure(count, folder / str(count), sizes.rounds, report)
        ours, bare = series["ours"], series["bare"]
        beyond = net(ours, bare)
        cost[count] = beyond / count
        rows.append(
            [
                f"{count}",
                f"{ours.seconds:.3f}",
                f"{bare.seconds:.3f}",
                f"{beyond:.3f}",
                f"{1000 * cost[count]:.3f}",
                f"{ours.fact('megabytes'):.0f}",
                f"{ours.fact('requests'):.0f}",
            ]
        )
        last = [
            str(Goal(f"{count} connectors: seconds beyond the transfer", beyond, BEYOND_TRANSFER)),
            str(Goal(f"{count} connectors: peak memory in MB", ours.fact("megabytes"), MEGABYTES)),
        ]
    yield f"### A plan that changes one of {CHANGED_SHARE} (fake worker, {1000 * LATENCY:.0f} ms latency; the engine alone)\n"
    heads = ["connectors", "seconds", "bare GET and parsing", "beyond", "ms a connector", "peak MB", "requests"]
    yield table(heads, rows)
    yield ""
    yield from (f"- {line}" for line in last)
    largest = max(cost)
    if FEW in cost and largest > FEW:
        text = f"{largest} connectors: time beyond the transfer, a connector, as a share of that with {FEW}"
        yield f"- {Goal(text, cost[largest] / cost[FEW], 1)}"


def _measure(count: int, folder: Path, rounds: int, report: Callable[[str], None]) -> dict[str, Series]:
    folder.mkdir()
    with FakeCluster(workers=3) as cluster:
        for number in range(count):
            name, config = f"connector-{number:05}", sample_config(number)
            cluster.connectors.put(name, config, settled=False)
            desired = config if number % CHANGED_SHARE else {**config, "batch.size": 4000}
            text = json.dumps({"name": name, "config": desired})
            (folder / f"{name}.json").write_text(text, encoding="utf-8")
        cluster.connectors.settle()
        cluster.script(matching(), [faults.hold(LATENCY, times=sys.maxsize)])
        arguments = [cluster.urls[0], str(folder)]
        cases = [Case("ours", partial(_ours, arguments, count)), Case("bare", partial(_bare, arguments, count))]
        return interleaved(cases, rounds, lambda text: report(f"{count} connectors: {text}"))


def _ours(arguments: Sequence[str], count: int) -> Sample:
    reported = _reported("testing.benchmark.engine", arguments)
    expected = len(range(0, count, CHANGED_SHARE))
    if reported["changes"] != expected:
        raise RunFailedError(f"the engine would change {reported['changes']:.0f} connectors, not {expected}")
    return Sample(reported["seconds"], reported["cpu"], reported)


def _bare(arguments: Sequence[str], count: int) -> Sample:
    reported = _reported("testing.benchmark.bare", arguments)
    if reported["found"] != count:
        raise RunFailedError(f"the bare program found {reported['found']:.0f} of {count} connectors")
    return Sample(reported["seconds"], reported["cpu"])


def _reported(module: str, arguments: Sequence[str]) -> dict[str, float]:
    answer = subprocess.run(
        [sys.executable, "-m", module, *arguments], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    if answer.returncode:
        raise RunFailedError(f"{module} failed:\n{answer.stderr[-4000:]}")
    reported: dict[str, float] = json.loads(answer.stdout)
    return reported
