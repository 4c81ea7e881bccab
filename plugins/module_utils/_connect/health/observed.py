# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an observation of a cluster has read, at one moment or at several. Pure data."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..dead_letters.queues import uses_other_brokers
from ..model import Connector

if TYPE_CHECKING:
    from ..group.consumer_groups import Consumer, Part

DEFAULT_FLUSH = 60.0
"""Seconds between two commits of a sink task (offset.flush.interval.ms)."""

DEFAULT_SESSION = 45.0
"""Seconds after which the brokers remove a consumer that no longer sends heartbeats (session.timeout.ms)."""

_COMMITS_BY_FILE = re.compile(
    r"(?!(?:consumer|producer|admin)\.override\.)(?:.*[._-])?(?:flush|rotate|rotation|commit|buffer)(?:[._-]|\Z)"
    r"|(?:hoodie|iceberg|snowflake)\."
)
"""Keys of sinks that commit the offsets of a file, buffer or table only when it is complete, which can take hours."""


@dataclass(frozen=True)
class Sink:
    """A sink whose consumer group can be followed. Seconds: `flush` between two commits, `session` until a dead consumer is removed.

    `starts_at_beginning`: whether a task certainly reads a partition from its first record if nothing was committed;
    `commits_by_file`: whether it may commit only when a file is complete.
    """

    name: str
    group: str
    flush: float = DEFAULT_FLUSH
    session: float = DEFAULT_SESSION
    starts_at_beginning: bool = False
    commits_by_file: bool = False


@dataclass(frozen=True)
class Moment:
    """One snapshot. `at`: seconds of a clock that only goes forward.

    `workers`: URLs by member ID of the workers' group, empty where a rebalance hides them; None if the group was not read. `running`:
    the connectors that run, with all of their tasks. `committed`: offsets by consumer group; `ends`: the offsets after the last
    record. `consumers`: the members by consumer group, None if they were not read.
    """

    at: float
    workers: Mapping[str, str] | None = None
    running: frozenset[str] = frozenset()
    committed: Mapping[str, Mapping[Part, int]] = field(default_factory=dict)
    ends: Mapping[Part, int] = field(default_factory=dict)
    consumers: Mapping[str, tuple[Consumer, ...]] | None = None


@dataclass(frozen=True)
class PastRebalances:
    """Rebalances that the status topic shows. `seconds`: how far back it was read; `departures`: how often a worker (`host:port`)
    had lost all of its work.
    """

    count: int
    seconds: float
    departures: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class DeadLetter:
    """One record of a dead letter topic. `time`: milliseconds since the epoch; `cause`: empty without headers of the errors."""

    time: int
    connector: str = ""
    cause: str = ""


@dataclass(frozen=True)
class DeadLetterTopic:
    """An existing dead letter topic. `connectors`: those that write to it; `begins`: its first offsets; `newest`: its last records, newest
    first.
    """

    name: str
    connectors: tuple[str, ...]
    begins: Mapping[Part, int] = field(default_factory=dict)
    newest: tuple[DeadLetter, ...] = ()


@dataclass(frozen=True)
class DeadLetterFacts:
    """Which dead letter topics exist, and the number of live brokers, on which a new topic needs its replicas."""

    existing: frozenset[str]
    brokers: int


@dataclass(frozen=True)
class Observation:
    """All that was read. `moments`: at least one, in order; `waiting`: the partitions that certainly have a record for a sink whose offset
    did not move.
    """

    moments: Sequence[Moment]
    sinks: Sequence[Sink] = ()
    waiting: frozenset[tuple[str, Part]] = frozenset()
    past: PastRebalances | None = None
    dead_letters: Sequence[DeadLetterTopic] = ()
    properties: Mapping[str, str] | None = None

    @property
    def first(self) -> Moment:
        return self.moments[0]

    @property
    def last(self) -> Moment:
        return self.moments[-1]

    @property
    def seconds(self) -> float:
        return self.last.at - self.first.at

    def offsets(self, sink: Sink, part: Part) -> list[int | None]:
        """The committed offset at each moment, None where nothing was committed or read."""
        return [moment.committed.get(sink.group, {}).get(part) for moment in self.moments]


def sinks_of(connectors: Iterable[Connector], properties: Mapping[str, str] | None) -> list[Sink]:
    """The sinks that run, and whose consumer group on these brokers is known and their own. `properties`: of a worker, None if unknown."""
    found = [_sink(stored, properties) for stored in connectors if _is_followed(stored)]
    groups = Counter(sink.group for sink in found)
    return [sink for sink in found if groups[sink.group] == 1]


def _is_followed(stored: Connector) -> bool:
    config = stored.config
    return (
        stored.type == "sink"
        and stored.state == "RUNNING"
        and bool(config)
        and not uses_other_brokers(config, "consumer")
    )


def _sink(stored: Connector, properties: Mapping[str, str] | None) -> Sink:
    config = stored.config or {}
    reset = config.get("consumer.override.auto.offset.reset")
    if reset is None and properties is not None:
        reset = properties.get("consumer.auto.offset.reset", "earliest")
    return Sink(
        stored.name,
        config.get("consumer.override.group.id") or f"connect-{stored.name}",
        _seconds((properties or {}).get("offset.flush.interval.ms"), DEFAULT_FLUSH),
        _seconds(
            config.get("consumer.override.session.timeout.ms") or (properties or {}).get("consumer.session.timeout.ms"),
            DEFAULT_SESSION,
        ),
        starts_at_beginning=reset == "earliest",
        commits_by_file=any(map(_COMMITS_BY_FILE.match, config)),
    )


def _seconds(milliseconds: str | None, default: float) -> float:
    text = (milliseconds or "").strip()
    return int(text) / 1000 if text.isdecimal() and len(text) < 12 else default


def runs_whole(stored: Connector) -> bool:
    """Whether the connector and all of its tasks run."""
    states = {task.id: task.state for task in stored.tasks}
    return (
        stored.state == "RUNNING"
        and bool(stored.task_ids)
        and all(states.get(task) == "RUNNING" for task in stored.task_ids)
    )
