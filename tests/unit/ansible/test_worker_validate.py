# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Module worker_validate, from parameters to the result of a task; integration tests cover brokers that respond."""

from __future__ import annotations

import json
import socket
from dataclasses import replace
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.execute import execute
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations import worker_validate
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.worker_validate import (
    WORKER_VALIDATE,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group import brokers
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.worker import broker_checks
from tests.contract.modules.shapes import misfits
from tests.unit.connect.worker_support import GOOD, SECURE

SECRET = "k3ystore-password"


def run(**given: Any) -> dict[str, Any]:
    """The result of a task with these options; every other has its default."""
    options = {"kafka_version": "4.3.1", "workers": {"w1": GOOD}, **given}
    checked = ArgumentSpecValidator(WORKER_VALIDATE.arguments, **WORKER_VALIDATE.checks).validate(options)
    assert checked.error_messages == []
    result = execute(worker_validate.worker_validate, checked.validated_parameters, check_mode=False, diff_mode=False)
    assert misfits("worker_validate", result) == []
    return result


def test_valid_worker_properties_have_no_errors() -> None:
    result = run()
    assert result == {
        "changed": False,
        "workers": [
            {"host": "w1", "valid": True, "properties": GOOD, "added_keys": [], "errors": [], "warnings": []},
        ],
        "skipped_checks": [worker_validate.NOT_ASKED],
    }


def test_every_error_of_every_worker_is_reported() -> None:
    faulty = {**GOOD, "rest.advertised.host.name": "w2", "session.timeout.ms": "x", "heartbeat.interval.mss": 1}
    result = run(workers={"w1": {**GOOD, "group.id": ""}, "w2": faulty})
    assert result["failed"] is True
    assert result["msg"].startswith("3 problems, nothing was changed:\n")
    assert {problem["key"] for problem in result["error"]["problems"]} == {
        "group.id",
        "session.timeout.ms",
        "heartbeat.interval.mss",
    }
    assert [entry["valid"] for entry in result["workers"]] == [False, False]
    assert [len(entry["errors"]) for entry in result["workers"]] == [1, 2]


def test_errors_need_not_fail_the_task() -> None:
    result = run(workers={"w1": {**GOOD, "session.timeout.ms": "x"}}, fail_on_errors=False)
    assert "failed" not in result
    assert result["workers"][0]["valid"] is False


def test_client_security_is_completed_and_reported() -> None:
    without = run(workers={"w1": {**GOOD, **SECURE}})
    assert len(without["warnings"]) == 3
    completed = run(workers={"w1": {**GOOD, **SECURE}}, client_security=True)
    (entry,) = completed["workers"]
    assert "warnings" not in completed
    assert "producer.sasl.jaas.config" in entry["added_keys"]
    assert set(entry["properties"]) == {*GOOD, *SECURE, *entry["added_keys"]}


def test_no_secret_is_in_the_result() -> None:
    config = {**GOOD, **SECURE, "ssl.truststore.password": SECRET, "client.id": SECRET, "metrics.num.samples": SECRET}
    given = {"w1": {**config, "producer.ssl.key.password": "an0ther-secret"}}
    result = run(workers=given, previous_workers=given, client_properties={}, client_security=True)
    assert result["failed"] is True
    assert SECRET not in json.dumps(result)
    assert "an0ther-secret" not in json.dumps(result)
    assert any("holds a secret in plain text" in text for text in result["warnings"])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"workers": {}}, "workers is empty: give the configuration of each worker of the cluster"),
        ({"workers": {"w1": "x"}}, 'workers: "w1" has no mapping of keys to values: correct it'),
        ({"workers": {"w1": {"a": None}}}, 'workers: worker "w1": key "a" has no value: omit the key'),
        (
            {"previous_workers": {"w1": {"a": {}}}},
            'previous_workers: worker "w1": key "a" has a value that is not a string',
        ),
        ({"kafka_version": "new"}, 'kafka_version "new" is not a version: give one such as "4.3.1"'),
        ({"known_keys": ["~("]}, "is not a regular expression"),
        ({"client_properties": {"a": "b"}}, "have no effect without bootstrap_servers"),
        ({"bootstrap_servers": ["http://w1:8083"]}, "is a REST URL: give brokers as HOST:PORT"),
    ],
)
def test_invalid_options_are_rejected(options: dict[str, Any], message: str) -> None:
    result = run(**options)
    assert message in result["msg"]
    assert result["error"]["kind"] == "invalid_input"
    assert "workers" not in result


@pytest.mark.parametrize("is_wrong", [False, True])
def test_brokers_that_do_not_respond_are_reported(is_wrong: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    patient = broker_checks.read_brokers
    monkeypatch.setattr(broker_checks, "read_brokers", lambda given, group: patient(replace(given, timeout=0.5), group))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    given = {"w1": {**GOOD, "session.timeout.ms": "x"} if is_wrong else GOOD}
    result = run(workers=given, bootstrap_servers=[f"127.0.0.1:{port}"])
    assert result["failed"] is True
    assert "connection refused" in result["msg"]
    # Errors that need no brokers are still reported.
    assert ("session.timeout.ms" in result["msg"]) is is_wrong
    assert result["error"]["kind"] == ("invalid_input" if is_wrong else "brokers_failed")
    assert result["skipped_checks"] == [worker_validate.NOT_ASKED]


def test_without_the_kafka_client_the_brokers_are_not_queried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(brokers, "HAS_CONFLUENT_KAFKA", False)
    result = run(bootstrap_servers=["127.0.0.1:1"])
    assert "failed" not in result
    assert result["skipped_checks"] == result["warnings"] == [worker_validate.NO_CLIENT]


def test_an_internal_error_shows_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_given: Any) -> None:
        raise LookupError(SECRET)

    monkeypatch.setattr(worker_validate, "check_all", broken)
    result = run()
    assert result["error"]["kind"] == "internal_error"
    assert SECRET not in json.dumps(result)
