# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The group compared with the REST API, while workers join and leave."""

from __future__ import annotations

from pathlib import Path

from confluent_kafka import Consumer

from testing.ansible_runs import make_interpreter, play, run_playbook, task
from testing.sandbox import Sandbox, Worker
from tests.contract.modules.shapes import misfits

from .conftest import DELAY
from .snapshots import Snapshot, await_group, by_worker, cluster_info, finding, is_whole, kinds, statuses


def leader_of(sandbox: Sandbox, group: Snapshot) -> Worker:
    return next(worker for worker in sandbox.workers if worker.url == group["leader"])


def followers_of(sandbox: Sandbox, group: Snapshot) -> list[Worker]:
    members = {member["url"] for member in group["members"]}
    return [worker for worker in sandbox.workers if worker.url in members and worker.url != group["leader"]]


def test_a_stable_group_agrees_with_the_rest_api(settled: Sandbox) -> None:
    result = cluster_info(settled, url=settled.urls[:1])

    group = result["group"]
    assert (group["state"], group["protocol_type"], group["protocol"]) == ("Stable", "connect", "sessioned")
    assert {member["url"] for member in group["members"]} == set(settled.urls[:3])
    assert group["leader"] in settled.urls
    assert by_worker(group) == statuses(settled, "w1")
    assert (group["findings"], group["scheduled_delay_ms"]) == ([], 0)
    assert misfits("cluster_info", result) == []


def test_the_work_of_a_killed_worker_stays_reserved_for_it(settled: Sandbox) -> None:
    before = await_group(settled, is_whole(settled))
    leader, (victim, other) = leader_of(settled, before), followers_of(settled, before)
    lost = by_worker(before)[victim.url.split("//")[1]]
    assert lost

    settled.kill(victim.name)
    waiting = await_group(settled, lambda group: group["scheduled_delay_ms"] > 0, url=[leader.url, other.url])

    assert {member["url"] for member in waiting["members"]} == {leader.url, other.url}
    nobody = finding(waiting, "owned_by_nobody")
    assert nobody["severity"] == "warning"
    assert f"up to {DELAY} s" in nobody["evidence"]
    for name, number in lost:
        named = f'connector "{name}"' if number < 0 else f'task {number} of "{name}"'
        assert named in nobody["evidence"]
    # The statuses still show it running there: only the group shows the departure.
    assert statuses(settled, leader.name)[victim.url.split("//")[1]] == lost

    settled.start(victim.name)
    back = await_group(settled, lambda group: len(group["members"]) == 3 and group["scheduled_delay_ms"] > 0)
    assert {member["url"] for member in back["members"] if member["idle"]} == {victim.url}
    again = await_group(settled, lambda group: is_whole(settled)(group) and group["scheduled_delay_ms"] == 0)
    assert sum(map(len, by_worker(again).values())) == sum(map(len, by_worker(before).values()))


def test_assignments_are_unknown_while_the_group_rebalances(settled: Sandbox) -> None:
    before = await_group(settled, is_whole(settled))
    silent = followers_of(settled, before)[0]
    asked = leader_of(settled, before)

    settled.stop(silent.name)
    # A new connector needs a rebalance, which waits for the worker that does not respond.
    config = {"connector.class": "FileStreamSource", "tasks.max": "1", "topic": "rebalance", "file": "/dev/null"}
    assert settled.request("PUT", "/connectors/group-rebalance/config", config, who=asked.name)[0] == 201
    try:
        group = await_group(settled, lambda group: group["state"] != "Stable", url=[asked.url])
        assert group["state"] in ("PreparingRebalance", "CompletingRebalance")
        assert kinds(group) == {"rebalancing"}
        assert {member["idle"] for member in group["members"]} == {None}
        assert {member["url"] for member in group["members"]} == {""}
        assert (group["leader"], group["config_offset"]) == ("", None)
    finally:
        settled.continue_(silent.name)
        settled.request("DELETE", "/connectors/group-rebalance", who=asked.name)


def test_a_joining_worker_gets_its_share(settled: Sandbox) -> None:
    joined = settled.add_worker()

    group = await_group(settled, lambda group: is_whole(settled)(group) and len(group["members"]) == 4)
    assert by_worker(group) == statuses(settled, joined.name)
    assert all(by_worker(group).values())


def test_a_consumer_group_is_distinguished_from_a_group_of_workers(settled: Sandbox) -> None:
    consumer = Consumer({"bootstrap.servers": settled.bootstrap_servers, "group.id": "readers", "log_level": 0})
    try:
        consumer.subscribe(["connect-status"])
        consumer.poll(5)
        group = await_group(settled, lambda group: group["state"] == "Stable", group_id="readers")
        assert finding(group, "not_a_connect_group")["severity"] == "error"
        assert (group["members"], group["leader"]) == ([], "")
    finally:
        consumer.close()


def test_the_module_and_the_action_return_the_same_result(settled: Sandbox, tmp_path: Path) -> None:
    await_group(settled, is_whole(settled))
    options = {"url": settled.urls[:3], "bootstrap_servers": settled.bootstrap_servers}
    elsewhere = make_interpreter(tmp_path / "elsewhere")
    lacking = make_interpreter(tmp_path / "lacking", missing=["confluent_kafka"])
    python = "{{ ansible_playbook_python }}"

    run = run_playbook(
        [play([task("cluster_info", "look", options)])],
        {
            name: {"ansible_python_interpreter": interpreter}
            for name, interpreter in (
                ("here", python),
                ("there", str(elsewhere.python)),
                ("lacking", str(lacking.python)),
            )
        },
        tmp_path,
    )

    here, there, without = (run.of("look", host).result for host in ("here", "there", "lacking"))
    assert here["group"] == there["group"]
    assert here["group"]["findings"] == []
    assert "group" not in without
    assert without["summary"] == here["summary"]
    (warning,) = without["warnings"]
    assert "confluent-kafka is missing" in warning
