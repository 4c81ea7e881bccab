# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What keeps a Kafka client from its answer, of what librdkafka said of its attempts. Pure."""

from __future__ import annotations

from collections.abc import Mapping


def is_final(said: Mapping[str, str]) -> bool:
    """Whether every broker refuses in a way that waiting does not cure. Refused connections may be a restart."""
    if "_ALL_BROKERS_DOWN" not in said:
        return False
    return "_TRANSPORT" not in said or "SSL" in said["_TRANSPORT"]


def cause(said: Mapping[str, str]) -> tuple[str, str]:
    """What keeps this client from its answer, and the cure, of what librdkafka said by kind of error."""
    for kind, sign, told, advice in _CAUSES:
        if kind in said and sign in said[kind]:
            return told or _short(said[kind]), advice
    return "no answer", "check bootstrap_servers and client_properties, and that the brokers run"


def _short(text: str) -> str:
    """Without the broker's place in librdkafka's list, its own state and its times."""
    return text.split("/bootstrap: ", 1)[-1].split(" (after ", 1)[0].removeprefix("Failed to list groups: ")


_TLS = "give security.protocol and the certificates as the workers' properties have them (ssl.ca.location)"
_LOGIN = "correct sasl.mechanism, sasl.username and sasl.password (or sasl.jaas.config) in client_properties"

_CAUSES: tuple[tuple[str, str, str, str], ...] = (
    (
        "_AUTHENTICATION",
        "not valid in current SASL state",
        "the port wants no login",
        "correct the port, or security.protocol",
    ),
    ("_AUTHENTICATION", "", "", _LOGIN),
    (
        "_BAD_MSG",
        "size 1213486160",
        "something that speaks HTTP answers",
        "give the brokers' own port (often 9092), not a worker's REST port",
    ),
    ("_BAD_MSG", "", "what answers is no Kafka broker", "check host and port of bootstrap_servers"),
    ("_SSL", "wrong version number", "the port has no TLS", "correct the port, or security.protocol"),
    ("_SSL", "", "", _TLS),
    ("_TRANSPORT", "wrong version number", "the port has no TLS", "correct the port, or security.protocol"),
    ("_TRANSPORT", "PLAINTEXT broker listener", "the port has no TLS", "correct the port, or security.protocol"),
    ("_RESOLVE", "", "", "correct the host name, or the name service of the machine where the task runs"),
    ("_TRANSPORT", "Connection refused", "connection refused", "is the broker running, is the port right?"),
    ("_TRANSPORT", "", "", "check bootstrap_servers, firewalls, and that the brokers run"),
    ("_LIST", "", "", "is a broker down? the group needs the ACL Describe for this client"),
    ("_TOPICS", "", "", "is a broker down? try again when all of them run"),
    (
        "_ALL_BROKERS_DOWN",
        "",
        "each connection is closed at once",
        "the listener wants TLS or a login: give security.protocol and its like in client_properties",
    ),
)
"""Kind of error and words of librdkafka, what it is (empty: librdkafka's own words), the cure. The first that fits."""
