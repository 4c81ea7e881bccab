# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A diagnosis as lines for a terminal and as data, and what both have in common with the other forms. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..health.model import number
from ..history.times import shown_clock, shown_duration, shown_time
from .assemble import causes_line, shown_since
from .model import Cause, Diagnosis

MOST_CAUSES = 8
MOST_CONSEQUENCES = 3
LONGEST_LINE = 300
"""Of these, a screen shows no more. The files contain everything."""

VERDICTS: Mapping[str, str] = {
    "healthy": "healthy",
    "warnings": "healthy, with warnings",
    "not_healthy": "not healthy",
    "unknown": "unknown",
}


def terminal_lines(diagnosis: Diagnosis) -> list[str]:
    """One screen: the verdict, each cause with its fix, what happened, and what could not be read."""
    title = f"{diagnosis.cluster}: " if diagnosis.cluster else ""
    lines = [f"{title}{VERDICTS[diagnosis.verdict]} ({causes_line(diagnosis.causes)}), {shown_clock(diagnosis.time)}"]
    for place, cause in enumerate(diagnosis.causes[:MOST_CAUSES], 1):
        lines += _cause_lines(f"{place}.", cause, diagnosis.time)
    if len(diagnosis.causes) > MOST_CAUSES:
        lines.append(f"and {number(len(diagnosis.causes) - MOST_CAUSES, 'more finding')}")
    lines += history_lines(diagnosis)
    lines += [f"not read: {text}" for text in diagnosis.unread[:MOST_CAUSES]]
    return [_shortened(line) for line in lines]


def _shortened(line: str) -> str:
    return line if len(line) <= LONGEST_LINE else line[: LONGEST_LINE - 1] + "…"


def _cause_lines(place: str, cause: Cause, now: int) -> Iterator[str]:
    yield f"{place} {cause.severity}: {cause.message}"
    since = shown_since(cause, now)
    if since:
        yield f"   {since}"
    if cause.change:
        yield f"   before: {cause.change}"
    for text in cause.consequences[:MOST_CONSEQUENCES]:
        yield f"   because of that: {text}"
    if len(cause.consequences) > MOST_CONSEQUENCES:
        yield f"   and {number(len(cause.consequences) - MOST_CONSEQUENCES, 'more consequence')}"
    if cause.advice:
        yield f"   fix: {cause.advice}"


def history_lines(diagnosis: Diagnosis) -> Iterator[str]:
    """What happened in the time of the history, and how many events the logs show."""
    timeline = diagnosis.timeline
    if timeline is not None:
        failed = [lane for lane in timeline.lanes if lane.failures]
        failures = number(sum(lane.failures for lane in failed), "failure")
        of = f" of {number(len(failed), 'connector')}" if failed else ""
        rebalances = number(timeline.rebalance_count, "rebalance")
        yield f"in the last {shown_duration(timeline.end - timeline.since)}: {failures}{of}, {rebalances}"
    for log in diagnosis.logs:
        if not log.problem:
            yield f"log of {log.host}: {log.text}"


def as_data(diagnosis: Diagnosis) -> dict[str, Any]:
    """The diagnosis for programs. Times are in ISO 8601, in UTC."""
    timeline = diagnosis.timeline
    return {
        "cluster": diagnosis.cluster,
        "time": shown_time(diagnosis.time),
        "verdict": diagnosis.verdict,
        "summary": diagnosis.summary,
        "causes": [cause_entry(cause) for cause in diagnosis.causes],
        "timeline": None
        if timeline is None
        else {
            "since": shown_time(timeline.since),
            "end": shown_time(timeline.end),
            "is_partial": timeline.is_partial,
            "rebalances": [shown_time(mark.time) for mark in timeline.rebalances],
            "connectors": [
                {
                    "name": lane.connector,
                    "state": lane.state,
                    "exists": lane.exists,
                    "failures": lane.failures,
                    "states": [
                        {"state": part.state, "begin": shown_time(part.begin), "end": shown_time(part.end)}
                        for part in lane.segments
                    ],
                    "events": [
                        {"time": shown_time(mark.time), "kind": mark.kind, "text": mark.text} for mark in lane.marks
                    ],
                }
                for lane in timeline.lanes
            ],
        },
        "workers": [dict(worker) for worker in diagnosis.workers],
        "lag": [dict(entry) for entry in diagnosis.lag],
        "dead_letters": [dict(entry) for entry in diagnosis.dead_letters],
        "logs": [
            {"host": log.host, "text": log.text, "problem": log.problem, "counts": dict(log.counts)}
            for log in diagnosis.logs
        ],
        "unread": list(diagnosis.unread),
    }


def cause_entry(cause: Cause) -> dict[str, Any]:
    """One cause for programs, as the module returns it, too."""
    return {
        "id": cause.id,
        "severity": cause.severity,
        "kind": cause.kind,
        "subject": cause.subject,
        "message": cause.message,
        "advice": cause.advice,
        "since": shown_time(cause.since) if cause.since is not None else None,
        "change": cause.change,
        "consequences": list(cause.consequences),
    }
