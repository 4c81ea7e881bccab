# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Brings connectors and workers of a sandbox into trouble that no state shows: sinks that stand still or fall behind, tasks that run twice,
dead letters, lost sessions.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from confluent_kafka import Consumer, Producer
from confluent_kafka.admin import AdminClient, NewTopic

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.internal_topics import (
    OFFSETS_TOPIC,
    partition_of,
)

from .sandbox import Sandbox
from .sandbox.configuration import GROUP
from .waiting import await_condition

FLUSH = 2
"""Seconds between two commits of a task in a sandbox."""

TEXT = "org.apache.kafka.connect.storage.StringConverter"
JSON = "org.apache.kafka.connect.json.JsonConverter"
OBJECTS = {"value.converter": JSON, "value.converter.schemas.enable": "false"}
"""For records that are JSON without a schema."""

_IN_PROGRESS = 1.5
"""Seconds in which a rebalance ends that all members have joined."""

_SESSION = 6000
"""Milliseconds of the session of a second consumer, and of the tasks that it doubles."""


class Trouble:
    """Topics, records and connectors, mostly of one name. Connectors are removed by `remove`."""

    def __init__(self, sandbox: Sandbox, name: str = "") -> None:
        self.sandbox = sandbox
        self.name = name or f"observe-{uuid4().hex[:8]}"
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

    def send(self, *values: str, topic: str = "") -> None:
        """Produce these records, in order."""
        for value in values:
            self.produce(1, value=value.encode(), topic=topic)

    def committed(self) -> int:
        """How many records of the topic the sink has processed, by the offsets of its task."""
        code, answer = self.sandbox.request("GET", f"/connectors/{self.name}/offsets")
        assert code == 200, answer
        return sum(entry["offset"]["kafka_offset"] for entry in answer["offsets"])

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

    def await_state(self, state: str, name: str = "") -> None:
        """Wait until the first task of the connector is in this state."""
        name = name or self.name
        await_condition(lambda: task_states(self.sandbox, name)[:1] == [state], what=f"{name} is {state}")

    def remove(self) -> None:
        for name in dict.fromkeys(self._connectors):
            self.sandbox.request("DELETE", f"/connectors/{name}")
        self._connectors.clear()


@contextmanager
def new_trouble(sandbox: Sandbox, name: str = "") -> Iterator[Trouble]:
    """Topics and connectors of one name; the connectors are removed at the end."""
    trouble = Trouble(sandbox, name)
    try:
        yield trouble
    finally:
        trouble.remove()


def task_states(sandbox: Sandbox, name: str) -> list[str]:
    """The states of the tasks of a connector; empty if it has no status."""
    code, status = sandbox.request("GET", f"/connectors/{name}/status")
    return [task["state"] for task in status["tasks"]] if code == 200 else []


def dead_letter_queue(topic: str) -> dict[str, str]:
    """What a sink that reads JSON does with other records: it writes them to this topic."""
    return {
        **OBJECTS,
        "errors.tolerance": "all",
        "errors.deadletterqueue.topic.name": topic,
        "errors.deadletterqueue.topic.replication.factor": "1",
        "errors.deadletterqueue.context.headers.enable": "true",
    }


# Targets


@contextmanager
def open_pipe(path: Path) -> Iterator[int]:
    """A named pipe that is open: writers stand still as soon as 64 KiB are in it. Yields the file descriptor to read it."""
    os.mkfifo(path)
    descriptor = os.open(path, os.O_RDWR)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def repeated(*works: tuple[float, Callable[[], Any]]) -> Iterator[None]:
    """Do each work again and again, with pauses of so many seconds, until the block ends."""
    is_over = threading.Event()

    def repeat(pause: float, work: Callable[[], Any]) -> None:
        while not is_over.wait(pause):
            work()

    threads = [threading.Thread(target=repeat, args=one, daemon=True) for one in works]
    try:
        for thread in threads:
            thread.start()
        yield
    finally:
        is_over.set()
        for thread in threads:
            thread.join()


SLOW_SINK = {"consumer.override.max.poll.records": "10"}
"""Few records in a batch, so that the task of a slow target can commit between two of them."""


@contextmanager
def slow_target(trouble: Trouble, descriptor: int) -> Iterator[None]:
    """Read from the pipe of a sink more slowly than records arrive in its topic."""
    with repeated((0.1, lambda: os.read(descriptor, 2000)), (0.2, lambda: trouble.produce(40))):
        yield


# Tasks that run twice

DOUBLED_SINK = {"consumer.override.session.timeout.ms": str(_SESSION)}
"""Config of a sink whose second consumer is noticed soon."""


@contextmanager
def second_consumer(sandbox: Sandbox, name: str, topic: str) -> Iterator[None]:
    """A consumer like that of task 0 of the sink, as a second cluster with a connector of the same name has it."""
    twin = Consumer(
        {
            "bootstrap.servers": sandbox.bootstrap_servers,
            "group.id": f"connect-{name}",
            "client.id": f"connector-consumer-{name}-0",
            "session.timeout.ms": _SESSION,
            "heartbeat.interval.ms": 500,
            "enable.auto.commit": False,
        }
    )
    is_assigned = threading.Event()
    twin.subscribe([topic], on_assign=lambda *_given: is_assigned.set())
    try:
        with repeated((0.0, lambda: twin.poll(0.1))):
            assert is_assigned.wait(60)
            yield
    finally:
        twin.close()


# Workers and brokers


def suspend(sandbox: Sandbox, victim: str, witness: str) -> None:
    """Suspend a worker, as a long pause of its JVM does, until the group has removed it, and await its return. `witness`: another worker."""
    sandbox.stop(victim)
    # A rebalance that was in progress may still end: the next one is the removal, which takes a whole session.
    time.sleep(_IN_PROGRESS)
    seen = sandbox.log_position(witness)
    await_condition(lambda: sandbox.rebalances(witness, seen), what=f"{victim} is removed")
    own = sandbox.log_position(victim)
    sandbox.continue_(victim)
    await_condition(lambda: sandbox.rebalances(victim, own), what=f"{victim} is back")


def coordinator_of(sandbox: Sandbox, group: str = GROUP) -> str:
    """The name of the broker that coordinates a group of workers, of several brokers."""
    client = AdminClient({"bootstrap.servers": sandbox.bootstrap_servers})
    partitions = client.list_topics(OFFSETS_TOPIC, timeout=30).topics[OFFSETS_TOPIC].partitions
    return f"broker{partitions[partition_of(group, len(partitions))].leader}"


def address_of(sandbox: Sandbox, broker: str) -> str:
    """The `host:port` of a broker."""
    return f"127.0.0.1:{sandbox.state.node(broker).port}"
