# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.logs.log_records import (
    Line,
    LogRecord,
    records_of,
)

HEAD = "[2026-11-28 16:30:35,027] ERROR "
LOGGER = "org.apache.kafka.connect.runtime.WorkerTask"
FRAME = "\tat org.apache.kafka.connect.runtime.WorkerTask.run(WorkerTask.java:298)"


def records(text: str) -> list[LogRecord]:
    return list(records_of(Line(line) for line in text.splitlines()))


def record(text: str) -> LogRecord:
    (found,) = records(text)
    return found


def test_a_record_has_time_level_logger_connector_and_trace() -> None:
    of_the_host = time.mktime((2026, 11, 28, 16, 30, 35, 0, 0, -1))
    found = record(f"{HEAD}[orders|task-3] It failed ({LOGGER}:212)\norg.x.AnException: no\n{FRAME}\nCaused by: b")
    assert found == LogRecord(
        of_the_host + 0.027, "ERROR", LOGGER, "It failed", "orders", 3, f"org.x.AnException: no\n{FRAME}\nCaused by: b"
    )
    assert found.class_name == "WorkerTask"


@pytest.mark.parametrize(
    ("context", "connector", "task"),
    [
        ("[orders|worker] ", "orders", None),
        ("[orders|task-0|offsets] ", "orders", 0),
        ("[a|b]c|task-1] ", "a|b]c", 1),
        ("WorkerSinkTask{id=orders-eu-12} ", "orders-eu", 12),
        ("WorkerConnector{id=orders} ", "orders", None),
        ("[Worker clientId=connect-1, groupId=g] ", "", None),
        ("", "", None),
    ],
)
def test_the_connector_is_that_of_the_context_or_of_connects_own_names(
    context: str, connector: str, task: int | None
) -> None:
    found = record(f"{HEAD}{context}It failed ({LOGGER})")
    assert (found.connector, found.task) == (connector, task)


@pytest.mark.parametrize(
    "line",
    [
        f"[2026-11-28 16:30:35,027] ERROR It failed ({LOGGER})",
        f"2026-11-28 16:30:35,027 ERROR It failed ({LOGGER}) [task-thread-orders-0]",
        f"[2026-11-28T16:30:35.027Z] [ERROR] It failed ({LOGGER}:12)",
        f"2026-11-28T16:30:35.027+01:00  ERROR  It failed ({LOGGER})",
    ],
)
def test_other_patterns_are_read(line: str) -> None:
    found = record(line)
    assert (found.level, found.logger, found.message) == ("ERROR", LOGGER, "It failed")
    assert found.time % 60 == pytest.approx(35.027)


def test_a_time_with_a_zone_is_converted() -> None:
    times = [record(f"2026-11-28T16:30:35.0{zone} INFO x (y)").time for zone in ("Z", "+01:00", "-0130")]
    assert times == [1795883435.0, 1795883435.0 - 3600, 1795883435.0 + 5400]


def test_a_message_of_several_lines_ends_with_its_logger() -> None:
    found = record(f"{HEAD}values: \n\ta = 1\n ({LOGGER})\njava.lang.RuntimeException")
    assert (found.message, found.logger) == ("values: \n\ta = 1", LOGGER)
    assert found.trace == "java.lang.RuntimeException"


def test_what_a_plugin_prints_without_a_logger_belongs_to_no_record() -> None:
    found = record(f'{HEAD}It failed ({LOGGER})\n{{"seqno":463}}\nhello')
    assert (found.message, found.trace) == ("It failed", "")


def test_a_jvm_without_memory_is_a_record_of_its_own() -> None:
    text = (
        f"[2026-11-28 16:30:35,027] INFO it runs ({LOGGER})\n"
        "java.lang.OutOfMemoryError: Java heap space\nDumping heap to /x.hprof ...\n"
        "Terminating due to java.lang.OutOfMemoryError: Java heap space\n"
    )
    found = records(text)
    assert [(one.level, one.logger) for one in found] == [("INFO", LOGGER), ("FATAL", "")]
    assert found[1].time == found[0].time


