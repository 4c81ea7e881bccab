# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Modules connector_offsets and connector_offsets_info on the fake cluster, from parameters to results."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.execute import execute
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations import (
    connector_offsets as edge,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations import (
    connector_offsets_info as info_edge,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect import run as engine_run
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.consumer_groups import Consumer
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.offsets import write
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.snapshot import cluster as snapshot
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.waiting import wait
from testing.fake_connect import FakeCluster, Request, faults, matching
from tests.contract.modules.shapes import misfits
from tests.specifications import SPECIFICATIONS
from tests.unit.connect.support import TEST_SINK, file_source, when

Part = tuple[str, int]
Result = dict[str, Any]

FILE = {"filename": "/tmp/orders"}
GROUP_ACTIVE = (
    "Failed to alter consumer group offsets for connector orders either because its tasks haven't stopped completely yet or the "
    "connector was resumed before the request to alter its offsets could be successfully completed. If the connector is in a stopped "
    "state, this operation can be safely retried. If it doesn't eventually succeed, the Connect cluster may need to be restarted to "
    "get rid of the zombie sink tasks."
)
REFUSED = "The value for the 'position' key in the offset is expected to be a Long value"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Scales the pauses to the fake's delays."""
    monkeypatch.setattr(engine_run, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(engine_run, "LONGEST_PAUSE", 0.05)
    monkeypatch.setattr(wait, "FIRST_POLL", 0.01)
    monkeypatch.setattr(wait, "LONGEST_POLL_PAUSE", 0.03)
    monkeypatch.setattr(wait, "NO_TASKS_STAND", 0.1)
    monkeypatch.setattr(snapshot, "SETTLE_TIMEOUT", 0.5)
    monkeypatch.setattr(write, "GROUP_LEAVES", 0.5)
    monkeypatch.setattr(write, "STOP_ARRIVES", 0.5)
    monkeypatch.setattr(write, "READ_BACK", 0.5)


@pytest.fixture
def fake() -> Iterator[FakeCluster]:
    """A cluster with a running file source."""
    with FakeCluster() as running:
        put_source(running)
        yield running


class PreparedPositions:
    """Brokers with a topic of two partitions whose records are 10 to 199, and a consumer that never leaves."""

    def members(self, groups: Sequence[str]) -> Mapping[str, tuple[Consumer, ...]]:
        return {group: (Consumer("m", "console-consumer", "10.0.0.7"),) for group in groups}

    def partitions(self, topics: Sequence[str]) -> Mapping[str, int]:
        return {topic: 2 for topic in topics if topic == "orders"}

    def begins(self, parts: Sequence[Part]) -> Mapping[Part, int]:
        return dict.fromkeys(parts, 10)

    def ends(self, parts: Sequence[Part]) -> Mapping[Part, int]:
        return dict.fromkeys(parts, 200)

    def from_time(self, parts: Sequence[Part], moment: int) -> Mapping[Part, int]:
        del moment
        return {part: 50 if part[1] == 0 else -1 for part in parts}


@pytest.fixture
def brokers(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The option for brokers, with prepared answers."""
    for place in (edge, info_edge):
        monkeypatch.setattr(place, "position_source", lambda _brokers: PreparedPositions())
    return {"bootstrap_servers": "127.0.0.1:1"}


def put_source(fake: FakeCluster, position: int = 100, name: str = "orders", **config: str) -> None:
    fake.connectors.put(name, file_source(name, **config))
    fake.connectors.settle()
    fake.connectors.set_offsets(name, [(FILE, {"position": position})])
    fake.forget_requests()


def put_sink(fake: FakeCluster, *offsets: int, name: str = "orders", **config: str) -> None:
    fake.connectors.put(name, {"name": name, "connector.class": TEST_SINK, "topics": "orders", **config})
    fake.connectors.settle()
    entries: list[tuple[Mapping[str, Any], Mapping[str, Any]]] = [
        ({"kafka_topic": "orders", "kafka_partition": number}, {"kafka_offset": offset})
        for number, offset in enumerate(offsets)
    ]
    fake.connectors.set_offsets(name, entries)
    fake.forget_requests()


def run(
    fake: FakeCluster,
    /,
    module: str = "connector_offsets",
    *,
    check_mode: bool = False,
    is_wanted: Callable[[], bool] = lambda: True,
    **given: Any,
) -> Result:
    """The result of a task with these options; every other has its default."""
    times = {"stable_for": 0.05, "wait_timeout": 5} if module == "connector_offsets" else {}
    options = {"url": fake.urls, "name": "orders", "conflict_timeout": 5, **times, **given}
    specification = SPECIFICATIONS[module]
    checked = ArgumentSpecValidator(specification.arguments, **specification.checks).validate(options)
    assert checked.error_messages == []
    operation = edge.connector_offsets if module == "connector_offsets" else info_edge.connector_offsets_info
    result = execute(
        operation, checked.validated_parameters, check_mode=check_mode, diff_mode=True, is_wanted=is_wanted
    )
    assert misfits(module, result) == []
    return result


def at(position: object) -> dict[str, Any]:
    return {"offsets": [{"partition": FILE, "offset": {"position": position}}]}


def stored(fake: FakeCluster, name: str = "orders") -> list[Any]:
    return [next(iter(offset.values())) for _partition, offset in fake.connectors[name].offsets]


def writes(fake: FakeCluster) -> list[str]:
    return [f"{one.method} {one.path.removeprefix('/connectors/')}" for one in fake.writes()]


WHOLE = ["PUT orders/stop", "PATCH orders/offsets", "PUT orders/resume"]


def test_offsets_are_set_while_the_connector_is_stopped(fake: FakeCluster) -> None:
    result = run(fake, **at(7))
    assert (result["changed"], stored(fake), writes(fake)) == (True, [7], WHOLE)
    assert result["standing"] == {"offsets": "changed", "run_state": "running"}
    assert result["changes"] == [{"partition": FILE, "before": {"position": 100}, "after": {"position": 7}}]
    assert result["before"]["offsets"] == [{"partition": FILE, "offset": {"position": 100}}]
    assert result["before"]["run_state"] == "running"
    assert result["msg"] == 'orders: set 1 offset ({"filename": "/tmp/orders"}: {"position": 100} -> {"position": 7})'
    assert result["diff"][0]["after"] == '{"filename": "/tmp/orders"}: {"position": 7}\n'
    assert fake.connectors["orders"].target == "RUNNING"


def test_equal_offsets_change_nothing_and_stop_nothing(fake: FakeCluster) -> None:
    result = run(fake, **at(100))
    assert (result["changed"], writes(fake), len(fake.requests)) == (False, [], 2)
    assert result["msg"] == "orders: the offsets are the desired ones"


@pytest.mark.parametrize(("state", "last"), [("PAUSED", ["PUT orders/pause"]), ("STOPPED", [])])
def test_the_previous_run_state_comes_back(fake: FakeCluster, state: Any, last: list[str]) -> None:
    fake.connectors.set_state("orders", state)
    fake.connectors.settle()
    result = run(fake, **at(7))
    assert (result["changed"], stored(fake)) == (True, [7])
    assert writes(fake)[-1:] == (last or ["PATCH orders/offsets"])
    assert fake.connectors["orders"].target == state
    assert result["run_states"] == {}


def test_check_mode_writes_nothing_and_predicts_the_change(fake: FakeCluster) -> None:
    predicted = run(fake, check_mode=True, **at(7))
    assert (writes(fake), stored(fake)) == ([], [100])
    done = run(fake, **at(7))
    assert (predicted["changed"], predicted["diff"], predicted["changes"]) == (True, done["diff"], done["changes"])
    assert predicted["msg"].startswith("orders: would set 1 offset")


def test_all_offsets_are_reset_in_one_request(fake: FakeCluster) -> None:
    result = run(fake, state="absent")
    assert (stored(fake), writes(fake)[1]) == ([], "DELETE orders/offsets")
    assert result["changes"][0]["after"] is None
    assert run(fake, state="absent")["changed"] is False


def test_some_offsets_are_reset(fake: FakeCluster) -> None:
    put_sink(fake, 100, 90, name="archive")
    result = run(fake, name="archive", state="absent", partitions=[{"topic": "orders", "partition": 1}])
    assert (stored(fake, "archive"), writes(fake)[1]) == ([100], "PATCH archive/offsets")
    assert [entry["partition"]["kafka_partition"] for entry in result["changes"]] == [1]


def test_a_sink_is_set_back_by_time_with_the_number_of_records(fake: FakeCluster, brokers: dict[str, Any]) -> None:
    put_sink(fake, 150, 190)
    result = run(fake, **brokers, offsets=[{"topic": "orders", "offset": "1h"}])
    assert sorted(stored(fake)) == [50, 200]
    assert [(entry["read_again"], entry["skipped"]) for entry in result["changes"]] == [(100, 0), (0, 10)]
    assert result["msg"].endswith("; up to 100 records read again; up to 10 records skipped")
    assert result["diff"][0]["before"] == "orders-0: 150\norders-1: 190\n"


def test_a_backup_leads_back_from_its_file_and_from_the_result(fake: FakeCluster, tmp_path: Path) -> None:
    first = run(fake, **at(7), backup_dir=str(tmp_path / "saved"))
    file = Path(first["backup_file"])
    assert json.loads(file.read_text(encoding="utf-8")) == first["before"]
    assert (os.stat(file).st_mode & 0o777, os.listdir(file.parent)) == (0o600, [file.name])
    assert file.name.startswith("orders.")
    assert file.name.endswith(".offsets.json")
    back = run(fake, from_backup=str(file))
    assert (back["changed"], stored(fake)) == (True, [100])
    assert run(fake, from_backup=first["before"])["changed"] is False


def test_a_backup_also_brings_the_run_state_back(fake: FakeCluster) -> None:
    before = run(fake, **at(7))["before"]
    fake.connectors.set_state("orders", "STOPPED")
    fake.connectors.settle()
    result = run(fake, from_backup=before)
    assert (fake.connectors["orders"].target, stored(fake)) == ("RUNNING", [100])
    assert result["run_states"] == {"orders": {"before": "stopped", "after": "running"}}


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"name": "other"}, 'from_backup is of connector "other", and name is "orders"'),
        ({"kafka_cluster_id": "elsewhere"}, "from_backup is of Kafka cluster elsewhere"),
        ({"offsets": 5}, "offsets is no list"),
    ],
)
def test_a_backup_of_something_else_is_refused(fake: FakeCluster, change: dict[str, Any], text: str) -> None:
    before = {**run(fake, **at(7))["before"], **change}
    fake.forget_requests()
    result = run(fake, from_backup=before)
    assert result["failed"] is True
    assert text in result["msg"]
    assert writes(fake) == []


def test_a_file_that_is_no_backup_is_refused_in_one_line(fake: FakeCluster, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no JSON", encoding="utf-8")
    for path in (tmp_path / "text", tmp_path / "missing", tmp_path):
        result = run(fake, from_backup=str(path))
        assert (result["error"]["kind"], "\n" in result["msg"]) == ("invalid_input", False)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"offsets": []},
        {"state": "absent", "offsets": [{"topic": "a", "offset": 1}]},
        {"state": "absent", "partitions": []},
        {"partitions": [{"topic": "a"}]},
        {"state": "absent", "from_backup": {}},
        {"offsets": [{"topic": "orders", "offset": 3}]},
        {"name": "unknown", "state": "absent"},
    ],
)
def test_options_that_make_no_sense_are_refused_before_anything_is_changed(
    fake: FakeCluster, options: dict[str, Any]
) -> None:
    result = run(fake, **options)
    assert (result["error"]["kind"], result.get("changed", False)) == ("invalid_input", False)
    assert "->" in result["msg"]
    assert writes(fake) == []


def test_a_worker_that_is_too_old_is_named_before_anything_is_stopped() -> None:
    with FakeCluster(version="3.5.2") as fake:
        put_source(fake)
        result = run(fake, **at(7))
        assert result["error"]["kind"] == "unsupported"
        assert "since Kafka 3.6, and a worker has 3.5.2 -> upgrade the workers" in result["msg"]
        assert writes(fake) == []


# Failures on the way


def test_refusals_during_a_rebalance_are_ridden_out(fake: FakeCluster) -> None:
    fake.script(matching("PATCH", "*/offsets"), [faults.stale_configuration(times=2)])
    assert run(fake, **at(7))["changed"] is True
    assert stored(fake) == [7]


@pytest.mark.parametrize("applied", ["yes", "no"])
def test_an_unknown_outcome_is_resolved_by_reading(fake: FakeCluster, applied: Any) -> None:
    script = fake.script(matching("PATCH", "*/offsets"), [faults.drop(applied=applied)])
    result = run(fake, **at(7))
    assert (result["changed"], stored(fake), script.remaining) == (True, [7], 0)
    assert writes(fake).count("PATCH orders/offsets") == (1 if applied == "yes" else 2)
    assert any("outcome unknown" in event["text"] for event in result["run"]["timeline"])


def test_offsets_that_the_plugin_refuses_are_not_sent_again_and_the_run_state_comes_back(fake: FakeCluster) -> None:
    result = run(fake, **at("7"))
    assert writes(fake) == WHOLE
    assert (result["failed"], result["error"]["kind"], stored(fake)) == (True, "offsets_refused", [100])
    assert REFUSED in result["msg"]
    assert "its offsets are unchanged; it is RUNNING ->" in result["msg"]
    assert result["standing"] == {"offsets": "unchanged", "run_state": "running"}


def test_keep_leaves_the_connector_as_the_failure_left_it(fake: FakeCluster) -> None:
    result = run(fake, **at("7"), on_failure="keep")
    assert writes(fake) == WHOLE[:2]
    assert result["run_states"] == {"orders": {"before": "running", "after": "stopped"}}
    assert "it is STOPPED, and was RUNNING: take it back with connector_state" in result["msg"]


def test_members_that_leave_are_waited_for_and_others_are_named(fake: FakeCluster, brokers: dict[str, Any]) -> None:
    put_sink(fake, 150)
    entry = {"topic": "orders", "partition": 0, "offset": 20}
    fake.script(matching("PATCH", "*/offsets"), [faults.refuse(500, GROUP_ACTIVE, times=2)])
    assert run(fake, **brokers, offsets=[entry])["changed"] is True
    fake.script(matching("PATCH", "*/offsets"), [faults.refuse(500, GROUP_ACTIVE, times=1000)])
    result = run(fake, **brokers, offsets=[{**entry, "offset": 30}])
    assert (result["error"]["kind"], stored(fake)) == ("group_active", [20])
    assert "its members: console-consumer on 10.0.0.7" in result["msg"]
    assert result["standing"] == {"offsets": "unchanged", "run_state": "running"}


def test_a_connector_that_another_run_resumes_in_between_is_drift(fake: FakeCluster) -> None:
    def resume() -> None:
        fake.connectors.set_state("orders", "RUNNING")
        fake.connectors.settle()

    fake.script(when_path("PATCH", "/offsets", resume), [faults.normally()])
    result = run(fake, **at(7))
    assert (result["error"]["kind"], stored(fake)) == ("drift", [100])
    assert "another user or run has resumed it" in result["msg"]
    assert fake.connectors["orders"].target == "RUNNING"


def when_path(method: str, end: str, action: Any) -> Any:
    """For a script: runs the action before the worker handles such a request."""
    once = [action]

    def where(request: Request) -> bool:
        if request.method == method and request.path.endswith(end) and once:
            once.pop()()
        return False

    return matching(method, "*", where=where)


def test_offsets_that_another_run_writes_afterwards_are_left_alone(fake: FakeCluster) -> None:
    written: list[int] = []

    def overwrite() -> None:
        if fake.writes() and fake.writes()[-1].path.endswith("/offsets"):
            written.append(1)
            fake.connectors.set_offsets("orders", [(FILE, {"position": 55})])

    fake.script(matching("GET", "*/offsets", where=when(overwrite)), [faults.normally()])
    result = run(fake, **at(7))
    assert (result["error"]["kind"], stored(fake)) == ("drift", [55])
    assert "left alone, because another user or run has changed them since" in result["rollback"]
    assert result["standing"] == {"offsets": "unknown", "run_state": "running"}


def test_a_connector_that_fails_with_its_new_offsets_gets_the_previous_ones_back(fake: FakeCluster) -> None:
    def react() -> None:
        if stored(fake) == [100]:
            fake.connectors.heal("orders")
        else:
            fake.connectors.fail("orders", 0, "java.io.EOFException: no such position", sticky=True)

    fake.script(matching("PUT", "*/resume", where=when(react)), [faults.normally()])
    result = run(fake, **at(7))
    assert (result["error"]["kind"], stored(fake)) == ("connector_failed", [100])
    assert "no such position" in result["msg"]
    assert result["rollback"] == "previous offsets restored, running again"
    assert result["standing"] == {"offsets": "restored", "run_state": "running"}


def test_an_interrupted_run_writes_nothing_more_and_says_what_it_has_left(fake: FakeCluster) -> None:
    script = fake.script(matching("PATCH", "*/offsets"), [faults.stale_configuration(times=1000)])
    result = run(fake, **at(7), is_wanted=lambda: not script.met)
    assert (result["error"]["kind"], stored(fake), writes(fake)) == ("cancelled", [100], WHOLE[:2])
    assert "its offsets are unchanged; it is STOPPED, and was RUNNING" in result["msg"]
    assert result["standing"] == {"offsets": "unchanged", "run_state": "stopped"}
    assert result["run_states"] == {"orders": {"before": "running", "after": "stopped"}}


def test_a_plugin_that_does_not_take_part_is_a_warning(fake: FakeCluster) -> None:
    put_sink(fake, 150, name="archive")
    result = run(fake, name="archive", offsets=[{"topic": "orders", "partition": 0, "offset": 20}])
    assert result["changed"] is True
    assert "its plugin does not take part in changes of offsets" in result["warnings"][0]


def test_secrets_of_the_configuration_are_masked(fake: FakeCluster, tmp_path: Path) -> None:
    secret = "hunter2-in-clear"
    put_source(fake, 100, "orders", **{"database.password": secret})
    fake.connectors.set_offsets("orders", [({"filename": f"/{secret}"}, {"position": 1})])
    result = run(fake, state="absent", backup_dir=str(tmp_path))
    assert secret not in json.dumps(result)
    assert secret in Path(result["backup_file"]).read_text(encoding="utf-8")
    assert "masked" in run(fake, from_backup=result["before"])["msg"]
    assert run(fake, from_backup=result["backup_file"])["changed"] is True


def test_secrets_in_the_refusal_of_a_plugin_are_masked(fake: FakeCluster) -> None:
    secret = "hunter2-in-clear"
    put_source(fake, 100, "orders", **{"database.password": secret})
    fake.script(matching("PATCH", "*/offsets"), [faults.refuse(500, f"cannot log in with {secret}")])
    result = run(fake, **at(7))
    assert result["error"]["kind"] == "offsets_refused"
    assert secret not in json.dumps(result)


def test_a_reset_is_rolled_back_with_all_offsets(fake: FakeCluster) -> None:
    def react() -> None:
        if stored(fake):
            fake.connectors.heal("orders")
        else:
            fake.connectors.fail("orders", 0, "java.io.EOFException: empty", sticky=True)

    fake.connectors.set_offsets("orders", [(FILE, {"position": 100}), ({"filename": "/b"}, {"position": 5})])
    fake.script(matching("PUT", "*/resume", where=when(react)), [faults.normally()])
    result = run(fake, state="absent")
    assert (result["error"]["kind"], sorted(stored(fake))) == ("connector_failed", [5, 100])
    assert result["standing"] == {"offsets": "restored", "run_state": "running"}


# connector_offsets_info


def test_info_returns_offsets_and_lag(fake: FakeCluster, brokers: dict[str, Any]) -> None:
    put_sink(fake, 150, 200, name="archive")
    result = run(fake, "connector_offsets_info", name=["*", "unknown"], **brokers)
    archive, orders = result["connectors"]
    assert (archive["name"], archive["group"], archive["lag"]) == ("archive", "connect-archive", 50)
    assert [(one["first"], one["end"], one["lag"]) for one in archive["offsets"]] == [(10, 200, 50), (10, 200, 0)]
    assert orders["offsets"] == [{"partition": FILE, "offset": {"position": 100}}]
    assert (result["missing"], result["changed"], writes(fake)) == (["unknown"], False, [])


def test_info_is_refused_by_a_worker_that_is_too_old() -> None:
    with FakeCluster(version="3.4.1") as fake:
        put_source(fake)
        result = run(fake, "connector_offsets_info")
        assert result["error"]["kind"] == "unsupported"
        assert "offsets can be read since Kafka 3.5" in result["msg"]
