# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The facts in logs of real workers (data/, recorded by the sandbox; frames, ids and addresses were shortened)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.logs import log_facts
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.logs.kafka_lines import (
    KINDS,
    LINES,
    OTHER_MEMBER,
    REBALANCE_CAUSES,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.logs.log_facts import LogFacts
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.logs.log_records import Line

DATA = Path(__file__).parent / "data"
SECRET = "hunter2-in-clear"


def facts_of(lines: Iterable[str], since: float = 0.0) -> LogFacts:
    facts = LogFacts()
    facts.read((Line(line) for line in lines), since)
    return facts


def result_of(*lines: str, most_errors: int = 20) -> dict[str, Any]:
    return facts_of(lines).result(most_errors)


def event(result: dict[str, Any], kind: str) -> dict[str, Any]:
    found: dict[str, Any] = next(entry for entry in result["events"] if entry["kind"] == kind)
    return found


def line(logger: str, message: str, *, second: int = 0, level: str = "INFO") -> str:
    return f"[2026-11-28T16:30:{second:02d}.000Z] {level} {message} (org.apache.kafka.connect.runtime.{logger})"


@pytest.fixture(params=["3.9", "4.3"])
def recorded(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The facts in the log of a real worker of either line."""
    text = (DATA / f"{request.param}.txt").read_text(encoding="utf-8")
    assert SECRET in text
    return facts_of(text.splitlines()).result(20)


def test_the_log_of_a_real_worker_shows_each_kind_that_was_provoked(recorded: dict[str, Any]) -> None:
    seen = {entry["kind"] for entry in recorded["events"] if entry["count"]}
    assert seen == {
        "rebalance",
        "session_lost",
        "coordinator_lost",
        "slow_stop",
        "offset_commit_failed",
        "deserialization_failed",
    }
    assert [entry["kind"] for entry in recorded["events"]] == list(KINDS)
    assert all((entry["first"] is None) == (entry["count"] == 0) for entry in recorded["events"])


def test_rebalances_of_a_real_worker_have_their_reasons(recorded: dict[str, Any]) -> None:
    found = event(recorded, "rebalance")
    reasons = {entry["reason"] for entry in found["reasons"]}
    assert sum(entry["count"] for entry in found["reasons"]) == found["count"] == 6
    assert {OTHER_MEMBER, "the configuration of a connector was written", "a connector changed its tasks"} <= reasons


def test_a_lost_session_of_a_real_worker_has_the_answer_of_the_coordinator(recorded: dict[str, Any]) -> None:
    reasons = [entry["reason"] for entry in event(recorded, "session_lost")["reasons"]]
    assert "UNKNOWN_MEMBER_ID from HEARTBEAT response" in reasons


def test_records_that_could_not_be_converted_are_those_of_the_connector(recorded: dict[str, Any]) -> None:
    found = event(recorded, "deserialization_failed")
    assert found["connectors"] == ["badjson", "badtol"]
    assert {entry["reason"] for entry in found["reasons"]} == {"value"}


def test_errors_are_counted_by_connector_with_cause_and_fix(recorded: dict[str, Any]) -> None:
    by_name = {entry["name"]: entry for entry in recorded["connectors"]}
    assert sorted(by_name) == ["badjson", "badtol", "gen", "mock", "mockc", "nofile"]
    assert "schemas.enable" in by_name["badjson"]["advice"]
    assert (by_name["nofile"]["transience"], by_name["nofile"]["tasks"]) == ("permanent", [0])
    assert by_name["nofile"]["count"] == 2
    assert (by_name["mockc"]["cause"], by_name["mockc"]["tasks"]) == ("RuntimeException", [])


def test_errors_of_a_real_worker_are_distinct_and_the_newest_come_first(recorded: dict[str, Any]) -> None:
    keys = [(entry["connector"], entry["logger"], entry["message"]) for entry in recorded["errors"]]
    assert len(keys) == len(set(keys))
    assert [entry["last"] for entry in recorded["errors"]] == sorted(
        (entry["last"] for entry in recorded["errors"]), reverse=True
    )
    tolerated = next(entry for entry in recorded["errors"] if entry["connector"] == "badtol" and entry["count"] == 2)
    assert tolerated["logger"].endswith("LogReporter")


def test_evidence_shows_the_exception_and_its_causes_without_secrets(recorded: dict[str, Any]) -> None:
    assert SECRET not in str(recorded)
    found = next(entry for entry in recorded["errors"] if entry["connector"] == "nofile")
    assert [text.split(" ")[0] for text in found["evidence"]] == [
        "ERROR",
        "org.apache.kafka.connect.errors.ConnectException:",
        "Caused",
    ]
    assert "password=********" in found["evidence"][1]


@pytest.mark.parametrize(
    ("kind", "logger", "message", "reason"),
    [
        ("worker_started", "Connect", "Kafka Connect started", ""),
        ("worker_stopped", "Connect", "Kafka Connect stopped", ""),
        (
            "poll_timeout",
            "distributed.DistributedHerder",
            "worker poll timeout has expired. The last known action being performed by the worker is : x and may contribute to it",
            "x",
        ),
        (
            "task_poll_timeout",
            "ConsumerCoordinator",
            "[orders|task-0] [Consumer clientId=x] consumer poll timeout has expired. This means the time between",
            "put() took longer than max.poll.interval.ms",
        ),
        (
            "slow_stop",
            "Worker",
            "Connector 'orders' failed to properly shut down, has become unresponsive, and may be consuming",
            "a connector did not stop",
        ),
        (
            "deserialization_failed",
            "errors.LogReporter$Sink",
            "Error encountered in task a-0. Executing stage 'KEY_CONVERTER' with class 'x'.",
            "key",
        ),
    ],
)
def test_lines_of_kafka_show_events(kind: str, logger: str, message: str, reason: str) -> None:
    found = event(result_of(line(logger, message, level="WARN")), kind)
    assert found["count"] == 1
    assert [entry["reason"] for entry in found["reasons"]] == ([reason] if reason else [])


def test_the_same_words_of_another_class_show_nothing() -> None:
    result = result_of(
        line("com.example.Mine", "Graceful stop of task a-0 failed."), line("x.Y", "Joined group at generation 3")
    )
    assert [entry["kind"] for entry in result["events"] if entry["count"]] == []


def test_every_kind_of_the_table_is_a_kind_of_the_result() -> None:
    assert {row.kind for row in LINES} | {"out_of_memory"} == set(KINDS)
    assert {row.kind for row in REBALANCE_CAUSES} == {"rebalance_cause"}


def test_a_rebalance_uses_up_its_reasons() -> None:
    herder = "distributed.DistributedHerder"
    joined = line(herder, "Joined group at generation 3 with protocol version 2")
    result = result_of(line(herder, "Connector orders config removed"), joined, joined)
    assert [entry["reason"] for entry in event(result, "rebalance")["reasons"]] == [
        "a connector was deleted",
        OTHER_MEMBER,
    ]


def test_a_lack_of_memory_is_counted_once_with_what_was_missing() -> None:
    result = result_of(
        line("WorkerTask", "[a|task-0] It failed", level="ERROR"),
        "java.lang.OutOfMemoryError: Java heap space",
        "\tat a.B.c(B.java:1)",
    )
    found = event(result, "out_of_memory")
    assert (found["count"], found["reasons"][0]["reason"], found["connectors"]) == (1, "Java heap space", ["a"])


def test_older_records_do_not_count() -> None:
    facts = facts_of(
        [line("Worker", "x", second=1, level="ERROR"), line("Worker", "y", second=3, level="ERROR")], 1795883402.0
    )
    assert [entry["message"] for entry in facts.result(9)["errors"]] == ["y"]


def test_errors_that_differ_in_numbers_count_as_one() -> None:
    lines = [line("Worker", f"Failed after {number} tries", second=number, level="ERROR") for number in (1, 2)]
    result = result_of(*lines)
    assert [(entry["count"], entry["message"]) for entry in result["errors"]] == [(2, "Failed after 2 tries")]
    assert (result["errors"][0]["first"], result["errors"][0]["last"]) == (
        "2026-11-28T16:30:01.000Z",
        "2026-11-28T16:30:02.000Z",
    )


def test_more_errors_than_wanted_are_counted() -> None:
    lines = [line("Worker", f"Failed: {word}", level="ERROR") for word in "abcde"]
    result = result_of(*lines, most_errors=2)
    assert (len(result["errors"]), result["errors_omitted"]) == (2, 3)


def test_distinct_errors_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_facts, "MOST_DISTINCT", 3)
    lines = [line("Worker", f"[c{word}|task-0] Failed: {word}", level="ERROR") for word in "abcdef"]
    facts = facts_of(lines)
    result = facts.result(20)
    assert (len(result["errors"]), len(result["connectors"]), result["errors_omitted"]) == (3, 3, 3)
    assert facts.summary() == "6 log records; errors: 6 (connectors ca, cb, cc)"


def test_a_log_without_anything_is_summed_up() -> None:
    assert facts_of([]).summary() == "0 log records; errors: 0"
    assert facts_of([line("Worker", "one")]).summary() == "1 log record; errors: 0"
