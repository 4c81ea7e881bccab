# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A diagnosis as one HTML page that needs neither a network nor another file. Pure.

Everything that comes from the cluster is escaped, and the page's own policy forbids it to load anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timezone
from html import escape
from typing import Any
from urllib.parse import quote

from ..health.model import number
from ..history.times import shown_clock, shown_duration
from ..rest.connection import worker_address
from .assemble import causes_line, shown_since
from .model import Cause, Diagnosis, Lane, Mark, Segment, Timeline
from .page_assets import SCRIPT, STYLE
from .terminal import VERDICTS, history_lines

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
_STATES = ("RUNNING", "FAILED", "UNASSIGNED", "RESTARTING", "PAUSED", "STOPPED")
_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10080, 43200)
"""Minutes between two labels of the axis."""

MOST_LABELS = 8
MOST_LISTED = 20
"""Events of a connector in its list, the newest ones. The drawing shows more."""


def page(diagnosis: Diagnosis) -> str:
    """The whole page."""
    title = escape(f"{diagnosis.cluster or 'Kafka Connect'}: {VERDICTS[diagnosis.verdict]}")
    body = "\n".join(_body(diagnosis))
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{body}\n<script>{SCRIPT}</script>\n</body>\n</html>\n"
    )


def _body(diagnosis: Diagnosis) -> Iterator[str]:
    yield "<header>"
    yield f'<h1><span class="verdict {diagnosis.verdict}">{VERDICTS[diagnosis.verdict]}</span>'
    yield f"{escape(diagnosis.cluster or 'Kafka Connect')}</h1>"
    yield f'<p class="summary">{escape(diagnosis.summary)}</p>'
    yield f'<p class="faint">{shown_clock(diagnosis.time)}. All times are in UTC.</p>'
    yield "</header>\n<main>"
    yield from _causes(diagnosis)
    yield from _happened(diagnosis)
    yield from _workers(diagnosis)
    yield from _lag(diagnosis.lag)
    yield from _dead_letters(diagnosis.dead_letters)
    yield "</main>"
    if diagnosis.unread:
        yield "<footer><h2>Not read</h2><ul>"
        yield from (f"<li>{escape(text)}</li>" for text in diagnosis.unread)
        yield "</ul></footer>"
    else:
        yield "<footer></footer>"


def _causes(diagnosis: Diagnosis) -> Iterator[str]:
    yield f'<section aria-labelledby="causes"><h2 id="causes">Causes: {causes_line(diagnosis.causes)}</h2>'
    if diagnosis.causes:
        yield '<ol class="causes">'
        for cause in diagnosis.causes:
            yield from _cause(cause, diagnosis.time)
        yield "</ol>"
    else:
        yield '<p class="card">Nothing is wrong that these checks can find.</p>'
    yield "</section>"


def _cause(cause: Cause, now: int) -> Iterator[str]:
    yield f'<li class="cause {cause.severity}"><span class="severity">{cause.severity}</span>'
    yield f"<h3>{escape(cause.message)}</h3>"
    since = shown_since(cause, now)
    if since:
        yield f'<p class="faint">{escape(since)}</p>'
    if cause.change:
        yield f"<p><strong>Shortly before:</strong> {escape(cause.change)}</p>"
    if cause.advice:
        yield f'<p class="fix"><strong>Fix:</strong> {escape(cause.advice)}</p>'
    if cause.consequences:
        follows = number(len(cause.consequences), "consequence")
        is_open = " open" if len(cause.consequences) <= MOST_LABELS else ""
        yield f"<details{is_open}><summary>{follows}</summary><ul>"
        yield from (f"<li>{escape(text)}</li>" for text in cause.consequences)
        yield "</ul></details>"
    yield "</li>"


def _happened(diagnosis: Diagnosis) -> Iterator[str]:
    yield '<section aria-labelledby="happened"><h2 id="happened">What happened</h2><div class="card">'
    lines = list(history_lines(diagnosis))
    if lines:
        yield "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>"
    if diagnosis.timeline is None:
        yield "<p>No history was read.</p>"
    else:
        yield from _timeline(diagnosis.timeline)
    yield "</div></section>"


def _timeline(timeline: Timeline) -> Iterator[str]:
    total = number(len(timeline.lanes), "connector")
    yield '<div class="tools"><label>Filter by name <input type="search" id="filter"></label>'
    yield '<label><input type="checkbox" id="failed"> only with failures</label>'
    yield f'<span id="shown" role="status">{len(timeline.lanes)} of {total}</span></div>'
    yield '<ul class="legend">'
    yield from (f'<li><i class="{state}"></i>{state}</li>' for state in _STATES)
    yield '<li><i class="UNKNOWN"></i>unknown</li><li>◆ failure</li><li>○ change by a user</li><li>│ rebalance</li></ul>'
    # One image for all lanes.
    yield f'<style>.lane u{{background-image:url("{_lines(timeline)}")}}</style>'
    caption = f"From {shown_clock(timeline.begin)} to {shown_clock(timeline.end)}" + (
        "; older events were left out" if timeline.is_partial else ""
    )
    yield f'<table class="lanes"><caption>{caption}</caption><thead><tr><th scope="col">connector</th>'
    yield '<th scope="col">state</th><th scope="col"><div class="axis" aria-hidden="true">' + "".join(_axis(timeline))
    yield '</div><span class="faint">states over time</span></th></tr></thead><tbody>'
    for lane in timeline.lanes:
        yield from _row(lane, timeline)
    yield "</tbody></table>"


def _place(time: int, timeline: Timeline) -> float:
    """Percent of the width."""
    return 100 * min(max(time - timeline.begin, 0) / (timeline.end - timeline.begin), 1)


