# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The group of the cluster, and the combined facts of the REST API and of constructed brokers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import BrokersError
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group import membership
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.brokers import Brokers
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.membership import group_facts
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.protocol import (
    CONNECTOR_ITSELF,
    Group,
    KnownGroups,
    MemberBytes,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.info.cluster import cluster_facts
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.snapshot.cluster import Cluster
from testing.fake_connect import FakeCluster
from tests.unit.connect.group_bytes import member, rebalancing, stable
from tests.unit.connect.support import cluster_at, file_source, written

NOWHERE = Brokers(("127.0.0.1:1",))
ORDERS = [("orders", CONNECTOR_ITSELF), ("orders", 0)]


@dataclass
class MadeUpBrokers:
    """Replaces BrokersClient: returns the next one of `snapshots`, and repeats the last one."""

    snapshots: list[Sequence[Group]]
    asked: list[str] = field(default_factory=list)

    def __call__(self, _brokers: Brokers) -> MadeUpBrokers:
        return self

    def group(self, group_id: str) -> Group | None:
        return next((group for group in self._next(group_id) if group.group_id == group_id), None)

    def groups(self) -> KnownGroups:
        return KnownGroups(tuple(self._next("")))

    def other_groups(self, group_id: str) -> tuple[Group, ...]:
        return tuple(group for group in self.snapshots[0] if group.group_id != group_id)

    def _next(self, group_id: str) -> Sequence[Group]:
        self.asked.append(group_id)
        return self.snapshots.pop(0) if len(self.snapshots) > 1 else self.snapshots[0]


@pytest.fixture
def brokers_say(monkeypatch: pytest.MonkeyPatch) -> Callable[..., MadeUpBrokers]:
    def say(*snapshots: Sequence[Group]) -> MadeUpBrokers:
        made_up = MadeUpBrokers(list(snapshots))
        monkeypatch.setattr(membership, "BrokersClient", made_up)
        monkeypatch.setattr(membership, "READ_PAUSE", 0.01)
        monkeypatch.setattr(membership, "GROUP_SETTLES", 0.3)
        return made_up

    return say


@pytest.fixture
def cluster(fake: FakeCluster) -> Cluster:
    fake.connectors.put("orders", file_source())
    return cluster_at(fake.urls)


def workers(fake: FakeCluster, *works: Sequence[tuple[str, int]]) -> list[MemberBytes]:
    """Members at the fake's own addresses, on one machine."""
    return [
        member(number, work, url=url, host="127.0.0.1")
        for number, (url, work) in enumerate(zip(fake.urls, works, strict=False), 1)
    ]


def looked(cluster: Cluster, group_id: str = "") -> dict[str, Any]:
    cluster.identify()
    found = group_facts(cluster, cluster.api.expanded(), NOWHERE, group_id)
    assert found is not None
    return found


def test_the_group_of_the_workers_is_found_and_compared(
    fake: FakeCluster, cluster: Cluster, brokers_say: Callable[..., MadeUpBrokers]
) -> None:
    brokers_say([stable(*workers(fake, ORDERS, [], [])), stable(member(9), group_id="other")])
    found = looked(cluster)
    assert (found["group_id"], found["state"], found["leader"]) == ("orders", "Stable", fake.urls[0])
    assert found["findings"] == []
    assert {entry["url"]: entry["idle"] for entry in found["members"]} == {
        fake.urls[0]: False,
        fake.urls[1]: True,
        fake.urls[2]: True,
    }
    (busy,) = (entry for entry in found["members"] if not entry["idle"])
    assert (busy["connectors"], busy["tasks"]) == (["orders"], [{"connector": "orders", "task": 0}])
    assert written(fake) == []


def test_a_group_that_is_not_stable_is_read_again(
    fake: FakeCluster, cluster: Cluster, brokers_say: Callable[..., MadeUpBrokers]
) -> None:
    revoked, done = stable(*workers(fake, [], [])), stable(*workers(fake, ORDERS, []))
    brokers_say([revoked], [rebalancing(*workers(fake, [], []))], [done])
    assert looked(cluster, "orders")["findings"] == []


def test_a_short_disagreement_is_not_reported(
    fake: FakeCluster, cluster: Cluster, brokers_say: Callable[..., MadeUpBrokers]
) -> None:
    behind = [stable(*workers(fake, [], []))]
    brokers_say(behind, behind, behind, [stable(*workers(fake, ORDERS, []))])
    assert looked(cluster)["findings"] == []


def test_a_lasting_disagreement_is_reported(
    fake: FakeCluster, cluster: Cluster, brokers_say: Callable[..., MadeUpBrokers]
) -> None:
    brokers_say([stable(*workers(fake, ORDERS, ORDERS))])
    assert [finding["kind"] for finding in looked(cluster)["findings"]] == ["owned_twice"]


def test_a_lasting_rebalance_is_reported_without_assignment_findings(
    fake: FakeCluster, cluster: Cluster, brokers_say: Callable[..., MadeUpBrokers]
) -> None:
    brokers_say([rebalancing(*workers(fake, ORDERS, []))])
    found = looked(cluster, "orders")
    assert [finding["kind"] for finding in found["findings"]] == ["rebalancing"]
    assert [(entry["url"], entry["idle"]) for entry in found["members"]] == [("", None), ("", None)]
    assert (found["leader"], found["config_offset"]) == ("", None)


def test_advertised_urls_are_checked(
    fake: FakeCluster, cluster: Cluster, brokers_say: Callable[..., MadeUpBrokers]
) -> None:
    gone = member(3, url="http://127.0.0.1:1", host="127.0.0.1")
    brokers_say([stable(*workers(fake, ORDERS, []), gone)])
    (finding,) = looked(cluster)["findings"]
    assert (finding["kind"], finding["severity"]) == ("unreachable_url", "warning")
    assert "http://127.0.0.1:1: nothing answers there" in finding["evidence"]


def test_a_url_of_another_kafka_cluster_is_reported(
    fake: FakeCluster, cluster: Cluster, brokers_say: Callable[..., MadeUpBrokers]
) -> None:
    with FakeCluster(kafka_cluster_id="AnotherKafka") as another:
        brokers_say([stable(*workers(fake, ORDERS), member(2, url=another.urls[0], host="127.0.0.1"))])
        (finding,) = looked(cluster)["findings"]
    assert finding["kind"] == "wrong_url"
    assert "another Kafka cluster, AnotherKafka" in finding["evidence"]


def test_a_loopback_url_of_another_host_is_not_checked_here(
    fake: FakeCluster, cluster: Cluster, brokers_say: Callable[..., MadeUpBrokers]
) -> None:
    elsewhere = [
        member(1, ORDERS, url=fake.urls[0], host="10.0.0.1"),
        member(2, url="http://127.0.0.1:1", host="10.0.0.2"),
    ]
    brokers_say([stable(*elsewhere)])
    assert {finding["kind"] for finding in looked(cluster)["findings"]} == {"loopback_url"}


def test_an_invalid_advertised_url_is_reported(
    fake: FakeCluster, cluster: Cluster, brokers_say: Callable[..., MadeUpBrokers]
) -> None:
    brokers_say([stable(*workers(fake, ORDERS), member(2, url="http://[x:99999999", host="127.0.0.1"))])
    (finding,) = looked(cluster)["findings"]
    assert (finding["kind"], "it is not the URL of a worker" in finding["evidence"]) == ("unreachable_url", True)


def test_a_missing_group_is_reported_with_the_existing_groups(
    cluster: Cluster, brokers_say: Callable[..., MadeUpBrokers]
) -> None:
    brokers_say([stable(member(1))])
    with pytest.raises(BrokersError, match='know no group "nope"; groups of Connect workers: orders'):
        looked(cluster, "nope")


def test_a_failure_of_the_brokers_keeps_the_facts_of_the_rest_api(
    cluster: Cluster, brokers_say: Callable[..., MadeUpBrokers]
) -> None:
    brokers_say([])
    report = cluster_facts(cluster, lambda snapshot: group_facts(cluster, snapshot, NOWHERE))
    assert isinstance(report.failure, BrokersError)
    assert report.extra["summary"]["total"] == 1
    assert "group" not in report.extra


def test_without_the_library_there_is_one_warning(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(membership, "HAS_CONFLUENT_KAFKA", False)
    report = cluster_facts(cluster, lambda snapshot: group_facts(cluster, snapshot, NOWHERE))
    assert [warning for warning in report.warnings if "confluent-kafka is missing" in warning] == list(report.warnings)
    assert report.failure is None
    assert "group" not in report.extra


def test_a_worker_of_another_group_that_writes_statuses_here_is_reported(
    fake: FakeCluster, brokers_say: Callable[..., MadeUpBrokers]
) -> None:
    """It is found by url, although the statuses lead to the other one."""
    fake.connectors.put("orders", file_source())
    mine = stable(member(1, ORDERS, url=fake.urls[1], host="127.0.0.1"))
    theirs = stable(member(2, ORDERS, url=fake.urls[0], host="127.0.0.1"), group_id="astray")
    brokers_say([mine, theirs])
    found = looked(cluster_at([fake.urls[1]]))
    assert found["group_id"] == "orders"
    (reported,) = found["findings"]
    assert (reported["kind"], reported["severity"]) == ("second_group", "error")
    assert fake.urls[0] in reported["evidence"]
