# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the group rebalances again and again, according to constructed observations."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.health import past_rebalances
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.health.model import (
    HealthFinding,
    HealthLimits,
    HealthSnapshot,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.health.observed import (
    Moment,
    Observation,
    PastRebalances,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.health.past_rebalances import read_past
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.health.rebalance_findings import (
    new_sessions,
    rebalance_findings,
    session_problems,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.run import Run
from tests.unit.connect.history_support import START, W1, W2, FakeSource, StatusLog

C1, C2 = "http://c1:8083", "http://c2:8083"


def observed(*members: Mapping[str, str] | None, **more: Any) -> Observation:
    return Observation([Moment(2.0 * at, workers) for at, workers in enumerate(members)], **more)


def found(seen: Observation, limits: HealthLimits | None = None) -> list[HealthFinding]:
    return list(rebalance_findings(HealthSnapshot(), seen, limits or HealthLimits()))


def test_a_worker_that_joins_twice_as_a_new_member_is_named() -> None:
    (finding,) = found(observed({"a": C1, "b": C2}, {"a": C1, "b2": C2}, {"a": C1}, {"a": C1, "b3": C2}))
    assert (finding.kind, finding.severity) == ("rebalancing_repeatedly", "warning")
    assert finding.message == f"the group rebalances again and again: worker {C2} joined 2 times in 6 s"
    assert "worker_log_info" in finding.advice


def test_a_single_restart_is_fine() -> None:
    assert found(observed({"a": C1, "b": C2}, {"a": C1}, {"a": C1, "b2": C2})) == []


def test_a_member_whose_url_a_rebalance_hides_is_counted_once_it_is_known() -> None:
    seen = observed({"a": C1}, {"a": "", "b": ""}, {"a": C1, "b": C2}, {"a": C1, "b": C2})
    assert new_sessions(seen) == Counter({C2: 1})


def test_a_member_that_a_rebalance_hides_at_first_has_not_joined() -> None:
    assert new_sessions(observed({"a": "", "b": ""}, {"a": C1, "b": C2})) == Counter()


def test_a_group_that_cannot_be_read_proves_nothing() -> None:
    assert found(observed(None, {"a": C1}, None, {"b": C1})) == []


def test_many_rebalances_in_the_last_hour_are_a_finding_above_the_limit() -> None:
    past = PastRebalances(31, 3600, Counter({W2: 12, W1: 1}))
    (finding,) = found(observed(None, past=past))
    assert finding.message == (
        f"the group rebalances again and again: 31 rebalances in the last hour, more than 30 (worker {W2} left 12 times)"
    )
    assert finding.about == {f"worker {W2}"}
    assert found(observed(None, past=past), HealthLimits(max_rebalances=31)) == []


def test_many_rebalances_without_a_worker_that_leaves_often_may_come_from_changes() -> None:
    (finding,) = found(observed(None, past=PastRebalances(31, 3600, Counter({W1: 1}))))
    assert finding.advice.startswith("read what changed (cluster_history)")


def test_settings_that_lose_sessions_come_first_in_the_advice() -> None:
    seen = observed({"a": C1}, {"b": C1}, {"c": C1}, properties={"heartbeat.interval.ms": "5000"})
    (finding,) = found(seen)
    assert finding.advice.startswith(
        "lower heartbeat.interval.ms (5000) to a third of session.timeout.ms (10000), or less: one late heartbeat ends the session; then "
    )


@pytest.mark.parametrize(
    ("properties", "words"),
    [
        ({}, []),
        ({"session.timeout.ms": "9000"}, []),
        ({"session.timeout.ms": "8000"}, ["heartbeat.interval.ms (3000)"]),
        ({"heartbeat.interval.ms": "4000"}, ["heartbeat.interval.ms (4000)"]),
        ({"task.shutdown.graceful.timeout.ms": "60000"}, ["rebalance.timeout.ms (60000)"]),
        ({"session.timeout.ms": "what"}, []),
    ],
)
def test_settings_are_compared_with_each_other(properties: Mapping[str, str], words: list[str]) -> None:
    problems = session_problems(properties)
    assert len(problems) == len(words)
    assert all(word in problem for word, problem in zip(words, problems, strict=True))


# The past


def test_rebalances_of_the_last_hour_are_counted_from_the_status_topic(monkeypatch: pytest.MonkeyPatch) -> None:
    log = StatusLog("statuses", 2)
    for second, generation, worker in (
        (0, 1, W1),
        (300, 2, W1),
        (4000, 5, W1),
        (4001, 5, W2),
        (4010, 6, W2),
        (4020, 8, W1),
    ):
        log.second = second
        log.status("orders", "RUNNING", worker, generation)
    monkeypatch.setattr(time, "time", lambda: START / 1000 + 5000)
    past = read_past(FakeSource(log), "statuses", Run())
    # The first status within the hour shows no rebalance.
    assert past is not None
    assert past.count == 3


def test_malformed_statuses_are_skipped_and_a_missing_topic_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    log = StatusLog("statuses")
    log.append("status-connector-orders", b"{")
    monkeypatch.setattr(time, "time", lambda: START / 1000)
    assert read_past(FakeSource(log), "statuses", Run()) == PastRebalances(0, 3600)
    assert read_past(FakeSource(log), "others", Run()) is None


def test_the_number_of_statuses_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    log = StatusLog("statuses")
    for generation in range(10):
        log.status("orders", "RUNNING", W1, generation)
    monkeypatch.setattr(time, "time", lambda: START / 1000)
    monkeypatch.setattr(past_rebalances, "MOST_RECORDS", 4)
    past = read_past(FakeSource(log), "statuses", Run())
    assert past is not None
    assert past.count == 3
