# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import InputError
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.planning.known_keys import (
    UnknownKey,
    referenced_plugins,
    unknown_keys,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.rest.plugins import KeyDefinition


def definitions(*names: str) -> dict[str, KeyDefinition]:
    return {name: KeyDefinition(name, "STRING") for name in names}


PLUGIN = definitions("file", "batch.size", "database.hostname", "database.port")
JSON = definitions("schemas.enable", "schemas.cache.size", "decimal.format")
CAST = definitions("spec", "replace.null.with.default")
BASE = {"name": "a", "connector.class": "x.Thing", "file": "f"}
CHAIN = {
    **BASE,
    "transforms": "cast, unwrap",
    "transforms.cast.type": "org.apache.kafka.connect.transforms.Cast$Value",
    "transforms.unwrap.type": "x.Unwrap",
    "predicates": "isFoo",
    "predicates.isFoo.type": "x.TopicNameMatches",
    "value.converter": "org.apache.kafka.connect.json.JsonConverter",
}
PARTS = {
    "transforms.cast.": CAST,
    "transforms.unwrap.": None,
    "predicates.isFoo.": definitions("pattern"),
    "value.converter.": JSON,
}


def unknown(config: dict[str, str], kind: str = "source", *patterns: str) -> tuple[UnknownKey, ...]:
    return unknown_keys({**CHAIN, **config}, PLUGIN, kind, PARTS, patterns)


def test_the_plugins_named_in_a_config_are_found() -> None:
    assert referenced_plugins(CHAIN) == {
        "value.converter.": "org.apache.kafka.connect.json.JsonConverter",
        "transforms.cast.": "org.apache.kafka.connect.transforms.Cast$Value",
        "transforms.unwrap.": "x.Unwrap",
        "predicates.isFoo.": "x.TopicNameMatches",
    }
    assert referenced_plugins({"transforms": "a,,b", "transforms.b.type": ""}) == {}


@pytest.mark.parametrize(
    "key",
    [
        "batch.size",
        "tasks.max",
        "tasks.max.enforce",
        "connector.plugin.version",
        "errors.tolerance",
        "producer.override.acks",
        "consumer.override.max.poll.records",
        "admin.override.client.id",
        "config.providers.file.class",
        "transforms.cast.spec",
        "transforms.cast.predicate",
        "transforms.cast.negate",
        "transforms.cast.plugin.version",
        "transforms.unwrap.what.ever",
        "predicates.isFoo.pattern",
        "predicates.isFoo.plugin.version",
        "value.converter.schemas.enable",
        "value.converter.plugin.version",
        "topic.creation.groups",
        "topic.creation.default.partitions",
        "topic.creation.default.cleanup.policy",
        "exactly.once.support",
    ],
)
def test_known_keys_have_no_problem(key: str) -> None:
    assert unknown({key: "x"}) == ()


@pytest.mark.parametrize(
    ("key", "nearest", "plugin"),
    [
        ("task.max", "tasks.max", ""),
        ("database.host.name", "database.hostname", ""),
        ("errors.tolerence", "errors.tolerance", ""),
        ("transforms.cast.specs", "transforms.cast.spec", CHAIN["transforms.cast.type"]),
        ("transforms.cast.predicat", "transforms.cast.predicate", CHAIN["transforms.cast.type"]),
        ("predicates.isFoo.patern", "predicates.isFoo.pattern", "x.TopicNameMatches"),
        ("value.converter.schema.enable", "value.converter.schemas.enable", CHAIN["value.converter"]),
        ("exactly.once.suport", "exactly.once.support", ""),
        ("something.else.altogether", "", ""),
    ],
)
def test_an_unknown_key_is_reported_with_the_nearest_known_key(key: str, nearest: str, plugin: str) -> None:
    assert unknown({key: "x"}) == (UnknownKey(key, nearest, plugin=plugin),)


def test_a_key_that_is_already_set_is_not_suggested() -> None:
    assert unknown({"tasks.max": "1", "task.max": "2"}) == (UnknownKey("task.max"),)


def test_aliases_must_be_listed() -> None:
    assert unknown({"transforms.unwarp.drop": "x", "predicates.bar.type": "y"}) == (
        UnknownKey("predicates.bar.type", reason='predicates lists no "bar"'),
        UnknownKey("transforms.unwarp.drop", "transforms.unwrap.drop", 'transforms lists no "unwarp"'),
    )


def test_aliases_may_have_dots() -> None:
    config = {**BASE, "transforms": "a.b", "transforms.a.b.type": "x", "transforms.a.b.spec": "y"}
    assert unknown_keys(config, PLUGIN, "sink", {"transforms.a.b.": CAST}) == ()


def test_topic_creation_groups_must_be_listed() -> None:
    config = {"topic.creation.groups": "logs", "topic.creation.logs.include": "x", "topic.creation.log.partitions": "1"}
    assert unknown(config) == (
        UnknownKey(
            "topic.creation.log.partitions", "topic.creation.logs.partitions", 'topic.creation.groups lists no "log"'
        ),
    )


def test_converter_keys_without_their_converter_have_no_effect() -> None:
    assert unknown({"key.converter.schemas.enable": "false"}) == (
        UnknownKey("key.converter.schemas.enable", reason="it has no effect unless key.converter is set beside it"),
    )


def test_keys_of_the_other_connector_type_are_reported() -> None:
    assert unknown({"topics": "t"}, "source") == (UnknownKey("topics", reason="it is a key of sink connectors"),)
    assert [found.key for found in unknown({"topics": "t", "topic.creation.default.partitions": "1"}, "SINK")] == [
        "topic.creation.default.partitions"
    ]
    assert unknown({"topics": "t", "topic.creation.groups": ""}, "unknown") == ()


def test_patterns_exempt_keys_that_a_plugin_passes_on() -> None:
    assert unknown({"driver.ssl": "x", "extra.a": "y"}, "source", "driver.*", "~extra\\.") == ()
    with pytest.raises(InputError):
        unknown({}, "source", "~(")


DEBEZIUM = {"name": "a", "connector.class": "io.debezium.connector.mysql.MySqlConnector"}
OF_DEBEZIUM = {
    **PLUGIN,
    **definitions("topic.prefix", "table.include.list", "column.mask.with.(d+).chars", "column.mask.(.+).salt.(.+)"),
}


def of_debezium(config: dict[str, str], plugin: dict[str, KeyDefinition] = OF_DEBEZIUM) -> tuple[UnknownKey, ...]:
    return unknown_keys({**DEBEZIUM, **config}, plugin, "source", {})


@pytest.mark.parametrize(
    "key",
    [
        "schema.history.internal.producer.security.protocol",
        "driver.useSSL",
        "database.connectionTimeZone",
        "signal.kafka.topic",
        "topic.delimiter",
        "snapshot.select.statement.overrides.shop.orders",
        "column.mask.with.12.chars",
        "column.mask.SHA-256.salt.x.y",
    ],
)
def test_well_known_plugins_pass_keys_on(key: str) -> None:
    assert of_debezium({key: "x"}) == ()


def test_passed_on_keys_can_still_be_typing_errors() -> None:
    assert of_debezium({"databse.hostname": "x", "database.hostnam": "y"}) == (
        UnknownKey("database.hostnam", "database.hostname"),
        UnknownKey("databse.hostname", "database.hostname"),
    )


def test_plugins_named_in_a_list_have_their_own_keys() -> None:
    own = {**OF_DEBEZIUM, **definitions("converters", "post.processors")}
    config = {"converters": "isbn, bool", "post.processors": "again", "isbn.type": "x", "again.fields": "y"}
    assert of_debezium(config, own) == ()
    assert of_debezium({**config, "isbm.type": "x"}, own) == (UnknownKey("isbm.type"),)


@pytest.mark.parametrize(
    ("previous", "now"),
    [
        ("database.server.name", "topic.prefix"),
        ("database.history.kafka.topic", "schema.history.internal.kafka.topic"),
        ("table.whitelist", "table.include.list"),
        ("column.blacklist", "column.exclude.list"),
    ],
)
def test_renamed_keys_are_reported_with_the_current_name_if_the_plugin_has_it(previous: str, now: str) -> None:
    assert of_debezium({previous: "x"}) == (UnknownKey(previous, now),)
    first_release = definitions("table.whitelist", "column.blacklist", "database.server.name")
    assert of_debezium({previous: "x"}, first_release) == ()


def test_well_known_converters_pass_keys_on() -> None:
    config = {
        **BASE,
        "value.converter": "io.confluent.connect.avro.AvroConverter",
        "value.converter.schema.registry.ssl.truststore.location": "x",
        "value.converter.auto.register.schemas": "false",
        "value.converter.schemas.enabel": "x",
    }
    parts = {"value.converter.": definitions("schema.registry.url", "schemas.enable")}
    assert unknown_keys(config, PLUGIN, "source", parts) == (
        UnknownKey(
            "value.converter.schemas.enabel",
            "value.converter.schemas.enable",
            plugin="io.confluent.connect.avro.AvroConverter",
        ),
    )


def test_schemas_enable_is_known_for_every_converter() -> None:
    """Guides write it next to StringConverter, too, where it has no effect and does no harm."""
    config = {**BASE, "key.converter": "x.StringConverter", "key.converter.schemas.enable": "false"}
    assert unknown_keys(config, PLUGIN, "source", {"key.converter.": definitions("converter.encoding")}) == ()


def test_a_plugin_named_by_an_alias_passes_on_the_same_keys() -> None:
    full = "org.apache.kafka.connect.mirror.MirrorCheckpointConnector"
    config = {"name": "a", "connector.class": "MirrorCheckpoint", "source.cluster.bootstrap.servers": "x"}
    assert unknown_keys(config, PLUGIN, "source", {}, (), {"MirrorCheckpoint": full}) == ()
    assert unknown_keys(config, PLUGIN, "source", {}) == (UnknownKey("source.cluster.bootstrap.servers"),)


def test_any_key_is_allowed_for_a_plugin_without_definitions() -> None:
    parts = {**PARTS, "value.converter.": {}}
    assert unknown_keys({**CHAIN, "value.converter.any": "x"}, PLUGIN, "source", parts) == ()


def test_any_key_is_allowed_for_a_connector_without_definitions() -> None:
    """Except for obvious typing errors in a key of the framework."""
    config = {**BASE, "throughput": "5", "task.max": "1"}
    assert unknown_keys(config, {}, "source", {}) == (UnknownKey("task.max", "tasks.max"),)
    assert unknown_keys(config, definitions("tasks.max", "topics", "key.converter.plugin.version"), "sink", {}) == (
        UnknownKey("task.max", "tasks.max"),
    )
    assert len(unknown_keys(config, definitions("file"), "source", {})) == 2
