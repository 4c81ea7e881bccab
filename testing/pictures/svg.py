# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Elements of an SVG, and the colors of all pictures, with dark ones for readers whose system prefers them."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

_LIGHT = {
    "paper": "#ffffff", "frame": "#d0d7de", "ink": "#1f2328", "dim": "#59636e", "soft": "#f6f8fa", "line": "#818b98",
    "blue": "#0969da", "blue-soft": "#ddf4ff", "green": "#1a7f37", "green-soft": "#dafbe1",
    "amber": "#9a6700", "amber-soft": "#fff8c5", "red": "#cf222e", "red-soft": "#ffebe9", "cyan": "#1b7c83",
}  # fmt: skip
_DARK = {
    "paper": "#0d1117", "frame": "#3d444d", "ink": "#f0f6fc", "dim": "#9198a1", "soft": "#151b23", "line": "#656c76",
    "blue": "#58a6ff", "blue-soft": "#0c2d6b", "green": "#3fb950", "green-soft": "#0f3d1e",
    "amber": "#d29922", "amber-soft": "#3b2a04", "red": "#ff7b72", "red-soft": "#4b1113", "cyan": "#39c5cf",
}  # fmt: skip


def element(name: str, content: str = "", **attributes: object) -> str:
    """One element. `class_` and the like lose their last underscore, others become hyphens; numbers are rounded."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_text(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def _text(value: object) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)


def document(
    *, title: str, description: str, width: int, height: int, styles: Iterable[str], body: Iterable[str]
) -> str:
    """A whole picture. `styles` are rules that name colors as `[name]`."""
    rules = list(styles)
    light, dark = (_rules(rules, colors) for colors in (_LIGHT, _DARK))
    lines = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
            'role="img" aria-labelledby="title description">'
        ),
        element("title", escape(title), id="title"),
        element("desc", escape(" ".join(description.split())), id="description"),
        f"<style>{light}@media (prefers-color-scheme: dark) {{{dark}}}</style>",
        *body,
        "</svg>",
        "",
    ]
    return "\n".join(lines)


def _rules(rules: Iterable[str], colors: dict[str, str]) -> str:
    text = "".join(rules)
    for name, value in colors.items():
        text = text.replace(f"[{name}]", value)
    return text
