# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Kafka brokers behind a Connect cluster: the only file that uses a Kafka client (confluent-kafka, optional)."""

from __future__ import annotations

import logging
import time
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from .client_properties import client_properties
from .errors import BrokersError, InputError, Problem
from .group import CONNECT_PROTOCOL, Group, GroupFormatError, MemberBytes, decode_group
from .secrets import mask_text, secret_values

try:
    from confluent_kafka import KafkaException
    from confluent_kafka.admin import AdminClient
except ImportError:
    HAS_CONFLUENT_KAFKA = False
else:
    HAS_CONFLUENT_KAFKA = True

MISSING = (
    "the Python library confluent-kafka is missing where the task runs, so nothing is known of the workers' group "
    "(members, leader, idle workers, work owned twice or by nobody): pip install confluent-kafka"
)

TIMEOUT = 12.0
"""Seconds for the brokers to answer: room for one that is just being restarted."""

GIVE_UP = 2.0
"""Seconds after which a refusal that waiting does not cure (TLS, login, no broker at all) is believed."""

_ONE_LIST = 4.0
"""Seconds for one question for the groups. It goes to every broker; one that has died keeps it waiting."""


@dataclass(frozen=True)
class Brokers:
    """How to reach the brokers: `properties` as a worker's own file has them, or as librdkafka does. `timeout` in s."""

    bootstrap_servers: tuple[str, ...]
    properties: Mapping[str, Any] = field(default_factory=dict)
    timeout: float = TIMEOUT


def check_brokers(brokers: Brokers) -> Brokers:
    """The same. Raises InputError for what can be seen to be wrong without asking anybody."""
    _servers(brokers.bootstrap_servers)
    client_properties(brokers.properties)
    return brokers


class BrokersClient:
    """One run's conversation with the brokers. Raises BrokersError, and InputError for options that can't be right."""

    def __init__(self, brokers: Brokers) -> None:
        if not HAS_CONFLUENT_KAFKA:
            raise BrokersError(MISSING)
        self._brokers = brokers
        self._secrets: frozenset[str] = frozenset()
        self._said: dict[str, str] = {}
        self._client = self._new_client()

    def groups(self, group_id: str = "") -> tuple[Group, ...]:
        """The group of this name whatever its type, or without one every group of Connect workers (ListGroups,
        DescribeGroups). Empty when there is none.
        """
        deadline = time.monotonic() + self._brokers.timeout
        self._await_contact(deadline)
        while True:
            failure = ""
            try:
                found = self._list(group_id, max(min(deadline - time.monotonic(), _ONE_LIST), 0.1))
                failure = next((str(entry.error.str()) for entry in found if entry.error is not None), "")
            except KafkaException as error:
                failure = str(error.args[0].str())
            if not failure:
                return tuple(_group(entry) for entry in found if group_id or entry.protocol_type == CONNECT_PROTOCOL)
            self._client.poll(0.2)
            if time.monotonic() >= deadline:
                raise self._error(*_cause({**self._said, "_LIST": failure}))

    def count(self) -> int:
        """How many brokers are alive, as the cluster's metadata has them."""
        return len(self._await_contact(time.monotonic() + self._brokers.timeout).nodes)

    def _new_client(self) -> Any:
        servers = _servers(self._brokers.bootstrap_servers)
        properties = client_properties(self._brokers.properties)
        self._secrets = secret_values(properties)
        # What librdkafka has to say comes through `_hear`; of its own it would write to stderr.
        logger = logging.getLogger(f"{__name__}.quiet")
        logger.propagate = False
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())
        options: dict[str, Any] = {
            "reconnect.backoff.ms": 200,
            "socket.connection.setup.timeout.ms": 5000,
            **properties,
            "bootstrap.servers": servers,
            "log_level": 0,
            "error_cb": partial(_hear, self._said),
        }
        try:
            return AdminClient(options, logger=logger)
        except (KafkaException, ValueError, TypeError) as error:
            said = str(error.args[0].str() if isinstance(error, KafkaException) else error)
            said = mask_text(said.removeprefix("Failed to create admin client: "), self._secrets)
            text = f"client_properties: {said}"
            raise InputError([Problem(f"{text}: correct it, or leave it out")]) from None

    def _await_contact(self, deadline: float) -> Any:
        """What a broker tells of the cluster, once one does. The question for the groups alone would not say why not."""
        began = time.monotonic()
        answer = self._client.describe_cluster(request_timeout=max(deadline - began, 0.1))
        while not answer.done() and time.monotonic() < deadline:
            self._client.poll(0.05)
            patience = began + GIVE_UP if _is_final(self._said) else deadline
            if time.monotonic() > patience:
                break
        if not answer.done() or answer.exception() is not None:
            raise self._error(*_cause(self._said))
        self._said.clear()
        return answer.result()

    def _list(self, group_id: str, timeout: float) -> list[Any]:
        with warnings.catch_warnings():
            # Deprecated, but the newer calls decode consumer groups only.
            warnings.simplefilter("ignore", DeprecationWarning)
            named = {"group": group_id} if group_id else {}
            found: list[Any] = self._client.list_groups(timeout=timeout, **named)
        return found

    def _error(self, cause: str, advice: str) -> BrokersError:
        shown = ",".join(self._brokers.bootstrap_servers)
        return BrokersError(f"brokers {shown}: {mask_text(cause, self._secrets)}", advice)


def _hear(said: dict[str, str], error: Any) -> None:
    """Keeps the last word of each kind: the same thing is said with every attempt to connect.

    It must not know the client: in a circle of references that librdkafka is part of nothing is ever freed, its threads
    and connections included.
    """
    said[str(error.name())] = str(error.str())


def _servers(given: tuple[str, ...]) -> str:
    problems = []
    for server in given:
        if server.lower().startswith(("http://", "https://")):
            problems.append(
                Problem(f'bootstrap_servers "{server.rsplit("@", 1)[-1]}" is a REST URL: give brokers as HOST:PORT')
            )
    if not given:
        problems.append(Problem("bootstrap_servers is empty: give at least one broker as HOST:PORT"))
    if problems:
        raise InputError(problems)
    return ",".join(given)


def _is_final(said: Mapping[str, str]) -> bool:
    """Whether every broker refuses in a way that waiting does not cure. Refused connections may be a restart."""
    if "_ALL_BROKERS_DOWN" not in said:
        return False
    return "_TRANSPORT" not in said or "SSL" in said["_TRANSPORT"]


def _cause(said: Mapping[str, str]) -> tuple[str, str]:
    """What keeps this client from its answer, and the cure, of what librdkafka said by kind of error."""
    for kind, sign, cause, advice in _CAUSES:
        if kind in said and sign in said[kind]:
            return cause or _short(said[kind]), advice
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
    (
        "_ALL_BROKERS_DOWN",
        "",
        "each connection is closed at once",
        "the listener wants TLS or a login: give security.protocol and its like in client_properties",
    ),
)
"""Kind of error and words of librdkafka, what it is (empty: librdkafka's own words), the cure. The first that fits."""


def _group(entry: Any) -> Group:
    try:
        return decode_group(entry.id, entry.state, entry.protocol_type, entry.protocol, _members(entry))
    except GroupFormatError as error:
        raise BrokersError(
            f"group {entry.id}: a member is no Connect worker of a known kind ({error})",
            "a version of Kafka Connect newer than this collection? please report it",
        ) from error


def _members(entry: Any) -> Iterator[MemberBytes]:
    for member in entry.members:
        yield MemberBytes(
            member.id,
            member.client_id,
            member.client_host.lstrip("/"),
            bytes(member.metadata or b""),
            bytes(member.assignment or b""),
        )
