# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Dead letters are written again once each, in whatever portions and whatever fails; integration tests use real topics."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.dead_letters import reprocess as module
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.dead_letters.discard import (
    DiscardRequest,
    discard,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.dead_letters.read import (
    QueueQuery,
    read_queues,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.dead_letters.report import queue_report
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.dead_letters.reprocess import (
    ATTEMPT,
    ORIGIN,
    Progress,
    ReprocessRequest,
    reprocess,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.dead_letters.selection import Selection
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import BrokersError, InputError
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.brokers import Topic
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.consumer_groups import Part
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.topic_reader import (
    Bounds,
    WholeRecord,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.topic_writer import NewRecord
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.run import Run

STAGE = "__connect.errors.stage"
WANTED = Selection(stages=("TASK_PUT",))


@dataclass
class Queue:
    """A topic with the records of each partition; offsets without a record are markers. Also the writer, which fails as scripted."""

    partitions: Sequence[Sequence[WholeRecord | None]]
    failures: list[bool] = field(default_factory=list)
    written: list[NewRecord] = field(default_factory=list)
    position: dict[int, int] = field(default_factory=dict)
    deleted: dict[Part, int] = field(default_factory=dict)

    def topics(self, names: Sequence[str]) -> tuple[Topic, ...]:
        known = ("dead", "retry", "orders")
        return tuple(Topic(name, len(self.partitions), 1) for name in names if name in known)

    def bounds(self, _topic: Topic, _since: int | None, _until: int | None) -> tuple[Bounds, ...]:
        return tuple(Bounds(number, 0, len(records), 0, len(records)) for number, records in enumerate(self.partitions))

    def whole_records(self, _topic: Topic, bounds: Sequence[Bounds]) -> Iterator[WholeRecord]:
        for one in bounds:
            yield from (record for record in self.partitions[one.partition][one.start : one.end] if record is not None)

    def positions(self, _topic: Topic) -> Mapping[int, int]:
        return dict(self.position)

    def write(self, records: Sequence[NewRecord], _topic: str, positions: Mapping[int, int]) -> None:
        if self.failures and self.failures.pop(0):
            raise BrokersError("the broker was away")
        self.written += records
        self.position |= positions

    def delete(self, offsets: Mapping[Part, int]) -> Mapping[Part, int]:
        self.deleted |= offsets
        return offsets


def record(partition: int, offset: int, stage: str = "TASK_PUT", **headers: str) -> WholeRecord:
    more = [(name.replace("_", "."), value.encode()) for name, value in headers.items()]
    return WholeRecord(
        partition, offset, 1000 + offset, b"k", f"{partition}-{offset}".encode(), [(STAGE, stage.encode()), *more]
    )


def queue(*partitions: Sequence[str | None]) -> Queue:
    """A queue of records with these stages; None is a marker."""
    return Queue(
        [
            [None if stage is None else record(number, offset, stage) for offset, stage in enumerate(stages)]
            for number, stages in enumerate(partitions)
        ]
    )


def process(source: Queue, destination: str = "retry", limit: int = 10_000) -> Progress:
    progress = Progress()
    request = ReprocessRequest("dead", destination, WANTED, limit)
    reprocess(source, request, Run(), source.positions, source, progress)
    return progress


STAGES = st.lists(st.sampled_from(["TASK_PUT", "KEY_CONVERTER", None]), max_size=12)


@given(st.lists(STAGES, min_size=1, max_size=3), st.lists(st.booleans(), max_size=8), st.integers(1, 5))
def test_each_selected_record_is_written_once_whatever_fails(
    partitions: list[list[str | None]], failures: list[bool], limit: int
) -> None:
    source = queue(*partitions)
    source.failures = failures
    left = -1
    for _run in range(80):
        try:
            left = process(source, limit=limit).left
        except BrokersError:
            continue
        if not left:
            break
    assert left == 0
    expected = [
        f"{n}-{at}" for n, stages in enumerate(partitions) for at, stage in enumerate(stages) if stage == "TASK_PUT"
    ]
    assert sorted((one.value or b"").decode() for one in source.written) == sorted(expected)
    assert process(source).reprocessed == 0


def test_a_large_queue_is_written_in_several_transactions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RECORDS_AT_ONCE", 2)
    source = queue(["TASK_PUT"] * 5)
    source.failures = [False, True]
    with pytest.raises(BrokersError):
        process(source)
    assert (len(source.written), source.position) == (2, {0: 2})
    assert process(source).reprocessed == 3


def test_headers_of_the_error_are_replaced_by_the_number_of_the_attempt() -> None:
    again = record(0, 1)._replace(headers=[(STAGE, b"TASK_PUT"), (ATTEMPT, b"3")])
    source = Queue([[record(0, 0, traceparent="00-1"), again]])
    process(source)
    assert [one.headers for one in source.written] == [(("traceparent", b"00-1"), (ATTEMPT, b"1")), ((ATTEMPT, b"4"),)]
    assert {(one.topic, one.partition, one.key) for one in source.written} == {("retry", -1, b"k")}


def test_records_go_back_to_the_partition_that_they_came_from() -> None:
    origin = [("__connect.errors.topic", b"orders"), ("__connect.errors.partition", b"7")]
    source = Queue([[record(0, 0)._replace(headers=[(STAGE, b"TASK_PUT"), *origin])]])
    assert process(source, ORIGIN).destinations == {"orders": 1}
    assert (source.written[0].topic, source.written[0].partition) == ("orders", 7)


def test_a_record_without_an_origin_is_named_before_anything_is_written() -> None:
    source = queue(["TASK_PUT"])
    with pytest.raises(
        InputError, match='topic "dead", partition 0, offset 0: the record has no header with its origin'
    ):
        process(source, ORIGIN)
    assert source.written == []


def test_a_topic_that_does_not_exist_is_named() -> None:
    with pytest.raises(InputError, match='topic "missing" does not exist'):
        process(queue(["TASK_PUT"]), "missing")


def test_what_was_saved_is_deleted(tmp_path: Path) -> None:
    source = queue(["TASK_PUT", None], [])
    request = DiscardRequest("dead", str(tmp_path), 1_000_000)
    assert discard(source, source.topics(["dead"])[0], request, Run(), None).records == 2
    found = discard(source, source.topics(["dead"])[0], request, Run(), source.delete)
    assert (found.records, source.deleted) == (1, {("dead", 0): 2})
    (line,) = Path(found.backup_file).read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["offset"] == 0


def test_an_unconfirmed_deletion_names_the_file(tmp_path: Path) -> None:
    source = queue(["TASK_PUT"])
    request = DiscardRequest("dead", str(tmp_path), 1_000_000)
    with pytest.raises(
        BrokersError, match="did not confirm that the records of partition 0 of topic dead are deleted; they are in"
    ):
        discard(source, source.topics(["dead"])[0], request, Run(), lambda _offsets: {})


def test_too_many_bytes_are_reported() -> None:
    source = queue(["TASK_PUT"] * 10)
    extra, warnings = queue_report(source, {"dead": ["sink"]}, QueueQuery(0, 100, 50), Run(), secrets={}, samples=0)
    assert extra["topics"][0]["records_read"] < 10
    assert "of the newest 10 records were read, because max_bytes is 50" in warnings[0]


def test_records_before_the_review_mark_are_left_out() -> None:
    source = queue(["TASK_PUT"] * 4)
    found = read_queues(source, ["dead"], QueueQuery(0, 100, 1_000_000, reviewed={("dead", 0): 3}), Run())["dead"]
    assert (found.records, found.chosen, [one.offset for one in found.letters]) == (4, 1, [3])
