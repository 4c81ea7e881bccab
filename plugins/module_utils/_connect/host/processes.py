# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which processes listen on TCP ports, from /proc."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .programs import Deadline, HostError

_LISTEN = "0A"
_LARGEST_TABLE = 8 * 1024 * 1024
"""Bytes of a kernel's table of sockets that are read: some 50,000 sockets."""


def listening_sockets(proc: Path) -> dict[str, int]:
    """Return the port of each socket that listens, by its inode."""
    found = {}
    for name in ("tcp", "tcp6"):
        try:
            with open(proc / "net" / name, encoding="ascii", errors="replace") as file:
                table = file.read(_LARGEST_TABLE)
        except OSError:
            continue
        for line in table.splitlines()[1:]:
            fields = line.split()
            if len(fields) > 9 and fields[3] == _LISTEN:
                found[fields[9]] = int(fields[1].rpartition(":")[2], 16)
    return found


def ports_of(process: int, proc: Path) -> list[int]:
    """Return the ports on which a process listens."""
    listening = listening_sockets(proc)
    return sorted({listening[inode] for inode in _inodes(process, proc) if inode in listening})


def owners_of(port: int, service: str, main_process: int, proc: Path, deadline: Deadline) -> list[dict[str, Any]]:
    """Return the processes that listen on a port: `pid`, `command`, and `own` if it belongs to the service.

    A socket whose process is not found has `pid` 0.
    """
    inodes = {inode for inode, number in listening_sockets(proc).items() if number == port}
    owners = []
    if inodes:
        for process in _processes(main_process, proc):
            if inodes & set(_inodes(process, proc)):
                own = process == main_process or _is_in_unit(process, service, proc)
                owners.append({"pid": process, "command": _command(process, proc), "own": own})
                break
            try:
                deadline.left()
            except HostError:
                break
        if not owners:
            owners.append({"pid": 0, "command": "", "own": False})
    return owners


def _processes(first: int, proc: Path) -> Iterator[int]:
    if first:
        yield first
    for name in os.listdir(str(proc)):
        if name.isdigit() and int(name) != first:
            yield int(name)


def _inodes(process: int, proc: Path) -> Iterator[str]:
    folder = proc / str(process) / "fd"
    try:
        names = os.listdir(str(folder))
    except OSError:
        return
    for name in names:
        try:
            target = os.readlink(str(folder / name))
        except OSError:
            continue
        if target.startswith("socket:["):
            yield target[len("socket:[") : -1]


def _is_in_unit(process: int, service: str, proc: Path) -> bool:
    try:
        groups = (proc / str(process) / "cgroup").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return any(f"{service}.service" in line.split("/") for line in groups.splitlines())


def _command(process: int, proc: Path) -> str:
    """Return the name of the program, never its arguments, which may contain secrets."""
    try:
        return (proc / str(process) / "comm").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
