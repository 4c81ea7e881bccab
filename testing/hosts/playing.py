# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs Ansible on a set of hosts, without the user's settings, and starts the broker of the scenarios."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from testing.sandbox.environment import CHECKOUT, collections_path, without_settings

from . import ssh
from .errors import HostsError
from .images import USER
from .state import State

BROKER = "broker"
"""The host that `start_broker` turns into a broker, unless it is given others."""


def environment(state: State, folder: Path) -> dict[str, str]:
    """Environment variables for Ansible's programs: how to log in to the hosts, and which files in `folder` to use."""
    return without_settings() | {
        "ANSIBLE_COLLECTIONS_PATH": str(collections_path()),
        "ANSIBLE_HOME": str(folder / ".ansible"),
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_PIPELINING": "1",
        "ANSIBLE_PRIVATE_KEY_FILE": str(state.home / "key"),
        "ANSIBLE_REMOTE_USER": USER,
        "ANSIBLE_SSH_COMMON_ARGS": " ".join(ssh.options(state)),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
        # The variables that the playbooks of the scenarios read.
        "MOLECULE_PROJECT_DIRECTORY": str(CHECKOUT),
        "STREAMOPS_HOSTS": state.name,
    }


def play(state: State, command: Sequence[str], inventory: Path, folder: Path) -> str:
    """Run one of Ansible's programs in `folder`. Returns its output, or raises HostsError with the end of it."""
    ended = subprocess.run(
        [*command, "-i", str(inventory)],
        cwd=folder,
        env=environment(state, folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if ended.returncode:
        raise HostsError(f"{' '.join(command)} failed:\n{ended.stdout[-6000:]}")
    return ended.stdout


def write_inventory(
    state: State, file: Path, groups: Mapping[str, Sequence[str]], variables: Mapping[str, Any] | None = None
) -> None:
    """An inventory of all hosts of the set, these groups of them, and this machine, with `variables` for all."""
    whole = ssh.inventory(state)
    local = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
    inventory = {
        "hosts": {**whole["hosts"], "localhost": local},
        "vars": {**whole["vars"], **(variables or {})},
        "children": {group: {"hosts": dict.fromkeys(names)} for group, names in groups.items()},
    }
    file.write_text(json.dumps({"all": inventory}), encoding="utf-8")


def start_broker(
    state: State, folder: Path, names: Sequence[str] = (BROKER,), variables: Mapping[str, Any] | None = None
) -> str:
    """Turn these hosts into the Kafka brokers of one cluster. Returns their addresses and ports, separated by commas."""
    inventory = folder / "broker.json"
    write_inventory(state, inventory, {"brokers": names}, variables)
    playbook = CHECKOUT / "extensions" / "molecule" / "shared" / "prepare.yml"
    play(state, ["ansible-playbook", str(playbook)], inventory, folder)
    return ",".join(f"{state.host(name).address}:9092" for name in names)
