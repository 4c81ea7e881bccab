# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The story "409 conflicting operation", for an hour: the leader advertises the URL of another worker."""

from __future__ import annotations

from pathlib import Path

from testing.sandbox import Sandbox
from testing.waiting import await_condition
from tests.integration.group.snapshots import await_group

from .conftest import GROUP, running
from .page import FIND, FIX, SEEN, Page

NAME = "orders"


def test_a_leader_with_the_url_of_another_worker_is_found_and_corrected(patient: Sandbox, tmp_path: Path) -> None:
    own, other = patient.urls[:2]
    for name in running(patient):
        patient.kill(name)
    # The first worker is the leader.
    patient.start("w1", properties={"rest.advertised.port": other.rpartition(":")[2]})
    await_group(patient, lambda group: len(group["members"]) == 1, url=[own], group_id=GROUP)
    config = {"connector.class": "FileStreamSource", "tasks.max": "1", "topic": NAME, "file": "/nowhere/orders"}
    assert patient.request("PUT", f"/connectors/{NAME}/config", config)[0] == 201
    patient.start("w2")
    await_group(
        patient, lambda group: group["state"] == "Stable" and len(group["members"]) == 2, url=[other], group_id=GROUP
    )

    page = Page("conflicting-operation", tmp_path, patient, also=lambda: [("on 10.1.0.1)", "on 127.0.0.1)")])
    page.follow(SEEN)
    page.follow(FIND)
    (cause,) = page.causes()
    assert cause["kind"] == "same_url"

    assert page.properties() == {"rest.advertised.host.name": "connect-1.example.com", "rest.advertised.port": "8083"}
    patient.terminate("w1")
    patient.start("w1", properties={"rest.advertised.port": own.rpartition(":")[2]})
    await_group(patient, lambda group: group["state"] == "Stable" and len(group["members"]) == 2, url=[own, other])
    page.follow(FIX)
    assert page.causes() == []
    page.end()
    assert patient.request("DELETE", f"/connectors/{NAME}")[0] == 204
    await_condition(lambda: patient.request("GET", "/connectors")[1] == [], what="no connector")
