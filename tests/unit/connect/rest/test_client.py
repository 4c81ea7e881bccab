# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which worker gets a request, how often, and until when. Responses come from memory; pauses take no time."""

from __future__ import annotations

import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect import run
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import (
    CancelledError,
    Outcome,
    RequestError,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.rest import client, operations
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.rest.client import Client, Workers
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.rest.connection import Connection
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.rest.operations import RestOperation
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.rest.transport import (
    Answer,
    NoAnswerError,
    NoAnswerReason,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.run import Run
from tests.unit.connect.support import (
    PatientRun,
    ScriptedTransport,
    client_of,
    connect_error,
    in_turn,
    json_answer,
    no_answer,
    page,
)

ONE = ("http://w1:8083",)
TWO = ("http://w1:8083", "http://w2:8083")
THREE = (*TWO, "http://w3:8083")

STALE = connect_error(409, "Cannot complete request momentarily due to stale configuration")
BUSY = connect_error(500, "Request timed out. The worker is currently ensuring membership in the cluster")


def talk(
    urls: tuple[str, ...], *answers: Answer | NoAnswerError, run: Run | None = None
) -> tuple[Client, ScriptedTransport]:
    transport = ScriptedTransport(Connection(urls), in_turn(answers))
    return client_of(transport, run or PatientRun()), transport


def dead(*workers: str, reason: NoAnswerReason = "refused") -> ScriptedTransport:
    """Three workers, of which these do not respond."""

    def answer(worker: str, _method: str, _path: str) -> Answer | NoAnswerError:
        return no_answer(reason) if worker in workers else json_answer({})

    return ScriptedTransport(Connection(THREE), answer)


# Answers without bounds


def test_a_write_with_an_oversized_response_is_not_repeated_and_is_unknown() -> None:
    asking, transport = talk(TWO, no_answer("too_large"))
    with pytest.raises(RequestError) as caught:
        asking.call(operations.PUT_CONFIG, "/connectors/orders/config", body={})
    assert (caught.value.kind, caught.value.outcome) == ("response_too_large", Outcome.UNKNOWN)
    assert len(transport.sent) == 1


# Which worker


def test_the_first_worker_is_used_while_it_responds() -> None:
    asking, transport = talk(THREE, json_answer({}))
    for _time in range(3):
        asking.call(operations.LIST, "/connectors")
    assert transport.asked == [THREE[0]] * 3
    assert (asking.requests, asking.retries) == (3, 0)


def test_a_dead_worker_is_skipped_immediately_and_permanently() -> None:
    transport = dead(THREE[0])
    asking = client_of(transport, PatientRun())
    asking.call(operations.LIST, "/connectors")
    asking.call(operations.LIST, "/connectors")
    assert transport.asked == [THREE[0], THREE[1], THREE[1]]
    assert asking.run.conflicts_waited() == 0
    assert asking.workers.current == THREE[1]


def test_failover_cycles_through_the_list() -> None:
    workers = Workers(THREE)
    assert workers.move_on(THREE[1])
    assert workers.current == THREE[2]
    assert workers.move_on(THREE[2])
    assert workers.current == THREE[0]


def test_a_worker_without_a_response_is_retried_only_after_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    workers = Workers(TWO)
    assert workers.move_on(TWO[0])
    now[0] += client.COOL_DOWN / 2
    assert not workers.move_on(TWO[1]), "the first one is still cooling down"
    assert workers.current == TWO[0], "where none is fresh, the one that failed longest ago is next"
    now[0] += client.COOL_DOWN
    assert workers.move_on(TWO[0])
    assert workers.current == TWO[1]


def test_a_worker_that_responds_again_is_used_again() -> None:
    workers = Workers(TWO)
    workers.move_on(TWO[0])
    workers.good(TWO[0])
    assert workers.move_on(TWO[1])
    assert workers.current == TWO[0]


def test_a_pinned_request_uses_no_other_worker() -> None:
    transport = dead(THREE[2])
    asking = client_of(transport, PatientRun())
    with pytest.raises(RequestError) as caught:
        asking.call(operations.ROOT, "/", worker=THREE[2])
    assert set(transport.asked) == {THREE[2]}
    assert caught.value.worker == THREE[2]
    assert caught.value.kind == "connection_refused"


# How often


@pytest.mark.parametrize("urls", [ONE, TWO, THREE], ids=len)
def test_unverified_urls_are_abandoned_after_three_rounds(urls: tuple[str, ...]) -> None:
    """A wrong URL must not cost conflict_timeout."""
    asking, transport = talk(urls, no_answer("refused", sent=False))
    with pytest.raises(RequestError) as caught:
        asking.call(operations.LIST, "/connectors")
    assert len(transport.sent) == client.FIRST_CONTACT_ROUNDS * len(urls)
    assert set(transport.asked) == set(urls)
    assert caught.value.kind == "connection_refused"
    assert caught.value.advice


def test_an_unverified_url_that_does_not_respond_is_tried_once() -> None:
    """Each request to it takes the whole read_timeout."""
    asking, transport = talk(ONE, no_answer("timeout"))
    with pytest.raises(RequestError):
        asking.call(operations.LIST, "/connectors")
    assert len(transport.sent) == 1


def test_the_client_waits_for_a_known_worker_up_to_conflict_timeout() -> None:
    asking, transport = talk(ONE, json_answer({}), no_answer("refused"), run=PatientRun(conflict_timeout=2.0))
    asking.call(operations.LIST, "/connectors")
    with pytest.raises(RequestError) as caught:
        asking.call(operations.LIST, "/connectors")
    assert len(transport.sent) > 10
    assert 1.9 <= asking.run.conflicts_waited() <= 2.0
    said = caught.value.message
    assert f"tried {len(transport.sent) - 1} times" in said
    assert said.endswith("; conflict_timeout of 2 s is used up)")


def test_a_known_worker_that_returns_ends_the_wait() -> None:
    asking, transport = talk(ONE, json_answer({}), *[no_answer("refused")] * 20, json_answer({"a": 1}))
    asking.call(operations.LIST, "/connectors")
    assert asking.call(operations.LIST, "/connectors").body == {"a": 1}
    assert len(transport.sent) == 22
    assert asking.retries == 20


def test_the_client_does_not_wait_for_a_dead_pinned_worker_if_others_exist() -> None:
    """The requests to each worker (identity, plugins) continue without the one that was just killed."""
    transport = dead()
    asking = client_of(transport, PatientRun(conflict_timeout=60))
    asking.call(operations.LIST, "/connectors")
    transport.answer = dead(THREE[0]).answer
    with pytest.raises(RequestError):
        asking.call(operations.ROOT, "/", worker=THREE[0])
    assert len(transport.sent) == 1 + client.FIRST_CONTACT_ROUNDS


def test_conflicts_are_retried_and_counted() -> None:
    asking, transport = talk(ONE, STALE, STALE, STALE, json_answer({}, 202))
    asking.call(operations.RESTART, "/connectors/n/restart")
    assert len(transport.sent) == 4
    assert asking.retries == 3
    assert asking.run.conflicts_waited() > 0


def test_conflict_timeout_is_one_limit_for_the_whole_run() -> None:
    asking, transport = talk(ONE, STALE, run=PatientRun(conflict_timeout=1.0))
    with pytest.raises(RequestError):
        asking.call(operations.STOP, "/connectors/a/stop")
    first = len(transport.sent)
    with pytest.raises(RequestError):
        asking.call(operations.STOP, "/connectors/b/stop")
    assert len(transport.sent) - first <= 6 < first, "the second request has only the rest of it"


def test_conflict_timeout_counts_the_time_that_refused_requests_take(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stuck herder takes 90 s for each "Request timed out": counting only the pauses would mean waiting for hours."""
    monkeypatch.setattr(run, "LONGEST_PAUSE", 0.001)

    def slow(_worker: str, _method: str, _path: str) -> Answer:
        time.sleep(0.05)
        return BUSY

    transport = ScriptedTransport(Connection(ONE), slow)
    asking = client_of(transport, Run(conflict_timeout=0.3))
    with pytest.raises(RequestError) as caught:
        asking.call(operations.CONNECTOR, "/connectors/n")
    assert caught.value.kind == "worker_busy"
    assert 3 <= len(transport.sent) <= 10


def test_final_responses_are_not_retried() -> None:
    asking, transport = talk(ONE, connect_error(400, "Connector config {x} contains no connector type"))
    with pytest.raises(RequestError) as caught:
        asking.call(operations.PUT_CONFIG, "/connectors/n/config", body={})
    assert len(transport.sent) == 1
    assert (caught.value.http_status, caught.value.error_code) == (400, 400)
    assert (caught.value.method, caught.value.path) == ("PUT", "/connectors/n/config")


# What is safe to send twice

UNKNOWN_ANSWERS: tuple[Answer | NoAnswerError, ...] = (
    no_answer("dropped"),
    no_answer("timeout"),
    no_answer("hung"),
    BUSY,
    page(502, "nginx"),
    page(504, "nginx"),
    connect_error(500, "Error writing connector configuration to Kafka"),
    connect_error(500, "IO Error trying to forward REST request: java.io.EOFException"),
    connect_error(500, "java.lang.NullPointerException"),
)
WRITES = tuple(value for value in vars(operations).values() if isinstance(value, RestOperation) and value.writes)


@given(st.sampled_from(WRITES), st.sampled_from(UNKNOWN_ANSWERS), st.sampled_from((ONE, TWO, THREE)))
def test_a_write_of_unknown_outcome_is_never_sent_again(
    operation: RestOperation, answer: Answer | NoAnswerError, urls: tuple[str, ...]
) -> None:
    asking, transport = talk(urls, answer, json_answer({}))
    with pytest.raises(RequestError) as caught:
        asking.call(operation, "/connectors/n")
    assert len(transport.sent) == 1
    assert caught.value.outcome is Outcome.UNKNOWN


@given(st.sampled_from(WRITES))
def test_a_write_that_certainly_did_not_arrive_goes_to_the_next_worker(operation: RestOperation) -> None:
    asking, transport = talk(TWO, no_answer("refused", sent=False), json_answer({}))
    asking.call(operation, "/connectors/n")
    assert transport.asked == list(TWO)


def test_a_dropped_read_is_retried_on_the_next_worker() -> None:
    asking, transport = talk(TWO, no_answer("dropped"), json_answer({}))
    asking.call(operations.CONNECTOR, "/connectors/n")
    assert transport.asked == list(TWO)


# How long


def test_retry_after_is_honored() -> None:
    patient = PatientRun()
    asking, _transport = talk(ONE, page(429, "slow down", retry_after=7.0), json_answer({}), run=patient)
    asking.call(operations.LIST, "/connectors")
    assert patient.pauses == [7.0]


def test_retry_after_of_a_gateway_is_honored_if_no_other_worker_is_left() -> None:
    patient = PatientRun()
    asking, _transport = talk(ONE, page(503, "busy", retry_after=3.0), json_answer({}), run=patient)
    asking.call(operations.LIST, "/connectors")
    assert patient.pauses == [3.0]


def test_retry_after_beyond_the_time_limit_ends_the_request() -> None:
    asking, transport = talk(ONE, page(429, "later", retry_after=50.0), run=PatientRun(conflict_timeout=10.0))
    with pytest.raises(RequestError) as caught:
        asking.call(operations.LIST, "/connectors")
    assert len(transport.sent) == 1
    assert caught.value.kind == "rate_limited"


def test_pauses_grow_up_to_a_maximum() -> None:
    patient = PatientRun(conflict_timeout=5.0)
    asking, _transport = talk(ONE, STALE, run=patient)
    with pytest.raises(RequestError):
        asking.call(operations.STOP, "/connectors/n/stop")
    longest = run.LONGEST_PAUSE
    assert max(patient.pauses) <= longest
    assert all(pause >= 0.6 * longest for pause in patient.pauses[6:]), "no retry storm later on"
    assert patient.pauses[0] <= run.FIRST_PAUSE


def test_until_bounds_the_request_and_its_retries() -> None:
    asking, transport = talk(ONE, STALE)
    with pytest.raises(RequestError):
        asking.call(operations.CONNECTOR, "/connectors/n", until=lambda: 0.0)
    assert len(transport.sent) == 1
    assert transport.timeouts == [1.0], "even then a request gets a second"


def test_reads_have_a_short_limit_and_herder_requests_a_long_one() -> None:
    asking, transport = talk(ONE, json_answer({}))
    asking.call(operations.LIST, "/connectors")
    asking.call(operations.CONNECTOR, "/connectors/n")
    assert transport.timeouts == [15.0, 100.0]


def test_run_timeout_bounds_each_request() -> None:
    asking, transport = talk(ONE, json_answer({}), run=PatientRun(run_timeout=4.0))
    asking.call(operations.CONNECTOR, "/connectors/n")
    limit = transport.timeouts[0]
    assert limit is not None
    assert 3.5 < limit <= 4.0


def test_run_timeout_ends_the_wait_and_no_request_follows() -> None:
    patient = PatientRun(run_timeout=1.0)
    asking, transport = talk(ONE, STALE, run=patient)
    with pytest.raises(RequestError):
        asking.call(operations.STOP, "/connectors/n/stop")
    patient.pauses.append(1.0)
    sent = len(transport.sent)
    with pytest.raises(CancelledError) as caught:
        asking.call(operations.STOP, "/connectors/n/stop")
    assert len(transport.sent) == sent
    assert "run_timeout of 1 s is used up" in caught.value.message


def test_an_interrupted_run_sends_nothing_more() -> None:
    asking, transport = talk(ONE, json_answer({}))
    asking.run.cancelled.set()
    with pytest.raises(CancelledError):
        asking.call(operations.DELETE, "/connectors/n")
    assert transport.sent == []


def test_an_interrupt_wakes_a_request_that_waits_for_its_retry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "FIRST_PAUSE", 60.0)
    monkeypatch.setattr(run, "LONGEST_PAUSE", 60.0)
    asking, transport = talk(ONE, STALE, run=Run())
    ended: list[BaseException] = []

    def wait() -> None:
        try:
            asking.call(operations.STOP, "/connectors/n/stop")
        except CancelledError as error:
            ended.append(error)

    waiting = threading.Thread(target=wait)
    waiting.start()
    asking.run.cancelled.set()
    waiting.join(5)
    assert not waiting.is_alive()
    assert len(ended) == 1
    assert len(transport.sent) <= 1


def test_a_progress_line_explains_the_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    began = time.monotonic()
    passed = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: began + passed[0])
    asking, _transport = talk(ONE, *[STALE] * 30, json_answer({}, 202))

    def pause(seconds: float) -> None:
        del seconds
        passed[0] += 1.0

    monkeypatch.setattr(asking.run, "pause", pause)
    asking.call(operations.RESTART, "/connectors/n/restart")
    texts = [event.text for event in asking.run.timeline]
    assert 2 <= len(texts) <= 4, "once when it lasts a second, then every ten"
    assert all(text.startswith("waiting for ") and "stale configuration" in text for text in texts)
