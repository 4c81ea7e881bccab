# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the ports of brokers do, since librdkafka has one code for several causes. Sends no request of the Kafka protocol."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterable, Mapping
from functools import partial
from urllib.parse import urlsplit

from ..background import in_background
from ..network_errors import NO_TLS, connect_failure
from .broker_causes import PortState, Probed

PROBE_TIME = 1.0
"""Seconds to probe all ports, in parallel."""

KAFKA_PORT = 9092
"""librdkafka's default for a server without a port."""


def probe_ports(servers: Iterable[str], *, tls: bool, http: bool = False) -> Probed:
    """Return the state of the first of these ports with a problem. The options are those of `port_states`."""
    states = port_states(servers, tls=tls, http=http)
    for server, probed in states.items():
        if probed.state != "open":
            return probed if len(states) == 1 else Probed(probed.state, f"{server}: {probed.text}")
    return Probed("open")


def port_states(servers: Iterable[str], *, tls: bool = False, http: bool = False) -> Mapping[str, Probed]:
    """Connect to each server within PROBE_TIME. `tls`: includes the TLS handshake; `http`: also checks whether the port
    speaks HTTP.
    """
    distinct = list(dict.fromkeys(servers))
    found: dict[str, Probed] = {}

    def probe(server: str) -> None:
        found[server] = Probed(*_port_state(server, tls=tls, http=http))

    # In the background: a name service that does not respond must not keep the process from ending.
    threads = [in_background(partial(probe, server), "kafka-connect-probe") for server in distinct]
    deadline = time.monotonic() + PROBE_TIME
    for thread in threads:
        thread.join(max(deadline - time.monotonic(), 0))
    silent = Probed("connect_timeout", f"no connection within {PROBE_TIME:g} s")
    return {server: found.get(server, silent) for server in distinct}


def _port_state(server: str, *, tls: bool, http: bool) -> tuple[PortState, str]:
    try:
        parts = urlsplit(f"//{server.rpartition('://')[2]}")
        address = parts.hostname or "", parts.port or KAFKA_PORT
        connected = socket.create_connection(address, PROBE_TIME)
    except OSError as error:
        state, text = connect_failure(error)
        return state or "unreachable", text
    except ValueError:
        # No port, or no name that can be encoded.
        return "unresolved", "this is not HOST:PORT"
    with connected:
        try:
            return ("http", "") if _speaks_http(connected, address[0], tls=tls, http=http) else ("open", "")
        except ssl.SSLError as error:
            # A broker without TLS reads the first bytes as the size of a request that is too large, and closes the connection.
            ended = isinstance(error, (ssl.SSLEOFError, ssl.SSLZeroReturnError))
            return ("no_tls", "") if ended or error.reason in NO_TLS else ("open", "")
        except OSError as error:
            reset = tls and connect_failure(error)[0] == "dropped"
            return ("no_tls", "") if reset else ("open", "")


def _speaks_http(connected: socket.socket, host: str, *, tls: bool, http: bool) -> bool:
    """Whether the port speaks HTTP; False if `http` is false. Raises OSError if the TLS handshake fails."""
    connected.settimeout(PROBE_TIME)
    talking = connected
    if tls:
        # Sends no secret: this only checks whether the port speaks TLS.
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        talking = context.wrap_socket(connected, server_hostname=host)
    with talking:
        if not http:
            return False
        try:
            talking.sendall(b"GET / HTTP/1.0\r\n\r\n")
            return talking.recv(5) == b"HTTP/"
        except OSError:
            # The port is open, and speaks TLS if required.
            return False
