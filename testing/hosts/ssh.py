# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How to reach hosts: the set's own key, and the addresses in the formats of ssh and Ansible."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from . import images
from .errors import HostsError
from .state import Host, State
from .system import call

_SECONDS_TO_BOOT = 180


def make_key(home: Path) -> None:
    """Create the key pair of a set if it has none."""
    if not (home / "key").exists():
        call(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "testing.hosts", "-f", str(home / "key")])


def write_known_hosts(state: State) -> None:
    """Write the trusted host keys, so that ssh neither asks nor trusts unknown hosts."""
    lines = [
        f"{name} {' '.join(key.split()[:2])}\n"
        for host in state.hosts
        for name in (host.address, host.name)
        for key in images.host_keys(host.image)
    ]
    (state.home / "known_hosts").write_text("".join(lines), encoding="ascii")


def options(state: State) -> list[str]:
    """For ssh and scp, and for Ansible's ansible_ssh_common_args."""
    return [
        *("-o", f"UserKnownHostsFile={state.home / 'known_hosts'}", "-o", "GlobalKnownHostsFile=none"),
        *("-o", "StrictHostKeyChecking=yes", "-o", "IdentitiesOnly=yes", "-o", "ConnectTimeout=10"),
    ]


def command(state: State, host: Host, words: Sequence[str]) -> list[str]:
    """The ssh command that runs this command on a host."""
    target = f"{images.USER}@{host.address}"
    return ["ssh", "-F", "none", "-i", str(state.home / "key"), *options(state), target, *words]


def await_login(state: State, host: Host) -> None:
    """Waits until a login succeeds. Raises HostsError with the message of ssh after some minutes."""
    deadline = time.monotonic() + _SECONDS_TO_BOOT
    while True:
        answer = subprocess.run(
            command(state, host, ["true"]), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        if answer.returncode == 0:
            return
        if time.monotonic() > deadline:
            raise HostsError(f"login to {host.name} failed for {_SECONDS_TO_BOOT} s: {answer.stderr.strip()}")
        time.sleep(0.2)


def inventory(state: State) -> dict[str, Any]:
    """The set as an inventory for Ansible's YAML plugin, below ``all``."""
    return {
        "hosts": {host.name: {"ansible_host": host.address} for host in state.hosts},
        "vars": {
            "ansible_user": images.USER,
            "ansible_ssh_private_key_file": str(state.home / "key"),
            "ansible_ssh_common_args": " ".join(options(state)),
            "ansible_python_interpreter": "/usr/bin/python3",
        },
    }
