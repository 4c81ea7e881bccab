# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading, altering and resetting offsets."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from .client import Connect, Reply, await_value, path_of
from .pool import Take

Config = dict[str, Any]

FILE_SOURCE = {"connector.class": "FileStreamSource", "topic": "t"}

NO_SUCH_TOPIC_YET = "Failed to alter consumer group offsets for connector {name}"


def stopped(connect: Connect, name: str, config: Config) -> str:
    """Create a connector that is stopped from the beginning. Returns its path."""
    connect.names.append(name)
    body = {"name": name, "config": config, "initial_state": "STOPPED"}
    assert connect.send("POST", "/connectors", body).status == 201
    connect.await_states(name, "STOPPED", [])
    return path_of(name)


def alter(connect: Connect, path: str, partition: Any, offset: Any) -> Reply:
    return connect.send("PATCH", f"{path}/offsets", {"offsets": [{"partition": partition, "offset": offset}]})


@pytest.fixture(scope="module")
def stopped_source(cluster: Connect) -> str:
    """The path of a stopped file source, whose offsets no test changes successfully."""
    return stopped(cluster, f"rest-{uuid4().hex[:12]}", {**FILE_SOURCE, "file": "/no/such/file"})


@pytest.fixture(scope="module")
def stopped_sink(cluster: Connect) -> str:
    """The path of a stopped file sink, whose offsets no test changes successfully."""
    return stopped(cluster, f"rest-{uuid4().hex[:12]}", {"connector.class": "FileStreamSink", "topics": "t"})


def test_offsets_of_an_unknown_connector_are_not_found(connect: Connect, name: str) -> None:
    path = path_of(name)
    for reply in (
        connect.send("GET", f"{path}/offsets"),
        connect.send("DELETE", f"{path}/offsets"),
        alter(connect, path, {"filename": "a"}, {"position": 1}),
    ):
        assert (reply.status, reply.message) == (404, f"Connector {name} not found")


def test_offsets_can_only_be_modified_while_the_connector_is_stopped(connect: Connect, take: Take) -> None:
    name, path, source = take("source")
    message = (
        "Connectors must be in the STOPPED state before their offsets can be modified. This can be done for the "
        f"specified connector by issuing a 'PUT' request to the '/connectors/{name}/stop' endpoint"
    )
    for reply in (
        connect.send("DELETE", f"{path}/offsets"),
        alter(connect, path, {"filename": source["file"]}, {"position": 1}),
    ):
        assert (reply.status, reply.message) == (400, message)
    assert connect.send("GET", f"{path}/offsets").json == {"offsets": []}


@pytest.mark.parametrize("body", [{}, {"offsets": []}, {"offsets": None}])
def test_an_empty_offsets_list_is_a_400(connect: Connect, name: str, body: dict[str, Any]) -> None:
    reply = connect.send("PATCH", f"{path_of(name)}/offsets", body)
    message = "Partitions / offsets need to be provided for an alter offsets request"
    assert (reply.status, reply.message) == (400, message)


def test_an_unknown_field_or_no_body_is_a_500(connect: Connect, name: str) -> None:
    other = connect.send("PATCH", f"{path_of(name)}/offsets", {"other": 1})
    assert other.status == 500
    assert other.message.startswith('Unrecognized field "other" (class org.apache.kafka.connect.runtime.rest.entities.')
    nothing = connect.send("PATCH", f"{path_of(name)}/offsets")
    assert (nothing.status, nothing.message) == (
        500,
        (
            'Cannot invoke "org.apache.kafka.connect.runtime.rest.entities.ConnectorOffsets.offsets()" '
            'because "offsets" is null'
        ),
    )


def test_source_offsets_are_altered_and_reset_one_by_one_or_all_at_once(
    connect: Connect, name: str, source: Config
) -> None:
    path = stopped(connect, name, source)
    altered = {"message": "The offsets for this connector have been altered successfully"}
    for file, position in (("a", 1), ("b", 2), ("a", 3)):
        reply = alter(connect, path, {"filename": file}, {"position": position})
        assert (reply.status, reply.json) == (200, altered)

    def seen() -> dict[str, int]:
        entries = connect.send("GET", f"{path}/offsets").json["offsets"]
        # Just after a change a real worker may still show a removed partition, with null for its offset.
        return {entry["partition"]["filename"]: entry["offset"]["position"] for entry in entries if entry["offset"]}

    await_value(seen, {"a": 3, "b": 2})
    assert alter(connect, path, {"filename": "b"}, None).json == altered
    await_value(seen, {"a": 3})
    reset = connect.send("DELETE", f"{path}/offsets")
    assert (reset.status, reset.json) == (
        200,
        {"message": "The offsets for this connector have been reset successfully"},
    )
    await_value(seen, {})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            ({"filename": "a"}, {"position": "x"}),
            "The value for the 'position' key in the offset is expected to be a Long value",
        ),
        (({"name": "a"}, {"position": 1}), "Partition objects should contain the key 'filename'"),
        ((None, {"position": 1}), "Partition objects cannot be null"),
    ],
)
def test_offsets_that_a_source_does_not_accept_are_a_500(
    connect: Connect, stopped_source: str, change: tuple[Any, Any], message: str
) -> None:
    reply = alter(connect, stopped_source, *change)
    assert (reply.status, reply.message) == (500, message)


