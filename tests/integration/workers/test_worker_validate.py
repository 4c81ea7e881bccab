# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""worker_validate on the files that the sandbox's own workers run with, with their brokers asked."""

from __future__ import annotations

import time
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from confluent_kafka import Consumer

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.arguments import WORKER_VALIDATE
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.offline import execute_offline
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.workers import worker_validate
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.properties import from_java_properties
from tests.contract.modules.shapes import misfits
from tests.sandbox import Sandbox, state

FACTORS = {f"{name}.storage.replication.factor": "3" for name in ("config", "offset", "status")}


def files(sandbox: Sandbox) -> dict[str, dict[str, str]]:
    """The properties of the first three workers, as they stand on disk."""
    folder = state.home(sandbox.name) / "config"
    names = [worker.name for worker in sandbox.workers[:3]]
    return {name: from_java_properties((folder / f"{name}.properties").read_text(encoding="utf-8")) for name in names}


def validate(sandbox: Sandbox, workers: dict[str, dict[str, str]], **options: Any) -> dict[str, Any]:
    version = sandbox.request("GET", "/")[1]["version"]
    given = {"kafka_version": version, "workers": workers, "bootstrap_servers": sandbox.bootstrap_servers, **options}
    checked = ArgumentSpecValidator(WORKER_VALIDATE.arguments, **WORKER_VALIDATE.checks).validate(given)
    assert checked.error_messages == []
    result = execute_offline(worker_validate, checked.validated_parameters)
    assert misfits("worker_validate", result) == []
    return result


def test_what_really_runs_is_right(sandbox: Sandbox) -> None:
    result = validate(sandbox, files(sandbox), validate="strict")
    assert "failed" not in result, result["msg"]
    assert result["left_out"] == []
    assert (result["brokers"]["count"], result["brokers"]["group_type"]) == (1, "connect")
    assert {url.rstrip("/") for url in result["brokers"]["members"]} == set(sandbox.urls)
    # All of it runs on this machine, and says so.
    assert {entry["key"] for worker in result["workers"] for entry in worker["warnings"]} == {
        "rest.advertised.host.name"
    }


def test_more_replicas_than_brokers(sandbox: Sandbox) -> None:
    workers = {host: {**properties, **FACTORS} for host, properties in files(sandbox).items()}
    result = validate(sandbox, workers)
    assert len(result["error"]["problems"]) == 9
    assert "3 is more than the 1 broker there are: give at most 1, or add brokers" in result["msg"]


def test_workers_that_are_not_listed_are_noticed(sandbox: Sandbox) -> None:
    first = dict(list(files(sandbox).items())[:1])
    result = validate(sandbox, first)
    (text,) = [text for text in result["warnings"] if 'key "group.id"' in text]
    assert "has members that are none of these workers" in text


def test_a_consumer_group_of_that_name(sandbox: Sandbox) -> None:
    consumer = Consumer({"bootstrap.servers": sandbox.bootstrap_servers, "group.id": "taken", "log_level": 0})
    workers = {host: {**properties, "group.id": "taken"} for host, properties in files(sandbox).items()}
    try:
        consumer.subscribe(["connect-status"])
        deadline = time.monotonic() + 60
        while (result := validate(sandbox, workers, fail_on_errors=False))["brokers"]["group_state"] != "Stable":
            assert time.monotonic() < deadline, result["brokers"]
            consumer.poll(1)
        (error,) = [error for worker in result["workers"] for error in worker["errors"]]
        assert error["key"] == "group.id"
        assert "is the group of something else (type consumer)" in error["message"]
    finally:
        consumer.close()


def test_a_group_that_nobody_has(sandbox: Sandbox) -> None:
    workers = {host: {**properties, "group.id": "nobody-yet"} for host, properties in files(sandbox).items()}
    result = validate(sandbox, workers)
    assert "failed" not in result, result["msg"]
    assert (result["brokers"]["group_state"] in ("", "Dead"), result["brokers"]["members"]) == (True, [])
