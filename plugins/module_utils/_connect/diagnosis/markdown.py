# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A diagnosis as Markdown, for tickets and chats. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..history.times import shown_clock
from .assemble import causes_line, shown_since
from .model import Cause, Diagnosis
from .terminal import VERDICTS, history_lines

MOST_LANES = 50
"""Connectors with failures that are listed. The page shows all of them."""

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|~!]")


def markdown(diagnosis: Diagnosis) -> str:
    """The whole report without the timeline's drawing."""
    return "\n".join(_lines(diagnosis)) + "\n"


def _escaped(text: str) -> str:
    """Text from other sources, so that nothing in it is a format, a link or HTML."""
    return _SPECIAL.sub(lambda match: "\\" + match[0], " ".join(text.split()))


def _lines(diagnosis: Diagnosis) -> Iterator[str]:
    title = diagnosis.cluster or "Kafka Connect"
    yield f"# {_escaped(title)}: {VERDICTS[diagnosis.verdict]}"
    yield ""
    yield f"{shown_clock(diagnosis.time)}. {_escaped(diagnosis.summary)}"
    yield ""
    yield f"## Causes: {causes_line(diagnosis.causes)}"
    yield ""
    for place, cause in enumerate(diagnosis.causes, 1):
        yield from _cause(place, cause, diagnosis.time)
    yield "## What happened"
    yield ""
    for line in history_lines(diagnosis):
        yield f"- {_escaped(line)}"
    yield ""
    yield from _failures(diagnosis)
    if diagnosis.unread:
        yield "## Not read"
        yield ""
        for text in diagnosis.unread:
            yield f"- {_escaped(text)}"
        yield ""


def _cause(place: int, cause: Cause, now: int) -> Iterator[str]:
    yield f"{place}. **{cause.severity}**: {_escaped(cause.message)}"
    for label, text in (("", shown_since(cause, now)), ("before: ", cause.change)):
        if text:
            yield f"   - {label}{_escaped(text)}"
    for text in cause.consequences:
        yield f"   - because of that: {_escaped(text)}"
    if cause.advice:
        yield f"   - **fix**: {_escaped(cause.advice)}"
    yield ""


def _failures(diagnosis: Diagnosis) -> Iterator[str]:
    lanes = [lane for lane in diagnosis.timeline.lanes if lane.failures] if diagnosis.timeline is not None else []
    if not lanes:
        return
    yield "| connector | state | failures | last event |"
    yield "|---|---|---|---|"
    for lane in lanes[:MOST_LANES]:
        last = f"{shown_clock(lane.marks[-1].time)}: {_escaped(lane.marks[-1].text)}" if lane.marks else ""
        yield f"| {_escaped(lane.connector)} | {lane.state or 'unknown'} | {lane.failures} | {last} |"
    if len(lanes) > MOST_LANES:
        yield f"| and {len(lanes) - MOST_LANES} more | | | |"
    yield ""
