# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a worker listens, and the address that it advertises to the other workers. Pure."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass

from .worker_file import WorkerConfig, WorkerFinding

# RestServer's own pattern. Text after the port makes a listener invalid.
_LISTENER = re.compile(r"(?P<scheme>.*)://\[?(?P<host>[0-9a-zA-Z\-%._:]*)\]?:(?P<port>\d{1,5})")
_HOST = "rest.advertised.host.name"


@dataclass(frozen=True)
class Address:
    """An address of a listener, or an advertised one. With an empty host the machine chooses."""

    scheme: str
    host: str
    port: int

    @property
    def is_everywhere(self) -> bool:
        """Whether it means every interface of a machine, so other hosts cannot connect to it."""
        return _is_ip(self.host) and ipaddress.ip_address(self.host).is_unspecified

    @property
    def is_loopback(self) -> bool:
        name = self.host.lower()
        if _is_ip(name):
            return ipaddress.ip_address(name).is_loopback
        return name == "localhost" or name.endswith((".localhost", "localhost.localdomain"))

    def __str__(self) -> str:
        return f"{self.scheme}://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"


def listener(text: str) -> Address | None:
    """An entry of `listeners`; None if it is not valid."""
    match = _LISTENER.fullmatch(text.strip())
    if match is None or match["scheme"].lower() not in ("http", "https") or not 0 <= int(match["port"]) <= 65535:
        return None
    return Address(match["scheme"].lower(), match["host"], int(match["port"]))


def listeners(worker: WorkerConfig) -> list[Address]:
    """The valid listeners, in their order."""
    return [found for found in map(listener, worker.entries("listeners")) if found is not None]


def advertised(worker: WorkerConfig) -> Address | None:
    """The address that RestServer.advertisedUrl derives; None if no listener has its scheme."""
    scheme = advertised_scheme(worker)
    of_scheme = next((address for address in listeners(worker) if address.scheme == scheme), None)
    port = worker.number("rest.advertised.port")
    if of_scheme is None:
        return None
    return Address(scheme, worker.value(_HOST) or of_scheme.host, of_scheme.port if port is None else port)


def advertised_scheme(worker: WorkerConfig) -> str:
    """http or https: the given scheme, else http if there is such a listener."""
    given = worker.value("rest.advertised.listener").lower()
    return given or ("http" if any(address.scheme == "http" for address in listeners(worker)) else "https")


def check_listeners(worker: WorkerConfig) -> Iterator[WorkerFinding]:
    """Listeners that are invalid or cannot work, and an advertised address that does not lead to this worker."""
    yield from _check_each(worker)
    found = listeners(worker)
    scheme = advertised_scheme(worker)
    if worker.value("rest.advertised.listener") and scheme not in ("http", "https"):
        yield worker.error("rest.advertised.listener", f'the value "{scheme}" is not http or https: correct it')
    elif found and all(address.scheme != scheme for address in found):
        yield worker.error(
            "rest.advertised.listener", f"is {scheme}, but listeners has none with that scheme: make them match"
        )
    if not worker.value("rest.advertised.listener") and len({address.scheme for address in found}) > 1:
        text = "is missing, and listeners has both schemes: workers send each other requests over http; give https"
        yield worker.warning("rest.advertised.listener", text)
    port = worker.number("rest.advertised.port")
    if port is not None and not 1 <= port <= 65535:
        yield worker.error("rest.advertised.port", f'the value "{port}" is not a port: give 1 to 65535')
    yield from _check_advertised(worker)


def _check_each(worker: WorkerConfig) -> Iterator[WorkerFinding]:
    seen: list[Address] = []
    for key in ("listeners", "admin.listeners"):
        for text in worker.entries(key):
            address = listener(text)
            if address is None:
                yield worker.error(key, f'"{text}" is not a listener: write http://HOST:PORT or https://HOST:PORT')
                continue
            if any(address.port and (address.host, address.port) == (other.host, other.port) for other in seen):
                yield worker.error(key, f'"{text}" has the address of another listener: give another port')
            seen.append(address)
    if not worker.entries("listeners"):
        yield worker.error("listeners", "is empty: give at least one listener, such as http://:8083")
    if any(address.scheme == "https" for address in seen) and not _has_key_store(worker):
        yield worker.error(
            "listeners.https.ssl.keystore.location", "is missing, but there is an https listener: give its key store"
        )


def _has_key_store(worker: WorkerConfig) -> bool:
    """If one key has the listener's prefix, the worker ignores those without prefix."""
    for prefix in ("listeners.https.", "admin.listeners.https."):
        if any(key.startswith(f"{prefix}ssl.") for key in worker.config):
            return any(worker.config.get(f"{prefix}ssl.{name}") for name in _KEY_STORES)
    return any(worker.config.get(f"ssl.{name}") for name in _KEY_STORES)


_KEY_STORES = ("keystore.location", "keystore.key", "engine.factory.class")


def _check_advertised(worker: WorkerConfig) -> Iterator[WorkerFinding]:
    address = advertised(worker)
    if address is None:
        return
    key = _HOST if worker.value(_HOST) else "listeners"
    fix = f"set {_HOST} to the name by which the other workers reach this one"
    if address.is_everywhere:
        yield worker.error(key, f"the worker would advertise {address}, which leads nowhere: {fix}")
    elif not address.host:
        text = "is missing, and the listener names no host: the worker would advertise the address that its machine"
        yield worker.warning(_HOST, f"{text} reports, on Debian often 127.0.1.1: {fix}")
    elif address.is_loopback:
        yield worker.warning(key, f"the worker would advertise {address}, which other hosts can't reach: {fix}")
    bound = [one for one in listeners(worker) if one.scheme == address.scheme]
    if bound and address.host and not address.is_loopback and all(one.is_loopback for one in bound):
        yield worker.error(
            "listeners",
            f"{bound[0]} is reachable only from this host, but the worker advertises {address}: listen on an address that other hosts reach, or omit it",
        )


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
