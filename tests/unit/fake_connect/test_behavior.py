# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Behavior over time: statuses that lag behind, rebalance windows, failures and recovery."""

from __future__ import annotations

import time

from testing.fake_connect import INSTANT, FakeCluster, Timing

from .conftest import CONFIG, ask

SLOW = Timing(connector_status=60, task_configs=61, task_status=62, target_state=60, unassigned=60, forgotten=61)


def test_a_new_connector_has_no_status_for_a_while() -> None:
    with FakeCluster(1, timing=SLOW) as cluster:
        worker = cluster.workers[0]
        assert ask(worker, "PUT", "/connectors/a/config", CONFIG).status == 201
        assert ask(worker, "GET", "/connectors").json == ["a"]
        assert ask(worker, "GET", "/connectors?expand=status").json == {}
        assert ask(worker, "GET", "/connectors?expand=info").json["a"]["info"]["tasks"] == []
        cluster.connectors.settle()
        assert ask(worker, "GET", "/connectors/a/status").json["tasks"][0]["state"] == "RUNNING"


def test_after_a_change_the_old_status_stays_and_the_tasks_follow_late() -> None:
    with FakeCluster(1, timing=SLOW) as cluster:
        worker = cluster.workers[0]
        cluster.connectors.put("a", CONFIG)
        cluster.connectors.fail("a", task=0)
        changed = {**CONFIG, "batch.size": "7"}
        assert ask(worker, "PUT", "/connectors/a/config", changed).status == 200
        assert ask(worker, "GET", "/connectors/a/config").json == {**changed, "name": "a"}
        assert ask(worker, "GET", "/connectors/a/status").json["tasks"][0]["state"] == "FAILED"
        assert "batch.size" not in ask(worker, "GET", "/connectors/a/tasks").json[0]["config"]
        cluster.connectors.settle()
        assert ask(worker, "GET", "/connectors/a/status").json["tasks"][0]["state"] == "RUNNING"
        assert ask(worker, "GET", "/connectors/a/tasks").json[0]["config"]["batch.size"] == "7"


def test_delays_count_from_their_cause_even_without_requests() -> None:
    """A chain of effects must be complete after the sum of its delays, although the first request arrives only then."""
    timing = Timing(connector_status=0.02, task_configs=0.03, task_status=0.04)
    mock = {"connector.class": "MockSource", "mock_mode": "task-failure", "delay_ms": "50"}
    with FakeCluster(1, timing=timing) as cluster:
        ask(cluster.workers[0], "PUT", "/connectors/a/config", mock)
        due = time.monotonic() + 0.1
        while time.monotonic() < due:  # nothing may access the cluster in the meantime
            time.sleep(0.01)
        assert cluster.connectors["a"].tasks[0].state == "FAILED"


def test_a_deleted_connectors_status_fades() -> None:
    with FakeCluster(1, timing=SLOW) as cluster:
        worker = cluster.workers[0]
        cluster.connectors.put("a", CONFIG)
        assert ask(worker, "DELETE", "/connectors/a").status == 204
        left = ask(worker, "GET", "/connectors/a/status").json
        assert (left["connector"]["state"], left["type"]) == ("RUNNING", "unknown")
        assert ask(worker, "GET", "/connectors?expand=status").json == {}
        cluster.connectors.settle()
        assert ask(worker, "GET", "/connectors/a/status").status == 404


def test_an_identical_change_keeps_nothing_from_happening() -> None:
    """As from a proxy that sends a request twice: the effects of the first request continue."""
    with FakeCluster(1, timing=SLOW) as cluster:
        worker = cluster.workers[0]
        for _time in range(2):
            ask(worker, "PUT", "/connectors/new/config", CONFIG)
        cluster.connectors.put("failed", CONFIG)
        cluster.connectors.fail("failed", task=0)
        for _time in range(2):
            ask(worker, "PUT", "/connectors/failed/config", {**CONFIG, "batch.size": "7"})
        cluster.connectors.settle()
        for name in ("new", "failed"):
            assert [task.state for task in cluster.connectors[name].tasks.values()] == ["RUNNING"], name


def test_a_later_change_cancels_the_first_one() -> None:
    """Paused before the first status, resumed before the pause takes effect: the last request counts."""
    with FakeCluster(1, timing=SLOW) as cluster:
        worker = cluster.workers[0]
        ask(worker, "PUT", "/connectors/a/config", CONFIG)
        ask(worker, "PUT", "/connectors/a/pause")
        ask(worker, "PUT", "/connectors/a/resume")
        cluster.connectors.settle()
        record = cluster.connectors["a"]
        assert record.status is not None
        assert (record.status.state, [task.state for task in record.tasks.values()]) == ("RUNNING", ["RUNNING"])


def test_a_rebalance_window_refuses_reads_and_restarts_and_delays_writes(cluster: FakeCluster) -> None:
    cluster.connectors.put("a", CONFIG)
    worker = cluster.workers[0]
    cluster.rebalance(0.3)
    began = time.monotonic()
    for path in ("/connectors/a", "/connectors/a/config", "/connectors/a/tasks"):
        reply = ask(worker, "GET", path)
        assert (reply.status, reply.message) == (500, "Request cannot be completed because a rebalance is expected")
    restart = ask(worker, "POST", "/connectors/a/restart")
    assert (restart.status, "stale configuration" in restart.message) == (409, True)
    assert ask(worker, "GET", "/connectors/a/status").status == 200
    assert ask(worker, "PUT", "/connectors/a/stop").status == 204
    assert time.monotonic() - began >= 0.3
    assert ask(worker, "GET", "/connectors/a").status == 200


