# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The story "group coordinator not available": a broker dies that alone has the partition of the workers' group."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from testing.sandbox import QUICK_REBALANCES, Sandbox
from testing.trouble import address_of, coordinator_of
from testing.waiting import await_condition
from tests.integration.group.snapshots import cluster_health

from .conftest import GROUP
from .page import FIND, FIX, SEEN, Page


@pytest.fixture
def three_brokers() -> Iterator[Sandbox]:
    """Three brokers, each partition of __consumer_offsets on one of them, and a worker."""
    alone = {f"broker{number}": {"offsets.topic.replication.factor": "1"} for number in (1, 2, 3)}
    properties = {"*": {**QUICK_REBALANCES["*"], "group.id": GROUP}, **alone}
    with Sandbox.running(workers=1, brokers=3, properties=properties) as sandbox:
        yield sandbox


def test_the_broker_without_which_there_is_no_coordinator_is_found_and_started(
    three_brokers: Sandbox, tmp_path: Path
) -> None:
    coordinator = coordinator_of(three_brokers, GROUP)
    others = sorted({"broker1", "broker2", "broker3"} - {coordinator})
    named = [
        (f"kafka-{number}.example.com:9092", address_of(three_brokers, name))
        for number, name in enumerate([*others, coordinator], 1)
    ]
    # A coordinator has the id of its broker, counted down from the largest integer.
    named.append(("id: 2147483644 ", f"id: {2**31 - 1 - int(coordinator.removeprefix('broker'))} "))
    page = Page("coordinator-not-available", tmp_path, three_brokers, also=lambda: named)
    three_brokers.kill(coordinator)
    await_condition(
        lambda: "is unavailable or invalid due to cause: coordinator unavailable" in three_brokers.log("w1")
    )
    await_condition(lambda: "coordinator_unavailable" in kinds_of(three_brokers), what="the finding")

    page.follow(SEEN)
    page.follow(FIND)
    cause = page.causes()[0]
    assert (cause["kind"], cause["subject"]) == ("broker_unreachable", address_of(three_brokers, coordinator))

    three_brokers.start(coordinator)
    page.follow(FIX)
    page.end()


def kinds_of(sandbox: Sandbox) -> set[str]:
    return {found["kind"] for found in cluster_health(sandbox, group_id=GROUP)["findings"]}
