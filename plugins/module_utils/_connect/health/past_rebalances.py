# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads the rebalances of the last hour from the status topic, bounded by the number of its records."""

from __future__ import annotations

import time
from collections import Counter

from ..group.topic_reader import TopicSource
from ..history.rebalances import Rebalances
from ..history.records import MalformedRecord, decode_status, status_key
from ..history.status_log import StatusLog
from ..run import Run
from .observed import PastRebalances

HOUR = 3600.0

MOST_RECORDS = 200_000
"""Statuses that are read at most. Of more, the first ones are read, so that the number of rebalances is a lower bound."""


def read_past(source: TopicSource, topic_name: str, run: Run, seconds: float = HOUR) -> PastRebalances | None:
    """The rebalances of the last hour, None if there is no such topic. Raises BrokersError, InputError and CancelledError."""
    run.busy_with(f"reading the rebalances of the last hour from topic {topic_name}")
    topic = next(iter(source.topics([topic_name])), None)
    if topic is None or not topic.partitions:
        return None
    since = int((time.time() - seconds) * 1000)
    log = StatusLog()
    for number, (partition, _offset, at, key, value) in enumerate(
        source.records(topic, source.bounds(topic, since, None))
    ):
        if number >= MOST_RECORDS:
            break
        about = status_key(key)
        if about is not None and at >= since:
            try:
                log.add(partition, decode_status(at, about, value, lambda _connector, _trace: ""))
            except MalformedRecord:
                continue
    return _count(log, seconds)


def _count(log: StatusLog, seconds: float) -> PastRebalances:
    seen = Rebalances(lambda _name: True)
    events = [event for event in map(seen.see, log) if event is not None]
    departures = Counter(worker for event in events for worker in event.left)
    return PastRebalances(sum(event.steps for event in events), seconds, departures)
