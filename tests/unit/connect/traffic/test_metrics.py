# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Measures over HTTP, with a loopback server in place of agents and a Prometheus server."""

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
    """The engine's time, which tests set."""
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
    """Accepts a connection and sends nothing."""
    over.wait(60)


# Agents


@pytest.mark.parametrize(("jolokia", "path"), [(False, "/metrics"), (True, "/jolokia/")])
def test_the_rates_of_all_agents_are_added(server: MetricsServer, jolokia: bool, path: str) -> None:
    server.rate = 7.0
    with MetricsServer(tasks=lambda: (("customers", 0), ("customers", 1)), rate=5.0) as second:
        reading = agents(server.url, second.url, jolokia=jolokia).read()
    assert reading.records_per_second == 12.0
    assert [(worker.url, worker.records_per_second, len(worker.tasks)) for worker in reading.workers] == [
        (server.url, 7.0, 1),
        (second.url, 5.0, 2),
    ]
    assert (reading.problem, reading.low_for) == ("", 0.0)
    assert [request.path for request in server.asked] == [path]


def test_a_given_path_is_used_unchanged(server: MetricsServer) -> None:
    agents(f"{server.url}/metrics").read()
    agents(f"{server.url}/jolokia", jolokia=True).read()
    assert [request.path for request in server.asked] == ["/metrics", "/jolokia/"]


def test_a_page_longer_than_the_limit_for_error_texts_is_read(server: MetricsServer) -> None:
    text = captured(f"{PAGE}-w1.txt")
    filling = "".join(f'jvm_filling_total{{number="{number}"}} 1.0\n' for number in range(50_000))
    server.replies = [page(filling + text)]
    assert agents(server.url).read().records_per_second == pytest.approx(4.16649306278905 + 21.076006077369588)


def test_a_page_above_max_response_size_is_an_error_that_names_the_option(server: MetricsServer) -> None:
    server.replies = [page("x" * 1001)]
    with pytest.raises(RequestError, match="the answer is larger than max_response_size of 1000 bytes") as caught:
        agents(server.url, max_response_size=1000).read()
    assert caught.value.kind == "response_too_large"
    assert "\n" not in caught.value.message


def test_a_worker_that_is_down_makes_the_traffic_unknown(server: MetricsServer) -> None:
    with MetricsServer() as stopped:
        url = stopped.url
    reading = agents(server.url, url).read()
    assert reading.records_per_second is None
    assert reading.low_for is None
    assert reading.problem.startswith(f"{url}: connection refused -> nothing listens there")
    assert [worker.records_per_second for worker in reading.workers] == [0.0, None]
    assert describe(reading, LOW) == f"traffic is unknown: {reading.problem}"


def test_a_lenient_meter_ignores_a_worker_that_is_down_unless_it_is_the_only_one(server: MetricsServer) -> None:
    with MetricsServer() as stopped:
        url = stopped.url
    lenient = Limits(100.0, lenient=True)
    reading = agents(server.url, url, limits=lenient).read()
    assert (reading.records_per_second, reading.problem) == (0.0, "")
    (warning,) = reading.warnings
    assert warning.startswith(f"ignored, as its traffic is unknown: {url}: connection refused")
    alone = agents(url, limits=lenient).read()
    assert alone.records_per_second is None
    assert alone.problem
    assert alone.warnings == ()


def test_a_failed_request_is_retried(server: MetricsServer) -> None:
    server.replies = [page("down", 503)]
    meter = agents(server.url)
    assert meter.read().records_per_second == 0.0
    assert len(server.asked) == 2


def test_traffic_of_an_agent_that_keeps_failing_is_unknown(server: MetricsServer) -> None:
    server.replies = [page("down", 503)] * TRIES
    requests = endpoints(server.url)
    reading = AgentMeter(requests, LOW, jolokia=False).read()
    assert reading.problem == f"{server.url}: HTTP 503: down"
    assert (requests.requests, requests.retries) == (TRIES, TRIES - 1)


def test_an_agent_that_times_out_is_not_queried_again() -> None:
    with listening(silent) as port:
        reading = agents(port.url, read_timeout=0.2).read()
        assert "no answer within 0.2 s" in reading.problem
        assert port.connections == 1


def test_rules_that_hide_tasks_make_the_traffic_unknown(server: MetricsServer) -> None:
    server.replies = [page("kafka_connect_connect_worker_metrics_task_count 3.0\n")]
    problem = agents(server.url).read().problem
    assert "the worker has 3 tasks, but rates of only 0: check the rules of the agent" in problem


@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, "authentication_failed"), (403, "not_permitted"), (404, "metrics_failed"), (302, "metrics_failed")],
)
def test_a_permanent_failure_is_an_error(server: MetricsServer, status: int, kind: str) -> None:
    server.replies = [page("no", status)]
    with pytest.raises(RequestError) as caught:
        agents(server.url).read()
    assert (caught.value.kind, caught.value.http_status) == (kind, status)
    assert caught.value.message == f"metrics of {server.url}/metrics: HTTP {status}: no"
    assert "traffic." in caught.value.advice or "credentials" in caught.value.advice


