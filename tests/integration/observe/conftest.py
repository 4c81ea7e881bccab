# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A separate cluster of two workers, whose connectors get into trouble."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic

from testing.sandbox import QUICK_REBALANCES, Sandbox

FLUSH = 2
"""Seconds between two commits in a sandbox."""

TEXT = "org.apache.kafka.connect.storage.StringConverter"


@pytest.fixture(scope="package")
def troubled() -> Iterator[Sandbox]:
    with Sandbox.running(workers=2, rebalance_delay_ms=0, properties=QUICK_REBALANCES) as sandbox:
        yield sandbox


@pytest.fixture
def properties(troubled: Sandbox) -> str:
    """The properties file of a worker."""
    return str(troubled.directory / "config" / "w1.properties")


class Trouble:
    """Topics, records and connectors of one test."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.name = f"observe-{uuid4().hex[:8]}"
        self._admin = AdminClient({"bootstrap.servers": sandbox.bootstrap_servers})
        self._producer = Producer({"bootstrap.servers": sandbox.bootstrap_servers})
        self._connectors: list[str] = []

    def topic(self, name: str = "", partitions: int = 1) -> str:
        """Create a topic."""
        name = name or self.name
        for created in self._admin.create_topics([NewTopic(name, partitions, 1)]).values():
            created.result(30)
        return name

    def delete_topic(self, name: str) -> None:
        for deleted in self._admin.delete_topics([name]).values():
            deleted.result(30)

    def topics(self) -> set[str]:
        return set(self._admin.list_topics(timeout=10).topics)

    def produce(self, number: int, size: int = 200, value: bytes = b"", topic: str = "") -> None:
        for _record in range(number):
            self._producer.produce(topic or self.name, value or b"x" * size)
            self._producer.poll(0)
        assert self._producer.flush(30) == 0

    def sink(self, **config: str) -> str:
        """Create a sink that reads the topic, and return its name."""
        standard = {
            "connector.class": "FileStreamSink",
            "tasks.max": "1",
            "topics": self.name,
            "file": "/dev/null",
            "key.converter": TEXT,
            "value.converter": TEXT,
        }
        self.put(self.name, {**standard, **config})
        return self.name

    def put(self, name: str, config: Mapping[str, str]) -> None:
        code, answer = self.sandbox.request("PUT", f"/connectors/{name}/config", config)
        assert code in (200, 201), answer
        self._connectors.append(name)

    def await_state(self, state: str) -> None:
        """Wait until the first task of the connector is in this state."""

        def has_state() -> bool:
            code, status = self.sandbox.request("GET", f"/connectors/{self.name}/status")
            return bool(code == 200 and status["tasks"] and status["tasks"][0]["state"] == state)

        await_condition(has_state)

    def remove(self) -> None:
        for name in dict.fromkeys(self._connectors):
            self.sandbox.request("DELETE", f"/connectors/{name}")


def await_condition(is_met: Callable[[], Any], within: float = 60.0) -> None:
    deadline = time.monotonic() + within
    while not is_met():
        assert time.monotonic() < deadline
        time.sleep(0.2)


@pytest.fixture
def trouble(troubled: Sandbox) -> Iterator[Trouble]:
    trouble = Trouble(troubled)
    yield trouble
    trouble.remove()


@pytest.fixture
def pipe(tmp_path: Path) -> Iterator[tuple[str, int]]:
    """A named pipe that is open: writers stand still as soon as 64 KiB are in it. The path, and the file descriptor to read it."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    descriptor = os.open(path, os.O_RDWR)
    yield str(path), descriptor
    os.close(descriptor)
