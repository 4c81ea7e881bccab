# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the brokers know against a worker's configuration: how many there are, who is in the group already, and what the
internal topics are like that are there already.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..group.brokers import Brokers, BrokersClient, Topic
from ..group.protocol import CONNECT_PROTOCOL, Group
from ..rest.connection import worker_address
from .listeners import advertised
from .rules import FACTORS, TOPIC_NAME, TOPICS
from .worker_file import WorkerConfig, WorkerFinding

CONFIG_TOPIC = TOPICS[0]

_COMPACT = frozenset({"compact"})


@dataclass(frozen=True)
class BrokersView:
    """`brokers`: how many are alive. `group`: the one of the workers' group.id, None when the brokers know none.
    `topics`: the internal topics that are there.
    """

    brokers: int
    group: Group | None = None
    topics: tuple[Topic, ...] = ()


def read_brokers(brokers: Brokers, workers: Sequence[WorkerConfig]) -> BrokersView:
    """One look, which changes nothing. What the workers have no name for (group, topics) is not asked for. Raises
    BrokersError, InputError for wrong options.
    """
    client = BrokersClient(brokers)
    group_id = workers[0].value("group.id")
    group = client.group(group_id) if group_id else None
    names = {name for worker in workers for name in map(worker.value, TOPICS) if TOPIC_NAME.fullmatch(name)}
    topics = client.topics(sorted(names)) if names else ()
    return BrokersView(client.count(), group, topics)


def check_view(workers: Sequence[WorkerConfig], view: BrokersView) -> Iterator[WorkerFinding]:
    """Everything that does not fit what the brokers say."""
    yield from check_factors(workers, view)
    yield from check_group(workers, view.group)
    yield from check_internal_topics(workers, view.topics)


def not_told(view: BrokersView) -> Iterator[str]:
    """What the brokers keep from this client. Nothing is wrong with that: Connect itself passes over a topic's settings
    that it has no right to, and the worker's own rights may well be others.
    """
    for topic in view.topics:
        if not topic.partitions:
            yield f'the brokers do not tell whether topic "{topic.name}" is there, nor its replicas (ACL Describe)'
        if topic.cleanup_policy is None:
            yield f'the brokers do not tell whether topic "{topic.name}" is compacted (ACL DescribeConfigs)'


def check_factors(workers: Sequence[WorkerConfig], view: BrokersView) -> Iterator[WorkerFinding]:
    """Replication factors that the brokers there are can't give to topics that have yet to be created."""
    there = {topic.name for topic in view.topics if topic.partitions}
    for worker in workers:
        for topic, key in zip(TOPICS, FACTORS, strict=True):
            factor = worker.number(key)
            if factor is not None and factor > view.brokers and worker.value(topic) not in there:
                alive = "the 1 broker" if view.brokers == 1 else f"the {view.brokers} brokers"
                text = f"{factor} is more than {alive} there are: give at most {view.brokers}, or add brokers"
                yield worker.error(key, text)


def check_group(workers: Sequence[WorkerConfig], group: Group | None) -> Iterator[WorkerFinding]:
    """A group.id that others have already."""
    if group is None or group.state == "Dead" or not workers:
        return
    worker = workers[0]
    if group.protocol_type not in ("", CONNECT_PROTOCOL):
        text = f'"{group.group_id}" is the group of something else (type {group.protocol_type}): give the workers a name of their own'
        yield worker.error("group.id", text)
        return
    known = _known_addresses(workers)
    strangers = sorted({member.url for member in group.members if member.url and _address(member.url) not in known})
    if known and strangers:
        shown = ", ".join(strangers[:3]) + (" ..." if len(strangers) > 3 else "")
        text = (
            f'"{group.group_id}" has members that are none of these workers ({shown}): if they are of another cluster'
        )
        yield worker.warning("group.id", f"{text}, give this one a name of its own")


def check_internal_topics(workers: Sequence[WorkerConfig], topics: Sequence[Topic]) -> Iterator[WorkerFinding]:
    """Topics that are there already and that Connect refuses, or that are less safe than the workers' keys say. Told of
    the first worker that has the topic.
    """
    there = {topic.name: topic for topic in topics}
    told: set[tuple[str, str]] = set()
    for worker in workers:
        for key, factor_key in zip(TOPICS, FACTORS, strict=True):
            topic = there.get(worker.value(key))
            if topic is not None and (key, topic.name) not in told:
                told.add((key, topic.name))
                yield from _check_compaction(worker, key, topic)
                yield from _check_replicas(worker, key, factor_key, topic)
                if key == CONFIG_TOPIC and topic.partitions > 1:
                    yield _partitions(worker, topic)


def _check_compaction(worker: WorkerConfig, key: str, topic: Topic) -> Iterator[WorkerFinding]:
    """As TopicAdmin.verifyTopicCleanupPolicyOnlyCompact does it, which lets a topic without any policy pass."""
    if topic.cleanup_policy is None:
        return
    policies = {policy.strip().lower() for policy in topic.cleanup_policy.split(",")} - {""}
    if policies == _COMPACT:
        return
    cure = f"--alter --entity-type topics --entity-name {topic.name} --add-config cleanup.policy=compact"
    cure = f"set it with kafka-configs.sh --bootstrap-server HOST:PORT {cure}"
    if policies:
        text = f"has cleanup.policy={topic.cleanup_policy}, and no worker starts unless it is compact alone"
        yield worker.error(key, f'topic "{topic.name}" {text}: {cure}')
    else:
        yield worker.warning(key, f'topic "{topic.name}" has no cleanup.policy, so that it grows for ever: {cure}')


def _partitions(worker: WorkerConfig, topic: Topic) -> WorkerFinding:
    """As KafkaConfigBackingStore.start does it."""
    text = (
        f'topic "{topic.name}" has {topic.partitions} partitions, and no worker starts unless it is 1; none can be taken '
        "away: delete the topic if nothing is in it, or name one that does not exist, in which connectors have to be "
        "created again"
    )
    return worker.error(CONFIG_TOPIC, text)


def _check_replicas(worker: WorkerConfig, key: str, factor_key: str, topic: Topic) -> Iterator[WorkerFinding]:
    """What a factor of -1, the brokers' default, comes to is not known."""
    if not topic.replicas:
        return
    factor = worker.number(factor_key)
    has = "1 replica" if topic.replicas == 1 else f"{topic.replicas} replicas"
    add = "add replicas with kafka-reassign-partitions.sh"
    if factor is not None and factor > topic.replicas:
        text = f'{factor}, but topic "{topic.name}" has {has}, and the key counts only when a topic is created'
        yield worker.warning(factor_key, f"{text}: {add}, or give {topic.replicas}")
    if topic.min_insync_replicas > topic.replicas:
        text = f'topic "{topic.name}" has min.insync.replicas={topic.min_insync_replicas}, but {has}'
        # Brokers of 3.9 and 4.3 take the smaller one of the two numbers, so it is no error (a test writes to such a topic).
        yield worker.warning(key, f"{text}: older brokers take no write to it; {add}, or lower the setting")


def _known_addresses(workers: Sequence[WorkerConfig]) -> frozenset[str]:
    """What the workers advertise; none when it can't be known of one of them, since it could be any member then."""
    found = [advertised(worker) for worker in workers]
    known = {f"{address.host.lower()}:{address.port}" for address in found if address is not None and address.host}
    return frozenset(known) if all(address is not None and address.host for address in found) else frozenset()


def _address(url: str) -> str:
    try:
        return worker_address(url)
    except ValueError:
        return url
