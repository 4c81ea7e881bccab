# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The meaning of each answer of a worker: done, not done or unknown; whether to retry; the advice for a person.

One table. The texts are those of Kafka Connect 3.5 to 4.3 (ConnectExceptionMapper, HerderRequestHandler, RestClient,
DistributedHerder, KafkaConfigBackingStore); the first row that fits decides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from ..errors import Outcome, RequestError
from ..secrets import mask_text
from .operations import RestOperation
from .transport import Answer, NoAnswerError, NoAnswerReason

Where = Literal["here", "elsewhere"]
"""Where to retry: on the same worker, or first on another worker of the list, if there is one."""


@dataclass(frozen=True)
class Meaning:
    """The meaning of one answer. `again`: a retry may help, and `where` says on which worker; `kind` is an error.kind of the
    docs.
    """

    outcome: Outcome
    again: bool = False
    where: Where = "here"
    kind: str = ""
    advice: str = ""


DONE = Meaning(Outcome.DONE)


@dataclass(frozen=True)
class Row:
    """`operations` and `statuses` empty mean any. `json_only` rows match only Connect's own {"error_code", "message"}."""

    statuses: tuple[int, ...]
    pattern: str
    verdict: Meaning
    operations: tuple[str, ...] = ()
    json_only: bool = True


def _final(kind: str, advice: str = "") -> Meaning:
    return Meaning(Outcome.NOT_DONE, False, "here", kind, advice)


def _again(kind: str, advice: str = "", where: Where = "here") -> Meaning:
    return Meaning(Outcome.NOT_DONE, True, where, kind, advice)


def _unknown(kind: str, advice: str = "", where: Where = "here") -> Meaning:
    return Meaning(Outcome.UNKNOWN, True, where, kind, advice)


ADVERTISED = (
    "if this lasts longer than a minute, it is not a rebalance: check rest.advertised.host.name, .port "
    "and .listener of every "
    "worker (the URL of the leader must lead to the leader from every other worker)"
)
CREDENTIALS = "check url_username and url_password, or token"
BROKERS = (
    "the worker cannot write to its config topic: check its brokers, the topic's in-sync replicas and "
    "the worker's permissions"
)
ADMIN_LISTENER = (
    "this listener of the worker does not serve log levels: if admin.listeners of the worker names another listener, give that URL "
    "in url; if it is empty, log levels are switched off: remove it and restart the worker"
)
NO_LOGGERS = (
    "the worker cannot change log levels at runtime: put log4j-core and its binding for SLF4J on its class path, and remove other "
    "bindings, then restart it"
)

TOO_OLD_FOR_OFFSETS = "offsets can be read since Kafka 3.5 and changed since 3.6: upgrade the workers"
GROUP_ACTIVE = (
    "the sink's consumer group still has members: if its tasks have ended, another consumer uses the group (connect-NAME, or "
    "consumer.override.group.id); stop it, and run again"
)
OFFSETS_REFUSED = (
    "the plugin or the brokers refuse these offsets: write partition and offset exactly as connector_offsets_info shows them; for a "
    "sink, check that each topic and partition exists"
)
_WRITES_OFFSETS = ("alter_offsets", "reset_offsets")

