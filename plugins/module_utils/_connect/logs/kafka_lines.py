# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lines of Kafka's own log that show an event, each with the class that writes it. Pure.

This is the only place where a decision rests on the text of a log line. Kafka Connect writes these texts in English, whatever the
locale; they are the same in 3.9 and 4.3, except where noted. Integration tests compare them with real workers.
"""

from __future__ import annotations

from typing import NamedTuple

from .log_records import LogRecord

GAP = "…"
"""Stands for any text between two parts of a phrase."""


class KafkaLine(NamedTuple):
    """A row. `classes`: simple names of the classes that may write it; `says`: a phrase in its message, with gaps.

    `reason`: a reason that is the same each time. Empty: the text after the phrase, up to `reason_ends`, is the reason.
    """

    kind: str
    classes: tuple[str, ...]
    says: str
    reason: str = ""
    reason_ends: str = ""


_COORDINATOR = ("WorkerCoordinator",)
_HERDER = ("DistributedHerder",)
# The clients of sinks. Their context names the connector. One of them begins with a capital letter.
_CONSUMER = ("ConsumerCoordinator", "AbstractCoordinator", "ConsumerHeartbeatRequestManager")

REBALANCE_CAUSES = (
    KafkaLine("rebalance_cause", _HERDER, "Connector … config updated", "the configuration of a connector was written"),
    KafkaLine("rebalance_cause", _HERDER, "Connector … config removed", "a connector was deleted"),
    KafkaLine("rebalance_cause", _HERDER, "Tasks … configs updated", "a connector changed its tasks"),
    KafkaLine(
        "rebalance_cause", _HERDER, "Connector … target state change", "a connector was paused, stopped or resumed"
    ),
    KafkaLine("rebalance_cause", _COORDINATOR, "Request joining group due to: ", reason_ends=" ("),
    KafkaLine("rebalance_cause", _COORDINATOR, "member id due to: encountered ", "this worker had lost its membership"),
    KafkaLine(
        "rebalance_cause", _COORDINATOR, "coordinator was unreachable for ", "this worker had lost the coordinator"
    ),
    KafkaLine(
        "rebalance_cause",
        _HERDER,
        "scheduled rebalance timeout has been reached",
        "the delay after a departed worker ended",
    ),
)
"""What precedes a rebalance for which this worker is the reason, or of which it knows the reason."""

OTHER_MEMBER = "another member of the group asked for it: a worker joined or left, or the leader reassigned work"
"""The reason of a rebalance that nothing in this log precedes."""

LINES = (
    KafkaLine("worker_started", ("Connect", "ConnectDistributed", "AbstractConnectCli"), "Kafka Connect started"),
    KafkaLine("worker_stopped", ("Connect",), "Kafka Connect stopped"),
    KafkaLine("rebalance", _HERDER, "Joined group at generation "),
    KafkaLine(
        "session_lost", _COORDINATOR, "Resetting generation and member id due to: encountered ", reason_ends=" ("
    ),
    KafkaLine(
        "coordinator_lost", _COORDINATOR, "Broker coordinator was unreachable for ", "the coordinator was unreachable"
    ),
    KafkaLine(
        "coordinator_lost",
        _COORDINATOR,
        "session timed out without receiving a heartbeat response",
        "no response to heartbeats within session.timeout.ms",
    ),
    # The worker's own thread was busy for longer than rebalance.timeout.ms.
    KafkaLine(
        "poll_timeout",
        _HERDER,
        "worker poll timeout has expired. The last known action being performed by the worker is : ",
        reason_ends=" and may contribute",
    ),
    KafkaLine(
        "task_poll_timeout",
        _CONSUMER,
        "onsumer poll timeout has expired",
        "put() took longer than max.poll.interval.ms",
    ),
    KafkaLine(
        "slow_stop",
        ("Worker",),
        "Graceful stop of task … failed",
        "a task did not stop within task.shutdown.graceful.timeout.ms",
    ),
    KafkaLine(
        "slow_stop", ("Worker",), "failed to properly shut down, has become unresponsive", "a connector did not stop"
    ),
    KafkaLine("offset_commit_failed", ("WorkerSinkTask",), "Commit of offsets timed out", "timed out"),
    KafkaLine(
        "offset_commit_failed", ("WorkerSinkTask",), "Commit of offsets threw an unexpected exception", "exception"
    ),
    KafkaLine("offset_commit_failed", ("SourceTaskOffsetCommitter",), "Failed to commit offsets", "failed"),
    KafkaLine("deserialization_failed", ("LogReporter",), "Executing stage 'KEY_CONVERTER'", "key"),
    KafkaLine("deserialization_failed", ("LogReporter",), "Executing stage 'VALUE_CONVERTER'", "value"),
    KafkaLine("deserialization_failed", ("LogReporter",), "Executing stage 'HEADER_CONVERTER'", "header"),
)

KINDS = (
    "worker_started",
    "worker_stopped",
    "rebalance",
    "session_lost",
    "coordinator_lost",
    "poll_timeout",
    "task_poll_timeout",
    "out_of_memory",
    "slow_stop",
    "offset_commit_failed",
    "deserialization_failed",
)
"""The kinds of events, in the order of the result."""

# Names of a class and of methods in a stack trace.
_OUT_OF_MEMORY = "java.lang.OutOfMemoryError"
_CONVERSIONS = (".toConnectData(", ".toConnectHeader(", "RecordDeserializationException")


class Sighting(NamedTuple):
    """An event in the log: its kind, and its reason in words (empty if there is none)."""

    kind: str
    reason: str


class Sightings:
    """Finds the events in records, which are given in their order: a rebalance follows its reasons."""

    def __init__(self) -> None:
        self._rows = _by_class(LINES)
        self._causes = _by_class(REBALANCE_CAUSES)
        self._pending: list[str] = []

    def of(self, record: LogRecord) -> list[Sighting]:
        """Return the events that the record shows; usually there is none."""
        name = record.class_name
        found = []
        for row in self._causes.get(name, ()):
            reason = _reason(row, record.message)
            if reason is not None and reason not in self._pending:
                self._pending.append(reason)
        for row in self._rows.get(name, ()):
            reason = _reason(row, record.message)
            if reason is not None:
                found.append(Sighting(row.kind, self._rebalance_reason() if row.kind == "rebalance" else reason))
        if _OUT_OF_MEMORY in record.trace or _OUT_OF_MEMORY in record.message:
            found.append(Sighting("out_of_memory", _memory(record)))
        if record.trace and name != "LogReporter" and any(sign in record.trace for sign in _CONVERSIONS):
            found.append(Sighting("deserialization_failed", ""))
        return found

    def _rebalance_reason(self) -> str:
        reasons, self._pending = self._pending, []
        return "; ".join(reasons) if reasons else OTHER_MEMBER


def _by_class(rows: tuple[KafkaLine, ...]) -> dict[str, list[KafkaLine]]:
    found: dict[str, list[KafkaLine]] = {}
    for row in rows:
        for name in row.classes:
            found.setdefault(name, []).append(row)
    return found


def _reason(row: KafkaLine, message: str) -> str | None:
    """The reason if the row fits the message, which may be empty; None if it does not fit."""
    at = 0
    for part in row.says.split(GAP):
        at = message.find(part, at)
        if at < 0:
            return None
        at += len(part)
    if row.reason or not row.reason_ends:
        return row.reason
    return message[at : at + 300].partition(row.reason_ends)[0].strip().rstrip(".")


def _memory(record: LogRecord) -> str:
    """What the JVM had none of: `Java heap space`, `Metaspace`."""
    text = record.trace if _OUT_OF_MEMORY in record.trace else record.message
    rest = text[text.find(_OUT_OF_MEMORY) + len(_OUT_OF_MEMORY) :][:100].split("\n", 1)[0]
    return rest.lstrip(": ").strip()
