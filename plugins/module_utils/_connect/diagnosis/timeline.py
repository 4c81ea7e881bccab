# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the events of cluster_history and the present states to one lane for each connector. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ..errors import InputError
from ..history.times import parse_time
from .model import Lane, Mark, Segment, Timeline

_RANKS = {"FAILED": 6, "UNASSIGNED": 5, "RESTARTING": 4, "PAUSED": 3, "STOPPED": 2, "RUNNING": 1}
"""The state of a connector is the one with the highest rank of itself and its tasks."""

_MARKED = (
    "config_created",
    "config_changed",
    "config_deleted",
    "compacted",
    "target_state_changed",
    "restart_requested",
)


MOST_MARKS = 200
MOST_SEGMENTS = 400
MOST_REBALANCES = 200
"""Of each, the newest are shown."""


def milliseconds(text: object) -> int | None:
    """A time of a result in milliseconds; None if there is none."""
    if not isinstance(text, str) or not text:
        return None
    try:
        return parse_time("time", text, 1 << 62)
    except InputError:
        return None


def timeline_of(history: Mapping[str, Any], connectors: Sequence[Mapping[str, Any]], now: int) -> Timeline | None:
    """The lanes of all connectors that exist or have events. None without a history.

    `history`: the result of cluster_history; `connectors`: those of connector_info.
    """
    if "events" not in history:
        return None
    events = [event for event in history["events"] if milliseconds(event.get("time")) is not None]
    begin = milliseconds(history.get("since"))
    first = milliseconds(events[0]["time"]) if events else None
    if begin is None or (history.get("events_omitted") and first is not None):
        begin = first if first is not None else now
    since = begin
    end = max(milliseconds(history.get("until")) or now, begin + 1)
    if first is not None and not history.get("events_omitted"):
        # A drawing of six hours would show a cluster that is a minute old as a dot.
        begin = max(begin, first - max((end - first) // 20, 5_000))
    present = {str(one.get("name", "")): one for one in connectors}
    by_connector: dict[str, list[Mapping[str, Any]]] = {name: [] for name in present}
    for event in events:
        if event.get("connector"):
            by_connector.setdefault(str(event["connector"]), []).append(event)
    lanes = [_lane(name, by_connector[name], present.get(name), begin, end) for name in by_connector]
    rebalances = [_mark(event, "rebalance") for event in events if event.get("kind") == "rebalance"]
    return Timeline(
        since,
        begin,
        end,
        tuple(sorted(lanes, key=_worst_first)),
        tuple(rebalances[-MOST_REBALANCES:]),
        sum(int(event.get("rebalances", 1)) for event in events if event.get("kind") == "rebalance"),
        is_partial=bool(history.get("events_omitted")),
    )


def _worst_first(lane: Lane) -> tuple[int, int, str]:
    return (
        -_RANKS.get(lane.state, 0) if _RANKS.get(lane.state, 0) > _RANKS["PAUSED"] else 0,
        -lane.failures,
        lane.connector,
    )


def _lane(
    name: str, events: Sequence[Mapping[str, Any]], present: Mapping[str, Any] | None, begin: int, end: int
) -> Lane:
    changes = [event for event in events if event.get("kind") == "state_changed"]
    segments = tuple(_segments(changes, present, begin, end))
    marks = [_mark(event, str(event["kind"])) for event in events if event.get("kind") in _MARKED]
    failures = [_mark(event, "failure") for event in changes if event.get("state") == "FAILED"]
    return Lane(
        name,
        state=_present_state(present) or (segments[-1].state if segments else ""),
        exists=present is not None or not any(event.get("kind") == "config_deleted" for event in events[-1:]),
        segments=segments[-MOST_SEGMENTS:],
        marks=tuple(sorted([*marks, *failures], key=lambda mark: mark.time)[-MOST_MARKS:]),
        failures=len(failures),
    )


def _mark(event: Mapping[str, Any], kind: str) -> Mark:
    return Mark(milliseconds(event.get("time")) or 0, kind, str(event.get("message", "")))


def _segments(
    changes: Sequence[Mapping[str, Any]], present: Mapping[str, Any] | None, begin: int, end: int
) -> Iterator[Segment]:
    """The states from `begin` to `end`. What did not change had its present state all the time."""
    states = dict(_present_states(present))
    for event in reversed(changes):
        states[event.get("task")] = str(event.get("previous_state", ""))
    # Of several changes at the same time, the last one counts.
    since = {begin: _worst(states.values())}
    for event in changes:
        states[event.get("task")] = str(event.get("state", ""))
        since[max(milliseconds(event["time"]) or begin, begin)] = _worst(states.values())
    starts = [
        time
        for time, before in zip(since, [None, *since], strict=False)
        if before is None or since[time] != since[before]
    ]
    for start, following in zip(starts, [*starts[1:], end], strict=False):
        yield Segment(since[start], start, following)


def _present_states(present: Mapping[str, Any] | None) -> Iterator[tuple[int | None, str]]:
    """The number of each task and its state; None for the connector itself."""
    if present is None:
        return
    yield None, str(present.get("state", ""))
    for task in present.get("tasks", ()):
        yield task.get("id"), str(task.get("state", ""))


def _present_state(present: Mapping[str, Any] | None) -> str:
    return _worst(state for _part, state in _present_states(present))


def _worst(states: Iterable[str]) -> str:
    known = [state for state in states if state in _RANKS]
    return max(known, key=lambda state: _RANKS[state], default="")