def test_a_failure_of_an_agent_that_has_answered_counts_as_temporary(server: MetricsServer) -> None:
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
    assert "the URL says https, but the port does not use TLS" in caught.value.message


# Completeness


def running(*tasks: tuple[str, str]) -> Running:
    return lambda: frozenset(tasks)


def test_a_running_task_that_no_agent_has_makes_the_traffic_unknown(server: MetricsServer) -> None:
    assert agents(server.url, running=running(("orders", "0"))).read().problem == ""
    reading = agents(server.url, running=running(("orders", "0"), ("orders", "1"), ("payments", "0"))).read()
    assert reading.records_per_second is None
    assert reading.problem == (
        'these agents lack the rates of running task 1 of connector "orders" and 1 more -> give the agents of all '
        "workers; during a rebalance this is temporary"
    )


def test_names_that_jmx_quotes_match_those_of_the_rest_api(server: MetricsServer) -> None:
    server.replies = [page(captured(f"{PAGE}-w2.txt"))]
    tasks = running(('odd;na"me ä', "0"), ("src", "0"))
    assert agents(server.url, running=tasks).read().problem == ""


def test_tasks_without_names_are_not_compared_with_the_rest_api(server: MetricsServer) -> None:
    server.replies = [page('x_source_record_poll_rate{id="1"} 3\n')]
    assert agents(server.url, running=running(("orders", "0"))).read().records_per_second == 3.0


def test_a_rest_api_that_is_down_makes_traffic_unknown_and_one_that_refuses_the_login_is_an_error(
    server: MetricsServer,
) -> None:
    def failing(kind: str) -> Running:
        def read() -> frozenset[tuple[str, str]]:
            raise RequestError("GET /connectors: no", kind=kind)

        return read

    reading = agents(server.url, running=failing("connection_refused")).read()
    assert reading.problem == "the running tasks are unknown: GET /connectors: no"
    with pytest.raises(RequestError):
        agents(server.url, running=failing("authentication_failed")).read()


# How long it has been low


def test_measurements_in_a_row_show_how_long_traffic_has_been_low(server: MetricsServer, now: list[float]) -> None:
    meter = agents(server.url)
    seen = []
    for moment, rate in ((0, 100.0), (10, 0.0), (20, 100.1), (30, 50.0), (45, 99.0), (55, 0.0)):
        now[0], server.rate = 1000.0 + moment, rate
        seen.append(meter.read().low_for)
    assert seen == [0.0, 10.0, None, 0.0, 15.0, 25.0], "traffic at the limit is low, above it is not"


def test_unknown_traffic_is_not_low(server: MetricsServer, now: list[float]) -> None:
    meter = agents(server.url)
    assert meter.read().low_for == 0.0
    now[0] += 10
    server.replies = [page("down", 503)] * TRIES
    assert meter.read().low_for is None
    now[0] += 10
    assert meter.read().low_for == 0.0


def test_a_long_gap_between_two_measurements_restarts_the_count(server: MetricsServer, now: list[float]) -> None:
    meter = agents(server.url)
    meter.read()
    now[0] += 2 * LOW.interval + 10.0 + 1.0
    assert meter.read().low_for == 0.0


# A Prometheus server


def test_one_measurement_of_a_prometheus_server_covers_the_past(server: MetricsServer) -> None:
    server.rate, server.lag = 12.5, 3.0
    reading = prometheus(server.url, Limits(100.0, lag=10.0, sustained_for=300.0)).read()
    assert (reading.records_per_second, reading.lag, reading.low_for, reading.problem) == (12.5, 3.0, 300.0, "")
    instant, *ranges = server.asked
    assert instant.path == "/api/v1/query"
    assert [request.path for request in ranges] == ["/api/v1/query_range"] * 3
    for request in ranges:
        assert float(request.query["end"]) - float(request.query["start"]) == pytest.approx(300.0)
        assert float(request.query["step"]) == 10.0


@pytest.mark.parametrize("sustained_for", [0.0, 1.0, 7.0, 100.0, 12_345.6, 86_400.0])
def test_values_cover_all_of_sustained_for(server: MetricsServer, sustained_for: float) -> None:
    reading = prometheus(server.url, Limits(100.0, sustained_for=sustained_for)).read()
    assert reading.problem == ""
    assert reading.low_for is not None
    assert sustained_for <= reading.low_for <= sustained_for + 1.0


