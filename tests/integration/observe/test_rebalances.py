# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A worker that loses its session again and again."""

from __future__ import annotations

import threading
import time

import pytest

from testing.sandbox import Sandbox
from testing.trouble import suspend
from tests.contract.modules.shapes import misfits
from tests.integration.group.snapshots import await_group, cluster_health, is_whole


@pytest.mark.deep
def test_a_worker_that_loses_its_session_twice_is_named_with_the_rebalances_of_the_last_hour(
    troubled: Sandbox, properties: str
) -> None:
    victim = troubled.workers[1]
    for number in range(4):
        config = {
            "connector.class": "FileStreamSource",
            "tasks.max": "1",
            "topic": f"r{number}",
            "file": f"/nowhere/r{number}",
        }
        assert troubled.request("PUT", f"/connectors/rebalance-{number}/config", config)[0] == 201
    await_group(troubled, is_whole(troubled), 90)

    def suspend_twice() -> None:
        for _time in range(2):
            suspend(troubled, victim.name, troubled.workers[0].name)
            # The observation takes a snapshot every two seconds.
            time.sleep(3)

    thread = threading.Thread(target=suspend_twice, daemon=True)
    thread.start()
    try:
        result = cluster_health(
            troubled,
            url=troubled.urls[:1],
            checks=["rebalances"],
            observe="45s",
            max_rebalances=2,
            worker_properties=properties,
        )
    finally:
        thread.join()
        for number in range(4):
            troubled.request("DELETE", f"/connectors/rebalance-{number}")
    (finding,) = (one for one in result["findings"] if one["kind"] == "rebalancing_repeatedly")
    assert finding["severity"] == "warning"
    assert f"worker {victim.url} joined 2 times in " in finding["message"]
    assert " rebalances in the last hour, more than 2" in finding["message"]
    assert misfits("cluster_health", result) == []

    # The past is enough.
    after = cluster_health(troubled, checks=["rebalances"], max_rebalances=2, status_topic="connect-status")
    assert "rebalancing_repeatedly" in {one["kind"] for one in after["findings"]}
    few = cluster_health(troubled, checks=["rebalances"], max_rebalances=500, status_topic="connect-status")
    assert "rebalancing_repeatedly" not in {one["kind"] for one in few["findings"]}
