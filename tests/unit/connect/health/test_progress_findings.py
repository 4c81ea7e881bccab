# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether sinks make progress, according to constructed observations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.consumer_groups import (
    Consumer,
    Part,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.health.model import HealthFinding
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.health.observed import (
    Moment,
    Observation,
    Sink,
    runs_whole,
    sinks_of,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.health.progress_findings import (
    commit_time,
    growth_time,
    lag_entries,
    progress_findings,
    unmoved,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.model import Connector
from tests.unit.connect.support import stored

SINK = Sink("orders", "connect-orders", flush=10)
A, B = ("sales", 0), ("sales", 1)
OWNER = Consumer("id-0", "connector-consumer-orders-0", "10.0.0.1", frozenset({A, B}))


def observed(
    committed: Callable[[float], Mapping[Part, int]],
    ends: Callable[[float], Mapping[Part, int]],
    seconds: float = 40,
    sink: Sink = SINK,
    consumers: Sequence[Consumer] = (OWNER,),
    **more: Any,
) -> Observation:
    """A snapshot every two seconds. The offsets are functions of the time."""
    times = [float(at) for at in range(0, round(seconds) + 1, 2)]
    moments = [
        Moment(
            1000 + at,
            running=frozenset({sink.name}),
            committed={sink.group: committed(at)},
            ends=ends(at),
            consumers={sink.group: tuple(consumers)} if at in (times[0], times[-1]) else None,
        )
        for at in times
    ]
    return Observation(moments, [sink], **more)


def still(at: int) -> Callable[[float], Mapping[Part, int]]:
    return lambda _seconds: {A: at, B: at}


def proven(seen: Observation) -> Observation:
    """The same, where each offset that did not move has a record."""
    return replace(seen, waiting=frozenset((one.sink.name, one.part) for one in unmoved(seen)))


def kinds(seen: Observation) -> list[str]:
    return [finding.kind for finding in progress_findings(proven(seen))]


def only(seen: Observation) -> HealthFinding:
    (finding,) = progress_findings(proven(seen))
    return finding


def test_a_task_that_commits_nothing_although_records_wait_is_not_progressing() -> None:
    finding = only(observed(still(5), still(9)))
    assert (finding.kind, finding.severity, finding.subject) == ("not_progressing", "warning", "orders")
    assert finding.message == (
        'sink "orders" is RUNNING, but 1 task (0) committed no offset for 40 s although records wait in sales-0, sales-1, unless '
        "offset.flush.interval.ms is longer than its default"
    )


def test_with_the_properties_of_a_worker_the_finding_is_unconditional() -> None:
    assert only(observed(still(5), still(9), properties={})).message.endswith("in sales-0, sales-1")


def test_an_offset_without_a_record_proves_nothing() -> None:
    """Markers of transactions and compacted records have offsets too."""
    assert list(progress_findings(observed(still(5), still(6)))) == []


def test_time_below_two_commits_proves_nothing() -> None:
    assert commit_time(SINK) == 22
    assert kinds(observed(still(5), still(9), seconds=20)) == []
    assert kinds(observed(still(5), still(9), seconds=22)) == ["not_progressing"]


def test_a_sink_that_commits_once_is_fine() -> None:
    assert kinds(observed(lambda at: {A: 5, B: 5 if at < 20 else 6}, still(9))) == []


def test_a_sink_without_waiting_records_is_fine() -> None:
    assert kinds(observed(still(9), still(9))) == []


def test_records_that_arrive_later_do_not_count() -> None:
    assert kinds(observed(still(9), lambda at: {A: 9 + int(at), B: 9})) == []


def test_only_the_task_that_stands_still_is_reported() -> None:
    first = replace(OWNER, parts=frozenset({A}))
    second = Consumer("id-1", "connector-consumer-orders-1", "10.0.0.2", frozenset({B}))
    seen = observed(lambda at: {A: int(at), B: 5}, still(100), consumers=(first, second))
    assert "1 task (1) committed no offset" in only(seen).message


@pytest.mark.parametrize(
    "sink",
    [replace(SINK, commits_by_file=True), replace(SINK, name="other")],
    ids=["it commits only whole files", "its consumer has another client id"],
)
def test_sinks_that_cannot_be_judged_have_no_findings(sink: Sink) -> None:
    assert kinds(observed(still(5), still(9), sink=sink)) == []


def test_a_task_that_was_not_there_all_the_time_is_not_reported() -> None:
    seen = observed(still(5), still(9))
    *others, last = seen.moments
    moved = replace(last, consumers={SINK.group: (replace(OWNER, member_id="id-9"),)})
    assert kinds(replace(seen, moments=[*others, moved])) == []


def test_a_sink_that_did_not_run_all_the_time_is_not_reported() -> None:
    seen = observed(still(5), still(9))
    first, second, *others = seen.moments
    assert kinds(replace(seen, moments=[first, replace(second, running=frozenset()), *others])) == []


def test_a_snapshot_that_lacks_the_offsets_proves_nothing() -> None:
    seen = observed(still(5), still(9))
    first, second, *others = seen.moments
    assert kinds(replace(seen, moments=[first, replace(second, committed={}), *others])) == []


@pytest.mark.parametrize("known", [True, False])
def test_a_sink_that_never_committed_is_reported_if_it_starts_at_the_first_record(known: bool) -> None:
    sink = replace(SINK, starts_at_beginning=known)
    assert kinds(observed(lambda _at: {}, still(9), sink=sink)) == (["not_progressing"] if known else [])


# Lag


def consuming(rate: float, flush: int = 10) -> Callable[[float], Mapping[Part, int]]:
    """Commits at each multiple of `flush` what was consumed until then, one second late."""
    return lambda at: {A: round(rate * ((at - 1) // flush * flush)) + 1000, B: 1000}


def producing(rate: float) -> Callable[[float], Mapping[Part, int]]:
    return lambda at: {A: round(rate * at) + 1000, B: 1000}


def test_a_lag_that_grows_in_spite_of_commits_is_a_finding() -> None:
    finding = only(observed(consuming(10), producing(50), seconds=60))
    assert (finding.kind, finding.severity, finding.subject) == ("lag_growing", "warning", "orders")
    assert "(sales: " in finding.message


@pytest.mark.parametrize("rate", [0, 1, 50, 1000])
@pytest.mark.parametrize("seconds", [36, 60, 62, 64, 66, 90])
def test_a_sink_that_keeps_up_has_no_growing_lag_between_two_commits(rate: int, seconds: int) -> None:
    assert kinds(observed(consuming(rate), producing(rate), seconds=seconds)) == []


def test_time_below_three_commits_proves_no_growth() -> None:
    assert growth_time(SINK) == 36
    assert kinds(observed(consuming(10), producing(50), seconds=34)) == []


def test_a_lag_that_shrinks_is_fine() -> None:
    assert kinds(observed(consuming(50), lambda at: {A: 9000 + round(at), B: 1000}, seconds=60)) == []


def test_a_burst_in_the_last_third_is_no_growing_lag() -> None:
    assert (
        kinds(observed(consuming(50), lambda at: {A: 1000 + round(50 * at) + (5000 if at > 45 else 0), B: 1000}, 60))
        == []
    )


def test_lags_are_returned_by_topic() -> None:
    seen = observed(still(5), lambda at: {A: 9, B: 7 + int(at)}, seconds=2)
    assert lag_entries(seen) == [{"connector": "orders", "topic": "sales", "lag": 8, "change": 2}]
    assert lag_entries(replace(seen, moments=seen.moments[:1]))[0]["change"] is None


# Tasks that run twice


TWIN = Consumer("id-7", OWNER.client_id, "10.0.0.7")


def test_a_task_with_two_consumers_after_the_time_of_a_session_runs_twice() -> None:
    (finding,) = progress_findings(observed(still(9), still(9), seconds=46, consumers=(OWNER, TWIN)))
    assert (finding.kind, finding.severity, finding.subject) == ("task_running_twice", "warning", "orders")
    assert finding.message == (
        'task 0 of sink "orders" runs 2 times: its consumer is in the group connect-orders from 10.0.0.1, 10.0.0.7 for more than 45 s'
    )


def test_a_dead_consumer_may_stay_until_its_session_ends() -> None:
    assert kinds(observed(still(9), still(9), seconds=44, consumers=(OWNER, TWIN))) == []
    short = replace(SINK, session=6)
    assert kinds(observed(still(9), still(9), seconds=8, sink=short, consumers=(OWNER, TWIN))) == ["task_running_twice"]


def test_tasks_that_share_a_client_id_of_the_user_are_fine() -> None:
    alike = [Consumer(f"id-{number}", "mine", "10.0.0.1") for number in range(2)]
    assert kinds(observed(still(9), still(9), seconds=60, consumers=alike)) == []


# Sinks


def sink(**config: str) -> Connector:
    return stored("orders", {"connector.class": "X", "topics": "sales", **config})._replace(type="sink")


def test_the_group_of_a_sink_is_named_after_it_unless_it_is_overridden() -> None:
    other = sink(**{"consumer.override.group.id": "mine", "consumer.override.session.timeout.ms": "6000"})
    assert sinks_of([sink()], None) == [Sink("orders", "connect-orders")]
    assert sinks_of([other], None) == [Sink("orders", "mine", session=6)]


def test_the_properties_of_a_worker_give_the_times_and_the_first_offset() -> None:
    known = {"offset.flush.interval.ms": "5000", "consumer.session.timeout.ms": "9000"}
    assert sinks_of([sink()], known) == [Sink("orders", "connect-orders", 5, 9, starts_at_beginning=True)]
    (latest,) = sinks_of([sink()], {"consumer.auto.offset.reset": "latest", "offset.flush.interval.ms": "x"})
    assert (latest.starts_at_beginning, latest.flush) == (False, 60)


@pytest.mark.parametrize(
    "connectors",
    [
        [stored("orders")],
        [sink()._replace(state="PAUSED")],
        [sink(**{"consumer.override.bootstrap.servers": "other:9092"})],
        [sink(**{"consumer.override.group.id": "g"}), sink(**{"consumer.override.group.id": "g"})._replace(name="b")],
    ],
    ids=["a source", "paused", "on other brokers", "a shared group"],
)
def test_connectors_without_a_group_of_their_own_are_not_followed(connectors: Sequence[Connector]) -> None:
    assert sinks_of(connectors, None) == []


@pytest.mark.parametrize(
    ("key", "by_file"),
    [
        ("flush.size", True),
        ("rotate.interval.ms", True),
        ("buffer.flush.time", True),
        ("iceberg.control.commit.interval-ms", True),
        ("iceberg.tables", True),
        ("connection.url", False),
        ("batch.size", False),
        ("bufferless", False),
        ("consumer.override.enable.auto.commit", False),
    ],
)
def test_sinks_with_files_or_buffers_commit_when_these_are_complete(key: str, by_file: bool) -> None:
    (found,) = sinks_of([sink(**{key: "1"})], None)
    assert found.commits_by_file is by_file


def test_a_connector_runs_whole_only_with_all_tasks() -> None:
    assert runs_whole(stored())
    assert not runs_whole(stored(tasks=("RUNNING", "FAILED")))
    assert not runs_whole(stored(task_ids=(0, 1)))
    assert not runs_whole(stored(tasks=()))
