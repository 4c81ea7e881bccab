# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an observation reads, from a fake cluster and prepared brokers."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import (
    BrokersError,
    CancelledError,
    InputError,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.brokers import Brokers
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.consumer_groups import (
    Consumer,
    Part,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.group_findings import RestView
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.membership import Membership
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.protocol import Group
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.topic_reader import Headed
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.health import observation
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.health.model import (
    CHECKS,
    Check,
    HealthLimits,
    HealthSnapshot,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.health.observation import (
    ObservationQuery,
    Sources,
    observe,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.health.observed import (
    DeadLetter,
    Observation,
    PastRebalances,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.model import Connector
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.run import Run
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.snapshot.cluster import Cluster
from testing.fake_connect import FakeCluster
from tests.unit.connect.group_bytes import address, member, stable
from tests.unit.connect.support import cluster_at, stored, written

GROUP = stable(member(1), member(2))
OWNER = Consumer("id", "connector-consumer-orders-0", "10.0.0.1", frozenset({("sales", 0)}))
QUICK = {"offset.flush.interval.ms": "10"}


@dataclass
class Told:
    """Brokers with one sink's group and a dead letter topic. Methods named in `denied` get no response."""

    denied: frozenset[str] = frozenset()
    counts: Mapping[str, int] = field(default_factory=lambda: {"sales": 1, "letters": 1})
    records: Sequence[Headed] = ()
    calls: list[str] = field(default_factory=list)
    asked: list[Part] = field(default_factory=list)
    starts: list[Mapping[Part, int]] = field(default_factory=list)

    def _called(self, name: str) -> None:
        self.calls.append(name)
        if name in self.denied:
            raise BrokersError("denied")

    def group(self, group_id: str) -> Group:
        assert group_id == GROUP.group_id
        self._called("group")
        return GROUP

    def members(self, groups: Sequence[str]) -> Mapping[str, tuple[Consumer, ...]]:
        self._called("members")
        return dict.fromkeys(groups, (OWNER,))

    def committed(self, groups: Sequence[str]) -> Mapping[str, Mapping[Part, int]]:
        self._called("committed")
        return {group: {("sales", 0): 5, ("deleted", 0): 1} for group in groups}

    def partitions(self, topics: Iterable[str]) -> Mapping[str, int]:
        self._called("partitions")
        return {topic: self.counts[topic] for topic in topics if topic in self.counts}

    def begins(self, parts: Iterable[Part]) -> Mapping[Part, int]:
        self._called("begins")
        return dict.fromkeys(parts, 2)

    def ends(self, parts: Iterable[Part]) -> Mapping[Part, int]:
        self._called("ends")
        self.asked = list(parts)
        return dict.fromkeys(parts, 9)

    def some(self, starts: Mapping[Part, int], each: int, seconds: float) -> list[Headed]:
        del each, seconds
        self._called("some")
        self.starts.append(starts)
        return [one for one in self.records if (one.topic, one.partition) in starts]

    def past(self, _run: Run, topic: str) -> PastRebalances:
        self._called(f"past {topic}")
        return PastRebalances(1, 3600)

    @property
    def sources(self) -> Sources:
        return Sources(self, self, self, self.past)


def sink(name: str = "orders", **config: str) -> Connector:
    return stored(name, {"connector.class": "X", "topics": "sales", **config})._replace(type="sink")


def seen(*connectors: Connector) -> HealthSnapshot:
    given = connectors or (sink(),)
    membership = Membership(GROUP, RestView(address(1), frozenset(), frozenset()), ())
    return HealthSnapshot({one.name: one for one in given}, membership=membership)


def observed(
    cluster: Cluster,
    told: Told,
    snapshot: HealthSnapshot | None = None,
    checks: Sequence[Check] = CHECKS,
    seconds: float = 0.3,
    status_topic: str = "",
) -> Observation:
    query = ObservationQuery(Brokers(("a:1",)), seconds, status_topic, QUICK)
    limits = HealthLimits(checks=frozenset(checks))
    return observe(cluster, query, limits, snapshot or seen(), told.sources)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(observation, "PAUSE", 0.05)


@pytest.fixture
def cluster(fake: FakeCluster) -> Cluster:
    return cluster_at(fake.urls)


def test_an_observation_lasts_as_long_as_it_is_asked_for_and_writes_nothing(
    fake: FakeCluster, cluster: Cluster
) -> None:
    told = Told()
    found = observed(cluster, told)
    assert found.seconds >= 0.3
    assert len(found.moments) >= 3
    assert written(fake) == []
    assert told.calls.count("members") == 2
    assert [moment.consumers is None for moment in found.moments[1:-1]] == [True] * (len(found.moments) - 2)
    assert found.last.workers == {one.member_id: one.url for one in GROUP.members}
    assert [event.text for event in cluster.run.timeline] == ["observing the cluster for 0.3 s: the offsets of 1 sink"]


def test_without_a_time_there_is_one_snapshot_without_the_group(cluster: Cluster) -> None:
    told = Told()
    found = observed(cluster, told, seconds=0)
    assert (len(found.moments), found.first.workers, "group" in told.calls) == (1, None, False)
    assert found.first.ends == {("sales", 0): 9}


def test_offsets_of_deleted_topics_are_not_asked_for(cluster: Cluster) -> None:
    """Such a request may create the topic again."""
    told = Told()
    observed(cluster, told)
    assert told.asked == [("sales", 0)]
    assert told.calls.count("partitions") == 1


@pytest.mark.parametrize(
    ("check", "calls"),
    [
        ("progress", {"committed", "members", "partitions", "ends"}),
        ("rebalances", {"group", "past statuses", "ends"}),
        ("dead_letters", {"partitions", "begins", "ends", "some"}),
    ],
)
def test_each_check_asks_only_for_what_it_needs(cluster: Cluster, check: Check, calls: set[str]) -> None:
    told = Told()
    queue = sink(**{"errors.deadletterqueue.topic.name": "letters"})
    observed(cluster, told, seen(queue), [check], status_topic="statuses", seconds=0.01)
    assert set(told.calls) == calls


@pytest.mark.parametrize("denied", ["group", "members", "committed", "partitions", "begins", "ends", "some", "past s"])
def test_what_the_brokers_deny_is_left_out(cluster: Cluster, denied: str) -> None:
    queue = sink(**{"errors.deadletterqueue.topic.name": "letters"})
    found = observed(cluster, Told(frozenset({denied})), seen(queue), status_topic="s", seconds=0.1)
    assert len(found.moments) > 1


def test_a_standing_offset_is_proven_by_a_record(fake: FakeCluster, cluster: Cluster) -> None:
    fake.connectors.put("orders", {"connector.class": "FileStreamSink", "topics": "sales", "tasks.max": "1"})
    told = Told(records=[Headed("sales", 0, 5, 1, {})])
    # Two commits, and two seconds for a late one.
    found = observed(cluster, told, seconds=2.2, checks=["progress"])
    assert told.starts == [{("sales", 0): 5}]
    assert found.waiting == {("orders", ("sales", 0))}


def test_the_newest_dead_letters_are_read_with_their_causes_and_without_secrets(cluster: Cluster) -> None:
    queue = sink(**{"errors.deadletterqueue.topic.name": "letters", "connection.password": "hunter2"})
    trace = b"org.apache.kafka.connect.errors.DataException: no JSON from hunter2\n\tat a.B.c(D.java:1)\n"
    headers = {"__connect.errors.connector.name": b"orders", "__connect.errors.exception.stacktrace": trace}
    plain = {
        "__connect.errors.exception.class.name": b"a.b.SomeException",
        "__connect.errors.exception.message": b"\xff\n!",
    }
    told = Told(
        records=[
            Headed("letters", 0, 7, 50, headers),
            Headed("letters", 0, 8, 60, plain),
            Headed("letters", 0, 6, 40, {}),
        ]
    )
    (topic,) = observed(cluster, told, seen(queue), ["dead_letters"], seconds=0).dead_letters
    assert told.starts == [{("letters", 0): 4}]
    assert [one.time for one in topic.newest] == [60, 50, 40]
    assert topic.newest[0].cause.startswith("SomeException")
    assert topic.newest[1:] == (DeadLetter(50, "orders", topic.newest[1].cause), DeadLetter(40))
    assert "no JSON" in topic.newest[1].cause
    assert "hunter2" not in str(topic)


def test_too_short_a_time_is_a_warning(cluster: Cluster) -> None:
    observed(cluster, Told(), seconds=0.1, checks=["progress"])
    (warning,) = cluster.warnings
    assert "observe of 0.1 s is too short to decide whether sinks make progress" in warning
    assert "set it to 2.02 s, or to 6.03 s" in warning


def test_a_limited_number_of_sinks_is_followed(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(observation, "MOST_SINKS", 2)
    found = observed(cluster, Told(), seen(*map(sink, "abc")), ["progress"], seconds=0)
    assert [one.name for one in found.sinks] == ["a", "b"]
    assert cluster.warnings == [
        "3 sinks run, and the progress of the first 2 is checked: choose others with connectors"
    ]


def test_connectors_that_do_not_count_are_not_followed(cluster: Cluster) -> None:
    limits = HealthLimits(checks=frozenset(CHECKS), counts=lambda name: name != "orders")
    found = observe(cluster, ObservationQuery(Brokers(("a:1",))), limits, seen(), Told().sources)
    assert found.sinks == []


def test_an_interrupted_observation_ends_at_once(cluster: Cluster) -> None:
    timer = threading.Timer(0.2, cluster.run.cancelled.set)
    timer.start()
    with pytest.raises(CancelledError):
        observed(cluster, Told(), seconds=60)
    assert cluster.run.elapsed() < 20


def test_workers_that_do_not_answer_meanwhile_prove_nothing(
    fake: FakeCluster, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(observation, "ANSWER_TIME", 0.2)
    for worker in fake.workers:
        worker.kill()
    found = observed(cluster, Told(), seconds=0.5, checks=["progress"])
    assert {moment.running for moment in found.moments} == {frozenset()}


def test_a_past_that_cannot_be_read_is_unknown(cluster: Cluster) -> None:
    def past(_run: Run, _topic: str) -> PastRebalances:
        raise InputError([])

    query = ObservationQuery(Brokers(("a:1",)), status_topic="statuses")
    told = Told()
    limits = HealthLimits(checks=frozenset(CHECKS))
    assert observe(cluster, query, limits, seen(), Sources(told, told, told, past)).past is None