def test_a_logged_lack_of_memory_belongs_to_its_record() -> None:
    found = record(f"{HEAD}It failed ({LOGGER})\njava.lang.OutOfMemoryError: Metaspace\n{FRAME}")
    assert found.trace.startswith("java.lang.OutOfMemoryError: Metaspace")


def test_a_journal_knows_the_time_of_lines_without_one() -> None:
    lines = [Line("Terminating due to java.lang.OutOfMemoryError: Java heap space", 17.5)]
    assert [one.time for one in records_of(lines)] == [17.5]


THROWN = {"name": "org.x.AnException", "message": "no", "extendedStackTrace": f"org.x.AnException: no\n{FRAME}"}
FRAMES = [{"class": "a.B", "method": "c", "file": "B.java", "line": 3}]
CONTEXT = {"connector.context": "[orders|task-3] "}

JSON: dict[str, dict[str, Any]] = {
    "Log4j 2, JsonLayout": {
        "instant": {"epochSecond": 1795883435, "nanoOfSecond": 27000000},
        "thread": "x", "level": "ERROR", "loggerName": LOGGER, "message": "It failed", "thrown": THROWN, "contextMap": CONTEXT,
    },
    "Log4j 2, frames as a list": {
        "timeMillis": 1795883435027, "level": "ERROR", "loggerName": LOGGER, "message": "It failed", "contextMap": CONTEXT,
        "thrown": {"name": "org.x.AnException", "message": "no", "extendedStackTrace": FRAMES,
                   "cause": {"name": "b.C", "message": "d"}},
    },
    "ECS": {
        "@timestamp": "2026-11-28T16:30:35.027Z", "log.level": "ERROR", "log.logger": LOGGER, "message": "It failed",
        "error.stack_trace": f"org.x.AnException: no\n{FRAME}", "labels": CONTEXT,
    },
    "ECS, nested": {
        "@timestamp": "2026-11-28T16:30:35.027Z", "log": {"level": "ERROR", "logger": LOGGER}, "message": "It failed",
        "error": {"type": "org.x.AnException", "message": "no", "stack_trace": f"org.x.AnException: no\n{FRAME}"},
        "process.thread.name": "task-thread-orders-3",
    },
    "logstash, Log4j 1": {
        "@timestamp": "2026-11-28T16:30:35.027Z", "level": "ERROR", "logger_name": LOGGER, "message": "It failed",
        "exception": {"exception_class": "org.x.AnException", "exception_message": "no", "stacktrace": f"org.x.AnException: no\n{FRAME}"},
        "mdc": CONTEXT, "@version": 1,
    },
}  # fmt: skip


@pytest.mark.parametrize("layout", JSON)
def test_json_layouts_are_read(layout: str) -> None:
    found = record(json.dumps(JSON[layout]))
    assert (found.level, found.logger, found.message) == ("ERROR", LOGGER, "It failed")
    assert (found.connector, found.task) == ("orders", 3)
    assert found.time == pytest.approx(1795883435.027)
    assert found.trace.startswith("org.x.AnException: no\n\tat ")


def test_causes_in_json_are_those_of_a_trace() -> None:
    assert record(json.dumps(JSON["Log4j 2, frames as a list"])).trace.endswith(
        "\tat a.B.c(B.java:3)\nCaused by: b.C: d"
    )


@pytest.mark.parametrize(
    "text", ["{", "{}", '{"level": 3}', '{"level": "LOUD"}', "[" * 5000, '{"a":' * 5000, "", "\x00"]
)
def test_other_lines_are_no_records(text: str) -> None:
    assert records(text) == []


def test_a_record_with_very_many_lines_is_bounded() -> None:
    frames = "\n".join([FRAME] * 5000)
    found = record(f"{HEAD}It failed ({LOGGER})\na.AnException: x\n{frames}\nCaused by: b.OtherError: y")
    assert found.trace.count("\n") < 500
    assert found.trace.endswith("Caused by: b.OtherError: y")


@given(st.lists(st.text(max_size=60) | st.just(f"{HEAD}x ({LOGGER})"), max_size=20))
def test_any_lines_can_be_read(lines: list[str]) -> None:
    for one in records_of(Line(line) for line in lines):
        assert one.level
