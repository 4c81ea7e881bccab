# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Deletes dead letters up to a point, after all of them are in a file that can be read back."""

from __future__ import annotations

import base64
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..backup import PRIVATE_FILE, prepare_backup
from ..errors import BrokersError, InputError, Problem
from ..group.brokers import Topic
from ..group.consumer_groups import Part
from ..group.topic_reader import WholeRecord
from ..network_errors import file_failure
from ..run import Run
from .read import QueueSource, size_of

Delete = Callable[[Mapping[Part, int]], Mapping[Part, int]]
"""Deletes the records before these offsets, and returns the new first offsets of the partitions that confirmed."""


@dataclass(frozen=True)
class DiscardRequest:
    """What to delete: all records up to `until` (milliseconds since the epoch, None for all that exist when the run begins).

    `backup_dir`: for the file, on the machine where the task runs; `max_bytes`: of the records.
    """

    topic: str
    backup_dir: str
    max_bytes: int
    until: int | None = None


@dataclass(frozen=True)
class Discarded:
    """`records`: number of records that were, or would be, deleted; `backup_file`: empty if there was nothing to delete."""

    records: int
    backup_file: str = ""


def discard(source: QueueSource, topic: Topic, request: DiscardRequest, run: Run, delete: Delete | None) -> Discarded:
    """Save the records, then delete them. `delete`: None to count only. Raises InputError and BrokersError."""
    bounds = [one._replace(start=one.low) for one in source.bounds(topic, None, request.until)]
    targets = {(topic.name, one.partition): one.end for one in bounds if one.end > one.low}
    if delete is None:
        return Discarded(sum(one.end - one.low for one in bounds if one.end > one.low))
    if not targets:
        return Discarded(0)
    prepare_backup(request.backup_dir)
    path, count = _save(source.whole_records(topic, bounds), topic.name, request)
    run.event(f"saved {count} records of topic {topic.name} in {path}")
    run.check("deleting records")
    confirmed = delete(targets)
    missing = sorted(part for part, end in targets.items() if confirmed.get(part, -1) < end)
    if missing:
        raise BrokersError(
            f"the brokers did not confirm that the records of partition {missing[0][1]} of topic {topic.name} are deleted; they are in "
            f"{path}",
            "run the task again: it saves and deletes what is left",
        )
    return Discarded(count, path)


def _save(records: Iterator[WholeRecord], topic: str, request: DiscardRequest) -> tuple[str, int]:
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    path = Path(request.backup_dir) / f"{topic}.{stamp}.{os.getpid()}.jsonl"
    count = used = 0
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, PRIVATE_FILE)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            for record in records:
                used += size_of(record)
                if used > request.max_bytes:
                    break
                file.write(json.dumps(_entry(topic, record)) + "\n")
                count += 1
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise InputError(
            [Problem(f"backup_dir {request.backup_dir} can't be written ({file_failure(error)}): give another one")]
        ) from error
    if used > request.max_bytes:
        path.unlink()
        text = f'topic "{topic}" has more than {request.max_bytes} bytes of records to delete (max_bytes)'
        raise InputError([Problem(f"{text}: raise max_bytes, or set until to an earlier time")])
    return str(path), count


def _entry(topic: str, record: WholeRecord) -> dict[str, Any]:
    """One line of the file. Keys, values and the values of headers are in Base64, or null."""
    return {
        "topic": topic,
        "partition": record.partition,
        "offset": record.offset,
        "timestamp": record.time,
        "key": _encoded(record.key),
        "value": _encoded(record.value),
        "headers": [[name, _encoded(value)] for name, value in record.headers],
    }


def _encoded(content: bytes | None) -> str | None:
    return None if content is None else base64.b64encode(content).decode("ascii")
