# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result of cluster_history, and the connectors of the past for the export."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import CancelledError, InputError
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.history.report import (
    HistoryLimits,
    history_report,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.history.stored import connectors_then
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.history.topics import (
    TopicNames,
    find_topics,
    names_in,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.run import Run
from tests.unit.connect.history_support import START, W1, W2, ConfigLog, FakeSource, Log, StatusLog, logs, query

NOW = START + 3_600_000
SECRET = "hunter2-in-clear"
TRACE = f"org.x.JdbcException: login failed for {SECRET} at jdbc:x://u:{SECRET}@db/x\n\tat a.B.c(D.java:1)\n"


def report(config: Log, status: Log, **limits: Any) -> dict[str, Any]:
    extra, warnings = history_report(
        FakeSource(config, status), query(), HistoryLimits(**{"now": NOW, "max_events": 100} | limits), Run()
    )
    return {**extra, "warnings": warnings}


def test_the_story_of_a_failure() -> None:
    config, status = logs()
    config.put("orders", {"database.hostname": "db-1", "tasks.max": "1"})
    status.status("orders", "RUNNING", W1, 1, task=0)
    config.second, status.second = 5, 9.123
    config.put("orders", {"database.hostname": "db-2", "tasks.max": "1"})
    status.status("orders", "FAILED", W2, 2, task=0, trace="java.net.ConnectException: Connection refused: db-2:5432\n")
    result = report(config, status)
    assert [event["message"] for event in result["events"]] == [
        'connector "orders" created',
        f'connector "orders": task 0 RUNNING on {W1}',
        'connector "orders" changed: database.hostname "db-1" -> "db-2"',
        f'rebalance, generation 2; task 0 of "orders" from {W1} to {W2}; {W2} has work again; {W1} has no work any more',
        f'connector "orders": task 0 FAILED on {W2} (before: {W1}): ConnectException: Connection refused: db-2:5432',
    ]
    assert result["events"][2]["changes"] == [{"key": "database.hostname", "before": "db-1", "after": "db-2"}]
    assert result["events"][4]["time"] == "2025-11-26T23:33:29.123Z"
    (found,) = result["summaries"]["failures_after_changes"]
    assert found["message"].startswith(
        'connector "orders": changed database.hostname at 2025-11-26 23:33:25 UTC, first failure 4.1 s later: ConnectException'
    )
    assert found["advice"]
    assert result["msg"] == (
        "events: 5 since 2025-11-26 23:33:20 UTC, until 2025-11-27 00:33:20 UTC; failures: 1 of 1 connector (orders); rebalances: 1; "
        + found["message"]
    )
    assert (result["compacted"], result["warnings"], result["events_omitted"]) == ([], [], 0)


def test_no_secret_is_in_the_result() -> None:
    config, status = logs()
    old = {
        "database.password": SECRET,
        "jdbc.url": f"jdbc:x://u:{SECRET}@db/x",
        "note": f"it is {SECRET}",
        "a": "${file:x:y}",
    }
    config.put("orders", old)
    config.put("orders", {**old, "database.password": "another-one-in-clear", "a": "1"})
    config.session_key()
    status.status("orders", "FAILED", task=0, trace=TRACE)
    result = report(config, status, as_of=NOW)
    text = json.dumps(result)
    assert SECRET not in text
    assert "in-clear" not in text
    assert "c2Vzc2lvbi1rZXk" not in text
    assert "${file:x:y}" in text
    changes = {change["key"]: change for change in result["events"][1]["changes"]}
    assert changes["database.password"] == {"key": "database.password", "before": "********", "after": "********"}


def test_the_newest_events_are_kept() -> None:
    config, status = logs()
    for config.second in range(10):
        config.put("orders", {"second": str(config.second)})
    result = report(config, status, max_events=3)
    assert [event["changes"][0]["after"] for event in result["events"]] == ["7", "8", "9"]
    assert result["events_omitted"] == 7
    assert "7 older events left out" in result["warnings"][0]


def test_too_many_bytes_are_an_error_that_says_how_far_it_came() -> None:
    config, status = logs()
    status.second = 60
    status.status("orders", "RUNNING")
    status.status("orders", "RUNNING")
    limits = HistoryLimits(NOW, 10)
    with pytest.raises(InputError, match=r"more than max_bytes \(200\).*up to 2025-11-26T23:34:20.000Z: set since"):
        history_report(FakeSource(config, status), query(max_bytes=200), limits, Run())


def test_a_run_without_time_ends_while_it_reads() -> None:
    config, status = logs()
    run = Run()
    run.cancelled.set()
    for number in range(60_000):
        status.status(f"c{number % 7}", "RUNNING" if number % 2 else "PAUSED")
    with pytest.raises(CancelledError):
        history_report(FakeSource(config, status), query(), HistoryLimits(NOW, 10), run)


def test_malformed_records_are_counted_and_named() -> None:
    config, status = logs()
    config.put("orders", {})
    config.append(b"connector-\xff", {})
    config.append("what", {})
    status.append("status-task-orders-0", b"\xff")
    result = report(config, status)
    assert [event["kind"] for event in result["events"]] == ["config_created"]
    assert [topic["malformed"] for topic in result["topics"]] == [
        {"key_is_no_text": 1, "unknown_key": 1},
        {"value_is_no_json": 1},
    ]
    assert result["warnings"][0] == (
        "topic connect-configs: skipped 2 records that no worker writes (key_is_no_text 1, unknown_key 1), the first one at "
        "partition 0, offset 1"
    )


def test_a_name_of_a_terminal_is_legible_in_messages() -> None:
    config, status = logs()
    config.put("a\x1b[31m\nb", {})
    (event,) = report(config, status)["events"]
    assert event["connector"] == "a\x1b[31m\nb"
    assert event["message"] == 'connector "a\\x1b[31m\\nb" created'


def test_the_state_at_a_time() -> None:
    config, status = logs(2)
    config.put("orders", {"tasks.max": "1", "database.password": SECRET})
    config.tasks("orders", 1)
    status.status("orders", "RUNNING", W1)
    status.status("orders", "FAILED", W2, task=0, trace="org.x.AnException: too bad\n")
    status.status("orders", "RUNNING", W2, task=1)
    config.put("payments", {"tasks.max": "1"})
    config.target("payments", "PAUSED")
    config.second = status.second = 100
    config.delete("orders")
    config.put("later", {})
    status.gone("orders", 0)
    result = report(config, status, as_of=START + 50_000)
    assert result["as_of"] == "2025-11-26T23:34:10.000Z"
    assert result["connectors"] == [
        {
            "name": "orders",
            "config": {"database.password": "********", "tasks.max": "1"},
            "target_state": "RUNNING",
            "state": "RUNNING",
            "worker_id": W1,
            "tasks": [{"id": 0, "state": "FAILED", "worker_id": W2}],
            "task_count": 1,
            "cause": "AnException: too bad",
            "transience": "unknown",
            "advice": "",
            "deleted_since": True,
        },
        {
            "name": "payments",
            "config": {"tasks.max": "1"},
            "target_state": "PAUSED",
            "state": "",
            "worker_id": "",
            "tasks": [],
            "task_count": 0,
            "cause": "",
            "transience": "",
            "advice": "",
            "deleted_since": False,
        },
    ]


# Names of topics


OFFSETS = Log("connect-offsets")
OFFSETS.append(b'["orders",{"server":"a"}]', {"lsn": 1})


def test_topics_are_recognized_by_their_records() -> None:
    config, status = ConfigLog("a"), StatusLog("b", 5)
    config.session_key()
    status.status("orders", "RUNNING")
    other, empty = Log("other"), Log("empty")
    other.append("connector-orders", {})
    other.append("customer-1", {})
    source = FakeSource(OFFSETS, config, status, other, empty)
    found = find_topics(source, TopicNames())
    assert [topic.name for topic in found] == ["a", "b"]


def test_given_topics_are_not_searched() -> None:
    config, status = logs()
    source = FakeSource(config, status)
    assert [topic.name for topic in find_topics(source, TopicNames("connect-configs", "connect-status"))] == [
        "connect-configs",
        "connect-status",
    ]
    assert source.sampled == []


def test_two_clusters_on_the_brokers_are_ambiguous() -> None:
    config, other, status = ConfigLog("a"), ConfigLog("b"), StatusLog("c")
    config.put("orders", {})
    other.put("orders", {})
    status.status("orders", "RUNNING")
    with pytest.raises(InputError, match='several topics may be the one of this cluster: "a", "b": set config_topic'):
        find_topics(FakeSource(config, other, status), TopicNames())
    assert find_topics(FakeSource(config, other, status), TopicNames("b"))[1].name == "c"


def test_missing_topics_are_named() -> None:
    with pytest.raises(InputError, match="no compacted topic has the records of Kafka Connect"):
        find_topics(FakeSource(OFFSETS), TopicNames())
    with pytest.raises(InputError, match='topic "x" does not exist: correct config_topic'):
        find_topics(FakeSource(OFFSETS), TopicNames("x", "connect-offsets"))


def test_one_topic_is_not_both() -> None:
    with pytest.raises(InputError, match='config_topic and status_topic are both "x": correct one of them'):
        find_topics(FakeSource(OFFSETS), TopicNames("x", "x"))


def test_names_come_from_the_properties_of_a_worker() -> None:
    properties = {"config.storage.topic": " a ", "status.storage.topic": "b"}
    assert names_in(properties, "x") == ("a", "b")
    with pytest.raises(InputError, match=r"has no config\.storage\.topic"):
        names_in({"status.storage.topic": "b"}, "x")


# For the export


def test_the_connectors_of_the_past_have_their_requested_state_and_their_secrets() -> None:
    config = ConfigLog("connect-configs")
    config.put("orders", {"tasks.max": "1", "database.password": SECRET})
    config.target("orders", "STOPPED")
    config.put("payments", {"name": "payments"})
    config.second = 100
    config.delete("orders")
    then = connectors_then(FakeSource(config), query(), [], START + 50_000, Run())
    assert [(one.name, one.config, one.state) for one in then.connectors] == [
        ("orders", {"tasks.max": "1", "database.password": SECRET, "name": "orders"}, "STOPPED"),
        ("payments", {"name": "payments"}, "RUNNING"),
    ]
    assert (then.compacted, then.warnings, then.as_of) == ([], [], "2025-11-26T23:34:10.000Z")


def test_a_compacted_configuration_is_named_and_not_exported() -> None:
    config = ConfigLog("connect-configs")
    config.put("orders", {"tasks.max": "1"})
    config.second = 100
    config.put("orders", {"tasks.max": "2"})
    config.put("payments", {})
    config.compact(2)
    then = connectors_then(FakeSource(config), query(), ["orders"], START + 50_000, Run())
    assert then.connectors == []
    assert then.compacted[0]["connector"] == "orders"
    assert then.warnings[0] == (
        'connector "orders": the configuration before 2025-11-26 23:35:00 UTC may have been compacted away, so it is unknown; it has no file'
    )


def test_a_name_that_did_not_exist_is_an_error_and_a_pattern_a_warning() -> None:
    config = ConfigLog("connect-configs")
    config.put("orders", {})
    with pytest.raises(InputError, match='connector "payments" did not exist at 2025-11-26 23:34:10 UTC'):
        connectors_then(FakeSource(config), query(), ["payments"], START + 50_000, Run())
    assert connectors_then(FakeSource(config), query(), ["p*"], START + 50_000, Run()).warnings == [
        'pattern "p*" matches no connector'
    ]
