# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Scripted faults: what the client receives, and whether the request took effect."""

from __future__ import annotations

import http.client
import json
import time

import pytest

from testing.fake_connect import FakeCluster, Fault, faults, matching

from .conftest import CONFIG, ask

PUT = ("PUT", "/connectors/a/config", CONFIG)


def test_faults_are_consumed_in_order_and_later_requests_are_normal(cluster: FakeCluster) -> None:
    script = cluster.script(
        matching("PUT", "/connectors/*/config"),
        do=[faults.stale_configuration(times=2), faults.normally(), faults.safe_to_retry()],
    )
    assert [ask(cluster.workers[0], *PUT).status for _attempt in range(5)] == [409, 409, 201, 500, 200]
    assert script.remaining == 0
    assert [request.path for request in script.met] == ["/connectors/a/config"] * 4


def test_a_script_meets_only_the_requests_that_match(cluster: FakeCluster) -> None:
    script = cluster.script(matching("GET", "/connectors", worker=1), do=[faults.no_leader()])
    assert ask(cluster.workers[0], "GET", "/connectors").status == 200
    assert ask(cluster.workers[1], "GET", "/").status == 200
    assert script.remaining == 1
    assert ask(cluster.workers[1], "GET", "/connectors").status == 409


@pytest.mark.parametrize(
    ("fault", "status", "text"),
    [
        (faults.stale_configuration(), 409, "due to stale configuration"),
        (faults.no_leader(), 409, "due to no known leader URL"),
        (faults.conflicting_operation(), 409, "because of a conflicting operation"),
        (faults.already_exists("a"), 409, "Connector a already exists"),
        (faults.rebalance_expected(), 500, "a rebalance is expected"),
        (faults.timed_out(stage="stopping connector a"), 500, "The worker is currently stopping connector a, which"),
        (faults.forward_refused(), 500, "IO Error trying to forward REST request"),
        (faults.safe_to_retry(), 500, "the request can be safely retried"),
        (faults.shutting_down(), 500, "Worker is shutting down"),
        (faults.refuse(418, "teapot"), 418, "teapot"),
    ],
)
def test_a_refusal_has_connects_own_form_and_no_effect(
    cluster: FakeCluster, fault: Fault, status: int, text: str
) -> None:
    cluster.script(matching("PUT"), do=[fault])
    reply = ask(cluster.workers[0], *PUT)
    assert (reply.status, reply.json["error_code"]) == (status, status)
    assert text in reply.message
    assert "a" not in cluster.connectors


def test_a_refused_request_may_have_been_applied(cluster: FakeCluster) -> None:
    cluster.script(matching("PUT"), do=[faults.timed_out(applied="yes")])
    assert ask(cluster.workers[0], *PUT).status == 500
    assert cluster.connectors["a"].config == {**CONFIG, "name": "a"}


def test_a_refused_request_may_be_applied_later(cluster: FakeCluster) -> None:
    cluster.script(matching("PUT"), do=[faults.write_failed(applied="later", later=60.0)])
    assert ask(cluster.workers[0], *PUT).status == 500
    assert "a" not in cluster.connectors
    cluster.connectors.settle()
    assert "a" in cluster.connectors


@pytest.mark.parametrize(("fault", "there"), [(faults.drop(applied="no"), False), (faults.drop(applied="yes"), True)])
def test_a_dropped_connection_does_not_show_the_effect(cluster: FakeCluster, fault: Fault, there: bool) -> None:
    cluster.script(matching("PUT"), do=[fault])
    with pytest.raises(http.client.RemoteDisconnected):
        ask(cluster.workers[0], *PUT)
    assert ("a" in cluster.connectors) == there


def test_a_truncated_response_is_shorter_than_its_content_length(cluster: FakeCluster) -> None:
    cluster.script(matching("GET", "/"), do=[faults.cut()])
    with pytest.raises(http.client.IncompleteRead):
        ask(cluster.workers[0], "GET", "/")
    assert ask(cluster.workers[0], "GET", "/").status == 200


def test_a_held_answer_comes_late(cluster: FakeCluster) -> None:
    cluster.script(matching("GET", "/"), do=[faults.hold(0.2)])
    began = time.monotonic()
    assert ask(cluster.workers[0], "GET", "/").status == 200
    assert time.monotonic() - began >= 0.2


def test_responses_of_other_servers_are_reported(cluster: FakeCluster) -> None:
    cluster.script(
        matching("GET", "/"),
        do=[faults.not_initialized(), faults.busy(retry_after="7"), faults.respond(200, b"<html>proxy</html>")],
    )
    first, second, third = (ask(cluster.workers[0], "GET", "/") for _attempt in range(3))
    assert (first.status, first.headers["Content-Type"]) == (404, "text/html")
    assert (second.status, second.headers["Retry-After"]) == (503, "7")
    assert (third.status, third.body) == (200, b"<html>proxy</html>")
    with pytest.raises(json.JSONDecodeError):
        third.json  # noqa: B018 - reading it is the test
