# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The records of a worker's log, from its lines. Pure.

Reads the pattern of Kafka's own configuration files (`[%d] %p %X{connector.context}%m (%c:%L)%n`, the same in 3.9 and 4.x), patterns
without brackets or connector context, and the JSON layouts of Log4j 1 and 2 (JsonLayout, JsonTemplateLayout, logstash, ECS).
What the JVM prints by itself, when it has no memory left, becomes a record without a logger.
"""

from __future__ import annotations

import calendar
import json
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

LONGEST_LINE = 8_000
"""Characters of a line that are read. Of a longer one, half from its beginning, half from its end."""
LONGEST_JSON = 1_000_000
"""Characters of a line with a JSON object; a longer one is read as text."""
MOST_LINES = 400
"""Lines of a record that are kept. Of the others, only causes of exceptions are."""

ERROR_LEVELS = frozenset({"ERROR", "FATAL"})
_LEVELS = frozenset({"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL", "OFF"})

_HEAD = re.compile(
    r"\[?(?P<date>\d{4}-\d\d-\d\d)[ T](?P<clock>\d\d:\d\d:\d\d)(?:[.,](?P<fraction>\d{1,9}))?(?P<zone>Z|[+-]\d\d:?\d\d)?\]?"
    r" {1,8}\[?(?P<level>TRACE|DEBUG|INFO|WARN|ERROR|FATAL)\]? {1,8}"
)
_FIRST_OF_HEAD = frozenset("[0123456789")
_FIRST_OF_JVM = frozenset("AETj")
_LOGGER = re.compile(r"(?:^| )\((?P<logger>[\w.$]{1,200})(?::\d{1,6})?\)(?: \[[^\[\]]{0,200}\])?\s*$")
_LONGEST_LOGGER = 450
_CONTEXT = re.compile(r"\[(?P<connector>[^\n]{1,250}?)\|(?:worker|task-(?P<task>\d{1,6}))(?:\|\w{1,20})?\] ")
_ID = re.compile(r"\{id=(?P<connector>[^{}]{1,250}?)(?:-(?P<task>\d{1,6}))?\}")
_THREAD = re.compile(r"task-thread-(?P<connector>.{1,250})-(?P<task>\d{1,6})$")
_TRACE = re.compile(r"\s+at |Caused by: |[\w.$]{1,200}(?:Exception|Error)\b")
_JVM = re.compile(
    r"(?:Terminating due to |Aborting due to |Exception: |Exception in thread [^\n]{1,200}? )?java\.lang\.OutOfMemoryError\b"
)
"""What the JVM itself prints, without a layout."""


class LogRecord(NamedTuple):
    """One record. `time`: seconds since the epoch, 0 if it has none. `logger`: its class or package; `trace`: a stack trace.

    `connector` is empty, and `task` None, if the record does not belong to one.
    """

    time: float
    level: str
    logger: str
    message: str
    connector: str = ""
    task: int | None = None
    trace: str = ""

    @property
    def class_name(self) -> str:
        """The class of the logger, without its package. A layout may leave out the package."""
        return self.logger.rpartition(".")[2].partition("$")[0]


class Line(NamedTuple):
    """A line of a log. `time`: when the journal received it, 0 if it comes from a file."""

    text: str
    time: float = 0.0


def records_of(lines: Iterable[Line]) -> Iterator[LogRecord]:
    """Yield the records in the order of their lines. Lines before the first head are dropped."""
    current: _Open | None = None
    for line in lines:
        text = line.text.rstrip("\r\n")
        if text[:1] == "{":
            record = _from_json(text, line.time)
            if record is not None:
                if current is not None:
                    yield current.record()
                yield record
                current = None
                continue
        text = _bounded(text)
        # Most lines belong to the record before, and begin with a blank.
        head = _HEAD.match(text) if text[:1] in _FIRST_OF_HEAD else None
        if head is not None:
            if current is not None:
                yield current.record()
            current = _Open(_time_of(head) or line.time, head["level"], text[head.end() :])
        elif text[:1] in _FIRST_OF_JVM and _JVM.match(text) and (current is None or not current.awaits_trace):
            # It may print several lines about the same failure.
            if current is None or current.level != "FATAL" or current.logger:
                if current is not None:
                    yield current.record()
                current = _Open(line.time or (current.time if current is not None else 0.0), "FATAL", text)
        elif current is not None:
            current.add(text)
    if current is not None:
        yield current.record()


class _Open:
    """A record whose lines are still being read."""

    def __init__(self, at: float, level: str, text: str) -> None:
        self.time = at
        self.level = level
        self.logger = ""
        self._message: list[str] = []
        self._trace: list[str] = []
        self._add_to_message(text)

    @property
    def awaits_trace(self) -> bool:
        """Whether the next line may be the first one of this record's stack trace."""
        return self.level in ("ERROR", "FATAL", "WARN") and bool(self.logger) and not self._trace

    def add(self, text: str) -> None:
        if len(self._message) + len(self._trace) >= MOST_LINES and not text.startswith("Caused by: "):
            return
        if len(self._trace) >= 2 * MOST_LINES:
            return
        if self._trace or _TRACE.match(text):
            self._trace.append(text)
        elif not self.logger:
            self._add_to_message(text)
        # What follows otherwise was printed by a plugin without a logger.

    def _add_to_message(self, text: str) -> None:
        found = _LOGGER.search(text[-_LONGEST_LOGGER:])
        if found is not None:
            self.logger = found["logger"]
            text = text[: len(text) - len(found[0])]
        self._message.append(text)

    def record(self) -> LogRecord:
        message = "\n".join(self._message).rstrip()
        context = _CONTEXT.match(message)
        if context is not None:
            message = message[context.end() :]
        connector, task = _owner(context, message)
        return LogRecord(self.time, self.level, self.logger, message, connector, task, "\n".join(self._trace))