ROWS: tuple[Row, ...] = (
    # 409 has four different meanings, and only one of them is final.
    Row((409,), r"^Connector .* already exists$", _final("already_exists"), ("create",)),
    Row((409,), r"stale configuration", _again("conflict", "the cluster is rebalancing")),
    Row((409,), r"no known leader URL", _again("conflict", "the cluster is electing a leader", "elsewhere")),
    Row((409,), r"conflicting operation", _again("conflict", ADVERTISED, "elsewhere")),
    Row(
        (409,),
        r"zombie fencing|Fencing failed",
        _again("conflict", "a source connector with exactly-once support is being fenced"),
    ),
    Row((409,), r"", _again("conflict", "another operation is under way")),
    # 404
    Row(
        (404,),
        r"^HTTP 404 Not Found$",
        _final("unsupported", ADMIN_LISTENER),
        ("loggers", "logger", "set_level", "set_cluster_level"),
    ),
    # A worker whose loggers cannot be set accepts no level.
    Row((404,), r"^invalid log level", _final("unsupported", NO_LOGGERS), ("set_level", "set_cluster_level")),
    Row((404,), r"^HTTP 404 Not Found$", _final("unsupported", TOO_OLD_FOR_OFFSETS), ("offsets",)),
    Row(
        (404,),
        r"^HTTP 404 Not Found$",
        _final(
            "unsupported",
            "this worker does not know that endpoint: it may be too old for it, or the URL's path prefix is wrong",
        ),
    ),
    Row((404,), r"", _final("not_found")),
    # 400 and other errors in the request
    Row(
        (400,),
        r"Ambiguous URI|Suspicious Path|^$",
        _final("unsupported", "since Kafka 4.0 a connector whose name holds /, \\ or % can't be addressed: rename it"),
        json_only=False,
    ),
    Row((400,), r"contains the following \d+ error", _final("invalid_config", "correct the keys named")),
    Row((400,), r"contains no connector type", _final("invalid_config", 'the config lacks "connector.class"')),
    Row(
        (400,),
        r"STOPPED state before their offsets can be modified",
        _final("not_stopped", "stop the connector and wait until it has no tasks"),
    ),
    Row((400,), r"", _final("offsets_refused", OFFSETS_REFUSED), _WRITES_OFFSETS),
    Row((400,), r"", _final("invalid_config")),
    Row((405,), r"", _final("unsupported", TOO_OLD_FOR_OFFSETS), _WRITES_OFFSETS),
    Row((405,), r"", _final("unsupported", "this worker's version does not have that operation")),
    Row(
        (415, 406),
        r"",
        _final("not_a_connect_worker", "the URL leads to something that does not speak JSON as a Connect worker does"),
    ),
    # 401 and 403 come from the worker's REST extension or from a proxy in front of it, JSON or not.
    Row((401,), r"", _final("authentication_failed", CREDENTIALS), json_only=False),
    Row(
        (403,),
        r"opic tracking",
        _final("unsupported", "topic tracking is switched off on the workers (topic.tracking.enable)"),
    ),
    Row((403,), r"", _final("not_permitted", "these credentials do not permit that"), json_only=False),
    Row((407,), r"", _final("proxy_failed", "the HTTP proxy requires credentials"), json_only=False),
    # /health reports a herder that does not respond; that of another worker may (KIP-1017).
    Row((500,), r"", _again("worker_busy", "the worker's herder thread does not answer", "elsewhere"), ("health",)),
    # 500: the message decides.
    Row(
        (500,),
        r"^Request timed out",
        _final(
            "validation_hangs",
            "the plugin's own validation did not end within 90 s: check that the workers reach the system that the "
            "connector is for",
        ),
        ("validate",),
    ),
    Row(
        (500,),
        r"^Request timed out",
        _unknown(
            "worker_busy", "the worker's herder thread was busy for 90 s; the message says with what", "elsewhere"
        ),
    ),
    Row(
        (500,),
        r"Could not read (properties from|the content of|from|the)",
        _final(
            "invalid_config",
            "a reference of the config (${provider:path:key}) names a file that this worker can't read: "
            "put it on every worker, readable for its user",
        ),
        ("validate", "put_config", "create"),
    ),
    # The plugin loader of Kafka 3.9 fails temporarily when several requests for plugins arrive at once.
    Row(
        (500,),
        r'"current" is null',
        _again("worker_error", "the worker's plugin loader failed temporarily"),
        ("definitions",),
    ),
    Row((500,), r"a rebalance is expected", _again("conflict", "the cluster is rebalancing")),
    Row(
        (500,),
        r"trying to forward REST request.*(Connection refused|UnknownHost|NoRouteToHost|ClosedChannelException$)",
        _again(
            "forwarding_failed",
            "this worker cannot reach the leader: the leader has just crashed, or its advertised URL is wrong: "
            + ADVERTISED,
            "elsewhere",
        ),
    ),
    Row(
        (500,),
        r"trying to forward REST request",
        _unknown("forwarding_failed", "the connection between this worker and the leader broke", "elsewhere"),
    ),
    Row(
        (500,),
        r"Unexpected status code when handling forwarded request|Failed to start RestClient",
        _final("forwarding_failed", "TLS or a proxy between the workers is misconfigured"),
    ),
    Row(
        (500,),
        r"^Error (writing|removing) (connector|target|root|task)|^Error writing",
        _unknown("config_topic_failed", BROKERS),
    ),
    Row((500,), r"Failed to write to config topic", _again("config_topic_failed", BROKERS)),
    Row((500,), r"Worker is shutting down", _again("worker_stopping", "the worker was stopped", "elsewhere")),
    Row((500,), r"Failed to read to end of config topic", _again("config_topic_failed", BROKERS)),
    # The members of a task that a killed worker has left behind are in the group for the length of their session. A consumer that has
    # nothing to do with the connector stays. The caller knows how long to wait.
    Row((500,), r"can be safely retried", _final("group_active", GROUP_ACTIVE), _WRITES_OFFSETS),
    Row(
        (500,),
        r"doesn't support external modification of offsets",
        _final("unsupported", "this connector cannot alter its offsets"),
    ),
    Row(
        (500,),
        r"^Timed out while|Failed to perform zombie fencing",
        _unknown("worker_busy", "the brokers did not answer the worker in time"),
        _WRITES_OFFSETS,
    ),
    Row(
        (500,),
        r"Failed to start (connector|task)",
        _final("plugin_failed", "the plugin failed during its start; the connector's status contains the trace"),
    ),
    Row(
        (500,),
        r"(No|Failed to find any) class|not found in|Included connector type",
        _final("plugin_missing", "the plugin is not installed on this worker, or its class name is wrong"),
        ("validate",),
    ),
    Row((503,), r"starting", _again("worker_starting", "the worker is starting", "elsewhere")),
    # For some seconds a starting worker answers with its web server's own 404, before its REST resources are registered.
    Row(
        (404, 503),
        r"Jetty|HTTP ERROR \d",
        _again("worker_starting", "the worker is starting", "elsewhere"),
        json_only=False,
    ),
    # Answers of proxies and load balancers.
    Row((429,), r"", _again("rate_limited", "a proxy limits the rate of requests"), json_only=False),
    Row(
        (502, 503, 504),
        r"",
        _unknown("gateway_failed", "a proxy in front of the worker could not reach it", "elsewhere"),
        json_only=False,
    ),
    # A plugin reports offsets that it does not accept in words of its own.
    Row((500,), r"", Meaning(Outcome.UNKNOWN, False, "here", "offsets_refused", OFFSETS_REFUSED), _WRITES_OFFSETS),
    # Any other answer of Connect is a failure of the plugin or of the worker.
    Row((500,), r"", Meaning(Outcome.UNKNOWN, False, "here", "worker_error", "the worker's log contains the trace")),
)