def test_a_file_source_without_a_file_has_no_offsets_to_modify(connect: Connect, name: str) -> None:
    path = stopped(connect, name, FILE_SOURCE)
    message = (
        "Offsets cannot be modified if the 'file' configuration is unspecified. "
        "This is because stdin is used for input and offsets are not tracked."
    )
    for reply in (alter(connect, path, {"filename": "a"}, {"position": 1}), connect.send("DELETE", f"{path}/offsets")):
        assert (reply.status, reply.message) == (500, message)


def test_a_connector_without_offset_support_reports_it(connect: Connect, name: str) -> None:
    path = stopped(connect, name, {"connector.class": "VerifiableSource", "topic": "t", "throughput": "1", "id": "1"})
    reply = connect.send("DELETE", f"{path}/offsets")
    assert (reply.status, reply.json["message"]) == (
        200,
        (
            "The Connect framework-managed offsets for this connector have been reset successfully. However, if this "
            "connector manages offsets externally, they will need to be manually reset in the system that the "
            "connector uses."
        ),
    )


def test_sink_offsets_are_altered_and_reset(connect: Connect, take: Take, name: str) -> None:
    """For a sink that never ran: consumers of one that did may be remembered for 45 s, and block the change until then."""
    _other, _path, running = take("sink")  # its consumers let the broker create the topic
    topic = running["topics"]
    path = stopped(connect, name, running)

    def attempt() -> int:
        reply = alter(connect, path, {"kafka_topic": topic, "kafka_partition": "0"}, {"kafka_offset": "0"})
        assert reply.status == 200 or reply.message == NO_SUCH_TOPIC_YET.format(name=name), reply
        return reply.status

    await_value(attempt, 200)
    expected = [{"partition": {"kafka_topic": topic, "kafka_partition": 0}, "offset": {"kafka_offset": 0}}]
    await_value(lambda: connect.send("GET", f"{path}/offsets").json["offsets"], expected)
    for _again in range(2):
        reset = connect.send("DELETE", f"{path}/offsets")
        assert reset.json == {"message": "The offsets for this connector have been reset successfully"}
    await_value(lambda: connect.send("GET", f"{path}/offsets").json["offsets"], [])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ((None, None), "The partition for a sink connector offset cannot be null or missing"),
        (
            ({"kafka_topic": "t"}, None),
            "The partition for a sink connector offset must contain the keys 'kafka_topic' and 'kafka_partition'",
        ),
        (
            ({"kafka_topic": None, "kafka_partition": 0}, None),
            "Kafka topic names must be valid strings and may not be null",
        ),
        (
            ({"kafka_topic": "t", "kafka_partition": None}, None),
            "Kafka partitions must be valid numbers and may not be null",
        ),
        (
            ({"kafka_topic": "t", "kafka_partition": "x"}, None),
            (
                "Failed to parse the following Kafka partition value in the provided offsets: 'x'. "
                "Partition values for sink connectors need to be integers."
            ),
        ),
        (
            ({"kafka_topic": "t", "kafka_partition": 0}, {}),
            "The offset for a sink connector should either be null or contain the key 'kafka_offset'",
        ),
        (
            ({"kafka_topic": "t", "kafka_partition": 0}, {"kafka_offset": "x"}),
            (
                "Failed to parse the following Kafka offset value in the provided offsets: 'x'. "
                "Offset values for sink connectors need to be integers."
            ),
        ),
    ],
)
def test_offsets_that_a_sink_does_not_accept_are_a_400(
    connect: Connect, stopped_sink: str, change: tuple[Any, Any], message: str
) -> None:
    reply = alter(connect, stopped_sink, *change)
    assert (reply.status, reply.message) == (400, message)
