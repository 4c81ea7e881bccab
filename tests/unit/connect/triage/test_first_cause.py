# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.triage.diagnosis import advice
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.triage.first_cause import (
    LONGEST_CAUSE,
    first_cause,
)

FRAMES = (
    "\tat org.apache.kafka.connect.runtime.WorkerSinkTask.deliverMessages(WorkerSinkTask.java:632)\n"
    "\tat java.base/java.lang.Thread.run(Thread.java:840)\n"
)
EXITING = "org.apache.kafka.connect.errors.ConnectException: Exiting WorkerSinkTask due to unrecoverable exception.\n"
TOLERANCE = "org.apache.kafka.connect.errors.ConnectException: Tolerance exceeded in error handler\n"


def trace(*heads: str) -> str:
    return FRAMES.join([heads[0] + "\n", *(f"Caused by: {head}\n" for head in heads[1:])]) + FRAMES + "\t... 10 more\n"


CASES = [
    (
        TOLERANCE
        + FRAMES
        + "Caused by: org.apache.kafka.connect.errors.DataException: Converting byte[] to Kafka Connect data failed due to "
        + "serialization error: \n"
        + FRAMES
        + "Caused by: org.apache.kafka.common.errors.SerializationException: java.io.CharConversionException: Invalid UTF-32\n"
        + "Caused by: com.fasterxml.jackson.core.JsonParseException: Unrecognized token 'plain': was expecting "
        + "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')\n"
        + ' at [Source: (byte[])"plain text of the record"; line: 1, column: 6]\n'
        + FRAMES,
        (
            "JsonParseException: Unrecognized token 'plain': was expecting (JSON String, Number, Array, Object or token 'null', "
            "'true' or 'false')"
        ),
        "the converter does not match the records",
    ),
    (
        trace(
            TOLERANCE.strip(),
            "org.apache.kafka.connect.errors.DataException: JsonConverter with schemas.enable requires "
            '"schema" and "payload" fields and may not contain additional fields.',
        ),
        (
            'DataException: JsonConverter with schemas.enable requires "schema" and "payload" fields and may not contain '
            "additional fields."
        ),
        "schemas.enable",
    ),
    (
        trace(
            TOLERANCE.strip(),
            "org.apache.kafka.connect.errors.DataException: Failed to deserialize data for topic orders to Avro:",
            "org.apache.kafka.common.errors.SerializationException: Unknown magic byte!",
        ),
        "DataException: Failed to deserialize data for topic orders to Avro: SerializationException: Unknown magic byte!",
        "Schema Registry serializer",
    ),
    (
        trace(
            EXITING.strip(),
            "org.apache.kafka.connect.errors.ConnectException: java.sql.SQLException: Connection refused",
            "java.net.ConnectException: Connection refused",
        ),
        "ConnectException: SQLException: Connection refused",
        "can't be reached",
    ),
    (
        trace(
            "org.apache.kafka.connect.errors.ConnectException: Unable to connect: Communications link failure",
            "com.mysql.cj.exceptions.CJCommunicationsException: Communications link failure\n\n"
            "The last packet sent successfully to the server was 0 milliseconds ago.",
            "java.net.UnknownHostException: db.example.com",
        ),
        (
            "CJCommunicationsException: Communications link failure The last packet sent successfully to the server was "
            "0 milliseconds ago.: UnknownHostException: db.example.com"
        ),
        "does not resolve",
    ),
    (
        trace(
            "io.debezium.DebeziumException: An exception occurred in the change event producer. This connector will be stopped.",
            "io.debezium.DebeziumException: Failed to start replication stream at LSN{0/1}",
            'org.postgresql.util.PSQLException: ERROR: replication slot "debezium" is active for PID 4711',
        ),
        'PSQLException: ERROR: replication slot "debezium" is active for PID 4711',
        "slot.name",
    ),
    (
        trace(
            EXITING.strip(),
            "io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException: Unauthorized; error code: 401",
        ),
        "RestClientException: Unauthorized; error code: 401",
        "schema registry refuses",
    ),
    (
        trace(
            TOLERANCE.strip(),
            "io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException: Subject 'orders-value' not "
            "found.; error code: 40401",
        ),
        "RestClientException: Subject 'orders-value' not found.; error code: 40401",
        "no such schema",
    ),
    (
        trace(EXITING.strip(), "java.lang.NullPointerException"),
        "NullPointerException",
        "",
    ),
    (
        trace("org.apache.kafka.connect.errors.ConnectException: Could not write to the target", "java.lang.NullPointerException"),
        "ConnectException: Could not write to the target",
        "",
    ),
    (
        "java.lang.OutOfMemoryError: Java heap space",
        "OutOfMemoryError: Java heap space",
        "KAFKA_HEAP_OPTS",
    ),
    (
        trace(
            "org.apache.kafka.connect.runtime.TooManyTasksException: The connector c has generated 4 tasks, which is greater "
            "than 2, the maximum number of tasks it is configured to create."
        ),
        (
            "TooManyTasksException: The connector c has generated 4 tasks, which is greater than 2, the maximum number of tasks "
            "it is configured to create."
        ),
        "raise tasks.max",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "cause", "fix"), CASES)
def test_the_first_cause_and_its_fix_are_found(text: str, cause: str, fix: str) -> None:
    assert first_cause(text) == cause
    assert (fix in advice(cause)) if fix else (advice(cause) == "")


