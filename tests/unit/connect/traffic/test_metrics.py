# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Measuring over HTTP, with a server on loopback in the place of agents and of a Prometheus server."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import (
    CancelledError,
    RequestError,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.rest.connection import Connection
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.rest.transport import Transport
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.run import Run
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.traffic.endpoints import (
    ACCEPT,
    TRIES,
    Endpoints,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.traffic.metrics import (
    AgentMeter,
    Limits,
    PrometheusMeter,
    Queries,
    Running,
    describe,
)
from testing.metrics_server import MetricsServer, captured
from tests.unit.connect.loopback import listening

PAGE = "jmx-agent-1.0.1-kafka-4.3.1"
LOW = Limits(100.0)
QUERIES = Queries("sum(rate)", "min(up)", "max(lag)")


@pytest.fixture
def server() -> Iterator[MetricsServer]:
    with MetricsServer() as running:
        yield running


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The engine's own time, to be set."""
    value = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: value[0])
    return value


def endpoints(*urls: str, run: Run | None = None, **connection: Any) -> Endpoints:
    options: dict[str, Any] = {"read_timeout": 10.0, "text_limit": None, "option_prefix": "traffic.", **connection}
    return Endpoints(Transport(Connection(urls, **options)), run or Run())


def agents(
    *urls: str, limits: Limits = LOW, jolokia: bool = False, running: Running | None = None, **connection: Any
) -> AgentMeter:
    return AgentMeter(endpoints(*urls, **connection), limits, jolokia=jolokia, running=running)


def prometheus(url: str, limits: Limits = LOW, queries: Queries = QUERIES) -> PrometheusMeter:
    return PrometheusMeter(endpoints(url), limits, queries)


def page(text: str, status: int = 200) -> tuple[int, str, str]:
    return status, "text/plain", text


def silent(_connection: socket.socket, over: threading.Event) -> None:
    """Accepts a connection and says nothing."""
    over.wait(60)


# Agents


@pytest.mark.parametrize(("jolokia", "path"), [(False, "/metrics"), (True, "/jolokia/")])
def test_the_agents_of_all_workers_are_added_up(server: MetricsServer, jolokia: bool, path: str) -> None:
    server.rate = 7.0
    with MetricsServer(tasks=lambda: (("customers", 0), ("customers", 1)), rate=5.0) as second:
        reading = agents(server.url, second.url, jolokia=jolokia).read()
    assert reading.records_per_second == 12.0
    assert [(worker.url, worker.records_per_second, len(worker.tasks)) for worker in reading.workers] == [
        (server.url, 7.0, 1),
        (second.url, 5.0, 2),
    ]
    assert (reading.problem, reading.low_for) == ("", 0.0)
    assert [asked.path for asked in server.asked] == [path]


def test_a_path_that_is_given_is_not_added_to(server: MetricsServer) -> None:
    agents(f"{server.url}/metrics").read()
    agents(f"{server.url}/jolokia", jolokia=True).read()
    assert [asked.path for asked in server.asked] == ["/metrics", "/jolokia/"]


def test_a_real_page_beyond_the_length_that_errors_are_cut_to(server: MetricsServer) -> None:
    text = captured(f"{PAGE}-w1.txt")
    filling = "".join(f'jvm_filling_total{{number="{number}"}} 1.0\n' for number in range(50_000))
    server.replies = [page(filling + text)]
    assert agents(server.url).read().records_per_second == pytest.approx(4.16649306278905 + 21.076006077369588)


def test_a_worker_that_is_down_makes_the_traffic_unknown(server: MetricsServer) -> None:
    with MetricsServer() as gone:
        url = gone.url
    reading = agents(server.url, url).read()
    assert reading.records_per_second is None
    assert reading.low_for is None
    assert reading.problem.startswith(f"{url}: Connection refused -> nothing listens there")
    assert [worker.records_per_second for worker in reading.workers] == [0.0, None]
    assert describe(reading, LOW) == f"traffic is unknown: {reading.problem}"


def test_unless_it_is_to_be_left_out_and_another_one_is_there(server: MetricsServer) -> None:
    with MetricsServer() as gone:
        url = gone.url
    lenient = Limits(100.0, lenient=True)
    reading = agents(server.url, url, limits=lenient).read()
    assert (reading.records_per_second, reading.problem) == (0.0, "")
    (warning,) = reading.warnings
    assert warning.startswith(f"left out, as nothing is known of it: {url}: Connection refused")
    alone = agents(url, limits=lenient).read()
    assert alone.records_per_second is None
    assert alone.problem
    assert alone.warnings == ()


