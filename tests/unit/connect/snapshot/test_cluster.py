# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether this is the intended cluster, and whether its snapshot is reliable."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import (
    RequestError,
    WrongClusterError,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.model import Connector, state_of
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.snapshot.cluster import (
    is_unsettled,
    lacks_status,
)
from testing.fake_connect import FakeCluster, faults, matching
from tests.unit.connect.support import cluster_at, file_source, stored


@pytest.fixture
def other() -> Iterator[FakeCluster]:
    """A second Connect cluster on the same Kafka cluster."""
    with FakeCluster(workers=1) as running:
        yield running


# Identity


def test_each_worker_is_identified_once(fake: FakeCluster) -> None:
    cluster = cluster_at(fake.urls)
    cluster.identify()
    cluster.identify()
    assert sorted(request.worker for request in fake.requests) == [0, 1, 2]
    assert [worker.url for worker in cluster.workers] == fake.urls


def test_another_kafka_cluster_than_the_requested_one_is_refused(fake: FakeCluster) -> None:
    with pytest.raises(WrongClusterError) as caught:
        cluster_at(fake.urls, kafka_cluster_id="mine").read()
    assert caught.value.message == (
        f"worker {fake.urls[0]} belongs to Kafka cluster {fake.kafka_cluster_id}, not to mine: nothing was changed"
    )


def test_workers_of_two_kafka_clusters_are_refused(fake: FakeCluster) -> None:
    fake.workers[2].kafka_cluster_id = "another"
    with pytest.raises(WrongClusterError, match="workers of two Kafka clusters in one list") as caught:
        cluster_at(fake.urls).identify()
    assert fake.urls[2] in caught.value.message
    assert "another" in caught.value.message


def test_the_requested_kafka_cluster_is_accepted(fake: FakeCluster) -> None:
    assert cluster_at(fake.urls, kafka_cluster_id=fake.kafka_cluster_id).read().connectors == {}


def test_a_worker_that_does_not_respond_is_a_warning(fake: FakeCluster) -> None:
    fake.workers[1].kill()
    cluster = cluster_at(fake.urls)
    cluster.identify()
    assert list(cluster.silent) == [fake.urls[1]]
    assert [warning for warning in cluster.warnings if fake.urls[1] in warning]


def test_the_first_failure_is_reported_if_no_worker_responds(fake: FakeCluster) -> None:
    for worker in fake.workers:
        worker.kill()
    with pytest.raises(RequestError) as caught:
        cluster_at(fake.urls).identify()
    assert caught.value.kind == "connection_refused"
    assert fake.urls[0] in caught.value.message


def test_a_server_that_is_not_a_worker_is_refused_even_next_to_valid_workers(fake: FakeCluster) -> None:
    fake.script(matching("GET", "/", worker=1), [faults.respond(200, b"<html>welcome</html>", times=9)])
    with pytest.raises(RequestError) as caught:
        cluster_at(fake.urls).identify()
    assert caught.value.kind == "not_a_connect_worker"


def test_the_oldest_worker_determines_the_available_features(fake: FakeCluster) -> None:
    fake.script(
        matching("GET", "/", worker=1),
        [faults.respond(200, b'{"version": "3.4.1", "commit": "x", "kafka_cluster_id": "FakeKafkaClusterIdAAAA"}')],
    )
    cluster = cluster_at(fake.urls)
    assert cluster.features is None
    cluster.identify()
    assert cluster.features is not None
    assert cluster.features.version == "3.4.1"


def test_two_connect_clusters_on_one_kafka_are_refused(fake: FakeCluster, other: FakeCluster) -> None:
    fake.connectors.put("ours", file_source("ours"))
    other.connectors.put("theirs", file_source("theirs"))
    cluster = cluster_at([fake.urls[0], other.urls[0]])
    snapshot = cluster.read()
    cluster.identify()
    with pytest.raises(WrongClusterError) as caught:
        cluster.same_connect(snapshot)
    assert f"only {fake.urls[0]} has ours" in caught.value.message
    assert f"only {other.urls[0]} has theirs" in caught.value.message


def test_an_empty_connect_cluster_among_them_is_refused(fake: FakeCluster, other: FakeCluster) -> None:
    fake.connectors.put("ours", file_source("ours"))
    cluster = cluster_at([fake.urls[0], other.urls[0]])
    snapshot = cluster.read()
    cluster.identify()
    with pytest.raises(WrongClusterError, match="two Connect clusters"):
        cluster.same_connect(snapshot)


def test_a_starting_worker_is_not_mistaken_for_another_cluster(fake: FakeCluster) -> None:
    """It lists nothing until it has read the config topic, which may take longer than the comparison."""
    fake.connectors.put("ours", file_source("ours"))
    fake.workers[1].starting()
    fake.script(matching("GET", "/connectors", worker=1), [faults.respond(200, b"[]", times=99)])
    cluster = cluster_at(fake.urls)
    snapshot = cluster.read()
    cluster.identify()
    cluster.same_connect(snapshot)
    assert any("is not ready; it is unproven whether it belongs to this cluster" in text for text in cluster.warnings)


