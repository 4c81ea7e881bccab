# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result of module dead_letter_info."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..history.times import shown_clock
from ..run import Run, counted
from .entries import queue_entry
from .read import Queue, QueueQuery, QueueSource, read_queues


def queue_report(
    source: QueueSource,
    queues: Mapping[str, Sequence[str]],
    query: QueueQuery,
    run: Run,
    *,
    secrets: Mapping[str, frozenset[str]],
    samples: int,
) -> tuple[dict[str, Any], list[str]]:
    """Return the fields of the result, and warnings. `queues`: the names of topics, with the sinks that write to them; `secrets`: by
    connector. Raises as QueueSource.
    """
    found = read_queues(source, sorted(queues), query, run)
    entries = [queue_entry(name, found.get(name), queues[name], secrets, samples) for name in sorted(queues)]
    warnings = [text for queue in found.values() if (text := _partly_read(queue, query))]
    chosen = sum(queue.chosen for queue in found.values())
    extra = {
        "topics": entries,
        "records": sum(queue.records for queue in found.values()),
        "records_chosen": chosen,
        "msg": _message(entries, found, chosen, query),
    }
    return extra, warnings


def _partly_read(queue: Queue, query: QueueQuery) -> str:
    expected = min(queue.chosen, query.max_records)
    if not expected - len(queue.letters) > 0:
        return ""
    return (
        f"topic {queue.topic}: {len(queue.letters)} of the newest {counted(expected, 'record')} were read, because max_bytes is "
        f"{query.max_bytes}, or the rest are not records but markers of transactions"
    )


def _message(entries: Sequence[Mapping[str, Any]], found: Mapping[str, Queue], chosen: int, query: QueueQuery) -> str:
    if not entries:
        return "no sink has a dead letter topic"
    missing = [entry["topic"] for entry in entries if not entry["exists"]]
    text = f"dead letters: {chosen} in {counted(len(found), 'topic')}"
    if query.since is not None:
        text += f" since {shown_clock(query.since)}"
    if query.reviewed is not None:
        text += ", not reviewed yet"
    causes = [cause["cause"] for entry in entries for cause in entry.get("causes", ()) if cause["cause"]]
    if causes:
        text += f"; most frequent cause: {causes[0]}"
    if missing:
        text += f"; missing: {', '.join(missing)}"
    return text
