# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The texts that the samples in RETURN blocks show, recorded from real tasks.

One playbook runs against a fake cluster and against a port that refuses connections. Addresses of this machine become
those of the examples. What depends on the time of day or on chance is no sample to be recorded.
"""

from __future__ import annotations

import re
import socket
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from testing.ansible_runs import play, run_playbook, task
from testing.fake_connect import FakeCluster, faults, matching

FILE_SOURCE = "org.apache.kafka.connect.file.FileStreamSourceConnector"
MISSING_TABLE = (
    "org.apache.kafka.connect.errors.ConnectException: Table orders does not exist\n"
    "\tat com.example.OrdersSourceTask.start(OrdersSourceTask.java:42)\n"
)
REFUSED_DATABASE = MISSING_TABLE.replace("Table orders does not exist", "Connection refused: db.example.com:5432")

WORKER = {
    "bootstrap.servers": "kafka-1.example.com:9092",
    "group.id": "connect-production",
    "config.storage.topic": "connect-production-configs",
    "offset.storage.topic": "connect-production-offsets",
    "status.storage.topic": "connect-production-status",
    "key.converter": "org.apache.kafka.connect.json.JsonConverter",
    "value.converter": "org.apache.kafka.connect.json.JsonConverter",
    "listeners": "http://:8083",
    "rest.advertised.host.name": "connect-1.internal",
    "plugin.path": "/opt/connect-plugins",
}

_WAITED = re.compile(r"waiting for \d s")
"""The only recorded text that depends on the speed of this machine."""

Results = Mapping[str, Mapping[str, Any]]


def record() -> Results:
    """The result of each task by its name. Raises AssertionError if the playbook fails early."""
    with tempfile.TemporaryDirectory() as folder, FakeCluster() as fake, socket.socket() as refusing:
        # Bound, but not listening: no other process gets this port, and it refuses connections.
        refusing.bind(("127.0.0.1", 0))
        refused = f"http://127.0.0.1:{refusing.getsockname()[1]}"
        _prepare(fake)
        run = run_playbook([play(_tasks(fake, refused))], {"localhost": {}}, Path(folder))
    addresses = {refused: _example(1), **{url: _example(number) for number, url in enumerate(fake.urls, 1)}}
    return {entry.task: _with_examples(entry.result, addresses) for entry in run.records}


def look_up(results: Results, name: str) -> Any:
    """A value of a result, for example "refused: error.message". Raises KeyError if there is none."""
    label, _colon, path = name.partition(": ")
    value: Any = results[label]
    for key in re.findall(r"\w+", path):
        try:
            value = value[int(key)] if isinstance(value, list) else value[key]
        except (IndexError, KeyError):
            raise KeyError(f"{name}: {key} is not in the result") from None
    return value


def _prepare(fake: FakeCluster) -> None:
    for name in ("orders", "invoices", "payments"):
        fake.connectors.put(name, _file_source(name))
    fake.connectors.settle()
    fake.connectors.fail("payments", task=0, trace=REFUSED_DATABASE)
    fake.connectors.fail("invoices", task=0, trace=MISSING_TABLE)
    fake.script(matching("GET", "/connectors"), [faults.busy(503, times=2)])


def _tasks(fake: FakeCluster, refused: str) -> list[dict[str, Any]]:
    on_one = {"url": fake.urls[:1]}
    on_fake = {"url": fake.urls, "stable_for": 0}
    changed = {**_file_source("orders"), "tasks.max": 2, "topic": "orders-v2"}
    without_topic = {key: value for key, value in _file_source("access-log").items() if key != "topic"}
    workers = {"kafka_version": "4.3.1", "fail_on_errors": False}
    mistyped = {**WORKER, "heartbeat.interval.mss": 3000}
    without_group = {key: value for key, value in WORKER.items() if key != "group.id"}
    return [
        task("connector_info", "busy", on_one),
        task("connector_info", "failed task", {**on_one, "name": "invoices"}),
        task("connector_info", "refused", {"url": refused}),
        task("connectors", "plan", {**on_fake, "connectors": [{"name": "orders", "config": changed}]}, check_mode=True),
        task("connector_state", "pause", {**on_fake, "name": "orders", "state": "paused"}, check_mode=True),
        task("connectors", "input", {**on_fake, "connectors": [{"name": "orders", "config": {"tasks.max": []}}]}),
        task(
            "connector_validate",
            "missing topic",
            {"url": fake.urls, "connectors": [{"name": "access-log", "config": without_topic}]},
        ),
        task("cluster_health", "unhealthy", {"url": fake.urls, "ignore": ["invoices"]}),
        task("cluster_health", "healthy", {"url": fake.urls, "ignore": ["payments", "invoices"]}),
        task("worker_validate", "mistyped", {**workers, "workers": {"connect-1": mistyped}}),
        task(
            "worker_validate", "no group", {**workers, "workers": {"connect-1": without_group}, "fail_on_errors": True}
        ),
        task(
            "worker_validate",
            "moved",
            {
                **workers,
                "workers": {"connect-1": WORKER},
                "previous_workers": {"connect-1": {**WORKER, "group.id": "connect"}},
            },
        ),
        # Without quotes, YAML reads 22:00 as a number.
        task("traffic_window", "unquoted", {"timezone": "UTC", "windows": [{"start": 1320, "end": "05:00"}]}),
    ]


def _file_source(name: str) -> dict[str, Any]:
    return {"connector.class": FILE_SOURCE, "tasks.max": 1, "file": f"/var/log/{name}.log", "topic": name}


def _example(number: int) -> str:
    return f"http://connect-{number}.example.com:8083"


def _with_examples(value: Any, addresses: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _with_examples(entry, addresses) for key, entry in value.items()}
    if isinstance(value, list):
        return [_with_examples(entry, addresses) for entry in value]
    if isinstance(value, str):
        for url, example in addresses.items():
            value = value.replace(url, example).replace(url.partition("://")[2], example.partition("://")[2])
        value = _WAITED.sub("waiting for 3 s", value)
    return value
