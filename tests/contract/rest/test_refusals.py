# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reasons for rejecting a create or change, with the status and the message."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from .client import Connect, path_of

INVALID = "Connector configuration is invalid and contains the following {count} error(s):"
POINTER = (
    "You can also find the above list of errors at the endpoint `/connector-plugins/{connectorType}/config/validate`"
)


def errors_in(message: str) -> list[str]:
    """The lines between the heading and the final hint in the message about an invalid configuration; checks their
    number.
    """
    heading, *errors, pointer = message.split("\n")
    assert heading.startswith("Connector configuration is invalid and contains the following ")
    assert pointer == POINTER
    return errors


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"a": 1}, "Object value (token `JsonToken.START_OBJECT`)"),
        ([1], "Array value (token `JsonToken.START_ARRAY`)"),
    ],
)
def test_a_nested_value_is_a_500_of_the_parser(
    connect: Connect, name: str, source: dict[str, Any], value: Any, found: str
) -> None:
    text = f"Cannot deserialize value of type `java.lang.String` from {found}\n at "
    put = connect.create(name, {**source, "nested": value})
    assert put.status == 500
    assert put.message.startswith(text)
    assert put.message.endswith('(through reference chain: java.util.LinkedHashMap["nested"])')
    post = connect.send("POST", "/connectors", {"name": name, "config": {**source, "nested": value}})
    assert post.status == 500
    assert post.message.startswith(text)
    assert post.message.endswith('CreateConnectorRequest["config"]->java.util.LinkedHashMap["nested"])')


def test_a_null_is_a_400(connect: Connect, name: str, source: dict[str, Any]) -> None:
    for reply in (
        connect.create(name, {**source, "nothing": None}),
        connect.send("POST", "/connectors", {"name": name, "config": {**source, "nothing": None}}),
    ):
        assert reply.status == 400
        assert errors_in(reply.message) == ["Null value can not be supplied as the configuration value."]


def test_another_name_in_the_config_is_a_400(connect: Connect, name: str, source: dict[str, Any]) -> None:
    message = f"Connector name configuration (other) doesn't match connector name in the URL ({name})"
    for reply in (
        connect.create(name, {**source, "name": "other"}),
        connect.send("POST", "/connectors", {"name": name, "config": {**source, "name": "other"}}),
    ):
        assert (reply.status, reply.message) == (400, message)


def test_a_missing_class_is_a_400_that_shows_the_config(connect: Connect, name: str, source: dict[str, Any]) -> None:
    del source["connector.class"]
    reply = connect.create(name, source)
    assert reply.status == 400
    assert reply.message.startswith("Connector config {")
    assert reply.message.endswith("} contains no connector type")
    assert f"topic=topic-{name}" in reply.message


@pytest.mark.parametrize(
    "class_name", ["com.example.Nope{}", "JsonConverter", "filestreamsource{}", " FileStreamSource "]
)
def test_an_unknown_class_is_refused_with_a_list_of_the_installed_classes(
    connect: Connect, name: str, source: dict[str, Any], class_name: str
) -> None:
    """A 400 since 4.1, a 500 before. Once a name has been refused, the text starts with the exception's class."""
    unknown = class_name.format(name)
    reply = connect.create(name, {**source, "connector.class": unknown})
    assert reply.status == (400 if connect.version >= (4, 1) else 500)
    text = f"Failed to find any class that implements Connector and which name matches {unknown}, "
    assert text + "available connectors are: PluginDesc{klass=class org.apache.kafka.connect." in reply.message
    assert "name='org.apache.kafka.connect.file.FileStreamSourceConnector', version='" in reply.message


