# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""cluster_health on a real group: stable, with a dead worker, and after others have taken over its work."""

from __future__ import annotations

from confluent_kafka.admin import AdminClient, NewTopic

from testing.sandbox import Sandbox
from tests.contract.modules.shapes import misfits

from .conftest import CONNECTORS, DELAY
from .snapshots import Snapshot, cluster_health


def kinds(result: Snapshot, severity: str = "error") -> set[str]:
    return {finding["kind"] for finding in result["findings"] if finding["severity"] == severity}


def test_a_stable_cluster_is_healthy(settled: Sandbox) -> None:
    result = cluster_health(
        settled, url=settled.urls[:3], expected_workers=3, wait_timeout=60, stable_for=2, fail_on_unhealthy=True
    )

    assert (result["healthy"], result["findings"]) == (True, [])
    assert result["rebalance"] == {
        "in_progress": False,
        "source": "brokers",
        "state": "Stable",
        "delay_ms": 0,
        "parked_connectors": 0,
        "parked_tasks": 0,
    }
    assert [worker["member"] for worker in result["workers"]] == [True] * 3
    assert [worker["leader"] for worker in result["workers"]].count(True) == 1
    assert sum(worker["tasks"] for worker in result["workers"]) == len(CONNECTORS)
    assert misfits("cluster_health", result) == []


def test_a_dead_worker_is_reported_although_its_tasks_show_running(settled: Sandbox) -> None:
    urls = settled.urls[:3]
    before = cluster_health(settled, url=urls, wait_timeout=60, stable_for=0)
    victim = next(worker for worker in before["workers"] if not worker["leader"] and worker["tasks"])
    name = next(worker.name for worker in settled.workers if worker.url == victim["url"])

    settled.kill(name)
    reported: set[str] = set()
    while "rebalance_delayed" not in reported:
        result = cluster_health(settled, url=urls)
        assert result["healthy"] is False
        reported = kinds(result)
    # REST alone still shows all of them as running.
    assert result["summary"]["tasks_by_state"] == {"running": len(CONNECTORS)}
    assert "task_on_non_member" in reported
    assert "worker_unreachable" in kinds(result, "warning")
    # The dead worker is the cause of both.
    assert result["msg"].startswith(
        f"not healthy: worker {victim['url']} does not answer and is not a member of the group"
    )
    assert [found["caused_by"] for found in result["findings"] if found["kind"] == "rebalance_delayed"] == [
        [f"worker_unreachable:{victim['url']}"]
    ]
    assert misfits("cluster_health", result) == []

    after = cluster_health(settled, url=urls, wait_timeout=DELAY + 90, stable_for=2)
    assert after["healthy"] is True
    assert sum(worker["tasks"] or 0 for worker in after["workers"]) == len(CONNECTORS)
    missing = cluster_health(settled, url=urls, expected_workers=3, fail_on_unhealthy=True)
    assert (missing["failed"], missing["error"]["kind"]) == (True, "not_healthy")
    assert kinds(missing) == {"other_number_of_workers"}


def test_unreachable_brokers_make_the_cluster_unhealthy(settled: Sandbox) -> None:
    result = cluster_health(settled, url=settled.urls[:3], bootstrap_servers=["127.0.0.1:1"])
    assert links(result) == {
        "broker_unreachable:127.0.0.1:1": [],
        "group_unknown:group": ["broker_unreachable:127.0.0.1:1"],
    }
    assert result["msg"].startswith(
        "not healthy: bootstrap server 127.0.0.1:1 can't be reached: connection refused; because of that the workers' group is "
        "unknown; "
    )
    assert misfits("cluster_health", result) == []


def test_a_port_of_a_worker_is_not_a_broker(settled: Sandbox) -> None:
    rest = settled.urls[0].removeprefix("http://")
    result = cluster_health(settled, url=settled.urls[:3], bootstrap_servers=[rest])
    assert links(result) == {f"bootstrap_wrong:{rest}": [], "group_unknown:group": [f"bootstrap_wrong:{rest}"]}
    assert "the port speaks HTTP" in result["findings"][0]["message"]


def test_a_dead_server_and_a_wrong_one_beside_a_live_one_are_warnings(settled: Sandbox) -> None:
    rest = settled.urls[0].removeprefix("http://")
    # The alias is no address that a broker advertises, so it is asked on its own.
    alias = settled.bootstrap_servers.replace("127.0.0.1", "localhost")
    result = cluster_health(
        settled, url=settled.urls[:3], bootstrap_servers=[settled.bootstrap_servers, alias, "127.0.0.1:1", rest]
    )
    assert result["healthy"] is True
    assert {(found["kind"], found["subject"]) for found in result["findings"]} == {
        ("broker_unreachable", "127.0.0.1:1"),
        ("bootstrap_wrong", rest),
    }


def test_an_internal_topic_that_is_not_compacted_is_an_error(settled: Sandbox) -> None:
    topics = {"config_topic": "connect-configs", "offset_topic": "connect-offsets", "status_topic": "connect-status"}
    assert cluster_health(settled, url=settled.urls[:3], **topics)["findings"] == []
    client = AdminClient({"bootstrap.servers": settled.bootstrap_servers})
    for created in client.create_topics([NewTopic("group-uncompacted", 2, 1)]).values():
        created.result(30)

    topics |= {"config_topic": "group-uncompacted", "status_topic": "group-absent"}
    result = cluster_health(settled, url=settled.urls[:3], **topics)
    assert links(result) == {
        "internal_topic_missing:group-absent": [],
        "internal_topic_not_compacted:group-uncompacted": [],
        "internal_topic_partitions:group-uncompacted": [],
    }
    assert misfits("cluster_health", result) == []


def test_a_check_that_is_off_finds_nothing(settled: Sandbox) -> None:
    servers = [settled.bootstrap_servers, "127.0.0.1:1"]
    names = {"status_topic": "group-absent"}
    off = cluster_health(settled, url=settled.urls[:3], bootstrap_servers=servers, checks=["internal_topics"], **names)
    assert {found["kind"] for found in off["findings"]} == {"internal_topic_missing"}
    on = cluster_health(settled, url=settled.urls[:3], bootstrap_servers=servers, checks=["brokers"], **names)
    assert {found["kind"] for found in on["findings"]} == {"broker_unreachable"}


def links(result: Snapshot) -> dict[str, list[str]]:
    """The causes of each error."""
    return {found["id"]: found["caused_by"] for found in result["findings"] if found["severity"] == "error"}
