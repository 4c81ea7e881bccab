# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PUT /connector-plugins/{plugin}/config/validate."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .client import Connect, Reply

Config = dict[str, Any]

BAD_REQUEST = "org.apache.kafka.connect.runtime.rest.errors.BadRequestException: "


def validate(connect: Connect, config: Config | None, plugin: str = "FileStreamSource") -> Reply:
    return connect.send("PUT", f"/connector-plugins/{plugin}/config/validate", config)


def errors(reply: Reply) -> dict[str, list[str]]:
    """The errors by key in the response of a validation; checks that their number is the reported one."""
    assert reply.status == 200
    found = {entry["value"]["name"]: entry["value"]["errors"] for entry in reply.json["configs"]}
    assert reply.json["error_count"] == sum(len(messages) for messages in found.values())
    return {name: messages for name, messages in found.items() if messages}


def values(reply: Reply) -> dict[str, Any]:
    return {entry["value"]["name"]: entry["value"]["value"] for entry in reply.json["configs"]}


def test_a_valid_config_has_no_errors(connect: Connect, name: str, source: Config) -> None:
    reply = validate(connect, {**source, "name": name})
    assert errors(reply) == {}
    assert sorted(reply.json) == ["configs", "error_count", "groups", "name"]
    assert reply.json["name"] == "FileStreamSource"
    assert {"Common", "Transforms", "Predicates", "Error Handling", "Topic Creation"} <= set(reply.json["groups"])
    for entry in reply.json["configs"]:
        assert sorted(entry) == ["definition", "value"]
        assert sorted(entry["value"]) == ["errors", "name", "recommended_values", "value", "visible"]
    shown = values(reply)
    assert (shown["name"], shown["tasks.max"], shown["batch.size"]) == (name, "1", "2000")


def test_the_name_is_required(connect: Connect, source: Config) -> None:
    missing = 'Missing required configuration "name" which has no default value.'
    assert errors(validate(connect, source)) == {"name": [missing]}


def test_invalid_values_are_reported_with_a_200(connect: Connect, name: str, source: Config) -> None:
    config = {**source, "name": name, "tasks.max": "many", "errors.tolerance": "some"}
    assert errors(validate(connect, config)) == {
        "tasks.max": [
            "Invalid value many for configuration tasks.max: Not a number of type INT",
            "Invalid value null for configuration tasks.max: Value must be non-null",
        ],
        "errors.tolerance": ["Invalid value some for configuration errors.tolerance: String must be one of: none, all"],
    }


def test_an_unknown_key_is_not_reported(connect: Connect, name: str, source: Config) -> None:
    reply = validate(connect, {**source, "name": name, "fiel": "/x"})
    assert errors(reply) == {}
    assert "fiel" not in values(reply)


def test_a_null_is_an_error_without_definition(connect: Connect, name: str, source: Config) -> None:
    reply = validate(connect, {**source, "name": name, "nothing": None})
    assert errors(reply) == {"nothing": ["Null value can not be supplied as the configuration value."]}
    entry = next(entry for entry in reply.json["configs"] if entry["value"]["name"] == "nothing")
    assert entry["definition"] is None


def test_transforms_predicates_and_converters_show_their_keys(connect: Connect, name: str, source: Config) -> None:
    config = {
        **source,
        "name": name,
        "transforms": "route,drop",
        "transforms.route.type": "org.apache.kafka.connect.transforms.RegexRouter",
        "transforms.route.regex": "a",
        "transforms.route.replacement": "b",
        "transforms.drop.type": "org.apache.kafka.connect.transforms.Filter",
        "transforms.drop.predicate": "match",
        "predicates": "match",
        "predicates.match.type": "org.apache.kafka.connect.transforms.predicates.TopicNameMatches",
        "predicates.match.pattern": "x",
        "value.converter": "org.apache.kafka.connect.json.JsonConverter",
        "value.converter.schemas.enable": "false",
    }
    reply = validate(connect, config)
    assert errors(reply) == {}
    shown = values(reply)
    for key, value in config.items():
        assert shown[key] == value
    assert shown["transforms.route.negate"] == "false"
    assert shown["value.converter.converter.type"] == "value"
    assert {"Transforms: route", "Transforms: drop", "Predicates: match"} <= set(reply.json["groups"])
    versions = {"transforms.route.plugin.version", "predicates.match.plugin.version", "value.converter.plugin.version"}
    assert (versions <= shown.keys()) == (connect.version >= (4, 1))


def test_the_class_may_be_an_alias_or_end_in_the_plugin_of_the_path(
    connect: Connect, name: str, source: Config
) -> None:
    full = "org.apache.kafka.connect.file.FileStreamSourceConnector"
    for class_name in ("FileStreamSource", "FileStreamSourceConnector", full):
        for plugin in ("FileStreamSource", "Source", "FileStreamSourceConnector"):
            config = {**source, "name": name, "connector.class": class_name}
            assert errors(validate(connect, config, plugin)) == {}


@pytest.mark.parametrize(
    ("class_name", "plugin"), [("FileStreamSink", "FileStreamSource"), ("com.example.Nope", "FileStreamSource")]
)
def test_a_class_that_is_not_the_plugin_of_the_path_is_a_400(
    connect: Connect, source: Config, class_name: str, plugin: str
) -> None:
    reply = validate(connect, {**source, "connector.class": class_name}, plugin)
    message = f"Included connector type {class_name} does not match request type {plugin}"
    assert (reply.status, reply.message) == (400, message)


def test_a_missing_class_is_a_500(connect: Connect) -> None:
    reply = validate(connect, {})
    assert (reply.status, reply.message) == (500, f"{BAD_REQUEST}Connector config {{}} contains no connector type")


def test_an_unknown_class_is_a_500(connect: Connect, name: str) -> None:
    unknown = f"com.example.Nope{name}"
    reply = validate(connect, {"connector.class": unknown}, unknown)
    assert reply.status == 500
    prefix = BAD_REQUEST if connect.version >= (4, 1) else "org.apache.kafka.connect.errors.ConnectException: "
    text = f"{prefix}Failed to find any class that implements Connector and which name matches {unknown}, available"
    assert reply.message.startswith(text)


def test_a_body_that_is_not_a_flat_map_is_a_500(connect: Connect, source: Config) -> None:
    nested = validate(connect, {**source, "x": [1]})
    assert nested.status == 500
    assert nested.message.startswith("Cannot deserialize value of type `java.lang.String` from Array value")
    nothing = validate(connect, None)
    assert (nothing.status, nothing.message) == (
        500,
        'Cannot invoke "java.util.Map.get(Object)" because "connectorConfig" is null',
    )


def test_references_are_resolved_in_the_response(connect: Connect, name: str, source: Config, tmp_path: Path) -> None:
    """Up to Kafka 4.3 the response contains the value from a config provider, which must never be shown."""
    secrets = tmp_path / "secrets.properties"
    secrets.write_text("topic=from-the-file\n")
    reply = validate(connect, {**source, "name": name, "topic": f"${{file:{secrets}:topic}}"})
    assert values(reply)["topic"] == "from-the-file"


def test_a_reference_to_a_missing_file_is_a_500(connect: Connect, name: str, source: Config) -> None:
    reply = validate(connect, {**source, "name": name, "topic": "${file:/no/such/file:key}"})
    text = "org.apache.kafka.common.config.ConfigException: Could not read properties from file /no/such/file"
    assert (reply.status, reply.message) == (500, text)
