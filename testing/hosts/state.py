# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of a set of hosts, kept in one JSON file so that any process can attach to it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from testing.sandbox.environment import cache_directory
from testing.sandbox.jars import exclusive
from testing.sandbox.processes import Process

from .errors import HostsError
from .images import Image

_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?")


@dataclass(frozen=True)
class Host:
    """A machine. ``machine``: its short name for nspawn, links and cgroups; ``process``: the last started nspawn."""

    name: str
    image: Image
    address: str
    machine: str
    process: Process | None = None

    @property
    def link(self) -> str:
        """This machine's end of the host's network cable."""
        return f"vb-{self.machine}"


@dataclass(frozen=True)
class State:
    """Everything a process must know to attach to a set of hosts."""

    name: str
    bridge: str
    network: str
    hosts: tuple[Host, ...]

    @property
    def home(self) -> Path:
        """The directory of this set."""
        return home(self.name)

    def host(self, name: str) -> Host:
        """The host with that name. Raises HostsError that lists the existing names."""
        for host in self.hosts:
            if host.name == name:
                return host
        raise HostsError(f"Hosts {self.name} has no {name!r}, only {', '.join(host.name for host in self.hosts)}.")

    def with_host(self, changed: Host) -> State:
        """The state with one host replaced or added."""
        if any(host.name == changed.name for host in self.hosts):
            return replace(self, hosts=tuple(changed if host.name == changed.name else host for host in self.hosts))
        return replace(self, hosts=(*self.hosts, changed))


def check_name(name: str) -> None:
    """Raises HostsError if this is not a valid name of a host or a set."""
    if not _NAME.fullmatch(name):
        raise HostsError(f"{name!r} is not a valid name: use at most 40 small letters, digits and -")


def home(name: str) -> Path:
    """The directory of a set of hosts, which may not exist."""
    check_name(name)
    return _root() / name


def names() -> list[str]:
    """The sets that have a directory, sorted."""
    return sorted(path.name for path in _root().iterdir() if (path / "state.json").exists())


def load(name: str) -> State:
    """The state of a set. Raises HostsError if there is none with that name."""
    try:
        text = (home(name) / "state.json").read_text(encoding="utf-8")
    except FileNotFoundError:
        raise HostsError(f"There are no hosts {name}. Start them: python -m testing.hosts up --name {name}") from None
    return decode(text)


def save(state: State) -> None:
    """Replaces the state file in one step."""
    path = state.home / "state.json"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = path.with_suffix(".new")
    aside.write_text(encode(state), encoding="utf-8")
    aside.replace(path)


@contextmanager
def locked() -> Iterator[None]:
    """A lock held while names and addresses are chosen."""
    with exclusive(_root() / ".lock"):
        yield


def encode(state: State) -> str:
    """The state as JSON text."""
    return json.dumps(asdict(state), indent=2) + "\n"


def decode(text: str) -> State:
    """The state from its JSON text."""
    data: dict[str, Any] = json.loads(text)
    hosts = []
    for entry in data.pop("hosts"):
        process = entry.pop("process")
        hosts.append(Host(**entry, process=Process(**process) if process else None))
    return State(**data, hosts=tuple(hosts))


def _root() -> Path:
    root = cache_directory() / "hosts" / "sets"
    root.mkdir(parents=True, exist_ok=True)
    return root
