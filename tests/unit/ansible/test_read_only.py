# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The read-only modules, and the guards of the others: from parameters to the result of a task."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.execute import execute
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.invocation import Operation
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.cluster_health import (
    cluster_health,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.cluster_info import (
    cluster_info,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.connector import connector
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.connector_info import (
    connector_info,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.connector_state import (
    connector_state,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.connector_validate import (
    connector_validate,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.connectors import connectors
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.plugin_info import plugin_info
from testing.fake_connect import FakeCluster
from tests.contract.modules.shapes import misfits
from tests.specifications import SPECIFICATIONS
from tests.unit.connect.support import FILE_SOURCE, file_source, secret_source

OPERATIONS: dict[str, Operation] = {
    "connector_info": connector_info,
    "plugin_info": plugin_info,
    "connector_validate": connector_validate,
    "cluster_info": cluster_info,
    "cluster_health": cluster_health,
    "connector": connector,
    "connectors": connectors,
    "connector_state": connector_state,
}


def run(fake: FakeCluster, module: str, /, **given: Any) -> dict[str, Any]:
    """The result of a task with these options; every other has its default."""
    specification = SPECIFICATIONS[module]
    checked = ArgumentSpecValidator(specification.arguments, **specification.checks).validate(
        {"url": fake.urls, **given}
    )
    assert checked.error_messages == []
    return execute(OPERATIONS[module], checked.validated_parameters, check_mode=False, diff_mode=True)


def test_connector_info_returns_the_connectors(fake: FakeCluster) -> None:
    fake.connectors.put("customers", secret_source())
    result = run(fake, "connector_info", name="cust*", states=["running"])
    assert result["changed"] is False
    assert [entry["name"] for entry in result["connectors"]] == ["customers"]
    assert result["connectors"][0]["config"]["database.password"] == "********"
    assert result["summary"]["total"] == 1
    assert "diff" not in result


def test_plugin_info_returns_the_plugins(fake: FakeCluster) -> None:
    result = run(fake, "plugin_info", name=FILE_SOURCE, include_definitions=True)
    assert [plugin["class"] for plugin in result["plugins"]] == [FILE_SOURCE]
    assert result["plugins"][0]["definitions"]


def test_cluster_info_returns_the_cluster(fake: FakeCluster) -> None:
    result = run(fake, "cluster_info")
    assert result["kafka_cluster_id"] == fake.kafka_cluster_id
    assert len(result["workers"]) == 3


@pytest.mark.parametrize("fail", [True, False])
def test_connector_validate_returns_the_validation(fake: FakeCluster, fail: bool) -> None:
    entries = [
        {"name": "good", "config": file_source("good")},
        {"name": "bad", "config": {**file_source("bad"), "tasks.max": "many"}},
        {"name": "gone", "state": "absent"},
    ]
    result = run(fake, "connector_validate", connectors=entries, fail_on_errors=fail)
    assert result.get("failed", False) is fail
    assert [(entry["name"], entry["valid"]) for entry in result["connectors"]] == [("good", True), ("bad", False)]
    if fail:
        assert 'connector "bad": key "tasks.max": Invalid value many' in result["msg"]
        assert result["error"]["problems"][0]["connector"] == "bad"
    assert fake.writes() == []


def test_an_empty_desired_set_purges_only_if_explicitly_allowed(fake: FakeCluster) -> None:
    fake.connectors.put("orders", file_source())
    given = {"purge": True, "purge_match": ["*"]}
    result = run(fake, "connectors", **given)
    assert result["failed"] is True
    assert "set purge_allow_empty: true if you mean it" in result["msg"]
    assert fake.requests == []
    assert run(fake, "connectors", **given, purge_allow_empty=True)["changed"] is True
    assert list(fake.connectors) == []


def test_connector_and_connector_state_return_the_connector(fake: FakeCluster) -> None:
    given = {"stable_for": 0, "warn_literal_secrets": False}
    assert run(fake, "connector", name="orders", config=file_source(), **given)["changed"] is True
    paused = run(fake, "connector_state", name="orders", state="paused", stable_for=0)
    assert paused["connectors"][0]["state"] == "PAUSED"
    absent = run(fake, "connector", name="orders", state="absent", **given)
    assert absent["connectors"][0]["action"] == "delete"
    assert list(fake.connectors) == []


def test_cluster_health_returns_its_findings(fake: FakeCluster) -> None:
    fake.connectors.put("orders", file_source())
    result = run(fake, "cluster_health", min_workers=3)
    assert (result["healthy"], result["changed"]) == (True, False)
    assert result["msg"] == "healthy: 3 workers of url answer, 1 connector, 1 task"
    assert result["summary"]["total"] == 1
    assert misfits("cluster_health", result) == []


def test_cluster_health_fails_if_configured_to(fake: FakeCluster) -> None:
    fake.connectors.put("orders", file_source())
    fake.connectors.fail("orders", task=0)
    reported = run(fake, "cluster_health")
    assert (reported["healthy"], "failed" in reported) == (False, False)
    result = run(fake, "cluster_health", fail_on_unhealthy=True)
    assert (result["failed"], result["error"]["kind"]) == (True, "not_healthy")
    assert result["msg"].startswith("the cluster is not healthy: 1 task FAILED")
    assert result["findings"][0]["kind"] == "failed_tasks"
    assert misfits("cluster_health", result) == []
    assert run(fake, "cluster_health", fail_on_unhealthy=True, ignore="ord*")["healthy"] is True
    assert run(fake, "cluster_health", fail_on_unhealthy=True, connectors="~other")["healthy"] is True
    assert run(fake, "cluster_health", fail_on_unhealthy=True, max_failed_tasks=1)["healthy"] is True


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"min_workers": -1}, "min_workers is -1: give a number, 0 or more"),
        ({"max_unassigned": -2}, "max_unassigned is -2: give a number, 0 or more"),
        ({"wait_timeout": 5, "stable_for": 10}, "wait_timeout of 5 s is shorter than stable_for of 10 s"),
        ({"connectors": ["~("]}, 'pattern "~(" is not a regular expression'),
        ({"ignore": [""]}, 'pattern "" is empty'),
    ],
)
def test_cluster_health_rejects_invalid_options(fake: FakeCluster, given: dict[str, Any], says: str) -> None:
    result = run(fake, "cluster_health", **given)
    assert result["error"]["kind"] == "invalid_input"
    assert says in result["msg"]
    assert fake.requests == []


def test_cluster_health_waits_for_a_healthy_cluster(fake: FakeCluster) -> None:
    result = run(fake, "cluster_health", wait_timeout=30, stable_for=0)
    assert result["healthy"] is True
