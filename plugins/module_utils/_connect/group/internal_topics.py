# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The topics that Connect needs: its config, offset and status topic, and the brokers' own topic of groups. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from .brokers import Partition, Topic

OFFSETS_TOPIC = "__consumer_offsets"
"""The topic in which the coordinators of groups keep members and offsets."""

TOPIC_NAME = re.compile(r"(?!\.{1,2}\Z)[a-zA-Z0-9._-]{1,249}")
"""Topic names that the brokers accept (org.apache.kafka.common.internals.Topic)."""

Role = Literal["config", "offset", "status"]

ROLES: tuple[Role, ...] = ("config", "offset", "status")

TopicProblemKind = Literal["not_compacted", "partitions", "few_replicas"]

_COMPACT = frozenset({"compact"})


@dataclass(frozen=True)
class TopicProblem:
    """What is wrong with the settings of a topic, in one line, and the fix."""

    kind: TopicProblemKind
    text: str
    fix: str
    is_error: bool


def partition_of(group_id: str, partitions: int) -> int:
    """The partition of __consumer_offsets that holds a group (GroupCoordinatorService.partitionFor). Its leader is the
    coordinator of the group.
    """
    value = 0
    # String.hashCode() is computed from UTF-16 units, in 32 bits with a sign.
    units = group_id.encode("utf-16-be", "surrogatepass")
    for high, low in zip(units[::2], units[1::2], strict=True):
        value = (31 * value + (high << 8) + low) & 0xFFFFFFFF
    # Utils.abs of Kafka makes the smallest integer 0.
    value = value if value < 2**31 else (2**32 - value) % 2**31
    return value % partitions


def topic_problems(role: Role, topic: Topic) -> Iterator[TopicProblem]:
    """Settings with which workers do not start, or that are risky. Skips what the brokers hide."""
    yield from _compaction(topic)
    if topic.min_insync_replicas > topic.replicas > 0:
        has = "1 replica" if topic.replicas == 1 else f"{topic.replicas} replicas"
        yield TopicProblem(
            "few_replicas",
            f'topic "{topic.name}" has min.insync.replicas={topic.min_insync_replicas}, but {has}: older brokers reject writes '
            "to it",
            "add replicas with kafka-reassign-partitions.sh, or lower the setting",
            # Brokers of 3.9 and 4.3 use the smaller number (a test writes to such a topic).
            is_error=False,
        )
    if role == "config" and topic.partitions > 1:
        # Like KafkaConfigBackingStore.start.
        yield TopicProblem(
            "partitions",
            f'topic "{topic.name}" has {topic.partitions} partitions, but workers start only if it has 1, and Kafka removes none',
            "delete the topic if it is empty, or name a new one and create the connectors again",
            is_error=True,
        )


def _compaction(topic: Topic) -> Iterator[TopicProblem]:
    """Like TopicAdmin.verifyTopicCleanupPolicyOnlyCompact, which accepts a topic without any policy."""
    if topic.cleanup_policy is None:
        return
    policies = {policy.strip().lower() for policy in topic.cleanup_policy.split(",")} - {""}
    if policies == _COMPACT:
        return
    change = f"--alter --entity-type topics --entity-name {topic.name} --add-config cleanup.policy=compact"
    fix = f"set it with kafka-configs.sh --bootstrap-server HOST:PORT {change}"
    if policies:
        text = f"has cleanup.policy={topic.cleanup_policy}, but workers start only if it is exactly compact"
    else:
        text = "has no cleanup.policy, so it grows without limit"
    yield TopicProblem("not_compacted", f'topic "{topic.name}" {text}', fix, is_error=bool(policies))


def partition_shown(partition: Partition, alive: Sequence[int]) -> str:
    """Why a partition accepts no writes. `alive`: the ids of the live brokers."""
    dead = [number for number in partition.replicas if number not in alive]
    down = f"; {brokers_shown(dead)} {'is' if len(dead) == 1 else 'are'} not alive" if dead else ""
    if partition.leader is None:
        return f"has no leader (replicas on {brokers_shown(partition.replicas)}{down})"
    return (
        f"has {len(partition.in_sync)} of {len(partition.replicas)} replicas in sync, fewer than min.insync.replicas "
        f"(leader broker {partition.leader}{down})"
    )


def brokers_shown(numbers: Sequence[int]) -> str:
    """Brokers by their ids: broker 1, brokers 2 and 3."""
    *first, last = map(str, sorted(numbers))
    return f"brokers {', '.join(first)} and {last}" if first else f"broker {last}"
