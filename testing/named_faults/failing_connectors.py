# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connectors that fail, each for one reason. All of them run at the same time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic

TEXT, OBJECTS, ARRAYS, SMALL = (f"named-{name}" for name in ("text", "objects", "arrays", "small"))
"""Topics: plain text; JSON objects without a schema; JSON arrays; one for small records."""

_JSON = "org.apache.kafka.connect.json.JsonConverter"
_TRANSFORM = "org.apache.kafka.connect.transforms."
_LINES = "\n".join(f"line {number} of a text that is long enough" for number in range(50)) + "\n"


@dataclass(frozen=True)
class FailingConnector:
    """A connector that fails. `expected`: diagnoses of its stack trace that are right; empty if none can be known."""

    name: str
    expected: frozenset[str]
    config: Mapping[str, str]


def failing_connectors(files: Path) -> list[FailingConnector]:
    """`files`: a directory that the workers can read and write."""
    lines = files / "named-lines.txt"
    lines.write_text(_LINES, encoding="utf-8")

    def sink(topics: str = TEXT, **more: str) -> dict[str, str]:
        return {
            "connector.class": "FileStreamSink",
            "tasks.max": "1",
            "topics": topics,
            "file": str(files / "named-out.txt"),
        } | {key.replace("__", "."): value for key, value in more.items()}

    def source(topic: str = "named-copy", **more: str) -> dict[str, str]:
        return {"connector.class": "FileStreamSource", "tasks.max": "1", "topic": topic, "file": str(lines)} | {
            key.replace("__", "."): value for key, value in more.items()
        }

    def transformed(kind: str, **more: str) -> dict[str, str]:
        options = {f"transforms.t.{key.replace('__', '.')}": value for key, value in more.items()}
        return {"transforms": "t", "transforms.t.type": _TRANSFORM + kind, **options}

    objects = {"value.converter": _JSON, "value.converter.schemas.enable": "false"}
    faults: list[tuple[str, str, dict[str, str]]] = [
        ("directory of a sink missing", "file_missing", sink(file="/no/such/directory/out.txt")),
        ("file of a sink not writable", "file_not_usable", sink(file="/proc/version/out.txt")),
        ("text read as JSON", "converter_does_not_match", sink(**objects)),
        ("JSON without a schema", "json_without_schema", sink(OBJECTS, value__converter=_JSON)),
        (
            "field of a text extracted",
            "transform_needs_structure",
            sink() | transformed("ExtractField$Value", field="id"),
        ),
        (
            "schema set where there is none",
            "transform_needs_schema",
            sink(OBJECTS, **objects) | transformed("SetSchemaMetadata$Value", schema__name="order"),
        ),
        (
            "text cast to a number",
            "transform_failed",
            sink() | transformed("Cast$Value", spec="int32"),
        ),
        (
            "array where a structure is needed",
            "transform_needs_structure",
            sink(ARRAYS, **objects) | transformed("InsertField$Value", static__field="a", static__value="b"),
        ),
        (
            "text parsed as a time",
            "transform_failed",
            sink() | transformed("TimestampConverter$Value", target__type="Timestamp", format="yyyy-MM-dd"),
        ),
        (
            "record larger than the producer allows",
            "record_too_large",
            source(producer__override__max__request__size="10"),
        ),
        ("record larger than the topic allows", "record_too_large", source(SMALL)),
        (
            "brokers of the producer unreachable",
            "topic_metadata_missing brokers_unreachable",
            source(
                producer__override__bootstrap__servers="127.0.0.1:1",
                producer__override__max__block__ms="3000",
            ),
        ),
        (
            "brokers of the consumer unknown",
            "host_name_unknown",
            sink(consumer__override__bootstrap__servers="no-such-host.invalid:9092"),
        ),
        ("name of a topic invalid", "topic_policy_violated config_invalid topic_missing", source("not/valid")),
        (
            "no offset, and none to be assumed",
            "offsets_out_of_range",
            sink(consumer__override__auto__offset__reset="none"),
        ),
        (
            "login without credentials",
            "kafka_login_missing",
            sink(consumer__override__security__protocol="SASL_PLAINTEXT", consumer__override__sasl__mechanism="PLAIN"),
        ),
        (
            "trust store missing",
            "keystore_not_read",
            sink(
                consumer__override__security__protocol="SSL",
                consumer__override__ssl__truststore__location="/no/such/truststore.jks",
            ),
        ),
        (
            "TLS with brokers that have none",
            "topic_metadata_missing tls_handshake_ended tls_failed",
            source(
                producer__override__security__protocol="SSL",
                producer__override__max__block__ms="6000",
            ),
        ),
        (
            "queue for dead letters impossible",
            "dead_letter_queue_unusable replication_factor_too_high",
            sink(
                errors__tolerance="all",
                errors__deadletterqueue__topic__name="named-dead-letters",
                errors__deadletterqueue__topic__replication__factor="3",
            ),
        ),
        (
            "replication factor of a new topic too high",
            "replication_factor_too_high",
            source(
                "named-new",
                topic__creation__default__replication__factor="3",
                topic__creation__default__partitions="1",
            ),
        ),
        (
            "a plugin that fails without a reason",
            "",
            {"connector.class": "MockSource", "tasks.max": "1", "mock_mode": "task-failure", "delay_ms": "0"},
        ),
    ]
    return [FailingConnector(name, frozenset(kinds.split()), config) for name, kinds, config in faults]


def prepare_topics(bootstrap_servers: str) -> None:
    """Create the topics with their records."""
    admin = AdminClient({"bootstrap.servers": bootstrap_servers})
    settings = {SMALL: {"max.message.bytes": "40"}}
    topics = [NewTopic(name, 1, 1, config=settings.get(name, {})) for name in (TEXT, OBJECTS, ARRAYS, SMALL)]
    for future in admin.create_topics(topics).values():
        future.result(20)
    producer = Producer({"bootstrap.servers": bootstrap_servers})
    for topic, value in ((TEXT, "no number"), (OBJECTS, '{"id": 1}'), (ARRAYS, "[1]")):
        producer.produce(topic, value)
    assert producer.flush(20) == 0
