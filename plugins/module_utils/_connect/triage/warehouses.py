# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Causes in warehouses and column stores: BigQuery, Snowflake, Iceberg, ClickHouse."""

from __future__ import annotations

from .signs import cause, sign

_BIGQUERY = (
    "BigQueryException BigQueryConnectException BigQueryStorageWriteApiConnectException "
    "GCSConnectException BigQueryError BigQueryStorageWriteApiErrorResponses ExpectedInterruptException"
)
_SNOWFLAKE = "SnowflakeKafkaConnectorException SnowflakeSQLException SnowflakeSQLLoggedException SFException"
_GRPC = (
    "StatusRuntimeException StatusException PermissionDeniedException UnavailableException NotFoundException "
    "ResourceExhaustedException DeadlineExceededException UnauthenticatedException"
)

CAUSES = (
    cause(
        "warehouse_quota_exceeded",
        "transient",
        "the warehouse limits the rate of requests or the daily volume: lower tasks.max, write larger batches, or raise the quota, "
        "then restart with connector_state",
        sign(
            codes="google:quotaExceeded google:rateLimitExceeded google:userRateLimitExceeded grpc:RESOURCE_EXHAUSTED"
        ),
        sign(types=_BIGQUERY, codes="http:429"),
        sign(types=_BIGQUERY, says=["Quota exceeded", "Exceeded rate limits"]),
        sign(types="ResourceExhaustedException"),
    ),
    cause(
        "warehouse_rights_missing",
        "permanent",
        "grant the connector's identity the rights on the data set, schema or table",
        sign(codes="google:accessDenied"),
        sign(types=_BIGQUERY, codes="http:403"),
        sign(types=_BIGQUERY, says=["Access Denied:", "does not have bigquery."]),
        sign(types="GoogleJsonResponseException", codes="http:403", says=["bigquery."]),
        sign(types=_GRPC, codes="grpc:PERMISSION_DENIED grpc:UNAUTHENTICATED"),
        sign(types="PermissionDeniedException UnauthenticatedException"),
        sign(types=_SNOWFLAKE, says=["insufficient privileges", "does not exist or not authorized"]),
        sign(codes="clickhouse:497"),
    ),
    cause(
        "warehouse_login_refused",
        "permanent",
        "the warehouse refuses the user, the key or the token: check them and the ${provider:path:key} references they come from",
        sign(types=_BIGQUERY, codes="http:401"),
        sign(
            types=_SNOWFLAKE,
            says=[
                "JWT token is invalid",
                "Incorrect username or password",
                "Invalid public key",
                "Failed to connect to … key",
            ],
        ),
        sign(types=_SNOWFLAKE, codes="error:0021 error:0023 error:390100 error:390144"),
        sign(codes="clickhouse:516 clickhouse:193 clickhouse:192"),
    ),
    cause(
        "warehouse_batch_too_large",
        "permanent",
        "a request is larger than the warehouse accepts: lower consumer.override.max.poll.records or the sink's batch size",
        sign(types=_BIGQUERY, codes="http:413"),
        sign(
            types=_BIGQUERY,
            says=["Request payload size exceeds the limit", "Request Entity Too Large", "request size exceeds"],
        ),
    ),
    cause(
        "warehouse_schema_differs",
        "permanent",
        "table and records have different fields or types: alter the table, or let the sink (allowNewBigQueryFields, "
        "allowBigQueryRequiredFieldRelaxation, schematization, evolve-schema-enabled)",
        sign(
            types=_BIGQUERY, says=["no such field", "Provided Schema does not match", "Failed to update table schema"]
        ),
        sign(types=_BIGQUERY, says=["Missing required field", "cannot be converted to"]),
        # The sink's own messages have lines that begin with "Caused by: " and no class.
        sign(
            says=[
                "Failed to write rows after BQ",
                "insertion failed for the following rows",
                "The destination table has no schema",
            ]
        ),
        sign(types=_BIGQUERY + " ConversionConnectException", says=["Top-level Kafka Connect schema must be of type"]),
        sign(types="ConversionConnectException"),
        sign(types=_SNOWFLAKE, says=["extra columns", "cannot be ingested into a Snowflake column", "NOT NULL column"]),
        sign(
            types="ValidationException IllegalArgumentException",
            says=["Cannot change column type", "Cannot add column", "Cannot find source column"],
        ),
        sign(codes="clickhouse:53 clickhouse:16 clickhouse:27 clickhouse:33 clickhouse:117"),
    ),
    cause(
        "warehouse_table_missing",
        "permanent",
        "create the table or the data set, or let the sink create it (autoCreateTables, auto-create-enabled)",
        sign(
            types=_BIGQUERY,
            says=[
                "Not found: Table",
                "Not found: Dataset",
                "Table … does not exist and auto table creation is disabled",
            ],
        ),
        sign(types=_BIGQUERY, codes="http:404"),
        sign(types="NoSuchTableException NoSuchNamespaceException"),
        sign(types=_SNOWFLAKE, says=["Table … does not exist", "database does not exist", "schema does not exist"]),
        sign(types=_SNOWFLAKE, codes="error:5002 error:5007 error:5010"),
        sign(codes="clickhouse:60 clickhouse:81"),
    ),
    cause(
        "warehouse_commit_conflict",
        "transient",
        "another writer has changed the table at the same time: restart with connector_state; let only one connector write it",
        sign(
            types="CommitFailedException",
            says=["Cannot commit", "Requirement failed", "Branch … has changed", "metadata location"],
        ),
        sign(types="CommitStateUnknownException"),
        sign(types=_BIGQUERY, says=["Could not serialize access to table"]),
    ),
    cause(
        "warehouse_overloaded",
        "transient",
        "the store has too many small parts or too much to do: write larger batches less often, then restart with connector_state",
        sign(
            codes="clickhouse:252 clickhouse:202 clickhouse:241 clickhouse:159 clickhouse:209 clickhouse:210 clickhouse:425"
        ),
    ),
    cause(
        "warehouse_unavailable",
        "transient",
        "the warehouse has a problem of its own: restart with connector_state",
        sign(codes="google:backendError google:internalError google:jobBackendError google:jobInternalError"),
        sign(types=_BIGQUERY, codes="http:500 http:502 http:503 http:504"),
        sign(types=_GRPC, codes="grpc:UNAVAILABLE grpc:DEADLINE_EXCEEDED grpc:INTERNAL"),
        sign(types="UnavailableException DeadlineExceededException"),
    ),
    cause(
        "warehouse_channel_lost",
        "transient",
        "the sink's connection to the warehouse's ingestion was reset: restart with connector_state, and update the plugin if it "
        "comes back",
        sign(types=_SNOWFLAKE, codes="error:5014 error:3001 error:5005 error:5023 error:5027 error:5028"),
        sign(types="SFException", says=["Channel … is invalid", "channel … closed"]),
        sign(types=_BIGQUERY, says=["STREAM_FINALIZED", "Connection is already closed", "INVALID_STREAM_STATE"]),
    ),
)
