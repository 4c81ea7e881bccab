# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Work that a real leader keeps for five minutes runs again as soon as the leader restarts."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from testing.sandbox import QUICK_REBALANCES, Sandbox

from .hosts import scale
from .snapshots import Snapshot, await_group, cluster_health, finding, is_whole

DELAY = 300
"""Kafka's default of scheduled.rebalance.max.delay.ms, in seconds."""

CONNECTORS = [f"release-{number}" for number in range(6)]


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