LONGEST_TEXT = 4000
"""Characters of a response that are searched for the table's texts: half from its beginning, half from its end."""

_COMPILED = tuple((row, re.compile(row.pattern, re.DOTALL)) for row in ROWS)

NOT_CONNECT = (
    "the URL leads to something else (a web server, a proxy's page, a broker's port?): "
    "give the REST URL of a Connect worker"
)

TOO_LARGE = (
    "is the URL that of a Connect worker? if the cluster really has that much to report, raise max_response_size"
)

_NO_ANSWER: Mapping[NoAnswerReason, Meaning] = {
    "refused": _again(
        "connection_refused", "nothing listens there: check that the worker is running, and its port", "elsewhere"
    ),
    "unresolved": _again(
        "host_unknown", "the host name cannot be resolved here: correct the URL or the name resolution", "elsewhere"
    ),
    "unreachable": _again(
        "host_unreachable",
        "no connection to that host can be opened from here: check routes and firewalls",
        "elsewhere",
    ),
    "connect_timeout": _again(
        "connection_timeout", "a firewall may drop the packets, or the host is down", "elsewhere"
    ),
    "tls": _final(
        "tls_failed",
        "check ca_path, client_cert, and whether the URL's scheme and host name match the worker's certificate",
    ),
    "proxy": _again("proxy_failed", "check the proxy of the environment, or set use_proxy: false", "elsewhere"),
    "dropped": _unknown(
        "connection_dropped",
        "the worker crashed during the request, or the port does not speak HTTP (a broker's port?)",
        "elsewhere",
    ),
    "timeout": _unknown(
        "no_answer",
        "the worker accepts connections but does not answer: it hangs (check its heap and disk, then restart it), or the "
        "port does not speak HTTP (a broker's port?)",
        "elsewhere",
    ),
    "hung": _unknown("no_answer", "the worker hangs: check its heap and disk, then restart it", "elsewhere"),
    "too_large": Meaning(Outcome.UNKNOWN, False, "here", "response_too_large", TOO_LARGE),
}


