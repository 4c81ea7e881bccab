# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why a Kafka client gets no response, by librdkafka's codes and by the result of probing the port. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple, Union

from ..errors import ServerProblem
from ..network_errors import ConnectFailure

PortState = Union[Literal["", "open", "no_tls", "http"], ConnectFailure]
"""The state of a port: open, without the required TLS, speaking HTTP, or why it cannot be opened. Empty: not probed."""


@dataclass(frozen=True)
class Probed:
    """The state of a port that was probed, and a text about it."""

    state: PortState = ""
    text: str = ""


def needs_probe(reported: Mapping[str, str]) -> bool:
    """Whether librdkafka's code has several causes that probing the port can distinguish."""
    return any(code in reported for code in ("_TRANSPORT", "_RESOLVE", "_BAD_MSG", "_SSL"))


def is_final(reported: Mapping[str, str], port: Probed) -> bool:
    """Whether no broker is usable for a reason that waiting does not fix. Refused connections may be caused by a
    restart.
    """
    if "_ALL_BROKERS_DOWN" not in reported:
        return False
    return "_TRANSPORT" not in reported or port.state == "no_tls"


class Explanation(NamedTuple):
    """Why a client gets no response, the fix, and what that says about the server."""

    text: str
    advice: str
    server_problem: ServerProblem


def cause(reported: Mapping[str, str], port: Probed) -> Explanation:
    """Return why this client gets no response. `reported`: librdkafka's latest text by code."""
    for row in _CAUSES:
        if row.code in reported and row.sign in reported[row.code] and row.port in ("", port.state):
            text = row.text or (port.text if row.port else _short(reported[row.code]))
            return Explanation(text, row.advice, row.server_problem)
    return Explanation(
        "no answer", "check bootstrap_servers and client_properties, and that the brokers run", "unreachable"
    )


def unreachable(port: Probed) -> str:
    """Return the fix for a port that cannot be opened."""
    return cause({"_RESOLVE" if port.state == "unresolved" else "_TRANSPORT": ""}, port).advice


def _short(text: str) -> str:
    """The text without the broker's place in librdkafka's list, its connection state and its times."""
    return text.split("/bootstrap: ", 1)[-1].split(" (after ", 1)[0].removeprefix("Failed to list groups: ")


_TLS = "set security.protocol and the certificates as in the workers' properties (ssl.ca.location)"
_LOGIN = "correct sasl.mechanism, sasl.username and sasl.password (or sasl.jaas.config) in client_properties"
_NAME = "correct the host name, or the name service of the machine where the task runs"
_PROTOCOL = "correct the port, or security.protocol"
_REFUSED = "check that the broker is running, and its port"
_DROPPED = "check that the host is up, and that no firewall drops the packets"
_NO_ROUTE = "check the host, the routes to it, and firewalls"


@dataclass(frozen=True)
class _Cause:
    """`port`: the required result of the probe (empty: any). `sign`: part of librdkafka's own English text, where it
    has no code. An empty `text` stands for the text of the probe, or of librdkafka.
    """

    code: str
    advice: str
    text: str = ""
    port: PortState = ""
    sign: str = ""
    server_problem: ServerProblem = ""


_CAUSES: tuple[_Cause, ...] = (
    _Cause(
        "_AUTHENTICATION",
        _PROTOCOL,
        "the port does not use a login",
        sign="not valid in current SASL state",
        server_problem="unusable",
    ),
    _Cause("_AUTHENTICATION", _LOGIN),
    _Cause(
        "_BAD_MSG",
        "set the brokers' own port (often 9092), not a worker's REST port",
        "the port speaks HTTP",
        "http",
        server_problem="unusable",
    ),
    _Cause(
        "_BAD_MSG",
        "check host and port of bootstrap_servers",
        "the server is not a Kafka broker",
        server_problem="unusable",
    ),
    _Cause("_SSL", _PROTOCOL, "the port does not speak TLS", "no_tls", server_problem="unusable"),
    _Cause("_SSL", _TLS),
    _Cause("_TRANSPORT", _PROTOCOL, "the port does not speak TLS", "no_tls", server_problem="unusable"),
    _Cause("_RESOLVE", _NAME, port="unresolved", server_problem="unreachable"),
    _Cause("_RESOLVE", _NAME, "a host name cannot be resolved", server_problem="unreachable"),
    _Cause("_TRANSPORT", _REFUSED, port="refused", server_problem="unreachable"),
    _Cause("_TRANSPORT", _DROPPED, port="connect_timeout", server_problem="unreachable"),
    _Cause("_TRANSPORT", _NO_ROUTE, port="unreachable", server_problem="unreachable"),
    _Cause("_TRANSPORT", "check bootstrap_servers, firewalls, and that the brokers run", server_problem="unreachable"),
    _Cause("_LIST", "check that all brokers run, and that this client has the ACL Describe for the group"),
    _Cause("_TOPICS", "check that all brokers run, and try again"),
    _Cause(
        "_ALL_BROKERS_DOWN",
        "the listener may require TLS or a login: set security.protocol and related keys in client_properties",
        "each connection is closed at once",
        server_problem="unusable",
    ),
)
"""The first match counts. The codes are librdkafka's (`KafkaError.name()`), except _LIST and _TOPICS, which stand for
failed requests.
"""
