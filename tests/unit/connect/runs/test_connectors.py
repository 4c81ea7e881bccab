# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Complete runs on the fake cluster: read, plan, validate, apply, wait, report."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import (
    GuardError,
    InputError,
    Outcome,
    RequestError,
    WrongClusterError,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.model import Absent, Desired
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.patterns import any_match
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.planning.change import Purge, Rules
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.planning.run_options import (
    ApplyOptions,
    Checks,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.reporting.report import Report
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.runs.connector_state import (
    StateOptions,
    ensure_state,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.runs.connectors import ensure_connectors
from testing.fake_connect import FakeCluster, Request, Timing, faults, matching
from tests.unit.connect.support import (
    FILE_SOURCE,
    SECRET_SOURCE,
    cluster_at,
    file_source,
    options,
    present,
    result_of,
    secret_source,
    written,
)

STANDARD = Checks(warn_literal_secrets=False)


def ensure(fake: FakeCluster, *desired: Desired, **more: Any) -> Report:
    return ensure_connectors(cluster_at(fake.urls), desired, options(**more))


def state(fake: FakeCluster, desired_state: str, *names: str, **more: Any) -> Report:
    of_run = {name: more.pop(name) for name in ("check_mode", "rules") if name in more}
    return ensure_state(
        cluster_at(fake.urls), StateOptions(names or ("orders",), desired_state, **more), options(**of_run)
    )


# One snapshot, then only the differences


@pytest.mark.parametrize("count", [0, 1, 50])
def test_a_run_that_changes_nothing_is_one_request(fake: FakeCluster, count: int) -> None:
    names = [f"c{number}" for number in range(count)]
    for name in names:
        fake.connectors.put(name, file_source(name))
    report = ensure(fake, *(present(name, state="running") for name in names), checks=STANDARD)
    assert [request.path for request in fake.requests] == ["/connectors"]
    assert not report.changed
    assert report.warnings == ()


def test_a_second_run_changes_nothing(fake: FakeCluster) -> None:
    desired = [present("a"), present("b", state="paused"), present("c", initial_state="stopped")]
    assert ensure(fake, *desired, checks=STANDARD).changed
    fake.forget_requests()
    assert not ensure(fake, *desired, checks=STANDARD).changed
    assert len(fake.requests) == 1


def test_each_changed_connector_is_validated_and_written_once(fake: FakeCluster) -> None:
    ensure(fake, *(present(f"c{number}") for number in range(5)), checks=STANDARD)
    validations = [request for request in fake.requests if request.path.endswith("/validate")]
    definitions = [request for request in fake.requests if request.path.endswith("/config") and not request.is_write]
    assert len(validations) == len(written(fake)) == 5
    assert len({request.path for request in definitions}) == len(definitions), "each definition is read once"
    last_check = max(request.at for request in validations)
    assert last_check < min(request.at for request in fake.writes()), "all are valid before the first is written"


# Check mode


def test_check_mode_writes_nothing_and_predicts_every_change(fake: FakeCluster, tmp_path: Path) -> None:
    fake.connectors.put("changed", file_source("changed", topic="former"))
    fake.connectors.put("old", file_source("old"))
    fake.connectors.put("stray", file_source("stray"))
    fake.connectors.put("same", file_source("same"))
    desired: list[Desired] = [
        present("new"),
        present("changed"),
        Absent("old"),
        present("same", state="paused"),
    ]
    rules = Rules(purge=Purge(any_match(["stray"]), 5))
    how = ApplyOptions(backup_dir=str(tmp_path / "backup"))
    checked = ensure(
        fake, *desired, rules=rules, checks=STANDARD, check_mode=True, apply=how, report_path=str(tmp_path / "report")
    )
    assert written(fake) == []
    assert list(tmp_path.iterdir()) == [], "not even the journal and the backups"
    done = ensure(fake, *desired, rules=rules, checks=STANDARD)
    for announced, carried_out in zip(checked.connectors or (), done.connectors or (), strict=True):
        assert announced.change.actions == carried_out.change.actions
        assert announced.changed == carried_out.changed
        assert not announced.failed


def test_check_mode_of_states_writes_nothing(fake: FakeCluster) -> None:
    fake.connectors.put("orders", file_source())
    for desired_state in ("paused", "stopped", "restarted"):
        assert state(fake, desired_state, check_mode=True).changed
    assert written(fake) == []


def test_check_mode_finds_what_is_invalid(fake: FakeCluster) -> None:
    with pytest.raises(InputError, match=r'connector "orders": key "tasks\.max": Invalid value'):
        ensure(fake, present(config={**file_source(), "tasks.max": "0"}), checks=STANDARD, check_mode=True)


# Errors that are found before anything is changed


def test_all_invalid_fields_of_all_connectors_are_reported_together(fake: FakeCluster) -> None:
    bad = {**file_source("a"), "tasks.max": "many", "errors.tolerance": "some"}
    worse = secret_source("b", **{"database.port": "x"})
    with pytest.raises(InputError) as caught:
        ensure(fake, present("good"), present("a", bad), present("b", worse), checks=STANDARD)
    reported = {(problem.connector, problem.key) for problem in caught.value.problems}
    assert reported >= {("a", "tasks.max"), ("a", "errors.tolerance"), ("b", "database.port")}
    assert written(fake) == []


def test_with_continue_on_error_the_valid_ones_are_applied(fake: FakeCluster) -> None:
    bad = {**file_source("a"), "tasks.max": "many"}
    report = ensure(fake, present("a", bad), present("b"), checks=STANDARD, apply=ApplyOptions(continue_on_error=True))
    assert result_of(report, "a").error_kind == "invalid_input"
    assert not result_of(report, "b").failed
    assert list(fake.connectors) == ["b"]


def test_a_plugin_missing_on_one_worker_names_that_worker(fake: FakeCluster) -> None:
    fake.workers[1].uninstall([FILE_SOURCE])
    with pytest.raises(InputError) as caught:
        ensure(fake, present())
    assert caught.value.message == (
        f'connector "orders": key "connector.class": plugin {FILE_SOURCE} is not installed on {fake.urls[1]}: '
        "install it there and restart that worker"
    )
    assert written(fake) == []


def test_a_plugin_missing_everywhere_is_reported_with_similar_names(fake: FakeCluster) -> None:
    with pytest.raises(InputError) as caught:
        ensure(fake, present(config={**file_source(), "connector.class": "FileStreamSorceConnector"}))
    assert "is not installed on any worker: did you mean" in caught.value.message
    assert FILE_SOURCE in caught.value.message


def test_a_plugin_may_be_named_by_its_alias(fake: FakeCluster) -> None:
    for name, alias in (("a", "FileStreamSource"), ("b", "FileStreamSourceConnector")):
        report = ensure(fake, present(name, {**file_source(name), "connector.class": alias}), checks=STANDARD)
        assert not result_of(report, name).failed


def test_a_missing_class_is_reported(fake: FakeCluster) -> None:
    with pytest.raises(InputError, match=r'connector "orders": key "connector\.class" is missing'):
        ensure(fake, present(config={"topic": "x"}))


def test_unknown_keys_are_warnings_with_the_nearest_known(fake: FakeCluster) -> None:
    report = ensure(fake, present(config={**file_source(), "batch.sise": "1"}), checks=STANDARD)
    assert [
        text
        for text in report.warnings
        if 'key "batch.sise" is unknown' in text and 'did you mean "batch.size"?' in text
    ]
    assert report.changed


def test_unknown_keys_are_errors_with_strict(fake: FakeCluster) -> None:
    with pytest.raises(InputError, match=r'key "batch\.sise" is unknown.*did you mean "batch\.size"'):
        ensure(fake, present(config={**file_source(), "batch.sise": "1"}), checks=Checks("strict"))
    assert written(fake) == []


def test_unknown_keys_are_accepted_if_the_plugin_passes_them_on(fake: FakeCluster) -> None:
    strict = Checks("strict", known_keys=("driver.*",))
    assert ensure(fake, present(config={**file_source(), "driver.x": "1"}), checks=strict).changed


def test_another_kafka_cluster_is_refused_before_a_snapshot(fake: FakeCluster) -> None:
    cluster = cluster_at(fake.urls, kafka_cluster_id="mine")
    with pytest.raises(WrongClusterError):
        ensure_connectors(cluster, [present()], options())
    assert {request.path for request in fake.requests} == {"/"}


@pytest.fixture
def other() -> Iterator[FakeCluster]:
    with FakeCluster(workers=1) as running:
        running.connectors.put("theirs", file_source("theirs"))
        yield running


def test_two_connect_clusters_are_refused_before_a_write(fake: FakeCluster, other: FakeCluster) -> None:
    fake.connectors.put("ours", file_source("ours"))
    urls = [fake.urls[0], other.urls[0]]
    with pytest.raises(WrongClusterError, match="two Connect clusters"):
        ensure_connectors(cluster_at(urls), [present()], options())
    with pytest.raises(WrongClusterError, match="two Connect clusters"):
        ensure_state(cluster_at(urls), StateOptions(("ours",), "paused"), options())
    assert written(fake) == written(other) == []


def test_guards_refuse_before_anything_is_changed(fake: FakeCluster) -> None:
    for number in range(3):
        fake.connectors.put(f"c{number}", file_source(f"c{number}"))
    with pytest.raises(GuardError, match="would delete 3 connectors, more than purge_limit 2"):
        ensure(fake, present("new"), rules=Rules(purge=Purge(any_match(["c*"]), 2)))
    assert written(fake) == []


def test_a_worker_that_is_too_old_is_reported() -> None:
    with FakeCluster(version="3.4.0") as fake, pytest.raises(InputError, match=r"Kafka 3\.4\.0 has no stopped state"):
        ensure(fake, present(state="stopped"))


def test_read_only_credentials_can_plan(fake: FakeCluster) -> None:
    fake.script(matching("PUT"), [faults.respond(403, b"no", times=99)])
    other = present("b", file_source("b", file="/tmp/b"))
    report = ensure(fake, present("a"), other, checks=STANDARD, check_mode=True)
    assert report.changed
    assert report.warnings[-1] == "validation was skipped: these credentials may only read"


def test_a_second_connector_for_the_same_source_can_be_refused(fake: FakeCluster) -> None:
    ensure(fake, present("a"))
    before = written(fake)
    with pytest.raises(InputError, match=r'connectors "a", "b" have the same configuration under different names'):
        ensure(fake, present("b"), checks=STANDARD._replace(overlaps="fail"))
    assert written(fake) == before


def test_a_second_connector_for_the_same_source_is_a_warning(fake: FakeCluster) -> None:
    ensure(fake, present("a"))
    (warning,) = ensure(fake, present("b"), checks=STANDARD).warnings
    assert warning.startswith('connectors "a", "b" have the same configuration under different names')


def test_an_unwritable_report_is_reported_before_any_change(fake: FakeCluster, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="report_path"):
        ensure(fake, present(), report_path=str(tmp_path / "no" / "report"))
    assert written(fake) == []


def test_a_full_disk_is_reported_before_any_change(fake: FakeCluster) -> None:
    with pytest.raises(InputError, match=r"report_path /dev/full can't be written \(no space left on device\)"):
        ensure(fake, present(), report_path="/dev/full")
    assert written(fake) == []


def test_a_report_that_fails_midway_does_not_end_the_run(fake: FakeCluster, tmp_path: Path) -> None:
    """As on a disk that fills up: the reader closes the pipe at the first write."""
    pipe = tmp_path / "report"
    os.mkfifo(pipe)
    readers = [os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)]

    def go_away(_request: Request) -> bool:
        for reader in readers:
            os.close(reader)
        readers.clear()
        return False

    fake.script(matching("PUT", "*/config", where=go_away), [faults.hold(0)])
    report = ensure(fake, present("a"), present("b", file_source("b", file="/tmp/b")), report_path=str(pipe))
    assert [result.outcome for result in report.connectors or ()] == [Outcome.DONE, Outcome.DONE]
    assert list(report.warnings) == [f"report_path {pipe} ends early (broken pipe): later events are missing"]


# Connectors that do not exist, or not yet


def test_an_empty_list_of_a_starting_worker_creates_nothing_again(fake: FakeCluster) -> None:
    fake.connectors.put("orders", file_source())
    fake.workers[0].starting()
    threading.Timer(0.1, fake.workers[0].ready).start()
    report = ensure_connectors(cluster_at(fake.urls[:1]), [present()], options())
    assert not report.changed
    assert written(fake) == []


def test_a_connector_without_a_status_is_not_created_again(fake: FakeCluster) -> None:
    """An identical PUT would restart it."""
    fake.connectors.put("orders", file_source())
    fake.store.edit("orders", status=None)
    assert not ensure(fake, present()).changed
    assert written(fake) == []


def test_a_connector_without_a_status_is_deleted_if_it_should_be_absent(fake: FakeCluster) -> None:
    fake.connectors.put("orders", file_source())
    fake.store.edit("orders", status=None)
    assert ensure(fake, Absent("orders")).changed
    assert "orders" not in fake.connectors


def test_a_connector_in_an_unclear_state_is_read_again() -> None:
    with FakeCluster(timing=Timing(connector_status=0.2, task_configs=0.2, task_status=0.25)) as fake:
        fake.connectors.put("orders", file_source(), settled=False)
        report = ensure(fake, present(state="running"))
        assert written(fake) == []
        assert not report.changed


def test_a_worker_that_dies_during_the_run_does_not_end_it(fake: FakeCluster) -> None:
    """The run uses worker 0, which is killed after the initial snapshot."""
    fake.connectors.put("orders", file_source(topic="former"))

    def kill(_request: Request) -> bool:
        threading.Thread(target=fake.workers[0].kill).start()
        return True

    fake.script(matching("GET", "/connectors", worker=0, where=kill), [faults.normally()])
    report = ensure(fake, present(), checks=STANDARD)
    assert not result_of(report).failed
    assert fake.connectors["orders"].config == file_source()


def test_conflicts_are_retried(fake: FakeCluster) -> None:
    fake.connectors.put("orders", file_source(topic="former"))
    fake.script(matching("PUT", "*/config"), [faults.conflicting_operation(times=2), faults.no_leader(times=2)])
    fake.script(matching("GET", "*/tasks"), [faults.rebalance_expected(times=3)])
    cluster = cluster_at(fake.urls)
    report = ensure_connectors(cluster, [present()], options())
    assert not result_of(report).failed
    assert cluster.api.client.retries >= 7
    assert cluster.run.conflicts_waited() > 0


# States


@pytest.mark.parametrize(
    ("desired_state", "shown", "paths"),
    [("running", "RUNNING", []), ("paused", "PAUSED", ["pause"]), ("stopped", "STOPPED", ["stop"])],
)
def test_a_run_state_is_set(fake: FakeCluster, desired_state: str, shown: str, paths: list[str]) -> None:
    fake.connectors.put("orders", file_source())
    report = state(fake, desired_state)
    status = fake.connectors["orders"].status
    assert status is not None
    assert status.state == shown
    assert [path.rsplit("/", 1)[-1] for _method, path in written(fake)] == paths
    assert report.changed == bool(paths)
    fake.forget_requests()
    assert not state(fake, desired_state).changed
    assert len(fake.requests) == 1


def test_state_running_restarts_failed_tasks(fake: FakeCluster) -> None:
    fake.connectors.put("orders", file_source())
    fake.connectors.fail("orders", task=0)
    assert not result_of(state(fake, "running")).failed
    assert fake.connectors["orders"].tasks[0].state == "RUNNING"
    assert fake.requests[-1].path != "/connectors/orders/restart"


def test_a_restart_of_failed_tasks_changes_nothing_if_no_task_failed(fake: FakeCluster) -> None:
    fake.connectors.put("orders", file_source())
    assert not state(fake, "restarted", only_failed=True).changed
    assert state(fake, "restarted").changed
    assert [request.query for request in fake.writes()] == ["includeTasks=true&onlyFailed=false"]


def test_connectors_are_selected_by_names_and_patterns(fake: FakeCluster) -> None:
    for name in ("orders-1", "orders-2", "other"):
        fake.connectors.put(name, file_source(name))
    report = state(fake, "paused", "~orders-[12]", "other")
    assert [result.change.name for result in report.connectors or ()] == ["orders-1", "orders-2", "other"]


def test_a_pattern_without_a_match_is_a_warning(fake: FakeCluster) -> None:
    report = state(fake, "paused", "none-*")
    assert report.connectors == []
    assert report.warnings == ('pattern "none-*" matches no connector',)


def test_a_missing_name_is_an_error_with_the_nearest_name(fake: FakeCluster) -> None:
    fake.connectors.put("orders", file_source())
    with pytest.raises(InputError, match='connector "order" does not exist: did you mean "orders"'):
        state(fake, "paused", "order")


def test_an_existing_name_is_not_treated_as_a_pattern(fake: FakeCluster) -> None:
    for name in ("a[1]", "a1"):
        fake.connectors.put(name, file_source(name))
    report = state(fake, "paused", "a[1]")
    assert [result.change.name for result in report.connectors or ()] == ["a[1]"]


def test_a_protected_connector_is_not_stopped(fake: FakeCluster) -> None:
    fake.connectors.put("orders", file_source())
    with pytest.raises(InputError, match="is protected"):
        state(fake, "stopped", rules=Rules(protected=any_match(["*"])))
    assert written(fake) == []


# Warnings and reports


def test_a_failed_connector_that_is_not_changed_is_a_warning(fake: FakeCluster) -> None:
    fake.connectors.put("orders", file_source())
    fake.connectors.fail("orders", task=0)
    report = ensure(fake, present())
    assert not report.changed
    assert len(report.warnings) == 1
    assert 'connector "orders": tasks of it FAILED; the config is up to date, so nothing was done' in report.warnings[0]


def test_literal_secrets_are_a_warning_that_names_the_key_not_the_value(fake: FakeCluster) -> None:
    report = ensure(fake, present("orders", secret_source("orders")), checks=Checks())
    (reported,) = [text for text in report.warnings if "in clear" in text]
    assert "database.password" in reported
    assert "hunter2" not in reported
    quiet = ensure(fake, present("other", secret_source("other")), checks=STANDARD)
    assert not any("in clear" in text for text in quiet.warnings)


def test_no_secret_is_in_validation_messages(fake: FakeCluster) -> None:
    body = {
        "name": SECRET_SOURCE,
        "error_count": 1,
        "configs": [
            {
                "definition": {"name": "database.password", "type": "PASSWORD"},
                "value": {
                    "name": "database.password",
                    "value": "resolved-secret",
                    "errors": ["login failed with resolved-secret and hunter2-in-clear"],
                },
            }
        ],
    }
    answer = faults.respond(200, json.dumps(body).encode(), {"Content-Type": "application/json"})
    fake.script(matching("PUT", "*/validate"), [answer])
    with pytest.raises(InputError) as caught:
        ensure(fake, present("orders", secret_source("orders")), checks=STANDARD)
    assert "login failed with" in caught.value.message
    assert "secret" not in caught.value.message.replace("SecretSource", "")
    assert "hunter2" not in caught.value.message


def test_the_journal_contains_the_outcome_of_each_connector(fake: FakeCluster, tmp_path: Path) -> None:
    path = tmp_path / "report"
    fake.script(matching("PUT", "/connectors/bad/config"), [faults.refuse(400, "Connector configuration is invalid")])
    ensure(
        fake,
        present("good"),
        present("bad"),
        apply=ApplyOptions(continue_on_error=True, max_parallel=1),
        report_path=str(path),
    )
    entries = [json.loads(line) for line in path.read_text().splitlines()]
    assert entries[0]["changes"] == {"good": ["create"], "bad": ["create"]}
    events = [(entry["event"], entry.get("connector", "")) for entry in entries]
    assert [event for event, name in events if name == "good"] == ["begun", "written", "proven"]
    assert [event for event, name in events if name == "bad"] == ["begun", "failed"]
    assert events[-1] == ("run_ended", "")


def test_an_unreachable_cluster_is_reported_with_its_url() -> None:
    cluster = cluster_at(["http://127.0.0.1:1"])
    with pytest.raises(RequestError) as caught:
        ensure_connectors(cluster, [present()], options())
    assert caught.value.kind == "connection_refused"
    assert "http://127.0.0.1:1/connectors" in caught.value.message
