# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The meaning of each response. The texts come from Kafka Connect 3.5 to 4.3, its Jetty, and proxies in front of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import Outcome
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.rest import answers, operations
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.rest.answers import (
    interpret,
    interpret_no_answer,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.rest.operations import RestOperation
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.rest.transport import (
    Answer,
    NoAnswerError,
    NoAnswerReason,
)
from tests.unit.connect.support import connect_error, json_answer, page

DONE, NOT_DONE, UNKNOWN = Outcome.DONE, Outcome.NOT_DONE, Outcome.UNKNOWN
AGAIN, FINAL = True, False

OPERATIONS = tuple(value for value in vars(operations).values() if isinstance(value, RestOperation))
READS = tuple(operation for operation in OPERATIONS if not operation.writes)
WRITES = tuple(operation for operation in OPERATIONS if operation.writes)

STALE = (
    "Cannot complete request momentarily due to stale configuration (typically caused by a concurrent config change)"
)
NO_LEADER = "Cannot complete request momentarily due to no known leader URL, likely because a rebalance was underway."
CONFLICTING = "Cannot complete request because of a conflicting operation (e.g. worker rebalance)"
ZOMBIES = "Failed to complete zombie fencing because a new set of task configs was generated"
FENCED = "Fencing failed because new task configurations were generated for the connector"
BUSY = (
    "Request timed out. The worker is currently polling the group coordinator until interrupted, "
    "which began at 2026-01-01T00:00:00.000Z."
)
BUSY_BETWEEN = (
    "Request timed out. The last operation the worker completed was ensuring membership in the cluster, "
    "which began at 2026-01-01T00:00:00.000Z and completed at 2026-01-01T00:00:01.000Z"
)
EXPECTED = "Request cannot be completed because a rebalance is expected"
REFUSED = (
    "IO Error trying to forward REST request: java.util.concurrent.ExecutionException: "
    "java.net.ConnectException: Connection refused"
)
HOST = (
    "IO Error trying to forward REST request: java.util.concurrent.ExecutionException: "
    "java.net.UnknownHostException: connect-2"
)
CUT_FORWARD = (
    "IO Error trying to forward REST request: java.util.concurrent.ExecutionException: "
    "java.io.EOFException: HttpConnectionOverHTTP@1b2c3d4e::SocketChannelEndPoint"
)
SAFE = "Failed to write to config topic; this may be due to a transient error and the request can be safely retried"
SYNC = "Failed to read to end of config topic before modifying connector offsets"
NOT_STOPPED = (
    "Connectors must be in the STOPPED state before their offsets can be modified. This can be done for the specified "
    "connector by issuing a 'PUT' request to the '/connectors/n/stop' endpoint"
)
DRAINING = (
    "Failed to alter consumer group offsets for connector n either because its tasks haven't stopped completely yet or "
    "the connector was resumed before the request to alter its offsets could be successfully completed. If the "
    "connector is in a stopped state, this operation can be safely retried."
)
INVALID = (
    "Connector configuration is invalid and contains the following 1 error(s):\nMissing required configuration "
    '"topic" which has no default value.\nYou can also find the above list of errors at the endpoint ...'
)

# Jetty's responses while the worker's REST server is open but not initialized, from a real 4.3.1 and 3.9.1.
JETTY_JSON = {"message": "Not Found", "url": "http://127.0.0.1:8083/connectors", "status": "404"}
JETTY_PAGE = (
    "<html><head><title>Error 404 Not Found</title></head><body><h2>HTTP ERROR 404 Not Found</h2>"
    '<hr/><a href="https://jetty.org/">Powered by Jetty:// 12.0.34</a><hr/></body></html>'
)
JETTY_PAGE_UNSIGNED = "<html><body><h2>HTTP ERROR 404 Not Found</h2></body></html>"
AMBIGUOUS_URI = "<html><head><title>Error 400 Ambiguous URI path separator</title></head></html>"
NGINX = "<html><head><title>502 Bad Gateway</title></head><body><center>nginx/1.22.1</center></body></html>"


@dataclass(frozen=True)
class Case:
    """One response to one operation, and its expected meaning."""

    operation: RestOperation
    answer: Answer
    outcome: Outcome
    again: bool
    kind: str

    def __str__(self) -> str:
        said = self.answer.message or str(self.answer.body)
        return f"{self.operation.name}-{self.answer.status}-{said[:60]}"


def said(operation: RestOperation, status: int, message: str, *expected: Any) -> Case:
    """Connect's own error, and the expected outcome, again and kind."""
    return Case(operation, connect_error(status, message), *expected)


CASES = (
    # 2xx
    Case(operations.LIST, json_answer({}), DONE, FINAL, ""),
    Case(operations.CREATE, json_answer({"name": "n"}, 201), DONE, FINAL, ""),
    Case(operations.DELETE, page(204, ""), DONE, FINAL, ""),
    Case(operations.PAUSE, page(202, ""), DONE, FINAL, ""),
    Case(operations.LIST, page(200, '{"orders": {"info"'), NOT_DONE, AGAIN, "answer_cut"),
    Case(operations.TASKS, page(200, '[{"id": '), NOT_DONE, AGAIN, "answer_cut"),
    Case(operations.PUT_CONFIG, page(200, '{"name": "ord'), DONE, FINAL, ""),
    Case(operations.LIST, page(200, "<html>welcome</html>"), NOT_DONE, FINAL, "not_a_connect_worker"),
    Case(operations.PUT_CONFIG, page(200, "<html>welcome</html>"), NOT_DONE, FINAL, "not_a_connect_worker"),
    # 3xx: Connect never redirects.
    Case(operations.ROOT, page(302, ""), NOT_DONE, FINAL, "not_a_connect_worker"),
    Case(operations.PUT_CONFIG, page(307, ""), NOT_DONE, FINAL, "not_a_connect_worker"),
    # 409
    said(operations.CREATE, 409, "Connector n already exists", NOT_DONE, FINAL, "already_exists"),
    said(operations.RESTART, 409, STALE, NOT_DONE, AGAIN, "conflict"),
    said(operations.CONNECTOR, 409, STALE, NOT_DONE, AGAIN, "conflict"),
    said(operations.PUT_CONFIG, 409, NO_LEADER, NOT_DONE, AGAIN, "conflict"),
    said(operations.PUT_CONFIG, 409, CONFLICTING, NOT_DONE, AGAIN, "conflict"),
    said(operations.PUT_CONFIG, 409, ZOMBIES, NOT_DONE, AGAIN, "conflict"),
    said(operations.PUT_CONFIG, 409, FENCED, NOT_DONE, AGAIN, "conflict"),
    said(operations.STOP, 409, "something that later versions may say", NOT_DONE, AGAIN, "conflict"),
    # 404
    said(operations.CONNECTOR, 404, "Connector n not found", NOT_DONE, FINAL, "not_found"),
    said(operations.PAUSE, 404, "Unknown connector n", NOT_DONE, FINAL, "not_found"),
    said(operations.RESTART, 404, "Unknown connector: n", NOT_DONE, FINAL, "not_found"),
    said(operations.RESTART, 404, "Unknown task: n-0", NOT_DONE, FINAL, "not_found"),
    said(operations.STATUS, 404, "No status found for connector n", NOT_DONE, FINAL, "not_found"),
    said(operations.RESTART, 404, "Status for connector n not found", NOT_DONE, FINAL, "not_found"),
    said(operations.DEFINITIONS, 404, "Unknown plugin p.", NOT_DONE, FINAL, "not_found"),
    said(operations.LOGGER, 404, "Logger l not found.", NOT_DONE, FINAL, "not_found"),
    said(operations.LOGGERS, 404, "HTTP 404 Not Found", NOT_DONE, FINAL, "unsupported"),
    said(operations.SET_LEVEL, 404, "invalid log level 'DEBUG'.", NOT_DONE, FINAL, "unsupported"),
    said(operations.HEALTH, 404, "HTTP 404 Not Found", NOT_DONE, FINAL, "unsupported"),
    # 400 and other errors in the request
    said(operations.PUT_CONFIG, 400, INVALID, NOT_DONE, FINAL, "invalid_config"),
    said(
        operations.PUT_CONFIG,
        400,
        "Connector config {name=n} contains no connector type",
        NOT_DONE,
        FINAL,
        "invalid_config",
    ),
    said(operations.ALTER_OFFSETS, 400, NOT_STOPPED, NOT_DONE, FINAL, "not_stopped"),
    said(operations.ALTER_OFFSETS, 400, "Kafka topic names must be valid", NOT_DONE, FINAL, "offsets_refused"),
    said(operations.RESET_OFFSETS, 405, "HTTP 405 Method Not Allowed", NOT_DONE, FINAL, "unsupported"),
    said(operations.OFFSETS, 404, "HTTP 404 Not Found", NOT_DONE, FINAL, "unsupported"),
    said(operations.OFFSETS, 404, "Connector n not found", NOT_DONE, FINAL, "not_found"),
    Case(operations.STATUS, page(400, AMBIGUOUS_URI), NOT_DONE, FINAL, "unsupported"),
    Case(operations.DELETE, page(400, ""), NOT_DONE, FINAL, "unsupported"),
    said(operations.PUT_CONFIG, 400, "something else that is wrong", NOT_DONE, FINAL, "invalid_config"),
    Case(operations.PUT_CONFIG, Answer(400, None, False), NOT_DONE, FINAL, "unsupported"),
    said(
        operations.VALIDATE,
        500,
        "org.apache.kafka.common.config.ConfigException: Could not read properties from file /nope/x.properties",
        NOT_DONE,
        FINAL,
        "invalid_config",
    ),
    said(
        operations.DEFINITIONS,
        500,
        'Cannot invoke "Object.equals(Object)" because "current" is null',
        NOT_DONE,
        AGAIN,
        "worker_error",
    ),
    Case(operations.CONNECTOR, page(400, "Ambiguous URI path separator"), NOT_DONE, FINAL, "unsupported"),
    said(operations.PUT_CONFIG, 405, "HTTP 405 Method Not Allowed", NOT_DONE, FINAL, "unsupported"),
    said(operations.PUT_CONFIG, 415, "HTTP 415 Unsupported Media Type", NOT_DONE, FINAL, "not_a_connect_worker"),
    # Authentication and authorization
    Case(operations.LIST, page(401, "User cannot access the resource."), NOT_DONE, FINAL, "authentication_failed"),
    said(operations.PUT_CONFIG, 401, "Unauthorized", NOT_DONE, FINAL, "authentication_failed"),
    Case(operations.LIST, page(403, "<html>Forbidden</html>"), NOT_DONE, FINAL, "not_permitted"),
    said(operations.TOPICS, 403, "Topic tracking is disabled.", NOT_DONE, FINAL, "unsupported"),
    Case(operations.LIST, page(407, "proxy"), NOT_DONE, FINAL, "proxy_failed"),
    # 500: the message decides
    said(operations.CONNECTOR, 500, BUSY, NOT_DONE, AGAIN, "worker_busy"),
    said(operations.PUT_CONFIG, 500, BUSY, UNKNOWN, AGAIN, "worker_busy"),
    said(operations.STOP, 500, BUSY_BETWEEN, UNKNOWN, AGAIN, "worker_busy"),
    said(operations.PUT_CONFIG, 500, "Request timed out", UNKNOWN, AGAIN, "worker_busy"),
    said(operations.VALIDATE, 500, BUSY, NOT_DONE, FINAL, "validation_hangs"),
    said(operations.CONNECTOR, 500, EXPECTED, NOT_DONE, AGAIN, "conflict"),
    said(operations.PUT_CONFIG, 500, REFUSED, NOT_DONE, AGAIN, "forwarding_failed"),
    said(operations.PUT_CONFIG, 500, HOST, NOT_DONE, AGAIN, "forwarding_failed"),
    said(operations.PUT_CONFIG, 500, CUT_FORWARD, UNKNOWN, AGAIN, "forwarding_failed"),
    said(operations.PUT_CONFIG, 500, "Error trying to forward REST request: x", UNKNOWN, AGAIN, "forwarding_failed"),
    said(
        operations.PUT_CONFIG,
        500,
        "Unexpected status code when handling forwarded request: 302",
        NOT_DONE,
        FINAL,
        "forwarding_failed",
    ),
    said(operations.PUT_CONFIG, 500, "Failed to start RestClient: x", NOT_DONE, FINAL, "forwarding_failed"),
    said(
        operations.PUT_CONFIG,
        500,
        "Error writing connector configuration to Kafka",
        UNKNOWN,
        AGAIN,
        "config_topic_failed",
    ),
    said(
        operations.DELETE,
        500,
        "Error removing connector configuration from Kafka",
        UNKNOWN,
        AGAIN,
        "config_topic_failed",
    ),
    said(operations.PAUSE, 500, "Error writing target state to Kafka", UNKNOWN, AGAIN, "config_topic_failed"),
    said(operations.STOP, 500, "Error writing root configuration to Kafka", UNKNOWN, AGAIN, "config_topic_failed"),
    said(operations.STOP, 500, "Error writing task configurations to Kafka", UNKNOWN, AGAIN, "config_topic_failed"),
    said(operations.PUT_CONFIG, 500, SAFE, NOT_DONE, AGAIN, "config_topic_failed"),
    said(operations.PUT_CONFIG, 500, "Worker is shutting down", NOT_DONE, AGAIN, "worker_stopping"),
    said(operations.RESTART, 500, "Failed to start connector: n", NOT_DONE, FINAL, "plugin_failed"),
    said(operations.RESTART, 500, "Failed to start task: n-0", NOT_DONE, FINAL, "plugin_failed"),
    said(operations.PUT_CONFIG, 500, SYNC, NOT_DONE, AGAIN, "config_topic_failed"),
    said(operations.ALTER_OFFSETS, 500, DRAINING, NOT_DONE, FINAL, "group_active"),
    said(operations.RESET_OFFSETS, 500, SAFE, NOT_DONE, AGAIN, "config_topic_failed"),
    said(operations.RESET_OFFSETS, 500, "Timed out while resetting offsets", UNKNOWN, AGAIN, "worker_busy"),
    said(operations.ALTER_OFFSETS, 500, "Offset objects should contain a position", UNKNOWN, FINAL, "offsets_refused"),
    said(
        operations.VALIDATE,
        500,
        "Failed to find any class that implements Connector and which name matches X, available connectors are: ",
        NOT_DONE,
        FINAL,
        "plugin_missing",
    ),
    said(
        operations.PUT_CONFIG,
        500,
        "Failed to modify offsets for connector n because it doesn't support external modification of offsets",
        NOT_DONE,
        FINAL,
        "unsupported",
    ),
    said(operations.PUT_CONFIG, 500, "java.lang.NullPointerException", UNKNOWN, FINAL, "worker_error"),
    said(operations.VALIDATE, 500, "java.lang.NoClassDefFoundError: x/Y", NOT_DONE, FINAL, "worker_error"),
    # A worker that is starting
    Case(
        operations.HEALTH,
        json_answer({"status": "starting", "message": "Worker is still starting up. x"}, 503),
        NOT_DONE,
        AGAIN,
        "worker_starting",
    ),
    Case(
        operations.HEALTH,
        json_answer({"status": "unhealthy", "message": "Worker was unable to handle this request"}, 500),
        NOT_DONE,
        AGAIN,
        "worker_busy",
    ),
    said(
        operations.PUT_CONFIG,
        503,
        "This worker is still starting up and has not been able to read a session key from the config topic yet",
        NOT_DONE,
        AGAIN,
        "worker_starting",
    ),
    Case(operations.LIST, json_answer(JETTY_JSON, 404), NOT_DONE, AGAIN, "worker_starting"),
    Case(operations.HEALTH, json_answer(JETTY_JSON, 404), NOT_DONE, AGAIN, "worker_starting"),
    Case(operations.PUT_CONFIG, json_answer(JETTY_JSON, 404), NOT_DONE, AGAIN, "worker_starting"),
    Case(operations.LIST, page(404, JETTY_PAGE), NOT_DONE, AGAIN, "worker_starting"),
    Case(operations.LIST, page(404, JETTY_PAGE_UNSIGNED), NOT_DONE, AGAIN, "worker_starting"),
    Case(operations.LIST, page(503, JETTY_PAGE), NOT_DONE, AGAIN, "worker_starting"),
    # Proxies and other servers
    Case(operations.LIST, page(429, "slow down"), NOT_DONE, AGAIN, "rate_limited"),
    Case(operations.PUT_CONFIG, page(429, "slow down", 2.0), NOT_DONE, AGAIN, "rate_limited"),
    *(Case(operations.LIST, page(status, NGINX), NOT_DONE, AGAIN, "gateway_failed") for status in (502, 503, 504)),
    *(Case(operations.PUT_CONFIG, page(status, NGINX), UNKNOWN, AGAIN, "gateway_failed") for status in (502, 503, 504)),
    Case(operations.PUT_CONFIG, page(503, "busy", 1.0), UNKNOWN, AGAIN, "gateway_failed"),
    Case(operations.LIST, page(500, "<html>oops</html>"), NOT_DONE, AGAIN, "gateway_failed"),
    Case(operations.PUT_CONFIG, page(500, "<html>oops</html>"), UNKNOWN, AGAIN, "gateway_failed"),
    Case(operations.RESTART, json_answer({"error": "oops"}, 500), UNKNOWN, AGAIN, "gateway_failed"),
    Case(operations.LIST, page(404, "<html><center>nginx</center></html>"), NOT_DONE, FINAL, "not_a_connect_worker"),
    Case(
        operations.LIST,
        json_answer({"error": "no handler", "status": 404}, 404),
        NOT_DONE,
        FINAL,
        "not_a_connect_worker",
    ),
    Case(operations.LIST, page(400, "Bad Request"), NOT_DONE, FINAL, "not_a_connect_worker"),
)

NO_ANSWERS: tuple[tuple[NoAnswerReason, Outcome, bool, str], ...] = (
    ("refused", NOT_DONE, AGAIN, "connection_refused"),
    ("unresolved", NOT_DONE, AGAIN, "host_unknown"),
    ("unreachable", NOT_DONE, AGAIN, "host_unreachable"),
    ("connect_timeout", NOT_DONE, AGAIN, "connection_timeout"),
    ("tls", NOT_DONE, FINAL, "tls_failed"),
    ("proxy", NOT_DONE, AGAIN, "proxy_failed"),
    ("dropped", UNKNOWN, AGAIN, "connection_dropped"),
    ("timeout", UNKNOWN, AGAIN, "no_answer"),
    ("hung", UNKNOWN, AGAIN, "no_answer"),
    ("too_large", UNKNOWN, FINAL, "response_too_large"),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_each_response_has_its_meaning(case: Case) -> None:
    verdict = interpret(case.operation, case.answer)
    assert (verdict.outcome, verdict.again, verdict.kind) == (case.outcome, case.again, case.kind)


@pytest.mark.parametrize(("reason", "outcome", "again", "kind"), NO_ANSWERS, ids=[row[0] for row in NO_ANSWERS])
def test_each_missing_response_has_its_meaning(
    reason: NoAnswerReason, outcome: Outcome, again: bool, kind: str
) -> None:
    failure = NoAnswerError(reason, "x", sent=outcome is UNKNOWN)
    for operation in WRITES:
        verdict = interpret_no_answer(operation, failure)
        assert (verdict.outcome, verdict.again, verdict.kind) == (outcome, again, kind)
        assert verdict.advice
    for operation in READS:
        verdict = interpret_no_answer(operation, failure)
        assert (verdict.outcome, verdict.again, verdict.kind) == (NOT_DONE, again, kind)


def test_an_unsent_write_is_not_done_regardless_of_the_error() -> None:
    for operation in WRITES:
        verdict = interpret_no_answer(operation, NoAnswerError("dropped", "x", sent=False))
        assert (verdict.outcome, verdict.kind) == (NOT_DONE, "connection_dropped")


def test_every_connection_failure_has_a_meaning() -> None:
    assert {row[0] for row in NO_ANSWERS} == set(get_args(NoAnswerReason))


def test_every_row_of_the_table_has_a_test_case() -> None:
    """A row that no case reaches is either dead or untested."""
    met = {id(judge_row(case)) for case in CASES}
    unmet = [row for row in answers.ROWS if id(row) not in met]
    assert unmet == []


def judge_row(case: Case) -> object:
    """The first matching row, found by evaluating the table independently, is the one that `interpret` uses."""
    for row in answers.ROWS:
        alone = (row,)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(answers, "_COMPILED", tuple(entry for entry in answers._COMPILED if entry[0] in alone))
            verdict = interpret(case.operation, case.answer)
        if verdict.kind == row.verdict.kind and verdict.advice == row.verdict.advice:
            return row
    return None


def test_each_response_determines_where_to_retry() -> None:
    """If another worker may respond better, it is tried; a rebalance is the same everywhere."""
    assert interpret(operations.LIST, page(503, NGINX)).where == "elsewhere"
    assert interpret(operations.PUT_CONFIG, connect_error(409, NO_LEADER)).where == "elsewhere"
    assert interpret(operations.PUT_CONFIG, connect_error(500, "Worker is shutting down")).where == "elsewhere"
    assert interpret(operations.RESTART, connect_error(409, STALE)).where == "here"
    assert interpret(operations.CONNECTOR, connect_error(500, EXPECTED)).where == "here"


def test_a_lasting_conflict_is_explained() -> None:
    assert "rest.advertised.host.name" in interpret(operations.PUT_CONFIG, connect_error(409, CONFLICTING)).advice


TEXTS = st.sampled_from([case.answer.message for case in CASES if case.answer.is_json]) | st.text(max_size=40)
ANSWERS = st.one_of(
    st.builds(connect_error, st.integers(200, 599), TEXTS),
    st.builds(page, st.integers(200, 599), TEXTS),
    st.builds(
        json_answer, st.none() | st.integers() | st.dictionaries(st.text(max_size=5), TEXTS), st.integers(200, 599)
    ),
)


@given(st.sampled_from(READS), ANSWERS)
def test_a_read_is_never_unknown(operation: RestOperation, answer: Answer) -> None:
    assert interpret(operation, answer).outcome is not UNKNOWN


@given(st.sampled_from(OPERATIONS), ANSWERS)
def test_only_a_done_response_is_a_success_and_every_other_has_a_kind(operation: RestOperation, answer: Answer) -> None:
    verdict = interpret(operation, answer)
    if verdict.outcome is DONE:
        assert 200 <= answer.status < 300
        assert not verdict.again
    else:
        assert verdict.kind


@given(st.sampled_from(WRITES), st.text("xyz ."))
def test_an_unknown_server_error_leaves_a_write_unknown(operation: RestOperation, text: str) -> None:
    assert interpret(operation, connect_error(500, text)).outcome is UNKNOWN
