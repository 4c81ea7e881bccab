# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Failures and restarts are counted as a user counts them, from what workers write to the status topic."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.healing.past import Past, pasts_of
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.history.model import Window
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.history.records import (
    NO_TASK,
    StatusRecord,
)

WINDOW = Window(1_000_000, 9_000_000)


class At(NamedTuple):
    """A record: seconds since the window began, the state, and the task."""

    second: float
    state: str
    task: int = 0


def past(*records: At) -> Past:
    rows = [StatusRecord(WINDOW.since + round(1000 * at.second), "orders", at.task, at.state) for at in records]
    return pasts_of(rows, WINDOW, lambda _name: True).get("orders", Past())


def seconds(found: Past) -> list[float]:
    return [(time - WINDOW.since) / 1000 for time in found.restarts]


def test_a_connector_that_never_failed_has_no_past() -> None:
    assert past(At(1, "RUNNING"), At(2, "UNASSIGNED"), At(3, "RUNNING")) == Past()


def test_a_failure_and_a_restart_count_once() -> None:
    found = past(At(0, "RUNNING"), At(1, "FAILED"), At(60, "RESTARTING"), At(61, "RUNNING"), At(70, "FAILED"))
    assert (found.failures, seconds(found), found.last_failure) == (2, [60], WINDOW.since + 70_000)


def test_a_start_without_a_restart_request_counts() -> None:
    """A restart of a single task, or a rebalance, leaves only RUNNING."""
    found = past(At(1, "FAILED"), At(2, "UNASSIGNED"), At(60, "RUNNING"))
    assert seconds(found) == [60]


def test_tasks_that_fail_and_restart_together_count_once() -> None:
    down = [At(1 + task, "FAILED", task) for task in range(8)]
    up = [
        at
        for task in range(8)
        for at in (At(60 + task / 10, "RESTARTING", task), At(60 + task / 10 + 0.05, "RUNNING", task))
    ]
    again = [At(62 + task, "FAILED", task) for task in range(8)]
    found = past(*down, *up, *again)
    assert (found.failures, seconds(found)) == (2, [60])


def test_tasks_of_a_slow_worker_belong_to_the_same_restart_and_failure() -> None:
    """One task fails again before the worker of the other has begun."""
    found = past(
        At(1, "FAILED", 0),
        At(1, "FAILED", 1),
        At(60, "RESTARTING", 0),
        At(61, "RUNNING", 0),
        At(62, "FAILED", 0),
        At(65, "RESTARTING", 1),
        At(66, "RUNNING", 1),
        At(67, "FAILED", 1),
    )
    assert (found.failures, seconds(found)) == (2, [60])


def test_restarts_of_the_same_task_never_count_as_one() -> None:
    found = past(*(at for n in range(3) for at in (At(n, "FAILED"), At(n + 0.1, "RESTARTING"), At(n + 0.2, "RUNNING"))))
    assert (found.failures, len(found.restarts)) == (3, 3)


def test_restarts_of_different_tasks_at_different_times_count() -> None:
    found = past(At(1, "FAILED", 0), At(60, "RESTARTING", 0), At(100, "FAILED", 1), At(160, "RESTARTING", 1))
    assert (found.failures, seconds(found)) == (2, [60, 160])


def test_a_failure_during_the_start_counts() -> None:
    """A task that can't be created goes from FAILED to FAILED."""
    assert past(At(1, "FAILED"), At(60, "FAILED")).failures == 2


def test_the_connector_itself_counts_like_a_task() -> None:
    found = past(At(1, "FAILED", NO_TASK), At(60, "RESTARTING", NO_TASK), At(61, "RUNNING", NO_TASK))
    assert (found.failures, seconds(found)) == (1, [60])


def test_a_restart_of_what_runs_does_not_count() -> None:
    assert past(At(1, "RUNNING"), At(60, "RESTARTING"), At(61, "RUNNING")) == Past()


def test_a_restart_counts_if_what_was_before_it_is_unknown() -> None:
    assert seconds(past(At(60, "RESTARTING"), At(61, "RUNNING"))) == [60]


def test_what_happened_before_the_window_is_known_but_does_not_count() -> None:
    found = past(At(-20, "FAILED"), At(-10, "RESTARTING"), At(-9, "FAILED"), At(5, "RUNNING"))
    assert (found.failures, found.last_failure, seconds(found)) == (0, None, [5])


@pytest.mark.parametrize("state", ["PAUSED", "STOPPED", "UNASSIGNED"])
def test_other_states_are_no_starts(state: str) -> None:
    assert seconds(past(At(1, "FAILED"), At(2, state))) == []


def test_a_connector_that_is_created_again_has_no_past() -> None:
    found = past(
        At(1, "FAILED"), At(2, "RESTARTING"), At(3, "DESTROYED", NO_TASK), At(3, "DESTROYED"), At(4, "RUNNING")
    )
    assert found == Past()


def test_only_chosen_connectors_are_counted() -> None:
    rows = [StatusRecord(WINDOW.since, name, 0, "FAILED") for name in ("orders", "payments")]
    assert pasts_of(rows, WINDOW, lambda name: name == "payments").keys() == {"payments"}
