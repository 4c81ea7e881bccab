# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Data as Python source, with the line breaks of `ruff format`."""

from __future__ import annotations

import json

_WIDTH = 120
_INDENT = "    "


def assignment(name: str, annotation: str, value: object) -> str:
    """`name: annotation = value`; the value consists of dicts, tuples, texts, numbers, True, False and None."""
    start = f"{name}: {annotation} = "
    flat = _flat(value)
    return start + (flat if len(start) + len(flat) <= _WIDTH else _broken(value, 0)) + "\n"


def _flat(value: object) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_flat(key)}: {_flat(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, tuple):
        return "(" + ", ".join(map(_flat, value)) + (",)" if len(value) == 1 else ")")
    return repr(value)


def _broken(value: object, depth: int) -> str:
    """One entry per line. `depth`: the indentation of the line that contains the value."""
    inner = _INDENT * (depth + 1)
    if isinstance(value, dict) and value:
        entries = [_entry(f"{inner}{_flat(key)}: ", entry, depth + 1) for key, entry in value.items()]
        return "{\n" + "".join(entries) + _INDENT * depth + "}"
    if isinstance(value, tuple) and value:
        return "(\n" + "".join(_entry(inner, entry, depth + 1) for entry in value) + _INDENT * depth + ")"
    return _flat(value)


def _entry(start: str, value: object, depth: int) -> str:
    flat = _flat(value)
    text = flat if len(start) + len(flat) + 1 <= _WIDTH else _broken(value, depth)
    return f"{start}{text},\n"