def test_of_a_list_of_exceptions_in_a_message_the_last_is_the_cause() -> None:
    text = trace(
        EXITING.strip(),
        "org.apache.kafka.connect.errors.ConnectException: java.sql.SQLException: Exception chain:\n"
        "java.sql.BatchUpdateException: Batch entry 0 INSERT INTO t (a) VALUES ('x') was aborted: ERROR: null value in column a\n"
        'org.postgresql.util.PSQLException: ERROR: null value in column "a" of relation "t" violates not-null constraint',
    )
    assert (
        first_cause(text)
        == 'PSQLException: ERROR: null value in column "a" of relation "t" violates not-null constraint'
    )


def test_suppressed_exceptions_are_skipped() -> None:
    text = (
        "a.b.OuterException: the real reason of it all is here\n"
        + FRAMES
        + "\tSuppressed: a.b.CloseException: could not close\n"
        + "\t\tat a.B.c(B.java:1)\n"
        + "\tCaused by: a.b.DeepException: not relevant\n"
        + "\t\tat a.B.c(B.java:1)\n"
    )
    assert first_cause(text) == "OuterException: the real reason of it all is here"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("\n", ""),
        ("no trace at all", "no trace at all"),
        ("a.b.C$Inner: text that is more than merely a few words", "Inner: text that is more than merely a few words"),
        (EXITING, "ConnectException: Exiting WorkerSinkTask due to unrecoverable exception."),
    ],
)
def test_texts_that_barely_resemble_stack_traces_are_handled(text: str, expected: str) -> None:
    assert first_cause(text) == expected


def test_secrets_are_masked_before_the_text_is_truncated() -> None:
    text = "a.b.SqlException: jdbc:mysql://u:hunter22@db/x?password=hunter33 " + "x" * 500
    cause = first_cause(text)
    assert cause.startswith("SqlException: jdbc:mysql://u:********@db/x?password=******** xxx")
    assert len(cause) == LONGEST_CAUSE + 1


@given(st.text())
def test_any_text_gives_one_short_line(text: str) -> None:
    cause = first_cause(text)
    assert len(cause.splitlines()) <= 1
    assert len(cause) <= LONGEST_CAUSE + 1


@pytest.mark.parametrize(
    ("cause", "fix"),
    [
        ("SaslAuthenticationException: Authentication failed: Invalid username or password", "the user, the password"),
        ("SQLException: Access denied for user 'app'@'10.0.0.1' (using password: YES)", "the user or the password"),
        ('PSQLException: FATAL: password authentication failed for user "app"', "the user or the password"),
        ("TopicAuthorizationException: Not authorized to access topics: [orders]", "ACL"),
        ("GroupAuthorizationException: Not authorized to access group: connect-orders", "ACL"),
        ("UnknownTopicOrPartitionException: This server does not host this topic-partition.", "create the topic"),
        ("TimeoutException: Topic orders not present in metadata after 60000 ms.", "either the brokers do not answer"),
        ("IllegalArgumentException: Could not find a 'KafkaClient' entry in the JAAS configuration.", "sasl.jaas.config"),
        ("FileSystemException: /proc/version/out.txt: Not a directory", "the operating system of the worker"),
        ("InvalidReplicationFactorException: Replication factor: 3 larger than available brokers: 1.", "number of brokers"),
        ("RecordTooLargeException: The message is 2000000 bytes when serialized which is larger than 1048576", "max.request.size"),
        ("ConnectException: Could not initialize dead letter queue reporter", "errors.deadletterqueue"),
        (("CommitFailedException: Offset commit cannot be completed since the group has already rebalanced and assigned "
         "the partitions to another member."), "one group must belong to one connector"),
        ("CoordinatorNotAvailableException: The coordinator is not available.", "__consumer_offsets"),
        ("TimeoutException: Timed out waiting for a node assignment.", "in time"),
        ("ClassNotFoundException: com.mysql.cj.jdbc.Driver", "plugin.path"),
        ("ConnectException: Failed to start task orders-0 since it is not a recognizable type (source or sink)", "plugin.path"),
        ("NoSuchMethodError: 'void org.apache.kafka.X.y()'", "this Kafka or Java version"),
        ("SQLSyntaxErrorException: Unknown database 'shop'", "database name"),
        ("SQLSyntaxErrorException: Table 'shop.orders' doesn't exist", "create the table"),
        ('PSQLException: ERROR: relation "orders" does not exist', "create the table"),
        ("PSQLException: ERROR: logical decoding requires wal_level >= logical", "wal_level"),
        (("DebeziumException: The connector is trying to read binlog starting at X, but this is no longer available on the "
         "server."), "take a new snapshot"),
        ("SSLHandshakeException: PKIX path building failed", "truststore"),
        (("ConnectException: Sink connector 's' is configured with 'delete.enabled=false' and 'pk.mode=none' and therefore "
         "requires records with a non-null Struct value, but found record with a null value"), "delete.enabled"),
        ("NoSuchFileException: /data/in.txt", "every worker"),
        ("InvalidProducerEpochException: Producer attempted to produce with an old epoch.", "transactional id"),
        ("RestClientException: Schema being registered is incompatible with an earlier schema; error code: 409", "compatib"),
        ("ElasticsearchStatusException: 429 Too Many Requests", "too much to do"),
        ("ConfigException: Invalid value x for configuration topics: unknown", "the message names"),
        ("SomethingException: never heard of", ""),
    ],
)  # fmt: skip
def test_common_causes_have_a_fix(cause: str, fix: str) -> None:
    found = advice(cause)
    assert (fix in found) if fix else found == ""
    assert "\n" not in found