def test_changes_within_one_window_are_one_rebalance() -> None:
    with FakeCluster(1, timing=Timing(rebalance=60.0)) as cluster:
        for name in "abc":
            cluster.connectors.put(name, CONFIG, settled=False)
        assert cluster.rebalances == 1
    with FakeCluster(1, timing=INSTANT) as cluster:
        for name in "abc":
            cluster.connectors.put(name, CONFIG)
        assert cluster.rebalances == 6  # each connector is assigned, then its tasks are


def test_a_sticky_failure_outlives_restarts_until_it_is_healed() -> None:
    with FakeCluster(1, timing=INSTANT) as cluster:
        worker = cluster.workers[0]
        cluster.connectors.put("a", CONFIG)
        cluster.connectors.fail("a", task=0, trace="java.lang.IllegalStateException: no", sticky=True)
        for expected in ("FAILED", "RUNNING"):
            assert ask(worker, "POST", "/connectors/a/restart?includeTasks=true&onlyFailed=true").status == 202
            assert cluster.connectors["a"].tasks[0].state == expected
            cluster.connectors.heal("a")


def test_a_secret_source_fails_with_a_chain_of_causes() -> None:
    config = {
        "connector.class": "com.example.SecretSourceConnector",
        "tasks.max": "2",
        "database.hostname": "db.invalid",
        "database.user": "u",
        "database.password": "p",
        "topic.prefix": "t",
    }
    with FakeCluster(1, timing=INSTANT) as cluster:
        cluster.connectors.put("a", config)
        traces = [task.trace for task in cluster.connectors["a"].tasks.values()]
        assert len(traces) == 2
        assert traces[0].count("Caused by: ") == 2
        assert "Caused by: java.net.UnknownHostException: db.invalid: Name or service not known" in traces[0]
        cluster.connectors.put("a", {**config, "database.hostname": "db"})
        assert [task.state for task in cluster.connectors["a"].tasks.values()] == ["RUNNING", "RUNNING"]


def test_an_idle_source_makes_no_tasks(cluster: FakeCluster) -> None:
    cluster.connectors.put("a", {"connector.class": "com.example.IdleSourceConnector"})
    record = cluster.connectors["a"]
    assert record.status is not None
    assert (record.status.state, record.task_configs, record.tasks) == ("RUNNING", (), {})


def test_changes_of_another_user_are_not_recorded_as_requests(cluster: FakeCluster) -> None:
    cluster.connectors.put("a", CONFIG)
    cluster.connectors.set_state("a", "STOPPED")
    cluster.connectors.settle()
    cluster.connectors.set_offsets("a", [({"filename": "/x"}, {"position": 5})])
    worker = cluster.workers[0]
    assert ask(worker, "GET", "/connectors/a/status").json["connector"]["state"] == "STOPPED"
    shown = {"partition": {"filename": "/x"}, "offset": {"position": 5}}
    assert ask(worker, "GET", "/connectors/a/offsets").json == {"offsets": [shown]}
    cluster.connectors.remove("a")
    assert "a" not in cluster.connectors
    assert [request.method for request in cluster.requests] == ["GET", "GET"]


def test_writes_are_all_requests_except_reads_and_validations(cluster: FakeCluster) -> None:
    worker = cluster.workers[1]
    ask(worker, "GET", "/connectors")
    ask(worker, "PUT", "/connector-plugins/FileStreamSource/config/validate", CONFIG)
    ask(worker, "PUT", "/connectors/a/config", CONFIG)
    ask(worker, "POST", "/connectors/a/restart")
    assert [(request.worker, request.method) for request in cluster.writes()] == [(1, "PUT"), (1, "POST")]
    assert cluster.requests[2].json() == CONFIG


def test_the_expanded_list_is_rendered_once_for_each_state(cluster: FakeCluster) -> None:
    for number in range(20):
        cluster.connectors.put(f"c{number}", CONFIG)
    worker = cluster.workers[0]
    view, expanded = worker.view, cluster.expanded[0]
    first = expanded.render(view, ("info", "status"))
    assert expanded.render(view, ("info", "status")) is first
    cluster.connectors.fail("c3", task=0)
    second = expanded.render(view, ("info", "status"))
    assert second != first
    assert ask(worker, "GET", "/connectors?expand=info&expand=status").body == second


def test_older_versions_lack_what_came_later() -> None:
    with FakeCluster(1, version="3.4.1") as cluster:
        worker = cluster.workers[0]
        cluster.connectors.put("a", CONFIG)
        assert ask(worker, "GET", "/health").status == 404
        assert ask(worker, "PUT", "/connectors/a/stop").status == 404
        assert ask(worker, "GET", "/connectors/a/offsets").status == 404
        assert ask(worker, "PATCH", "/connectors/a/config", {"x": "y"}).status == 405
        body = {"name": "b", "config": CONFIG, "initial_state": "PAUSED"}
        reply = ask(worker, "POST", "/connectors", body)
        assert (reply.status, reply.message[:36]) == (500, 'Unrecognized field "initial_state" (')
        assert "version" not in ask(worker, "GET", "/connectors/a/status").json["connector"]
