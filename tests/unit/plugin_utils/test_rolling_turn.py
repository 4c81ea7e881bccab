# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter rolling_turn, on results of cluster_health."""

from __future__ import annotations

import re
from typing import Any

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.streamops.kafka_connect.plugins.plugin_utils import rolling_turn as plugin
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
    found = rolling_turn(health("connect-2"), WORKERS, HOSTS)
    assert {key: found[key] for key in ("kind", "hosts", "released_by", "seconds", "reason")} == {
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


# What the role shows


def plan(found: dict[str, Any]) -> str:
    return "\n".join(found["plan"])


def test_the_line_of_a_turn_says_what_happens_and_why() -> None:
    found = rolling_turn(health(), WORKERS, HOSTS[1:], requested=HOSTS)
    assert found["line"] == (
        "restart connect-2 and restart connect-1: the leader restarts at the same time, so that 3 tasks need not wait 300 s; "
        "1 of 3 hosts so far"
    )
    leaving = rolling_turn(health(), WORKERS, ["connect-2"], requested=["connect-2"], state="left", release="never")
    assert leaving["line"] == "stop connect-2: the leader stays, or has had its turn; 0 of 1 hosts so far"
    assert rolling_turn(health(parked=3), WORKERS, [])["line"].startswith(
        "restart connect-1: 3 tasks would stand still"
    )
    assert rolling_turn(health(), WORKERS, [])["line"] == "nothing is left to do"


def test_the_line_of_a_wait_says_until_when() -> None:
    line = rolling_turn(health(parked=3), WORKERS, [], release="never")["line"]
    assert re.fullmatch(
        r"wait until \d\d:\d\d:\d\d at the latest: 3 tasks wait for a departed worker for up to 300 s", line
    )


def test_the_plan_names_the_leader_the_reasons_and_the_interruption() -> None:
    reasons = {"connect-1": "installation", "connect-2": ""}
    found = rolling_turn(health(), WORKERS, HOSTS[:2], reasons=reasons)
    assert plan(found) == (
        "connect-1 (leads the group) first, then each new leader; to restart: connect-1 (installation), connect-2\n"
        "tasks of connect-1, connect-2 stand still for about 10 s; with rolling_order leader_last, those of connect-2 would for up "
        "to 300 s (scheduled.rebalance.max.delay.ms)"
    )


@pytest.mark.parametrize(
    ("options", "order", "interruption"),
    [
        ({"order": "leader_last"}, "followers first, connect-1 (leads the group) last", "leader_first they would not"),
        (
            {"delay": 5},
            "followers first, connect-1 (leads the group) last",
            "keeps the work of a departed worker for 5 s only",
        ),
    ],
)
def test_the_plan_says_when_followers_go_first(options: dict[str, Any], order: str, interruption: str) -> None:
    first, second = rolling_turn(health(), WORKERS, HOSTS, **options)["plan"]
    assert order in first
    assert interruption in second


def test_the_plan_of_a_run_without_work_has_one_line() -> None:
    assert rolling_turn(health(), WORKERS, [])["plan"] == ["the leader of the group first; to restart: none"]


def test_workers_that_join_start_together_and_no_task_stands_still() -> None:
    found = rolling_turn(
        health(absent="connect-3"), WORKERS, ["connect-3"], requested=HOSTS, state="joined", batches=["100%"]
    )
    assert (found["kind"], found["hosts"]) == ("change", ["connect-3"])
    assert found["line"].startswith("start connect-3: ")
    assert found["plan"] == [f"to start: connect-3; current members: {WORKERS['connect-1']}, {WORKERS['connect-2']}"]


# A leader that is not known


@pytest.fixture
def warnings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    shown: list[str] = []
    monkeypatch.setattr(plugin.display, "warning", shown.append)
    return shown


def unknown_group() -> dict[str, Any]:
    finding = {
        "kind": "group_unknown",
        "message": "the workers' group can't be read: no such group",
        "advice": "give group_id",
    }
    return {**health(stable=False), "rebalance": {"in_progress": None}, "findings": [finding]}


def test_an_unknown_leader_is_a_warning_with_its_reason(warnings: list[str]) -> None:
    found = rolling_turn(unknown_group(), WORKERS, HOSTS)
    why = "leader not known, because the workers' group can't be read: no such group -> give group_id"
    assert warnings == [why]
    assert found["plan"][0] == f"{why}; to restart: connect-1, connect-2, connect-3"


def test_workers_at_other_addresses_are_a_warning(warnings: list[str]) -> None:
    elsewhere = {host: f"http://10.0.0.{number}:8083" for number, host in enumerate(HOSTS)}
    rolling_turn(health(), elsewhere, HOSTS)
    assert "and rolling_worker_url says http://10.0.0.0:8083" in warnings[0]


def test_a_rebalance_explains_an_unknown_leader(warnings: list[str]) -> None:
    rolling_turn(health(stable=False), WORKERS, HOSTS)
    assert warnings == ["leader not known, because the group is rebalancing"]


@pytest.mark.parametrize("more", [{"previous": {"kind": "change"}}, {"pending": []}])
def test_the_warning_is_not_repeated_and_only_shown_where_it_matters(warnings: list[str], more: dict[str, Any]) -> None:
    rolling_turn(unknown_group(), WORKERS, **{"pending": HOSTS, **more})
    assert warnings == []


# What one turn hands to the next


def test_turns_are_counted_and_the_longest_restart_is_kept() -> None:
    before = rolling_turn(health(), WORKERS, HOSTS)
    found = rolling_turn(
        health("connect-2"), WORKERS, HOSTS[1:], previous=before, results=[{"restart_seconds": 22.5}, {}]
    )
    assert (found["completed_turns"], found["restart_seconds"]) == (1, 22.5)
    again = rolling_turn(health("connect-3"), WORKERS, HOSTS[2:], previous=found, results=[{"restart_seconds": 6.0}])
    assert (again["completed_turns"], again["restart_seconds"]) == (2, 22.5)


def test_hosts_are_done_once_nothing_is_parked_anymore() -> None:
    first = rolling_turn(health(), WORKERS, HOSTS)
    assert first["confirmed"] == []
    parked = rolling_turn(health(parked=3), WORKERS, HOSTS[1:], requested=HOSTS, previous=first)
    assert parked["confirmed"] == []
    assert rolling_turn(health(), WORKERS, HOSTS[1:], requested=HOSTS, previous=parked)["confirmed"] == ["connect-1"]


def test_hosts_that_need_nothing_are_done_at_once_even_if_work_is_parked() -> None:
    assert rolling_turn(health(parked=3), WORKERS, HOSTS[1:], requested=HOSTS)["confirmed"] == ["connect-1"]


@pytest.mark.parametrize(
    ("texts", "delay"),
    [
        (["", ""], 300),
        (["scheduled.rebalance.max.delay.ms=20000\n", "scheduled.rebalance.max.delay.ms: 60000"], 60),
        (["connect.protocol=eager\nscheduled.rebalance.max.delay.ms=60000"], 0),
        (["scheduled.rebalance.max.delay.ms=${env:DELAY}"], 300),
        ([], 300),
    ],
)
def test_the_longest_delay_of_the_workers_files_counts(texts: list[str], delay: int) -> None:
    line = rolling_turn(health(), WORKERS, HOSTS, properties=texts, order="leader_last")["plan"][1]
    assert f"{delay} s" in line


def test_a_leader_of_other_hosts_is_checked_before_it_restarts() -> None:
    more: dict[str, Any] = {"requested": HOSTS[1:2], "state": "left"}
    found = rolling_turn(health(), WORKERS, HOSTS[1:2], checked=[], **more)
    assert (found["kind"], found["hosts"], found["released_by"]) == ("check", [], "connect-1")
    assert found["line"].startswith("check whether connect-1 may restart: the leader restarts at the same time")
    found = rolling_turn(health(), WORKERS, HOSTS[1:2], checked=["connect-1"], previous=found, **more)
    assert (found["kind"], found["released_by"], found["completed_turns"]) == ("change", "connect-1", 0)


def test_a_host_that_cannot_be_reached_ends_the_run() -> None:
    with pytest.raises(AnsibleFilterError, match="unreachable, not restarted: connect-1; the remaining workers"):
        rolling_turn(health(), WORKERS, HOSTS, reachable=HOSTS[1:])
