# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""schema_registry_info and schema_check: what they read, what they return, and what they reject."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from testing.ansible_runs.in_process import make_action
from testing.fake_connect import FakeCluster
from testing.fake_registry import FakeRegistry
from tests.contract.modules.shapes import misfits
from tests.unit.connect.support import file_source, written

ORDER = {"type": "record", "name": "Order", "fields": [{"name": "id", "type": "long"}]}


@pytest.fixture
def registry() -> Iterator[FakeRegistry]:
    with FakeRegistry(
        {"orders-key": [{"type": "string"}], "orders-value": [ORDER, ORDER], "payments-value": [ORDER]}
    ) as running:
        yield running


def run(module: str, **options: Any) -> dict[str, Any]:
    result: dict[str, Any] = make_action(module, options).run(task_vars={})
    assert misfits(module, result) == []
    return result


def info(**options: Any) -> dict[str, Any]:
    return run("schema_registry_info", **options)


def subjects(result: dict[str, Any]) -> list[str]:
    return [entry["subject"] for found in result["registries"] for entry in found["subjects"]]


def with_registry(fake: FakeCluster, registry: FakeRegistry, name: str = "orders", **more: str) -> None:
    config = {**file_source(), "topic": name, "value.converter.schema.registry.url": registry.url}
    fake.connectors.put(name, {**config, **more})


# schema_registry_info


def test_the_schemas_of_a_topic_are_returned(registry: FakeRegistry) -> None:
    registry.levels["orders-value"] = "FULL"
    result = info(topic="orders", newest_versions=1, registry={"url": registry.url})
    (found,) = result["registries"]
    assert (found["url"], found["compatibility"], found["connectors"]) == (registry.url, "BACKWARD", [])
    assert subjects(result) == ["orders-key", "orders-value"]
    value = found["subjects"][1]
    assert (value["topic"], value["versions"], value["compatibility"], value["has_own_level"]) == (
        "orders",
        [1, 2],
        "FULL",
        True,
    )
    assert [(one["version"], one["id"], one["type"]) for one in value["newest"]] == [(2, 102, "AVRO")]
    assert result["changed"] is False
    assert result["run"]["requests"] == len(registry.asked)


def test_subjects_are_selected_by_name_and_pattern(registry: FakeRegistry) -> None:
    result = info(subject=["*-value", "missing"], newest_versions=0, registry={"url": registry.url})
    assert (subjects(result), result["missing"]) == (["orders-value", "payments-value"], ["missing"])
    assert all(entry["newest"] == [] for entry in result["registries"][0]["subjects"])


def test_without_a_selection_all_subjects_are_returned(registry: FakeRegistry) -> None:
    assert len(subjects(info(registry={"url": registry.url}))) == 3


def test_a_topic_without_a_subject_is_missing(registry: FakeRegistry) -> None:
    assert info(topic=["orders", "nothing"], registry={"url": registry.url})["missing"] == ["nothing"]


def test_the_registry_and_the_topics_of_a_connector_are_found(fake: FakeCluster, registry: FakeRegistry) -> None:
    with_registry(fake, registry)
    with_registry(fake, registry, "payments", **{"value.converter.value.subject.name.strategy": "x.RecordNameStrategy"})
    fake.connectors.put("plain", file_source())
    fake.connectors.set_topics("orders", ["orders"])
    result = info(url=fake.urls, name="*")
    (found,) = result["registries"]
    assert (subjects(result), found["connectors"]) == (["orders-value"], ["orders", "payments"])
    assert found["subjects"][0]["connectors"] == ["orders"]
    assert result["undetermined"] == [{"connector": "payments", "part": "value", "strategy": "RecordNameStrategy"}]
    assert result["run"]["worker"] in fake.urls
    assert written(fake) == []


def test_a_connector_without_a_registry_is_no_failure(fake: FakeCluster) -> None:
    fake.connectors.put("plain", file_source())
    assert info(url=fake.urls, name="plain")["registries"] == []


def test_a_registry_that_refuses_fails_the_task(registry: FakeRegistry) -> None:
    registry.login = "ada:cake-of-the-registry"
    refused = info(topic="orders", registry={"url": registry.url})
    assert (refused["failed"], refused["error"]["kind"], refused["error"]["http_status"]) == (
        True,
        "authentication_failed",
        401,
    )
    assert "registry.url_username" in refused["error"]["advice"]
    login = {"url_username": "ada", "url_password": "cake-of-the-registry"}
    result = info(topic="orders", registry={"url": registry.url, **login})
    assert subjects(result) == ["orders-key", "orders-value"]
    assert "cake-of-the-registry" not in str(result)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "registry.url is missing: give the URL of a registry, or name the connectors that use it"),
        ({"name": "a", "topic": "b"}, "name is given together with subject or topic"),
        (
            {"newest_versions": 101, "registry": {"url": "http://r"}},
            "newest_versions is 101: give a number from 0 to 100",
        ),
        ({"registry": {"url": "http://ada:cake@r"}}, 'registry.url "r" contains a user name'),
        ({"subject": ["~("], "registry": {"url": "http://127.0.0.1:1"}}, 'pattern "~(" is not a regular expression'),
    ],
)
def test_invalid_options_are_rejected(options: dict[str, Any], words: str) -> None:
    result = info(**options)
    assert result["error"]["kind"] == "invalid_input"
    assert words in result["msg"]


