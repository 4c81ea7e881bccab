# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the results of the modules to causes with their times, changes and consequences."""

from __future__ import annotations

from graphlib import TopologicalSorter
from typing import Any

import pytest
import yaml

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.diagnosis.assemble import (
    Results,
    causes_line,
    diagnose,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.diagnosis.log_findings import (
    KINDS,
    LOG_RULES,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.health.causes import RULES
from ansible_collections.streamops.kafka_connect.plugins.modules import worker_log_info
from tests.unit.connect.diagnosis_support import (
    MINUTE,
    NOW,
    REFUSED,
    event,
    finding,
    health_of,
    history_of,
    log_of_host,
    results_of,
    state_event,
    stored,
)


def causes(results: Results) -> list[tuple[str, str]]:
    return [(cause.kind, cause.subject) for cause in diagnose(results).causes]


def test_a_healthy_cluster_has_no_cause() -> None:
    diagnosis = diagnose(results_of())
    assert (diagnosis.verdict, diagnosis.causes) == ("healthy", ())
    assert causes_line(diagnosis.causes) == "nothing found"


def test_a_warning_leaves_the_cluster_healthy() -> None:
    diagnosis = diagnose(results_of(health_of(finding("plugins_differ", severity="warning"))))
    assert (diagnosis.verdict, causes_line(diagnosis.causes)) == ("warnings", "1 warning")


def test_information_is_no_cause() -> None:
    assert causes(results_of(health_of(finding("group_not_asked", severity="info")))) == []


def test_what_follows_from_a_cause_stands_below_it() -> None:
    root = finding("worker_unreachable", "http://connect-2:8083")
    follows = finding("unassigned", caused_by=[root["id"]])
    (cause,) = diagnose(results_of(health_of(follows, root))).causes
    assert (cause.kind, cause.consequences) == ("worker_unreachable", (follows["message"],))


def test_errors_stand_before_warnings() -> None:
    health = health_of(finding("lag_growing", "a", "warning"), finding("failed_tasks", "b"))
    assert causes(results_of(health)) == [("failed_tasks", "b"), ("lag_growing", "a")]


def test_a_health_check_that_failed_is_the_cause() -> None:
    failed: dict[str, Any] = {
        "failed": True,
        "msg": "no worker answers -> start one",
        "error": {"kind": "connection_refused", "message": "no worker answers", "advice": "start one"},
    }
    diagnosis = diagnose(results_of(failed))
    (cause,) = diagnosis.causes
    assert diagnosis.verdict == "not_healthy"
    assert (cause.kind, cause.message, cause.advice) == ("connection_refused", "no worker answers", "start one")
    assert diagnosis.summary == "no worker answers"


def test_without_a_result_of_the_health_check_the_verdict_is_unknown() -> None:
    assert diagnose(results_of({"skipped": True})).verdict == "unknown"


def test_a_failure_is_dated_by_the_history() -> None:
    events = [state_event(90, "orders", "FAILED", "RUNNING"), state_event(80, "orders", "RUNNING", "FAILED")]
    events.append(state_event(67, "orders", "FAILED", "RUNNING", cause=REFUSED))
    results = results_of(
        health_of(finding("failed_tasks", "orders")),
        history=history_of(*events),
        connectors={"connectors": [stored("orders", "FAILED")]},
    )
    assert diagnose(results).causes[0].since == NOW - 67 * MINUTE


def test_a_failure_before_the_history_has_no_date() -> None:
    results = results_of(
        health_of(finding("failed_tasks", "orders")),
        history=history_of(event(10, "rebalance")),
        connectors={"connectors": [stored("orders", "FAILED")]},
    )
    assert diagnose(results).causes[0].since is None


def test_a_cause_has_the_date_of_what_followed_from_it() -> None:
    root = finding("broker_unreachable", "kafka-1:9092")
    results = results_of(
        health_of(root, finding("failed_tasks", "orders", caused_by=[root["id"]])),
        history=history_of(state_event(30, "orders", "FAILED", "RUNNING")),
        connectors={"connectors": [stored("orders", "FAILED")]},
    )
    assert diagnose(results).causes[0].since == NOW - 30 * MINUTE


def test_repeated_rebalances_are_dated_by_the_first_one() -> None:
    results = results_of(
        health_of(finding("rebalancing_repeatedly", severity="warning")),
        history=history_of(event(50, "rebalance"), event(20, "rebalance")),
    )
    assert diagnose(results).causes[0].since == NOW - 50 * MINUTE


def test_a_change_shortly_before_the_failure_is_named() -> None:
    change = {"connector": "orders", "message": "changed database.hostname, first failure 4.2 s later"}
    health = health_of(finding("failed_tasks", "orders"), finding("failed_tasks", "stock"))
    first, second = diagnose(results_of(health, history=history_of(changes=[change]))).causes
    assert (first.change, second.change) == (change["message"], "")


# Logs


def test_a_lack_of_memory_explains_the_worker_that_does_not_answer() -> None:
    health = health_of(finding("worker_unreachable", "http://connect-2:8083"))
    (cause,) = diagnose(results_of(health, logs=[log_of_host("connect-2", out_of_memory=2)])).causes
    assert (cause.kind, cause.severity, cause.consequences) == (
        "log_out_of_memory",
        "error",
        ("worker_unreachable of http://connect-2:8083",),
    )


def test_a_lack_of_memory_does_not_explain_another_worker() -> None:
    health = health_of(finding("worker_unreachable", "http://connect-1:8083"))
    found = causes(results_of(health, logs=[log_of_host("connect-2", out_of_memory=1)]))
    assert sorted(kind for kind, _subject in found) == ["log_out_of_memory", "worker_unreachable"]


def test_a_lack_of_memory_before_the_last_start_is_a_warning_only() -> None:
    diagnosis = diagnose(results_of(logs=[log_of_host("connect-2", out_of_memory=(1, 30), worker_started=(1, 20))]))
    assert (diagnosis.verdict, diagnosis.causes[0].severity) == ("warnings", "warning")


def test_a_lost_session_explains_the_rebalances_of_that_worker() -> None:
    health = health_of(finding("rebalancing_repeatedly", "http://connect-2:8083", "warning"))
    found = causes(results_of(health, logs=[log_of_host("connect-2", session_lost=3)]))
    assert found == [("log_session_lost", "connect-2:8083")]


@pytest.mark.parametrize("kind", ["worker_started", "worker_stopped", "rebalance"])
def test_ordinary_events_of_a_log_are_no_cause(kind: str) -> None:
    assert causes(results_of(logs=[log_of_host("connect-2", **{kind: 3})])) == []


def test_a_log_that_was_not_read_is_listed() -> None:
    entry = {"host": "connect-3", "result": {"unreachable": True, "msg": "No route to host"}}
    diagnosis = diagnose(results_of(history=history_of(), logs=[entry]))
    assert diagnosis.unread == ("log of connect-3: No route to host",)


def test_a_history_that_was_not_read_is_listed() -> None:
    failed = {"failed": True, "msg": "the brokers do not answer\nmore"}
    assert diagnose(results_of(history=failed)).unread == ("history: the brokers do not answer",)
    assert "give bootstrap_servers" in diagnose(results_of(history={"skipped": True})).unread[0]


def test_what_was_compacted_away_is_said() -> None:
    history = history_of(compacted=[{"connector": "orders", "message": "the configuration is unknown"}])
    assert diagnose(results_of(history=history)).unread == (
        "history: 1 configuration or state compacted away, first: the configuration is unknown",
    )


# Tables


def test_the_rules_for_logs_form_no_circle_with_the_others() -> None:
    needs: dict[str, set[str]] = {}
    for rule in (*RULES, *LOG_RULES):
        for effect in rule.effects:
            needs.setdefault(effect, set()).update(rule.causes)
    TopologicalSorter(needs).prepare()


def test_each_kind_of_event_is_one_that_the_module_returns() -> None:
    fields = yaml.safe_load(worker_log_info.RETURN)["events"]["contains"]
    assert set(KINDS) < set(fields["kind"]["choices"])
    assert all(advice for _severity, _text, advice in KINDS.values())
