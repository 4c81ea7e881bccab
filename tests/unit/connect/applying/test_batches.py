# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Applying a plan to the fake cluster: order, batches, skipped changes after a failure, interrupts."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.applying import batches
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.applying.batch_sizes import (
    batch_size,
    split_batches,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import (
    CancelledError,
    InputError,
    Outcome,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.model import (
    Absent,
    Connector,
    Desired,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.parallel import in_parallel
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.patterns import any_match
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.planning.change import (
    Change,
    Purge,
    Rules,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.planning.run_options import ApplyOptions
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.reporting.report import Report
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.run import Run
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.runs.connectors import ensure_connectors
from testing.fake_connect import FakeCluster, Timing, faults, matching
from tests.unit.connect.support import cluster_at, file_source, options, present, result_of, written

REFUSED = faults.refuse(400, "Connector configuration is invalid and contains the following 1 error(s):\nno")
FAILING = {"connector.class": "org.apache.kafka.connect.tools.MockSourceConnector", "mock_mode": "task-failure"}
FAILS_AT_ONCE = {**FAILING, "delay_ms": "0"}


def ensure(
    fake: FakeCluster, *desired: Desired, how: ApplyOptions | None = None, run: Run | None = None, **more: Any
) -> Report:
    return ensure_connectors(cluster_at(fake.urls, run=run), desired, options(how, **more))


def named(count: int) -> list[str]:
    return [f"c{number}" for number in range(count)]


def written_names(fake: FakeCluster) -> list[str]:
    return [path.split("/")[2] for _method, path in written(fake)]


def kinds(report: Report) -> dict[str, str]:
    return {result.change.name: result.error_kind for result in report.connectors or ()}


# Batches, as Ansible's serial


def changes(count: int) -> list[Change]:
    return [Change(name) for name in named(count)]


@pytest.mark.parametrize(
    ("spec", "sizes"),
    [
        ((), [10]),
        (("3",), [3, 3, 3, 1]),
        (("1", "25%", "100%"), [1, 2, 7]),
        (("1", "2"), [1, 2, 2, 2, 2, 1]),
        (("1%",), [1] * 10),
        (("100%",), [10]),
        (("33.4%",), [3, 3, 3, 1]),
        ((" 4 ", "50 %".replace(" ", "")), [4, 5, 1]),
    ],
)
def test_batches_have_the_sizes_that_serial_would_give(spec: Sequence[str], sizes: list[int]) -> None:
    assert [len(batch) for batch in split_batches(changes(10), spec)] == sizes


@given(st.integers(0, 60), st.lists(st.sampled_from(("1", "2", "7", "10%", "50%", "100%")), max_size=4))
def test_batches_contain_each_change_once_and_in_order(count: int, spec: list[str]) -> None:
    batches = split_batches(changes(count), spec)
    assert [change for batch in batches for change in batch] == changes(count)
    assert all(batches)


@pytest.mark.parametrize("entry", ["0", "-1", "0%", "many", "", "%", "1.5", "nan%", "٣"])
def test_an_invalid_batch_size_is_an_error(entry: str) -> None:
    with pytest.raises(InputError, match="batches entry"):
        batch_size(entry, 10)


def test_an_invalid_batch_size_is_reported_before_any_request(fake: FakeCluster) -> None:
    with pytest.raises(InputError, match='batches entry "some"'):
        ensure(fake, present(), how=ApplyOptions(batches=("some",)))
    assert fake.requests == []


def test_a_batch_is_written_only_after_the_previous_batch_is_verified(fake: FakeCluster) -> None:
    report = ensure(fake, *map(present, named(5)), how=ApplyOptions(batches=("1", "2")))
    assert not any(result.failed for result in report.connectors or ())
    looks = [request.method == "GET" and request.path == "/connectors" for request in fake.requests]
    order = [
        request.path.split("/")[2] if request.is_write else "look"
        for request, look in zip(fake.requests, looks, strict=True)
        if look or request.is_write
    ]
    compressed = [entry for number, entry in enumerate(order) if number == 0 or entry != order[number - 1]]
    gaps = "".join("." if entry == "look" else "w" for entry in compressed)
    assert gaps in (".w.ww.ww.", ".w.ww.ww")


def test_a_failure_leaves_the_later_batches_untouched(fake: FakeCluster) -> None:
    fake.script(matching("PUT", "/connectors/c1/config"), [REFUSED])
    report = ensure(fake, *map(present, named(4)), how=ApplyOptions(batches=("1",)))
    assert kinds(report) == {"c0": "", "c1": "invalid_config", "c2": "not_begun", "c3": "not_begun"}
    assert written_names(fake) == ["c0", "c1"]
    assert result_of(report, "c2").error == 'connector "c2": not begun: "c1" failed first'
    assert not result_of(report, "c2").changed


def test_a_connector_that_fails_to_run_leaves_the_later_batches_untouched(fake: FakeCluster) -> None:
    report = ensure(fake, present("c0", FAILS_AT_ONCE), present("c1"), how=ApplyOptions(batches=("1",)))
    assert kinds(report) == {"c0": "connector_failed", "c1": "not_begun"}
    assert written_names(fake) == ["c0"]


def test_continue_on_error_gives_each_connector_its_own_result(fake: FakeCluster) -> None:
    fake.script(matching("PUT", "/connectors/c1/config"), [REFUSED])
    report = ensure(fake, *map(present, named(4)), how=ApplyOptions(batches=("1",), continue_on_error=True))
    assert kinds(report) == {"c0": "", "c1": "invalid_config", "c2": "", "c3": ""}
    assert written_names(fake) == named(4)


def test_no_write_of_a_batch_starts_after_a_failure(fake: FakeCluster) -> None:
    fake.script(matching("PUT", "/connectors/c0/config"), [REFUSED])
    report = ensure(fake, *map(present, named(3)), how=ApplyOptions(max_parallel=1))
    assert kinds(report) == {"c0": "invalid_config", "c1": "not_begun", "c2": "not_begun"}
    assert written_names(fake) == ["c0"]


def test_no_write_of_a_batch_starts_after_a_failure_that_is_recorded_late(
    fake: FakeCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A busy machine lets the threads go on before the one that waits for them."""
    monkeypatch.setattr(batches, "in_parallel", lambda *arguments: iter(list(in_parallel(*arguments))))
    fake.script(matching("PUT", "/connectors/c1/config"), [REFUSED])
    report = ensure(fake, *map(present, named(4)), how=ApplyOptions(max_parallel=1))
    assert written_names(fake) == ["c0", "c1"]
    assert {
        result.change.name: result.error for result in report.connectors or () if result.error_kind == "not_begun"
    } == {name: f'connector "{name}": not begun: "c1" failed first' for name in ("c2", "c3")}


def test_continue_on_error_continues_within_a_batch(fake: FakeCluster) -> None:
    fake.script(matching("PUT", "/connectors/c0/config"), [REFUSED])
    ensure(fake, *map(present, named(3)), how=ApplyOptions(max_parallel=1, continue_on_error=True))
    assert written_names(fake) == named(3)


def test_no_more_than_max_parallel_writes_at_a_time(fake: FakeCluster) -> None:
    fake.script(matching("PUT", "*/config"), [faults.hold(0.05, times=12)])
    ensure(fake, *map(present, named(12)), how=ApplyOptions(max_parallel=4))
    begun = sorted(request.at for request in fake.writes())
    for first, fifth in zip(begun, begun[4:], strict=False):
        assert fifth - first >= 0.04, "the fifth write began while four were under way"


def test_writes_go_to_one_worker(fake: FakeCluster) -> None:
    ensure(fake, *map(present, named(6)))
    assert {request.worker for request in fake.writes()} == {0}


# Deletes and the purge


def test_deletes_come_last(fake: FakeCluster) -> None:
    fake.connectors.put("old", file_source("old"))
    ensure(fake, Absent("old"), present("new"))
    assert [method for method, _path in written(fake)] == ["PUT", "DELETE"]
    assert list(fake.connectors) == ["new"]


def test_after_a_failure_nothing_is_deleted(fake: FakeCluster) -> None:
    fake.connectors.put("old", file_source("old"))
    fake.script(matching("PUT"), [REFUSED])
    report = ensure(fake, Absent("old"), present("new"))
    assert kinds(report) == {"old": "not_begun", "new": "invalid_config"}
    assert "old" in fake.connectors


def test_continue_on_error_deletes_absent_connectors_but_purges_none(fake: FakeCluster) -> None:
    for name in ("old", "stray"):
        fake.connectors.put(name, file_source(name))
    fake.script(matching("PUT"), [REFUSED])
    report = ensure(
        fake,
        Absent("old"),
        present("new"),
        how=ApplyOptions(continue_on_error=True),
        rules=Rules(purge=Purge(any_match(["*"]), 5)),
    )
    assert kinds(report) == {"old": "", "new": "invalid_config", "stray": "not_begun"}
    assert list(fake.connectors) == ["stray"]


def test_the_purge_deletes_only_connectors_that_it_owns(fake: FakeCluster) -> None:
    for name in ("orders-1", "orders-2", "other"):
        fake.connectors.put(name, file_source(name))
    report = ensure(fake, present("orders-1"), rules=Rules(purge=Purge(any_match(["orders-*"]), 5)))
    assert list(fake.connectors) == ["orders-1", "other"]
    assert result_of(report, "orders-2").changed


@pytest.mark.parametrize("number", [1, 2, 3])
def test_nothing_is_purged_if_the_final_snapshot_shows_a_concurrent_change(
    monkeypatch: pytest.MonkeyPatch, fake: FakeCluster, number: int
) -> None:
    """Another user changes what this run has written, right after its snapshot of this number: before its write, at the end, ..."""
    theirs, ours = ({**file_source("orders"), "topic": topic} for topic in ("theirs", "ours"))
    for name in ("orders", "stray"):
        fake.connectors.put(name, file_source(name))
    cluster = cluster_at(fake.urls)
    reread, reads, undone = cluster.reread, itertools.count(1), [False]

    def reread_and_interfere(*names: Iterable[str]) -> Mapping[str, Connector]:
        found = reread(*names)
        if "stray" in fake.connectors:
            undone.append(found["orders"].config == theirs)
        if next(reads) == number:
            fake.connectors.put("orders", theirs)
        return found

    monkeypatch.setattr(cluster, "reread", reread_and_interfere)
    ensure_connectors(cluster, [present("orders", ours)], options(rules=Rules(purge=Purge(any_match(["*"]), 5))))
    assert ("stray" in fake.connectors) is undone[-1]


# Waiting


def test_without_wait_a_written_change_is_done(fake: FakeCluster) -> None:
    report = ensure(fake, present("c0", FAILS_AT_ONCE), how=ApplyOptions(wait=False))
    assert result_of(report, "c0").outcome is Outcome.DONE
    assert not result_of(report, "c0").failed


def test_the_run_waits_for_a_starting_connector_without_a_write() -> None:
    with FakeCluster(timing=Timing(restarting=0.0, restarted=0.1)) as fake:
        fake.connectors.put("orders", file_source())
        fake.behavior.restart("orders", True, [0])
        report = ensure(fake, present(state="running"))
        assert written(fake) == []
        assert not report.changed
        assert result_of(report).outcome is Outcome.DONE
        assert fake.connectors["orders"].tasks[0].state == "RUNNING"


def test_a_restart_of_unknown_outcome_is_a_warning_of_its_connector(fake: FakeCluster) -> None:
    fake.connectors.put("orders", file_source())
    fake.connectors.fail("orders", task=0)
    fake.script(matching("POST", "*/restart"), [faults.drop(applied="yes")])
    report = ensure(fake, present(state="running"))
    assert not result_of(report).failed
    assert "whether the restart was applied is unknown" in result_of(report).warning
    assert any("restart" in warning for warning in report.warnings)


def test_an_unknown_write_is_a_failure_that_may_have_changed_something(fake: FakeCluster) -> None:
    fake.script(matching("PUT"), [faults.refuse(500, "java.lang.NullPointerException")])
    report = ensure(fake, present())
    result = result_of(report)
    assert (result.error_kind, result.outcome, result.changed) == ("worker_error", Outcome.UNKNOWN, True)


# Interrupts


class Interrupting(Run):
    """A clock whose first pause in the waiting thread is interrupted, as by Ctrl-C or Ansible's task timeout."""

    def pause(self, seconds: float) -> None:
        if threading.current_thread() is threading.main_thread():
            raise KeyboardInterrupt
        super().pause(seconds)


def test_no_write_starts_after_an_interrupt_while_waiting(fake: FakeCluster, tmp_path: Path) -> None:
    journal = tmp_path / "report"
    with pytest.raises(KeyboardInterrupt):
        ensure(
            fake,
            *map(present, named(3)),
            how=ApplyOptions(batches=("1",)),
            run=Interrupting(),
            report_path=str(journal),
        )
    assert written_names(fake) == ["c0"]
    events = [(entry["event"], entry.get("connector")) for entry in map(json.loads, journal.read_text().splitlines())]
    assert events[1:] == [
        ("begun", "c0"),
        ("written", "c0"),
        ("interrupted_after_write", "c0"),
        ("not_begun", "c1"),
        ("not_begun", "c2"),
        ("run_ended", None),
    ]


def test_no_write_starts_after_an_interrupt_while_writing(fake: FakeCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    fake.script(matching("PUT", "*/config"), [faults.hold(0.2, times=99)])

    def interrupted(*arguments: Any) -> Iterator[object]:
        results = cast(Generator[object, None, None], in_parallel(*arguments))
        yield next(results, None)
        results.throw(KeyboardInterrupt())

    monkeypatch.setattr(batches, "in_parallel", interrupted)
    run = Run()
    with pytest.raises(KeyboardInterrupt):
        ensure(fake, *map(present, named(10)), how=ApplyOptions(max_parallel=2), run=run)
    assert run.cancelled.is_set()
    for thread in threading.enumerate():
        if thread.name.startswith("kafka-connect"):
            thread.join(5)
    assert len(fake.writes()) <= 4, "those under way when it came, and no other of the ten"


def test_a_run_cancelled_while_writing_reports_the_changes_that_did_not_start(fake: FakeCluster) -> None:
    run = Run()

    def cancel(_request: object) -> bool:
        run.cancelled.set()
        return True

    fake.script(matching("PUT", "*/config", where=cancel), [faults.normally(times=99)])
    report = ensure(fake, *map(present, named(10)), how=ApplyOptions(max_parallel=1), run=run)
    assert isinstance(report.failure, CancelledError)
    assert len(fake.writes()) == 1
    assert result_of(report, "c0").changed
    assert [result.error_kind for result in report.connectors or ()] == ["cancelled"] * 10
    assert all(result.outcome is Outcome.NOT_DONE for result in (report.connectors or ())[1:])


def test_run_timeout_ends_the_run_with_the_changes_so_far(fake: FakeCluster) -> None:
    run = Run(run_timeout=60.0)

    def use_up(_request: object) -> bool:
        run.run_timeout = 0.0
        return True

    fake.script(matching("PUT", "/connectors/c1/config", where=use_up), [faults.drop(applied="yes")])
    report = ensure(fake, *map(present, named(3)), how=ApplyOptions(batches=("1",)), run=run)
    assert isinstance(report.failure, CancelledError)
    assert "run_timeout" in report.failure.message
    assert not result_of(report, "c0").failed
    assert result_of(report, "c1").outcome is Outcome.UNKNOWN
    assert written_names(fake) == ["c0", "c1"]


# Backups


def test_the_previous_config_is_backed_up_before_a_change(fake: FakeCluster, tmp_path: Path) -> None:
    previous = file_source(topic="former")
    fake.connectors.put("orders", previous)
    fake.connectors.put("old", file_source("old"))
    report = ensure(fake, present(), Absent("old"), present("new"), how=ApplyOptions(backup_dir=str(tmp_path)))
    assert json.loads(Path(result_of(report).backup_file).read_text()) == {"name": "orders", "config": previous}
    assert result_of(report, "old").backup_file
    assert not result_of(report, "new").backup_file
    assert len(list(tmp_path.iterdir())) == 2


def test_without_its_backup_a_connector_is_not_changed(
    fake: FakeCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake.connectors.put("orders", file_source(topic="former"))

    def full(*_arguments: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.open", full)
    report = ensure(fake, present(), how=ApplyOptions(backup_dir=str(tmp_path)))
    assert written(fake) == []
    assert "no space left on device" in result_of(report).error
    assert result_of(report).outcome is Outcome.NOT_DONE