def test_a_name_that_does_not_exist_is_rejected(fake: FakeCluster) -> None:
    result = info(url=fake.urls, name=["orders"])
    assert 'connector "orders" does not exist' in result["msg"]


# schema_check


def check(**options: Any) -> dict[str, Any]:
    return run("schema_check", **options)


def test_a_schema_that_would_be_accepted_is_no_failure(registry: FakeRegistry) -> None:
    result = check(topic="orders", schema=ORDER, registry={"url": registry.url})
    assert (result["compatible"], result["subject"], result["latest_version"]) == (True, "orders-value", 2)
    assert result["msg"].endswith('would accept this schema for subject "orders-value" (compatibility BACKWARD)')
    assert not result.get("failed")


def test_a_schema_that_would_be_rejected_is_a_failure_with_the_reasons(registry: FakeRegistry) -> None:
    registry.accepts = lambda _subject, _schema: (200, {"is_compatible": False, "messages": ["note has no default"]})
    result = check(subject="orders-value", schema="{}", registry={"url": registry.url})
    assert (result["failed"], result["error"]["kind"], result["reasons"]) == (
        True,
        "schema_rejected",
        ["note has no default"],
    )
    assert "(compatibility BACKWARD): note has no default" in result["msg"]
    tolerated = check(subject="orders-value", schema="{}", fail_on_incompatible=False, registry={"url": registry.url})
    assert (tolerated.get("failed", False), tolerated["compatible"]) == (False, False)


def test_a_schema_that_is_none_is_named_as_such(registry: FakeRegistry) -> None:
    registry.accepts = lambda _subject, _schema: (
        422,
        {"error_code": 42201, "message": "Either the input schema is invalid"},
    )
    result = check(subject="orders-value", schema="nonsense", registry={"url": registry.url})
    assert (result["valid"], result["error"]["kind"]) == (False, "schema_rejected")
    assert "would not understand this schema" in result["msg"]


def test_a_new_subject_is_reported_as_new(registry: FakeRegistry) -> None:
    result = check(topic="new", part="key", schema={"type": "string"}, registry={"url": registry.url})
    assert (result["compatible"], result["new_subject"], result["subject"], result["latest_version"]) == (
        True,
        True,
        "new-key",
        None,
    )


def test_the_format_and_references_are_sent(registry: FakeRegistry) -> None:
    seen: list[Any] = []

    def accept(_subject: str, schema: Any) -> tuple[int, Any]:
        seen.append(schema)
        return 200, {"is_compatible": True}

    registry.accepts = accept
    references = [{"name": "Money", "subject": "money", "version": 3}]
    check(
        subject="orders-value",
        schema="syntax",
        schema_type="PROTOBUF",
        references=references,
        registry={"url": registry.url},
    )
    assert seen == [{"schema": "syntax", "schemaType": "PROTOBUF", "references": references}]


def test_the_registry_may_come_from_a_connector(fake: FakeCluster, registry: FakeRegistry) -> None:
    with_registry(fake, registry)
    assert check(url=fake.urls, name="orders", topic="orders", schema=ORDER)["registry_url"] == registry.url
    missing = check(url=fake.urls, name="orders", part="key", topic="orders", schema=ORDER)
    assert 'connector "orders" names no schema registry for its keys' in missing["msg"]
    with_registry(fake, registry, "payments", **{"value.converter.value.subject.name.strategy": "x.RecordNameStrategy"})
    unknown = check(url=fake.urls, name="payments", topic="payments", schema=ORDER)
    assert "names subjects by RecordNameStrategy, not by the topic: give subject" in unknown["msg"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"subject": "a", "schema": "{}"}, "registry.url is missing"),
        ({"subject": " ", "schema": "{}", "registry": {"url": "http://r"}}, "subject is empty"),
        ({"subject": "a", "schema": " ", "registry": {"url": "http://r"}}, "schema is empty"),
    ],
)
def test_invalid_options_of_the_check_are_rejected(options: dict[str, Any], words: str) -> None:
    result = check(**options)
    assert result["error"]["kind"] == "invalid_input"
    assert words in result["msg"]
