# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws a badge. Its source is YAML: title, description, `badge: {label, message}`. No other server is involved."""

from __future__ import annotations

from html import escape
from typing import Any

from .svg import document, element

_STYLES = [
    "text{font:11px Verdana,'DejaVu Sans',sans-serif;fill:#fff;text-anchor:middle}.label{fill:#555}.message{fill:#0969da}"
]
_ADVANCE, _MARGIN = 6.7, 12


def badge(source: dict[str, Any]) -> str:
    """The picture of a source."""
    label, message = source["badge"]["label"], source["badge"]["message"]
    left, right = (round(len(text) * _ADVANCE + _MARGIN) for text in (label, message))
    return document(
        title=source["title"],
        description=source["description"],
        width=left + right,
        height=20,
        styles=_STYLES,
        body=[
            element("rect", width=left + right, height=20, rx=3, class_="message"),
            element("path", d=f"M3 0H{left}V20H3a3 3 0 0 1-3-3V3a3 3 0 0 1 3-3z", class_="label"),
            *(
                element("text", escape(text), x=x, y=14, textLength=round(len(text) * _ADVANCE))
                for text, x in ((label, left / 2), (message, left + right / 2))
            ),
        ],
    )