def test_a_worker_that_lags_briefly_is_not_mistaken_for_another_cluster(fake: FakeCluster) -> None:
    fake.workers[1].lag = 0.1
    fake.connectors.put("ours", file_source("ours"))
    cluster = cluster_at(fake.urls)
    snapshot = cluster.read()
    cluster.identify()
    cluster.same_connect(snapshot)
    assert cluster.warnings == []


def test_a_worker_that_dies_during_the_comparison_is_a_warning(fake: FakeCluster) -> None:
    cluster = cluster_at(fake.urls)
    snapshot = cluster.read()
    cluster.identify()
    fake.workers[1].kill()
    cluster.same_connect(snapshot)
    assert any(fake.urls[1] in text and "does not answer" in text for text in cluster.warnings)


# Reliability


def test_the_empty_list_of_a_starting_worker_is_ignored(fake: FakeCluster) -> None:
    fake.connectors.put("orders", file_source())
    fake.workers[0].starting()
    cluster = cluster_at(fake.urls[:1])
    assert cluster.read().connectors == {}
    threading.Timer(0.1, fake.workers[0].ready).start()
    assert set(cluster.read_when_ready().connectors) == {"orders"}


def test_the_list_of_a_ready_worker_is_used_instead(fake: FakeCluster) -> None:
    fake.connectors.put("orders", file_source())
    fake.workers[0].starting()
    cluster = cluster_at(fake.urls)
    assert cluster.read().connectors == {}
    snapshot = cluster.read_when_ready()
    assert set(snapshot.connectors) == {"orders"}
    assert snapshot.worker == fake.urls[1]


def test_a_connector_without_a_status_is_found_if_it_is_requested(fake: FakeCluster) -> None:
    """The expanded list omits it: a second create would restart it, and a delete would be skipped."""
    fake.connectors.put("orders", file_source())
    fake.store.edit("orders", status=None)
    cluster = cluster_at(fake.urls)
    found = cluster.read_when_ready(["orders", "absent"]).connectors
    assert found["orders"].config == file_source()
    assert found["orders"].state == ""
    assert "absent" not in found


def test_without_missing_names_no_further_request_is_sent(fake: FakeCluster) -> None:
    fake.connectors.put("orders", file_source())
    cluster = cluster_at(fake.urls)
    cluster.read_when_ready(["orders"])
    assert [request.path for request in fake.requests if request.path != "/"] == ["/health", "/connectors"]


def test_the_run_waits_for_clear_states(fake: FakeCluster) -> None:
    fake.connectors.put("orders", file_source(), settled=False)
    cluster = cluster_at(fake.urls)
    snapshot = cluster.read_until_settled(cluster.read_when_ready(["orders"]), ["orders"], is_unsettled)
    assert snapshot.connectors["orders"].state == "RUNNING"


def test_the_wait_for_unclear_states_is_limited(fake: FakeCluster) -> None:
    fake.connectors.put("orders", file_source())
    fake.store.edit("orders", status=None)
    cluster = cluster_at(fake.urls)
    snapshot = cluster.read_until_settled(cluster.read_when_ready(["orders"]), ["orders"], is_unsettled, 0.2)
    assert snapshot.connectors["orders"].state == ""


def test_other_workers_are_queried_for_a_state_that_stays_unclear(fake: FakeCluster) -> None:
    fake.connectors.put("orders", file_source())

    def only_one_was_asked(_stored: Connector) -> bool:
        return {request.worker for request in fake.requests if request.path == "/connectors"} == {0}

    cluster = cluster_at(fake.urls)
    cluster.read_until_settled(cluster.read_when_ready(["orders"]), ["orders"], only_one_was_asked, 60.0)
    assert {request.worker for request in fake.requests if request.path == "/connectors"} > {0}


def test_the_run_does_not_wait_for_a_connector_deleted_meanwhile(fake: FakeCluster) -> None:
    fake.connectors.put("orders", file_source())
    fake.store.edit("orders", status=None)
    cluster = cluster_at(fake.urls)
    before = cluster.read_when_ready(["orders"])
    fake.connectors.remove("orders")
    assert cluster.read_until_settled(before, ["orders"], is_unsettled).connectors == {}


def test_unsettled_states_are_recognized() -> None:
    assert is_unsettled(stored(state=""))
    assert is_unsettled(stored(state="UNASSIGNED"))
    assert is_unsettled(stored(state="RESTARTING"))
    assert is_unsettled(stored(task_ids=(0, 1)))
    assert not is_unsettled(stored())
    assert not is_unsettled(stored(state="FAILED", tasks=("UNASSIGNED",)))
    assert lacks_status(stored(task_ids=(0, 1)))
    assert not lacks_status(stored(state="UNASSIGNED"))


@pytest.mark.parametrize(
    ("connector", "state"),
    [
        (None, None),
        (stored(), "running"),
        (stored(state="PAUSED"), "paused"),
        (stored(state="STOPPED"), "stopped"),
        (stored(state="FAILED"), None),
    ],
)
def test_the_requestable_run_state_is_returned(connector: Connector | None, state: str | None) -> None:
    assert state_of(connector) == state
