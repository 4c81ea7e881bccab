# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Follows a cluster for some seconds: members of its group, offsets of its sinks, dead letters. Reads only; progress_findings.py decides."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from ..dead_letters.context import ErrorContext, error_context
from ..dead_letters.queues import dead_letter_topics
from ..errors import BrokersError, InputError, RequestError, one_line
from ..group.brokers import Brokers, BrokersClient
from ..group.consumer_groups import ConsumerGroups, OffsetSource, Part
from ..group.protocol import Group
from ..group.topic_reader import Headed, TopicReader
from ..model import Connector
from ..run import Run, counted
from ..secrets import mask_text, secret_values
from ..snapshot.cluster import Cluster
from ..triage.first_cause import first_cause
from .model import HealthLimits, HealthSnapshot
from .observed import (
    DeadLetter,
    DeadLetterTopic,
    Moment,
    Observation,
    PastRebalances,
    Sink,
    runs_whole,
    sinks_of,
)
from .past_rebalances import read_past
from .progress_findings import commit_time, growth_time, unmoved

PAUSE = 2.0
"""Seconds between two snapshots, or longer where a snapshot takes long: at most a fifth of the time is spent on requests."""

ANSWER_TIME = 5.0
"""Seconds for the requests of one kind in one snapshot."""

MOST_SINKS = 200
"""Sinks whose offsets are followed. Each costs a request to its coordinator in each snapshot."""

MOST_PROBED = 50
"""Partitions of which a record is read, to prove that there is one."""

PROBE_TIME = 5.0
"""Seconds for reading these records, and for reading the newest dead letters."""

MOST_DEAD_LETTER_PARTS = 200
"""Partitions of which the newest dead letters are read. Each reads at most 64 KiB at a time."""

NEWEST = 5
"""Dead letters that are read of each partition, and reported of each topic."""

_Answer = TypeVar("_Answer")


@dataclass(frozen=True)
class ObservationQuery:
    """What to follow, and for how many seconds; 0 for one snapshot. `properties`: of a worker, None if unknown."""

    brokers: Brokers
    seconds: float = 0.0
    status_topic: str = ""
    properties: Mapping[str, str] | None = None


class RecordSource(Protocol):
    """Where some records come from (TopicReader)."""

    def some(self, starts: Mapping[Part, int], each: int, seconds: float) -> list[Headed]:
        """The first records from these offsets on."""


class GroupSource(Protocol):
    """Where the workers' group comes from (BrokersClient)."""

    def group(self, group_id: str) -> Group | None:
        """The group with this name."""


@dataclass(frozen=True)
class Sources:
    """What an observation reads from."""

    groups: GroupSource
    offsets: OffsetSource
    records: RecordSource
    past: Callable[[Run, str], PastRebalances | None]


def sources_of(run: Run, brokers: Brokers) -> Sources:
    """The brokers. Raises BrokersError and InputError."""
    bounded = replace(brokers, timeout=max(run.limit(ANSWER_TIME), 0.1))
    client = BrokersClient(bounded)
    client.describe()
    reader = TopicReader(bounded, run)
    return Sources(client, ConsumerGroups(client), reader, lambda run, topic: read_past(reader, topic, run))


def observe(
    cluster: Cluster, query: ObservationQuery, limits: HealthLimits, snapshot: HealthSnapshot, sources: Sources
) -> Observation:
    """Follow the cluster. What cannot be read is left out. Warnings of the cluster name what could not be decided."""
    return _Observer(cluster, query, limits, snapshot, sources).observe()


