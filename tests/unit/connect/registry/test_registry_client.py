# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests to a registry, and what its answers mean."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import RequestError
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.registry import registry_client
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.registry.registry_client import (
    RegistryClient,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.rest.connection import Connection
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.rest.transport import Transport
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.run import Run
from testing.fake_registry import FakeRegistry

SCHEMA = {"type": "record", "name": "Order", "fields": [{"name": "id", "type": "long"}]}


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeRegistry]:
    monkeypatch.setattr(registry_client, "backoff", lambda _attempt: 0.01)
    with FakeRegistry({"orders-value": [SCHEMA, SCHEMA, SCHEMA], "odd / name": [SCHEMA]}) as running:
        yield running


def client(*urls: str, **options: Any) -> RegistryClient:
    return RegistryClient(Transport(Connection(urls, **options)), Run())


def test_a_subject_has_its_versions_and_the_global_level(registry: FakeRegistry) -> None:
    found = client(registry.url).subject("orders-value", newest=2)
    assert found is not None
    assert (found.numbers, found.compatibility, found.has_own_level) == ((1, 2, 3), "BACKWARD", False)
    assert [(version.number, version.id, version.type) for version in found.newest] == [
        (3, 103, "AVRO"),
        (2, 102, "AVRO"),
    ]


def test_a_level_of_its_own_counts(registry: FakeRegistry) -> None:
    registry.levels["odd / name"] = "FULL"
    found = client(registry.url).subject("odd / name", newest=0)
    assert found is not None
    assert (found.compatibility, found.has_own_level, found.newest) == ("FULL", True, ())


def test_a_subject_that_does_not_exist_is_none(registry: FakeRegistry) -> None:
    assert client(registry.url).subject("nothing-value") is None


def test_the_next_url_is_asked_when_one_refuses(registry: FakeRegistry) -> None:
    asking = client("http://127.0.0.1:1", registry.url)
    assert asking.names() == ("odd / name", "orders-value")
    assert (asking.requests, asking.retries, asking.workers.current) == (2, 1, registry.url)


def test_a_failure_is_repeated_once(registry: FakeRegistry) -> None:
    registry.replies = [(503, {"error_code": 50301, "message": "not the leader"})]
    assert client(registry.url).global_level() == "BACKWARD"
    registry.replies = [(503, {"error_code": 50301, "message": "not the leader"})] * 9
    with pytest.raises(RequestError) as raised:
        client(registry.url).global_level()
    assert (raised.value.kind, raised.value.error_code) == ("registry_failed", 50301)
    assert raised.value.reason == "HTTP 503: not the leader"


@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        ((401, {"error_code": 401, "message": "Unauthorized"}), "authentication_failed", "HTTP 401: Unauthorized"),
        ((403, "<html><title>Stop</title></html>"), "not_permitted", 'a web page titled "Stop"'),
        (
            (200, "<html><title>Shop</title></html>"),
            "registry_failed",
            "this is not the API of a schema registry (HTTP 200)",
        ),
        ((404, "Not found"), "registry_failed", "this is not the API of a schema registry (HTTP 404)"),
        ((302, ""), "registry_failed", "HTTP 302"),
    ],
)
def test_other_answers_are_failures_at_once(registry: FakeRegistry, reply: Any, kind: str, words: str) -> None:
    registry.replies = [reply]
    with pytest.raises(RequestError) as raised:
        client(registry.url).global_level()
    assert (raised.value.kind, len(registry.asked)) == (kind, 1)
    assert words in raised.value.reason


def test_a_refused_connection_has_its_own_kind() -> None:
    with pytest.raises(RequestError) as raised:
        client("http://127.0.0.1:1").global_level()
    assert (raised.value.kind, raised.value.http_status) == ("connection_refused", 0)


def test_answers_of_other_shapes_are_no_crash(registry: FakeRegistry) -> None:
    asking = client(registry.url)
    registry.replies = [(200, {"a": 1}), (200, [1, 2])]
    with pytest.raises(RequestError):
        asking.names()
    assert asking.global_level() == ""
    registry.replies = [(200, ["x", 1]), (200, []), (200, None), (200, {"version": "1"})]
    found = asking.subject("orders-value")
    assert found is not None
    assert (found.numbers, found.compatibility, found.newest) == ((1,), "", ())


def test_the_registry_says_whether_it_accepts_a_schema(registry: FakeRegistry) -> None:
    reasons = ["READER_FIELD_MISSING_DEFAULT_VALUE", "x" * 5000]
    registry.accepts = lambda _subject, _schema: (200, {"is_compatible": False, "messages": reasons})
    verdict = client(registry.url).accepts("orders-value", {"schema": "{}"})
    assert (verdict.is_compatible, verdict.is_valid, verdict.is_new) == (False, True, False)
    assert [len(text) for text in verdict.reasons] == [34, 300]
    assert registry.asked[-1][:2] == ("POST", "/compatibility/subjects/orders-value/versions?verbose=true")


def test_the_one_reason_of_apicurio_is_a_reason_too(registry: FakeRegistry) -> None:
    answers = [{"is_compatible": False, "reason": "reader type: STRING"}, {"is_compatible": True, "reason": None}]
    registry.accepts = lambda _subject, _schema: (200, answers.pop(0))
    assert client(registry.url).accepts("orders-value", {"schema": "{}"}).reasons == ("reader type: STRING",)
    assert client(registry.url).accepts("orders-value", {"schema": "{}"}).reasons == ()


def test_a_schema_that_cannot_be_parsed_is_not_accepted(registry: FakeRegistry) -> None:
    registry.accepts = lambda _subject, _schema: (422, {"error_code": 42201, "message": "Invalid schema"})
    verdict = client(registry.url).accepts("orders-value", {"schema": "x"})
    assert (verdict.is_compatible, verdict.is_valid, verdict.reasons) == (False, False, ("Invalid schema",))


def test_a_new_subject_accepts_any_schema(registry: FakeRegistry) -> None:
    verdict = client(registry.url).accepts("new-value", {"schema": "{}"})
    assert (verdict.is_compatible, verdict.is_new) == (True, True)
