# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The story "a worker added, and everything stops": it replaces one whose work waits for its return."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from testing.sandbox import Sandbox
from testing.trouble import task_states
from testing.waiting import await_condition
from tests.integration.group.hosts import scale
from tests.integration.group.snapshots import await_group, is_whole

from .conftest import GROUP, running, start_third
from .page import FIND, FIX, SEEN, Page

NAMES = [f"shop-{number}" for number in range(4)]


@pytest.fixture
def shop(patient: Sandbox) -> Iterator[Sandbox]:
    """The first worker leads, and runs two of four tasks; the second one runs the others."""
    for name in running(patient):
        patient.kill(name)
    patient.start("w1")
    await_group(patient, lambda group: len(group["members"]) == 1, url=patient.urls[:1], group_id=GROUP)
    patient.start("w2")
    for name in NAMES:
        config = {"connector.class": "FileStreamSource", "tasks.max": "1", "topic": name, "file": f"/nowhere/{name}"}
        assert patient.request("PUT", f"/connectors/{name}/config", config)[0] == 201
    await_condition(lambda: [task_states(patient, name) for name in NAMES] == [["RUNNING"]] * 4, what="4 running tasks")
    await_group(patient, is_whole(patient), url=patient.urls[:2])
    yield patient
    for name in NAMES:
        patient.request("DELETE", f"/connectors/{name}")


def test_work_that_waits_for_a_replaced_worker_is_found_and_runs_at_once(shop: Sandbox, tmp_path: Path) -> None:
    shop.terminate("w2")
    start_third(shop)
    await_group(shop, lambda group: len(group["members"]) == 2, url=[shop.urls[0], shop.urls[2]])

    page = Page("worker-added", tmp_path, shop)
    page.follow(SEEN)
    page.follow(FIND)
    (cause,) = page.causes()
    assert cause["kind"] == "rebalance_delayed"

    (task,) = page.tasks(FIX)
    options = task["streamops.kafka_connect.worker_scale"]
    results = [scale(shop, name, **options) for name in ("w3", "w1")]
    assert [(one["changed"], one.get("failed")) for one in results] == [(False, None), (True, None)], results
    await_condition(lambda: [task_states(shop, name) for name in NAMES] == [["RUNNING"]] * 4, what="4 running tasks")
    page.end()