def test_what_fails_once_is_asked_again(server: MetricsServer) -> None:
    server.replies = [page("down", 503)]
    meter = agents(server.url)
    assert meter.read().records_per_second == 0.0
    assert len(server.asked) == 2


def test_what_keeps_failing_is_unknown(server: MetricsServer) -> None:
    server.replies = [page("down", 503)] * TRIES
    asking = endpoints(server.url)
    reading = AgentMeter(asking, LOW, jolokia=False).read()
    assert reading.problem == f"{server.url}: HTTP 503: down"
    assert (asking.requests, asking.retries) == (TRIES, TRIES - 1)


def test_an_agent_that_does_not_answer_is_asked_once() -> None:
    with listening(silent) as port:
        reading = agents(port.url, read_timeout=0.2).read()
        assert "no answer within 0.2 s" in reading.problem
        assert port.connections == 1


def test_rules_that_hide_tasks_make_the_traffic_unknown(server: MetricsServer) -> None:
    server.replies = [page("kafka_connect_connect_worker_metrics_task_count 3.0\n")]
    problem = agents(server.url).read().problem
    assert "the worker has 3 tasks and rates of 0 of them are there: do the agent's rules leave them out?" in problem


@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, "authentication_failed"), (403, "not_permitted"), (404, "metrics_failed"), (302, "metrics_failed")],
)
def test_what_will_not_pass_by_itself_is_an_error(server: MetricsServer, status: int, kind: str) -> None:
    server.replies = [page("no", status)]
    with pytest.raises(RequestError) as caught:
        agents(server.url).read()
    assert (caught.value.kind, caught.value.http_status) == (kind, status)
    assert caught.value.message == f"metrics of {server.url}/metrics: HTTP {status}: no"
    assert "traffic." in caught.value.advice or "credentials" in caught.value.advice


def test_of_an_agent_that_has_answered_it_may_pass(server: MetricsServer) -> None:
    meter = agents(server.url)
    assert meter.read().problem == ""
    server.replies = [page("<title>Sorry</title>", 404)]
    reading = meter.read()
    assert reading.problem.startswith(f"{server.url}: HTTP 404: ")
    assert meter.read().problem == ""


def test_https_at_a_port_without_tls_is_an_error(server: MetricsServer) -> None:
    with pytest.raises(RequestError) as caught:
        agents(server.url.replace("http:", "https:")).read()
    assert caught.value.kind == "tls_failed"
    assert "the URL says https and the port has no TLS" in caught.value.message


# Whether all workers are measured


def running(*tasks: tuple[str, str]) -> Running:
    return lambda: frozenset(tasks)


def test_a_running_task_that_no_agent_has_makes_the_traffic_unknown(server: MetricsServer) -> None:
    assert agents(server.url, running=running(("orders", "0"))).read().problem == ""
    reading = agents(server.url, running=running(("orders", "0"), ("orders", "1"), ("payments", "0"))).read()
    assert reading.records_per_second is None
    assert reading.problem == (
        'task 1 of connector "orders" and 1 more runs, and none of these agents has its rates -> give the agents of all '
        "workers; during a rebalance this passes"
    )


def test_names_that_jmx_quotes_are_those_of_the_rest_api(server: MetricsServer) -> None:
    server.replies = [page(captured(f"{PAGE}-w2.txt"))]
    tasks = running(('odd;na"me ä', "0"), ("src", "0"))
    assert agents(server.url, running=tasks).read().problem == ""


def test_where_rules_leave_the_names_out_nothing_is_said(server: MetricsServer) -> None:
    server.replies = [page('x_source_record_poll_rate{id="1"} 3\n')]
    assert agents(server.url, running=running(("orders", "0"))).read().records_per_second == 3.0


def test_a_rest_api_that_does_not_answer_makes_it_unknown_and_one_that_refuses_is_an_error(
    server: MetricsServer,
) -> None:
    def failing(kind: str) -> Running:
        def ask() -> frozenset[tuple[str, str]]:
            raise RequestError("GET /connectors: no", kind=kind)

        return ask

    reading = agents(server.url, running=failing("connection_refused")).read()
    assert reading.problem == "which tasks run is unknown: GET /connectors: no"
    with pytest.raises(RequestError):
        agents(server.url, running=failing("authentication_failed")).read()


