# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with the brokers and with the topics that Connect needs, according to one snapshot. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ..group.group_findings import some
from ..group.internal_topics import (
    OFFSETS_TOPIC,
    TopicProblemKind,
    brokers_shown,
    partition_of,
    partition_shown,
    topic_problems,
)
from .model import HealthFinding, HealthSnapshot, about_every_worker, number

if TYPE_CHECKING:
    from ..group.broker_facts import BrokerFacts, Server
    from ..group.brokers import Partition
    from ..group.group_findings import Severity
    from ..group.internal_topics import Role

_OF_PROBLEM: Mapping[TopicProblemKind, str] = {
    "not_compacted": "internal_topic_not_compacted",
    "partitions": "internal_topic_partitions",
    "few_replicas": "internal_topic_few_replicas",
}

_WAIT = "cluster_health with wait_timeout shows when the group is back"


def broker_findings(snapshot: HealthSnapshot, facts: BrokerFacts) -> Iterator[HealthFinding]:
    """The findings from what the brokers show."""
    yield from _of_servers(snapshot, facts)
    yield from _of_clusters(snapshot, facts)
    yield from _of_listeners(snapshot, facts)
    yield from _of_coordinator(snapshot, facts)
    yield from _of_internal_topics(facts)


def _group_is_missing(snapshot: HealthSnapshot) -> bool:
    """Whether the group is unknown for a reason that the brokers can explain."""
    problem = snapshot.brokers_problem
    return problem is not None and problem.cause in ("", "no_group")


# Servers and listeners


def _of_servers(snapshot: HealthSnapshot, facts: BrokerFacts) -> Iterator[HealthFinding]:
    """One finding for each reason: brokers that are all down fail alike."""
    answers = bool(facts.nodes) or any(server.cluster_id for server in facts.servers)
    advertised = {listener.address for listener in facts.listeners}
    alike: dict[tuple[str, str], list[Server]] = {}
    for server in facts.servers:
        # A live broker whose listener cannot be reached is reported with its id.
        if server.problem and not (server.problem == "unreachable" and server.address in advertised):
            alike.setdefault((server.problem, server.text), []).append(server)
    for (problem, text), servers in alike.items():
        lacking = problem == "unreachable" and _partitions_lack_brokers(facts)
        severity: Severity = "error" if lacking or not answers else "warning"
        shown = some([server.address for server in servers])
        named = f"{'bootstrap server' if len(servers) == 1 else 'bootstrap servers'} {shown}"
        more = "" if not answers else "; other bootstrap servers answer"
        yield HealthFinding(
            "broker_unreachable" if problem == "unreachable" else "bootstrap_wrong",
            severity,
            shown,
            f"{named} can't be {'reached' if problem == 'unreachable' else 'used'}: {text}{more}",
            servers[0].advice,
            count=len(servers),
            about=about_every_worker(snapshot),
            detail="refused" if not answers and all(server.refuses for server in facts.servers) else "",
        )


def _partitions_lack_brokers(facts: BrokerFacts) -> bool:
    """Whether a partition that Connect needs accepts no writes because a broker with a replica of it is not alive."""
    topics = [facts.offsets_topic, *(topic for _name, topic in facts.internal_topics.values())]
    troubled = [partition for topic in topics if topic is not None for partition in topic.troubled]
    return any(not set(partition.replicas) <= set(facts.alive) for partition in troubled)


def _of_clusters(snapshot: HealthSnapshot, facts: BrokerFacts) -> Iterator[HealthFinding]:
    """Bootstrap servers of a Kafka cluster other than that of the workers, or than that of the first server that answers."""
    expected = snapshot.kafka_cluster_id or facts.cluster_id
    others = "the workers use" if snapshot.kafka_cluster_id else "the other bootstrap servers belong to"
    for server in facts.servers:
        if server.cluster_id and expected and server.cluster_id != expected:
            yield HealthFinding(
                "bootstrap_wrong",
                "error",
                server.address,
                f"bootstrap server {server.address} belongs to the Kafka cluster {server.cluster_id}, but {others} {expected}",
                "correct bootstrap_servers: cluster_info shows the kafka_cluster_id of the workers",
            )


def _of_listeners(snapshot: HealthSnapshot, facts: BrokerFacts) -> Iterator[HealthFinding]:
    coordinator = _coordinator(facts)
    for listener in facts.listeners:
        # Workers may reach it all the same, from their network.
        hides_group = _group_is_missing(snapshot) and coordinator in (None, listener.number)
        is_it = ", and it is the coordinator of the group" if coordinator == listener.number else ""
        yield HealthFinding(
            "broker_unreachable",
            "error" if hides_group else "warning",
            listener.address,
            f"broker {listener.number} advertises {listener.address}, which can't be reached from here: {listener.text}{is_it}",
            f"{listener.advice}; if the broker runs, correct its advertised.listeners, or run the task on a host that can reach it "
            "(delegate_to)",
        )


