# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Validation of new configs before the first write; complete runs with these checks are in runs/."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.planning.change import Change
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.planning.checked import Checked
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.planning.preflight import (
    aliases,
    check_changes,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.planning.run_options import Checks
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.planning.steps import (
    Create,
    Delete,
    Update,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.snapshot.cluster import Cluster
from testing.fake_connect import FakeCluster, faults, matching
from tests.unit.connect.support import (
    FILE_SOURCE,
    SECRET_SOURCE,
    cluster_at,
    file_source,
    secret_source,
    stored,
    written,
)


@pytest.fixture
def cluster(fake: FakeCluster) -> Cluster:
    known = cluster_at(fake.urls)
    known.identify()
    fake.forget_requests()
    return known


def creation(config: Mapping[str, str], name: str = "orders") -> Change:
    return Change(name, (Create(config),), after=config)


def check(cluster: Cluster, *changes: Change, **checks: Any) -> Checked:
    return check_changes(cluster, changes, Checks(**{"warn_literal_secrets": False, **checks}))


def test_a_plugin_is_found_under_each_name_that_connect_accepts() -> None:
    assert aliases(FILE_SOURCE) == (FILE_SOURCE, "FileStreamSourceConnector", "FileStreamSource")
    assert aliases("com.example.Connector") == ("com.example.Connector", "Connector")


def test_changes_without_a_config_are_not_validated(fake: FakeCluster, cluster: Cluster) -> None:
    check(cluster, Change("orders", (Delete(),), before=stored()), Change("other"))
    assert fake.requests == []


def test_a_valid_config_has_no_problem(fake: FakeCluster, cluster: Cluster) -> None:
    checked = check(cluster, creation(file_source()))
    assert (checked.problems, checked.errors, checked.warnings) == ({}, {}, [])
    assert written(fake) == []


def test_without_validation_only_the_plugin_is_checked(fake: FakeCluster, cluster: Cluster) -> None:
    check(cluster, creation({**file_source(), "tasks.max": "many"}), validate="none")
    assert {request.path for request in fake.requests} == {"/connector-plugins"}


def test_an_update_of_the_same_class_does_not_check_the_plugin(fake: FakeCluster, cluster: Cluster) -> None:
    fake.workers[1].uninstall([FILE_SOURCE])
    change = Change("orders", (Update(file_source(topic="x")),), before=stored(), after=file_source(topic="x"))
    assert check(cluster, change, validate="none").problems == {}


def test_definitions_are_read_once_for_each_plugin(fake: FakeCluster, cluster: Cluster) -> None:
    check(cluster, *(creation({**file_source(name), "name": name}, name) for name in ("a", "b", "c")))
    definitions = [request for request in fake.requests if request.path.endswith("/config")]
    assert len(definitions) == 1


def test_definitions_that_cannot_be_read_are_a_warning(fake: FakeCluster, cluster: Cluster) -> None:
    fake.script(matching("GET", "/connector-plugins/*/config"), [faults.respond(401, b"no", times=9)])
    checked = check(cluster, creation(file_source()))
    assert checked.problems == {}
    assert any("can't be read, so they are not checked" in text for text in checked.warnings)


def test_defaults_of_a_plugin_are_known_after_its_definitions(cluster: Cluster) -> None:
    checked = check(cluster, creation(secret_source("orders")))
    assert checked.defaults(SECRET_SOURCE)["database.port"] == "5432"
    assert checked.defaults("com.example.Unknown") == {}


def test_password_keys_come_from_definitions_and_validation(cluster: Cluster) -> None:
    checked = check(cluster, creation(secret_source("orders")))
    assert {"database.password", "ssl.keystore.password"} <= checked.password_keys["orders"]


def test_a_validation_that_fails_is_an_error_of_its_connector_alone(fake: FakeCluster, cluster: Cluster) -> None:
    fails = faults.refuse(500, "java.lang.IllegalStateException: cannot reach hunter2-in-clear@db")
    fake.script(matching("PUT", "*SecretSource*/validate"), [fails])
    checked = check(cluster, creation(secret_source("bad"), "bad"), creation(file_source()))
    assert list(checked.errors) == ["bad"]
    assert "cannot reach" in checked.errors["bad"].message
    assert "hunter2" not in checked.errors["bad"].message


def test_a_connector_that_will_hide_its_errors_is_warned_about(cluster: Cluster) -> None:
    checked = check(cluster, creation({**file_source("a"), "errors.tolerance": "all"}), creation(file_source("b"), "b"))
    assert checked.warnings == [
        'connector "orders": errors.tolerance is all, and records with errors disappear without a trace: set errors.log.enable: true'
    ]


def test_literal_secrets_are_named_and_references_are_not(cluster: Cluster) -> None:
    referenced = secret_source("referenced", **{"database.password": "${file:/etc/secrets:password}"})
    checked = check(
        cluster,
        creation(secret_source("literal"), "literal"),
        creation(referenced, "referenced"),
        warn_literal_secrets=True,
        validate="standard",
    )
    reported = [text for text in checked.warnings if "in clear" in text]
    assert len(reported) == 1
    assert reported[0].startswith('connector "literal": database.password holds a secret in clear')


def test_a_worker_that_has_since_departed_is_skipped(fake: FakeCluster, cluster: Cluster) -> None:
    fake.workers[2].kill()
    checked = check(cluster, creation(file_source()))
    assert checked.problems == {}
    assert any(fake.urls[2] in text and "plugins can't be read" in text for text in cluster.warnings)
