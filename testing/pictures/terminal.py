# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A terminal's lines as a picture. Its source is JSON: title, description, columns, and lines of [style, text] pieces."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from .svg import document, element

Line = list[tuple[str, str]]
"""Pieces of a line: a style, one of STYLES, and its text."""

STYLES = ("", "red", "green", "amber", "cyan", "dim", "bold")
_COLOURS = {"31": "red", "32": "green", "33": "amber", "36": "cyan"}
_ESCAPE = re.compile(r"\x1b\[([0-9;]*)m")

_SIZE, _ADVANCE, _LEADING, _MARGIN, _BAR = 13, 7.8, 18, 18, 34


def read_line(text: str) -> Line:
    """The pieces of a line as a program printed it, by its escape sequences for colors."""
    pieces, style, position = [], "", 0
    for found in _ESCAPE.finditer(text):
        pieces.append((style, text[position : found.start()]))
        style = next((_COLOURS[code] for code in found[1].split(";") if code in _COLOURS), "")
        position = found.end()
    pieces.append((style, text[position:]))
    return [(style, part) for style, part in pieces if part]


def terminal(source: dict[str, Any]) -> str:
    """The picture of a source."""
    lines: Sequence[Line] = source["lines"]
    width = round(source["columns"] * _ADVANCE + 2 * _MARGIN)
    height = _BAR + len(lines) * _LEADING + 2 * _MARGIN - 6
    styles = [
        (
            f"text{{font:{_SIZE}px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;"
            "fill:[ink];white-space:pre}"
        ),
        ".window{fill:[paper];stroke:[frame]}.bar{fill:[soft];stroke:[frame]}.dot{fill:[frame]}",
        ".bold{font-weight:700}",
        *(f".{name}{{fill:[{name}]}}" for name in STYLES if name not in ("", "bold")),
    ]
    return document(
        title=source["title"],
        description=source["description"],
        width=width,
        height=height,
        styles=styles,
        body=[*_window(source["title"], width, height), *_text(lines)],
    )


def _window(title: str, width: int, height: int) -> Iterator[str]:
    yield element("rect", x=0.5, y=0.5, width=width - 1, height=height - 1, rx=8, class_="window")
    yield element("path", d=f"M.5 {_BAR}V8.5a8 8 0 0 1 8-8H{width - 8.5}a8 8 0 0 1 8 8V{_BAR}z", class_="bar")
    for number in range(3):
        yield element("circle", cx=20 + 18 * number, cy=17, r=5, class_="dot")
    yield element("text", escape(title), x=width / 2, y=21.5, text_anchor="middle", class_="dim")


def _text(lines: Sequence[Line]) -> Iterator[str]:
    for number, line in enumerate(lines):
        y, column = _BAR + _MARGIN + 10 + number * _LEADING, 0
        for style, text in line:
            if text.strip():
                # Each piece starts at its column, regardless of the width of the reader's font.
                yield element(
                    "text",
                    escape(text, quote=False),
                    x=_MARGIN + column * _ADVANCE,
                    y=y,
                    textLength=len(text) * _ADVANCE,
                    lengthAdjust="spacingAndGlyphs",
                    class_=style or None,
                    **{"xml:space": "preserve"},
                )
            column += len(text)
