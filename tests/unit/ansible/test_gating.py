# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""traffic_window: from options to the result of a task, with a server on loopback instead of agents."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timezone
from functools import partial
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.execute import execute
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.traffic_window import (
    TRAFFIC_WINDOW,
    traffic_window,
)
from testing.fake_connect import FakeCluster
from testing.metrics_server import MetricsServer
from tests.contract.modules.shapes import misfits
from tests.unit.connect.support import file_source

MONDAY_NOON = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)
NIGHTS: dict[str, Any] = {"timezone": "UTC", "windows": [{"start": "22:00", "end": "05:00"}]}
DAYS: dict[str, Any] = {"timezone": "UTC", "windows": [{"start": "06:00", "end": "20:00"}]}
PASSWORD = "canary-of-the-agents"


def run(**given: Any) -> dict[str, Any]:
    """The result of a task with these options, at noon; it fits its documentation."""
    checked = ArgumentSpecValidator(TRAFFIC_WINDOW.arguments, **TRAFFIC_WINDOW.checks).validate(given)
    assert checked.error_messages == []
    operation = partial(traffic_window, now=lambda: MONDAY_NOON)
    result = execute(operation, checked.validated_parameters, check_mode=False, diff_mode=True)
    assert misfits("traffic_window", result) == []
    return result


def refused(**given: Any) -> list[str]:
    result = run(**given)
    assert result["error"]["kind"] == "invalid_input"
    return [problem["message"] for problem in result["error"]["problems"]]


@pytest.fixture
def agent() -> Iterator[MetricsServer]:
    with MetricsServer() as running:
        yield running


def traffic(agent: MetricsServer, **more: Any) -> dict[str, Any]:
    return {"source": "agents", "url": [agent.url], "limit": 100, "sustained_for": 0, **more}


def test_the_gate_opens_by_the_calendar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KAFKA_CONNECT_URL", raising=False)
    result = run(**DAYS)
    assert (result["open"], result["changed"], result["remaining"]) == (True, False, 8 * 3600)
    assert result["closes_at"] == "2026-11-23T20:00:00+00:00"
    assert result["run"]["requests"] == 0
    assert result["run"]["worker"] == ""
    closed = run(**NIGHTS)
    assert not closed.get("failed")
    assert (closed["open"], closed["opens_at"]) == (False, "2026-11-23T22:00:00+00:00")


def test_a_closed_gate_fails_with_the_reason_and_the_facts() -> None:
    result = run(**NIGHTS, fail_on_closed=True)
    assert result["failed"] is True
    assert result["error"]["kind"] == "window_closed"
    assert result["msg"] == (
        "this is not a low-traffic time: no window is open; the next one opens at Mon 2026-11-23 22:00 UTC, in 10 h -> run "
        "again at such a time, or set wait: true to wait for it"
    )
    assert result["opens_at"] == "2026-11-23T22:00:00+00:00"
    assert "failed" not in run(**DAYS, fail_on_closed=True)


def test_a_wait_that_times_out_fails_unless_configured_otherwise() -> None:
    result = run(**NIGHTS, wait=True)
    assert result["failed"] is True
    assert "in 10 h; that is after the remaining wait of " in result["msg"]
    assert not run(**NIGHTS, wait=True, fail_on_closed=False).get("failed")
    assert run(**DAYS, wait=True)["open"] is True


def test_the_gate_opens_by_measured_traffic(agent: MetricsServer) -> None:
    agent.rate = 12.0
    result = run(traffic=traffic(agent))
    assert (result["open"], result["rates"]["records_per_second"]) == (True, 12.0)
    (worker,) = result["rates"]["workers"]
    assert worker == {
        "url": agent.url,
        "records_per_second": 12.0,
        "tasks": 1,
        "source_record_poll_rate": 12.0,
        "source_record_write_rate": 12.0,
        "sink_record_read_rate": 0.0,
        "sink_record_send_rate": 0.0,
        "problem": "",
    }
    assert (result["run"]["requests"], result["run"]["worker"]) == (1, agent.url)
    agent.rate = 100.5
    assert run(traffic=traffic(agent))["open"] is False


def test_the_gate_combines_calendar_and_traffic(agent: MetricsServer) -> None:
    assert run(traffic=traffic(agent), **DAYS)["open"] is True
    assert run(traffic=traffic(agent), **NIGHTS)["open"] is False
    agent.rate = 500.0
    result = run(traffic=traffic(agent), **DAYS, minimum_remaining=3600)
    assert result["reason"] == (
        "a window is open until Mon 2026-11-23 20:00 UTC, for 8 h; traffic is high: 500 records/s (limit 100)"
    )


def test_prometheus_and_jolokia_agents_are_combined(agent: MetricsServer) -> None:
    agent.rate, agent.lag = 3.0, 7.0
    assert run(traffic=traffic(agent, source="jolokia"))["rates"]["records_per_second"] == 3.0
    queries = {"query": "sum(rate)", "up_query": "min(up)", "lag_query": "max(lag)", "lag_limit": 10}
    result = run(traffic=traffic(agent, source="prometheus", sustained_for=600, **queries))
    assert result["open"] is True
    assert (result["rates"]["lag"], result["rates"]["low_for"]) == (7.0, 600)


def test_unknown_traffic_is_handled_as_configured(agent: MetricsServer) -> None:
    agent.replies = [(503, "text/plain", "down")] * 3
    result = run(traffic=traffic(agent), fail_on_closed=True)
    assert result["error"]["kind"] == "window_closed"
    assert result["error"]["advice"].startswith("make the metrics readable, or set traffic.unreachable: ignore")
    assert result["rates"]["records_per_second"] is None
    agent.replies = [(404, "text/plain", "nothing here")]
    wrong = run(traffic=traffic(agent))
    assert (wrong["failed"], wrong["error"]["kind"]) == (True, "metrics_failed")