# The coordinator


def _coordinator(facts: BrokerFacts) -> int | None:
    """The id of the broker that coordinates the group, None if that is unknown."""
    topic = facts.offsets_topic
    if topic is None or not topic.leaders or not facts.group_id:
        return None
    return topic.leaders[partition_of(facts.group_id, len(topic.leaders))]


def _of_coordinator(snapshot: HealthSnapshot, facts: BrokerFacts) -> Iterator[HealthFinding]:
    topic = facts.offsets_topic
    if topic is None:
        if facts.offsets_factor is not None and facts.offsets_factor > len(facts.nodes):
            yield _impossible(facts.offsets_factor, len(facts.nodes))
        return
    if not topic.partitions:
        return
    if facts.group_id:
        own = partition_of(facts.group_id, topic.partitions)
        for partition in topic.troubled:
            if partition.number == own:
                yield _unavailable(facts, partition)
    elif topic.troubled and _group_is_missing(snapshot):
        shown = some([f"partition {one.number} {partition_shown(one, facts.alive)}" for one in topic.troubled])
        yield HealthFinding(
            "coordinator_unavailable",
            "error",
            OFFSETS_TOPIC,
            f"{number(len(topic.troubled), 'partition')} of {OFFSETS_TOPIC} may hold the workers' group, but can't be used: {shown}",
            f"start the brokers that are not alive; {_WAIT}; group_id (the workers' group.id) would show which partition it is",
            count=len(topic.troubled),
        )


def _unavailable(facts: BrokerFacts, partition: Partition) -> HealthFinding:
    what = f"partition {partition.number} of {OFFSETS_TOPIC}, which holds the group {facts.group_id},"
    dead = sorted(set(partition.replicas) - set(facts.alive))
    start = f"start {brokers_shown(dead)}" if dead else "read the log of the brokers with its replicas"
    until = "" if partition.leader is None else "; until then no rebalance can end"
    return HealthFinding(
        "coordinator_unavailable",
        "error",
        f"{OFFSETS_TOPIC}-{partition.number}",
        f"{what} {partition_shown(partition, facts.alive)}",
        f"{start}{until}; {_WAIT}",
    )


def _impossible(factor: int, alive: int) -> HealthFinding:
    return HealthFinding(
        "offsets_topic_impossible",
        "error",
        OFFSETS_TOPIC,
        f"{OFFSETS_TOPIC} does not exist, and the brokers can't create it: offsets.topic.replication.factor is {factor}, but "
        f"{number(alive, 'broker')} {'is' if alive == 1 else 'are'} alive, so no group has a coordinator",
        f"start more brokers, or set offsets.topic.replication.factor of the brokers to at most {alive}; {_WAIT}",
    )


# Internal topics


def _of_internal_topics(facts: BrokerFacts) -> Iterator[HealthFinding]:
    for role, (name, topic) in facts.internal_topics.items():
        if topic is None:
            yield _missing(role, name)
            continue
        for problem in topic_problems(role, topic):
            severity: Severity = "error" if problem.is_error else "warning"
            yield HealthFinding(_OF_PROBLEM[problem.kind], severity, name, problem.text, problem.fix)
        leaderless = [one for one in topic.troubled if one.leader is None]
        lagging = [one for one in topic.troubled if one.leader is not None]
        for kind, partitions in (("internal_topic_no_leader", leaderless), ("internal_topic_not_in_sync", lagging)):
            if partitions:
                shown = some([f"partition {one.number} {partition_shown(one, facts.alive)}" for one in partitions])
                yield HealthFinding(
                    kind,
                    "error",
                    name,
                    f'the {role} topic "{name}" can\'t be {"used" if kind == "internal_topic_no_leader" else "written"}: {shown}',
                    "start the brokers with its replicas, and read their logs; cluster_health with wait_timeout shows when it works "
                    "again",
                    count=len(partitions),
                )


def _missing(role: Role, name: str) -> HealthFinding:
    return HealthFinding(
        "internal_topic_missing",
        "error",
        name,
        f'the {role} topic "{name}" does not exist',
        f"correct {role}_topic; if the name is right, restart the workers one by one (role rolling), which creates it, and for a config "
        "topic deploy the connectors again (module connectors)",
    )
