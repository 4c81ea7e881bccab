# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A change of run states is taken back from its report: exactly what it changed, and nothing that others have changed since."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import InputError
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.reporting.report import Report
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.runs.connector_state import (
    StateOptions,
    ensure_state,
    take_back_states,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.runs.former_states import (
    FormerState,
    former_states,
)
from testing.fake_connect import FakeCluster
from tests.unit.connect.support import cluster_at, file_source, options

FROZEN = FormerState("orders", "running", "paused")


def put(fake: FakeCluster, **states: str) -> None:
    for name, state in states.items():
        fake.connectors.put(name, file_source(name))
        set_state(fake, name, state)


def set_state(fake: FakeCluster, name: str, state: str) -> None:
    ensure_state(cluster_at(fake.urls), StateOptions((name,), state), options())


def states(fake: FakeCluster) -> dict[str, str]:
    return {name: stored.state for name, stored in cluster_at(fake.urls).read().connectors.items()}


def freeze(fake: FakeCluster, report: Path, *names: str, state: str = "paused") -> Report:
    return ensure_state(cluster_at(fake.urls), StateOptions(names, state), options(report_path=str(report)))


def take_back(fake: FakeCluster, report: object, **more: Any) -> Report:
    cluster = cluster_at(fake.urls)
    done = take_back_states(cluster, former_states(report), options(**more))
    done.warnings = list(dict.fromkeys([*done.warnings, *cluster.warnings]))
    return done


def actions(report: Report) -> dict[str, tuple[str, ...]]:
    return {result.change.name: result.change.actions for result in report.connectors or ()}


def written(path: Path, *events: object) -> str:
    path.write_text("".join(f"{event if isinstance(event, str) else json.dumps(event)}\n" for event in events), "utf-8")
    return str(path)


def begun(name: str) -> dict[str, str]:
    return {"event": "begun", "connector": name}


def planned(**changed: tuple[str, str]) -> dict[str, Any]:
    return {"event": "run_begun", "run_states": {n: {"before": b, "after": a} for n, (b, a) in changed.items()}}


def test_exactly_those_that_ran_run_again(fake: FakeCluster, tmp_path: Path) -> None:
    put(fake, a="running", b="paused", c="running", d="stopped", other="paused")
    freeze(fake, tmp_path / "report", "a", "b", "c")
    assert states(fake) == {"a": "PAUSED", "b": "PAUSED", "c": "PAUSED", "d": "STOPPED", "other": "PAUSED"}
    taken = take_back(fake, str(tmp_path / "report"))
    assert actions(taken) == {"a": ("resume",), "c": ("resume",)}
    assert states(fake) == {"a": "RUNNING", "b": "PAUSED", "c": "RUNNING", "d": "STOPPED", "other": "PAUSED"}
    assert not take_back(fake, str(tmp_path / "report")).changed


def test_what_was_paused_before_it_was_stopped_is_paused_again(fake: FakeCluster, tmp_path: Path) -> None:
    put(fake, a="running", b="paused")
    freeze(fake, tmp_path / "report", "a", "b", state="stopped")
    take_back(fake, str(tmp_path / "report"))
    assert states(fake) == {"a": "RUNNING", "b": "PAUSED"}


def test_check_mode_predicts_what_would_be_taken_back(fake: FakeCluster, tmp_path: Path) -> None:
    put(fake, a="running")
    freeze(fake, tmp_path / "report", "a")
    predicted = take_back(fake, str(tmp_path / "report"), check_mode=True)
    assert (predicted.changed, actions(predicted), states(fake)) == (True, {"a": ("resume",)}, {"a": "PAUSED"})


def test_a_connector_that_others_have_changed_since_is_left_alone_with_a_warning(
    fake: FakeCluster, tmp_path: Path
) -> None:
    put(fake, a="running", b="running")
    freeze(fake, tmp_path / "report", "a", "b")
    set_state(fake, "a", "stopped")
    taken = take_back(fake, str(tmp_path / "report"))
    assert actions(taken) == {"b": ("resume",)}
    assert taken.warnings == [
        'connector "a" is STOPPED, but the report has left it PAUSED: another user or run has changed it since, so it is left alone'
    ]


def test_a_connector_that_was_deleted_since_is_left_out_with_a_warning(fake: FakeCluster) -> None:
    taken = take_back(fake, {"orders": {"before": "running", "after": "paused"}})
    assert (taken.changed, taken.warnings) == (False, ['connector "orders" no longer exists: it is left out'])


def test_an_interrupted_run_and_its_repetition_are_taken_back_together(tmp_path: Path) -> None:
    path = written(
        tmp_path / "report",
        planned(a=("running", "paused"), b=("running", "paused")),
        begun("a"),
        '{"time": "2026-11-28T02:00:00Z", "eve',
        planned(b=("running", "paused")),
        begun("b"),
    )
    assert former_states(path) == (FormerState("a", "running", "paused"), FormerState("b", "running", "paused"))


def test_the_first_state_counts_if_a_connector_was_changed_twice(tmp_path: Path) -> None:
    events = [planned(a=("running", "paused")), begun("a"), planned(a=("paused", "stopped")), begun("a")]
    assert former_states(written(tmp_path / "report", *events)) == (FormerState("a", "running", "stopped"),)


def test_what_a_run_did_not_begin_to_change_is_not_taken_back(tmp_path: Path) -> None:
    path = written(tmp_path / "report", planned(a=("running", "paused"), b=("running", "paused")), begun("b"))
    assert former_states(path) == (FormerState("b", "running", "paused"),)


def test_the_states_of_a_result_are_those_of_the_report(tmp_path: Path) -> None:
    path = written(tmp_path / "report", planned(orders=("running", "paused")), begun("orders"))
    assert former_states({"orders": {"before": "running", "after": "paused"}}) == former_states(path) == (FROZEN,)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("apiVersion: v1\n", "line 1 is not JSON"),
        ("[]\n", "line 1 is not an event"),
        ('{"event": "run_begun", "run_states": []}\n', "line 1: run_states is not a mapping"),
        (
            '\n{"event": "run_begun", "run_states": {"a": {"before": "RUNNING"}}}\n',
            'line 2: connector "a" has no before and after of running, paused, stopped',
        ),
        (b"\xff\n", "is not UTF-8 text"),
    ],
)
def test_a_file_that_is_no_report_is_refused_with_its_line(tmp_path: Path, content: str | bytes, problem: str) -> None:
    path = tmp_path / "report"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError) as caught:
        former_states(str(path))
    assert problem in str(caught.value)
    assert str(caught.value).startswith(f"from_report {path}")


@pytest.mark.parametrize(
    ("report", "problem"),
    [
        ("/nonexistent/report", "can't be read"),
        (7, "is neither a path nor run_states of a result"),
        ({"orders": "running"}, 'connector "orders" has no before and after'),
    ],
)
def test_a_report_that_cannot_be_one_is_refused(report: object, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        former_states(report)


def test_a_report_that_ends_within_a_line_is_continued_on_a_new_one(fake: FakeCluster, tmp_path: Path) -> None:
    report = tmp_path / "report"
    put(fake, orders="running")
    report.write_text('{"time": "2026-11-2', "utf-8")
    freeze(fake, report, "orders")
    assert former_states(os.fspath(report)) == (FROZEN,)
