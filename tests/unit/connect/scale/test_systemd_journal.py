# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The cause of a failure in the journal of a worker."""

from __future__ import annotations

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.scale.systemd_journal import (
    KEPT,
    cause_of,
    relevant_lines,
)

STARTING = [
    "Starting kafka-connect.service - Kafka Connect worker...",
    "[2026-11-21 03:12:07,998] INFO Kafka Connect worker initializing ... (org.apache.kafka.connect.cli.AbstractConnectCli:114)",
]
STOPPING = [
    "[2026-11-21 03:12:09,101] ERROR Stopping due to error (org.apache.kafka.connect.cli.AbstractConnectCli:99)",
    "org.apache.kafka.connect.errors.ConnectException: Unable to initialize REST server",
    "\tat org.apache.kafka.connect.runtime.rest.RestServer.initializeServer(RestServer.java:220)",
    "\t... 4 more",
    "Caused by: java.io.IOException: Failed to bind to 0.0.0.0/0.0.0.0:8083",
    "\tat org.eclipse.jetty.server.ServerConnector.openAcceptChannel(ServerConnector.java:345)",
    "Caused by: java.net.BindException: Address already in use",
    "\tat java.base/sun.nio.ch.Net.bind0(Native Method)",
    "kafka-connect.service: Main process exited, code=exited, status=3/NOTIMPLEMENTED",
]


def test_the_first_cause_of_the_last_error_is_reported() -> None:
    cause = cause_of([*STARTING, *STOPPING])
    assert "Address already in use" in cause
    assert "\n" not in cause


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        ("Error: Could not find or load main class org.apache.kafka.connect.cli.ConnectDistributed", "main class"),
        ("Unrecognized VM option 'UseG2GC'", "UseG2GC"),
        ("Error occurred during initialization of VM", "initialization of VM"),
        (
            "kafka-connect.service: Failed to locate executable /usr/bin/java: No such file or directory",
            "/usr/bin/java",
        ),
    ],
)
def test_java_or_systemd_messages_are_used_if_the_worker_logged_no_error(line: str, cause: str) -> None:
    assert cause in cause_of([*STARTING, line])


def test_a_jvm_without_memory_is_the_cause_also_after_earlier_errors_of_the_log() -> None:
    lines = [
        "[2026-11-21 03:12:09,101] ERROR Uncaught exception in herder work thread (org.apache.kafka.connect.runtime:99)",
        "java.lang.OutOfMemoryError: Java heap space",
        "Dumping heap to /var/log/kafka-connect/heap.hprof ...",
        "Terminating due to java.lang.OutOfMemoryError: Java heap space",
        "kafka-connect.service: Main process exited, code=exited, status=3/NOTIMPLEMENTED",
    ]
    assert cause_of([*STOPPING, *lines]) == "OutOfMemoryError: Java heap space"
    assert "Terminating due to java.lang.OutOfMemoryError: Java heap space" in relevant_lines(lines)
    assert "Address already in use" in cause_of([*lines, *STARTING, *STOPPING])


def test_a_journal_without_errors_gives_no_cause() -> None:
    assert cause_of(STARTING) == ""
    assert cause_of([]) == ""


def test_the_relevant_lines_are_those_of_errors_and_causes() -> None:
    lines = relevant_lines([*STARTING, *STOPPING])
    assert any("Address already in use" in line for line in lines)
    assert not any(line.startswith(("\tat", "at ")) or "INFO" in line for line in lines)


def test_a_journal_without_errors_is_represented_by_its_last_lines() -> None:
    lines = relevant_lines([f"line {number}" for number in range(50)])
    assert lines == [f"line {number}" for number in range(50 - KEPT, 50)]


def test_secrets_and_terminal_control_sequences_are_not_shown() -> None:
    (line,) = relevant_lines(["[2026-11-21 03:12:09,101] ERROR jdbc:postgresql://u:hunter2@db/x \x1b[31m (C:1)"])
    assert "hunter2" not in line
    assert "\x1b" not in line
