# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What keeps a Kafka client from its answer, by librdkafka's codes and by what a probe of the port found. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Union

from ..network_errors import ConnectFailure

PortState = Union[Literal["", "open", "no_tls", "http"], ConnectFailure]
"""What a port does: opens, has no TLS although it should, speaks HTTP, or why it does not open. Empty: not asked."""


@dataclass(frozen=True)
class Probed:
    """A port that was asked, and what is to be said of it."""

    state: PortState = ""
    text: str = ""


def wants_probe(said: Mapping[str, str]) -> bool:
    """Whether librdkafka has one code for several things that a look at the port tells apart."""
    return any(code in said for code in ("_TRANSPORT", "_RESOLVE", "_BAD_MSG", "_SSL"))


def is_final(said: Mapping[str, str], port: Probed) -> bool:
    """Whether every broker refuses in a way that waiting does not cure. Refused connections may be a restart."""
    if "_ALL_BROKERS_DOWN" not in said:
        return False
    return "_TRANSPORT" not in said or port.state == "no_tls"


def cause(said: Mapping[str, str], port: Probed) -> tuple[str, str]:
    """What keeps this client from its answer, and the cure. `said`: librdkafka's last text by code."""
    for row in _CAUSES:
        if row.code in said and row.sign in said[row.code] and row.port in ("", port.state):
            return row.text or (port.text if row.port else _short(said[row.code])), row.advice
    return "no answer", "check bootstrap_servers and client_properties, and that the brokers run"


def _short(text: str) -> str:
    """Without the broker's place in librdkafka's list, its own state and its times."""
    return text.split("/bootstrap: ", 1)[-1].split(" (after ", 1)[0].removeprefix("Failed to list groups: ")


_TLS = "give security.protocol and the certificates as the workers' properties have them (ssl.ca.location)"
_LOGIN = "correct sasl.mechanism, sasl.username and sasl.password (or sasl.jaas.config) in client_properties"
_NAME = "correct the host name, or the name service of the machine where the task runs"
_PROTOCOL = "correct the port, or security.protocol"


@dataclass(frozen=True)
class _Cause:
    """`port`: what the probe must have found (empty: anything). `sign`: part of librdkafka's own English, where it has no
    code. `text` empty: the probe's words, or librdkafka's.
    """

    code: str
    advice: str
    text: str = ""
    port: PortState = ""
    sign: str = ""


_CAUSES: tuple[_Cause, ...] = (
    _Cause("_AUTHENTICATION", _PROTOCOL, "the port wants no login", sign="not valid in current SASL state"),
    _Cause("_AUTHENTICATION", _LOGIN),
    _Cause(
        "_BAD_MSG",
        "give the brokers' own port (often 9092), not a worker's REST port",
        "something that speaks HTTP answers",
        "http",
    ),
    _Cause("_BAD_MSG", "check host and port of bootstrap_servers", "what answers is no Kafka broker"),
    _Cause("_SSL", _PROTOCOL, "the port has no TLS", "no_tls"),
    _Cause("_SSL", _TLS),
    _Cause("_TRANSPORT", _PROTOCOL, "the port has no TLS", "no_tls"),
    _Cause("_RESOLVE", _NAME, port="unresolved"),
    _Cause("_RESOLVE", _NAME, "a host name cannot be resolved"),
    _Cause("_TRANSPORT", "is the broker running, is the port right?", port="refused"),
    _Cause("_TRANSPORT", "is the host up, and does a firewall drop the packets?", port="connect_timeout"),
    _Cause("_TRANSPORT", "check the host, the routes to it, and firewalls", port="unreachable"),
    _Cause("_TRANSPORT", "check bootstrap_servers, firewalls, and that the brokers run"),
    _Cause("_LIST", "is a broker down? the group needs the ACL Describe for this client"),
    _Cause("_TOPICS", "is a broker down? try again when all of them run"),
    _Cause(
        "_ALL_BROKERS_DOWN",
        "the listener wants TLS or a login: give security.protocol and its like in client_properties",
        "each connection is closed at once",
    ),
)
"""The first that fits. Codes are librdkafka's (`KafkaError.name()`); _LIST and _TOPICS are ours, for failed questions."""
