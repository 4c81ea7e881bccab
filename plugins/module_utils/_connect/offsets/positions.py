# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Asks the brokers where the partitions of topics begin and end, and where a time is in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from ..errors import BrokersError
from ..group.brokers import Brokers, BrokersClient
from ..group.consumer_groups import Consumer, ConsumerGroups
from .model import Part
from .resolve import TopicFacts

SHOWN_MEMBERS = 3


class PositionSource(Protocol):
    """Where facts about topics and groups come from. Every method leaves out what could not be read, and may raise BrokersError."""

    def members(self, groups: Sequence[str]) -> Mapping[str, tuple[Consumer, ...]]:
        """The members of these consumer groups, of those that are stable."""

    def partitions(self, topics: Iterable[str]) -> Mapping[str, int]:
        """The numbers of partitions of those of these topics that exist."""

    def begins(self, parts: Iterable[Part]) -> Mapping[Part, int]:
        """The first offsets of these partitions."""

    def ends(self, parts: Iterable[Part]) -> Mapping[Part, int]:
        """The offsets after the last committed record of these partitions."""

    def from_time(self, parts: Iterable[Part], moment: int) -> Mapping[Part, int]:
        """The first offsets at or after this time; -1 where no record is that new."""


def position_source(brokers: Brokers) -> PositionSource:
    return ConsumerGroups(BrokersClient(brokers))


def read_facts(source: PositionSource, topics: Iterable[str], times: Iterable[int]) -> TopicFacts:
    """Raises BrokersError if the brokers leave a question open."""
    counts = source.partitions(topics)
    parts = [(topic, number) for topic, count in sorted(counts.items()) for number in range(count)]
    begins, ends = _complete(parts, source.begins(parts)), _complete(parts, source.ends(parts))
    at: dict[tuple[Part, int], int] = {}
    for moment in sorted(times):
        found = _complete(parts, source.from_time(parts, moment))
        at |= {(part, moment): offset if offset >= 0 else ends[part] for part, offset in found.items()}
    return TopicFacts(counts, begins, ends, at)


def members_text(source: PositionSource | None, group: str) -> str:
    """Who is in the group, for a message: empty if that is not known."""
    if source is None:
        return ""
    try:
        members = source.members([group]).get(group, ())
    except BrokersError:
        return ""
    shown = ", ".join(f"{one.client_id} on {one.host}" for one in members[:SHOWN_MEMBERS])
    more = f" and {len(members) - SHOWN_MEMBERS} more" if len(members) > SHOWN_MEMBERS else ""
    return f"its members: {shown}{more}" if shown else ""


def _complete(parts: Sequence[Part], found: Mapping[Part, int]) -> Mapping[Part, int]:
    missing = [part for part in parts if part not in found]
    if missing:
        topic, number = missing[0]
        more = f" and {len(missing) - 1} more partitions" if len(missing) > 1 else ""
        raise BrokersError(
            f"the brokers do not show the offsets of {topic}-{number}{more}",
            "check that the partition has a leader, and that client_properties are those of a user who may describe the topic",
        )
    return found
