# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads both topics, bounded by times, bytes, and the limits of the run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from ..errors import InputError, Problem
from ..group.brokers import Topic
from ..group.topic_reader import TopicSource
from ..patterns import Matcher
from ..run import Run
from ..secrets import mask_text, secret_values
from ..triage.first_cause import first_cause
from .gaps import Gaps
from .model import History
from .records import (
    ConfigRecord,
    ConfigTopicRecord,
    MalformedRecord,
    StatusKey,
    decode_config,
    decode_status,
    status_key,
)
from .status_log import StatusLog
from .times import shown_time
from .topics import TopicNames, find_config_topic, find_status_topic, find_topics

CLOCK_DIFFERENCE = 300_000
"""Milliseconds by which the clocks of two workers may differ: records after the end of the window are read for that long."""

_BETWEEN_REPORTS = 20_000
_CACHED_CAUSES = 512


@dataclass(frozen=True)
class HistoryQuery:
    """What to read. `since` and `until`: milliseconds, None for no limit; `whole`: all statuses up to `until`, for a past state.

    `max_bytes`: of keys and values of both topics together; `to_read_less`: what a user does if there are more.
    """

    topics: TopicNames
    is_chosen: Matcher
    max_bytes: int
    since: int | None = None
    until: int | None = None
    whole: bool = False
    to_read_less: str = "set since to a later time"


@dataclass
class ReadTopic:
    """What was read of a topic. `complete_since`: None if nothing is missing. `malformed`: number of records by reason, and
    `first_malformed`: partition and offset of the first one.
    """

    name: str
    records: int = 0
    bytes: int = 0
    first_time: int | None = None
    complete_since: int | None = None
    malformed: Counter[str] = field(default_factory=Counter)
    first_malformed: tuple[int, int] | None = None


@dataclass(frozen=True)
class ReadHistory:
    """The history, what was read for it, and the secrets of the configurations by connector."""

    history: History
    config_topic: ReadTopic
    status_topic: ReadTopic | None
    secrets: Mapping[str, frozenset[str]]


def read_history(source: TopicSource, query: HistoryQuery, run: Run) -> ReadHistory:
    """Read both topics. Raises BrokersError, InputError (also if there are more bytes than allowed) and CancelledError."""
    run.busy_with("finding the topics")
    config_topic, status_topic = find_topics(source, query.topics)
    reading = _Reading(source, query, run)
    config, config_gaps, config_read = reading.config(config_topic)
    secrets = _secrets(config)
    statuses, first, status_gaps, status_read = reading.statuses(status_topic, _cause_of(secrets))
    history = History(config, statuses, config_gaps, status_gaps, first, query.is_chosen)
    return ReadHistory(history, config_read, status_read, secrets)


def read_configs(source: TopicSource, query: HistoryQuery, run: Run) -> ReadHistory:
    """Read only the config topic; the history then has no statuses. Raises as `read_history`."""
    run.busy_with("finding the config topic")
    topic = find_config_topic(source, query.topics)
    config, gaps, read = _Reading(source, query, run).config(topic)
    return ReadHistory(History(config, (), gaps, {}, {}, query.is_chosen), read, None, _secrets(config))


def read_statuses(source: TopicSource, query: HistoryQuery, run: Run) -> tuple[StatusLog, ReadTopic]:
    """Read only the status topic. The statuses have no causes. Raises as `read_history`."""
    run.busy_with("finding the status topic")
    topic = find_status_topic(source, query.topics)
    statuses, _first, _gaps, read = _Reading(source, query, run).statuses(topic, _no_cause)
    return statuses, read


