# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From records to events, rebalances and summaries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.history.events import events_of
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.history.model import Event, Move, Window
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.history.records import NO_TASK
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.history.summaries import Summarizer
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.patterns import any_match
from tests.unit.connect.history_support import START, W1, W2, W3, ConfigLog, StatusLog, logs, read

REFUSED = (
    "org.apache.kafka.connect.errors.ConnectException: Cannot start\n\tat a.B.c(D.java:1)\n"
    "Caused by: java.net.ConnectException: Connection refused: db.example.com:5432\n\tat a.B.c(D.java:2)\n"
)


def events(config: ConfigLog, status: StatusLog, after: float = 0, **asked: Any) -> list[Event]:
    return list(events_of(read(config, status, **asked).history, window(after)))


def window(since: float = 0, until: float = 10**6) -> Window:
    return Window(START + round(1000 * since), START + round(1000 * until))


def shown(found: Sequence[Event]) -> list[tuple[Any, ...]]:
    return [((event.time - START) // 1000, event.kind, event.connector, event.task, event.state) for event in found]


def test_the_life_of_a_connector() -> None:
    config, status = logs()
    steps: list[Callable[[], None]] = [
        lambda: config.put("orders", {"tasks.max": "1"}),
        lambda: config.tasks("orders", 1),
        lambda: config.put("orders", {"tasks.max": "2", "a": "b"}),
        lambda: config.tasks("orders", 2),
        lambda: config.target("orders", "PAUSED"),
        lambda: config.target("orders", "STARTED"),
        lambda: config.target("orders", "STOPPED"),
        lambda: config.tasks("orders", 0),
        lambda: config.append("restart-connector-orders", {"include-tasks": True, "only-failed": True}),
        lambda: config.delete("orders"),
        lambda: config.put("orders", {"tasks.max": "2"}),
        lambda: config.put("orders", {"tasks.max": "2"}),
    ]
    for config.second, step in enumerate(steps):
        step()
    found = events(config, status)
    assert [(event.kind, event.state, event.previous_state, event.tasks, event.previous_tasks) for event in found] == [
        ("config_created", "", "", None, None),
        ("tasks_changed", "", "", 1, 0),
        ("config_changed", "", "", None, None),
        ("tasks_changed", "", "", 2, 1),
        ("target_state_changed", "PAUSED", "RUNNING", None, None),
        ("target_state_changed", "RUNNING", "PAUSED", None, None),
        ("target_state_changed", "STOPPED", "RUNNING", None, None),
        ("tasks_changed", "", "", 0, 2),
        ("restart_requested", "", "", None, None),
        ("config_deleted", "", "", None, None),
        ("config_created", "", "", None, None),
        ("config_changed", "", "", None, None),
    ]
    assert [event.changed_keys for event in found if event.kind == "config_changed"] == [["a", "tasks.max"], []]
    assert (found[8].include_tasks, found[8].only_failed) == (True, True)


def test_an_initial_state_comes_before_the_configuration() -> None:
    config, status = logs()
    config.target("orders", "STOPPED")
    config.put("orders", {})
    assert [(event.kind, event.state, event.previous_state) for event in events(config, status)] == [
        ("target_state_changed", "STOPPED", ""),
        ("config_created", "", ""),
    ]


def test_a_state_is_an_event_only_if_state_or_worker_change_or_it_failed_again() -> None:
    config, status = logs()
    for second, (state, worker, generation) in enumerate(
        [("RUNNING", W1, 1), ("RUNNING", W1, 1), ("FAILED", W1, 1), ("FAILED", W1, 1), ("RUNNING", W2, 1)]
    ):
        status.second = second
        status.status("orders", state, worker, generation, task=0, trace=REFUSED if state == "FAILED" else None)
    status.second = 9
    status.gone("orders", 0)
    found = events(config, status)
    assert shown(found) == [
        (0, "state_changed", "orders", 0, "RUNNING"),
        (2, "state_changed", "orders", 0, "FAILED"),
        (3, "state_changed", "orders", 0, "FAILED"),
        (4, "state_changed", "orders", 0, "RUNNING"),
        (9, "state_changed", "orders", 0, "DESTROYED"),
    ]
    assert "Connection refused: db.example.com:5432" in found[1].cause
    assert (found[3].previous_state, found[3].previous_worker) == ("FAILED", W1)


def test_only_chosen_connectors_and_times_have_events_but_all_count_for_rebalances() -> None:
    config, status = logs()
    for second, name in enumerate(["orders", "payments", "orders"]):
        config.second = status.second = second
        config.put(name, {"second": str(second)})
        status.status(name, "RUNNING", generation=second + 1)
    found = events(config, status, 1, is_chosen=any_match(["orders"]))
    assert shown(found) == [
        (1, "rebalance", "", None, ""),
        (2, "config_changed", "orders", None, ""),
        (2, "rebalance", "", None, ""),
    ]
    assert found[1].before == {"second": "0"}


def test_what_was_before_the_window_is_known_although_only_the_window_is_read() -> None:
    config, status = logs()
    for second in range(3):
        config.second = status.second = second
        config.put("orders", {"second": str(second)})
        status.status("orders", "FAILED" if second == 1 else "RUNNING")
    found = events(config, status, 2, since=START + 2000)
    assert [(event.kind, event.before, event.previous_state) for event in found] == [
        ("config_changed", {"second": "1"}, ""),
        ("state_changed", None, ""),
    ]


def rebalances(status: StatusLog) -> list[Event]:
    return [event for event in events(ConfigLog("connect-configs"), status) if event.kind == "rebalance"]


def test_a_killed_worker_loses_its_work_to_others() -> None:
    status = StatusLog("connect-status")
    for task, worker in enumerate((W1, W2, W3)):
        status.status("orders", "RUNNING", worker, 5, task=task)
    status.second = 300
    status.status("orders", "RUNNING", W1, 7, task=1)
    status.second = 301
    status.status("orders", "RUNNING", W3, 8, task=0)
    status.second = 302
    status.status("orders", "RUNNING", W2, 8, task=1)
    first, second = rebalances(status)
    assert (first.generation, first.previous_generation, first.steps) == (7, 5, 2)
    assert first.moved == [Move("orders", 1, W2, W1)]
    assert (first.joined, first.left) == ([], [W2])
    assert second.moved == [Move("orders", 0, W1, W3), Move("orders", 1, W1, W2)]
    assert (second.joined, second.left) == ([W2], [W1])


def test_work_that_is_revoked_first_moves_when_another_worker_starts_it() -> None:
    status = StatusLog("connect-status")
    status.status("orders", "RUNNING", W1, 1)
    status.status("payments", "RUNNING", W1, 1)
    status.status("orders", "UNASSIGNED", W1, 2)
    status.status("orders", "RUNNING", W2, 3)
    first, second = rebalances(status)
    assert first.moved == []
    assert second.moved == [Move("orders", NO_TASK, W1, W2)]
    assert (second.joined, second.left) == ([W2], [])


def test_a_late_status_of_a_cut_off_worker_is_no_rebalance_and_no_move() -> None:
    status = StatusLog("connect-status")
    status.status("orders", "RUNNING", W1, 3)
    status.status("orders", "RUNNING", W2, 5)
    status.status("orders", "UNASSIGNED", W1, 3)
    status.status("orders", "RUNNING", W1, 4)
    status.status("orders", "RUNNING", W2, 5)
    found = rebalances(status)
    assert [(event.generation, event.moved) for event in found] == [(5, [Move("orders", NO_TASK, W1, W2)])]


def test_a_group_that_was_deleted_counts_from_the_beginning() -> None:
    status = StatusLog("connect-status")
    status.status("orders", "RUNNING", W1, 40)
    status.status("orders", "RUNNING", W1, 1)
    status.status("orders", "RUNNING", W1, 2)
    assert [
        (event.generation, event.previous_generation, event.steps, event.is_reset) for event in rebalances(status)
    ] == [
        (1, 40, 1, True),
        (2, 1, 1, False),
    ]


STATUSES = st.lists(
    st.tuples(
        st.sampled_from([W1, W2, W3]),
        st.sampled_from(["RUNNING", "UNASSIGNED", "FAILED", ""]),
        st.integers(1, 6),
        st.integers(0, 2),
    ),
    max_size=30,
)


@given(STATUSES, st.integers(1, 3))
def test_any_statuses_give_events_in_order(statuses: list[tuple[str, str, int, int]], partitions: int) -> None:
    config, status = logs(partitions)
    for second, (worker, state, generation, task) in enumerate(statuses):
        status.second = second
        if state:
            status.status("orders", state, worker, generation, task=task)
        else:
            status.gone("orders", task)
    found = events(config, status)
    assert [event.time for event in found] == sorted(event.time for event in found)
    summary = Summarizer(window())
    for event in found:
        summary.add(event)
        if event.kind == "rebalance":
            assert event.steps >= 1
            assert not set(event.joined) & set(event.left)
            assert all(move.worker != move.previous_worker for move in event.moved)
    assert sum(one.failures for one in summary.connectors()) == sum(state == "FAILED" for _w, state, _g, _t in statuses)


# Summaries


def summary_of(config: ConfigLog, status: StatusLog, until: float = 10_000) -> Summarizer:
    asked = window(0, until)
    summary = Summarizer(asked)
    for event in events_of(read(config, status).history, asked):
        summary.add(event)
    return summary


def test_failures_are_counted_for_each_connector() -> None:
    config, status = logs()
    for status.second in (10, 20, 60):
        status.status("orders", "FAILED", task=0, trace=REFUSED)
        status.status("orders", "RUNNING", task=0)
    (orders,) = summary_of(config, status).connectors()
    assert (orders.failures, orders.milliseconds_between_failures) == (3, 25_000)
    assert (orders.first_failure, orders.last_failure) == (START + 10_000, START + 60_000)
    assert list(orders.causes.values()) == [3]


def test_a_change_shortly_before_a_failure_is_reported() -> None:
    config, status = logs()
    config.put("orders", {"database.hostname": "db-1", "tasks.max": "1"})
    status.status("orders", "RUNNING", task=0)
    config.second, status.second = 5, 9
    config.put("orders", {"database.hostname": "db-2", "tasks.max": "1"})
    status.status("orders", "FAILED", task=0, trace=REFUSED)
    status.second = 20
    status.status("orders", "FAILED", task=0, trace=REFUSED)
    (found,) = summary_of(config, status).failures_after_changes
    assert found.change.changed_keys == ["database.hostname"]
    assert found.failure.time - found.change.time == 4000


@pytest.mark.parametrize(("failed_before", "later"), [(True, 9), (False, 1000)])
def test_a_change_is_not_blamed_for_an_old_or_a_much_later_failure(failed_before: bool, later: float) -> None:
    config, status = logs()
    status.status("orders", "FAILED" if failed_before else "RUNNING", task=0, trace=REFUSED)
    config.second, status.second = 5, later
    config.put("orders", {"tasks.max": "1"})
    status.status("orders", "FAILED", task=0, trace=REFUSED)
    assert summary_of(config, status).failures_after_changes == []


def test_the_longest_time_without_an_owner() -> None:
    config, status = logs()
    for second, task, state in [
        (0, 0, "UNASSIGNED"),
        (3, 0, "RUNNING"),
        (10, 1, "UNASSIGNED"),
        (20, 1, "RUNNING"),
        (30, 0, "UNASSIGNED"),
    ]:
        status.second = second
        status.status("orders", state, task=task)
    (orders,) = summary_of(config, status, 35).connectors()
    assert orders.longest_unassigned == (1, START + 10_000, START + 20_000, 10_000)
    (orders,) = summary_of(config, status, 100).connectors()
    assert orders.longest_unassigned == (0, START + 30_000, None, 70_000)


@pytest.mark.parametrize("end", ["stop", "delete", "fewer"])
def test_a_task_that_should_not_exist_has_no_owner_for_no_time(end: str) -> None:
    config, status = logs()
    config.put("orders", {})
    config.tasks("orders", 1)
    status.status("orders", "RUNNING", task=0)
    config.second = status.second = 10
    status.status("orders", "UNASSIGNED", task=0)
    {"stop": lambda: config.target("orders", "STOPPED"), "delete": lambda: config.delete("orders")}.get(
        end, lambda: config.tasks("orders", 0)
    )()
    assert summary_of(config, status).connectors() == []


def test_rebalances_per_hour() -> None:
    config, status = logs()
    for generation in range(1, 12):
        status.second = 600 * generation
        status.status("orders", "RUNNING", generation=generation)
    summary = summary_of(config, status, 7200)
    assert (summary.rebalances, summary.rebalances_per_hour) == (10, 5.0)
    assert summary.most_rebalances_in_an_hour == 7
