# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The endpoints of a connector's offsets (Kafka 3.5 reads, 3.6 writes)."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from .answers import NOT_STOPPED, Answer, RefusalError, answer_json
from .connector_endpoints import NOT_FOUND
from .endpoint import Call, endpoint
from .records import ConnectorRecord
from .request import ENTITIES, check_fields, null_body, read_body, wrong_type

Change = tuple["Mapping[str, Any] | None", "Mapping[str, Any] | None"]
"""A partition and its new offset, as a request contains them; None stands for null."""


def get_offsets(call: Call) -> Answer:
    record = call.read(lambda: call.live(NOT_FOUND))
    return answer_json({"offsets": [{"partition": part, "offset": offset} for part, offset in record.offsets]})


def alter_offsets(call: Call) -> Answer:
    changes = read_changes(call.request.body)

    def work() -> ConnectorRecord:
        record = stopped(call)
        parsed = parse_sink(changes) if record.type == "sink" else parse_source(record, changes)
        kept = [(part, offset) for part, offset in record.offsets if all(part != changed for changed, _new in parsed)]
        added = [(part, offset) for part, offset in parsed if offset is not None]
        call.cluster.behavior.set_offsets(call.name, [*kept, *added])
        return record

    return answer_json({"message": message_about(call, call.lead(work, "strict"), "altered")})


def reset_offsets(call: Call) -> Answer:
    def work() -> ConnectorRecord:
        record = stopped(call)
        if is_file_source(record):
            check_file(record)
        call.cluster.behavior.set_offsets(call.name, [])
        return record

    return answer_json({"message": message_about(call, call.lead(work, "strict"), "reset")})


def stopped(call: Call) -> ConnectorRecord:
    """The connector, if its offsets may be changed. Raises RefusalError."""
    record = call.stored(NOT_FOUND)
    if record.target != "STOPPED" or record.task_configs:
        raise RefusalError(HTTPStatus.BAD_REQUEST, NOT_STOPPED.format(name=call.name))
    return record


def message_about(call: Call, record: ConnectorRecord, done: str) -> str:
    plugin = call.worker.catalog.connector((record.config or {}).get("connector.class", ""))
    if plugin is not None and plugin.alters_offsets:
        return f"The offsets for this connector have been {done} successfully"
    return (
        f"The Connect framework-managed offsets for this connector have been {done} successfully. However, if this "
        f"connector manages offsets externally, they will need to be manually {done} in the system that the "
        "connector uses."
    )


def read_changes(body: bytes) -> list[Change]:
    """The entries of a PATCH. Raises RefusalError."""
    value = read_body(body)
    if value is None:
        raise null_body(f"{ENTITIES}ConnectorOffsets.offsets()", "offsets")
    if not isinstance(value, dict):
        raise wrong_type(f"{ENTITIES}ConnectorOffsets", value)
    check_fields(value, "ConnectorOffsets", ("offsets",))
    entries = value.get("offsets")
    if not entries:
        message = "Partitions / offsets need to be provided for an alter offsets request"
        raise RefusalError(HTTPStatus.BAD_REQUEST, message)
    return [(entry.get("partition"), entry.get("offset")) for entry in entries]


ParsedChange = tuple["Mapping[str, Any]", "Mapping[str, Any] | None"]


def parse_sink(changes: list[Change]) -> list[ParsedChange]:
    return [(parse_sink_partition(partition), parse_sink_offset(offset)) for partition, offset in changes]


def bad(message: str) -> RefusalError:
    return RefusalError(HTTPStatus.BAD_REQUEST, message)


def parse_sink_partition(partition: Mapping[str, Any] | None) -> Mapping[str, Any]:
    if partition is None:
        raise bad("The partition for a sink connector offset cannot be null or missing")
    if not {"kafka_topic", "kafka_partition"} <= partition.keys():
        raise bad("The partition for a sink connector offset must contain the keys 'kafka_topic' and 'kafka_partition'")
    if partition["kafka_topic"] is None:
        raise bad("Kafka topic names must be valid strings and may not be null")
    if partition["kafka_partition"] is None:
        raise bad("Kafka partitions must be valid numbers and may not be null")
    number = whole_number(partition["kafka_partition"], "partition")
    return {"kafka_partition": number, "kafka_topic": str(partition["kafka_topic"])}


def parse_sink_offset(offset: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    if offset is None:
        return None
    if "kafka_offset" not in offset:
        raise bad("The offset for a sink connector should either be null or contain the key 'kafka_offset'")
    return {"kafka_offset": whole_number(offset["kafka_offset"], "offset")}


def whole_number(value: Any, what: str) -> int:
    try:
        return int(str(value))
    except ValueError:
        raise bad(
            f"Failed to parse the following Kafka {what} value in the provided offsets: '{value}'. "
            f"{what.capitalize()} values for sink connectors need to be integers."
        ) from None


def parse_source(record: ConnectorRecord, changes: list[Change]) -> list[ParsedChange]:
    """Sources define their own format; the fake knows only the rules of FileStreamSource."""
    if is_file_source(record):
        check_file(record)
        for partition, offset in changes:
            check_file_offset(partition, offset)
    return [(partition or {}, offset) for partition, offset in changes]


def is_file_source(record: ConnectorRecord) -> bool:
    class_name = (record.config or {}).get("connector.class", "")
    return class_name.removesuffix("Connector").endswith("FileStreamSource")


def check_file(record: ConnectorRecord) -> None:
    """Refuse to change the offsets of a file source that reads standard input. Raises RefusalError."""
    if "file" not in (record.config or {}):
        message = (
            "Offsets cannot be modified if the 'file' configuration is unspecified. "
            "This is because stdin is used for input and offsets are not tracked."
        )
        raise RefusalError(HTTPStatus.INTERNAL_SERVER_ERROR, message)


def check_file_offset(partition: Mapping[str, Any] | None, offset: Mapping[str, Any] | None) -> None:
    """The checks of FileStreamSourceConnector.alterOffsets. Raises RefusalError."""
    message = None
    if offset is None:
        return
    position = offset.get("position")
    if not isinstance(position, int):
        message = "The value for the 'position' key in the offset is expected to be a Long value"
    elif position < 0:
        message = "The value for the 'position' key in the offset should be a non-negative value"
    elif partition is None:
        message = "Partition objects cannot be null"
    elif "filename" not in partition:
        message = "Partition objects should contain the key 'filename'"
    if message is not None:
        raise RefusalError(HTTPStatus.INTERNAL_SERVER_ERROR, message)


ENDPOINTS = (
    endpoint("GET", "/connectors/{name}/offsets", get_offsets, since=(3, 5)),
    endpoint("PATCH", "/connectors/{name}/offsets", alter_offsets, since=(3, 6)),
    endpoint("DELETE", "/connectors/{name}/offsets", reset_offsets, since=(3, 6)),
)