class _Reading:
    def __init__(self, source: TopicSource, query: HistoryQuery, run: Run) -> None:
        self._source, self._query, self._run = source, query, run
        self._left = query.max_bytes

    def config(self, topic: Topic) -> tuple[list[ConfigTopicRecord], Gaps, ReadTopic]:
        """The whole topic: it is small, and an older record may say what a newer one changed."""
        if topic.partitions != 1:
            raise InputError(
                [Problem(f'topic "{topic.name}" has {topic.partitions} partitions, a config topic has 1: correct it')]
            )
        found: list[ConfigTopicRecord] = []

        def add(_partition: int, offset: int, time: int, key: bytes | None, value: bytes | None) -> None:
            record = decode_config(time, offset, key, value)
            if record is not None and self._query.is_chosen(record.connector):
                found.append(record)

        gaps, read = self._all(topic, None, None, add)
        return found, gaps[0], read

    def statuses(
        self, topic: Topic, cause_of: Callable[[str, str], str]
    ) -> tuple[StatusLog, dict[StatusKey, tuple[int, int]], dict[int, Gaps], ReadTopic]:
        query = self._query
        log = StatusLog()
        first: dict[StatusKey, tuple[int, int]] = {}

        def add(partition: int, offset: int, time: int, key: bytes | None, value: bytes | None) -> None:
            about = status_key(key)
            if about is not None:
                is_shown = query.is_chosen(about.connector)
                record = decode_status(time, about, value, cause_of if is_shown else _no_cause)
                log.add(partition, record)
                if about not in first:
                    first[about] = partition, offset

        since = None if query.whole else query.since
        until = None if query.until is None else query.until + CLOCK_DIFFERENCE
        gaps, read = self._all(topic, since, until, add)
        return log, first, gaps, read

    def _all(
        self,
        topic: Topic,
        since: int | None,
        until: int | None,
        add: Callable[[int, int, int, bytes | None, bytes | None], None],
    ) -> tuple[dict[int, Gaps], ReadTopic]:
        """Pass each record to `add`. Counts those that raise MalformedRecord."""
        read = ReadTopic(topic.name)
        self._run.busy_with(f"reading topic {topic.name}")
        bounds = self._source.bounds(topic, since, until)
        gaps = {one.partition: Gaps(one.start, unread=one.low > 0 or one.start > one.low) for one in bounds}
        about = sum(max(one.end - one.start, 0) for one in bounds)
        for partition, offset, time, key, value in self._source.records(topic, bounds):
            read.records += 1
            read.bytes += len(key or b"") + len(value or b"")
            if read.first_time is None or time < read.first_time:
                read.first_time = time
            if read.bytes > self._left:
                raise self._too_large(topic, read, time)
            gaps[partition].add(offset, time, key or b"")
            try:
                add(partition, offset, time, key, value)
            except MalformedRecord as error:
                read.malformed[error.reason] += 1
                read.first_malformed = read.first_malformed or (partition, offset)
            if not read.records % _BETWEEN_REPORTS:
                self._run.busy_with(f"reading topic {topic.name}: {read.records:,} of at most {about:,} records")
        self._left -= read.bytes
        for one in bounds:
            if one.end == one.high:
                gaps[one.partition].end(one.end)
        times = [since for since in (one.complete_since for one in gaps.values()) if since is not None]
        read.complete_since = max(times, default=None)
        return gaps, read

    def _too_large(self, topic: Topic, read: ReadTopic, time: int) -> InputError:
        return InputError(
            [
                Problem(
                    f"the topics have more than max_bytes ({self._query.max_bytes:,}): {read.records:,} records of {topic.name} "
                    f"were read, up to {shown_time(time)}: {self._query.to_read_less}, or raise max_bytes"
                )
            ]
        )


def _secrets(records: list[ConfigTopicRecord]) -> dict[str, frozenset[str]]:
    """The secrets in all configurations that a connector had."""
    found: dict[str, frozenset[str]] = {}
    for record in records:
        if isinstance(record, ConfigRecord) and record.config is not None:
            found[record.connector] = found.get(record.connector, frozenset()) | secret_values(record.config)
    return found


def _cause_of(secrets: Mapping[str, frozenset[str]]) -> Callable[[str, str], str]:
    @lru_cache(maxsize=_CACHED_CAUSES)
    def cause(connector: str, trace: str) -> str:
        # Mask before the cause is truncated: half of a secret is not recognized.
        return first_cause(mask_text(trace, secrets.get(connector, ())))

    return cause


def _no_cause(_connector: str, _trace: str) -> str:
    return ""
