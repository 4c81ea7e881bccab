# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What well-known plugins read beyond the keys they define: what they hand on to drivers, clients and parts of their own.

Found by comparing the keys that their documentation and code know with those that a worker tells. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..patterns import any_match

# Defined by one or the other of MirrorMaker's three connectors; they are usually given one set of keys together.
_MIRROR = (
    "groups",
    "groups.exclude",
    "group.filter.class",
    "topics",
    "topics.exclude",
    "topic.filter.class",
    "config.properties.exclude",
    "config.property.filter.class",
    "replication.factor",
    "offset.lag.max",
    "consumer.poll.timeout.ms",
    "heartbeats.replication.enabled",
    "emit.heartbeats.enabled",
    "emit.heartbeats.interval.seconds",
    "emit.checkpoints.enabled",
    "emit.checkpoints.interval.seconds",
    "emit.offset-syncs.enabled",
    "refresh.topics.enabled",
    "refresh.topics.interval.seconds",
    "refresh.groups.enabled",
    "refresh.groups.interval.seconds",
    "sync.group.offsets.enabled",
    "sync.group.offsets.interval.seconds",
    "sync.topic.acls.enabled",
    "sync.topic.acls.interval.seconds",
    "sync.topic.configs.enabled",
    "sync.topic.configs.interval.seconds",
    "heartbeats.topic.replication.factor",
    "checkpoints.topic.replication.factor",
)

# Debezium (2.x and 3.x) reads these, but leaves them out of the definitions of some or all of its connectors.
_DEBEZIUM = (
    "binary.handling.mode",
    "capture.*",
    "cursor.*",
    "errors.max.retries",
    "errors.retry.delay.initial.ms",
    "event.converting.failure.handling.mode",
    "field.name.adjustment.mode",
    "filters.match.mode",
    "guardrail.collections.*",
    "heartbeat.action.query",
    "include.schema.changes",
    "incremental.snapshot.*",
    "money.fraction.digits",
    "mongodb.authentication.class",
    "mongodb.ssl.*",
    "query.fetch.size",
    "read.only",
    "schema.history.internal",
    "signal.file",
    "skip.messages.without.change",
    "snapshot.locking.mode",
    "snapshot.locking.mode.custom.name",
    "snapshot.query.mode",
    "snapshot.query.mode.custom.name",
    "sqlserver.agent.status.query",
    "topic.cache.size",
    "topic.delimiter",
    "topic.heartbeat.prefix",
    "topic.key.*",
    "topic.regex",
    "topic.replacement",
    "topic.transaction",
    "unavailable.value.placeholder",
    # Handed on, to JDBC drivers, Kafka clients and parts that users choose.
    "database.*",
    "driver.*",
    "internal.*",
    "notification.*",
    "offset.storage.*",
    "openlineage.integration.dataset.*",
    "schema.history.internal.*",
    "signal.consumer.*",
    "signal.kafka.*",
    "snapshot.select.statement.overrides.*",
)

_DEBEZIUM_SINKS = (
    "collection.naming.strategy.*",
    "column.naming.strategy.*",
    "connection.*",
    "hibernate.*",
    "openlineage.integration.*",
    "use.reduction.buffer",
)

_BY_CLASS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("io.debezium.connector.*", _DEBEZIUM),
    ("io.debezium.connector.*SinkConnector", _DEBEZIUM_SINKS),
    ("io.debezium.transforms.ByLogicalTableRouter", ("key.field.name", "schema.name.adjustment.mode")),
    (
        "org.apache.kafka.connect.mirror.*",
        (
            *_MIRROR,
            "source.*",
            "target.*",
            "producer.*",
            "consumer.*",
            "admin.*",
            "replication.policy.*",
            "config.property.*",
            "offset-syncs.*",
        ),
    ),
    ("io.confluent.connect.jdbc.*", ("connection.*",)),
    ("io.aiven.connect.jdbc.*", ("connection.*",)),
    ("io.aiven.*", ("schema.registry.*",)),
    ("com.mongodb.kafka.connect.*", ("topic.override.*",)),
    ("io.confluent.connect.replicator.*", ("src.*", "dest.*")),
    ("io.confluent.connect.s3.*", ("s3.credentials.provider.*",)),
    # The converters of a schema registry hand all they are given to their serializers.
    ("io.confluent.connect.avro.*", ("*",)),
    ("io.confluent.connect.json.*", ("*",)),
    ("io.confluent.connect.protobuf.*", ("*",)),
    ("io.apicurio.registry.utils.converter.*", ("*",)),
    ("com.amazonaws.services.schemaregistry.*", ("*",)),
    ("io.confluent.*", ("confluent.*", "reporter.*", "schema.registry.*", "value.subject.*", "key.subject.*")),
    ("org.apache.camel.kafkaconnector.*", ("camel.*",)),
    ("*.iceberg.connect.*", ("iceberg.*",)),
    ("org.neo4j.connectors.kafka.*", ("neo4j.*",)),
)

_PARTS_NAMED_BY: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("io.debezium.connector.*", ("converters", "post.processors")),
)
"""Keys that list names, each of which is the prefix of the keys of a part."""

# Debezium 2.0 renamed these; a worker passes over the former names without a word.
_RENAMED_BY_DEBEZIUM: Mapping[str, str] = {
    "database.server.name": "topic.prefix",
    "mongodb.name": "topic.prefix",
    "mongodb.hosts": "mongodb.connection.string",
    "mongodb.members.auto.discover": "mongodb.connection.string",
    "database.history": "schema.history.internal",
}
_RENAMED_ENDS = ((".whitelist", ".include.list"), (".blacklist", ".exclude.list"))
_RENAMED_PREFIX = ("database.history.", "schema.history.internal.")


def passed_on(plugin_class: str) -> list[str]:
    """Patterns of the keys that this plugin reads though it does not define them. `plugin_class`: the full name."""
    return [pattern for classes, patterns in _BY_CLASS if any_match([classes])(plugin_class) for pattern in patterns]


def keys_naming_parts(plugin_class: str) -> list[str]:
    """Keys of this plugin whose values are lists of names; all keys that begin with such a name and a dot are read."""
    return [key for classes, keys in _PARTS_NAMED_BY if any_match([classes])(plugin_class) for key in keys]


def renamed(plugin_class: str, key: str) -> str:
    """The present name of a key that this plugin once read; empty when it is none."""
    if not plugin_class.startswith("io.debezium.connector."):
        return ""
    if key in _RENAMED_BY_DEBEZIUM:
        return _RENAMED_BY_DEBEZIUM[key]
    former, now = _RENAMED_PREFIX
    if key.startswith(former):
        return now + key.removeprefix(former)
    return next((key.removesuffix(end) + new for end, new in _RENAMED_ENDS if key.endswith(end)), "")
