# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""cluster_history and connector_export on a real cluster with a known story."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka.admin import AdminClient

from testing.ansible_runs import play, run_playbook, task
from tests.contract.modules.shapes import misfits

from .conftest import DOOMED, ORDERS, PAYMENTS, SECRET, TOPICS, Result, Told, run_history


@pytest.fixture(scope="module")
def result(told: Told) -> Result:
    found = run_history(told.sandbox, since=told.at("begin"), until=told.at("end"), as_of=told.at("failed"))
    assert not found.get("failed"), found["msg"]
    return found


def of(result: Result, name: str, *kinds: str) -> list[dict[str, Any]]:
    return [event for event in result["events"] if event.get("connector") == name and event["kind"] in kinds]


def test_the_result_is_documented_and_ordered(result: Result) -> None:
    assert misfits("cluster_history", result) == []
    times = [event["time"] for event in result["events"]]
    assert times == sorted(times)
    assert [topic["malformed"] for topic in result["topics"]] == [{}, {}]
    assert result["compacted"] == []


def test_the_life_of_a_connector_is_shown(result: Result, told: Told) -> None:
    created, changed, deleted = of(result, "orders", "config_created", "config_changed", "config_deleted")
    assert (created["kind"], changed["kind"], deleted["kind"]) == ("config_created", "config_changed", "config_deleted")
    assert changed["changes"] == [{"key": "topic", "before": "orders", "after": "orders-v2"}]
    assert (
        told.at("begin") < created["time"] < changed["time"] < told.at("paused") < told.at("deletion") < deleted["time"]
    )
    assert [event["tasks"] for event in of(result, "orders", "tasks_changed")] == [1]
    states = of(result, "orders", "state_changed")
    assert states[0]["state"] == "RUNNING"
    assert {event["state"] for event in states if event["time"] > deleted["time"]} >= {"DESTROYED"}


def test_pause_and_resume_are_shown(result: Result) -> None:
    assert [event["state"] for event in of(result, "payments", "target_state_changed")] == ["PAUSED", "RUNNING"]
    states = [event["state"] for event in of(result, "payments", "state_changed") if event.get("task") == 0]
    assert states[:3] == ["RUNNING", "PAUSED", "RUNNING"]


def test_a_failure_has_its_cause_and_the_change_before_it(result: Result) -> None:
    failures = [event for event in of(result, "doomed", "state_changed") if event["state"] == "FAILED"]
    assert len(failures) >= 2
    assert all("RuntimeException" in event["cause"] and event["task"] == 0 for event in failures)
    (found,) = result["summaries"]["failures_after_changes"]
    assert (found["connector"], found["changed_keys"]) == ("doomed", ["delay_ms", "mock_mode"])
    assert 0 < found["seconds"] < 60
    summary = next(one for one in result["summaries"]["connectors"] if one["name"] == "doomed")
    assert summary["failures"] == len(failures)
    (restart,) = of(result, "doomed", "restart_requested")
    assert (restart["include_tasks"], restart["only_failed"]) == (True, True)


def test_a_killed_worker_is_a_rebalance_in_which_its_work_moves(result: Result, told: Told) -> None:
    rebalances = [event for event in result["events"] if event["kind"] == "rebalance"]
    moved = [
        move
        for event in rebalances
        for move in event["moved"]
        if event["time"] > told.at("kill") and move["connector"] == "payments" and move.get("task") == 0
    ]
    assert moved[0]["previous_worker"] == told.killed
    assert any(told.killed in event["workers_left"] for event in rebalances)
    generations = [event["generation"] for event in rebalances]
    assert generations == sorted(set(generations))
    assert result["summaries"]["rebalances"]["count"] == sum(event["rebalances"] for event in rebalances)


def test_the_past_is_shown_as_it_was(result: Result) -> None:
    then = {entry["name"]: entry for entry in result["connectors"]}
    assert {name: entry["target_state"] for name, entry in then.items()} == {
        "doomed": "RUNNING",
        "orders": "RUNNING",
        "payments": "PAUSED",
    }
    assert then["orders"]["config"] == {
        **ORDERS,
        "name": "orders",
        "topic": "orders-v2",
        "database.password": "********",
    }
    assert then["orders"]["deleted_since"] is True
    assert then["payments"]["tasks"][0]["state"] == "PAUSED"
    assert (then["doomed"]["tasks"][0]["state"], then["doomed"]["task_count"]) == ("FAILED", 1)
    assert "RuntimeException" in then["doomed"]["cause"]


