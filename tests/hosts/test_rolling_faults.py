# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A rolling restart on real hosts survives faults of other components: workers that die, and brokers that restart.

The delay is Kafka's default of 300 s, so that a leader restarts in each turn. The faults occur in the middle of the run.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from confluent_kafka.admin import AdminClient

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.brokers import (
    Brokers,
    BrokersClient,
)
from testing.benchmark.interruption.operations import variables
from testing.benchmark.interruption.records import times_of_records
from testing.benchmark.interruption.results import TASKS, Conditions
from testing.hosts import Hosts, playing
from testing.hosts.ssh import command as ssh_command
from testing.sandbox.environment import CHECKOUT
from testing.sandbox.rest import request

BROKERS = ("broker", "broker-2", "broker-3")
WORKERS = ("worker-1", "worker-2", "worker-3", "worker-4")
CONDITIONS = Conditions(brokers=len(BROKERS))
PLAYBOOKS = CHECKOUT / "testing" / "benchmark" / "interruption"
VARIABLES = {"rolling_force": True, "rolling_provision": False}
RUN = ("ansible-playbook", "streamops.kafka_connect.rolling_restart", "-e", json.dumps(VARIABLES))

TURN = re.compile(r"Next: restart worker-")
"""The start of the line that announces a turn."""

LIMIT = 900.0
"""Seconds for a run; without a fault it takes two minutes."""


@dataclass(frozen=True)
class Cluster:
    """Four workers with twelve tasks, and three brokers."""

    hosts: Hosts
    inventory: Path
    folder: Path
    bootstrap_servers: str

    def on(self, host: str, *words: str) -> str:
        """The output of a command that root runs on a host."""
        state = self.hosts.state
        command = ssh_command(state, state.host(host), ["sudo", *words])
        return subprocess.run(command, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL).stdout

    def host_at(self, address: str) -> str:
        return next(host.name for host in self.hosts.state.hosts if host.address == address)

    def leader(self) -> str:
        """The host of the worker that leads the group now; waits until the group has a leader."""
        client = BrokersClient(Brokers(tuple(self.bootstrap_servers.split(","))))
        deadline = time.monotonic() + 60
        while True:
            group = client.group("connect")
            if group and group.leader:
                return self.host_at(group.leader.url.split("://")[1].split(":")[0])
            assert time.monotonic() < deadline, "the group has no leader for 60 s"
            time.sleep(0.2)

    def coordinator(self) -> str:
        """The host of the broker that coordinates the group."""
        client = AdminClient({"bootstrap.servers": self.bootstrap_servers})
        with warnings.catch_warnings():
            # Deprecated, but the newer calls decode consumer groups only.
            warnings.simplefilter("ignore", DeprecationWarning)
            (group,) = client.list_groups("connect", timeout=30)
        assert group.broker is not None
        return self.host_at(group.broker.host)

    def started(self) -> dict[str, str]:
        """The main process of each worker's service, by host."""
        show = ("systemctl", "show", "--property", "MainPID", "--value", "kafka-connect.service")
        return {host: self.on(host, *show).strip() for host in WORKERS}

    def states(self) -> list[str]:
        """The states of all tasks, from the first worker that responds."""
        url = f"http://{self.hosts.state.host(WORKERS[0]).address}:8083"
        _status, listed = request(f"{url}/connectors?expand=status", None)
        return [task["state"] for one in listed.values() for task in one["status"]["tasks"]]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder, name = tmp_path_factory.mktemp("faults"), f"faults-{os.getpid()}"
    try:
        hosts = Hosts.up(name, dict.fromkeys([*BROKERS, *WORKERS], "java"))
        state, inventory = hosts.state, folder / "inventory.json"
        broker = playing.start_broker(state, folder, BROKERS)
        urls = [f"http://{state.host(worker).address}:8083" for worker in WORKERS]
        groups = {"workers": WORKERS, "kafka_connect_workers": WORKERS}
        playing.write_inventory(state, inventory, groups, variables(broker, urls, CONDITIONS, len(BROKERS)))
        playing.play(state, ["ansible-playbook", str(PLAYBOOKS / "provision.yml")], inventory, folder)
        yield Cluster(hosts, inventory, folder, broker)
    finally:
        Hosts(name).down()


@pytest.fixture
def healthy(cluster: Cluster) -> Cluster:
    command = ["ansible-playbook", str(PLAYBOOKS / "settle.yml"), "-e", "expected_workers=4 settle_timeout=900"]
    playing.play(cluster.hosts.state, command, cluster.inventory, cluster.folder)
    return cluster


def run_with_fault(cluster: Cluster, fault: Callable[[], None]) -> str:
    """Run a rolling restart that succeeds, with a fault at the start of the second turn. Returns its output."""
    log = cluster.folder / f"{time.time_ns()}.log"
    with log.open("wb") as output:
        run = subprocess.Popen(
            [*RUN, "-i", str(cluster.inventory)],
            cwd=cluster.folder,
            env=playing.environment(cluster.hosts.state, cluster.folder),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        deadline = time.monotonic() + LIMIT
        while len(TURN.findall(log.read_text())) < 2:
            assert run.poll() is None, log.read_text()[-6000:]
            assert time.monotonic() < deadline, "the second turn did not start"
            time.sleep(0.1)
        fault()
        code = run.wait(max(deadline - time.monotonic(), 1))
    finally:
        if run.poll() is None:
            run.terminate()
            run.wait()
    text = log.read_text()
    assert code == 0, text[-6000:]
    return text


def assert_all_restarted_and_running(cluster: Cluster, before: dict[str, str], began: float) -> None:
    after = cluster.started()
    assert {host for host in WORKERS if after[host] == before[host]} == set()
    assert cluster.states() == ["RUNNING"] * TASKS
    # The statuses could be old; the records cannot.
    topics = [f"source-{number}" for number in range(TASKS)]
    records = times_of_records(cluster.bootstrap_servers, topics, began)
    late = time.time() - 10
    assert [topic for topic, times in records.items() if not times or times[-1] < late] == []


def test_a_new_leader_that_dies_does_not_end_the_rolling_restart(healthy: Cluster) -> None:
    before, began = healthy.started(), time.time()

    def kill_the_leader() -> None:
        healthy.on(healthy.leader(), "systemctl", "kill", "--signal=KILL", "kafka-connect.service")

    run_with_fault(healthy, kill_the_leader)
    assert_all_restarted_and_running(healthy, before, began)


def test_a_coordinator_that_moves_does_not_end_the_rolling_restart(healthy: Cluster) -> None:
    before, began = healthy.started(), time.time()

    def restart_the_coordinator() -> None:
        healthy.on(healthy.coordinator(), "systemctl", "restart", "kafka.service")

    run_with_fault(healthy, restart_the_coordinator)
    assert_all_restarted_and_running(healthy, before, began)
