# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result of module cluster_history."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from typing import Any

from ..errors import on_a_line
from ..group.topic_reader import TopicSource
from ..run import Run, counted
from .as_of import state_at, unknown_configs
from .entries import (
    compacted_entry,
    connector_then_entry,
    event_entry,
    incomplete_warning,
    malformed_warning,
    summaries_entry,
    topic_entry,
)
from .events import events_of
from .model import Event, Window
from .read import HistoryQuery, ReadHistory, read_history
from .summaries import Summarizer
from .times import shown_clock, shown_time

_BETWEEN_CHECKS = 50_000


@dataclass(frozen=True)
class HistoryLimits:
    """Times in milliseconds, None without such a limit. `now`: when the run began. `max_events`: the newest ones are kept."""

    now: int
    max_events: int
    since: int | None = None
    until: int | None = None
    as_of: int | None = None


def history_report(
    source: TopicSource, query: HistoryQuery, limits: HistoryLimits, run: Run
) -> tuple[dict[str, Any], list[str]]:
    """Return the fields of the result and warnings. Raises as `read_history`."""
    until = limits.until
    if until is not None and limits.as_of is not None:
        until = max(until, limits.as_of)
    whole = limits.as_of is not None
    found = read_history(source, replace(query, since=limits.since, until=until, whole=whole), run)
    window = _window(found, limits)
    kept, omitted, summary = _sum_up(found, window, limits.max_events, run)
    summaries = summaries_entry(summary)
    extra: dict[str, Any] = {
        "events": [event_entry(event, found.secrets) for event in kept],
        "events_omitted": omitted,
        "since": shown_time(window.since),
        "until": shown_time(window.until),
        "summaries": summaries,
        "topics": [topic_entry(topic, role) for role, topic in _topics(found)],
    }
    if limits.as_of is None:
        extra["compacted"] = [compacted_entry(one) for one in unknown_configs(found.history)]
    else:
        run.busy_with("finding the state of the past")
        then = state_at(found.history, limits.as_of)
        extra["as_of"] = shown_time(limits.as_of)
        extra["connectors"] = [
            connector_then_entry(one, found.secrets.get(one.name, frozenset())) for one in then.connectors
        ]
        extra["compacted"] = [compacted_entry(one) for one in then.compacted]
    extra["msg"] = _message(len(kept) + omitted, window, summaries)
    warnings = [text for _role, topic in _topics(found) if (text := malformed_warning(topic))]
    if limits.as_of is not None and (text := incomplete_warning(found.config_topic, limits.as_of)):
        warnings.append(text)
    if omitted:
        warnings.append(
            f"{counted(omitted, 'older event')} left out of the result, but counted in its summaries: raise max_events, or set since to a "
            "later time"
        )
    return extra, warnings


def _topics(found: ReadHistory) -> list[tuple[str, Any]]:
    return [("config", found.config_topic), ("status", found.status_topic)]


def _window(found: ReadHistory, limits: HistoryLimits) -> Window:
    until = limits.now if limits.until is None else limits.until
    if limits.since is not None:
        return Window(limits.since, until)
    times = [topic.first_time for _role, topic in _topics(found) if topic.first_time is not None]
    return Window(max(min([*times, until]), 0), until)


def _sum_up(found: ReadHistory, window: Window, max_events: int, run: Run) -> tuple[list[Event], int, Summarizer]:
    kept: deque[Event] = deque(maxlen=max_events)
    summary = Summarizer(window)
    number = 0
    run.busy_with("putting the events in order")
    for event in events_of(found.history, window):
        number += 1
        if not number % _BETWEEN_CHECKS:
            run.check("putting the events in order")
        kept.append(event)
        summary.add(event)
    # A worker whose clock differs may have written an earlier time after a later one.
    return sorted(kept, key=lambda event: event.time), number - len(kept), summary


def _message(number: int, window: Window, summaries: dict[str, Any]) -> str:
    parts = [f"events: {number} since {shown_clock(window.since)}, until {shown_clock(window.until)}"]
    failed = [one for one in summaries["connectors"] if one["failures"]]
    if failed:
        names = ", ".join(on_a_line(one["name"]) for one in failed[:3]) + (" ..." if len(failed) > 3 else "")
        failures = sum(one["failures"] for one in failed)
        parts.append(f"failures: {failures} of {counted(len(failed), 'connector')} ({names})")
    if summaries["rebalances"]["count"]:
        parts.append(f"rebalances: {summaries['rebalances']['count']}")
    parts += [one["message"] for one in summaries["failures_after_changes"][:1]]
    return "; ".join(parts)
