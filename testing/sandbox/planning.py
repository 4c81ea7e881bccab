# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Creates the state of a requested sandbox, which is not running yet."""

from __future__ import annotations

import base64
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from . import certificates, configuration, state
from .errors import SandboxError
from .state import Credentials, Node, State


@dataclass(frozen=True)
class Settings:
    """The options of ``Sandbox.up``; its docstring explains them."""

    workers: int = 3
    kafka: str = "4.3"
    secure: bool = False
    rebalance_delay_ms: int = 0
    brokers: int = 1
    properties: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    java_options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def plan(name: str, settings: Settings, java: Path, archives: Path | None) -> State:
    """The state of a new sandbox, with its own ports. Call it, and save the state, while holding the lock."""
    return State(
        name=name,
        kafka=settings.kafka,
        kafka_cluster_id=new_cluster_id(),
        rebalance_delay_ms=settings.rebalance_delay_ms,
        java=java,
        archives=archives,
        credentials=_credentials(state.home(name) / "tls") if settings.secure else None,
        nodes=_nodes(settings),
    )


def new_cluster_id() -> str:
    """A Kafka cluster id: a random UUID in URL-safe base64 that, like Kafka's own, does not begin with a dash.

    The storage tool would parse a leading dash as an option.
    """
    while (made := base64.urlsafe_b64encode(uuid.uuid4().bytes).rstrip(b"=").decode()).startswith("-"):
        pass
    return made


def make_secrets(sandbox: State) -> None:
    """Create the certificates, and the users of the basic-auth extension, for a sandbox with credentials."""
    if sandbox.credentials is None:
        return
    tls = state.home(sandbox.name) / "tls"
    certificates.make_certificates(tls, sandbox.java)
    users = tls / "users.properties"
    passwords = {sandbox.credentials.username: sandbox.credentials.password}
    users.write_text(configuration.properties_text(passwords), encoding="utf-8")
    (tls / "login.conf").write_text(configuration.login_text(users), encoding="utf-8")


def _credentials(tls: Path) -> Credentials:
    return Credentials("sandbox", secrets.token_urlsafe(12), tls / "ca.pem", tls / "client.pem", tls / "client.key")


def _nodes(settings: Settings) -> tuple[Node, ...]:
    if settings.workers < 1 or settings.brokers < 1:
        raise SandboxError("A sandbox has at least one worker and one broker.")
    numbers = range(1, settings.brokers + 1)
    brokers = ["broker"] if settings.brokers == 1 else [f"broker{number}" for number in numbers]
    workers = [f"w{number}" for number in range(1, settings.workers + 1)]
    unknown = (settings.properties.keys() | settings.java_options.keys()) - {"*", *brokers, *workers}
    if unknown:
        raise SandboxError(f"There is no {' and no '.join(sorted(unknown))} here, only {', '.join(brokers + workers)}.")
    ports = state.free_ports(2 * len(brokers) + len(workers))
    made = [
        Node(
            name=name,
            kind="broker",
            port=ports.pop(),
            controller_port=ports.pop(),
            properties=dict(settings.properties.get(name, {})),
            java_options=settings.java_options.get(name, ()),
        )
        for name in brokers
    ]
    for name in workers:
        made.append(
            Node(
                name=name,
                kind="worker",
                port=ports.pop(),
                properties={**settings.properties.get("*", {}), **settings.properties.get(name, {})},
                java_options=settings.java_options.get("*", ()) + settings.java_options.get(name, ()),
            )
        )
    return tuple(made)
