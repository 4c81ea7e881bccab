# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Another user or run changes a connector between the snapshot for the plan and the write."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import Outcome
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.model import (
    Absent,
    Connector,
    Desired,
    RunState,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.patterns import any_match
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.planning.change import (
    Change,
    Purge,
    Rules,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.planning.drift import (
    check_drift,
    drift_of,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.planning.run_options import (
    ApplyOptions,
    Checks,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.reporting.report import Report
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.runs.connector_state import (
    StateOptions,
    ensure_state,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.runs.connectors import ensure_connectors
from testing.fake_connect import FakeCluster, faults, matching
from tests.unit.connect.support import cluster_at, file_source, options, present, result_of, stored, when, written

OURS = file_source(topic="ours")
THEIRS = file_source(topic="theirs")
FORMER = file_source(topic="former")

OnDrift = Literal["replan", "fail"]


PLUGINS = "/connector-plugins*"
"""The requests of a run that writes a config, after the snapshot that its plan uses."""


def meanwhile(fake: FakeCluster, action: Callable[[], object], path: str = "/") -> None:
    """Runs `action` once after the initial snapshot of the run, for example when the run identifies a worker."""
    done: list[bool] = []

    def once() -> None:
        if not done:
            done.append(True)
            action()

    fake.script(matching("GET", path, where=when(once)), [faults.normally()])


def ensure(fake: FakeCluster, *desired: Desired, on_drift: OnDrift = "replan", **more: Any) -> Report:
    return ensure_connectors(cluster_at(fake.urls), desired, options(ApplyOptions(on_drift=on_drift), **more))


def ensure_run_state(fake: FakeCluster, desired_state: RunState, on_drift: OnDrift = "replan") -> Report:
    how = options(ApplyOptions(on_drift=on_drift))
    return ensure_state(cluster_at(fake.urls), StateOptions(("orders",), desired_state), how)


def topic_of(fake: FakeCluster) -> str:
    return (fake.connectors["orders"].config or {})["topic"]


# In words


@pytest.mark.parametrize(
    ("before", "now", "message"),
    [
        (None, None, ""),
        (stored(), stored(), ""),
        (None, stored(), "created it"),
        (stored(), None, "deleted it"),
        (stored(config=FORMER), stored(config=THEIRS), "changed topic"),
        (stored(state="RUNNING"), stored(state="PAUSED"), "paused it"),
        (stored(state="STOPPED"), stored(state="RUNNING"), "resumed it"),
        (stored(config=FORMER), stored(config=THEIRS, state="STOPPED"), "changed topic and stopped it"),
        (
            stored(),
            stored(config={**file_source(), **dict.fromkeys("abcdefg", "1")}),
            "changed a, b, c, d, e and 2 more",
        ),
    ],
)
def test_a_concurrent_change_is_described(before: Connector | None, now: Connector | None, message: str) -> None:
    assert drift_of(before, now) == message


@given(st.sampled_from(["RUNNING", "PAUSED", "STOPPED"]), st.sampled_from(["FAILED", "UNASSIGNED", "RESTARTING", ""]))
def test_changes_of_task_states_are_not_concurrent_changes(asked_for: str, by_itself: str) -> None:
    for before, now in ((asked_for, by_itself), (by_itself, asked_for)):
        assert drift_of(stored(state=before), stored(state=now)) == ""


def test_a_concurrent_change_that_does_not_affect_the_plan_is_not_reported() -> None:
    """An update of a connector that another user has paused is the same update."""
    change = Change("orders", before=stored())
    assert check_drift(change, stored(state="PAUSED"), lambda previous, _now: previous) == (change, "")


# Configs


def test_a_concurrently_changed_config_is_planned_again(fake: FakeCluster, tmp_path: Path) -> None:
    fake.connectors.put("orders", FORMER)
    meanwhile(fake, lambda: fake.connectors.put("orders", {**THEIRS, "batch.size": "7"}))
    journal = tmp_path / "journal"
    report = ensure(fake, present(config=OURS), report_path=str(journal))
    result = result_of(report)
    assert topic_of(fake) == "ours"
    assert result.change.changed_keys == ("batch.size", "topic"), "against what is there now"
    assert result.drift == "another user or run changed batch.size, topic; planned again"
    assert 'connector "orders": another user or run changed batch.size, topic; planned again' in report.warnings
    events = [json.loads(line)["event"] for line in journal.read_text().splitlines()]
    assert events == ["run_begun", "replanned", "begun", "written", "proven", "run_ended"]


def test_another_run_with_the_same_desired_set_leaves_nothing_to_do(fake: FakeCluster) -> None:
    """Two jobs at the same time: the second one neither writes again nor claims the change."""
    meanwhile(fake, lambda: fake.connectors.put("orders", OURS), PLUGINS)
    report = ensure(fake, present(config=OURS, state="running"))
    assert written(fake) == []
    assert (report.changed, result_of(report).failed, result_of(report).outcome) == (False, False, Outcome.DONE)
    assert result_of(report).drift == "another user or run created it; planned again"
    assert result_of(report).seen is not None


def test_the_run_waits_for_a_connector_that_another_run_has_just_created(fake: FakeCluster) -> None:
    meanwhile(fake, lambda: fake.connectors.put("orders", OURS, settled=False), PLUGINS)
    seen = result_of(ensure(fake, present(config=OURS, state="running"))).seen
    assert written(fake) == []
    assert seen is not None
    assert seen.state == "RUNNING"


def test_a_concurrently_deleted_connector_is_created_again(fake: FakeCluster) -> None:
    fake.connectors.put("orders", FORMER)
    meanwhile(fake, lambda: fake.connectors.remove("orders"))
    result = result_of(ensure(fake, present(config=OURS)))
    assert (result.change.action, topic_of(fake)) == ("create", "ours")


def test_an_already_deleted_connector_needs_no_delete(fake: FakeCluster) -> None:
    fake.connectors.put("orders", FORMER)
    meanwhile(fake, lambda: fake.connectors.remove("orders"))
    report = ensure(fake, Absent("orders"))
    assert (written(fake), report.changed) == ([], False)


def test_a_newly_planned_config_is_validated_before_the_write(fake: FakeCluster) -> None:
    """Only a pause was planned, so nothing was validated; another user deletes the connector, whose plugin is missing."""
    unknown = {"connector.class": "com.example.Gone", "name": "orders"}
    fake.connectors.put("orders", unknown)
    meanwhile(fake, lambda: fake.connectors.remove("orders"))
    report = ensure(fake, present(config=unknown, state="paused"), checks=Checks(warn_literal_secrets=False))
    assert written(fake) == []
    assert "plugin com.example.Gone is not installed on any worker" in result_of(report).error


def test_a_purge_skips_connectors_that_changed_since_the_plan(fake: FakeCluster) -> None:
    fake.connectors.put("stray", file_source("stray"))
    meanwhile(fake, lambda: fake.connectors.put("stray", file_source("stray", topic="theirs")))
    report = ensure(fake, rules=Rules(purge=Purge(any_match(["stray"]), 5)))
    assert (written(fake), report.changed, "stray" in fake.connectors) == ([], False, True)
    assert "another user or run changed topic" in result_of(report, "stray").drift


def test_each_batch_is_compared_immediately_before_its_writes(fake: FakeCluster) -> None:
    for name in ("a", "b"):
        fake.connectors.put(name, file_source(name, topic="former"))

    def edit() -> None:
        if fake.connectors["b"].config == file_source("b", topic="former"):
            fake.connectors.put("b", file_source("b", topic="theirs"))

    fake.script(matching("PUT", "/connectors/a/config", where=when(edit)), [faults.normally()])
    how = ApplyOptions(batches=("1",), on_drift="fail")
    desired = [present(name, file_source(name, topic="ours")) for name in ("a", "b")]
    report = ensure_connectors(cluster_at(fake.urls), desired, options(how))
    assert [result.error_kind for result in report.connectors or ()] == ["", "drift"]
    assert (fake.connectors["b"].config or {})["topic"] == "theirs"


# on_drift: fail


def test_fail_writes_nothing_and_reports_the_concurrent_change(fake: FakeCluster) -> None:
    fake.connectors.put("orders", FORMER)
    meanwhile(fake, lambda: fake.connectors.put("orders", THEIRS))
    report = ensure(fake, present(config=OURS), on_drift="fail")
    result = result_of(report)
    assert (written(fake), topic_of(fake), report.changed) == ([], "theirs", False)
    assert (result.error_kind, result.outcome) == ("drift", Outcome.NOT_DONE)
    assert result.error == (
        'connector "orders": another user or run changed topic since the snapshot: nothing was written'
    )


def test_fail_fails_only_concurrently_changed_connectors(fake: FakeCluster) -> None:
    for name in ("a", "b"):
        fake.connectors.put(name, file_source(name, topic="former"))
    meanwhile(fake, lambda: fake.connectors.put("a", file_source("a", topic="theirs")))
    how = ApplyOptions(on_drift="fail", continue_on_error=True)
    desired = [present(name, file_source(name, topic="ours")) for name in ("a", "b")]
    report = ensure_connectors(cluster_at(fake.urls), desired, options(how))
    assert [result.error_kind for result in report.connectors or ()] == ["drift", ""]
    assert written(fake) == [("PUT", "/connectors/b/config")]


# States


def test_a_state_that_is_already_set_needs_no_write(fake: FakeCluster) -> None:
    fake.connectors.put("orders", OURS)

    def pause() -> None:
        fake.connectors.set_state("orders", "PAUSED")
        fake.connectors.settle()

    meanwhile(fake, pause)
    report = ensure_run_state(fake, "paused")
    assert (written(fake), report.changed) == ([], False)


def test_a_state_for_a_concurrently_deleted_connector_is_an_error(fake: FakeCluster) -> None:
    fake.connectors.put("orders", OURS)
    meanwhile(fake, lambda: fake.connectors.remove("orders"))
    report = ensure_run_state(fake, "paused")
    assert result_of(report).error_kind == "not_found"
    assert result_of(report).error == 'connector "orders" no longer exists: another user or run has deleted it'


def test_nothing_is_written_if_the_cluster_cannot_be_read_again(fake: FakeCluster) -> None:
    fake.connectors.put("orders", FORMER)
    closed = threading.Event()
    meanwhile(fake, closed.set)
    forbidden = faults.respond(403, b"no", times=9)
    fake.script(
        matching("GET", "/connectors", where=lambda request: closed.is_set() and "expand" in request.query), [forbidden]
    )
    report = ensure(fake, present(config=OURS))
    assert written(fake) == []
    assert (result_of(report).error_kind, result_of(report).outcome) == ("not_permitted", Outcome.NOT_DONE)


# Until the end of the run


def while_others_are_written(fake: FakeCluster, action: Callable[[], object]) -> None:
    """Does something when the run writes "busy"."""
    fake.script(matching("PUT", "/connectors/busy/config", where=when(action)), [faults.normally()])


def ensure_busy_and(fake: FakeCluster, *others: Desired, batches: tuple[str, ...] = ("100%",)) -> Report:
    fake.connectors.put("busy", file_source("busy", topic="former"))
    how = ApplyOptions(batches=batches)
    return ensure_connectors(cluster_at(fake.urls), [*others, present("busy", file_source("busy"))], options(how))


def test_an_unchanged_connector_that_is_deleted_meanwhile_is_reported(fake: FakeCluster) -> None:
    fake.connectors.put("orders", OURS)
    while_others_are_written(fake, lambda: fake.connectors.remove("orders"))
    report = ensure_busy_and(fake, present(config=OURS))
    result = result_of(report)
    assert (result.error_kind, result.changed) == ("drift", False)
    assert result.error == (
        'connector "orders": it was in the desired state, but another user or run deleted it before this run ended'
    )
    assert not result_of(report, "busy").failed


def test_a_verified_connector_that_is_edited_meanwhile_is_reported(fake: FakeCluster) -> None:
    fake.connectors.put("orders", FORMER)
    while_others_are_written(fake, lambda: fake.connectors.put("orders", THEIRS))
    report = ensure_busy_and(fake, present(config=OURS), batches=("1",))
    result = result_of(report)
    assert (result.error_kind, result.changed, result.outcome) == ("drift", True, Outcome.DONE)
    assert "another user or run changed topic before this run ended" in result.error


def test_an_absent_connector_that_is_created_meanwhile_is_reported(fake: FakeCluster) -> None:
    while_others_are_written(fake, lambda: fake.connectors.put("orders", THEIRS))
    assert "another user or run created it" in result_of(ensure_busy_and(fake, Absent("orders"))).error


def test_nothing_is_purged_while_another_user_reverts_changes(fake: FakeCluster) -> None:
    fake.connectors.put("orders", OURS)
    fake.connectors.put("stray", file_source("stray"))
    fake.connectors.put("busy", file_source("busy", topic="former"))
    while_others_are_written(fake, lambda: fake.connectors.remove("orders"))
    desired = [present(config=OURS), present("busy", file_source("busy"))]
    rules = Rules(purge=Purge(any_match(["stray"]), 5))
    report = ensure_connectors(cluster_at(fake.urls), desired, options(ApplyOptions(), rules=rules))
    assert result_of(report).error_kind == "drift"
    assert result_of(report, "stray").error_kind == "not_begun"
    assert "stray" in fake.connectors
