# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the results into files, and into the documentation: into the blocks that these pages reserve for them.

`python -m testing.benchmark.interruption.pages [FILE.json]` does it for saved results, by default those in docs/images.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from testing.benchmark.measuring import table
from testing.pictures.lanes import lanes
from testing.sandbox.environment import CHECKOUT

from .cases import LEADER_FIRST, RELEASE
from .results import HEADS, LEGEND, Measured, Results, goals, in_json, load, rows

RESULTS = CHECKOUT / "docs" / "images" / "interruption.json"
BEGIN, END = "<!-- interruption: written by the benchmark, with --document -->", "<!-- interruption: end -->"

_PERFORMANCE = CHECKOUT / "docs" / "development" / "performance.md"
_GUIDE = CHECKOUT / "docs" / "guides" / "upgrade-without-stopping.md"
_PICTURE = (
    "![Rows of tasks over time, with a bar for each time in which a task stands still](../images/interruption.svg)"
)


def performance(results: Results) -> str:
    """The block of docs/development/performance.md: the table, the goals, the picture."""
    reached = "\n".join(f"- {goal}" for goal in goals(results))
    conditions = f"{results.dates()}: {results.conditions}."
    return "\n\n".join(part for part in (conditions, table(HEADS, rows(results)), LEGEND, reached, _PICTURE) if part)


def guide(results: Results) -> str:
    """The block of the guide: the numbers of a rolling restart by the usual order and by ours, and the picture."""
    sentences = list(_sentences(results.measured))
    return "\n\n".join([*sentences, _PICTURE])


def _sentences(measured: Mapping[str, Measured]) -> Iterator[str]:
    usual, ours = measured.get("leader-last"), measured.get(LEADER_FIRST)
    if usual and ours:
        yield (
            f"Measured on four workers with twelve tasks: with the leader last, the tasks lost {usual.interruption.lost:,.0f} "
            f"task-seconds,\nthe median task {usual.interruption.median:.0f} s. With the leader first, they lost "
            f"{ours.interruption.lost:,.0f} task-seconds, the median task\n{ours.interruption.median:.1f} s. The run took "
            f"{ours.seconds:,.0f} s instead of {usual.seconds:,.0f} s."
        )
    usual, ours = measured.get("scale-in-wait"), measured.get(RELEASE)
    if usual and ours:
        yield (
            f"Removing two of the four workers cost {ours.interruption.lost:,.0f} task-seconds instead of "
            f"{usual.interruption.lost:,.0f}."
        )


def filled(page: str, block: str) -> str:
    """The page with this block between BEGIN and END. Raises ValueError if the page has no such place."""
    before, begin, rest = page.partition(BEGIN)
    _previous, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{BEGIN} and {END} are missing")
    return f"{before}{begin}\n\n{block}\n\n{end}{after}"


def _pages(results: Results) -> dict[Path, str]:
    blocks = {_PERFORMANCE: performance(results), _GUIDE: guide(results)}
    return {page: filled(page.read_text(encoding="utf-8"), block) for page, block in blocks.items()}


def save(results: Results, file: Path) -> None:
    """Write the results, and the picture beside them."""
    text = in_json(results)
    file.write_text(text, encoding="utf-8")
    file.with_suffix(".svg").write_text(lanes(json.loads(text)), encoding="utf-8")


def write(results: Results) -> list[str]:
    """Write results, picture and blocks of the documentation. Returns the names of the pages."""
    pages = _pages(results)
    save(results, RESULTS)
    for page, text in pages.items():
        page.write_text(text, encoding="utf-8")
    return [page.name for page in pages]


def outdated() -> list[str]:
    """The names of pages whose block is not what the results in the documentation say. None without results."""
    results = load(RESULTS)
    pages = _pages(results) if results else {}
    return [page.name for page, text in pages.items() if page.read_text(encoding="utf-8") != text]


if __name__ == "__main__":
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else RESULTS
    if not (saved := load(file)):
        sys.exit(f"{file} does not exist")
    print(*write(saved), sep="\n")
