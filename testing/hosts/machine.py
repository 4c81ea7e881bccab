# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One host: its disk, an overlay on an image, and its process, a systemd-nspawn that boots from it."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import time
from collections.abc import Iterable
from pathlib import Path

from testing.sandbox import processes
from testing.sandbox.processes import Condition, Process

from . import cgroups, images, network
from .errors import HostsError
from .state import Host, State
from .system import call

# Joins the control groups before the two dashes, and then executes the command after them.
_JOIN_AND_RUN = 'while [ "$1" != -- ]; do echo 0 > "$1/cgroup.procs"; shift; done; shift; exec "$@"'
_SECONDS_TO_DIE = 30


def directory(state: State, host: Host) -> Path:
    """The directory of the host's disk and console."""
    return state.home / "disks" / host.name


def console(state: State, host: Host) -> str:
    """Everything that the host has printed since its first start."""
    path = directory(state, host) / "console.log"
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


def is_running(host: Host) -> bool:
    """Whether the host's process exists."""
    return processes.condition(host.process) is not Condition.DEAD


def boot(state: State, host: Host) -> Process:
    """Start a host from its existing disk, or from a new one."""
    root = directory(state, host) / "root"
    if not _is_mounted(root):
        _mount(directory(state, host), images.ensure(host.image))
    _write_identity(root, state, host)
    # With systemd, each machine gets a scope; elsewhere nspawn stays in the group in which it is started.
    has_systemd = Path("/run/systemd/system").is_dir()
    groups = [] if has_systemd else cgroups.make(host.machine)
    command = [
        *("sh", "-c", _JOIN_AND_RUN, "sh", *map(str, groups), "--"),
        *("systemd-nspawn", "--quiet", "--boot", f"--directory={root}", f"--machine={host.machine}"),
        *("--settings=no", "--register=no", "--private-users=no", f"--network-bridge={state.bridge}"),
        *("--console=pipe", "--resolv-conf=off", "--timezone=off", "--link-journal=no"),
        *(() if has_systemd else ("--keep-unit",)),
    ]
    return processes.spawn(command, directory(state, host) / "console.log", directory(state, host))


def power_off(host: Host) -> None:
    """Power a host off without shutdown; its disk remains. Raises HostsError if that takes too long."""
    deadline = time.monotonic() + _SECONDS_TO_DIE
    while is_running(host) and host.process:
        # If its first process dies, the whole machine dies, and nspawn cleans up; without one, nspawn itself must be
        # ended.
        for pid in _children(host.process.pid) or [host.process.pid]:
            with_pid = Process(pid=pid, started=_started(pid))
            processes.send(with_pid, signal.SIGKILL)
        if time.monotonic() > deadline:
            raise HostsError(f"Host {host.name} (process {host.process.pid}) has not ended within {_SECONDS_TO_DIE} s.")
        time.sleep(0.05)
    if not Path("/run/systemd/system").is_dir():
        cgroups.remove(host.machine)
    # nspawn leaves this behind if /run is on a disk.
    shutil.rmtree(Path("/run/systemd/nspawn/propagate", host.machine), ignore_errors=True)


def remove_disk(state: State, host: Host) -> None:
    """Unmount and delete a host's disk; the host must be off."""
    home = directory(state, host)
    if _is_mounted(home / "root"):
        call(["umount", str(home / "root")])
    left = [path for path in _mount_points() if path.is_relative_to(home)]
    if left:
        raise HostsError(f"{', '.join(map(str, left))} is still mounted.")
    shutil.rmtree(home, ignore_errors=True)


def _mount(home: Path, layers: Iterable[Path]) -> None:
    for name in ("upper", "work", "root"):
        (home / name).mkdir(parents=True, exist_ok=True)
    lower = ":".join(map(str, layers))
    options = f"lowerdir={lower},upperdir={home / 'upper'},workdir={home / 'work'}"
    call(["mount", "-t", "overlay", "overlay", "-o", options, str(home / "root")])


def _write_identity(root: Path, state: State, host: Host) -> None:
    """The settings that distinguish a host from others of its image."""
    machine_id = root / "etc" / "machine-id"
    if not machine_id.read_text(encoding="ascii"):
        machine_id.write_text(f"{secrets.token_hex(16)}\n", encoding="ascii")
    (root / "etc" / "hostname").write_text(f"{host.name}\n", encoding="ascii")
    others = "".join(f"{other.address} {other.name}\n" for other in state.hosts)
    (root / "etc" / "hosts").write_text(f"127.0.0.1 localhost\n::1 localhost\n{others}", encoding="ascii")
    (root / "etc" / "systemd" / "network" / "10-host0.network").write_text(
        network.host_network_file(host), encoding="ascii"
    )
    keys = root / "home" / images.USER / ".ssh"
    keys.mkdir(mode=0o700, exist_ok=True)
    shutil.copyfile(state.home / "key.pub", keys / "authorized_keys")
    owner = keys.parent.stat()
    for path in (keys, keys / "authorized_keys"):
        os.chown(path, owner.st_uid, owner.st_gid)


def _is_mounted(path: Path) -> bool:
    return path in _mount_points()


def _mount_points() -> list[Path]:
    lines = Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines()
    return [Path(line.split()[4].encode().decode("unicode_escape")) for line in lines]


def _children(pid: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[1]) == pid:
            found.append(int(path.parent.name))
    return found


def _started(pid: int) -> str:
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return text.rpartition(")")[2].split()[19]