def _axis(timeline: Timeline) -> Iterator[str]:
    minutes = (timeline.end - timeline.begin) / 60_000
    step = 60_000 * next((step for step in _STEPS if minutes / step <= MOST_LABELS), _STEPS[-1])
    is_long = step >= 60_000 * 1440
    time = (timeline.begin // step + 1) * step
    while time < timeline.end:
        moment = datetime.fromtimestamp(time / 1000, timezone.utc)
        label = moment.strftime("%m-%d" if is_long else "%H:%M")
        yield f'<span style="left:{_place(time, timeline):.2f}%">{label}</span>'
        time += step


def _lines(timeline: Timeline) -> str:
    """The rebalances as vertical lines."""
    path = "".join(f"M{_place(mark.time, timeline):.2f} 0V1" for mark in timeline.rebalances)
    image = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 1" preserveAspectRatio="none">'
        f'<path d="{path}" stroke="#7d5fd3" vector-effect="non-scaling-stroke"/></svg>'
    )
    return "data:image/svg+xml," + quote(image)


def _row(lane: Lane, timeline: Timeline) -> Iterator[str]:
    name = escape(lane.connector)
    state = (lane.state or "unknown") if lane.exists else "deleted"
    yield f'<tr data-name="{escape(lane.connector.lower())}" data-failures="{lane.failures}"><th scope="row">{name}</th>'
    failures = f'<br><span class="faint">{number(lane.failures, "failure")}</span>' if lane.failures else ""
    yield f'<td class="state">{state}{failures}</td><td>'
    yield f'<div class="lane" role="img" aria-label="{escape(_spoken(lane))}">'
    yield "".join(_segment(segment, timeline) for segment in lane.segments if segment.state)
    yield "<u></u>" + "".join(_drawn(mark, timeline) for mark in lane.marks) + "</div>"
    if lane.marks:
        yield f"<details><summary>{number(len(lane.marks), 'event')}</summary><ul>"
        for mark in lane.marks[-MOST_LISTED:]:
            yield f"<li><time>{shown_clock(mark.time)}</time> {escape(mark.text)}</li>"
        yield "</ul></details>"
    yield "</td></tr>"


def _segment(segment: Segment, timeline: Timeline) -> str:
    left, right = _place(segment.begin, timeline), _place(segment.end, timeline)
    title = f"{segment.state} from {shown_clock(segment.begin)}, {shown_duration(segment.end - segment.begin)}"
    return f'<i class="{segment.state}" style="left:{left:.2f}%;width:{right - left:.2f}%" title="{title}"></i>'


def _drawn(mark: Mark, timeline: Timeline) -> str:
    shape = ' class="failure"' if mark.kind == "failure" else ""
    title = escape(f"{shown_clock(mark.time)}: {mark.text}")
    return f'<b{shape} style="left:{_place(mark.time, timeline):.2f}%" title="{title}"></b>'


def _spoken(lane: Lane) -> str:
    """The states in words, the last ones only."""
    parts = [f"{one.state or 'unknown'} from {shown_clock(one.begin)}" for one in lane.segments[-5:]]
    return ", ".join(parts) or "no state is known"


def _workers(diagnosis: Diagnosis) -> Iterator[str]:
    if not diagnosis.workers:
        return
    # Without brokers, only the statuses show where tasks run.
    tasks = [
        worker["tasks"]
        if worker.get("tasks") is not None
        else diagnosis.running.get(worker_address(str(worker.get("url", ""))), 0)
        for worker in diagnosis.workers
    ]
    most = max([*tasks, 1])
    yield '<section aria-labelledby="workers"><h2 id="workers">Workers</h2><div class="card scroll"><table>'
    yield '<thead><tr><th scope="col">worker</th><th scope="col">version</th><th scope="col">state</th>'
    yield '<th scope="col" class="number">connectors</th><th scope="col">tasks</th></tr></thead><tbody>'
    for worker, count in zip(diagnosis.workers, tasks, strict=False):
        yield f'<tr><th scope="row">{escape(str(worker.get("url", "")))}</th><td>{escape(str(worker.get("version", "")))}</td>'
        owned = worker.get("connectors")
        yield f'<td>{_state_of(worker)}</td><td class="number">{owned if owned is not None else ""}</td>'
        yield f'<td><span class="bar" style="width:{8 * count / most:.2f}rem"></span>{count}</td></tr>'
    yield "</tbody></table></div></section>"


def _state_of(worker: Mapping[str, Any]) -> str:
    words = []
    if worker.get("reachable") is False:
        words.append("does not answer")
    if worker.get("ready") is False:
        words.append("not ready")
    if worker.get("member") is False:
        words.append("not a member")
    return ", ".join([*words, *(["leader"] if worker.get("leader") else [])]) or "works"


def _lag(entries: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    yield from _table("lag", "Lag", ("connector", "topic", "lag", "change"), entries)


def _dead_letters(entries: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    yield from _table("dead-letters", "Dead letters", ("topic", "connectors", "records", "arrived", "causes"), entries)


def _table(name: str, title: str, columns: Sequence[str], entries: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if not entries:
        return
    yield f'<section aria-labelledby="{name}"><h2 id="{name}">{title}</h2><div class="card scroll"><table><thead><tr>'
    yield "".join(f'<th scope="col">{column}</th>' for column in columns) + "</tr></thead><tbody>"
    for entry in entries:
        values = (entry.get(column) for column in columns)
        yield ("<tr>" + "".join(f"<td>{escape(_shown(value))}</td>" for value in values) + "</tr>")
    yield "</tbody></table></div></section>"


def _shown(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
