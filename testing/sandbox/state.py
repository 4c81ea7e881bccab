# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of a sandbox, kept in one JSON file so that any process can attach to it."""

from __future__ import annotations

import json
import random
import re
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from .environment import cache_directory
from .errors import SandboxError
from .jars import exclusive
from .processes import Process

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,40}")
# Below the range that systems give to outgoing connections (Linux from 32768, macOS from 49152): a port stays free
# for its owner while that one is dead.
_PORTS = range(20000, 32000)


@dataclass(frozen=True)
class Credentials:
    """How to get in where REST is secured: basic auth, the authority of the workers' certificate, a client's own."""

    username: str
    password: str
    ca_path: Path
    client_cert: Path
    client_key: Path


@dataclass(frozen=True)
class Node:
    """A broker or worker: its ports stay the same over kill and start, ``process`` is the last one started.

    Its output begins at the byte ``log_start`` of the node's log.

    ``properties`` and ``java_options`` go beyond the sandbox's own, and come last.
    """

    name: str
    kind: Literal["broker", "worker"]
    port: int
    controller_port: int = 0
    properties: Mapping[str, str] = field(default_factory=dict)
    java_options: tuple[str, ...] = ()
    process: Process | None = None
    log_start: int = 0


@dataclass(frozen=True)
class State:
    """Everything a process must know to attach to a sandbox."""

    name: str
    kafka: str
    kafka_cluster_id: str
    rebalance_delay_ms: int
    java: Path
    archives: Path | None
    credentials: Credentials | None
    nodes: tuple[Node, ...]

    def node(self, name: str) -> Node:
        """The broker or worker with that name. Raises SandboxError that lists the existing names."""
        for node in self.nodes:
            if node.name == name:
                return node
        raise SandboxError(f"Sandbox {self.name} has no {name!r}, only {', '.join(node.name for node in self.nodes)}.")

    def with_node(self, changed: Node) -> State:
        """The state with one node replaced or added."""
        others = [node for node in self.nodes if node.name != changed.name]
        if len(others) == len(self.nodes):
            return replace(self, nodes=(*self.nodes, changed))
        return replace(self, nodes=tuple(changed if node.name == changed.name else node for node in self.nodes))


def home(name: str) -> Path:
    """The directory of a sandbox, which may not exist."""
    if not _NAME.fullmatch(name):
        raise SandboxError(f"{name!r} is not a name for a sandbox: letters, digits, - and _, at most 40.")
    return _root() / name


def names() -> list[str]:
    """The sandboxes that have a directory, sorted."""
    return sorted(path.name for path in _root().iterdir() if path.is_dir())


def load(name: str) -> State:
    """The state of a sandbox. Raises SandboxError if there is none with that name."""
    try:
        text = (home(name) / "state.json").read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SandboxError(
            f"There is no sandbox {name}. Start it: python -m testing.sandbox up --name {name}"
        ) from None
    return decode(text)


def save(state: State) -> None:
    """Replace the state file in one step. It contains a password, so only its owner can read it."""
    path = home(state.name) / "state.json"
    aside = path.with_suffix(".new")
    aside.touch(mode=0o600)
    aside.write_text(encode(state), encoding="utf-8")
    aside.replace(path)


@contextmanager
def locked() -> Iterator[None]:
    """A lock held while a state is read and written, or ports are chosen."""
    with exclusive(_root() / ".lock"):
        yield


def encode(state: State) -> str:
    """The state as JSON text."""
    return json.dumps(asdict(state), indent=2, default=str) + "\n"


def decode(text: str) -> State:
    """The state from its JSON text."""
    data: dict[str, Any] = json.loads(text)
    secrets = data.pop("credentials")
    nodes = [_decode_node(node) for node in data.pop("nodes")]
    data["java"] = Path(data["java"])
    data["archives"] = Path(data["archives"]) if data["archives"] else None
    return State(**data, credentials=_decode_credentials(secrets) if secrets else None, nodes=tuple(nodes))


def free_ports(count: int) -> list[int]:
    """Loopback ports without a listener that no sandbox has reserved. Call it, and save, while holding ``locked``."""
    reserved = {
        port
        for name in names()
        if (state := _load_or_none(name))
        for node in state.nodes
        for port in (node.port, node.controller_port)
    }
    ports: list[int] = []
    for port in random.sample(_PORTS, len(_PORTS)):
        if port not in reserved and _is_free(port):
            ports.append(port)
            if len(ports) == count:
                return ports
    raise SandboxError(f"There are no {count} free loopback ports between {_PORTS.start} and {_PORTS.stop}.")


def _root() -> Path:
    root = cache_directory() / "sandboxes"
    root.mkdir(parents=True, exist_ok=True)
    return root


def _load_or_none(name: str) -> State | None:
    try:
        return load(name)
    except SandboxError:
        return None


def _decode_node(data: dict[str, Any]) -> Node:
    process = data.pop("process")
    data["java_options"] = tuple(data["java_options"])
    return Node(**data, process=Process(**process) if process else None)


def _decode_credentials(data: dict[str, str]) -> Credentials:
    paths = {key: Path(data[key]) for key in ("ca_path", "client_cert", "client_key")}
    return Credentials(username=data["username"], password=data["password"], **paths)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As the JVM does it: a port in TIME_WAIT counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