class _Observer:
    def __init__(
        self,
        cluster: Cluster,
        query: ObservationQuery,
        limits: HealthLimits,
        snapshot: HealthSnapshot,
        sources: Sources,
    ) -> None:
        self._cluster, self._run, self._query, self._checks = cluster, cluster.run, query, limits.checks
        self._sources = sources
        self._counted = [stored for name, stored in sorted(snapshot.connectors.items()) if limits.counts(name)]
        self._group_id = snapshot.membership.group.group_id if snapshot.membership is not None else ""
        self._sinks = self._chosen_sinks() if "progress" in self._checks else []
        self._parts: dict[str, int] = {}

    def observe(self) -> Observation:
        topics = self._dead_letter_topics() if "dead_letters" in self._checks else []
        letters = [part for topic in topics for part in topic.begins]
        moments = [self._moment(letters, with_consumers=True)]
        self._follow(moments, letters)
        found = Observation(
            moments, self._sinks, past=self._past(), dead_letters=topics, properties=self._query.properties
        )
        return replace(
            found,
            waiting=self._waiting(found),
            dead_letters=self._with_newest(topics, moments[-1].ends),
        )

    def _follow(self, moments: list[Moment], letters: Sequence[Part]) -> None:
        """Add a snapshot every PAUSE seconds, the last one at the end of the time."""
        seconds, run = self._query.seconds, self._run
        if not seconds:
            return
        began = time.monotonic()
        what = f"observing the cluster for {seconds:g} s"
        followed = f": the offsets of {counted(len(self._sinks), 'sink')}" if self._sinks else ""
        run.event(what + followed)
        while True:
            run.check("observing the cluster")
            left = seconds - (time.monotonic() - began)
            cost = time.monotonic() - moments[-1].at
            run.pause(max(min(max(PAUSE, 4 * cost) - cost, left), 0.05))
            done = time.monotonic() - began
            run.check("observing the cluster")
            run.busy_with(f"{what}: {min(done, seconds):.0f} of {seconds:g} s")
            is_last = done >= seconds
            moments.append(self._moment(letters, with_consumers=is_last))
            if is_last:
                return

    def _moment(self, letters: Sequence[Part], *, with_consumers: bool) -> Moment:
        at, offsets, groups = time.monotonic(), self._sources.offsets, [sink.group for sink in self._sinks]
        workers = self._workers() if "rebalances" in self._checks and self._query.seconds else None
        running: frozenset[str] = frozenset()
        committed: Mapping[str, Mapping[Part, int]] = {}
        consumers = None
        if groups:
            running = self._running()
            committed = self._ask(lambda: offsets.committed(groups)) or {}
            if with_consumers:
                consumers = self._ask(lambda: offsets.members(groups))
        parts = {part for of_group in committed.values() for part in of_group}
        parts |= {part for members in (consumers or {}).values() for one in members for part in one.parts}
        # Ends are read last: what was committed before cannot exceed them.
        ends = self._ask(lambda: offsets.ends([*self._existing(parts), *letters])) or {}
        return Moment(at, workers, running, committed, ends, consumers)

    def _running(self) -> frozenset[str]:
        """The connectors that run whole. None if no worker answers: while workers restart, nothing is certain."""
        ends = time.monotonic() + ANSWER_TIME
        try:
            snapshot = self._cluster.api.expanded(until=lambda: ends - time.monotonic())
        except RequestError:
            return frozenset()
        return frozenset(stored.name for stored in snapshot.connectors.values() if runs_whole(stored))

    def _workers(self) -> Mapping[str, str] | None:
        group = self._ask(lambda: self._sources.groups.group(self._group_id))
        return None if group is None else {member.member_id: member.url for member in group.members}

    def _existing(self, parts: Iterable[Part]) -> list[Part]:
        """Those of these partitions that exist: a request for the offsets of others may create their topic."""
        wanted = set(parts)
        new = {topic for topic, _number in wanted} - self._parts.keys()
        if new:
            known = self._ask(lambda: self._sources.offsets.partitions(new)) or {}
            self._parts |= {topic: known.get(topic, 0) for topic in new}
        return [(topic, number) for topic, number in sorted(wanted) if number < self._parts[topic]]

    def _ask(self, question: Callable[[], _Answer]) -> _Answer | None:
        """The answer, None if there is none."""
        self._run.check("asking the brokers")
        try:
            return question()
        except BrokersError:
            return None

    # Sinks

    def _chosen_sinks(self) -> list[Sink]:
        found = sinks_of(self._counted, self._query.properties)
        warn, seconds = self._cluster.warnings.append, self._query.seconds
        if len(found) > MOST_SINKS:
            warn(
                f"{len(found)} sinks run, and the progress of the first {MOST_SINKS} is checked: choose others with connectors"
            )
            found = found[:MOST_SINKS]
        needed = max((commit_time(sink) for sink in found), default=0)
        if found and seconds and seconds < needed:
            growth = max(growth_time(sink) for sink in found)
            warn(
                f"observe of {seconds:g} s is too short to decide whether sinks make progress, because tasks commit their offsets every "
                f"{found[0].flush:g} s (offset.flush.interval.ms): set it to {needed:g} s, or to {growth:g} s to see whether a lag grows"
            )
        return found

    def _waiting(self, found: Observation) -> frozenset[tuple[str, Part]]:
        """Prove that there is a record at an offset that did not move. Compaction and transactions leave offsets without one."""
        candidates = list(unmoved(found))[:MOST_PROBED]
        if not candidates:
            return frozenset()
        read = self._records({part: offset for _sink, part, offset in candidates}, 1)
        seen = {(one.topic, one.partition) for one in read}
        return frozenset((sink.name, part) for sink, part, _offset in candidates if part in seen)

    def _records(self, starts: Mapping[Part, int], each: int) -> list[Headed]:
        try:
            return self._sources.records.some(starts, each, PROBE_TIME)
        except (BrokersError, InputError):
            return []

    # The past

    def _past(self) -> PastRebalances | None:
        if "rebalances" not in self._checks or not self._query.status_topic:
            return None
        try:
            return self._sources.past(self._run, self._query.status_topic)
        except (BrokersError, InputError):
            return None

    # Dead letters

    def _dead_letter_topics(self) -> list[DeadLetterTopic]:
        named = dead_letter_topics(self._counted)
        counts = self._ask(lambda: self._sources.offsets.partitions(named)) if named else {}
        parts = [(topic, number) for topic, count in sorted((counts or {}).items()) for number in range(count)]
        begins = self._ask(lambda: self._sources.offsets.begins(parts)) if parts else {}
        return [
            DeadLetterTopic(
                name,
                tuple(stored.name for stored in named[name]),
                {part: offset for part, offset in (begins or {}).items() if part[0] == name},
            )
            for name in sorted(counts or {})
        ]

    def _with_newest(self, topics: Sequence[DeadLetterTopic], ends: Mapping[Part, int]) -> list[DeadLetterTopic]:
        starts = {
            part: max(begin, ends[part] - NEWEST)
            for topic in topics
            for part, begin in sorted(topic.begins.items())
            if ends.get(part, 0) > begin
        }
        chosen = dict(list(starts.items())[:MOST_DEAD_LETTER_PARTS])
        read = self._records(chosen, NEWEST) if chosen else []
        return [replace(topic, newest=self._newest(topic, read)) for topic in topics]

    def _newest(self, topic: DeadLetterTopic, read: Iterable[Headed]) -> tuple[DeadLetter, ...]:
        secrets = _secrets(stored for stored in self._counted if stored.name in topic.connectors)
        letters = (_letter(one, secrets) for one in read if one.topic == topic.name)
        return tuple(sorted(letters, key=lambda one: one.time, reverse=True)[:NEWEST])


def _secrets(connectors: Iterable[Connector]) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    for stored in connectors:
        found |= secret_values(stored.config or {})
    return found


def _letter(record: Headed, secrets: frozenset[str]) -> DeadLetter:
    context = error_context(record.headers) or ErrorContext()
    cause = first_cause(mask_text(context.error, secrets))
    return DeadLetter(record.time, one_line(context.connector), one_line(cause))
