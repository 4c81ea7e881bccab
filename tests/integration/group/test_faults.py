# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Workers that advertise wrong URLs, and workers of another cluster in the group."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group import leader_check
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.rest import client
from testing.sandbox import Sandbox

from .conftest import CONNECTORS
from .snapshots import Snapshot, await_group, finding, kinds, statuses, stop


@pytest.fixture
def two_left(settled: Sandbox) -> Iterator[Sandbox]:
    """No worker runs; the first worker that a test starts is the leader. Afterward w1 advertises its own address again."""
    for name in ("w1", "w2", "w3"):
        settled.kill(name)
    yield settled
    settled.kill("w1")
    settled.start("w1", properties={"rest.advertised.port": settled.workers[0].url.rpartition(":")[2]})


@pytest.mark.parametrize(
    ("leads_to", "kind", "why"),
    [("nowhere", "unreachable_url", "connection refused"), ("w2", "same_url", "2 workers advertise it")],
)
def test_a_leader_that_advertises_a_wrong_url_is_reported(
    two_left: Sandbox, monkeypatch: pytest.MonkeyPatch, leads_to: str, kind: str, why: str
) -> None:
    monkeypatch.setattr(client, "EXPLAIN_AFTER", 1.0)
    monkeypatch.setattr(leader_check, "EVERY", 1.0)
    monkeypatch.setattr(leader_check, "DEPARTED_AFTER", 2.0)
    own, follower = two_left.workers[0].url, two_left.workers[1].url
    port = "1" if leads_to == "nowhere" else follower.rpartition(":")[2]
    advertised = f"http://127.0.0.1:{port}"
    two_left.start("w1", properties={"rest.advertised.port": port})
    # It must be the leader before another worker joins.
    await_group(
        two_left, lambda group: group["state"] == "Stable" and len(group["members"]) == 1, url=[own], group_id="sandbox"
    )
    two_left.start("w2")

    group = await_group(
        two_left, lambda group: kind in kinds(group) and len(group["members"]) == 2, url=[own, follower]
    )

    assert group["leader"] == advertised
    reported = finding(group, kind)
    assert reported["severity"] == "error"
    assert advertised in reported["evidence"]
    assert why in reported["evidence"]
    assert own in reported["evidence"] or follower in reported["evidence"]
    assert "rest.advertised.host.name" in reported["advice"]

    stopped = stop(two_left, CONNECTORS[0], url=[follower], conflict_timeout=120.0)

    assert stopped["failed"]
    (message,) = stopped["msg"].splitlines()
    assert "waiting cannot help: " in message
    for url in (advertised, follower):
        assert url in message
    assert why in message
    assert stopped["run"]["elapsed"] < 60, "long before conflict_timeout"


def test_a_worker_with_another_config_topic_is_reported(settled: Sandbox) -> None:
    settled.add_worker(properties={"config.storage.topic": "another-configs"}, wait=False)

    group = await_group(settled, lambda group: "two_clusters" in kinds(group), 90, url=settled.urls[:3])

    reported = finding(group, "two_clusters")
    assert reported["severity"] == "error"
    assert settled.workers[-1].url in reported["evidence"]
    assert "group-0" in reported["evidence"]


@pytest.fixture
def doubled(settled: Sandbox) -> Iterator[Sandbox]:
    """A worker of another group with the topics of this one. Afterward it is stopped, and the statuses it wrote are
    removed.
    """
    settled.add_worker(properties={"group.id": "astray"}, wait=False)
    yield settled
    settled.kill(settled.workers[-1].name)
    first_three = settled.urls[:3]
    await_group(settled, lambda group: "second_group" not in kinds(group), url=first_three)
    for name in CONNECTORS:
        code, _answer = settled.request("POST", f"/connectors/{name}/restart?includeTasks=true")
        assert code == 202
    await_group(
        settled,
        lambda _group: {f"http://{writer}" for writer in statuses(settled, "w1")} <= {*first_three},
        url=first_three,
    )


def test_a_worker_with_another_group_id_and_the_same_topics_is_reported(doubled: Sandbox) -> None:
    # A warning until it has written its first statuses.
    group = await_group(doubled, _is_proven, 90, url=doubled.urls[:3])

    assert group["group_id"] == "sandbox"
    reported = finding(group, "second_group")
    assert f"the group astray runs them, too, and its worker {doubled.workers[-1].url}" in reported["evidence"]
    assert "each task runs twice" in reported["advice"]


def _is_proven(group: Snapshot) -> bool:
    return "second_group" in kinds(group) and finding(group, "second_group")["severity"] == "error"