# How long it has been low


def test_looks_one_after_another_tell_for_how_long_it_has_been_low(server: MetricsServer, now: list[float]) -> None:
    meter = agents(server.url)
    seen = []
    for moment, rate in ((0, 100.0), (10, 0.0), (20, 100.1), (30, 50.0), (45, 99.0), (55, 0.0)):
        now[0], server.rate = 1000.0 + moment, rate
        seen.append(meter.read().low_for)
    assert seen == [0.0, 10.0, None, 0.0, 15.0, 25.0], "at the limit is low; above it ends that"


def test_unknown_traffic_is_not_low(server: MetricsServer, now: list[float]) -> None:
    meter = agents(server.url)
    assert meter.read().low_for == 0.0
    now[0] += 10
    server.replies = [page("down", 503)] * TRIES
    assert meter.read().low_for is None
    now[0] += 10
    assert meter.read().low_for == 0.0


def test_of_a_long_time_between_two_looks_nothing_is_known(server: MetricsServer, now: list[float]) -> None:
    meter = agents(server.url)
    meter.read()
    now[0] += 2 * LOW.interval + 10.0 + 1.0
    assert meter.read().low_for == 0.0


# A Prometheus server


def test_a_server_knows_the_past(server: MetricsServer) -> None:
    server.rate, server.lag = 12.5, 3.0
    reading = prometheus(server.url, Limits(100.0, lag=10.0, sustained_for=300.0)).read()
    assert (reading.records_per_second, reading.lag, reading.low_for, reading.problem) == (12.5, 3.0, 300.0, "")
    now, *ranges = server.asked
    assert now.path == "/api/v1/query"
    assert [asked.path for asked in ranges] == ["/api/v1/query_range"] * 3
    for asked in ranges:
        assert float(asked.query["end"]) - float(asked.query["start"]) == pytest.approx(300.0)
        assert float(asked.query["step"]) == 10.0


@pytest.mark.parametrize("sustained_for", [0.0, 1.0, 7.0, 100.0, 12_345.6, 86_400.0])
def test_any_time_is_covered_by_values(server: MetricsServer, sustained_for: float) -> None:
    reading = prometheus(server.url, Limits(100.0, sustained_for=sustained_for)).read()
    assert reading.problem == ""
    assert reading.low_for is not None
    assert sustained_for <= reading.low_for <= sustained_for + 1.0


def test_the_servers_own_time_counts(server: MetricsServer) -> None:
    real: dict[str, Any] = captured("prometheus-2.42.0.json")
    server.replies = [page(json.dumps(real["sum"])), None, None]
    prometheus(server.url, queries=Queries("sum(x)", "min(up)")).read()
    assert {asked.query["end"] for asked in server.asked[1:]} == {"1795282155.994"}


def replies(server: MetricsServer, *bodies: Any, status: int = 200) -> None:
    server.replies = [body if body is None else (status, "application/json", json.dumps(body)) for body in bodies]


def matrix(*values: float) -> dict[str, Any]:
    points = [[1000.0 + 10 * number, str(value)] for number, value in enumerate(values)]
    return {"status": "success", "data": {"resultType": "matrix", "result": [{"metric": {}, "values": points}]}}


def vector(value: float, moment: float = 1060.0) -> dict[str, Any]:
    return {
        "status": "success",
        "data": {"resultType": "vector", "result": [{"metric": {}, "value": [moment, str(value)]}]},
    }


@pytest.mark.parametrize(
    ("values", "low_for"),
    [
        ((0, 0, 0, 0, 0, 0, 0), 60.0),
        ((0, 101, 0, 0, 0, 0, 0), 50.0),
        ((0, 101, 0, 0, 0, 101, 0), 10.0),
        ((0, 0, 0, 0, 0, 0, 101), None),
        ((100, 100, 100, 100, 100, 100, 100), 60.0),
    ],
)
def test_the_last_high_value_is_where_it_begins_to_be_low(
    server: MetricsServer, values: tuple[float, ...], low_for: float | None
) -> None:
    replies(server, vector(values[-1]), matrix(*values))
    assert prometheus(server.url, queries=Queries("rate")).read().low_for == low_for