def _owner(context: re.Match[str] | None, message: str) -> tuple[str, int | None]:
    """The connector and the task, from the context or else from the name that Connect gives to its own parts."""
    found = context or _ID.search(message[:600])
    if found is None:
        return "", None
    return found["connector"], None if found["task"] is None else int(found["task"])


def _bounded(text: str) -> str:
    if len(text) <= LONGEST_LINE:
        return text
    return f"{text[: LONGEST_LINE // 2]} … {text[-LONGEST_LINE // 2 :]}"


def _time_of(head: re.Match[str]) -> float:
    """Seconds since the epoch. A time without a zone is in that of the host, as the JVM writes it."""
    seconds = _seconds_of(f"{head['date']} {head['clock']}", head["zone"] or "")
    return seconds + float(f"0.{head['fraction'] or 0}") if seconds else 0.0


@lru_cache(maxsize=64)
def _seconds_of(text: str, zone: str) -> float:
    """Many records are of the same second."""
    try:
        fields = time.strptime(text, "%Y-%m-%d %H:%M:%S")
        return float(calendar.timegm(fields) - _offset(zone)) if zone else float(time.mktime(fields))
    except (ValueError, OverflowError):
        return 0.0


def _offset(zone: str) -> int:
    if zone in ("Z", "z"):
        return 0
    hours, minutes = int(zone[1:3]), int(zone[-2:])
    return (-1 if zone[0] == "-" else 1) * (3600 * hours + 60 * minutes)


# JSON

_MESSAGES = ("message", "msg", "log")
_LEVEL_KEYS = ("level", "log.level", "severity", "loglevel")
_LOGGERS = ("loggerName", "logger_name", "log.logger", "logger")
_THREADS = ("thread", "thread_name", "threadName", "process.thread.name")
_CONTEXTS = ("contextMap", "mdc", "labels", "context", "properties")
_TIMES = ("@timestamp", "timestamp", "time", "timeMillis", "instant", "ts")
_TRACES = ("thrown", "exception", "throwable", "error", "error.stack_trace", "stack_trace", "stacktrace")
_TEXTS_OF_TRACE = ("extendedStackTrace", "stackTrace", "stack_trace", "stacktrace")
_CLASSES_OF_TRACE = ("name", "class", "type", "exception_class", "error.type")
_MESSAGES_OF_TRACE = ("message", "exception_message", "error.message")


