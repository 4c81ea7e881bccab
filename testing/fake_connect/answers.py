# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The responses of the fake, with the texts of a real worker.

The texts are those of Kafka Connect 3.9.1 and 4.3.1; tests/contract/rest proves that fake and real worker agree.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from http import HTTPStatus
from typing import Any

JSON = {"Content-Type": "application/json"}

EMPTY: Mapping[str, str] = {}


@dataclass(frozen=True)
class Answer:
    """One HTTP response. `body` is None where a real worker sends no body (204)."""

    status: int
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=lambda: EMPTY)


class RefusalError(Exception):
    """A request that gets an error body. `java_class` is the exception that a real worker throws."""

    def __init__(
        self,
        status: int,
        message: str,
        java_class: str = "org.apache.kafka.connect.runtime.rest.errors.BadRequestException",
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.java_class = java_class


def encode(value: Any) -> bytes:
    """Return `value` as a worker writes JSON: compact, in UTF-8 without escapes."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def answer_json(value: Any, status: int = HTTPStatus.OK, headers: Mapping[str, str] | None = None) -> Answer:
    return Answer(status, encode(value), {**JSON, **(headers or {})})


def answer_error(status: int, message: str, headers: Mapping[str, str] | None = None) -> Answer:
    """Connect's own error body. The router's errors (404, 405, 406, 415) carry no Content-Type: pass headers={}."""
    return Answer(status, encode({"error_code": status, "message": message}), JSON if headers is None else headers)


def answer_routing(status: HTTPStatus) -> Answer:
    """The router's response to a request without an endpoint."""
    return answer_error(status, f"HTTP {status.value} {status.phrase}", headers=EMPTY)


def answer_jetty(reason: str, method: str) -> Answer:
    """The page with which Jetty 12 rejects a URI before Connect receives it; only GET and HEAD get a body."""
    body = (
        f"<html>\n<head>\n<title>Error 400 {reason}</title>\n</head>\n<body>\n<h2>HTTP ERROR 400 {reason}</h2>\n"
        f"<table>\n<tr><th>URI:</th><td>/badURI</td></tr>\n<tr><th>STATUS:</th><td>400</td></tr>\n"
        f"<tr><th>MESSAGE:</th><td>{reason}</td></tr>\n</table>\n</body>\n</html>\n"
    )
    headers = {"Cache-Control": "must-revalidate,no-cache,no-store", "Connection": "close"}
    if method not in ("GET", "HEAD"):
        return Answer(HTTPStatus.BAD_REQUEST, b"", headers)
    return Answer(HTTPStatus.BAD_REQUEST, body.encode(), {**headers, "Content-Type": "text/html;charset=iso-8859-1"})


NO_CONTENT = Answer(HTTPStatus.NO_CONTENT)
ACCEPTED = Answer(HTTPStatus.ACCEPTED, b"")

STALE_CONFIGURATION = (
    "Cannot complete request momentarily due to stale configuration (typically caused by a concurrent config change)"
)
NO_LEADER = "Cannot complete request momentarily due to no known leader URL, likely because a rebalance was underway."
CONFLICTING_OPERATION = "Cannot complete request because of a conflicting operation (e.g. worker rebalance)"
REBALANCE_EXPECTED = "Request cannot be completed because a rebalance is expected"
SHUTTING_DOWN = "Worker is shutting down"
FORWARD_REFUSED = (
    "IO Error trying to forward REST request: java.util.concurrent.ExecutionException: "
    "java.net.ConnectException: Connection refused"
)
FORWARD_CUT = (
    "IO Error trying to forward REST request: java.util.concurrent.ExecutionException: "
    "java.io.EOFException: HttpConnectionOverHTTP@1b2c3d4e::SocketChannelEndPoint"
)
WRITE_FAILED = "Error writing connector configuration to Kafka"
REMOVE_FAILED = "Error removing connector configuration from Kafka"
TARGET_STATE_FAILED = "Error writing target state to Kafka"
SAFE_TO_RETRY = (
    "Failed to write to config topic; this may be due to a transient error and the request can be safely retried"
)
NOT_STOPPED = (
    "Connectors must be in the STOPPED state before their offsets can be modified. This can be done for the specified "
    "connector by issuing a 'PUT' request to the '/connectors/{name}/stop' endpoint"
)
TASKS_STILL_STOPPING = (
    "Failed to alter consumer group offsets for connector {name} either because its tasks haven't stopped completely "
    "yet or the connector was resumed before the request to alter its offsets could be successfully completed. If the "
    "connector is in a stopped state, this operation can be safely retried. If it doesn't eventually succeed, the "
    "Connect cluster may need to be restarted to get rid of the zombie sink tasks."
)


def timed_out_text(stage: str, version: tuple[int, ...], began: float) -> str:
    """The 500 after the worker's own limit; since 3.7 it names the stage. `began` is seconds since the epoch."""
    if version < (3, 7):
        return "Request timed out"
    return f"Request timed out. The worker is currently {stage}, which began at {instant(began)}."


def instant(seconds: float) -> str:
    """Java's Instant text of `seconds` since the epoch."""
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