def test_a_part_of_the_history_has_the_same_events(result: Result, told: Told) -> None:
    part = run_history(told.sandbox, since=told.at("failed"), until=told.at("end"), name=["payments"])
    whole = [
        event
        for event in result["events"]
        if event["time"] > told.at("failed") and event.get("connector") == "payments"
    ]
    keys = ("time", "kind", "state", "worker", "task")
    shown = [event for event in part["events"] if event["kind"] != "rebalance"]
    assert [[event.get(key) for key in keys] for event in shown] == [
        [event.get(key) for key in keys] for event in whole
    ]
    assert part["topics"][1]["records"] < result["topics"][1]["records"]


def test_the_topics_are_found(result: Result, told: Told) -> None:
    found = run_history(told.sandbox, config_topic="", status_topic="", until=told.at("end"))
    assert [topic["name"] for topic in found["topics"]] == list(TOPICS.values())
    assert len(found["events"]) >= len(result["events"])


def test_no_secret_and_no_group_is_left(result: Result, told: Told) -> None:
    assert SECRET not in json.dumps(result)
    groups = AdminClient({"bootstrap.servers": told.sandbox.bootstrap_servers}).list_consumer_groups().result(30).valid
    assert "ansible-streamops-kafka-connect" not in {group.group_id for group in groups}


def test_a_module_on_a_host_returns_the_same(told: Told, tmp_path: Path) -> None:
    given = {
        "bootstrap_servers": told.sandbox.bootstrap_servers,
        **TOPICS,
        "since": told.at("begin"),
        "until": told.at("end"),
        "as_of": told.at("paused"),
    }
    # A limit in time makes it a module.
    tasks = [
        task("cluster_history", "here", given),
        task("cluster_history", "there", given, **{"async": 60, "poll": 1}),
    ]
    run = run_playbook(
        [play(tasks)], {"localhost": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}}, tmp_path
    )
    ignored = ("run", "invocation", "ansible_job_id", "finished", "started", "results_file", "stdout", "stderr")
    here, there = (
        {key: value for key, value in run.of(label, "localhost").result.items() if not key.startswith(("_", *ignored))}
        for label in ("here", "there")
    )
    assert not here.get("failed"), run.output
    assert here == there
    assert len(here["events"]) > 20


def test_the_past_can_be_restored(told: Told, tmp_path: Path) -> None:
    """The state of the time at which `payments` was paused: `orders` exists again, and `doomed` runs again."""
    sandbox, folder = told.sandbox, tmp_path / "connectors"
    export = {
        "url": sandbox.urls,
        "bootstrap_servers": sandbox.bootstrap_servers,
        "config_topic": "connect-configs",
        "as_of": told.at("paused"),
        "dest": str(folder),
        "secrets_dest": str(tmp_path / "secrets.yml"),
    }
    restore = {
        "url": sandbox.urls,
        "src": [str(folder)],
        "overrides": "{{ secrets.connectors_secret_overrides }}",
        "stable_for": 1,
    }
    tasks = [
        task("connector_export", "export", export),
        task("connector_export", "export again", export),
        task("ansible.builtin.include_vars", "read", {"file": str(tmp_path / "secrets.yml"), "name": "secrets"}),
        task("connectors", "restore", restore),
        task("connectors", "restore again", restore),
    ]
    run = run_playbook([play(tasks)], {"localhost": {}}, tmp_path)
    results = {record.task: record.result for record in run.records}
    assert not [record.message for record in run.records if record.failed]
    assert misfits("connector_export", results["export"]) == []
    assert results["export"]["compacted"] == []
    assert [results[label]["changed"] for label in ("export", "export again", "restore", "restore again")] == [
        True,
        False,
        True,
        False,
    ]
    files = {path.name: json.loads(path.read_text()) for path in folder.iterdir()}
    assert files["payments.json"] == {"name": "payments", "config": PAYMENTS, "state": "paused"}
    assert files["doomed.json"] == {"name": "doomed", "config": DOOMED}
    assert SECRET not in (folder / "orders.json").read_text()
    stored = sandbox.request("GET", "/connectors/orders/config")[1]
    assert stored == {**ORDERS, "name": "orders", "topic": "orders-v2"}
    told.await_states("payments", ["PAUSED", "PAUSED"])
    told.await_states("doomed", ["RUNNING", "RUNNING"])
