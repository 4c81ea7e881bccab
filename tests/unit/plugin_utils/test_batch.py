# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hosts of one task. Each has its own process; threads replace them here, since each opens the file itself."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import GuardError, WorkerError
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.scale.evidence import InitialState
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.batch import HostsOfTask

HOSTS = ["w3", "w4"]
FOUND = InitialState(
    {"http://w1:8083": frozenset([("orders", -1), ("orders", 0), ("orders", 1)])},
    frozenset([("orders", 0)]),
    "http://w1:8083",
    frozenset([("orders", 1)]),
    frozenset([("orders", 2)]),
    3,
)


def look_and_count(folder: Path) -> InitialState:
    with (folder / "looks").open("a", encoding="utf-8") as file:
        file.write("x")
    return FOUND


def test_one_host_takes_the_snapshot_for_all_hosts(tmp_path: Path) -> None:
    def one_host(_number: int) -> InitialState:
        return HostsOfTask(tmp_path, "task", HOSTS).once(lambda: look_and_count(tmp_path))

    with ThreadPoolExecutor(4) as hosts:
        assert list(hosts.map(one_host, range(4))) == [FOUND] * 4
    assert (tmp_path / "looks").read_text() == "x"


def test_an_error_of_the_first_host_stops_all_hosts(tmp_path: Path) -> None:
    def fails() -> InitialState:
        raise WorkerError("the group does not rest", "see why")

    def unused() -> InitialState:
        raise AssertionError("the second host must not look")

    with pytest.raises(WorkerError, match=r"^the group"):
        HostsOfTask(tmp_path, "task", HOSTS).once(fails)
    with pytest.raises(WorkerError, match="another host of the batch failed: the group does not rest"):
        HostsOfTask(tmp_path, "task", HOSTS).once(unused)


def test_another_task_and_another_batch_take_their_own_snapshot(tmp_path: Path) -> None:
    for task, hosts in (("task", HOSTS), ("other", HOSTS), ("task", ["w5"])):
        HostsOfTask(tmp_path, task, hosts).once(lambda: look_and_count(tmp_path))
    assert (tmp_path / "looks").read_text() == "xxx"


def test_each_leaving_host_is_counted_for_the_next_host(tmp_path: Path) -> None:
    asked: list[list[str]] = []

    def refuse_the_third(others: Sequence[str]) -> None:
        asked.append(list(others))
        if len(others) == 2:
            raise GuardError("too many")

    for url in ("u1", "u2", "u1"):
        HostsOfTask(tmp_path, "task", HOSTS).going(url, refuse_the_third)
    with pytest.raises(GuardError):
        HostsOfTask(tmp_path, "task", HOSTS).going("u3", refuse_the_third)
    assert asked == [[], ["u1"], ["u2"], ["u2", "u1"]]
