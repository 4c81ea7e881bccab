# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import InputError
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.known_keys import (
    UnknownKey,
    referenced_plugins,
    unknown_keys,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.model import KeyDefinition


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


def test_the_plugins_that_a_config_names() -> None:
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
def test_what_is_known(key: str) -> None:
    assert unknown({key: "x"}) == ()


@pytest.mark.parametrize(
    ("key", "nearest"),
    [
        ("task.max", "tasks.max"),
        ("database.host.name", "database.hostname"),
        ("errors.tolerence", "errors.tolerance"),
        ("transforms.cast.specs", "transforms.cast.spec"),
        ("transforms.cast.predicat", "transforms.cast.predicate"),
        ("predicates.isFoo.patern", "predicates.isFoo.pattern"),
        ("value.converter.schema.enable", "value.converter.schemas.enable"),
        ("exactly.once.suport", "exactly.once.support"),
        ("something.else.altogether", ""),
    ],
)
def test_what_is_not_known_comes_with_the_nearest(key: str, nearest: str) -> None:
    assert unknown({key: "x"}) == (UnknownKey(key, nearest),)


def test_a_key_that_is_set_already_was_not_meant() -> None:
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


def test_converter_keys_without_the_converter_have_no_effect() -> None:
    assert unknown({"key.converter.schemas.enable": "false"}) == (
        UnknownKey("key.converter.schemas.enable", reason="it has no effect unless key.converter is set beside it"),
    )


def test_keys_of_the_other_kind() -> None:
    assert unknown({"topics": "t"}, "source") == (UnknownKey("topics", reason="it is a key of sink connectors"),)
    assert [found.key for found in unknown({"topics": "t", "topic.creation.default.partitions": "1"}, "SINK")] == [
        "topic.creation.default.partitions"
    ]
    assert unknown({"topics": "t", "topic.creation.groups": ""}, "unknown") == ()


def test_patterns_spare_what_a_plugin_passes_on() -> None:
    assert unknown({"driver.ssl": "x", "extra.a": "y"}, "source", "driver.*", "~extra\\.") == ()
    with pytest.raises(InputError):
        unknown({}, "source", "~(")


def test_well_known_plugins_pass_keys_on() -> None:
    config = {
        "name": "a",
        "connector.class": "io.debezium.connector.mysql.MySqlConnector",
        "schema.history.internal.producer.security.protocol": "SSL",
        "driver.useSSL": "true",
        "databse.hostname": "x",
    }
    assert unknown_keys(config, PLUGIN, "source", {}) == (UnknownKey("databse.hostname", "database.hostname"),)


def test_well_known_converters_pass_keys_on() -> None:
    config = {
        **BASE,
        "value.converter": "io.confluent.connect.avro.AvroConverter",
        "value.converter.schema.registry.ssl.truststore.location": "x",
        "value.converter.schemas.enabel": "x",
    }
    parts = {"value.converter.": definitions("schema.registry.url", "schemas.enable")}
    assert unknown_keys(config, PLUGIN, "source", parts) == (
        UnknownKey("value.converter.schemas.enabel", "value.converter.schemas.enable"),
    )


def test_a_plugin_that_defines_nothing_reads_what_it_likes() -> None:
    parts = {**PARTS, "value.converter.": {}}
    assert unknown_keys({**CHAIN, "value.converter.any": "x"}, PLUGIN, "source", parts) == ()
