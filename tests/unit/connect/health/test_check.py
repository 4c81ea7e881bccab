# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of the health of the fake cluster, and waits for a healthy one."""

from __future__ import annotations

import time
from typing import Any

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import (
    BrokersCause,
    BrokersError,
    RequestError,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group import (
    broker_facts,
    brokers,
    membership,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.broker_facts import BrokerFacts
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.brokers import Brokers
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.health import check, health_findings
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.health.check import (
    HealthQuery,
    HealthReport,
    check_health,
    wait_until_healthy,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.health.model import HealthLimits
from testing.fake_connect import FakeCluster, faults, matching
from tests.unit.connect.support import cluster_at, file_source, written

NOBODY = HealthQuery()


def kinds(verdict: HealthReport) -> list[str]:
    return [finding.kind for finding in verdict.findings]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "SHORTEST_PAUSE", 0.01)
    # The brokers of these tests have no address.
    monkeypatch.setattr(broker_facts, "read_facts", lambda *_given: BrokerFacts())


def test_a_snapshot_writes_nothing_and_queries_each_worker(fake: FakeCluster) -> None:
    fake.connectors.put("orders", file_source())
    verdict = check_health(cluster_at(fake.urls), NOBODY, HealthLimits(expected_workers=3))
    assert kinds(verdict) == ["group_not_asked"]
    assert [(worker.url, worker.ready) for worker in verdict.snapshot.workers] == [(url, True) for url in fake.urls]
    assert list(verdict.snapshot.connectors) == ["orders"]
    assert written(fake) == []


def test_a_worker_that_does_not_respond_is_a_finding_and_not_a_warning(fake: FakeCluster) -> None:
    fake.workers[1].kill()
    cluster = cluster_at(fake.urls)
    verdict = check_health(cluster, NOBODY, HealthLimits())
    assert kinds(verdict) == ["worker_unreachable", "group_not_asked"]
    assert "refused" in verdict.findings[0].message
    assert cluster.warnings == []


def test_a_suspended_worker_is_reported_as_hanging(fake: FakeCluster) -> None:
    """SIGSTOP, a long garbage collection, a disk that does not respond: the kernel accepts connections nevertheless."""
    fake.workers[1].freeze()
    try:
        verdict = check_health(cluster_at(fake.urls, read_timeout=0.4), NOBODY, HealthLimits())
    finally:
        fake.workers[1].thaw()
    finding = verdict.findings[0]
    assert (finding.kind, finding.subject) == ("worker_hangs", fake.urls[1])
    assert "accepts connections and does not answer (no answer within 0.4 s)" in finding.message
    assert "heap" in finding.advice
    assert not finding.advice.startswith("start it")
    assert "leave it out of url" not in finding.advice


def test_a_worker_suspended_after_its_first_response_is_reported_as_hanging(fake: FakeCluster) -> None:
    fake.script(matching("GET", "/health", worker=2), [faults.hold(5.0, times=9)])
    verdict = check_health(cluster_at(fake.urls, read_timeout=0.4), NOBODY, HealthLimits())
    assert kinds(verdict)[0] == "worker_hangs"
    assert verdict.findings[0].subject == fake.urls[2]


def test_a_worker_that_is_not_ready_is_a_finding(fake: FakeCluster) -> None:
    fake.script(matching("GET", "/health", worker=2), [faults.refuse(503, "still starting", times=9)])
    verdict = check_health(cluster_at(fake.urls), NOBODY, HealthLimits())
    assert kinds(verdict)[0] == "worker_not_ready"
    assert verdict.findings[0].subject == fake.urls[2]


def test_older_workers_are_not_queried_for_readiness() -> None:
    with FakeCluster(version="3.8.1") as old:
        verdict = check_health(cluster_at(old.urls), NOBODY, HealthLimits())
        assert {worker.ready for worker in verdict.snapshot.workers} == {None}
        assert all(request.path != "/health" for request in old.requests)


def test_a_cluster_without_any_response_is_an_error(fake: FakeCluster) -> None:
    for worker in fake.workers:
        worker.kill()
    with pytest.raises(RequestError):
        check_health(cluster_at(fake.urls), NOBODY, HealthLimits())


def test_brokers_that_fail_make_the_cluster_unhealthy(fake: FakeCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: Any) -> None:
        raise BrokersError("no broker answers", "start one")

    monkeypatch.setattr(membership, "read_group", refuse)
    monkeypatch.setattr(brokers, "HAS_CONFLUENT_KAFKA", True)
    verdict = check_health(cluster_at(fake.urls), HealthQuery(Brokers(("broker:9092",), {})), HealthLimits())
    assert [(finding.kind, finding.severity) for finding in verdict.findings] == [("group_unknown", "error")]


def test_a_missing_kafka_client_makes_the_cluster_unhealthy(fake: FakeCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(brokers, "HAS_CONFLUENT_KAFKA", False)
    verdict = check_health(cluster_at(fake.urls), HealthQuery(Brokers(("broker:9092",), {})), HealthLimits())
    assert kinds(verdict) == ["group_unknown"]
    assert "confluent-kafka is missing" in verdict.findings[0].message


# The wait


def broken_brokers(monkeypatch: pytest.MonkeyPatch, cause: BrokersCause) -> HealthQuery:
    """Brokers that fail like this in each read."""

    def fail(*_arguments: Any) -> None:
        raise BrokersError("no group has a member there", "give group_id", cause=cause)

    monkeypatch.setattr(membership, "read_group", fail)
    monkeypatch.setattr(brokers, "HAS_CONFLUENT_KAFKA", True)
    return HealthQuery(Brokers(("broker:9092",), {}))


def test_the_wait_ends_at_once_for_what_time_does_not_fix(fake: FakeCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    query = broken_brokers(monkeypatch, "denied")
    cluster = cluster_at(fake.urls)
    cluster.run.report = lambda event: pytest.fail(f"it waited: {event.text}")
    assert kinds(wait_until_healthy(cluster, query, HealthLimits(), 60, 0)) == ["group_unknown"]


def test_the_wait_ends_after_several_reads_that_show_the_same(
    fake: FakeCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health_findings, "GROUP_UNKNOWN_LASTS_AFTER", {"no_group": 0.3})
    query = broken_brokers(monkeypatch, "no_group")
    began = time.monotonic()
    verdict = wait_until_healthy(cluster_at(fake.urls), query, HealthLimits(), 600, 0)
    assert kinds(verdict) == ["group_unknown"]
    assert 0.3 <= time.monotonic() - began < 60


def test_the_wait_rides_out_a_group_that_is_unknown_for_a_moment(
    fake: FakeCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the group's coordinator moves, the brokers don't know it."""
    query = broken_brokers(monkeypatch, "no_group")
    seen: list[Any] = []

    def read_again(*arguments: Any) -> None:
        seen.append(arguments)
        if len(seen) < 4:
            raise BrokersError("not the coordinator", cause="no_group" if len(seen) != 2 else "")
        raise BrokersError("denied", cause="denied")

    monkeypatch.setattr(membership, "read_group", read_again)
    wait_until_healthy(cluster_at(fake.urls), query, HealthLimits(), 60, 0)
    assert len(seen) == 4


def test_a_wait_is_never_silent_for_long(fake: FakeCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """Scaled: a tenth of a second stands for ten seconds."""
    monkeypatch.setattr(check, "PROGRESS_EVERY", 0.1)
    monkeypatch.setattr(check, "backoff", lambda _attempt: 0.02)
    fake.connectors.put("orders", file_source())
    fake.connectors.fail("orders", task=0)
    cluster = cluster_at(fake.urls)
    shown: list[float] = []
    cluster.run.report = lambda _event: shown.append(time.monotonic())
    wait_until_healthy(cluster, NOBODY, HealthLimits(), 1.5, 0)
    assert len(shown) >= 4
    assert "connector" in cluster.run.timeline[-1].text


def test_the_wait_ends_when_a_failure_disappears(fake: FakeCluster) -> None:
    fake.connectors.put("orders", file_source())
    fake.connectors.fail("orders", task=0)
    cluster = cluster_at(fake.urls)
    run = cluster.run
    said: list[str] = []

    def take_it_away(event: Any) -> None:
        said.append(event.text)
        fake.connectors.remove("orders")

    run.report = take_it_away
    verdict = wait_until_healthy(cluster, NOBODY, HealthLimits(), 30, 0.1)
    assert kinds(verdict) == ["group_not_asked"]
    assert len(said) == 1
    assert "not healthy: 1 task FAILED" in said[0]


def test_remaining_findings_are_reported_at_the_timeout(fake: FakeCluster) -> None:
    fake.connectors.put("orders", file_source())
    fake.connectors.fail("orders", task=0)
    assert kinds(wait_until_healthy(cluster_at(fake.urls), NOBODY, HealthLimits(), 0.3, 0.1))[0] == "failed_tasks"


def test_a_cluster_that_is_healthy_too_briefly_times_out(fake: FakeCluster) -> None:
    verdict = wait_until_healthy(cluster_at(fake.urls), NOBODY, HealthLimits(), 0.3, 60)
    assert kinds(verdict)[0] == "not_stable_yet"


def test_a_returning_worker_is_detected(fake: FakeCluster) -> None:
    fake.workers[1].kill()
    cluster = cluster_at(fake.urls)
    run = cluster.run
    run.report = lambda _event: fake.workers[1].start()
    assert kinds(wait_until_healthy(cluster, NOBODY, HealthLimits(), 60, 0)) == ["group_not_asked"]


def test_the_wait_covers_a_cluster_whose_workers_are_all_stopped(fake: FakeCluster) -> None:
    for worker in fake.workers:
        worker.kill()
    cluster = cluster_at(fake.urls)
    said: list[str] = []

    def start_them(event: Any) -> None:
        said.append(event.text)
        for worker in fake.workers:
            worker.start()

    cluster.run.report = start_them
    assert kinds(wait_until_healthy(cluster, NOBODY, HealthLimits(expected_workers=3), 60, 0)) == ["group_not_asked"]
    assert [text for text in said if text.startswith("waiting for at most 60 s: no worker answers: ")]


def test_workers_that_never_respond_are_an_error_at_the_timeout(fake: FakeCluster) -> None:
    for worker in fake.workers:
        worker.kill()
    with pytest.raises(RequestError) as caught:
        wait_until_healthy(cluster_at(fake.urls), NOBODY, HealthLimits(), 0.3, 0.1)
    assert caught.value.kind == "connection_refused"
    assert caught.value.message.endswith("connection refused (waited 0.3 s for the cluster to be healthy)")


@pytest.mark.parametrize("kind", ["authentication_failed", "host_unknown"])
def test_an_error_that_waiting_cannot_fix_is_raised_immediately(fake: FakeCluster, kind: str) -> None:
    if kind == "authentication_failed":
        fake.script(matching("GET", "/"), [faults.refuse(401, "who are you", times=99)])
        urls = fake.urls
    else:
        urls = ["http://no-such-host.invalid:8083"]
    cluster = cluster_at(urls)
    cluster.run.report = lambda event: pytest.fail(f"it waited: {event.text}")
    with pytest.raises(RequestError) as caught:
        wait_until_healthy(cluster, NOBODY, HealthLimits(), 60, 0)
    assert caught.value.kind == kind
