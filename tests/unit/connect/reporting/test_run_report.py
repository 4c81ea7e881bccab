# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How results are reported: entries, diffs and errors, without secrets."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import (
    GuardError,
    InputError,
    Outcome,
    Problem,
    RequestError,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.model import Config, Connector
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.planning.change import Change
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.planning.difference import compare
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.planning.steps import (
    Create,
    Delete,
    Restart,
    Resume,
    Step,
    Stop,
    Update,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.reporting.details import (
    diff_entry,
    error_entry,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.reporting.entries import (
    connector_entry,
    state_entry,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.reporting.report import (
    ConnectorResult,
    report_of,
)
from tests.unit.connect.support import file_source, secret_source, stored

SECRET = "hunter2-in-clear"


def result(
    before: Connector | None = None,
    after: Config | None = None,
    steps: tuple[Step, ...] | None = None,
    desired_state: Any = None,
    **more: Any,
) -> ConnectorResult:
    """The result of an update from one config to another, by default."""
    previous = before.config if before is not None and before.config else {}
    keys = compare(after or {}, previous).changed_keys
    if steps is None:
        steps = (Update(after or {}),) if before is not None else (Create(after or {}),)
    return ConnectorResult(
        Change("orders", steps, "why", keys, before=before, after=after, desired_state=desired_state), **more
    )


def diff(*arguments: Any, **more: Any) -> dict[str, str]:
    return diff_entry(result(*arguments, **more))


# Entries


def test_a_changed_connector_has_an_entry() -> None:
    entry = connector_entry(
        result(stored(), file_source(topic="new"), outcome=Outcome.DONE, changed=True, seen=stored())
    )
    assert entry == {
        "name": "orders",
        "action": "update",
        "actions": ["update"],
        "changed": True,
        "changed_keys": ["topic"],
        "reason": "why",
        "state": "RUNNING",
        "tasks": [{"id": 0, "state": "RUNNING", "worker_id": "w1:8083"}],
        "cause": "",
        "transience": "",
        "advice": "",
    }


def test_the_entry_of_an_unchanged_connector_shows_its_snapshot() -> None:
    entry = connector_entry(ConnectorResult(Change("orders", before=stored(state="PAUSED")), Outcome.DONE))
    assert (entry["action"], entry["actions"], entry["changed"]) == ("none", [], False)
    assert (entry["changed_keys"], entry["state"]) == ([], "PAUSED")
    assert "failed" not in entry


def test_a_connector_without_a_snapshot_has_an_entry() -> None:
    entry = connector_entry(result(None, file_source()))
    assert (entry["state"], entry["tasks"], entry["cause"]) == ("", [], "")


def test_the_action_is_the_most_significant_step() -> None:
    entry = connector_entry(result(stored(), file_source(topic="new"), (Stop(), Update(file_source(topic="new")))))
    assert (entry["action"], entry["actions"]) == ("update", ["stop", "update"])
    entry = connector_entry(result(stored(), file_source(), (Resume(), Restart())))
    assert entry["action"] == "restart"


def test_a_failed_connector_has_an_entry() -> None:
    error = RequestError("PUT x: HTTP 400: no", kind="invalid_config", advice="mend it", outcome=Outcome.NOT_DONE)
    entry = connector_entry(result(None, file_source()).with_error(error))
    assert entry["failed"] is True
    assert entry["error"] == 'connector "orders": PUT x: HTTP 400: no'
    assert (entry["error_kind"], entry["outcome"], entry["advice"]) == ("invalid_config", "not_done", "mend it")


def test_a_failed_task_is_reported_with_its_first_cause_and_its_fix() -> None:
    trace = "org.X: outer\n\tat a.B.c(D.java:1)\nCaused by: java.net.UnknownHostException: db.example.com\n"
    entry = state_entry(stored(tasks=("RUNNING", "FAILED"), task_trace=trace))
    assert "UnknownHostException: db.example.com" in entry["cause"]
    assert entry["tasks"][1]["cause"] == entry["cause"]
    assert "cause" not in entry["tasks"][0]
    assert entry["advice"]


def test_optional_fields_are_present_only_if_they_have_a_value() -> None:
    plain = connector_entry(result(stored(), file_source()))
    assert not {"warning", "rollback", "backup_file", "unverified_keys", "error"} & plain.keys()
    full = connector_entry(result(stored(), file_source(), warning="w", rollback="r", backup_file="/b"))
    assert (full["warning"], full["rollback"], full["backup_file"]) == ("w", "r", "/b")


# Diffs


def test_a_diff_has_one_sorted_line_for_each_changed_key() -> None:
    before = stored(config=file_source(zeta="1", alpha="1", gone="x"))
    shown = diff(before, file_source(zeta="2", alpha="2", new="y"))
    assert shown == {
        "before_header": "orders",
        "after_header": "orders (update)",
        "before": "alpha: 1\ngone: x\nzeta: 1\n",
        "after": "alpha: 2\nnew: y\nzeta: 2\n",
    }


def test_creates_and_deletes_have_a_diff() -> None:
    created = diff(None, {"name": "orders", "topic": "t"}, desired_state="paused")
    assert (created["before_header"], created["before"]) == ("orders (absent)", "")
    assert created["after"] == "name: orders\nstate: PAUSED\ntopic: t\n"
    change = Change("orders", (Delete(),), changed_keys=("topic",), before=stored(config={"topic": "t"}))
    deleted = diff_entry(ConnectorResult(change))
    assert (deleted["before"], deleted["after"]) == ("topic: t\n", "")
    assert deleted["after_header"] == "orders (delete)"


def test_a_changed_state_has_a_diff() -> None:
    shown = diff(stored(), file_source(), (Stop(),), "stopped")
    assert (shown["before"], shown["after"]) == ("state: RUNNING\n", "state: STOPPED\n")
    assert diff(stored(), file_source(), (Restart(),))["after"] == "restarted: true\n"


def test_a_changed_secret_is_shown_as_changed_but_not_in_clear_text() -> None:
    before = stored(config=secret_source("orders", **{"database.password": "former-secret"}))
    shown = diff(before, secret_source("orders"))
    assert shown["before"] == 'database.password: "********"\n'
    assert shown["after"] == 'database.password: "********" (changed)\n'


def test_a_secret_that_only_its_plugin_defines_is_masked() -> None:
    shown = diff(stored(config={"pin": "1234"}), {"pin": "5678"}, password_keys=frozenset({"pin"}))
    assert "1234" not in shown["before"]
    assert "5678" not in shown["after"]
    assert "(changed)" in shown["after"]


def test_a_changed_password_within_a_url_is_shown_as_a_change() -> None:
    urls = [f"jdbc:postgresql://u:{password}@db/x" for password in ("formersecret", "newsecret")]
    shown = diff(stored(config={"connection": urls[0]}), {"connection": urls[1]})
    assert "secret" not in shown["before"] + shown["after"]
    assert shown["after"].endswith(" (changed)\n")


def test_a_secret_that_becomes_a_reference_shows_the_reference() -> None:
    shown = diff(
        stored(config={"database.password": "former-secret"}), {"database.password": "${file:/etc/s:password}"}
    )
    assert shown["before"] == 'database.password: "********"\n'
    assert shown["after"] == "database.password: ${file:/etc/s:password}\n"


VALUES = st.text(st.characters(blacklist_categories=("Cc", "Cs", "Zl", "Zp")), max_size=20) | st.sampled_from(
    ["", " x", "x ", "a: b", "a #b", "- x", "{x}", "'x'", '"x"', "a\nb", "*", "&a", "true", "1", "a\\b", "@x", "%x"]
)


@given(VALUES)
def test_each_line_of_a_diff_is_one_line_of_yaml(value: str) -> None:
    line = diff(None, {"topic": value})["after"]
    assert line.count("\n") == 1
    if value and "\\" not in value and not any(ord(character) > 0x7E for character in value):
        assert str(yaml.load(line, yaml.BaseLoader)["topic"]) == value


# Secrets


@pytest.mark.parametrize("where", ["error", "trace", "task trace"])
def test_no_secret_is_in_an_entry(where: str) -> None:
    config = secret_source("orders")
    quoting = f"java.lang.RuntimeException: no access with {SECRET} at all"
    seen = {
        "error": stored(config=config),
        "trace": stored(config=config, state="FAILED", trace=quoting),
        "task trace": stored(config=config, tasks=("FAILED",), task_trace=quoting),
    }[where]
    told = result(None, config, seen=seen, error=f"worker says {SECRET}" if where == "error" else "failed")
    text = json.dumps([connector_entry(told), diff_entry(told)])
    assert SECRET not in text
    assert "no access with" in text or where == "error"


def test_no_secret_of_the_previous_config_is_in_an_entry() -> None:
    before = stored(config=secret_source("orders"))
    told = result(before, secret_source("orders", **{"database.password": "new-secret"}), error=f"says {SECRET}")
    assert SECRET not in json.dumps([connector_entry(told), diff_entry(told)])


# Errors and reports


def test_a_request_error_has_its_fields() -> None:
    error = RequestError(
        "GET http://w/x: HTTP 500: no",
        kind="worker_error",
        advice="look",
        method="GET",
        path="/x",
        worker="http://w",
        http_status=500,
        error_code=500,
        outcome=Outcome.UNKNOWN,
    )
    assert error_entry(error) == {
        "kind": "worker_error",
        "message": "GET http://w/x: HTTP 500: no",
        "advice": "look",
        "method": "GET",
        "path": "/x",
        "worker": "http://w",
        "http_status": 500,
        "error_code": 500,
        "outcome": "unknown",
    }


def test_an_input_error_names_each_problem() -> None:
    entry = error_entry(InputError([Problem("text", "orders", "topic")]))
    assert entry["kind"] == "invalid_input"
    assert entry["problems"] == [{"connector": "orders", "key": "topic", "message": "text"}]
    assert error_entry(GuardError("no", "fix")) == {"kind": "guard_refused", "message": "no", "advice": "fix"}


def test_a_report_is_changed_when_one_connector_is() -> None:
    assert not report_of([], []).changed
    results = [result(stored(), file_source()), result(stored(), file_source(topic="x"), changed=True)]
    assert report_of(results, []).changed


def test_a_report_warns_about_easily_overlooked_conditions() -> None:
    doubtful = result(stored(), file_source(), warning="doubt")
    broken = ConnectorResult(Change("broken", before=stored("broken", state="FAILED")), Outcome.DONE)
    told = report_of([doubtful, broken], ["first"]).warnings
    assert told[:2] == ("first", 'connector "orders": doubt')
    assert told[2].startswith('connector "broken": the connector FAILED')


def test_the_cause_of_a_failure_survives_its_rollback() -> None:
    """Right after a rollback the status may be that of the restored connector, which has no trace."""
    trace = (
        "org.apache.kafka.connect.errors.ConnectException: Failed\nCaused by: java.nio.file.NoSuchFileException: /no"
    )
    failed = stored(tasks=["FAILED"], task_trace=trace)
    result = ConnectorResult(Change("orders"), error="task 0 is FAILED", seen=stored(), failed_as=failed)
    entry = connector_entry(result)
    assert (entry["state"], entry["cause"]) == ("RUNNING", "ConnectException: Failed: NoSuchFileException: /no")
    assert entry["advice"]