def test_ranges_end_at_the_servers_own_time(server: MetricsServer) -> None:
    real: dict[str, Any] = captured("prometheus-2.42.0.json")
    server.replies = [page(json.dumps(real["sum"])), None, None]
    prometheus(server.url, queries=Queries("sum(x)", "min(up)")).read()
    assert {request.query["end"] for request in server.asked[1:]} == {"1795282155.994"}


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
def test_traffic_counts_as_low_since_the_last_high_value(
    server: MetricsServer, values: tuple[float, ...], low_for: float | None
) -> None:
    replies(server, vector(values[-1]), matrix(*values))
    assert prometheus(server.url, queries=Queries("rate")).read().low_for == low_for


def test_lag_must_be_low_too(server: MetricsServer) -> None:
    replies(server, vector(0), matrix(0, 0, 0, 0, 0, 0, 0), matrix(11, 11, 11, 0, 0, 0, 0))
    reading = prometheus(server.url, Limits(100.0, lag=10.0), Queries("rate", lag="lag")).read()
    assert reading.low_for == 40.0
    assert describe(reading, Limits(100.0, lag=10.0)) == "0 records/s (limit 100), lag 0 (limit 10)"


def test_a_worker_that_was_down_in_the_meantime_makes_traffic_unknown(server: MetricsServer) -> None:
    replies(server, vector(0), matrix(0, 0, 0, 0, 0, 0, 0), matrix(1, 1, 0, 1, 1, 1, 1))
    reading = prometheus(server.url, queries=Queries("rate", "up")).read()
    assert (reading.records_per_second, reading.low_for) == (0.0, None)
    assert reading.problem == "traffic.up_query was not 1 all the time"
    assert describe(reading, LOW).endswith("but the traffic is uncertain: traffic.up_query was not 1 all the time")


def test_missing_values_make_traffic_unknown(server: MetricsServer) -> None:
    replies(server, vector(0), matrix(0, 0, 0, 0, 0))
    problem = prometheus(server.url, queries=Queries("rate")).read().problem
    assert problem.startswith(f"{server.url}: traffic.query: 2 of 7 values are missing in that time")


def test_a_query_without_a_value_makes_traffic_unknown(server: MetricsServer) -> None:
    replies(server, captured("prometheus-2.42.0.json")["nothing"])
    assert "the query returns no value: check that its metric and labels exist" in prometheus(server.url).read().problem


def test_a_query_that_the_server_rejects_is_an_error(server: MetricsServer) -> None:
    replies(server, captured("prometheus-2.42.0.json")["parse error"], status=400)
    with pytest.raises(RequestError) as caught:
        prometheus(server.url).read()
    assert caught.value.kind == "metrics_failed"
    assert caught.value.message == (
        'traffic.query: Prometheus rejects it: invalid parameter "query": 1:5: parse error: unclosed left parenthesis'
    )


def test_a_query_that_fails_on_the_server_makes_traffic_unknown(server: MetricsServer) -> None:
    replies(server, {"status": "error", "errorType": "execution", "error": "too many samples"}, status=422)
    assert prometheus(server.url).read().problem == f"{server.url}: traffic.query: too many samples"


def test_a_warning_of_the_server_makes_traffic_unknown_unless_lenient(server: MetricsServer) -> None:
    partial = {**matrix(0, 0, 0, 0, 0, 0, 0), "warnings": ["store gateway 3 is down"]}
    replies(server, vector(0), partial)
    assert (
        prometheus(server.url, queries=Queries("rate")).read().problem == f"{server.url} warns: store gateway 3 is down"
    )
    replies(server, vector(0), partial)
    lenient = prometheus(server.url, Limits(100.0, lenient=True), Queries("rate")).read()
    assert (lenient.problem, lenient.low_for, lenient.warnings) == ("", 60.0, ("store gateway 3 is down",))


def test_a_wrong_path_to_the_server_is_an_error(server: MetricsServer) -> None:
    with pytest.raises(RequestError) as caught:
        prometheus(f"{server.url}/prometheus").read()
    assert caught.value.kind == "metrics_failed"
    assert "404 page not found" in caught.value.message


# Both kinds


def test_credentials_and_headers_are_sent(server: MetricsServer) -> None:
    agents(server.url, username="reader", password="secret", headers=(ACCEPT,)).read()
    headers = server.asked[0].headers
    assert headers["Authorization"] == "Basic cmVhZGVyOnNlY3JldA=="
    assert headers["Accept"].startswith("text/plain;version=0.0.4")


def test_a_cancelled_run_sends_no_request(server: MetricsServer) -> None:
    run = Run()
    run.cancelled.set()
    with pytest.raises(CancelledError):
        AgentMeter(endpoints(server.url, run=run), LOW, jolokia=False).read()
    assert server.asked == []


def test_a_request_ends_with_run_timeout() -> None:
    started = time.monotonic()
    with listening(silent) as port:
        requests = endpoints(port.url, run=Run(run_timeout=0.3), read_timeout=60.0)
        assert AgentMeter(requests, LOW, jolokia=False).read().problem
    assert time.monotonic() - started < 30.0, "the request must not last for read_timeout"
