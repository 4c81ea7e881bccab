# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connectors with offsets on a real cluster, and an independent view of what became of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.execute import execute
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.connector_offsets import (
    CONNECTOR_OFFSETS,
    connector_offsets,
)
from testing.sandbox import Condition, Sandbox
from tests.contract.modules.shapes import misfits

Result = dict[str, Any]

RECORDS = 100
START = 1_790_000_000_000
"""The time of the first record, in milliseconds since the epoch. Each other one is a minute younger."""


@dataclass(frozen=True)
class Sinks:
    """Sinks on topics with one partition and RECORDS records."""

    sandbox: Sandbox
    names: list[str] = field(default_factory=list)

    def create(self, **config: str) -> str:
        """Create a topic with records and a sink that has read them. Returns the name of both."""
        name = f"offsets-{uuid4().hex[:8]}"
        self.names.append(name)
        servers: dict[str, Any] = {"bootstrap.servers": self.sandbox.bootstrap_servers}
        # The records are older than brokers keep them by default.
        topic = NewTopic(name, 1, 1, config={"retention.ms": "-1"})
        admin = AdminClient(servers)
        admin.create_topics([topic])[name].result()
        producer = Producer(servers)
        for number in range(RECORDS):
            producer.produce(name, f"record {number}".encode(), timestamp=START + 60_000 * number)
        producer.flush()
        body = {
            "connector.class": "FileStreamSink",
            "tasks.max": "1",
            "file": str(self.sandbox.files / f"{name}.txt"),
            "topics": name,
            **config,
        }
        code, answer = self.sandbox.request("PUT", f"/connectors/{name}/config", body)
        assert code == 201, answer
        wait_for(lambda: self.offset(name) == RECORDS)
        return name

    def request(self, method: str, path: str) -> Any:
        """The answer of the first worker that gives one: others may have been killed."""
        for worker in self.sandbox.workers:
            if self.sandbox.condition(worker.name) is Condition.RUNNING:
                code, answer = self.sandbox.request(method, path, who=worker.name)
                if code == 200:
                    return answer
        return None

    def offset(self, name: str) -> int | None:
        found = self.request("GET", f"/connectors/{name}/offsets")
        entries = found["offsets"] if found else []
        return entries[0]["offset"]["kafka_offset"] if entries else None

    def states(self, name: str) -> list[str]:
        found = self.request("GET", f"/connectors/{name}/status")
        return [found["connector"]["state"], *(task["state"] for task in found["tasks"])] if found else []

    def lines(self, name: str) -> list[str]:
        return (self.sandbox.files / f"{name}.txt").read_text(encoding="utf-8").splitlines()

    def worker_of(self, name: str) -> str:
        """The name of the worker that runs the sink's task."""
        (place,) = {task["worker_id"] for task in self.request("GET", f"/connectors/{name}/status")["tasks"]}
        return next(worker.name for worker in self.sandbox.workers if worker.url.endswith(place))

    def members(self, name: str) -> list[str]:
        """The client IDs in the sink's consumer group."""
        client = AdminClient({"bootstrap.servers": self.sandbox.bootstrap_servers})
        group = f"connect-{name}"
        return [one.client_id for one in client.describe_consumer_groups([group])[group].result().members]

    def run(self, name: str, **given: Any) -> Result:
        """The result of connector_offsets, with brokers."""
        options = {
            "url": self.sandbox.urls,
            "bootstrap_servers": self.sandbox.bootstrap_servers,
            "name": name,
            "stable_for": 2,
            **given,
        }
        checked = ArgumentSpecValidator(CONNECTOR_OFFSETS.arguments, **CONNECTOR_OFFSETS.checks).validate(options)
        assert checked.error_messages == []
        result = execute(connector_offsets, checked.validated_parameters, check_mode=False, diff_mode=True)
        assert misfits("connector_offsets", result) == []
        return result


def wait_for(condition: Callable[[], object], within: float = 90) -> None:
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.fixture
def sinks(sandbox: Sandbox) -> Iterator[Sinks]:
    """Workers that a test has killed are started again."""
    made = Sinks(sandbox)
    yield made
    for worker in sandbox.workers:
        if sandbox.condition(worker.name) is Condition.DEAD:
            sandbox.start(worker.name)
    for name in made.names:
        sandbox.request("DELETE", f"/connectors/{name}")
        (sandbox.files / f"{name}.txt").unlink(missing_ok=True)
