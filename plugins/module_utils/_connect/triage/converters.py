# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Causes in the formats of records, and in schema registries."""

from __future__ import annotations

from .signs import cause, sign

_MISMATCH = (
    "the converter does not match the records: correct key.converter or value.converter; errors.tolerance=all with a "
    "dead letter queue skips single bad records"
)
_REGISTRY = "RestClientException"
# What converters say when they ask a registry. Without it, a timeout or a status may be any system's.
_ASKING = [
    "Error retrieving … schema",
    "Error registering … schema",
    "Failed to retrieve schema",
    "Error while fetching … schema from registry",
]

CAUSES = (
    cause(
        "not_written_with_registry",
        "permanent",
        "these records were not written by a Schema Registry serializer: use the converter that fits the topic "
        "(JsonConverter, StringConverter)",
        sign(says=["unknown magic byte"]),
    ),
    cause(
        "json_without_schema",
        "permanent",
        'the records have no "schema" and "payload": set value.converter.schemas.enable (or key.converter.schemas.enable) to false',
        sign(
            types="DataException",
            says=["JsonConverter with schemas.enable requires", "JsonDeserializer with schemas.enable"],
        ),
        sign(says=['schemas.enable requires "schema" and "payload"']),
    ),
    cause(
        "registry_login_refused",
        "permanent",
        "the schema registry refuses these credentials: correct basic.auth.credentials.source and basic.auth.user.info "
        "of the converter",
        sign(types=_REGISTRY, codes="error:401* error:403* error:40301 error:40101"),
        sign(types=_REGISTRY, says=["unauthorized", "forbidden"]),
    ),
    cause(
        "schema_missing",
        "permanent",
        "the schema registry has no such schema: check schema.registry.url, the subject name strategy, and that the "
        "topic's producer registers schemas",
        sign(types=_REGISTRY, codes="error:404 error:4040*"),
        sign(types="ArtifactNotFoundException"),
    ),
    cause(
        "schema_incompatible",
        "permanent",
        "the new schema breaks the subject's compatibility rule: evolve it compatibly, or change the rule for that subject",
        sign(types=_REGISTRY, codes="error:409 error:42201"),
        sign(says=["incompatible with an earlier schema"]),
        sign(types="RuleViolationException"),
    ),
    cause(
        "registry_failing",
        "transient",
        "the schema registry has a problem of its own: read its log, then restart with connector_state",
        sign(types=_REGISTRY, codes="error:500* error:502 error:503 error:504"),
    ),
    cause(
        "value_does_not_fit_schema",
        "permanent",
        "a value does not fit the schema of its field: correct the producer or the transform that makes the record; "
        "errors.tolerance=all with a dead letter queue skips single bad records",
        sign(
            types="DataException SchemaBuilderException",
            says=[
                "Invalid Java object for schema",
                "Invalid type for",
                "Invalid value: null used for required field",
                "null value for required field",
                "null used for required field",
                "Cannot create field because of field name duplication",
            ],
        ),
        sign(types="SchemaParseException AvroTypeException UnresolvedUnionException AvroMissingFieldException"),
        sign(types="SchemaProjectorException"),
    ),
    cause(
        "converter_does_not_match",
        "permanent",
        _MISMATCH,
        sign(
            says=[
                "Converting byte[] to Kafka Connect data failed",
                "Unrecognized token",
                "was expecting (JSON String",
                "Unexpected character (",
                "Size of data received by … is not",
            ]
        ),
        sign(types="JsonParseException CharConversionException InvalidProtocolBufferException MalformedInputException"),
        sign(types="DataException", says=["Unknown schema type", "is not compatible with objects of type"]),
    ),
)

GENERAL = (
    cause(
        "registry_unreachable",
        "transient",
        "the schema registry can't be reached from the worker: check schema.registry.url of the converter, and that it is "
        "running, then restart with connector_state",
        sign(types="SerializationException DataException RetriableException", says=_ASKING),
        sign(
            types="ConnectException SocketTimeoutException SocketException NoRouteToHostException HttpConnectTimeoutException",
            at=["schemaregistry.client.rest.", "apicurio.registry."],
        ),
        # Apicurio's client drops the cause of a request that was not answered, and its message.
        sign(types=_REGISTRY, at=["registry.rest.client.impl.ErrorHandler.parseError("]),
    ),
    cause(
        "converter_does_not_match",
        "permanent",
        _MISMATCH,
        sign(types="SerializationException AvroRuntimeException"),
        sign(types="DataException", says=["Failed to deserialize data for topic", "Failed to deserialize topic"]),
        sign(types="DataException", at=["Converter.toConnectData", "Converter.fromConnectData"]),
    ),
)
