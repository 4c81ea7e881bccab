# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Work that a real leader keeps for five minutes runs again as soon as the leader restarts."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.worker_scale import (
    WORKER_SCALE,
    worker_scale,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.scale.evidence import InitialState
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.scale.model import Action, Unit
from testing.sandbox import QUICK_REBALANCES, Condition, Sandbox

from .snapshots import Snapshot, await_group, cluster_health, finding, is_whole, run_operation

DELAY = 300
"""Kafka's default of scheduled.rebalance.max.delay.ms, in seconds."""

CONNECTORS = [f"release-{number}" for number in range(6)]


@dataclass
class SandboxHost:
    """The host of a worker of the sandbox, in place of systemd."""

    sandbox: Sandbox
    name: str

    def properties(self, path: str, keys: Collection[str]) -> Mapping[str, str]:
        del path
        url = next(worker.url for worker in self.sandbox.workers if worker.name == self.name)
        known = {
            "group.id": "sandbox",
            "listeners": url,
            "rest.advertised.host.name": "127.0.0.1",
            "rest.advertised.port": url.rsplit(":", 1)[1],
            "scheduled.rebalance.max.delay.ms": str(DELAY * 1000),
        }
        return {key: value for key, value in known.items() if key in keys}

    def unit(self) -> Unit:
        dead = self.sandbox.condition(self.name) is Condition.DEAD
        return Unit("loaded", "inactive" if dead else "active")

    def order(self, action: Action) -> None:
        threading.Thread(target=partial(self._obey, action)).start()

    def _obey(self, action: Action) -> None:
        if action in ("stop", "restart"):
            self.sandbox.terminate(self.name)
        if action in ("start", "restart"):
            self.sandbox.start(self.name, wait=False)

    def journal(self, seconds: float) -> Sequence[str]:
        del seconds
        return []


class Alone:
    """A batch of one host."""

    def once(self, read: Callable[[], InitialState]) -> InitialState:
        return read()

    def going(self, url: str, refuse: Callable[[Sequence[str]], None]) -> None:
        del url
        refuse(())


@pytest.fixture(scope="module")
def patient() -> Iterator[Sandbox]:
    """Three workers with two connectors each, with Kafka's default delay."""
    with Sandbox.running(rebalance_delay_ms=DELAY * 1000, properties=QUICK_REBALANCES) as sandbox:
        for name in CONNECTORS:
            config = {"connector.class": "FileStreamSource", "tasks.max": "1", "topic": name, "file": "/dev/null"}
            assert sandbox.request("PUT", f"/connectors/{name}/config", config)[0] == 201
        await_group(sandbox, lambda group: is_whole(sandbox)(group) and tasks_of(group) == len(CONNECTORS))
        yield sandbox


def tasks_of(group: Snapshot) -> int:
    return sum(len(member["tasks"]) for member in group["members"])


def scale(sandbox: Sandbox, name: str, state: str, **options: Any) -> Snapshot:
    operation = partial(worker_scale, lambda _service: SandboxHost(sandbox, name), Alone())
    return run_operation(
        operation, WORKER_SCALE, sandbox, {"url": sandbox.urls, "state": state, "stable_for": 0, **options}
    )


def test_the_restart_of_the_leader_releases_the_work_of_a_worker_that_died(patient: Sandbox) -> None:
    group = await_group(patient, is_whole(patient))
    names = {worker.url: worker.name for worker in patient.workers}
    leader = group["leader"]
    victim, other = sorted(names[url] for url in names if url != leader)

    patient.kill(victim)
    left = [url for url in names if names[url] != victim]
    await_group(patient, lambda group: group["scheduled_delay_ms"] > 0, url=left)
    health = cluster_health(patient, url=left)
    parked = finding(health, "rebalance_delayed")
    address = next(url for url in names if names[url] == victim).removeprefix("http://")
    assert re.fullmatch(rf"2 tasks of {re.escape(address)} wait until \d\d:\d\d:\d\d, \d+ s", parked["message"])
    assert f"restart the leader {leader}, whose 2 tasks pause" in parked["advice"]

    follower = scale(patient, other, "released")
    assert (follower["changed"], follower.get("failed")) == (False, None)
    assert f"the leader {leader} can release the parked work" in follower["msg"]
    released = scale(patient, names[leader], "released")
    assert (released.get("failed"), released["changed"], released["action"]) == (None, True, "restart"), released["msg"]
    assert "2 tasks of a departed worker run again" in released["msg"]
    # The delay that the previous leader kept is far from over.
    assert released["run"]["elapsed"] < DELAY / 2

    again = scale(patient, names[leader], "released")
    assert (again["changed"], again["action"]) == (False, "none")
    assert "no work is parked" in again["msg"]
    now = await_group(patient, is_whole(patient), url=left)
    assert (now["scheduled_delay_ms"], tasks_of(now)) == (0, len(CONNECTORS))
