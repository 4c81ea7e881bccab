# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stack trace as text, taken apart. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

LONGEST_TRACE = 100_000
"""Characters of a stack trace that are parsed: half from its beginning, half from its end, where the innermost cause is."""

_CAUSED_BY = "Caused by: "
_FRAME = re.compile(r"\s+(at\s|\.\.\. \d+|Suppressed: |Caused by: )")


def texts_of(trace: str) -> Iterator[tuple[str, str]]:
    """Return class and message of each exception in a stack trace, and its stack frames; the outermost exception comes first.

    Messages may span several lines. Suppressed exceptions count as frames.
    """
    if len(trace) > LONGEST_TRACE:
        trace = f"{trace[: LONGEST_TRACE // 2]}\n{trace[-LONGEST_TRACE // 2 :]}"
    found: list[tuple[list[str], list[str]]] = []
    in_frames = True
    for line in trace.splitlines():
        if _FRAME.match(line):
            in_frames = True
            if found:
                found[-1][1].append(line)
        elif line.startswith(_CAUSED_BY) or (in_frames and not found):
            found.append(([line], []))
            in_frames = False
        elif found and not in_frames:
            found[-1][0].append(line)
    for lines, frames in found:
        text = "\n".join(lines).strip()
        yield text[len(_CAUSED_BY) :] if text.startswith(_CAUSED_BY) else text, "\n".join(frames)
