# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with the brokers, according to constructed facts."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import BrokersError
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.broker_facts import (
    BrokerFacts,
    Listener,
    Server,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.brokers import (
    Node,
    Partition,
    Topic,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.internal_topics import Role
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.health.broker_findings import (
    broker_findings,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.health.health_findings import (
    find_health_problems,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.health.model import (
    HealthFinding,
    HealthLimits,
    HealthSnapshot,
    WorkerHealth,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.health.summary import (
    first_advice,
    message,
)

NODES = tuple(Node(number, f"kafka-{number}:9092") for number in (1, 2))
ANSWERS = Server("kafka-1:9092", cluster_id="A")
REFUSES = Server("kafka-3:9092", "unreachable", "connection refused", "check that the broker is running", refuses=True)
SPEAKS_HTTP = Server("connect-1:8083", "unusable", "the port speaks HTTP", "set the brokers' own port")
LEADERLESS = Partition(2, None, (3,), ())
NO_GROUP = BrokersError("no such group", cause="no_group")


def offsets(*troubled: Partition) -> Topic:
    """__consumer_offsets with five partitions."""
    leaders: list[int | None] = [1, 2, 1, 2, 1]
    for partition in troubled:
        leaders[partition.number] = partition.leader
    return Topic("__consumer_offsets", 5, 1, "compact", 1, troubled, tuple(leaders))


def facts(**given: Any) -> BrokerFacts:
    """Two live brokers, one bootstrap server that answers, and a group in partition 2."""
    usual = {
        "group_id": "sandbox",
        "servers": (ANSWERS,),
        "cluster_id": "A",
        "nodes": NODES,
        "offsets_topic": offsets(),
    }
    return BrokerFacts(**{**usual, **given})


def found(snapshot: HealthSnapshot | None = None, **given: Any) -> list[HealthFinding]:
    return list(broker_findings(snapshot or HealthSnapshot(), facts(**given)))


def only(snapshot: HealthSnapshot | None = None, **given: Any) -> HealthFinding:
    (finding,) = found(snapshot, **given)
    return finding


def test_brokers_without_a_problem_have_no_findings() -> None:
    assert found() == []
    assert found(internal_topics={"config": ("configs", Topic("configs", 1, 3, "compact", 2))}) == []
    # What the brokers hide is unknown.
    assert found(offsets_topic=None, cluster_id="", internal_topics={"offset": ("o", Topic("o"))}) == []


# Bootstrap servers


@pytest.mark.parametrize(
    ("server", "kind", "text"),
    [
        (REFUSES, "broker_unreachable", "bootstrap server kafka-3:9092 can't be reached: connection refused"),
        (SPEAKS_HTTP, "bootstrap_wrong", "bootstrap server connect-1:8083 can't be used: the port speaks HTTP"),
    ],
)
def test_a_server_that_is_no_broker_is_an_error_only_if_no_other_answers(server: Server, kind: str, text: str) -> None:
    one = only(servers=(ANSWERS, server))
    assert (one.kind, one.severity, one.subject) == (kind, "warning", server.address)
    assert one.message == f"{text}; other bootstrap servers answer"
    assert one.advice == server.advice
    alone = only(servers=(server,), nodes=(), offsets_topic=None)
    assert (alone.kind, alone.severity, alone.message) == (kind, "error", text)


def test_servers_that_fail_alike_are_one_finding() -> None:
    other = Server("kafka-4:9092", "unreachable", "connection refused", "check", refuses=True)
    one = only(servers=(REFUSES, other), nodes=(), offsets_topic=None)
    assert (one.subject, one.count, one.detail) == ("kafka-3:9092, kafka-4:9092", 2, "refused")
    assert one.message == "bootstrap servers kafka-3:9092, kafka-4:9092 can't be reached: connection refused"


def test_a_refused_login_is_no_problem_of_the_server() -> None:
    assert found(servers=(Server("kafka-1:9092", "", "Authentication failed", "correct it"),), nodes=()) == []


def test_a_server_of_another_kafka_cluster_is_wrong() -> None:
    one = only(HealthSnapshot(kafka_cluster_id="B"))
    assert (one.kind, one.severity, one.subject) == ("bootstrap_wrong", "error", "kafka-1:9092")
    assert one.message == "bootstrap server kafka-1:9092 belongs to the Kafka cluster A, but the workers use B"
    assert "cluster_info" in one.advice
    assert found(HealthSnapshot(kafka_cluster_id="A")) == []


def test_servers_of_two_kafka_clusters_are_reported_without_the_workers() -> None:
    one = only(servers=(ANSWERS, Server("other:9092", cluster_id="B")))
    assert (one.subject, one.severity) == ("other:9092", "error")


# Listeners


def test_an_advertised_address_that_cannot_be_reached_is_named_with_its_broker() -> None:
    one = only(listeners=(Listener(2, "localhost:9092", "connection refused", "check the port"),))
    assert (one.kind, one.severity, one.subject) == ("broker_unreachable", "warning", "localhost:9092")
    assert one.message == "broker 2 advertises localhost:9092, which can't be reached from here: connection refused"
    assert "advertised.listeners" in one.advice


@pytest.mark.parametrize(
    ("number", "topic", "severity"),
    [(1, offsets(), "error"), (2, offsets(), "warning"), (2, None, "error")],
    ids=["coordinator", "another broker", "coordinator unknown"],
)
def test_an_unreachable_coordinator_hides_the_group(number: int, topic: Topic | None, severity: str) -> None:
    unread = HealthSnapshot(brokers_problem=NO_GROUP)
    one = only(unread, listeners=(Listener(number, "k:9092", "refused", "check"),), offsets_topic=topic)
    assert one.severity == severity


def test_a_dead_broker_is_reported_once_although_it_is_a_bootstrap_server() -> None:
    one = only(servers=(ANSWERS, REFUSES), listeners=(Listener(3, "kafka-3:9092", "connection refused", "check"),))
    assert one.message.startswith("broker 3 advertises kafka-3:9092")


# The coordinator


def test_a_leaderless_partition_of_the_group_is_named_with_its_brokers() -> None:
    one = only(offsets_topic=offsets(LEADERLESS))
    assert (one.kind, one.severity, one.subject) == ("coordinator_unavailable", "error", "__consumer_offsets-2")
    assert one.message == (
        "partition 2 of __consumer_offsets, which holds the group sandbox, has no leader (replicas on broker 3; broker 3 is not "
        "alive)"
    )
    assert one.advice == "start broker 3; cluster_health with wait_timeout shows when the group is back"


def test_too_few_replicas_in_sync_are_reported_as_well() -> None:
    one = only(offsets_topic=offsets(Partition(2, 1, (1, 2, 3), (1,))))
    assert (one.kind, one.severity) == ("coordinator_unavailable", "error")
    assert (
        "has 1 of 3 replicas in sync, fewer than min.insync.replicas (leader broker 1; broker 3 is not alive)"
        in one.message
    )
    assert "until then no rebalance can end" in one.advice


def test_partitions_of_other_groups_do_not_matter() -> None:
    assert found(offsets_topic=offsets(Partition(1, None, (3,), ()))) == []


def test_without_a_name_of_the_group_any_partition_may_hold_it() -> None:
    unread = HealthSnapshot(brokers_problem=NO_GROUP)
    one = only(unread, group_id="", offsets_topic=offsets(LEADERLESS))
    assert (one.kind, one.subject) == ("coordinator_unavailable", "__consumer_offsets")
    assert "1 partition of __consumer_offsets may hold the workers' group" in one.message
    assert "group_id" in one.advice
    assert found(group_id="", offsets_topic=offsets(LEADERLESS)) == []


@pytest.mark.parametrize(("factor", "kinds"), [(3, ["offsets_topic_impossible"]), (2, []), (None, [])])
def test_a_missing_topic_of_groups_needs_enough_brokers(factor: int | None, kinds: list[str]) -> None:
    seen = found(offsets_topic=None, offsets_factor=factor)
    assert [one.kind for one in seen] == kinds
    for one in seen:
        assert one.severity == "error"
        assert "offsets.topic.replication.factor is 3, but 2 brokers are alive" in one.message
        assert "to at most 2" in one.advice


# Internal topics


@pytest.mark.parametrize(
    ("role", "topic", "kind", "severity"),
    [
        ("config", None, "internal_topic_missing", "error"),
        ("offset", Topic("t", 25, 3, "delete", 1), "internal_topic_not_compacted", "error"),
        ("status", Topic("t", 5, 3, "", 1), "internal_topic_not_compacted", "warning"),
        ("config", Topic("t", 2, 3, "compact", 1), "internal_topic_partitions", "error"),
        ("config", Topic("t", 1, 1, "compact", 2), "internal_topic_few_replicas", "warning"),
        ("status", Topic("t", 5, 1, "compact", 1, (LEADERLESS,)), "internal_topic_no_leader", "error"),
        (
            "status",
            Topic("t", 5, 2, "compact", 2, (Partition(1, 1, (1, 3), (1,)),)),
            "internal_topic_not_in_sync",
            "error",
        ),
    ],
)
def test_an_internal_topic_with_a_problem_is_named(role: Role, topic: Topic | None, kind: str, severity: str) -> None:
    one = only(internal_topics={role: ("t", topic)})
    assert (one.kind, one.severity, one.subject) == (kind, severity, "t")
    assert '"t"' in one.message
    assert one.advice


# Together


def test_the_message_names_a_dead_broker_first_and_what_follows_from_it() -> None:
    worker = WorkerHealth("http://connect-1:8083", "4.3.1", ready=False, problem="HTTP 500")
    seen = HealthSnapshot(
        workers=(worker,),
        brokers_problem=NO_GROUP,
        brokers=facts(servers=(ANSWERS, REFUSES), offsets_topic=offsets(LEADERLESS)),
        kafka_cluster_id="A",
    )
    findings = find_health_problems(seen, HealthLimits())
    assert [(one.kind, one.caused_by) for one in findings] == [
        ("broker_unreachable", ()),
        ("coordinator_unavailable", ("broker_unreachable:kafka-3:9092",)),
        ("group_unknown", ("coordinator_unavailable:__consumer_offsets-2",)),
        ("worker_not_ready", ("coordinator_unavailable:__consumer_offsets-2",)),
    ]
    assert message(seen, findings) == (
        "not healthy: bootstrap server kafka-3:9092 can't be reached: connection refused; other bootstrap servers answer; because of "
        "that the group has no usable coordinator, the workers' group is unknown and 1 worker is not ready; 1 worker of url answers, "
        "0 connectors, 0 tasks"
    )
    assert first_advice(findings) == REFUSES.advice
