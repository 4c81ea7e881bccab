# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When the further checks run, and what of the report they replace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import BrokersError
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.brokers import (
    Brokers,
    KafkaCluster,
    Node,
    Topic,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.group_findings import RestView
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.membership import Membership
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.health import further_checks, observation
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.health.check import (
    HealthQuery,
    HealthReport,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.health.further_checks import (
    with_further_checks,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.health.model import (
    CHEAP,
    CHECKS,
    HealthFinding,
    HealthLimits,
    HealthSnapshot,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.health.observed import (
    Moment,
    Observation,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.run import Run
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.snapshot.cluster import Cluster
from tests.unit.connect.group_bytes import address, member, stable
from tests.unit.connect.support import cluster_at, stored

QUERY = HealthQuery(Brokers(("a:1",)))
QUEUE = {"connector.class": "X", "topics": "t", "errors.deadletterqueue.topic.name": "letters"}
SINK = stored("orders", QUEUE)._replace(type="sink")
EVERYTHING = HealthLimits(checks=frozenset(CHECKS))


class Client:
    """Brokers without any topic."""

    def __init__(self, problem: BrokersError | None = None) -> None:
        self._problem = problem

    def describe(self) -> KafkaCluster:
        if self._problem is not None:
            raise self._problem
        return KafkaCluster("A", (Node(1, "a:1"),))

    def topics(self, _names: Any) -> tuple[Topic, ...]:
        return ()

    def topic_names(self) -> tuple[str, ...]:
        return ("sales-1", "sales-2")


def report(*findings: HealthFinding) -> HealthReport:
    group = stable(member(1))
    membership = Membership(group, RestView(address(1), frozenset(), frozenset()), ())
    return HealthReport(HealthSnapshot({"orders": SINK}, membership=membership), findings)


def kinds(found: HealthReport) -> list[str]:
    return [finding.kind for finding in found.findings]


@pytest.fixture
def cluster() -> Cluster:
    return cluster_at(["http://127.0.0.1:1"], run=Run())


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> Callable[[BrokersError], None]:
    """Brokers that answer, unless the returned function is called with their problem."""
    monkeypatch.setattr(further_checks, "new_client", lambda *_given: Client())
    monkeypatch.setattr(observation, "sources_of", lambda *_given: None)
    monkeypatch.setattr(observation, "observe", lambda *_given: Observation([Moment(0)]))

    def fail(problem: BrokersError) -> None:
        def sources_of(*_given: Any) -> None:
            raise problem

        monkeypatch.setattr(further_checks, "new_client", lambda *_given: Client(problem))
        monkeypatch.setattr(observation, "sources_of", sources_of)

    return fail


def test_without_brokers_or_a_group_the_report_stays_as_it_is(cluster: Cluster) -> None:
    given = report()
    assert with_further_checks(cluster, HealthQuery(), EVERYTHING, given) is given
    without = HealthReport(HealthSnapshot(), ())
    assert with_further_checks(cluster, QUERY, EVERYTHING, without) is without


def test_by_default_dead_letter_topics_are_checked_and_nothing_is_observed(cluster: Cluster) -> None:
    found = with_further_checks(cluster, QUERY, HealthLimits(checks=frozenset(CHEAP)), report())
    assert "dead_letter_topic_missing" in kinds(found)
    assert found.snapshot.observation is None


def test_topics_are_read_for_overlaps_if_a_sink_has_a_regex(cluster: Cluster) -> None:
    given = report()
    by_regex = stored("orders", {"connector.class": "X", "topics.regex": "sales-.*"})._replace(type="sink")
    snapshot = replace(given.snapshot, connectors={"orders": by_regex})
    found = with_further_checks(cluster, QUERY, HealthLimits(), HealthReport(snapshot, ()))
    assert found.snapshot.topics == {"sales-1", "sales-2"}
    off = HealthLimits(checks=frozenset({"errors"}))
    assert with_further_checks(cluster, QUERY, off, HealthReport(snapshot, ())).snapshot.topics == frozenset()


def test_a_check_that_is_off_asks_nothing(cluster: Cluster, told: Callable[[BrokersError], None]) -> None:
    told(BrokersError("unreachable"))
    found = with_further_checks(cluster, QUERY, HealthLimits(checks=frozenset()), report())
    assert (found.snapshot.dead_letters, cluster.warnings) == (None, [])


def test_brokers_that_stop_answering_are_a_warning(cluster: Cluster, told: Callable[[BrokersError], None]) -> None:
    told(BrokersError("brokers a:1: unreachable"))
    found = with_further_checks(cluster, QUERY, EVERYTHING, report())
    assert (found.snapshot.observation, found.snapshot.dead_letters) == (None, None)
    assert cluster.warnings == ["checks dead_letters, progress, rebalances are left out: brokers a:1: unreachable"]


def test_after_an_observation_the_report_is_about_its_end(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    latest = HealthSnapshot(membership=report().snapshot.membership)
    monkeypatch.setattr(further_checks, "check_health", lambda *_given: HealthReport(latest, ()))
    query = HealthQuery(Brokers(("a:1",)), observe=1)
    found = with_further_checks(cluster, query, EVERYTHING, report())
    assert found.snapshot.connectors == {}
    assert found.snapshot.observation is not None


def test_the_finding_of_a_wait_is_kept(cluster: Cluster) -> None:
    unstable = HealthFinding("not_stable_yet", "error", "cluster", "", id="not_stable_yet:cluster")
    assert kinds(with_further_checks(cluster, QUERY, EVERYTHING, report(unstable)))[0] == "not_stable_yet"
