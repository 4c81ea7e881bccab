# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What was read of a cluster's history, and the events that follow from it. Plain data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from ..patterns import Matcher
from .gaps import Gaps
from .records import ConfigTopicRecord, StatusKey, StatusRecord

Kind = Literal[
    "config_created",
    "config_changed",
    "config_deleted",
    "target_state_changed",
    "tasks_changed",
    "state_changed",
    "restart_requested",
    "rebalance",
    "compacted",
]


@dataclass(frozen=True)
class History:
    """The records of both topics.

    `config`: those of the chosen connectors, by offset; `config_gaps`: what is missing between all of them. `statuses`: those of
    all connectors, by time, because rebalances concern all. `first_statuses`: partition and offset of the first status of each
    connector and task; `status_gaps`: what is missing in each partition. `is_chosen`: by a connector's name.
    """

    config: Sequence[ConfigTopicRecord]
    statuses: Iterable[StatusRecord]
    config_gaps: Gaps
    status_gaps: Mapping[int, Gaps]
    first_statuses: Mapping[StatusKey, tuple[int, int]]
    is_chosen: Matcher

    def had_no_status(self, key: StatusKey, time: int) -> bool:
        """Whether this certainly had no status at a time before its first one."""
        partition, offset = self.first_statuses[key]
        return self.status_gaps[partition].had_none(offset, time)


class Window(NamedTuple):
    """The time of interest, both ends included."""

    since: int
    until: int

    def has(self, time: int) -> bool:
        return self.since <= time <= self.until


class Move(NamedTuple):
    """Work that a rebalance gave to another worker. `task`: NO_TASK for the connector itself."""

    connector: str
    task: int
    previous_worker: str
    worker: str


@dataclass(eq=False)
class Event:
    """One event. Fields that do not apply to its kind are empty or None; so is what is unknown.

    Of `rebalance`: `moved`, `joined` and `left` grow while later records of the same generation are read. `steps`: the number of
    rebalances since the previous one that left a record; `is_reset`: the group counts its generations from the beginning again.
    """

    time: int
    kind: Kind
    connector: str = ""
    task: int | None = None
    state: str = ""
    previous_state: str = ""
    worker: str = ""
    previous_worker: str = ""
    generation: int | None = None
    previous_generation: int | None = None
    tasks: int | None = None
    previous_tasks: int | None = None
    before: Mapping[str, str] | None = None
    after: Mapping[str, str] | None = None
    cause: str = ""
    include_tasks: bool | None = None
    only_failed: bool | None = None
    steps: int = 0
    is_reset: bool = False
    moved: list[Move] = field(default_factory=list)
    joined: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    @property
    def changed_keys(self) -> list[str]:
        """The configuration keys that differ, sorted."""
        before, after = self.before or {}, self.after or {}
        return sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