def test_since_4_1_a_refused_class_is_remembered(connect: Connect, name: str, source: dict[str, Any]) -> None:
    config = {**source, "connector.class": f"com.example.Nope{name}"}
    first, second = (connect.create(name, config).message for _attempt in range(2))
    assert first.startswith("Failed to find any class that implements Connector")
    prefix = "org.apache.kafka.connect.errors.ConnectException: " if connect.version >= (4, 1) else ""
    assert second == prefix + first


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"topic": None}, ['Missing required configuration "topic" which has no default value.']),
        ({"tasks.max": "0"}, ["Invalid value 0 for configuration tasks.max: Value must be at least 1"]),
        (
            {"tasks.max": "many"},
            [
                "Invalid value many for configuration tasks.max: Not a number of type INT",
                "Invalid value null for configuration tasks.max: Value must be non-null",
            ],
        ),
        (
            {"errors.tolerance": "some", "errors.log.enable": "maybe", "config.action.reload": "no"},
            [
                "Invalid value no for configuration config.action.reload: String must be one of: none, restart",
                "Invalid value some for configuration errors.tolerance: String must be one of: none, all",
                "Invalid value maybe for configuration errors.log.enable: Expected value to be either true or false",
            ],
        ),
        (
            {"errors.retry.timeout": "99999999999999999999"},
            ["Invalid value 99999999999999999999 for configuration errors.retry.timeout: Not a number of type LONG"],
        ),
        (
            {"exactly.once.support": "required"},
            ["This worker does not have exactly-once source support enabled."],
        ),
        (
            {"value.converter": "com.example.Nope"},
            [
                "Invalid value com.example.Nope for configuration value.converter: Class com.example.Nope could not be found."
            ],
        ),
        (
            {"value.converter": "org.apache.kafka.connect.json.JsonConverter", "value.converter.schemas.enable": "x"},
            ["Invalid value x for configuration schemas.enable: Expected value to be either true or false"],
        ),
        (
            {"transforms": "t"},
            ['Missing required configuration "transforms.t.type" which has no default value.'],
        ),
        (
            {"transforms": "t", "transforms.t.type": "com.example.Nope"},
            [
                "Invalid value com.example.Nope for configuration transforms.t.type: Class com.example.Nope could not be found."
            ],
        ),
        (
            {"transforms": "t,t", "transforms.t.type": "org.apache.kafka.connect.transforms.Filter"},
            ["Invalid value [t, t] for configuration transforms: Duplicate alias provided."],
        ),
        (
            {
                "transforms": "t",
                "transforms.t.type": "org.apache.kafka.connect.transforms.Filter",
                "transforms.t.negate": "true",
            },
            [
                (
                    "Config 'transforms.t.negate' was provided but there is no config 'transforms.t.predicate' "
                    "defining a predicate to be negated."
                )
            ],
        ),
        (
            {"transforms": "t", "transforms.t.type": "RegexRouter", "transforms.t.regex": "x"},
            ['Missing required configuration "transforms.t.replacement" which has no default value.'],
        ),
    ],
)
def test_an_invalid_config_is_a_400_with_every_error(
    connect: Connect, name: str, source: dict[str, Any], changes: dict[str, Any], errors: list[str]
) -> None:
    config = {key: value for key, value in {**source, **changes}.items() if value is not None}
    reply = connect.create(name, config)
    assert reply.status == 400
    assert errors_in(reply.message) == errors
    assert reply.message.startswith(INVALID.format(count=len(errors)))
    assert connect.send("GET", path_of(name)).status == 404


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"topics": None}, ["Must configure one of topics or topics.regex"] * 2),
        (
            {"topics.regex": "a.*"},
            ["topics and topics.regex are mutually exclusive options, but both are set."] * 2,
        ),
        (
            {"topics": "a,b", "errors.deadletterqueue.topic.name": "b"},
            ["The DLQ topic 'b' may not be included in the list of topics ('topics=[a, b]') consumed by the connector"],
        ),
        (
            {"topics": None, "topics.regex": "("},
            ["Invalid value ( for configuration topics.regex: Invalid regex: Unclosed group near index 1", "("],
        ),
    ],
)
def test_a_sink_needs_topics_or_a_regex(
    connect: Connect, name: str, sink: dict[str, Any], changes: dict[str, Any], errors: list[str]
) -> None:
    config = {key: value for key, value in {**sink, **changes}.items() if value is not None}
    reply = connect.create(name, config)
    assert reply.status == 400
    assert errors_in(reply.message) == errors


def test_since_4_2_a_duplicate_topic_is_refused(connect: Connect, name: str, sink: dict[str, Any]) -> None:
    reply = connect.create(name, {**sink, "topics": "a,a"})
    if connect.version >= (4, 2):
        assert errors_in(reply.message) == ["Configuration 'topics' values must not be duplicated."]
    else:
        assert reply.status == 201


