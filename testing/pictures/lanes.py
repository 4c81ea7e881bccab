# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lanes over time: which tasks stood still, and when. The source is JSON, written by the benchmark `interruption`:

- `title`, `description`, and `note`, the conditions of the measurement
- `cases`, each with `operation`, `way`, `seconds` (how long its commands ran), `recovered`, and `gaps`: for each task a list of
  its gaps, each with begin and end in seconds since the start; only cases with `drawn` are shown

All lanes have the same time scale.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from .svg import document, element

WIDTH = 800
_MARGIN = 24
_LANE, _BAR = 7, 5
"""Height of a lane, and of the bar in it."""

_NOTE_COLUMNS = 112
_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600)
_MOST_TICKS = 10

_STYLES = [
    "text{font:12px system-ui,-apple-system,'Segoe UI','DejaVu Sans',sans-serif;fill:[ink]}",
    ".paper{fill:[paper];stroke:[frame]}.heading{font-size:17px;font-weight:600}.name{font-size:13px;font-weight:600}",
    ".small{fill:[dim]}.grid{stroke:[frame];stroke-dasharray:2 3}.lane{fill:[soft]}.run{fill:[blue-soft]}.gap{fill:[red]}",
]


def lanes(source: dict[str, Any]) -> str:
    """The picture of a source."""
    cases = [case for case in source["cases"] if case["drawn"]]
    axis = _Axis(max((_end(case) for case in cases), default=1.0))
    body, top = _head(source)
    operation = None
    panels: list[str] = []
    for case in cases:
        if case["operation"] != operation:
            operation = case["operation"]
            top += 22
            panels.append(element("text", escape(operation), x=_MARGIN, y=top, class_="name"))
        panels += _panel(case, axis, top)
        top += _height(case)
    height = top + 44
    return document(
        title=source["title"],
        description=source["description"],
        width=WIDTH,
        height=height,
        styles=_STYLES,
        body=[
            element("rect", x=0.5, y=0.5, width=WIDTH - 1, height=height - 1, rx=8, class_="paper"),
            *body,
            *panels,
            *axis.labels(top + 22),
        ],
    )


class _Axis:
    """The time axis of all lanes, from 0 to the first tick that is not before `end`."""

    def __init__(self, end: float) -> None:
        self._step = next((step for step in _STEPS if end / step <= _MOST_TICKS), _STEPS[-1])
        self._ticks = -int(-end // self._step)

    def x(self, seconds: float) -> float:
        """The position of a time; a time before the start is at the start."""
        return _MARGIN + max(seconds, 0.0) / (self._ticks * self._step) * (WIDTH - 2 * _MARGIN)

    def lines(self, top: float, bottom: float) -> Iterator[str]:
        """A line at each tick."""
        for number in range(self._ticks + 1):
            yield element("path", d=f"M{self.x(number * self._step):.1f} {top:g}V{bottom:g}", class_="grid")

    def labels(self, y: float) -> Iterator[str]:
        """The times of the ticks."""
        for number in range(self._ticks + 1):
            anchor = "start" if number == 0 else "end" if number == self._ticks else "middle"
            x = self.x(number * self._step)
            yield element("text", self._label(number), x=x, y=y, text_anchor=anchor, class_="small")

    def _label(self, number: int) -> str:
        seconds = number * self._step
        if number == 0:
            return "0"
        return f"{seconds / 60:g} min" if self._step >= 60 else f"{seconds} s"


def _end(case: dict[str, Any]) -> float:
    """The end of the last thing that the lanes of a case show."""
    return float(max([case["seconds"], *(end for task in case["gaps"] for _begin, end in task)]))


def _height(case: dict[str, Any]) -> int:
    return 30 + len(case["gaps"]) * _LANE


def _head(source: dict[str, Any]) -> tuple[list[str], int]:
    """Title, conditions and legend, and the height that they take."""
    parts = [element("text", escape(source["title"]), x=_MARGIN, y=34, class_="heading")]
    top = 54
    for line in textwrap.wrap(source["note"], _NOTE_COLUMNS):
        parts.append(element("text", escape(line), x=_MARGIN, y=top, class_="small"))
        top += 16
    top += 6
    legend: Sequence[tuple[str, str, int]] = (
        ("gap", "a task writes nothing (one row per task)", _MARGIN),
        ("run", "the commands run", _MARGIN + 290),
        ("lane", "all commands have ended", _MARGIN + 440),
    )
    for style, text, x in legend:
        parts.append(element("rect", x=x, y=top - 8, width=18, height=_BAR + 4, class_=style))
        parts.append(element("text", text, x=x + 26, y=top, class_="small"))
    return parts, top + 6


def _panel(case: dict[str, Any], axis: _Axis, top: int) -> Iterator[str]:
    """The lanes of a case, with its way and numbers above them."""
    sums = [end - begin for task in case["gaps"] for begin, end in task]
    numbers = f"{case['seconds']:,.0f} s; lost {sum(sums):,.0f} task-seconds; longest gap {max(sums, default=0):,.0f} s"
    yield element("text", escape(case["way"]), x=_MARGIN, y=top + 20)
    yield element("text", numbers, x=WIDTH - _MARGIN, y=top + 20, text_anchor="end", class_="small")
    down, left = top + 28, axis.x(0)
    whole, ran = WIDTH - 2 * _MARGIN, axis.x(case["seconds"]) - left
    for number in range(len(case["gaps"])):
        y = down + number * _LANE
        yield element("rect", x=left, y=y, width=whole, height=_BAR, class_="lane")
        yield element("rect", x=left, y=y, width=float(ran), height=_BAR, class_="run")
    yield from axis.lines(down - 2, down + len(case["gaps"]) * _LANE)
    for number, task in enumerate(case["gaps"]):
        y = down + number * _LANE
        for begin, end in task:
            x = axis.x(begin)
            # A short gap stays visible.
            yield element("rect", x=x, y=y, width=max(axis.x(end) - x, 1.0), height=_BAR, class_="gap")