@dataclass(frozen=True)
class Refusal:
    """An operation that was not applied, or whose outcome is unknown: the error to raise if it is not retried.

    `elsewhere`: retry on another worker first. `retry_after`: seconds that the worker requests.
    """

    error: RequestError
    elsewhere: bool
    retry_after: float


def understand(operation: RestOperation, url: str, path: str, received: Answer | NoAnswerError) -> Answer | Refusal:
    """The response itself if the operation is done after all."""
    if isinstance(received, Answer):
        meaning, detail = interpret(operation, received), received.message
        if meaning.outcome is Outcome.DONE:
            return received
        status, code, retry_after = received.status, received.error_code, received.retry_after or 0.0
    else:
        meaning, detail = interpret_no_answer(operation, received), received.detail
        status, code, retry_after = 0, 0, 0.0
    # Its text may quote this request, or requests of others.
    detail = mask_text(detail)
    reason = f"HTTP {status}: {detail}" if status and not detail.startswith("HTTP ") else detail
    error = RequestError(
        f"{operation.method} {url.rstrip('/')}{path}: {reason}",
        reason=reason,
        kind=meaning.kind,
        outcome=meaning.outcome,
        advice=meaning.advice,
        method=operation.method,
        path=path,
        worker=url,
        http_status=status,
        error_code=code,
        again=meaning.again,
    )
    return Refusal(error, meaning.where == "elsewhere", retry_after)


def interpret(operation: RestOperation, answer: Answer) -> Meaning:
    """The meaning of an answer to this operation. Only writes have unknown outcomes: a read can simply be sent
    again.
    """
    if 200 <= answer.status < 300:
        if answer.is_json or not answer.text:
            return DONE
        # Truncated JSON still proves that the worker applied the request; an HTML page proves that this is not a worker.
        looks_cut = answer.text.lstrip()[:1] in ("{", "[")
        if looks_cut:
            return DONE if operation.writes else _again("answer_cut", "the response was truncated", "elsewhere")
        return _final("not_a_connect_worker", NOT_CONNECT)
    is_connect, content = _content(operation, answer)
    text = (
        content if len(content) <= LONGEST_TEXT else f"{content[: LONGEST_TEXT // 2]}\n{content[-LONGEST_TEXT // 2 :]}"
    )
    for row, pattern in _COMPILED:
        if row.statuses and answer.status not in row.statuses:
            continue
        if (row.operations and operation.name not in row.operations) or (row.json_only and not is_connect):
            continue
        if pattern.search(text):
            return _known(operation, row.verdict)
    if 300 <= answer.status < 400:
        return _final("not_a_connect_worker", "the URL redirects; Connect never does: " + NOT_CONNECT)
    if answer.status >= 500:
        return _known(
            operation,
            _unknown("gateway_failed", "the response comes from a proxy, not from Kafka Connect", "elsewhere"),
        )
    return _final("not_a_connect_worker", NOT_CONNECT)


def _content(operation: RestOperation, answer: Answer) -> tuple[bool, str]:
    """Whether this error comes from Connect itself, and the text to search for in the table."""
    body = answer.body if isinstance(answer.body, dict) else {}
    if {"url", "status", "message"} <= body.keys():
        # Jetty's own error, as JSON because of our Accept header; its HTML page has the same text.
        return False, f"HTTP ERROR {body['status']} {body['message']}"
    # /health answers with a shape of its own: {"status", "message"}.
    if "error_code" in body or (operation.name == "health" and "status" in body):
        return True, answer.message
    return False, answer.text if answer.body is None else str(answer.body)


def interpret_no_answer(operation: RestOperation, failure: NoAnswerError) -> Meaning:
    """The meaning of a request without an answer."""
    meaning = _NO_ANSWER[failure.reason]
    if not failure.sent and meaning.outcome is Outcome.UNKNOWN:
        meaning = replace(meaning, outcome=Outcome.NOT_DONE)
    return _known(operation, meaning)


def _known(operation: RestOperation, verdict: Meaning) -> Meaning:
    if verdict.outcome is Outcome.UNKNOWN and not operation.writes:
        return Meaning(Outcome.NOT_DONE, verdict.again, verdict.where, verdict.kind, verdict.advice)
    return verdict
