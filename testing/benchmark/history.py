# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""cluster_history on a large status topic: the records are written to a real broker first, then read as a task reads them."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic

from testing.sandbox import Sandbox
from testing.sandbox.environment import CHECKOUT

from .measuring import Goal, table
from .playbooks import RunFailedError

PARTITIONS = 5
"""Kafka Connect's default for the status topic."""

CONNECTORS, TASKS, WORKERS = 500, 4, 5
ONE_IN_A_GENERATION = 2000
FAILED_SHARE = 50
"""One of this many statuses is a failure with a stack trace of 3 kB, whose message differs each time."""

SECONDS, MEGABYTES = 60.0, 300.0
_DAYS = 30
_QUEUE_TIME = 0.01
_FRAMES = "".join(f"\tat com.example.connector.Task.step{number}(Task.java:{number})\n" for number in range(50))


@dataclass(frozen=True)
class Sizes:
    """The number of statuses."""

    records: int = 1_000_000


def run(sizes: Sizes, _folder: Path, report: Callable[[str], None], sandbox: Sandbox | None = None) -> Iterator[str]:
    """Measure on the broker of `sandbox`, or on a separate one, and yield the lines to print."""
    if sandbox is None:
        with Sandbox.running(workers=1, report=report) as own:
            yield from run(sizes, _folder, report, own)
        return
    servers = sandbox.bootstrap_servers
    client = AdminClient({"bootstrap.servers": servers})
    config, status = (f"benchmark-{kind}-{uuid4().hex[:8]}" for kind in ("configs", "status"))
    # Without the lag, the broker would compact these old records at once.
    compact = {"cleanup.policy": "compact", "min.compaction.lag.ms": str(2**62)}
    topics = [NewTopic(config, 1, 1, config=compact), NewTopic(status, PARTITIONS, 1, config=compact)]
    for created in client.create_topics(topics).values():
        created.result(30)
    try:
        report(f"writing {sizes.records:,} statuses")
        _write(servers, config, status, sizes.records)
        report("reading them")
        measured = _measured(servers, config, status)
    finally:
        for deleted in client.delete_topics([config, status]).values():
            deleted.result(30)
    if measured["statuses"] != sizes.records:
        raise RunFailedError(f"{measured['statuses']:,} of {sizes.records:,} statuses were read")
    yield f"### The history of {sizes.records:,} statuses (one real broker, Kafka {sandbox.state.kafka}; the engine alone)\n"
    cells = [f"{measured['statuses']:,.0f}", f"{measured['bytes'] / 1e6:,.0f}", f"{measured['events']:,.0f}"]
    cells += [f"{measured['seconds']:.1f}", f"{measured['cpu']:.1f}", f"{measured['megabytes']:.0f}"]
    yield table(["statuses", "MB in the topic", "events", "seconds", "CPU seconds", "peak MB"], [cells])
    yield ""
    yield f"- {Goal('seconds', measured['seconds'], SECONDS)}"
    yield f"- {Goal('peak memory in MB', measured['megabytes'], MEGABYTES)}"


def _write(servers: str, config: str, status: str, records: int) -> None:
    """Write statuses as workers do, evenly over the last 30 days, always the same."""
    source = random.Random(15)
    options = {"bootstrap.servers": servers, "linger.ms": 50, "queue.buffering.max.messages": 500_000, "log_level": 0}
    producer = Producer(options)
    end = int(time.time() * 1000)
    begin = end - _DAYS * 86_400_000

    def produce(topic: str, key: str, value: object, moment: int) -> None:
        while True:
            try:
                producer.produce(topic, json.dumps(value, separators=(",", ":")), key, timestamp=moment)
            except BufferError:
                producer.poll(_QUEUE_TIME)
            else:
                return

    for number in range(CONNECTORS):
        properties = {"connector.class": "Example", "tasks.max": str(TASKS), "database.password": f"unused-{number}"}
        produce(config, f"connector-{_name(number)}", {"properties": properties}, begin)
        produce(config, f"commit-{_name(number)}", {"tasks": TASKS}, begin)
    for number in range(records):
        name = _name(source.randrange(CONNECTORS))
        state = source.choice(("RUNNING", "UNASSIGNED", "RUNNING"))
        value = {
            "state": state,
            "trace": None,
            "worker_id": f"connect-{source.randrange(WORKERS)}.example.com:8083",
            "generation": number // ONE_IN_A_GENERATION + 1,
        }
        if not number % FAILED_SHARE:
            head = f"org.apache.kafka.connect.errors.ConnectException: batch {number} was refused\n"
            value |= {"state": "FAILED", "trace": head + _FRAMES}
        key = f"status-task-{name}-{source.randrange(TASKS)}"
        produce(status, key, value, begin + number * (end - begin) // records)
        if not number % 10_000:
            producer.poll(0)
    left = producer.flush(120)
    if left:
        raise RunFailedError(f"{left} records were not written")


def _name(number: int) -> str:
    return f"connector-{number:03}"


def _measured(servers: str, config: str, status: str) -> dict[str, float]:
    """What a process of its own measures, because of its peak memory."""
    command = [sys.executable, "-m", "testing.benchmark.history_task", servers, config, status]
    answer = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    if answer.returncode:
        raise RunFailedError(f"reading the history failed:\n{answer.stderr[-4000:]}")
    reported: dict[str, float] = json.loads(answer.stdout)
    return reported
