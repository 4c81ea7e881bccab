# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations on the workers of real hosts: with the playbooks of the collection, and with manual commands."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from testing.benchmark.measuring import table
from testing.benchmark.playbooks import RunFailedError
from testing.hosts import Hosts, HostsError, playing

from .records import times_of_records
from .silence import Interruption, silences

CONNECTORS = 12
DELAY = 20
"""Seconds of scheduled.rebalance.max.delay.ms, for which a cluster waits for a departed worker; 300 by default."""

_HERE = Path(__file__).parent
_SERVICE = "ansible.builtin.systemd_service"


@dataclass(frozen=True)
class Operation:
    """One way to perform an operation. `commands` run one after another; `workers` are the expected members afterwards."""

    what: str
    way: str
    commands: tuple[tuple[str, ...], ...]
    workers: int


@dataclass(frozen=True)
class Done:
    """When an operation started and ended, and when everything ran again: seconds since the epoch."""

    operation: Operation
    begun: float
    ended: float
    recovered: float


def _playbook(name: str, hosts: str, **more: Any) -> tuple[str, ...]:
    variables = {"rolling_hosts": hosts, "rolling_provision": False, **more}
    return ("ansible-playbook", f"streamops.kafka_connect.{name}", "-e", json.dumps(variables))


def _service(hosts: str, state: str) -> tuple[str, ...]:
    return ("ansible", hosts, "--become", "-m", _SERVICE, "-a", f"name=kafka-connect state={state}")


def _answers(host: str) -> tuple[str, ...]:
    """Wait until the worker responds, as a user would check manually."""
    play = _HERE / "answers.yml"
    return ("ansible-playbook", str(play), "-e", f"answering={host}")


OPERATIONS = (
    Operation(
        "2 workers become 4",
        "one after another",
        tuple(command for host in ("worker-3", "worker-4") for command in (_service(host, "started"), _answers(host))),
        4,
    ),
    Operation("4 workers become 2", "both stopped at once", (_service("later", "stopped"),), 2),
    Operation("2 workers become 4", "playbook scale_out", (_playbook("scale_out", "later"),), 4),
    Operation("4 workers restart", "all at once", (_service("workers", "restarted"),), 4),
    Operation(
        "4 workers restart",
        "playbook rolling_restart",
        (_playbook("rolling_restart", "workers", rolling_force=True),),
        4,
    ),
    Operation(
        "4 workers become 2",
        "playbook scale_in, together",
        (_playbook("scale_in", "later", rolling_batches=["100%"]),),
        2,
    ),
    Operation("2 workers become 4", "playbook scale_out, again", (_playbook("scale_out", "later"),), 4),
    Operation("4 workers become 2", "playbook scale_in", (_playbook("scale_in", "later"),), 2),
)
"""In an order in which each operation starts with the workers that it needs."""


def run(folder: Path, report: Callable[[str], None]) -> Iterator[str]:
    """Create separate hosts, measure, and yield the lines to print. Needs root."""
    name = f"interruption-{os.getpid()}"
    names = [playing.BROKER, *(f"worker-{number}" for number in range(1, 5))]
    try:
        hosts = Hosts.up(name, dict.fromkeys(names, "java"), report)
        try:
            yield from _measured(hosts, folder, report)
        finally:
            hosts.down()
    except HostsError as problem:
        raise RunFailedError(str(problem)) from problem


def _measured(hosts: Hosts, folder: Path, report: Callable[[str], None]) -> Iterator[str]:
    state = hosts.state
    report("provisioning")
    broker = playing.start_broker(state, folder)
    inventory = folder / "inventory.json"
    workers = [host.name for host in state.hosts if host.name != playing.BROKER]
    groups = {"workers": workers, "first": workers[:2], "later": workers[2:]}
    urls = [f"http://{state.host(name).address}:8083" for name in workers]
    playing.write_inventory(state, inventory, groups, _variables(broker, urls))

    def call(*command: str) -> None:
        playing.play(state, command, inventory, folder)

    call("ansible-playbook", str(_HERE / "provision.yml"))
    done = []
    for operation in OPERATIONS:
        report(f"{operation.what}: {operation.way}")
        begun = time.time()
        for command in operation.commands:
            call(*command)
        ended = time.time()
        call("ansible-playbook", str(_HERE / "settle.yml"), "-e", f"expected_workers={operation.workers}")
        done.append(Done(operation, begun, ended, time.time()))
    records = times_of_records(broker, [f"source-{number}" for number in range(CONNECTORS)])
    yield (
        f"### {CONNECTORS} tasks while workers come, go and restart (scheduled.rebalance.max.delay.ms: {DELAY * 1000}; "
        "seen by gaps in their records)\n"
    )
    heads = ["operation", "way", "seconds", "tasks", "at once", "median", "longest", "lost"]
    yield table(heads, [_row(one, records) for one in sorted(done, key=lambda one: one.operation.what)])
    yield (
        "\nseconds: of the command; tasks: how many stood still for more than a second; at once: most of them at the same "
        "moment; median, longest, lost: seconds of a task, of the longest gap, of all tasks together."
    )


def _row(done: Done, records: Mapping[str, Sequence[float]]) -> list[str]:
    seen = Interruption({topic: silences(times, done.begun, done.recovered) for topic, times in records.items()})
    counted = [f"{done.ended - done.begun:.0f}", str(seen.interrupted), str(seen.at_once)]
    seconds = [f"{seen.median:.1f}", f"{seen.longest:.1f}", f"{seen.lost:.0f}"]
    return [done.operation.what, done.operation.way, *counted, *seconds]


def _variables(broker: str, urls: Sequence[str]) -> dict[str, Any]:
    return {
        "rolling_url": urls,
        "rolling_bootstrap_servers": broker,
        "rolling_stable_for": 5,
        "sources": [{"name": f"source-{number}", "config": _source(number)} for number in range(CONNECTORS)],
        "worker_archive": "{{ hostvars['localhost'].release.archive }}",
        "worker_archive_checksum": "{{ hostvars['localhost'].release.checksum }}",
        "worker_advertised_host": "{{ ansible_host }}",
        "worker_environment": {
            "KAFKA_HEAP_OPTS": "-Xmx384m -XX:TieredStopAtLevel=1",
            "CLASSPATH": "/srv/connect-test-plugins.jar",
        },
        "worker_properties": {
            "bootstrap.servers": broker,
            "group.id": "connect",
            "config.storage.replication.factor": 1,
            "offset.storage.replication.factor": 1,
            "status.storage.replication.factor": 1,
            "scheduled.rebalance.max.delay.ms": DELAY * 1000,
        },
    }


def _source(number: int) -> dict[str, str]:
    """Kafka's own VerifiableSource writes numbered records at a given rate."""
    topic = f"source-{number}"
    return {
        "connector.class": "VerifiableSource",
        "tasks.max": "1",
        "topic": topic,
        "throughput": "20",
        "topic.creation.default.partitions": "1",
        "topic.creation.default.replication.factor": "1",
    }
