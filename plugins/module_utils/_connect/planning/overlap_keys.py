# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What identifies the source or the target of a connector, by plugin. Values only.

A row has the classes, without package and without the suffix `Connector`, and one or more sets of keys. Two connectors of a
class have the same source or target if all keys of one of these sets have the same values.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Keys(NamedTuple):
    """`required`: at least one of these keys has a value in both. `same`: keys and their default values. `shared`: lists of
    which an entry is in both, or of which one is absent, which means all.
    """

    same: Mapping[str, str]
    required: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()


def _server(port: str) -> dict[str, str]:
    return {"database.hostname": "", "database.port": port}


_TABLES = ("table.include.list",)
_PREFIX = Keys({"topic.prefix": ""}, ("topic.prefix",))

SOURCES: Mapping[tuple[str, ...], tuple[Keys, ...]] = {
    ("MySql", "MariaDb"): (
        Keys(_server("3306") | {"database.server.id": ""}, ("database.server.id",)),
        Keys(_server("3306"), ("database.hostname",), ("database.include.list", "table.include.list")),
        _PREFIX,
    ),
    ("Postgres",): (
        Keys(_server("5432") | {"database.dbname": "", "slot.name": "debezium"}, ("database.dbname",)),
        Keys(
            _server("5432") | {"database.dbname": ""},
            ("database.dbname",),
            ("schema.include.list", "table.include.list"),
        ),
        _PREFIX,
    ),
    ("SqlServer",): (Keys(_server("1433"), ("database.hostname",), ("database.names", *_TABLES)), _PREFIX),
    ("Oracle",): (
        Keys(_server("1521") | {"database.dbname": "", "database.pdb.name": ""}, ("database.dbname",), _TABLES),
        _PREFIX,
    ),
    ("Db2",): (Keys(_server("50000") | {"database.dbname": ""}, ("database.dbname",), _TABLES), _PREFIX),
    ("MongoDb",): (
        Keys(
            {"mongodb.connection.string": ""},
            ("mongodb.connection.string",),
            ("database.include.list", "collection.include.list"),
        ),
        _PREFIX,
    ),
    ("MongoSource",): (
        Keys({"connection.uri": "", "database": "", "collection": "", "pipeline": "[]"}, ("connection.uri",)),
    ),
    ("JdbcSource",): (
        Keys({"connection.url": "", "query": ""}, ("query",)),
        Keys({"connection.url": "", "query": ""}, ("connection.url",), ("table.whitelist", "table.include.list")),
    ),
    ("FileStreamSource",): (Keys({"file": ""}, ("file",)),),
    ("MirrorSource",): (
        Keys(
            {"source.cluster.bootstrap.servers": "", "target.cluster.bootstrap.servers": ""},
            ("source.cluster.bootstrap.servers",),
            ("topics",),
        ),
    ),
}
"""Connectors that read the same."""

TARGETS: Mapping[tuple[str, ...], tuple[Keys, ...]] = {
    ("JdbcSink",): (
        Keys(
            {"connection.url": "", "table.name.format": "", "collection.name.format": ""},
            ("connection.url",),
        ),
    ),
    ("ElasticsearchSink", "OpensearchSink"): (Keys({"connection.url": ""}, ("connection.url",)),),
    ("S3Sink",): (Keys({"s3.bucket.name": "", "store.url": "", "topics.dir": "topics"}, ("s3.bucket.name",)),),
    ("GcsSink",): (Keys({"gcs.bucket.name": "", "topics.dir": "topics"}, ("gcs.bucket.name",)),),
    ("MongoSink",): (Keys({"connection.uri": "", "database": "", "collection": ""}, ("connection.uri",)),),
    ("BigQuerySink",): (Keys({"project": "", "defaultDataset": "", "datasets": ""}, ("project",)),),
    ("SnowflakeSink",): (
        Keys(
            {"snowflake.url.name": "", "snowflake.database.name": "", "snowflake.schema.name": ""},
            ("snowflake.url.name",),
        ),
    ),
    ("ClickHouseSink",): (Keys({"hostname": "", "port": "", "database": "default"}, ("hostname",)),),
    ("HttpSink",): (Keys({"http.api.url": ""}, ("http.api.url",)),),
    ("FileStreamSink",): (Keys({"file": ""}, ("file",)),),
}
"""Sinks that write to the same. They do the same work only if they also read the same topics."""

FRAMEWORK = frozenset(
    {
        "name",
        "connector.class",
        "connector.plugin.version",
        "tasks.max",
        "tasks.max.enforce",
        "topics",
        "topics.regex",
        "config.action.reload",
        "exactly.once.support",
        "transaction.boundary",
        "transaction.boundary.interval.ms",
        "offsets.storage.topic",
        "key.converter",
        "value.converter",
        "header.converter",
        "transforms",
        "predicates",
    }
)
"""Keys of Kafka Connect itself, which do not say where a connector reads or writes."""

FRAMEWORK_PREFIXES = (
    "key.converter.",
    "value.converter.",
    "header.converter.",
    "transforms.",
    "predicates.",
    "errors.",
    "topic.creation.",
    "producer.override.",
    "consumer.override.",
    "admin.override.",
)
