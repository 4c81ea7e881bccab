# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which processes listen on which ports."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.host import processes
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.host.processes import owners_of, ports_of
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.host.programs import Deadline, HostError

PROC = Path("/proc")
TABLE = """  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:1F93 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0 100 0 0 10 0
   1: 0100007F:1F93 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0 100 0 0 10 0
"""


@pytest.fixture
def port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def proc(tmp_path: Path) -> Path:
    (tmp_path / "net").mkdir()
    (tmp_path / "net" / "tcp").write_text(TABLE, encoding="ascii")
    return tmp_path


def process(proc: Path, number: int, inode: int, *, cgroup: str = "0::/user.slice\n") -> None:
    folder = proc / str(number)
    (folder / "fd").mkdir(parents=True)
    (folder / "fd" / "3").symlink_to(f"socket:[{inode}]")
    (folder / "fd" / "4").symlink_to("/dev/null")
    (folder / "comm").write_text("java\n", encoding="utf-8")
    (folder / "cgroup").write_text(cgroup, encoding="utf-8")


def test_a_listening_process_is_found_in_the_real_system(port: int) -> None:
    assert port in ports_of(os.getpid(), PROC)
    (owner,) = owners_of(port, "kafka-connect", os.getpid(), PROC, Deadline(10))
    assert (owner["pid"], owner["own"]) == (os.getpid(), True)
    (owner,) = owners_of(port, "kafka-connect", 0, PROC, Deadline(10))
    assert (owner["pid"], owner["own"]) == (os.getpid(), False)


def test_only_sockets_that_listen_count(proc: Path) -> None:
    process(proc, 7, 4711)
    process(proc, 8, 4712)
    assert (ports_of(7, proc), ports_of(8, proc), ports_of(9, proc)) == ([8083], [], [])
    assert owners_of(8083, "kafka-connect", 0, proc, Deadline(10)) == [{"pid": 7, "command": "java", "own": False}]
    assert owners_of(9999, "kafka-connect", 0, proc, Deadline(10)) == []


def test_a_process_in_the_control_group_of_the_service_is_its_own(proc: Path) -> None:
    process(proc, 7, 4711, cgroup="0::/system.slice/kafka-connect.service\n")
    assert owners_of(8083, "kafka-connect", 6, proc, Deadline(10))[0]["own"] is True
    assert owners_of(8083, "connect", 6, proc, Deadline(10))[0]["own"] is False


def test_a_socket_without_a_known_process_is_reported_as_such(proc: Path) -> None:
    assert owners_of(8083, "kafka-connect", 0, proc, Deadline(10)) == [{"pid": 0, "command": "", "own": False}]


def test_the_search_for_a_process_ends_in_time(proc: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(1, 5):
        process(proc, number, 1)
    searched: list[int] = []

    def none(number: int, _proc: Path) -> list[str]:
        searched.append(number)
        return []

    class Ended(Deadline):
        def left(self) -> float:
            raise HostError("ended")

    monkeypatch.setattr(processes, "_inodes", none)
    assert owners_of(8083, "kafka-connect", 0, proc, Ended(1))[0]["pid"] == 0
    assert len(searched) == 1


def test_a_process_that_ends_meanwhile_has_no_name(proc: Path) -> None:
    process(proc, 7, 4711)
    for name in ("comm", "cgroup"):
        (proc / "7" / name).unlink()
    assert owners_of(8083, "kafka-connect", 0, proc, Deadline(10)) == [{"pid": 7, "command": "", "own": False}]
