# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values and texts with a mask in place of their secrets. Pure.

Imports nothing else, because every run needs it, and a worker's host with an old Python, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

MASK = "********"

_MASKED = re.compile(r"\*{3,}|\[hidden\]|<hidden>|\(hidden\)", re.IGNORECASE)


def is_masked(value: str) -> bool:
    """Return whether a worker, or a proxy in front of it, has replaced the value with stars or "[hidden]"."""
    return _MASKED.fullmatch(value) is not None


def cover(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return the text with one mask for each run of spans that overlap or touch. A span is a start and an end."""
    shown: list[str] = []
    shown_to, masked_to = 0, -1
    for start, end in sorted(spans):
        if start > masked_to:
            shown.append(text[shown_to:start])
        if end > masked_to:
            masked_to = shown_to = end
    return MASK.join([*shown, text[shown_to:]])
