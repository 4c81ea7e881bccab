# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a real group through the engine, and the same cluster through plain REST."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.arguments import Specification
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.execute import execute
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.invocation import Operation
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations import (
    cluster_health as health,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations import cluster_info as info
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations import connector_state
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.cluster_health import (
    CLUSTER_HEALTH,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.cluster_info import (
    CLUSTER_INFO,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.connector_state import (
    CONNECTOR_STATE,
)
from testing.sandbox import Condition, Sandbox

Snapshot = dict[str, Any]


def cluster_info(sandbox: Sandbox, **options: Any) -> Snapshot:
    """The result of the module for this sandbox; `options` come last."""
    return run_operation(info.cluster_info, CLUSTER_INFO, sandbox, {"url": sandbox.urls, **options})


def cluster_health(sandbox: Sandbox, **options: Any) -> Snapshot:
    """The result of cluster_health for this sandbox."""
    return run_operation(health.cluster_health, CLUSTER_HEALTH, sandbox, {"url": sandbox.urls, **options})


def stop(sandbox: Sandbox, name: str, **options: Any) -> Snapshot:
    """The result of connector_state for a request to stop one connector, which only the leader can execute."""
    return run_operation(
        connector_state.connector_state, CONNECTOR_STATE, sandbox, {"name": [name], "state": "stopped", **options}
    )


def run_operation(
    operation: Operation, specification: Specification, sandbox: Sandbox, options: Mapping[str, Any]
) -> Snapshot:
    """The result of the operation with these options, on the brokers of this sandbox."""
    given = {"bootstrap_servers": sandbox.bootstrap_servers, **options}
    checked = ArgumentSpecValidator(specification.arguments, **specification.checks).validate(given)
    assert checked.error_messages == []
    return execute(operation, checked.validated_parameters, check_mode=False, diff_mode=False)


def await_group(
    sandbox: Sandbox, is_expected: Callable[[Snapshot], bool], within: float = 60.0, **options: Any
) -> Snapshot:
    """The first snapshot of the group that meets the condition."""
    deadline = time.monotonic() + within
    while True:
        result = cluster_info(sandbox, **options)
        assert not result.get("failed"), result["msg"]
        group: Snapshot = result["group"]
        if is_expected(group):
            return group
        assert time.monotonic() < deadline, f"the condition was not met; the last snapshot: {group}"


def is_whole(sandbox: Sandbox) -> Callable[[Snapshot], bool]:
    """Whether every running worker is a member, and there are no findings about the group."""
    running = sum(sandbox.condition(worker.name) is Condition.RUNNING for worker in sandbox.workers)
    return lambda group: group["state"] == "Stable" and len(group["members"]) == running and not group["findings"]


def kinds(group: Snapshot) -> set[str]:
    return {finding["kind"] for finding in group["findings"]}


def finding(group: Snapshot, kind: str) -> Snapshot:
    (found,) = (entry for entry in group["findings"] if entry["kind"] == kind)
    return dict(found)


def by_worker(group: Snapshot) -> dict[str, set[tuple[str, int]]]:
    """What each member owns, by its address; the connector instance has the number -1."""
    return {
        member["url"].split("//")[1]: {(name, -1) for name in member["connectors"]}
        | {(task["connector"], task["task"]) for task in member["tasks"]}
        for member in group["members"]
    }


def statuses(sandbox: Sandbox, who: str) -> dict[str, set[tuple[str, int]]]:
    """The work of each worker by plain REST, from the statuses."""
    code, answer = sandbox.request("GET", "/connectors?expand=status", who=who)
    assert code == 200
    found: dict[str, set[tuple[str, int]]] = {}
    for name, entry in answer.items():
        status = entry["status"]
        found.setdefault(status["connector"]["worker_id"], set()).add((name, -1))
        for task in status["tasks"]:
            found.setdefault(task["worker_id"], set()).add((name, task["id"]))
    return found
