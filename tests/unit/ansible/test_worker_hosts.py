# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The workers of a cluster as hosts, from constructed results of modules."""

from __future__ import annotations

from typing import Any

from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.worker_hosts import (
    cluster_variables,
    worker_hosts,
)

W1, W2 = "http://connect-1.example.com:8083", "http://connect-2.example.com:8083"
ORDERS = {"name": "orders", "config": {"connector.class": "org.example.OrdersSource"}, "tasks": []}


def member(url: str, tasks: int = 0) -> dict[str, Any]:
    running = [{"connector": "orders", "task": number} for number in range(tasks)]
    return {"url": url, "connectors": ["orders"] if tasks else [], "tasks": running}


def cluster(*members: dict[str, Any], leader: str = W1) -> dict[str, Any]:
    workers = [{"url": f"{W1}/", "reachable": True, "version": "4.3.1"}, {"url": W2, "reachable": False}]
    group = {"group_id": "connect-cluster", "leader": leader, "members": list(members)} if members else None
    return {"workers": workers, "kafka_cluster_id": "abc", "group": group}


def test_each_member_is_a_host_with_its_groups() -> None:
    first, second = worker_hosts(cluster(member(W2, 2), member(W1)), [ORDERS], "connect_")
    assert (first.name, first.groups) == ("connect-1.example.com", ("connect_leader", "connect_version_4.3.1"))
    assert (second.name, second.groups) == ("connect-2.example.com", ("connect_class_OrdersSource",))
    assert second.variables["kafka_connect_worker_leader"] is False
    assert len(second.variables["kafka_connect_worker_tasks"]) == 2


def test_a_rebalance_leaves_the_leader_unknown() -> None:
    (only,) = worker_hosts(cluster(member(W1), member(""), leader=""), [ORDERS], "connect_")
    assert "kafka_connect_worker_leader" not in only.variables
    assert only.groups == ("connect_version_4.3.1",)


def test_workers_on_one_host_are_named_with_their_ports() -> None:
    members = [member("http://connect-1.example.com:8083"), member("http://connect-1.example.com:8084")]
    hosts = worker_hosts(cluster(*members), [], "")
    assert [host.name for host in hosts] == ["connect-1.example.com-8083", "connect-1.example.com-8084"]
    assert {host.variables["ansible_host"] for host in hosts} == {"connect-1.example.com"}


def test_without_brokers_the_workers_that_answer_or_run_something_are_hosts() -> None:
    tasks = [{"id": 0, "worker_id": "connect-3.example.com:8083"}, {"id": 1, "worker_id": ""}]
    hosts = worker_hosts(cluster(), [{**ORDERS, "tasks": tasks}], "")
    assert [host.name for host in hosts] == ["connect-1.example.com", "connect-3.example.com"]
    assert hosts[1].variables["kafka_connect_worker_tasks"] == [{"connector": "orders", "task": 0}]


def test_the_variables_of_the_cluster_are_those_that_roles_use() -> None:
    assert cluster_variables(cluster(member(W1), member(W2))) == {
        "kafka_connect_url": [W1, W2],
        "kafka_connect_kafka_cluster_id": "abc",
        "kafka_connect_group_id": "connect-cluster",
    }
    assert cluster_variables(cluster()) == {"kafka_connect_url": [f"{W1}/"], "kafka_connect_kafka_cluster_id": "abc"}