def _from_json(text: str, received: float) -> LogRecord | None:
    """The record in a JSON object; None for text that is none."""
    if len(text) > LONGEST_JSON:
        return None
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(fields, dict):
        return None
    nested = fields.get("log")
    if isinstance(nested, dict):
        fields = {**fields, **{f"log.{key}": value for key, value in nested.items()}, "log": ""}
    level = _text(fields, _LEVEL_KEYS).upper()
    if level not in _LEVELS:
        return None
    message = _bounded(_text(fields, _MESSAGES))
    context = _CONTEXT.match(_connector_context(fields))
    connector, task = _owner(context, message)
    thread = _THREAD.search(_text(fields, _THREADS)[-300:]) if not connector else None
    if thread is not None:
        connector, task = thread["connector"], int(thread["task"])
    return LogRecord(
        _json_time(fields) or received,
        level,
        _text(fields, _LOGGERS)[:300],
        message,
        connector,
        task,
        "\n".join(_json_trace(fields).splitlines()[:MOST_LINES]),
    )


def _text(fields: Mapping[str, Any], keys: Iterable[str]) -> str:
    for key in keys:
        value = fields.get(key)
        if isinstance(value, str) and value:
            return value
    return ""


def _connector_context(fields: Mapping[str, Any]) -> str:
    for source in (fields, *(fields.get(key) for key in _CONTEXTS)):
        if isinstance(source, dict) and isinstance(source.get("connector.context"), str):
            return str(source["connector.context"]).rstrip() + " "
    return ""


def _json_time(fields: Mapping[str, Any]) -> float:
    for key in _TIMES:
        value = fields.get(key)
        if isinstance(value, dict):
            second, nano = value.get("epochSecond"), value.get("nanoOfSecond", 0)
            if isinstance(second, int) and isinstance(nano, int):
                return second + nano / 1e9
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            # Milliseconds, if seconds would be thousands of years away.
            return value / 1000 if value > 1e11 else float(value)
        elif isinstance(value, str):
            head = _HEAD.match(f"{value[:40]} INFO ")
            if head is not None:
                return _time_of(head)
    return 0.0


def _json_trace(fields: Mapping[str, Any]) -> str:
    for key in _TRACES:
        value = fields.get(key)
        if isinstance(value, str) and value:
            return value[:LONGEST_JSON]
        if isinstance(value, dict):
            return "\n".join(_exceptions(value))
    return ""


def _exceptions(value: Mapping[str, Any]) -> Iterator[str]:
    """The lines of an exception and of its causes, as Java prints them."""
    prefix = ""
    for _depth in range(20):
        text = _text(value, _TEXTS_OF_TRACE)
        name, message = _text(value, _CLASSES_OF_TRACE), _text(value, _MESSAGES_OF_TRACE)
        if text:
            # Some layouts leave out the first line.
            if name and name not in text[:300]:
                yield f"{prefix}{name}: {message}"
            yield f"{prefix}{text}"
            return
        yield f"{prefix}{name}: {message}" if message else f"{prefix}{name}"
        frames = value.get("extendedStackTrace") or value.get("stackTrace")
        for frame in (frames if isinstance(frames, list) else [])[:MOST_LINES]:
            if isinstance(frame, dict):
                yield f"\tat {frame.get('class', '')}.{frame.get('method', '')}({frame.get('file', '')}:{frame.get('line', '')})"
        cause = value.get("cause")
        if not isinstance(cause, dict):
            return
        value, prefix = cause, "Caused by: "
