# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From events and present states to the states of each connector over time."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.diagnosis.model import Lane, Timeline
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.diagnosis.timeline import timeline_of
from tests.unit.connect.diagnosis_support import MINUTE, NOW, event, history_of, state_event, stored

STATES = ("RUNNING", "FAILED", "UNASSIGNED", "RESTARTING", "PAUSED", "STOPPED", "DESTROYED")


def timeline(history: dict[str, Any], *connectors: dict[str, Any]) -> Timeline:
    found = timeline_of(history, connectors, NOW)
    assert found is not None
    return found


def shown(lane: Lane) -> list[tuple[str, float, float]]:
    """The states with their begin and end in minutes before now."""
    return [(one.state, (NOW - one.begin) / MINUTE, (NOW - one.end) / MINUTE) for one in lane.segments]


def test_without_a_history_there_is_no_timeline() -> None:
    assert timeline_of({"skipped": True}, [stored("orders", "RUNNING")], NOW) is None


def test_a_connector_without_events_had_its_state_all_the_time() -> None:
    found = timeline(history_of(), stored("orders", "PAUSED", state="PAUSED"))
    assert shown(found.lanes[0]) == [("PAUSED", 360, 0)]


def test_a_failure_divides_the_lane() -> None:
    history = history_of(event(350, "rebalance"), state_event(60, "orders", "FAILED", "RUNNING"))
    (lane,) = timeline(history, stored("orders", "FAILED")).lanes
    assert [state for state, _begin, _end in shown(lane)] == ["RUNNING", "FAILED"]
    assert shown(lane)[1] == ("FAILED", 60, 0)
    assert (lane.failures, lane.marks[0].kind) == (1, "failure")


def test_the_worst_state_of_a_connector_and_its_tasks_is_shown() -> None:
    history = history_of(
        event(350, "rebalance"),
        state_event(60, "orders", "FAILED", "RUNNING", task=1),
        state_event(40, "orders", "RUNNING", "FAILED", task=1),
    )
    (lane,) = timeline(history, stored("orders", "RUNNING", "RUNNING")).lanes
    assert shown(lane)[1:] == [("FAILED", 60, 40), ("RUNNING", 40, 0)]


def test_a_state_before_the_first_event_is_unknown_if_the_event_does_not_tell_it() -> None:
    history = history_of(event(350, "rebalance"), state_event(60, "orders", "RUNNING", task=None))
    (lane,) = timeline(history, stored("orders")).lanes
    assert [state for state, _begin, _end in shown(lane)] == ["", "RUNNING"]


def test_a_deleted_connector_keeps_its_lane() -> None:
    history = history_of(state_event(60, "old", "DESTROYED", "RUNNING", task=None), event(60, "config_deleted", "old"))
    (lane,) = timeline(history).lanes
    assert (lane.connector, lane.exists, lane.state) == ("old", False, "")


def test_a_drawing_begins_shortly_before_the_first_event() -> None:
    found = timeline(history_of(state_event(20, "orders", "RUNNING")), stored("orders", "RUNNING"))
    assert found.since == NOW - 360 * MINUTE
    assert found.begin == NOW - 21 * MINUTE


def test_a_drawing_of_the_newest_events_begins_with_them() -> None:
    found = timeline(history_of(state_event(20, "orders", "RUNNING"), events_omitted=7))
    assert (found.begin, found.is_partial) == (NOW - 20 * MINUTE, True)


def test_rebalances_that_left_no_record_count_too() -> None:
    found = timeline(history_of(event(50, "rebalance", rebalances=1), event(40, "rebalance", rebalances=3)))
    assert (len(found.rebalances), found.rebalance_count) == (2, 4)


def test_connectors_that_have_failed_come_first() -> None:
    history = history_of(
        state_event(50, "b", "FAILED", "RUNNING"),
        state_event(40, "b", "RUNNING", "FAILED"),
        state_event(30, "c", "FAILED", "RUNNING"),
    )
    found = timeline(history, stored("a", "RUNNING"), stored("b", "RUNNING"), stored("c", "FAILED"))
    assert [lane.connector for lane in found.lanes] == ["c", "b", "a"]


@given(
    st.lists(st.tuples(st.integers(0, 359), st.integers(-1, 2), st.sampled_from(STATES)), max_size=30),
    st.lists(st.sampled_from(STATES[:-1]), max_size=3),
)
def test_the_states_of_a_lane_follow_each_other_without_a_gap(
    changes: list[tuple[int, int, str]], present: list[str]
) -> None:
    events = [state_event(minutes, "a", state, task=task if task >= 0 else None) for minutes, task, state in changes]
    found = timeline(history_of(*events), stored("a", *present))
    (lane,) = found.lanes
    assert (lane.segments[0].begin, lane.segments[-1].end) == (found.begin, found.end)
    for one, following in zip(lane.segments, lane.segments[1:], strict=False):
        assert one.begin < one.end == following.begin
        assert one.state != following.state
