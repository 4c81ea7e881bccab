# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The network of the hosts and this machine: one bridge for each set, in a range that no real network uses.

The addresses are from 198.18.0.0/15, which is reserved for tests of network devices, so no external host has one. Hosts
have no route beyond their bridge.
"""

from __future__ import annotations

import ipaddress
import json
import random
import secrets
from collections.abc import Iterable

from .errors import HostsError
from .state import Host, State
from .system import call

_RANGE = ipaddress.IPv4Network("198.18.0.0/15")
_PREFIX = 24
_FIRST_HOST = 11


def free_network(reserved: Iterable[str]) -> str:
    """A network that neither this machine nor a reservation uses, such as 198.18.7.0/24."""
    used = [ipaddress.IPv4Network(text) for text in reserved]
    for link in json.loads(call(["ip", "-json", "-4", "address", "show"])):
        used += [
            ipaddress.IPv4Network(f"{entry['local']}/{entry['prefixlen']}", strict=False)
            for entry in link.get("addr_info", [])
        ]
    networks = list(_RANGE.subnets(new_prefix=_PREFIX))
    for network in random.sample(networks, len(networks)):
        if not any(network.overlaps(other) for other in used):
            return str(network)
    raise HostsError(f"Every network of {_RANGE} is in use.")


def new_bridge() -> str:
    """A name for a bridge that is not a link here. It is short, because link names are limited, and those of the hosts'
    links contain it.
    """
    while True:
        name = f"skc{secrets.token_hex(2)}"
        if not link_exists(name):
            return name


def address_of_host(network: str, number: int) -> str:
    """The address of the host with this number, starting at 0."""
    return str(ipaddress.IPv4Network(network)[_FIRST_HOST + number])


def controller_address(network: str) -> str:
    """This machine's own address on the bridge, with the prefix length."""
    return f"{ipaddress.IPv4Network(network)[1]}/{_PREFIX}"


def raise_bridge(state: State) -> None:
    """Create the bridge if it does not exist."""
    if link_exists(state.bridge):
        return
    call(["ip", "link", "add", state.bridge, "type", "bridge"])
    call(["ip", "address", "add", controller_address(state.network), "dev", state.bridge])
    call(["ip", "link", "set", state.bridge, "up"])


def remove_bridge(state: State) -> None:
    """Remove the bridge if it exists."""
    if link_exists(state.bridge):
        call(["ip", "link", "delete", state.bridge])


def set_link(host: Host, *, up: bool) -> None:
    """Connect or disconnect the host's cable."""
    call(["ip", "link", "set", host.link, "up" if up else "down"])


def is_plugged_in(host: Host) -> bool:
    """Whether the host's cable exists and is connected."""
    return any(
        link["ifname"] == host.link and "UP" in link["flags"]
        for link in json.loads(call(["ip", "-json", "link", "show"]))
    )


def link_exists(name: str) -> bool:
    """Whether this machine has a link with that name."""
    return any(link["ifname"] == name for link in json.loads(call(["ip", "-json", "link", "show"])))


def host_network_file(host: Host) -> str:
    """The configuration for systemd-networkd on the host."""
    return f"[Match]\nName=host0\n\n[Network]\nAddress={host.address}/{_PREFIX}\nLinkLocalAddressing=no\n"
