# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A separate cluster: workers join and leave here, and the group waits for departed workers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from testing.sandbox import QUICK_REBALANCES, Condition, Sandbox

from .snapshots import await_group, is_whole

DELAY = 25
"""Seconds of scheduled.rebalance.max.delay.ms: longer than a worker needs to start again."""

CONNECTORS = [f"group-{number}" for number in range(4)]


@pytest.fixture(scope="package")
def own_sandbox() -> Iterator[Sandbox]:
    """Three workers that run four connectors with one task each."""
    with Sandbox.running(rebalance_delay_ms=DELAY * 1000, properties=QUICK_REBALANCES) as sandbox:
        for name in CONNECTORS:
            config = {"connector.class": "FileStreamSource", "tasks.max": "1", "topic": name}
            # Files that do not exist. The same file would be an overlap.
            config["file"] = f"/nowhere/{name}"
            code, _answer = sandbox.request("PUT", f"/connectors/{name}/config", config)
            assert code == 201
        yield sandbox


@pytest.fixture
def settled(own_sandbox: Sandbox) -> Iterator[Sandbox]:
    """The cluster with its first three workers running, no findings, and all work assigned."""
    _make_whole(own_sandbox)
    await_group(own_sandbox, lambda group: is_whole(own_sandbox)(group) and _owned(group) == 2 * len(CONNECTORS), 90)
    yield own_sandbox
    _make_whole(own_sandbox)


def _owned(group: dict[str, list[dict[str, list[object]]]]) -> int:
    return sum(len(member["connectors"]) + len(member["tasks"]) for member in group["members"])


def _make_whole(sandbox: Sandbox) -> None:
    for number, worker in enumerate(sandbox.workers, 1):
        if sandbox.condition(worker.name) is Condition.STOPPED:
            sandbox.continue_(worker.name)
        if number > 3 and sandbox.condition(worker.name) is Condition.RUNNING:
            sandbox.kill(worker.name)
        if number <= 3 and sandbox.condition(worker.name) is Condition.DEAD:
            sandbox.start(worker.name, wait=False)
