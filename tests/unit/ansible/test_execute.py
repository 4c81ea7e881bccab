# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Results of tasks: shape and messages, without secrets."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.execute import (
    execute,
    failure_result,
    mask_result,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.failures import SHOWN_FAILURES
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.invocation import Invocation
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.connectors import connectors
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import (
    CancelledError,
    GuardError,
    InputError,
    Outcome,
    Problem,
    RequestError,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.model import Present
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.planning.change import Change
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.planning.steps import Create
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.reporting.report import (
    ConnectorResult,
    Report,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.run import Event, Run
from testing.fake_connect import FakeCluster
from tests.unit.connect.support import file_source, secret_source, stored

PARAMETERS: dict[str, Any] = {
    "url": ["http://w1:8083"],
    "http_agent": "x",
    "use_proxy": False,
    "connect_timeout": 1.0,
    "read_timeout": 2.0,
    "request_timeout": 5.0,
    "max_response_size": 1 << 20,
    "conflict_timeout": 5.0,
    "progress": True,
}


def run(outcome: Report | BaseException, *, diff_mode: bool = True, **parameters: Any) -> dict[str, Any]:
    """The result of a task whose operation ends like this."""

    def operation(invocation: Invocation) -> Report:
        invocation.cluster()
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    return execute(operation, {**PARAMETERS, **parameters}, check_mode=False, diff_mode=diff_mode)


def failed(name: str, message: str = "boom", kind: str = "connector_failed", **more: Any) -> ConnectorResult:
    change = Change(name, (Create(file_source(name)),), "does not exist", after=file_source(name))
    return ConnectorResult(change, error=f'connector "{name}": {message}', error_kind=kind, **more)


def report(*results: ConnectorResult, **more: Any) -> Report:
    return Report(any(result.changed for result in results), results, **more)


# Success


def test_a_successful_run_returns_its_result() -> None:
    well = ConnectorResult(Change("orders", before=stored()), Outcome.DONE)
    result = run(report(well, warnings=["a", "b", "a"]))
    assert result["changed"] is False
    assert [entry["name"] for entry in result["connectors"]] == ["orders"]
    assert result["warnings"] == ["a", "b"], "each once"
    assert result["diff"] == []
    assert set(result["run"]) == {"requests", "retries", "conflicts_waited", "elapsed", "worker", "timeline"}
    assert "failed" not in result


def test_diffs_are_returned_only_in_diff_mode() -> None:
    change = ConnectorResult(Change("orders", (Create(file_source()),), after=file_source()), changed=True)
    assert run(report(change))["diff"][0]["after_header"] == "orders (create)"
    assert "diff" not in run(report(change), diff_mode=False)


def test_facts_contain_no_planned_connectors() -> None:
    result = run(Report(extra={"summary": {"total": 0}}))
    assert result["summary"] == {"total": 0}
    assert "connectors" not in result


def test_events_are_reported_immediately_and_kept() -> None:
    reported: list[Event] = []

    def operation(invocation: Invocation) -> Report:
        invocation.run.event("hello")
        assert [event.text for event in reported] == ["hello"]
        return Report()

    result = execute(operation, PARAMETERS, check_mode=False, diff_mode=False, report=reported.append)
    assert result["run"]["timeline"][0]["text"] == "hello"


# Failures of single connectors


def test_a_single_failure_is_one_line_with_the_cause_and_the_fix() -> None:
    trace = "org.X: the connection attempt failed\nCaused by: java.net.UnknownHostException: db.example.com\n"
    seen = stored(tasks=("FAILED",), task_trace=trace)
    result = run(report(failed("orders", "task 0 is FAILED", seen=seen, rollback="stopped")))
    assert result["failed"] is True
    assert "\n" not in result["msg"]
    assert result["msg"].startswith('connector "orders": task 0 is FAILED: ')
    assert "UnknownHostException: db.example.com -> the host name does not resolve" in result["msg"]
    assert result["msg"].endswith(" (stopped)")
    assert result["error"]["kind"] == "connector_failed"
    assert result["error"]["connectors"] == ["orders"]


def test_several_failures_are_one_line_each() -> None:
    well = ConnectorResult(Change("well", before=stored("well")), Outcome.DONE)
    result = run(report(well, failed("a"), failed("b", "bang", "wait_timeout"), failed("c", kind="not_begun")))
    assert result["msg"].splitlines() == [
        "2 of 4 connectors failed:",
        'connector "a": boom',
        'connector "b": bang',
        "1 further connector was not begun",
    ]
    assert result["error"]["kind"] == "connector_failed"
    assert result["error"]["connectors"] == ["a", "b"]
    assert [entry["name"] for entry in result["connectors"]] == ["a", "b", "c"], "not the healthy ones"


def test_many_failures_are_summarized() -> None:
    result = run(report(*(failed(f"c{number}", f"boom {number}") for number in range(12))))
    assert len(result["msg"].splitlines()) == SHOWN_FAILURES + 2
    assert result["msg"].endswith(f"and {12 - SHOWN_FAILURES} more: see connectors")


def test_identical_failures_are_reported_once() -> None:
    result = run(report(*(failed(f"c{number}", "the leader is away") for number in range(12)), failed("other")))
    assert result["msg"].splitlines() == [
        "13 of 13 connectors failed:",
        'connectors "c0", "c1", "c2" and 9 more: the leader is away',
        'connector "other": boom',
    ]
    assert len(result["error"]["connectors"]) == 13


def test_changes_before_a_failure_are_reported() -> None:
    changed = ConnectorResult(Change("a", (Create(file_source("a")),), after=file_source("a")), changed=True)
    result = run(report(changed, failed("b")))
    assert result["changed"] is True
    assert result["failed"] is True


# Failures of the whole


def test_problems_of_the_input_are_counted_and_listed() -> None:
    one = run(InputError([Problem("only one", "orders", "topic")]))
    assert one["msg"] == "only one"
    several = run(InputError([Problem("first"), Problem("second")]))
    assert several["msg"] == "2 problems, nothing was changed:\nfirst\nsecond"
    assert [problem["message"] for problem in several["error"]["problems"]] == ["first", "second"]


def test_an_error_contains_its_fix() -> None:
    assert failure_result(GuardError("no", "do this"))["msg"] == "no -> do this"
    assert failure_result(GuardError("no"))["msg"] == "no"


def test_a_cancelled_run_reports_its_changes() -> None:
    result = run(report(failed("orders", kind="cancelled"), failure=CancelledError("run_timeout is used up", "again")))
    assert result["msg"] == "run_timeout is used up -> again"
    assert result["error"]["kind"] == "cancelled"
    assert result["connectors"][0]["error_kind"] == "cancelled"


def test_an_internal_error_shows_its_location_but_no_data() -> None:
    result = run(KeyError("hunter2-in-clear"))
    assert result["failed"] is True
    assert result["error"]["kind"] == "internal_error"
    assert result["msg"].startswith("internal error, please report it: KeyError at test_execute.py:")
    assert "hunter2" not in json.dumps(result)


def test_invalid_urls_are_reported_without_a_run() -> None:
    result = run(Report(), url=["nonsense"])
    assert result["failed"] is True
    assert "run" not in result


def test_an_interrupt_propagates_and_no_thread_starts_another_write() -> None:
    runs: list[Run] = []

    def operation(invocation: Invocation) -> Report:
        runs.append(invocation.run)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        execute(operation, PARAMETERS, check_mode=False, diff_mode=False)
    assert runs[0].cancelled.is_set()


# Secrets


def test_echoed_connection_secrets_are_masked_everywhere() -> None:
    error = RequestError("GET x: HTTP 401: no s3cret-password here", reason="token s3cret-token is old")
    result = run(error, url_username="u", url_password="s3cret-password")
    assert "s3cret-password" not in json.dumps(result)
    assert "no ******** here" in result["msg"]
    assert "s3cret-token" not in json.dumps(run(error, token="s3cret-token"))


def test_the_basic_authentication_form_of_a_password_is_also_masked() -> None:
    sent = base64.b64encode(b"u:s3cret-password").decode()
    error = RequestError(f"GET x: HTTP 401: no {sent} here", reason="")
    assert "no ******** here" in run(error, url_username="u", url_password="s3cret-password")["msg"]


def test_masking_reaches_every_text_of_a_result() -> None:
    secrets = frozenset({"s3cret"})
    value = {"a": ["x s3cret", {"b": "s3cret"}], "n": 1, "t": None}
    assert mask_result(value, secrets) == {"a": ["x ********", {"b": "********"}], "n": 1, "t": None}
    assert mask_result(value, frozenset()) is value


SPREAD = {
    "purge": False,
    "purge_allow_empty": False,
    "bootstrap_servers": [],
    "client_properties": {},
    "group_id": "",
    "max_parallel": 4,
    "on_drift": "replan",
    "wait": True,
    "wait_timeout": 1.0,
    "stable_for": 0.0,
    "warn_literal_secrets": True,
}


@pytest.mark.parametrize("check_mode", [True, False])
def test_no_secret_of_a_config_is_anywhere_in_a_real_result(check_mode: bool) -> None:
    """A create that fails, an update of a password, at a worker whose traces quote secrets."""
    names = ("a", "b", "c")
    passwords = {name: f"pa55-{name}-new" for name in names}
    desired = tuple(Present(name, secret_source(name, **{"database.password": passwords[name]})) for name in names)
    with FakeCluster() as fake:
        for name in ("b", "c"):
            fake.connectors.put(name, secret_source(name, **{"database.password": f"pa55-{name}-old"}))
        fake.connectors.fail("c", task=0, trace="org.X: no access for pa55-c-old\n\tat a.B.c(D.java:1)\n", sticky=True)
        parameters = {**PARAMETERS, **SPREAD, "url": fake.urls}
        result = execute(connectors, parameters, check_mode=check_mode, diff_mode=True, desired=desired)
        assert result["changed"] is True
        text = json.dumps(result)
        assert "pa55" not in text
        assert "(changed)" in text, "yet the change of the password is seen"
