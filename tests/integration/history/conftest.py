# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A cluster with a story: connectors are created, changed, paused, restarted and deleted, and a worker is killed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.execute import execute
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.cluster_history import (
    CLUSTER_HISTORY,
    cluster_history,
)
from testing.sandbox import QUICK_REBALANCES, Sandbox

TOPICS = {"config_topic": "connect-configs", "status_topic": "connect-status"}
SECRET = "Canary-of-the-history-q7"
ORDERS = {
    "connector.class": "FileStreamSource",
    "tasks.max": "1",
    "file": "/dev/null",
    "topic": "orders",
    "database.password": SECRET,
}
PAYMENTS = {"connector.class": "FileStreamSource", "tasks.max": "1", "file": "/dev/null", "topic": "payments"}
DOOMED = {"connector.class": "MockSource", "tasks.max": "1"}

Result = dict[str, Any]


def run_history(sandbox: Sandbox, **options: Any) -> Result:
    """The result of cluster_history for this sandbox."""
    given = {"bootstrap_servers": sandbox.bootstrap_servers, **TOPICS, **options}
    checked = ArgumentSpecValidator(CLUSTER_HISTORY.arguments, **CLUSTER_HISTORY.checks).validate(given)
    assert checked.error_messages == []
    return execute(cluster_history, checked.validated_parameters, check_mode=False, diff_mode=False)


def iso(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + f".{int(seconds * 1000) % 1000:03}Z"


@dataclass
class Told:
    """The cluster after its story. `times`: seconds since the epoch by the name of a moment; `killed`: address of that worker."""

    sandbox: Sandbox
    times: dict[str, float] = field(default_factory=dict)
    killed: str = ""

    def note(self, moment: str) -> None:
        """Remember the time. Records before and after it have other milliseconds."""
        time.sleep(0.01)
        self.times[moment] = time.time()
        time.sleep(0.01)

    def at(self, moment: str) -> str:
        return iso(self.times[moment])

    def await_states(
        self, name: str, states: Sequence[str], within: float = 60, who: str | None = None
    ) -> Mapping[str, Any]:
        """Wait until the connector and its tasks have these states. `who`: the worker to ask, by default the first one."""
        deadline = time.monotonic() + within
        while True:
            code, answer = self.sandbox.request(
                "GET", f"/connectors/{name}/status", who=who or self.sandbox.workers[0].name
            )
            found = [answer["connector"]["state"], *(task["state"] for task in answer["tasks"])] if code == 200 else []
            if found == list(states):
                status: Mapping[str, Any] = answer
                return status
            assert time.monotonic() < deadline, f"{name}: {found}, expected {states}"
            time.sleep(0.1)


@pytest.fixture(scope="package")
def told() -> Iterator[Told]:
    with Sandbox.running(properties=QUICK_REBALANCES) as sandbox:
        told = Told(sandbox)
        told.note("begin")
        _tell(told)
        told.note("end")
        yield told


def _tell(told: Told) -> None:
    sandbox = told.sandbox

    def put(name: str, config: Mapping[str, str]) -> None:
        code, answer = sandbox.request("PUT", f"/connectors/{name}/config", config)
        assert code in (200, 201), answer

    for name, config in (("orders", ORDERS), ("payments", PAYMENTS), ("doomed", DOOMED)):
        put(name, config)
        told.await_states(name, ["RUNNING", "RUNNING"])
    put("orders", {**ORDERS, "topic": "orders-v2"})
    told.await_states("orders", ["RUNNING", "RUNNING"])
    sandbox.request("PUT", "/connectors/payments/pause")
    told.await_states("payments", ["PAUSED", "PAUSED"])
    told.note("paused")
    put("doomed", {**DOOMED, "mock_mode": "task-failure", "delay_ms": "0"})
    told.await_states("doomed", ["RUNNING", "FAILED"])
    told.note("failed")
    sandbox.request("POST", "/connectors/doomed/restart?includeTasks=true&onlyFailed=true")
    told.await_states("doomed", ["RUNNING", "FAILED"])
    sandbox.request("PUT", "/connectors/payments/resume")
    owner = told.await_states("payments", ["RUNNING", "RUNNING"])["tasks"][0]["worker_id"]
    told.killed = owner
    victim = next(worker.name for worker in sandbox.workers if worker.url.endswith(owner))
    survivor = next(worker.name for worker in sandbox.workers if worker.name != victim)
    told.note("kill")
    sandbox.kill(victim)
    _await(
        lambda: told.await_states("payments", ["RUNNING", "RUNNING"], who=survivor)["tasks"][0]["worker_id"] != owner
    )
    sandbox.start(victim)
    sandbox.await_settled()
    told.note("deletion")
    sandbox.request("DELETE", "/connectors/orders")
    _await(lambda: sandbox.request("GET", "/connectors/orders/status")[0] == 404)


def _await(condition: Callable[[], bool], within: float = 90) -> None:
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@contextmanager
def topic(sandbox: Sandbox, **settings: str) -> Iterator[str]:
    """A compacted topic with one partition of its own."""
    client = AdminClient({"bootstrap.servers": sandbox.bootstrap_servers})
    name = f"history-{uuid4().hex[:8]}"
    config = {"cleanup.policy": "compact", **{key.replace("_", "."): value for key, value in settings.items()}}
    client.create_topics([NewTopic(name, 1, 1, config=config)])[name].result(30)
    try:
        yield name
    finally:
        client.delete_topics([name])[name].result(30)


def producer(sandbox: Sandbox, **options: str) -> Producer:
    return Producer(
        {"bootstrap.servers": sandbox.bootstrap_servers, **{k.replace("_", "."): v for k, v in options.items()}}
    )
