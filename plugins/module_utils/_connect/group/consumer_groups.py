# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Consumer groups and the offsets of partitions, many at once. Reads only. Uses the Kafka client, like `brokers.py`.

A request for the coordinator of a group creates __consumer_offsets where it is missing: use this only where the workers' group exists.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, Protocol, TypeVar

from ..errors import BrokersError
from .brokers import BrokersClient

try:
    from confluent_kafka import ConsumerGroupTopicPartitions, IsolationLevel, TopicCollection, TopicPartition
    from confluent_kafka.admin import OffsetSpec
except ImportError:
    # BrokersClient reports that it is missing.
    IS_TOO_OLD = True
else:
    IS_TOO_OLD = False

AT_ONCE = 100
"""Groups that are asked for at once. Each is a request to its coordinator."""

PARTITIONS_AT_ONCE = 2000

Part = tuple[str, int]
"""A partition: the name of its topic, and its number."""

_Item = TypeVar("_Item")


@dataclass(frozen=True)
class Consumer:
    """A member of a consumer group, with the partitions that it is assigned."""

    member_id: str
    client_id: str
    host: str
    parts: frozenset[Part] = frozenset()


class OffsetSource(Protocol):
    """Where consumer groups and offsets come from. Every method leaves out what could not be read, and may raise BrokersError."""

    def members(self, groups: Sequence[str]) -> Mapping[str, tuple[Consumer, ...]]:
        """The members of these consumer groups, of those that are stable."""

    def committed(self, groups: Sequence[str]) -> Mapping[str, Mapping[Part, int]]:
        """The committed offsets of these consumer groups."""

    def partitions(self, topics: Iterable[str]) -> Mapping[str, int]:
        """The numbers of partitions of those of these topics that exist."""

    def begins(self, parts: Iterable[Part]) -> Mapping[Part, int]:
        """The first offsets of these partitions, which must exist."""

    def ends(self, parts: Iterable[Part]) -> Mapping[Part, int]:
        """The offsets after the last committed record of these partitions, which must exist."""


class ConsumerGroups:
    """Reads from the brokers (OffsetSource)."""

    def __init__(self, client: BrokersClient) -> None:
        if IS_TOO_OLD:
            raise BrokersError(
                "confluent-kafka is too old to read offsets", "install version 2.4 or newer", cause="no_client"
            )
        self._client = client

    def members(self, groups: Sequence[str]) -> Mapping[str, tuple[Consumer, ...]]:
        found: dict[str, tuple[Consumer, ...]] = {}
        for some in _portions(groups, AT_ONCE):
            for group, described in self._client.ask(partial(_ask_members, some)).items():
                if described.state.name == "STABLE":
                    found[group] = tuple(map(_consumer, described.members))
        return found

    def committed(self, groups: Sequence[str]) -> Mapping[str, Mapping[Part, int]]:
        found: dict[str, Mapping[Part, int]] = {}
        for some in _portions(groups, AT_ONCE):
            for group, answer in self._client.ask(partial(_ask_committed, some)).items():
                offsets = [one for one in answer.topic_partitions if one.error is None and one.offset >= 0]
                found[group] = {(one.topic, one.partition): int(one.offset) for one in offsets}
        return found

    def partitions(self, topics: Iterable[str]) -> Mapping[str, int]:
        found: dict[str, int] = {}
        for some in _portions(sorted(topics), PARTITIONS_AT_ONCE):
            answers = self._client.ask(partial(_ask_topics, some))
            found |= {name: len(described.partitions) for name, described in answers.items()}
        return found

    def begins(self, parts: Iterable[Part]) -> Mapping[Part, int]:
        return self._offsets(parts, "earliest")

    def ends(self, parts: Iterable[Part]) -> Mapping[Part, int]:
        return self._offsets(parts, "latest")

    def from_time(self, parts: Iterable[Part], moment: int) -> Mapping[Part, int]:
        """The first offsets at or after this time, in milliseconds since the epoch; -1 where no record is that new."""
        return self._offsets(parts, moment)

    def _offsets(self, parts: Iterable[Part], which: Literal["earliest", "latest"] | int) -> Mapping[Part, int]:
        found: dict[Part, int] = {}
        for some in _portions(sorted(parts), PARTITIONS_AT_ONCE):
            answers = self._client.ask(partial(_ask_offsets, some, which))
            found |= {(one.topic, one.partition): int(answer.offset) for one, answer in answers.items()}
        return found


def _ask_members(groups: Sequence[str], admin: Any, seconds: float) -> Mapping[Any, Any]:
    asked: Mapping[Any, Any] = admin.describe_consumer_groups(groups, request_timeout=seconds)
    return asked


def _ask_committed(groups: Sequence[str], admin: Any, seconds: float) -> Mapping[Any, Any]:
    asked: dict[Any, Any] = {}
    for group in groups:
        # The client accepts only one group for each request.
        asked |= admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(group)], request_timeout=seconds)
    return asked


def _ask_topics(names: Sequence[str], admin: Any, seconds: float) -> Mapping[Any, Any]:
    """Unlike a request for offsets, this one never creates a topic."""
    asked: Mapping[Any, Any] = admin.describe_topics(TopicCollection(list(names)), request_timeout=seconds)
    return asked


def _ask_offsets(
    parts: Sequence[Part], which: Literal["earliest", "latest"] | int, admin: Any, seconds: float
) -> Mapping[Any, Any]:
    specification = OffsetSpec.for_timestamp(which) if isinstance(which, int) else getattr(OffsetSpec, which)()
    asked: Mapping[Any, Any] = admin.list_offsets(
        {TopicPartition(*part): specification for part in parts},
        isolation_level=IsolationLevel.READ_COMMITTED,
        request_timeout=seconds,
    )
    return asked


def _portions(items: Sequence[_Item], size: int) -> Iterator[list[_Item]]:
    for start in range(0, len(items), size):
        yield list(items[start : start + size])


def _consumer(described: Any) -> Consumer:
    assigned = described.assignment.topic_partitions if described.assignment is not None else ()
    return Consumer(
        str(described.member_id),
        str(described.client_id),
        str(described.host).lstrip("/"),
        frozenset((str(one.topic), int(one.partition)) for one in assigned),
    )
