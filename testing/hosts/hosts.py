# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A set of hosts: start, inspect, disconnect and stop them."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from testing.sandbox.certificates import make_certificates
from testing.sandbox.environment import find_java
from testing.sandbox.processes import uninterrupted
from testing.sandbox.progress import Report, silent, timed

from . import images, machine, network, ssh, state
from .errors import HostsError
from .images import Image
from .state import Host, State
from .system import check_requirements
from .tokens import make_token


class Hosts:
    """Real hosts on a bridge of their own. Their state is on disk, so any process can attach to it."""

    def __init__(self, name: str) -> None:
        """Manages existing hosts: use ``up`` or ``attach``."""
        self._name = name

    @classmethod
    def attach(cls, name: str) -> Hosts:
        """Return the set with that name. Raises HostsError if it does not exist."""
        state.load(name)
        return cls(name)

    @classmethod
    def up(cls, name: str, requested: Mapping[str, Image], report: Report = silent) -> Hosts:
        """Starts the requested hosts that are not running, and waits until a login to all of them succeeds. Other hosts
        of the set stay unchanged.

        Raises HostsError if something is missing on this machine, or a step fails; a new set is then removed again.
        """
        check_requirements()
        report = timed(report)
        for image in sorted(set(requested.values())):
            images.ensure(image, report)
        is_new = name not in state.names()
        hosts = cls(name)
        try:
            hosts._prepare(requested)
            for host in requested:
                hosts.start(host)
            for host in requested:
                hosts.await_login(host)
                report(f"{host} ready")
        except BaseException:
            if is_new:
                hosts.down()
            raise
        return hosts

    @property
    def state(self) -> State:
        """The current state."""
        return state.load(self._name)

    def down(self) -> None:
        """Stop every host and remove everything that the set has created: mounts, links, groups, files. Does nothing if
        the set does not exist.

        Raises HostsError if something remains; the state then remains, too, so that you can try again.
        """
        if self._name in state.names():
            now = self.state
            for host in now.hosts:
                machine.power_off(host)
            for host in now.hosts:
                machine.remove_disk(now, host)
            network.remove_bridge(now)
        shutil.rmtree(state.home(self._name), ignore_errors=True)

    def start(self, name: str) -> None:
        """Boot a host if it is off."""
        now = self.state
        host = now.host(name)
        if machine.is_running(host):
            return
        machine.power_off(host)  # Left over after a reboot of this machine, or from a killed nspawn.
        with uninterrupted():
            started = replace(host, process=machine.boot(now, host))
            state.save(now.with_host(started))

    def await_login(self, name: str) -> None:
        """Wait until a login to a host succeeds. Raises HostsError with the end of its console if the host has stopped."""
        now = self.state
        host = now.host(name)
        try:
            ssh.await_login(now, host)
        except HostsError as problem:
            last = "\n".join(machine.console(now, host).splitlines()[-12:])
            raise HostsError(f"{problem}\n{last}") from None

    def kill(self, name: str) -> None:
        """Power a host off without shutdown; ``start`` boots it again from its disk."""
        machine.power_off(self.state.host(name))

    def partition(self, name: str) -> None:
        """Disconnect a host's network cable. Returns when it is disconnected."""
        network.set_link(self._running(name), up=False)

    def heal(self, name: str) -> None:
        """Reconnect a host's network cable."""
        network.set_link(self._running(name), up=True)

    def certificates(self) -> Path:
        """A directory with the set's own certificate authority, and one certificate that is valid for all of its hosts.

        Contains the same files as the sandbox's certificates, and a token for the user ``connect``. They are created at
        the first call, and removed by ``down``.
        """
        now = self.state
        directory = now.home / "tls"
        if not directory.exists():
            names = [name for host in now.hosts for name in (f"DNS:{host.name}", f"IP:{host.address}")]
            make_certificates(directory, find_java(), ",".join(names))
            make_token(directory, subject="connect")
        return directory

    def _running(self, name: str) -> Host:
        host = self.state.host(name)
        if not machine.is_running(host):
            raise HostsError(f"Host {name} is off.")
        return host

    def _prepare(self, requested: Mapping[str, Image]) -> None:
        """Choose addresses, and write the files that every host of the set reads at startup."""
        with state.locked():
            now = self._load_or_new()
            for name, image in requested.items():
                state.check_name(name)
                known = next((host for host in now.hosts if host.name == name), None)
                if known is None:
                    now = now.with_host(_new_host(now, name, image))
                elif known.image != image:
                    raise HostsError(f"Host {name} was made of image {known.image}: take it down first.")
            state.save(now)
            network.raise_bridge(now)
        ssh.make_key(now.home)
        ssh.write_known_hosts(now)

    def _load_or_new(self) -> State:
        if self._name in state.names():
            return self.state
        reserved = [state.load(name).network for name in state.names()]
        return State(name=self._name, bridge=network.new_bridge(), network=network.free_network(reserved), hosts=())


def _new_host(now: State, name: str, image: Image) -> Host:
    number = len(now.hosts)
    return Host(
        name=name,
        image=image,
        address=network.address_of_host(now.network, number),
        machine=f"{now.bridge}h{number}",
    )