def test_lag_counts_as_well(server: MetricsServer) -> None:
    replies(server, vector(0), matrix(0, 0, 0, 0, 0, 0, 0), matrix(11, 11, 11, 0, 0, 0, 0))
    reading = prometheus(server.url, Limits(100.0, lag=10.0), Queries("rate", lag="lag")).read()
    assert reading.low_for == 40.0
    assert describe(reading, Limits(100.0, lag=10.0)) == "0 records/s (limit 100), lag 0 (limit 10)"


def test_a_worker_that_was_not_read_for_a_moment_makes_it_unknown(server: MetricsServer) -> None:
    replies(server, vector(0), matrix(0, 0, 0, 0, 0, 0, 0), matrix(1, 1, 0, 1, 1, 1, 1))
    reading = prometheus(server.url, queries=Queries("rate", "up")).read()
    assert (reading.records_per_second, reading.low_for) == (0.0, None)
    assert reading.problem == "traffic.up_query was not 1 all the time"
    assert describe(reading, LOW).endswith("but traffic is not known for sure: traffic.up_query was not 1 all the time")


def test_values_that_are_missing_make_it_unknown(server: MetricsServer) -> None:
    replies(server, vector(0), matrix(0, 0, 0, 0, 0))
    problem = prometheus(server.url, queries=Queries("rate")).read().problem
    assert problem.startswith(f"{server.url}: traffic.query: 2 of 7 values are missing in that time")


def test_a_query_without_a_value_is_unknown_and_not_none(server: MetricsServer) -> None:
    replies(server, captured("prometheus-2.42.0.json")["nothing"])
    assert "the query has no value: are its metric and labels there?" in prometheus(server.url).read().problem


def test_a_query_that_the_server_refuses_is_an_error(server: MetricsServer) -> None:
    replies(server, captured("prometheus-2.42.0.json")["parse error"], status=400)
    with pytest.raises(RequestError) as caught:
        prometheus(server.url).read()
    assert caught.value.kind == "metrics_failed"
    assert caught.value.message == (
        'traffic.query: Prometheus refuses it: invalid parameter "query": 1:5: parse error: unclosed left parenthesis'
    )


def test_a_query_that_the_server_fails_to_answer_is_unknown(server: MetricsServer) -> None:
    replies(server, {"status": "error", "errorType": "execution", "error": "too many samples"}, status=422)
    assert prometheus(server.url).read().problem == f"{server.url}: traffic.query: too many samples"


def test_warnings_of_the_server_mean_that_something_is_missing(server: MetricsServer) -> None:
    partial = {**matrix(0, 0, 0, 0, 0, 0, 0), "warnings": ["store gateway 3 is down"]}
    replies(server, vector(0), partial)
    assert (
        prometheus(server.url, queries=Queries("rate")).read().problem == f"{server.url} warns: store gateway 3 is down"
    )
    replies(server, vector(0), partial)
    lenient = prometheus(server.url, Limits(100.0, lenient=True), Queries("rate")).read()
    assert (lenient.problem, lenient.low_for, lenient.warnings) == ("", 60.0, ("store gateway 3 is down",))


def test_a_url_that_leads_elsewhere_is_an_error(server: MetricsServer) -> None:
    with pytest.raises(RequestError) as caught:
        prometheus(f"{server.url}/prometheus").read()
    assert caught.value.kind == "metrics_failed"
    assert "404 page not found" in caught.value.message


# All of them


def test_credentials_and_headers_are_sent(server: MetricsServer) -> None:
    agents(server.url, username="reader", password="secret", headers=(ACCEPT,)).read()
    headers = server.asked[0].headers
    assert headers["Authorization"] == "Basic cmVhZGVyOnNlY3JldA=="
    assert headers["Accept"].startswith("text/plain;version=0.0.4")


def test_an_interrupted_run_asks_nobody_any_more(server: MetricsServer) -> None:
    run = Run()
    run.cancelled.set()
    with pytest.raises(CancelledError):
        AgentMeter(endpoints(server.url, run=run), LOW, jolokia=False).read()
    assert server.asked == []


def test_no_request_takes_longer_than_the_run_may() -> None:
    began = time.monotonic()
    with listening(silent) as port:
        asking = endpoints(port.url, run=Run(run_timeout=0.3), read_timeout=60.0)
        assert AgentMeter(asking, LOW, jolokia=False).read().problem
    assert time.monotonic() - began < 30.0, "not the whole read_timeout"
