# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Workers with failures: dead, hung, starting, stuck, stale, or of another Kafka cluster."""

from __future__ import annotations

import http.client
from concurrent.futures import ThreadPoolExecutor

import pytest

from testing.fake_connect import FakeCluster, FakeWorker, Timing

from .conftest import CONFIG, Reply, ask


def test_a_dead_worker_refuses_and_comes_back_on_its_port(cluster: FakeCluster) -> None:
    worker = cluster.workers[1]
    url = worker.url
    worker.kill()
    with pytest.raises(ConnectionRefusedError):
        ask(worker, "GET", "/")
    worker.start()
    assert worker.url == url
    assert ask(worker, "GET", "/").status == 200


def test_a_kept_connection_breaks_when_its_worker_dies(cluster: FakeCluster) -> None:
    worker = cluster.workers[0]
    connection = http.client.HTTPConnection("127.0.0.1", worker.port, timeout=5)
    connection.request("GET", "/")
    connection.getresponse().read()
    worker.kill()
    connection.sock.settimeout(5)
    assert connection.sock.recv(1) == b""
    connection.close()


def test_a_hung_worker_answers_only_after_the_thaw(cluster: FakeCluster) -> None:
    worker = cluster.workers[0]
    worker.freeze()
    with pytest.raises(TimeoutError):
        ask(worker, "GET", "/", timeout=0.1)
    assert [request.path for request in cluster.requests] == ["/"]
    with ThreadPoolExecutor() as executor:
        waiting = executor.submit(ask, worker, "GET", "/")
        worker.thaw()
        assert waiting.result().status == 200


def test_a_starting_worker_shows_nothing_and_lets_herder_requests_wait() -> None:
    with FakeCluster(2, timing=Timing(request_timeout=0.1, health_timeout=0.05)) as cluster:
        cluster.connectors.put("a", CONFIG)
        worker = cluster.workers[1]
        worker.starting()
        assert ask(worker, "GET", "/connectors").json == []
        assert ask(worker, "GET", "/connectors?expand=info").json == {}
        assert ask(worker, "GET", "/connectors/a/status").status == 404
        assert ask(worker, "PUT", "/connectors/a/pause").message == "Unknown connector a"
        health = ask(worker, "GET", "/health")
        assert (health.status, health.json["status"]) == (503, "starting")
        waited = ask(worker, "GET", "/connectors/a")
        assert (waited.status, waited.message[:56]) == (500, "Request timed out. The worker is currently awaiting star")
        assert ask(cluster.workers[0], "GET", "/connectors").json == ["a"]
        worker.ready()
        assert ask(worker, "GET", "/connectors").json == ["a"]
        assert ask(worker, "GET", "/health").status == 200


def test_a_stuck_herder_answers_what_bypasses_it_and_does_timed_out_writes_later() -> None:
    with FakeCluster(1, timing=Timing(request_timeout=0.1, health_timeout=0.05)) as cluster:
        cluster.connectors.put("a", CONFIG)
        worker = cluster.workers[0]
        worker.block("polling the group coordinator until interrupted")
        assert ask(worker, "GET", "/connectors?expand=status").json["a"]["status"]["connector"]["state"] == "RUNNING"
        assert ask(worker, "PUT", "/connectors/a/pause").status == 202
        reply = ask(worker, "PUT", "/connectors/b/config", CONFIG)
        assert (reply.status, "polling the group coordinator" in reply.message) == (500, True)
        health = ask(worker, "GET", "/health")
        assert (health.status, health.json["status"]) == (500, "unhealthy")
        assert "b" not in cluster.connectors
        worker.unblock()
        assert "b" in cluster.connectors


def test_a_stale_follower_reads_late_what_others_wrote(cluster: FakeCluster) -> None:
    leader, follower = cluster.workers[:2]
    cluster.connectors.put("a", CONFIG)
    follower.lag = 60.0
    assert ask(leader, "DELETE", "/connectors/a").status == 204
    assert ask(follower, "PUT", "/connectors/own/config", CONFIG).status == 201
    assert ask(follower, "GET", "/connectors").json == ["a", "own"]
    assert sorted(ask(follower, "GET", "/connectors?expand=info").json) == ["a", "own"]
    assert ask(leader, "GET", "/connectors").json == ["own"]
    follower.lag = 0.0
    assert ask(follower, "GET", "/connectors").json == ["own"]


def test_a_worker_of_another_kafka_cluster_reports_its_id(cluster: FakeCluster) -> None:
    cluster.workers[2].kafka_cluster_id = "another"
    seen = [ask(worker, "GET", "/").json["kafka_cluster_id"] for worker in cluster.workers]
    assert seen == [cluster.kafka_cluster_id, cluster.kafka_cluster_id, "another"]


def test_a_plugin_may_be_missing_on_one_worker(cluster: FakeCluster) -> None:
    cluster.workers[1].uninstall(["FileStreamSource"])
    assert ask(cluster.workers[1], "PUT", "/connectors/a/config", CONFIG).status == 400
    assert ask(cluster.workers[0], "PUT", "/connectors/a/config", CONFIG).status == 201


def test_a_plugin_that_the_leader_lacks_is_refused_through_every_worker(cluster: FakeCluster) -> None:
    cluster.workers[0].uninstall(["FileStreamSource"])
    assert ask(cluster.workers[1], "PUT", "/connectors/a/config", CONFIG).status == 400


def test_a_dead_leader_is_missed_until_its_session_ends() -> None:
    with FakeCluster(2, timing=Timing(session=60.0)) as cluster:
        leader, follower = cluster.workers
        leader.kill()
        reply = ask(follower, "PUT", "/connectors/a/config", CONFIG)
        assert (reply.status, reply.message[:39]) == (500, "IO Error trying to forward REST request")
        assert ask(follower, "GET", "/connectors").json == []
        leader.start()
        assert ask(follower, "PUT", "/connectors/a/config", CONFIG).status == 201


def test_the_work_of_a_dead_worker_moves_when_it_is_reassigned(cluster: FakeCluster) -> None:
    for name in "abcdef":
        cluster.connectors.put(name, CONFIG)

    def workers() -> set[str]:
        return {task.worker_id for record in cluster.connectors.values() for task in record.tasks.values()}

    departed = cluster.workers[1]
    assert departed.worker_id in workers()
    departed.kill()
    assert departed.worker_id in workers()
    cluster.behavior.reassign(departed.worker_id)
    assert workers() <= {cluster.workers[0].worker_id, cluster.workers[2].worker_id}


def shown(worker: FakeWorker, path: str) -> Reply:
    return ask(worker, "GET", path)


def test_reads_of_masked_secrets_show_stars() -> None:
    config = {
        "connector.class": "com.example.SecretSourceConnector",
        "database.hostname": "db",
        "database.user": "u",
        "database.password": "hunter2",
        "topic.prefix": "p",
    }
    with FakeCluster(1, masked=True) as cluster:
        worker = cluster.workers[0]
        assert ask(worker, "PUT", "/connectors/a/config", config).status == 201
        cluster.connectors.settle()
        for path in ("/connectors/a", "/connectors/a/config", "/connectors/a/tasks", "/connectors?expand=info"):
            text = shown(worker, path).body.decode()
            assert "hunter2" not in text
            assert '"database.password":"****"' in text
        assert cluster.connectors["a"].config == {**config, "name": "a"}


def test_credentials_are_demanded() -> None:
    with FakeCluster(1, credentials=("me", "secret")) as cluster:
        reply = ask(cluster.workers[0], "GET", "/")
        assert (reply.status, reply.body) == (401, b"User cannot access the resource.")
