# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter rolling_turn, on results of cluster_health."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.rolling_turn import rolling_turn

HOSTS = ["connect-1", "connect-2", "connect-3"]
WORKERS = {host: f"http://{host}.example.com:8083" for host in HOSTS}


def health(leader: str = "connect-1", *, parked: int = 0, absent: str = "", stable: bool = True) -> dict[str, Any]:
    """The result of cluster_health. Without a stable group, the brokers show neither the leader nor the tasks."""
    return {
        "workers": [
            {
                "url": url,
                "member": host != absent if stable else None,
                "leader": host == leader if stable else None,
                "tasks": 3 if stable and host != absent else None,
            }
            for host, url in WORKERS.items()
        ],
        "rebalance": {
            "in_progress": not stable,
            "delay_ms": (300_000 if parked else 0) if stable else None,
            "parked_tasks": parked if stable else None,
        },
    }


def test_the_leader_goes_first() -> None:
    assert rolling_turn(health("connect-2"), WORKERS, HOSTS) == {
        "kind": "change",
        "hosts": ["connect-2"],
        "released_by": "",
        "seconds": 0.0,
        "reason": "leads the group: a new leader distributes all work at once",
    }


def test_a_leader_that_has_had_its_turn_restarts_together_with_a_follower() -> None:
    found = rolling_turn(health(), WORKERS, HOSTS[1:])
    assert (found["kind"], found["hosts"], found["released_by"]) == ("change", ["connect-2"], "connect-1")


def test_a_protected_leader_does_not_restart_again() -> None:
    found = rolling_turn(health(), WORKERS, HOSTS[1:], protected=["connect-1"])
    assert (found["hosts"], found["released_by"]) == (["connect-2"], "")


def test_a_leader_of_another_play_does_not_restart() -> None:
    others = {host: WORKERS[host] for host in HOSTS[1:]}
    assert rolling_turn(health(), others, ["connect-2"])["released_by"] == ""


def test_parked_work_is_released_by_the_leader() -> None:
    found = rolling_turn(health(parked=3), WORKERS, [])
    assert (found["kind"], found["hosts"], found["released_by"]) == ("release", [], "connect-1")


def test_parked_work_that_may_not_be_released_waits() -> None:
    found = rolling_turn(health(parked=3), WORKERS, [], release="never")
    assert (found["kind"], found["seconds"]) == ("wait", 300.0)


def test_nothing_is_left_to_do() -> None:
    assert rolling_turn(health(), WORKERS, [])["kind"] == "done"


def test_a_worker_that_is_not_a_member_starts_first() -> None:
    found = rolling_turn(health(absent="connect-3"), WORKERS, HOSTS)
    assert (found["hosts"], found["reason"]) == (["connect-3"], "not a member of the group")


def test_an_unknown_leader_does_not_restart_again() -> None:
    found = rolling_turn(health(stable=False), WORKERS, HOSTS)
    assert (found["kind"], found["hosts"], found["released_by"]) == ("change", ["connect-1"], "")


def test_a_worker_that_is_listed_under_another_url_gets_its_turn() -> None:
    workers = {**WORKERS, "connect-3": "http://10.0.0.3:8083"}
    assert rolling_turn(health(), workers, ["connect-3"], release="never")["hosts"] == ["connect-3"]


@pytest.mark.parametrize(
    ("batches", "completed", "expected"),
    [([1], 5, 1), (2, 0, 2), ("2", 0, 2), ([1, "100%"], 0, 1), ([1, "100%"], 1, 3), (["50%"], 0, 1), ([], 0, 1)],
)
def test_batches_mean_what_serial_means(batches: Any, completed: int, expected: int) -> None:
    found = rolling_turn(health(), WORKERS, HOSTS, batches=batches, completed_turns=completed)
    assert len(found["hosts"]) == expected


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"order": "leader"}, "rolling_turn: order is leader: give leader_first or leader_last"),
        ({"release": "always"}, "rolling_turn: release is always: give auto or never"),
        (
            {"batches": ["none"]},
            'rolling_turn: batches entry "none" is wrong: give a count like 5 or a percentage like "25%"',
        ),
        ({"workers": {}}, "rolling_turn: workers does not name the URL of each pending host"),
        ({"health": {"msg": "failed"}}, "rolling_turn: the input is not a result of cluster_health"),
    ],
)
def test_invalid_input_is_rejected(arguments: dict[str, Any], message: str) -> None:
    given = {"health": health(), "workers": WORKERS, "pending": HOSTS, **arguments}
    with pytest.raises(AnsibleFilterError, match="rolling_turn") as refused:
        rolling_turn(**given)
    assert str(refused.value).startswith(message)
