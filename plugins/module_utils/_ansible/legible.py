# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes the texts of a result legible for people, and leaves its fields for programs unchanged."""

from __future__ import annotations

from typing import Any

from .._connect.errors import legible

_TEXTS = frozenset(
    {
        "msg",
        "message",
        "advice",
        "text",
        "reason",
        "cause",
        "error",
        "warning",
        "warnings",
        "drift",
        "rollback",
        "problem",
    }
    | {"journal", "before_header", "after_header", "before", "after", "prepared"}
)
"""Fields that people read. Names, keys and states are for programs and stay unchanged."""

_DATA = frozenset({"config", "configs", "definitions"})
"""Fields that contain data of other programs, with any keys."""


def legible_result(value: Any, name: str = "") -> Any:
    """Return a module's result, or the part of it in the field `name`, in legible form."""
    if value.__class__ is str:
        return legible(value) if name in _TEXTS else value
    if isinstance(value, dict) and name not in _DATA:
        return {key: legible_result(entry, key) for key, entry in value.items()}
    if isinstance(value, list):
        return [legible_result(entry, name) for entry in value]
    return value