def test_a_plugin_version_that_is_not_installed_is_refused_since_4_1(
    connect: Connect, name: str, source: dict[str, Any]
) -> None:
    asked = f"9.{uuid4().int % 10**9}"  # A second request for the same version causes a NullPointerException.
    reply = connect.create(name, {**source, "connector.plugin.version": asked})
    if connect.version < (4, 1):
        assert reply.status == 201
        return
    text = "Plugin org.apache.kafka.connect.file.FileStreamSourceConnector not found that matches the version range"
    for error in errors_in(reply.message):
        assert error.startswith(f"{text} [{asked},{asked}], available versions: [")


def test_the_second_refusal_of_a_plugin_version_is_a_500_since_4_1(
    connect: Connect, name: str, source: dict[str, Any]
) -> None:
    if connect.version < (4, 1):
        return
    config = {**source, "connector.plugin.version": f"9.{uuid4().int % 10**9}"}
    first, second = (connect.create(name, config) for _attempt in range(2))
    assert (first.status, second.status) == (400, 500)
    assert second.message.endswith('VersionedPluginLoadingException.availableVersions()" is null')


def test_a_reference_to_a_missing_file_is_a_500(connect: Connect, name: str, source: dict[str, Any]) -> None:
    reply = connect.create(name, {**source, "file": "${file:/no/such/file:key}"})
    assert (reply.status, reply.message) == (500, "Could not read properties from file /no/such/file")


def test_a_reference_to_an_unknown_provider_is_treated_as_plain_text(
    connect: Connect, name: str, source: dict[str, Any]
) -> None:
    reply = connect.create(name, {**source, "note": "${vault:secret/x:key}"})
    assert (reply.status, reply.json["config"]["note"]) == (201, "${vault:secret/x:key}")


@pytest.mark.parametrize("body", [b"", b"null"])
def test_a_missing_body_is_a_500_with_a_java_exception(connect: Connect, name: str, body: bytes) -> None:
    put = connect.send("PUT", f"{path_of(name)}/config", body)
    assert (put.status, put.message) == (
        500,
        'Cannot invoke "java.util.Map.get(Object)" because "connectorConfig" is null',
    )
    post = connect.send("POST", "/connectors", body)
    entity = "org.apache.kafka.connect.runtime.rest.entities.CreateConnectorRequest"
    assert (post.status, post.message) == (500, f'Cannot invoke "{entity}.name()" because "createRequest" is null')


def test_a_post_without_config_is_a_500(connect: Connect, name: str) -> None:
    reply = connect.send("POST", "/connectors", {"name": name})
    expected = 'Cannot invoke "java.util.Map.get(Object)" because "connectorConfig" is null'
    assert (reply.status, reply.message) == (500, expected)


def test_a_body_that_is_not_an_object_is_a_500_of_the_parser(connect: Connect, name: str) -> None:
    put = connect.send("PUT", f"{path_of(name)}/config", [])
    assert put.status == 500
    assert put.message.startswith(
        "Cannot deserialize value of type `java.util.LinkedHashMap<java.lang.String,java.lang.String>` from Array value"
    )
    cut = connect.send("PUT", f"{path_of(name)}/config", b"{")
    assert cut.status == 500
    assert cut.message.startswith("Unexpected end-of-input: expected close marker for Object")


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ({"other": 1}, 'Unrecognized field "other" (class '),
        ({"initial_state": "SLEEPING"}, "Cannot construct instance of `"),
    ],
)
def test_a_post_with_an_unknown_field_or_state_is_a_500_of_the_parser(
    connect: Connect, name: str, source: dict[str, Any], field: dict[str, Any], text: str
) -> None:
    reply = connect.send("POST", "/connectors", {"name": name, "config": source, **field})
    assert reply.status == 500
    assert reply.message.startswith(text)
    assert connect.send("GET", path_of(name)).status == 404


def test_an_empty_name_is_a_400(connect: Connect, source: dict[str, Any]) -> None:
    for body in ({"config": source}, {"name": " ", "config": source}):
        reply = connect.send("POST", "/connectors", body)
        assert reply.status == 400
        assert errors_in(reply.message) == ["Invalid value  for configuration name: String may not be empty"]
