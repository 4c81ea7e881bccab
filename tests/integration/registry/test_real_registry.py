# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Apicurio Registry and its Avro converter: what the modules read, and what they say about connectors that fail because of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from testing.ansible_runs.in_process import make_action
from testing.fake_registry import FakeRegistry
from testing.sandbox.registry import Registry
from tests.contract.modules.shapes import misfits

from .conftest import Pipeline, free_port

ORDER = {"type": "record", "name": "Order", "fields": [{"name": "id", "type": "long"}]}
NOTE = {"name": "note", "type": "string"}
WITH_NOTE = {**ORDER, "fields": [*ORDER["fields"], NOTE]}
WITH_DEFAULT = {**ORDER, "fields": [*ORDER["fields"], {**NOTE, "default": ""}]}


def run(module: str, **options: Any) -> dict[str, Any]:
    result: dict[str, Any] = make_action(module, options).run(task_vars={})
    assert misfits(module, result) == []
    return result


def health(pipeline: Pipeline, *names: str) -> dict[str, dict[str, Any]]:
    """The findings about these connectors, by kind."""
    result = run("cluster_health", url=pipeline.sandbox.urls, connectors=list(names), checks=["registries"])
    return {found["kind"]: found for found in result["findings"] if found["kind"] != "group_not_asked"}


def await_state(pipeline: Pipeline, name: str, state: str) -> None:
    deadline = time.monotonic() + 60
    while True:
        code, answer = pipeline.sandbox.request("GET", f"/connectors/{name}/status")
        states = [task["state"] for task in answer.get("tasks", [])] if code == 200 else []
        if states == [state]:
            return
        assert time.monotonic() < deadline, answer
        time.sleep(0.2)


# The registry


@pytest.fixture(params=["real", "fake"])
def either(request: pytest.FixtureRequest) -> Iterator[tuple[str, Any]]:
    """The URL of a registry with two versions of the subject a-value, and of b-value with a level of its own."""
    if request.param == "fake":
        with FakeRegistry({"a-value": [ORDER, WITH_DEFAULT], "b-value": [ORDER]}, {"b-value": "FULL"}) as fake:
            fake.accepts = lambda _subject, body: (
                200,
                {"is_compatible": "default" in body["schema"], "messages": ["note"]},
            )
            yield fake.url, "fake"
        return
    real: Registry = request.getfixturevalue("registry")
    real.register("a-value", ORDER)
    real.register("a-value", WITH_DEFAULT)
    real.set_level("a-value", "BACKWARD")
    real.register("b-value", ORDER)
    real.set_level("b-value", "FULL")
    yield real.compatible, "real"


def test_the_fake_registry_answers_as_the_real_one(either: tuple[str, Any]) -> None:
    url, _kind = either
    options = {"registry": {"url": url}}
    (found,) = run("schema_registry_info", subject=["a-value", "b-value"], newest_versions=2, **options)["registries"]
    a, b = found["subjects"]
    assert (a["versions"], a["compatibility"], [one["version"] for one in a["newest"]]) == ([1, 2], "BACKWARD", [2, 1])
    assert {one["type"] for one in a["newest"]} == {"AVRO"}
    assert (b["versions"], b["compatibility"], b["has_own_level"]) == ([1], "FULL", True)
    assert run("schema_registry_info", subject=["nothing"], **options)["missing"] == ["nothing"]
    accepted = run("schema_check", subject="a-value", schema=WITH_DEFAULT, **options)
    assert (accepted["compatible"], accepted["new_subject"], accepted["latest_version"]) == (True, False, 2)
    rejected = run("schema_check", subject="a-value", schema=WITH_NOTE, **options)
    assert (rejected["failed"], rejected["error"]["kind"], rejected["valid"]) == (True, "schema_rejected", True)
    assert "note" in rejected["reasons"][0]
    assert run("schema_check", subject="new-value", schema=ORDER, **options)["new_subject"] is True


def test_text_that_is_no_schema_is_named_as_such(registry: Registry) -> None:
    registry.register("invalid-value", ORDER)
    registry.set_level("invalid-value", "BACKWARD")
    result = run("schema_check", subject="invalid-value", schema="no schema", registry={"url": registry.compatible})
    assert (result["valid"], result["error"]["kind"]) == (False, "schema_rejected")


# Connectors


def test_a_connector_that_works_has_its_schema_and_no_finding(pipeline: Pipeline) -> None:
    pipeline.put("works")
    await_state(pipeline, "works", "RUNNING")
    deadline = time.monotonic() + 30
    while True:
        result = run("schema_registry_info", url=pipeline.sandbox.urls, name="works")
        (found,) = result["registries"]
        if found["subjects"]:
            break
        assert time.monotonic() < deadline, result
    (subject,) = found["subjects"]
    assert (subject["subject"], subject["connectors"], subject["versions"]) == ("works-value", ["works"], [1])
    assert found["url"] == pipeline.registry.compatible
    assert health(pipeline, "works") == {}


def test_a_rejected_schema_is_the_cause_of_the_failed_task(pipeline: Pipeline) -> None:
    pipeline.registry.register("rejected-value", ORDER)
    pipeline.registry.set_level("rejected-value", "BACKWARD")
    pipeline.put("rejected")
    await_state(pipeline, "rejected", "FAILED")
    found = health(pipeline, "rejected")
    cause = found["schema_incompatible"]
    assert found["failed_tasks"]["caused_by"] == [cause["id"]]
    assert "subject rejected-value has compatibility BACKWARD and 1 version, newest 1 (id " in cause["message"]
    text = {"name": "rejected", "topic": "rejected", "schema": '"string"', "fail_on_incompatible": False}
    assert run("schema_check", url=pipeline.sandbox.urls, **text)["compatible"] is False


def test_a_registry_that_is_down_is_the_cause_of_the_failed_task(pipeline: Pipeline) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    pipeline.put("down", **{"value.converter.apicurio.registry.url": f"{url}/apis/registry/v2"})
    await_state(pipeline, "down", "FAILED")
    found = health(pipeline, "down")
    cause = found["registry_unreachable"]
    assert (cause["severity"], cause["subject"]) == ("error", f"{url}/apis/ccompat/v7")
    assert "connection refused" in cause["message"]
    assert found["failed_tasks"]["caused_by"] == [cause["id"]]