def test_running_tasks_are_read_from_the_workers(agent: MetricsServer, fake: FakeCluster) -> None:
    fake.connectors.put("orders", file_source())
    result = run(traffic=traffic(agent), url=fake.urls)
    assert result["open"] is True
    assert result["run"]["requests"] == 2
    fake.connectors.put("payments", file_source())
    result = run(traffic=traffic(agent), url=fake.urls)
    assert result["open"] is False
    assert 'these agents lack the rates of running task 0 of connector "payments"' in result["reason"]
    assert run(traffic=traffic(agent, unreachable="ignore"), url=fake.urls)["open"] is True
    assert fake.writes() == []


def test_credentials_of_the_workers_are_not_sent_to_agents(agent: MetricsServer) -> None:
    elsewhere = {"url_username": "rest", "url_password": "of-the-workers", "headers": {"X-Key": "of-the-workers"}}
    run(traffic=traffic(agent), **elsewhere)
    assert "Authorization" not in agent.asked[0].headers
    assert "X-Key" not in agent.asked[0].headers
    run(traffic=traffic(agent, token=PASSWORD, headers={"X-Scope-OrgID": "connect"}), **elsewhere)
    assert agent.asked[1].headers["Authorization"] == f"Bearer {PASSWORD}"
    assert agent.asked[1].headers["X-Scope-OrgID"] == "connect"


@pytest.mark.parametrize("status", [200, 401, 503])
def test_echoed_secrets_are_masked(agent: MetricsServer, status: int) -> None:
    agent.replies = [(status, "text/plain", f"your header was {PASSWORD} and X-Key {PASSWORD}2\n\x1b[31m")] * 3
    given = {"url_username": "u", "url_password": PASSWORD, "headers": {"X-Key": f"{PASSWORD}2"}}
    result = run(traffic=traffic(agent, **given))
    assert PASSWORD not in json.dumps(result)
    assert result.get("reason", "").isprintable()
    assert result.get("msg", "").isprintable()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"windows": [], "timezone": "UTC"}, "windows is an empty list"),
        ({**NIGHTS, "timezone": "Mars/Olympus"}, 'timezone "Mars/Olympus" is unknown'),
        ({**NIGHTS, "minimum_remaining": -1}, "minimum_remaining is -1: give a number, from 0 to 604800"),
        ({**NIGHTS, "minimum_remaining": "nan"}, "minimum_remaining is nan"),
        ({**NIGHTS, "wait_timeout": 1e9}, "wait_timeout is 1e+09: give a number, from 0 to 604800"),
        ({**NIGHTS, "exclude": ["soon"]}, 'exclude: "soon" is not a date'),
    ],
)
def test_an_invalid_calendar_is_rejected(given: dict[str, Any], words: str) -> None:
    (problem,) = refused(**given)
    assert words in problem


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"limit": "nan"}, "traffic.limit is nan: give a number, 0 or more"),
        ({"limit": -1}, "traffic.limit is -1"),
        ({"interval": 0.5}, "traffic.interval is 0.5: give a number, from 1 to 86400"),
        ({"sustained_for": 1e6}, "traffic.sustained_for is 1e+06"),
        ({"query": "up"}, "traffic.query have no effect without traffic.source: prometheus"),
        ({"source": "prometheus", "up_query": "up"}, "traffic.query is missing"),
        ({"source": "prometheus", "query": "x"}, "traffic.up_query is missing: a worker that Prometheus can't read"),
        (
            {"source": "prometheus", "query": "x", "up_query": "up", "lag_limit": 3},
            "traffic.lag_query and traffic.lag_limit belong together",
        ),
        (
            {"source": "prometheus", "query": "x", "up_query": "up", "url": ["http://a:1", "http://b:1"]},
            "traffic.url has several URLs: give one Prometheus server",
        ),
        ({"url": []}, "traffic.url is an empty list: give the URL of a worker's agent"),
        ({"url": ["w1:9404"]}, 'traffic.url "w1:9404" is not the URL of a worker\'s agent'),
        ({"url": ["http://u:p@w1:9404"]}, "set traffic.url_username and traffic.url_password instead"),
        ({"token": "t", "url_username": "u"}, "traffic.token and traffic.url_username are both given"),
        ({"client_key": "/k"}, "traffic.client_key is set without client_cert"),
        (
            {"ca_path": "/no/such.pem", "url": ["https://127.0.0.1:1"]},
            "check traffic.client_cert, traffic.client_key and",
        ),
    ],
)
def test_invalid_traffic_options_are_rejected(agent: MetricsServer, given: dict[str, Any], words: str) -> None:
    (problem,) = refused(traffic=traffic(agent, **given))
    assert words in problem
    assert agent.asked == []


def test_window_options_require_windows(agent: MetricsServer) -> None:
    (problem,) = refused(traffic=traffic(agent), exclude=["12-24"], minimum_remaining=60)
    assert problem.startswith("exclude and minimum_remaining have no effect without windows")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "one of the following is required: windows, traffic"),
        ({"windows": NIGHTS["windows"]}, "missing parameter(s) required by 'windows': timezone"),
    ],
)
def test_ansible_checks_the_required_options(given: dict[str, Any], words: str) -> None:
    checked = ArgumentSpecValidator(TRAFFIC_WINDOW.arguments, **TRAFFIC_WINDOW.checks).validate(given)
    assert words in checked.error_messages[0]
