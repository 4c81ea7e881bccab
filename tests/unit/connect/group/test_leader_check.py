# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Changes that are refused for a long time: whether facts of the brokers about the leader end the wait."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import BrokersError, RequestError
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group import leader_check
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.brokers import Brokers
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.group_findings import (
    RestView,
    UrlAnswer,
    find_group_problems,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.leader_check import LeaderCheck
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.membership import Membership
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.protocol import (
    Assignment,
    Group,
    Member,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.rest import client, operations
from testing.fake_connect import FakeCluster, faults, matching
from tests.unit.connect.support import cluster_at

DEAD = "http://connect-1.example.com:1"


def membership(*, url: str = DEAD, answer: UrlAnswer | None = None, member_id: str = "connect-1") -> Membership:
    """Two workers, the first of which leads and advertises this URL."""
    assignment = Assignment(1, 0, member_id, url, 7)
    group = Group(
        "connect",
        "Stable",
        "connect",
        "sessioned",
        (
            Member(member_id, "connect-1", "10.0.0.1", url, assignment),
            Member("connect-2", "connect-2", "10.0.0.2", "http://connect-2.example.com:8083", assignment),
        ),
    )
    view = RestView("http://connect-2.example.com:8083", answers={url: answer or UrlAnswer()})
    return Membership(group, view, find_group_problems(group, view))


REFUSED = UrlAnswer(refusal="connection refused", is_refused=True)


class Scene:
    """A leader check with prepared responses of the brokers, at a time that a test sets."""

    def __init__(self, fake: FakeCluster, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        self.asked = 0
        self.answer: Callable[[], Membership] = membership
        self.cluster = cluster_at(fake.urls)
        self.check = LeaderCheck(self.cluster, Brokers(("kafka-1.example.com:9092",)))
        monkeypatch.setattr("time.monotonic", lambda: self.now)
        monkeypatch.setattr(leader_check, "read_group", self._look)

    def _look(self, *_arguments: object) -> Membership:
        self.asked += 1
        return self.answer()

    def explain(self, after: float = 0.0) -> tuple[str, str] | None:
        self.now += after
        return self.check.explain()


@pytest.fixture
def scene(fake: FakeCluster, monkeypatch: pytest.MonkeyPatch) -> Scene:
    return Scene(fake, monkeypatch)


def test_the_run_waits_for_a_healthy_leader(scene: Scene) -> None:
    assert scene.explain() is None


def test_a_leader_with_a_wrong_url_is_reported_immediately_with_both_urls(scene: Scene) -> None:
    scene.answer = lambda: membership(answer=UrlAnswer(stranger="something that is not a Connect worker"))
    reported = scene.explain()
    assert reported is not None
    for part in (DEAD, "http://connect-2.example.com:8083", "it leads to something that is not a Connect worker"):
        assert part in reported[0]
    assert "rest.advertised.host.name" in reported[1]


def test_a_leader_that_refuses_may_have_just_died(scene: Scene) -> None:
    """The group drops a dead leader; one that stays the leader for a while is alive and misconfigured."""
    scene.answer = lambda: membership(answer=REFUSED)
    assert scene.explain() is None
    assert scene.explain(after=20) is None
    reported = scene.explain(after=20)
    assert reported is not None
    assert "connection refused" in reported[0]


def test_another_leader_is_checked_separately(scene: Scene) -> None:
    scene.answer = lambda: membership(answer=REFUSED)
    assert scene.explain() is None
    scene.answer = lambda: membership(answer=REFUSED, member_id="connect-9")
    assert scene.explain(after=60) is None


def test_waiting_threads_share_one_query_per_interval(scene: Scene) -> None:
    for _thread in range(8):
        assert scene.explain() is None
    assert scene.asked == 1
    scene.explain(after=leader_check.EVERY)
    assert scene.asked == 2


def test_brokers_that_fail_are_a_warning_and_not_queried_again(scene: Scene) -> None:
    def fail() -> Membership:
        raise BrokersError("brokers kafka-1.example.com:9092: connection refused")

    scene.answer = fail
    assert scene.explain() is None
    assert scene.explain(after=60) is None
    assert scene.asked == 1
    assert scene.cluster.warnings == [
        "the brokers can't show what is wrong with the leader: brokers kafka-1.example.com:9092: connection refused"
    ]


def test_a_known_reason_ends_the_waiting_long_before_conflict_timeout(
    fake: FakeCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "EXPLAIN_AFTER", 0.5)
    fake.script(matching("PUT"), [faults.conflicting_operation(times=999)])
    cluster = cluster_at(fake.urls)
    cluster.run.conflict_timeout = 300.0
    cluster.api.client.explain = lambda: ("the leader advertises URL X", "correct X")
    with pytest.raises(RequestError) as caught:
        cluster.api.pause("orders")
    assert caught.value.kind == "conflict"
    assert caught.value.message == "refused with HTTP 409, and waiting cannot help: the leader advertises URL X"
    assert caught.value.advice == "correct X"
    assert cluster.run.elapsed() < 30


def test_a_problem_unrelated_to_the_leader_is_not_explained(fake: FakeCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "EXPLAIN_AFTER", 0.0)
    fake.script(matching("GET"), [faults.busy(times=2, retry_after="0")])
    cluster = cluster_at(fake.urls)
    cluster.api.client.explain = lambda: ("never asked", "")
    assert cluster.api.client.call(operations.LIST, "/connectors").body == []
