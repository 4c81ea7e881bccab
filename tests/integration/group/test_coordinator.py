# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The story "group coordinator not available": a broker dies that alone has the partition of the workers' group, or there are too few
brokers for the topic of groups.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from confluent_kafka.admin import AdminClient

from testing.sandbox import Sandbox
from testing.sandbox.configuration import GROUP
from testing.trouble import address_of, coordinator_of
from tests.contract.modules.shapes import misfits

from .snapshots import Snapshot, cluster_health


@pytest.fixture(scope="module")
def three_brokers() -> Iterator[Sandbox]:
    """Three brokers, each partition of __consumer_offsets on one of them, and a worker."""
    alone = {f"broker{number}": {"offsets.topic.replication.factor": "1"} for number in (1, 2, 3)}
    with Sandbox.running(workers=1, brokers=3, properties=alone) as sandbox:
        yield sandbox


def test_a_dead_coordinator_is_named_as_the_cause_and_its_return_is_awaited(three_brokers: Sandbox) -> None:
    healthy = cluster_health(three_brokers, wait_timeout=60, stable_for=0)
    assert (healthy["healthy"], healthy["findings"]) == (True, [])
    name = coordinator_of(three_brokers)
    coordinator, address = name.removeprefix("broker"), address_of(three_brokers, name)

    three_brokers.kill(name)
    result = await_kind(three_brokers, "coordinator_unavailable", group_id=GROUP)
    causes = {found["id"]: found["caused_by"] for found in result["findings"]}
    assert causes["coordinator_unavailable:__consumer_offsets-2"] == [f"broker_unreachable:{address}"]
    assert causes["group_unknown:group"] == ["coordinator_unavailable:__consumer_offsets-2"]
    assert result["msg"].startswith(f"not healthy: bootstrap server {address} can't be reached: connection refused; ")
    assert "because of that the group has no usable coordinator" in result["msg"]
    found = next(found for found in result["findings"] if found["kind"] == "coordinator_unavailable")
    assert found["message"] == (
        f"partition 2 of __consumer_offsets, which holds the group {GROUP}, has no leader (replicas on broker {coordinator}; broker "
        f"{coordinator} is not alive)"
    )
    assert found["advice"].startswith(f"start broker {coordinator}; ")
    assert misfits("cluster_health", result) == []

    three_brokers.start(name)
    back = cluster_health(three_brokers, wait_timeout=120, stable_for=0, group_id=GROUP)
    assert back["healthy"] is True


def test_dead_brokers_are_named_as_the_cause_of_dead_workers(three_brokers: Sandbox) -> None:
    """A worker that is restarted without brokers never listens."""
    addresses = [f"127.0.0.1:{node.port}" for node in three_brokers.state.nodes if node.name.startswith("broker")]
    for node in three_brokers.state.nodes:
        three_brokers.kill(node.name)
    result = cluster_health(three_brokers, conflict_timeout=5, group_id=GROUP)
    assert (result["failed"], result["error"]["kind"]) == (True, "connection_refused")
    (brokers,) = (found for found in result["findings"] if found["kind"] == "broker_unreachable")
    assert all(address in brokers["message"] for address in addresses)
    causes = {found["id"]: found["caused_by"] for found in result["findings"]}
    assert causes == {
        brokers["id"]: [],
        "group_unknown:group": [brokers["id"]],
        f"worker_unreachable:{three_brokers.urls[0]}": [brokers["id"]],
    }
    assert result["msg"].startswith(f"the cluster is not healthy: {brokers['message']}; because of that ")
    assert misfits("cluster_health", result) == []


def test_a_topic_of_groups_that_cannot_be_created_is_named_as_the_cause() -> None:
    with Sandbox.running(workers=1) as sandbox:
        sandbox.kill("broker")
        sandbox.start("broker", properties={"offsets.topic.replication.factor": "3"})
        client = AdminClient({"bootstrap.servers": sandbox.bootstrap_servers})
        for deleted in client.delete_topics(["__consumer_offsets"]).values():
            deleted.result(30)
        result = await_kind(sandbox, "offsets_topic_impossible", group_id=GROUP)

    found = result["findings"][0]
    assert (found["kind"], found["caused_by"]) == ("offsets_topic_impossible", [])
    assert "offsets.topic.replication.factor is 3, but 1 broker is alive" in found["message"]
    causes = {one["id"]: one["caused_by"] for one in result["findings"]}
    assert causes["group_unknown:group"] == [found["id"]]
    assert result["msg"].startswith("not healthy: __consumer_offsets does not exist, and the brokers can't create it")


def await_kind(sandbox: Sandbox, kind: str, **options: str) -> Snapshot:
    """The first result with such a finding. The brokers notice the death of another one after its session."""
    deadline = time.monotonic() + 60
    while True:
        result = cluster_health(sandbox, **options)
        if any(found["kind"] == kind for found in result["findings"]):
            return result
        assert time.monotonic() < deadline, result["msg"]
