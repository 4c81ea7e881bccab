# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A diagram as a picture. Its source is YAML with everything in pixels of a drawing of `width` by `height`:

- `boxes`: each with `at` and `size`, a `kind` (one of KINDS), and `title`, `lines` or both; an `id` for arrows
- `arrows`: `from` and `to`, each an id with a side (`plan.right`, `plan.right+10` is ten lower) or a point; `via`: points
  between; `label`, `dashed`
- `texts`: each with `at`, `text`, `style` (heading, note, name) and `anchor`
- `rules`: lines between two points
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from html import escape
from typing import Any

from .svg import document, element

KINDS = ("plain", "blue", "green", "amber", "red", "group")
Point = tuple[float, float]

_STYLES = [
    "text{font:13px system-ui,-apple-system,'Segoe UI','DejaVu Sans',sans-serif;fill:[ink]}",
    ".paper{fill:[paper];stroke:[frame]}.rule{stroke:[frame]}.arrow{fill:none;stroke:[line];stroke-width:1.6}",
    ".tip{fill:[line]}.dashed{stroke-dasharray:5 4}.title{font-weight:600}.small,.note,.label{font-size:12px;fill:[dim]}",
    ".code{font:12px ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace}.heading{font-size:17px;font-weight:600}",
    ".name{font-weight:600}.back{fill:[paper]}",
    ".plain{fill:[soft];stroke:[frame]}.group{fill:none;stroke:[frame];stroke-dasharray:4 4}",
    *(f".{name}{{fill:[{name}-soft];stroke:[{name}]}}" for name in ("blue", "green", "amber", "red")),
]
_LABEL_ADVANCE = 6.2


def diagram(source: dict[str, Any]) -> str:
    """The picture of a source."""
    width, height = source["width"], source["height"]
    boxes = {box["id"]: box for box in source.get("boxes", []) if "id" in box}
    body = [
        element("rect", x=0.5, y=0.5, width=width - 1, height=height - 1, rx=8, class_="paper"),
        *(
            element("path", d=f"M{rule[0][0]} {rule[0][1]}L{rule[1][0]} {rule[1][1]}", class_="rule")
            for rule in source.get("rules", [])
        ),
        *(part for box in source.get("boxes", []) for part in _box(box)),
        *(part for arrow in source.get("arrows", []) for part in _arrow(arrow, boxes)),
        *(_words(text) for text in source.get("texts", [])),
    ]
    return document(
        title=source["title"],
        description=source["description"],
        width=width,
        height=height,
        styles=_STYLES,
        body=body,
    )


def _box(box: dict[str, Any]) -> Iterator[str]:
    (x, y), (width, height), kind = box["at"], box["size"], box.get("kind", "plain")
    if kind not in KINDS:
        raise ValueError(f"a box of kind {kind}: choose one of {', '.join(KINDS)}")
    yield element("rect", x=x, y=y, width=width, height=height, rx=box.get("corner", 6), class_=kind)
    title, lines = box.get("title"), box.get("lines", [])
    left = kind == "group" or box.get("align") == "left"
    across = x + 12 if left else x + width / 2
    anchor = None if left else "middle"
    # A group's title is at its top; other text is in the middle of the box.
    line_height = 17
    down = y + 22 if left else y + height / 2 - (bool(title) + len(lines)) * line_height / 2 + 13
    if title:
        yield element("text", escape(title), x=across, y=down, text_anchor=anchor, class_="title")
        down += line_height
    style = "code" if box.get("code") else "small"
    for number, line in enumerate(lines):
        yield element("text", escape(line), x=across, y=down + number * line_height, text_anchor=anchor, class_=style)


def _point(end: Any, boxes: dict[str, Any]) -> Point:
    if isinstance(end, list):
        return float(end[0]), float(end[1])
    name, side, shift = re.fullmatch(r"(\w+)\.(\w+)([+-]\d+)?", end).groups()  # type: ignore[union-attr]  # a wrong end is a wrong source
    (x, y), (width, height), more = boxes[name]["at"], boxes[name]["size"], int(shift or 0)
    return {
        "left": (x, y + height / 2 + more),
        "right": (x + width, y + height / 2 + more),
        "top": (x + width / 2 + more, y),
        "bottom": (x + width / 2 + more, y + height),
    }[side]


def _arrow(arrow: dict[str, Any], boxes: dict[str, Any]) -> Iterator[str]:
    points = [_point(end, boxes) for end in (arrow["from"], *arrow.get("via", []), arrow["to"])]
    (before_x, before_y), (x, y) = points[-2:]
    length = max(((x - before_x) ** 2 + (y - before_y) ** 2) ** 0.5, 1)
    along, across = ((x - before_x) / length, (y - before_y) / length)
    path = "L".join(f"{_number(px)} {_number(py)}" for px, py in [*points[:-1], (x - 7 * along, y - 7 * across)])
    yield element("path", d=f"M{path}", class_="arrow dashed" if arrow.get("dashed") else "arrow")
    corners = [
        (x, y),
        (x - 9 * along - 4.5 * across, y - 9 * across + 4.5 * along),
        (x - 9 * along + 4.5 * across, y - 9 * across - 4.5 * along),
    ]
    yield element("path", d="M" + "L".join(f"{_number(px)} {_number(py)}" for px, py in corners) + "z", class_="tip")
    if label := arrow.get("label"):
        # In the middle of the longest stretch, on a patch that hides the line.
        start, end = max(
            itertools.pairwise(points),
            key=lambda pair: abs(pair[0][0] - pair[1][0]) + abs(pair[0][1] - pair[1][1]),
        )
        middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
        width = len(label) * _LABEL_ADVANCE + 10
        yield element("rect", x=middle[0] - width / 2, y=middle[1] - 10, width=width, height=20, class_="back")
        yield element("text", escape(label), x=middle[0], y=middle[1] + 4, text_anchor="middle", class_="label")


def _words(text: dict[str, Any]) -> str:
    x, y = text["at"]
    anchor = text.get("anchor")
    return element("text", escape(text["text"]), x=x, y=y, text_anchor=anchor, class_=text.get("style", "note"))


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
