# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Facts about connectors, plugins and clusters, read from the fake cluster."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import RequestError
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.info import connectors as connectors_file
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.info.cluster import cluster_facts
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.info.connectors import (
    ConnectorQuery,
    connector_facts,
    summarize,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.info.plugins import plugin_facts
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.info.validation import validation_facts
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.patterns import matcher
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.planning.run_options import Checks
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.snapshot.cluster import Cluster
from testing.fake_connect import FakeCluster, Plugin, faults, matching
from tests.unit.connect.support import (
    FILE_SOURCE,
    SECRET_SOURCE,
    cluster_at,
    file_source,
    present,
    secret_source,
    stored,
    written,
)


@pytest.fixture
def cluster(fake: FakeCluster) -> Iterator[Cluster]:
    """A cluster with three connectors, to which no test may write."""
    fake.connectors.put("orders", file_source())
    fake.connectors.put("paused", file_source("paused"), "PAUSED")
    fake.connectors.put("customers", secret_source())
    fake.connectors.fail("customers", task=0, trace="org.X: no access for hunter2-in-clear\n\tat a.B.c(D.java:1)\n")
    yield cluster_at(fake.urls)
    assert written(fake) == []


def connectors(cluster: Cluster, *names: str, **more: Any) -> dict[str, Any]:
    return dict(connector_facts(cluster, ConnectorQuery(names, **more)).extra)


def names_of(found: dict[str, Any]) -> list[str]:
    return [entry["name"] for entry in found["connectors"]]


# Connectors


def test_all_connectors_are_read_in_one_request(fake: FakeCluster, cluster: Cluster) -> None:
    found = connectors(cluster)
    assert names_of(found) == ["customers", "orders", "paused"]
    assert found["missing"] == []
    assert len(fake.requests) == 1


@pytest.mark.parametrize(
    ("matches", "names"),
    [
        ({"file": "*"}, ["orders", "paused"]),
        ({"name": "~o"}, ["orders"]),
        ({"name": "*e*", "file": "*"}, ["orders", "paused"]),
        ({"name": "order"}, []),
        ({"no.such.key": "*"}, []),
    ],
)
def test_values_of_the_configuration_select(cluster: Cluster, matches: dict[str, str], names: list[str]) -> None:
    assert names_of(connectors(cluster, config_matches={key: matcher(text) for key, text in matches.items()})) == names


def test_the_type_selects(cluster: Cluster) -> None:
    assert names_of(connectors(cluster, type="sink")) == []
    assert names_of(connectors(cluster, type="source")) == ["customers", "orders", "paused"]


def test_names_and_patterns_select_and_missing_names_are_listed(cluster: Cluster) -> None:
    found = connectors(cluster, "orders", "~p", "absent")
    assert names_of(found) == ["orders", "paused"]
    assert found["missing"] == ["absent"]


@pytest.mark.parametrize(
    ("states", "names"),
    [
        (("failed",), ["customers"]),
        (("paused",), ["paused"]),
        (("running",), ["customers", "orders"]),
        (("stopped",), []),
    ],
)
def test_states_of_connector_or_task_select(cluster: Cluster, states: tuple[str, ...], names: list[str]) -> None:
    assert names_of(connectors(cluster, states=states)) == names


def test_an_entry_has_type_class_state_and_config(fake: FakeCluster, cluster: Cluster) -> None:
    (entry,) = connectors(cluster, "orders")["connectors"]
    assert (entry["type"], entry["connector_class"], entry["state"]) == ("source", FILE_SOURCE, "RUNNING")
    assert entry["config"] == file_source()
    status = fake.connectors["orders"].status
    assert status is not None
    assert entry["worker_id"] == status.worker_id
    assert "topics" not in entry


def test_secrets_are_masked_in_config_and_causes(cluster: Cluster) -> None:
    found = connectors(cluster, "customers")
    assert "hunter2" not in json.dumps(found)
    assert found["connectors"][0]["config"]["database.password"] == "********"
    assert "no access for ********" in found["connectors"][0]["cause"]


def test_config_and_topics_are_optional(fake: FakeCluster, cluster: Cluster) -> None:
    fake.connectors.set_topics("orders", ["b", "a"])
    (entry,) = connectors(cluster, "orders", config=False, topics=True)["connectors"]
    assert "config" not in entry
    assert entry["topics"] == ["a", "b"]


def test_topics_that_are_not_tracked_are_an_error(fake: FakeCluster, cluster: Cluster) -> None:
    fake.script(matching("GET", "*/topics"), [faults.refuse(403, "Topic tracking is disabled.", times=9)])
    with pytest.raises(RequestError) as caught:
        connectors(cluster, topics=True)
    assert caught.value.kind == "unsupported"


def test_an_empty_list_from_a_starting_worker_is_read_again(fake: FakeCluster, cluster: Cluster) -> None:
    fake.workers[0].starting()
    assert len(connectors(cluster)["connectors"]) == 3
    fake.workers[0].ready()


def test_a_connector_without_a_status_is_not_missing(
    fake: FakeCluster, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connectors_file, "MISSING_STATUS", 0.1)
    fake.store.edit("orders", status=None)
    found = connectors(cluster, "orders")
    assert found["missing"] == []
    assert names_of(found) == ["orders"]


def test_a_summary_counts_states() -> None:
    summary = summarize(
        [
            stored("a"),
            stored("b", tasks=("RUNNING", "FAILED")),
            stored("c", state="FAILED", tasks=()),
            stored("d", state="", tasks=()),
        ]
    )
    assert summary == {
        "total": 4,
        "by_state": {"failed": 1, "running": 2, "unassigned": 1},
        "tasks_total": 3,
        "tasks_by_state": {"failed": 1, "running": 2},
        "failed": ["b", "c"],
    }


# Plugins


def test_plugins_are_listed_with_the_workers_that_lack_them(fake: FakeCluster, cluster: Cluster) -> None:
    fake.workers[2].uninstall([FILE_SOURCE])
    found = plugin_facts(cluster, [], [], definitions=False).extra["plugins"]
    by_class = {entry["class"]: entry for entry in found}
    assert by_class[FILE_SOURCE]["missing_on"] == [fake.urls[2]]
    assert by_class[SECRET_SOURCE]["missing_on"] == []
    assert by_class[FILE_SOURCE]["versions"] == ["4.3.1"]


def test_plugins_are_chosen_by_name_and_type(cluster: Cluster) -> None:
    found = plugin_facts(cluster, ["*FileStream*"], ["source"], definitions=False).extra["plugins"]
    assert [entry["class"] for entry in found] == [FILE_SOURCE]


def test_definitions_are_returned_on_request(cluster: Cluster) -> None:
    (entry,) = plugin_facts(cluster, [SECRET_SOURCE], [], definitions=True).extra["plugins"]
    keys = {key["name"]: key for key in entry["definitions"]}
    assert keys["database.password"]["type"] == "PASSWORD"
    assert keys["database.password"]["required"] is True


def test_a_worker_whose_plugins_cannot_be_read_is_a_warning(fake: FakeCluster, cluster: Cluster) -> None:
    fake.script(matching("GET", "/connector-plugins", worker=1), [faults.refuse(500, "java.lang.Error", times=9)])
    report = plugin_facts(cluster, [], [], definitions=False)
    assert [warning for warning in report.warnings if fake.urls[1] in warning]


# Clusters


def test_cluster_facts_contain_what_rest_shows(fake: FakeCluster, cluster: Cluster) -> None:
    fake.workers[1].uninstall([FILE_SOURCE])
    fake.workers[2].kill()
    found = cluster_facts(cluster).extra
    assert found["kafka_cluster_id"] == fake.kafka_cluster_id
    assert found["versions"] == ["4.3.1"]
    assert [(worker["url"], worker["reachable"]) for worker in found["workers"]] == [
        (fake.urls[0], True),
        (fake.urls[1], True),
        (fake.urls[2], False),
    ]
    assert [entry["class"] for entry in found["plugin_differences"]] == [FILE_SOURCE]
    assert found["summary"]["total"] == 3
    load = found["load"]
    assert [entry["worker_id"] for entry in load] == sorted(entry["worker_id"] for entry in load)
    assert sum(sum(entry["connectors"].values()) for entry in load) == 3
    assert sum(sum(entry["tasks"].values()) for entry in load) == 2


def test_two_versions_of_a_plugin_are_a_difference() -> None:
    plugins = [Plugin("com.example.Two", "source", version) for version in ("1.0", "2.0")]
    with FakeCluster(plugins=plugins) as fake:
        (entry,) = cluster_facts(cluster_at(fake.urls)).extra["plugin_differences"]
        assert (entry["class"], entry["versions"]) == ("com.example.Two", ["1.0", "2.0"])


# Validation


def test_each_config_is_reported_as_valid_or_with_its_errors(cluster: Cluster) -> None:
    bad = secret_source("bad", **{"database.port": "many"})
    report = validation_facts(cluster, [present(), present("bad", bad)], Checks(warn_literal_secrets=False))
    good, wrong = report.extra["connectors"]
    assert good == {"name": "orders", "valid": True, "errors": [], "exists": True}
    assert (wrong["name"], wrong["valid"], wrong["exists"]) == ("bad", False, False)
    assert [error["key"] for error in wrong["errors"]] == ["database.port"]


def test_a_failed_validation_is_an_error_of_its_connector(fake: FakeCluster, cluster: Cluster) -> None:
    fake.script(matching("PUT", "*/validate"), [faults.refuse(500, "java.lang.NullPointerException")])
    report = validation_facts(cluster, [present()], Checks(warn_literal_secrets=False))
    (entry,) = report.extra["connectors"]
    assert entry["valid"] is False
    assert "NullPointerException" in entry["errors"][0]["message"]
