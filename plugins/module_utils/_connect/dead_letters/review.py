# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Review marks: how far a person has seen the dead letters of a topic. Each is the position of a consumer group."""

from __future__ import annotations

from collections.abc import Mapping

from ..errors import BrokersError
from ..group.brokers import BrokersClient, Topic
from ..group.consumer_groups import OffsetSource, Part
from ..group.topic_writer import move_group
from .read import QueueSource

GROUP = "dead-letter-review."
"""What the names of these consumer groups begin with."""


def reviewed_offsets(offsets: OffsetSource, mark: str) -> Mapping[Part, int]:
    """The offsets up to which the records were reviewed; empty if the mark does not exist."""
    group = GROUP + mark
    return offsets.committed([group]).get(group, {})


def ends_of(source: QueueSource, topic: Topic, until: int | None) -> dict[Part, int]:
    """The offsets after the last record, or after the last one up to `until` (milliseconds since the epoch)."""
    return {(topic.name, one.partition): one.end for one in source.bounds(topic, None, until)}


def set_mark(client: BrokersClient, mark: str, offsets: Mapping[Part, int]) -> None:
    """Move the mark. Raises BrokersError."""
    if not move_group(client, GROUP + mark, offsets):
        raise BrokersError(
            f"the brokers did not set the review mark {mark}: the consumer group {GROUP}{mark} may have members",
            f"stop the consumers of this group, and give client_properties of a user with the ACL Read on the group {GROUP}{mark}",
        )
