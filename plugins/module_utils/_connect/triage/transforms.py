# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Causes in transforms and predicates."""

from __future__ import annotations

from .signs import cause, sign

_STAGE = (
    "connect.runtime.TransformationChain",
    "connect.runtime.TransformationStage",
    "connect.runtime.PredicatedTransformation",
)

CAUSES = (
    cause(
        "transform_needs_structure",
        "permanent",
        "a transform expects a record with fields, and this one is a plain value: use a converter that reads fields "
        "(JsonConverter, AvroConverter), or apply the transform only to the topics that have fields, with a predicate",
        sign(
            types="DataException",
            says=[
                "Only Struct objects supported for",
                "Only Map objects supported in absence of schema for",
                "Only Map objects supported",
                "Only Struct objects supported",
            ],
        ),
        sign(types="UnsupportedOperationException", says=["is not a supported type"]),
        sign(types="ClassCastException", at=("connect.transforms.", *_STAGE)),
    ),
    cause(
        "transform_needs_schema",
        "permanent",
        "a transform needs a record with a schema: use a converter with schemas (AvroConverter, JsonConverter with "
        "schemas.enable), or another transform",
        sign(types="DataException", says=["Schema required for", "schemas are required for", "schema can't be null"]),
    ),
    cause(
        "field_missing",
        "permanent",
        "the record does not have a field that an option names: correct the option of the connector or transform, or apply the "
        "transform only where the field exists, with a predicate",
        sign(types="IllegalArgumentException", says=["Unknown field:"]),
        sign(
            types="DataException",
            says=["Field does not exist:", "field doesn't exist", "Unable to find field", "is not a valid field name"],
        ),
        sign(types="SchemaBuilderException", says=["fieldSchema for field … cannot be null"]),
        sign(
            types="ConnectException DataException",
            says=["but record value is missing field", "but record key is missing"],
        ),
    ),
)

GENERAL = (
    cause(
        "transform_failed",
        "permanent",
        "a transform can't process this record: compare its options with the record; a predicate limits it to certain topics, "
        "errors.tolerance=all with a dead letter queue skips single bad records",
        sign(types="DataException SchemaBuilderException IllegalArgumentException", at=_STAGE),
        sign(types="NullPointerException ParseException DateTimeParseException NumberFormatException", at=_STAGE),
    ),
)
