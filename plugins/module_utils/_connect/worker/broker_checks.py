# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks a worker's configuration against the brokers: their number, the group's current members, and the existing
internal topics.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..group.brokers import Brokers, BrokersClient, Topic
from ..group.internal_topics import TOPIC_NAME, Role, topic_problems
from ..group.protocol import CONNECT_PROTOCOL, Group
from ..rest.connection import worker_address
from .listeners import advertised
from .rules import FACTORS, TOPICS
from .worker_file import WorkerConfig, WorkerFinding

_ROLES: Mapping[str, Role] = {TOPICS[0]: "config", TOPICS[1]: "offset", TOPICS[2]: "status"}


@dataclass(frozen=True)
class BrokersView:
    """`brokers`: the number of live brokers. `group`: the group with the workers' group.id, None if the brokers know none.
    `topics`: the internal topics that exist.
    """

    brokers: int
    group: Group | None = None
    topics: tuple[Topic, ...] = ()


def read_brokers(brokers: Brokers, workers: Sequence[WorkerConfig]) -> BrokersView:
    """Read the brokers once, without changes. A group or topic that the workers do not name is not read. Raises
    BrokersError, and InputError for wrong options.
    """
    client = BrokersClient(brokers)
    group_id = workers[0].value("group.id")
    group = client.group(group_id) if group_id else None
    names = {name for worker in workers for name in map(worker.value, TOPICS) if TOPIC_NAME.fullmatch(name)}
    topics = client.topics(sorted(names)) if names else ()
    return BrokersView(client.count(), group, topics)


def check_view(workers: Sequence[WorkerConfig], view: BrokersView) -> Iterator[WorkerFinding]:
    """All findings that follow from what the brokers show."""
    yield from check_factors(workers, view)
    yield from check_group(workers, view.group)
    yield from check_internal_topics(workers, view.topics)


def not_visible(view: BrokersView) -> Iterator[str]:
    """What the brokers hide from this client. That is not a finding: Connect itself ignores topic settings that it may not
    read, and the worker may have other rights.
    """
    for topic in view.topics:
        if not topic.partitions:
            yield f'the brokers do not show whether topic "{topic.name}" exists, nor its replicas (ACL Describe)'
        if topic.cleanup_policy is None:
            yield f'the brokers do not show whether topic "{topic.name}" is compacted (ACL DescribeConfigs)'


def check_factors(workers: Sequence[WorkerConfig], view: BrokersView) -> Iterator[WorkerFinding]:
    """Replication factors that exceed the number of brokers, for topics that do not exist yet."""
    existing = {topic.name for topic in view.topics if topic.partitions}
    for worker in workers:
        for topic, key in zip(TOPICS, FACTORS, strict=True):
            factor = worker.number(key)
            if factor is not None and factor > view.brokers and worker.value(topic) not in existing:
                number = "the 1 broker" if view.brokers == 1 else f"the {view.brokers} brokers"
                text = f"{factor} is more than {number} available: give at most {view.brokers}, or add brokers"
                yield worker.error(key, text)


def check_group(workers: Sequence[WorkerConfig], group: Group | None) -> Iterator[WorkerFinding]:
    """A group.id that is already in use."""
    if group is None or group.state == "Dead" or not workers:
        return
    worker = workers[0]
    if group.protocol_type not in ("", CONNECT_PROTOCOL):
        text = f'"{group.group_id}" is a group of another type ({group.protocol_type}): give the workers a group.id of their own'
        yield worker.error("group.id", text)
        return
    known = _known_addresses(workers)
    strangers = sorted({member.url for member in group.members if member.url and _address(member.url) not in known})
    if known and strangers:
        shown = ", ".join(strangers[:3]) + (" ..." if len(strangers) > 3 else "")
        text = f'"{group.group_id}" has members other than these workers ({shown}): if they belong to another cluster'
        yield worker.warning("group.id", f"{text}, give this one its own group.id")


def check_internal_topics(workers: Sequence[WorkerConfig], topics: Sequence[Topic]) -> Iterator[WorkerFinding]:
    """Existing topics that Connect rejects, or that are less safe than the workers' keys suggest. Reported for the first
    worker that has the topic.
    """
    existing = {topic.name: topic for topic in topics}
    seen: set[tuple[str, str]] = set()
    for worker in workers:
        for key, factor_key in zip(TOPICS, FACTORS, strict=True):
            topic = existing.get(worker.value(key))
            if topic is not None and (key, topic.name) not in seen:
                seen.add((key, topic.name))
                for problem in topic_problems(_ROLES[key], topic):
                    text = f"{problem.text}: {problem.fix}"
                    yield worker.error(key, text) if problem.is_error else worker.warning(key, text)
                yield from _check_factor(worker, factor_key, topic)


def _check_factor(worker: WorkerConfig, factor_key: str, topic: Topic) -> Iterator[WorkerFinding]:
    """A factor of -1, the brokers' default, is not compared: its value is unknown here."""
    factor = worker.number(factor_key)
    if topic.replicas and factor is not None and factor > topic.replicas:
        has = "1 replica" if topic.replicas == 1 else f"{topic.replicas} replicas"
        text = f'{factor}, but topic "{topic.name}" has {has}, and the key applies only when a worker creates the topic'
        fix = f"add replicas with kafka-reassign-partitions.sh, or give {topic.replicas}"
        yield worker.warning(factor_key, f"{text}: {fix}")


def _known_addresses(workers: Sequence[WorkerConfig]) -> frozenset[str]:
    """The addresses that the workers advertise; none if that of one worker is unknown: it could be any member."""
    found = [advertised(worker) for worker in workers]
    known = {f"{address.host.lower()}:{address.port}" for address in found if address is not None and address.host}
    return frozenset(known) if all(address is not None and address.host for address in found) else frozenset()


def _address(url: str) -> str:
    try:
        return worker_address(url)
    except ValueError:
        return url
