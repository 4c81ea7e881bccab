# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Kafka brokers behind a Connect cluster. Only this file, `consumer_groups.py` and `topic_reader.py` use a Kafka
client (confluent-kafka, optional).
"""

from __future__ import annotations

import logging
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from ..errors import BrokersError, InputError, Problem
from ..secrets import mask_text, secret_values
from .broker_causes import Probed, cause, is_final, needs_probe
from .client_properties import client_properties
from .port_probe import probe_ports
from .protocol import CONNECT_PROTOCOL, Group, GroupFormatError, KnownGroups, MemberBytes, decode_group

try:
    from confluent_kafka import Consumer, KafkaException, Producer, TopicCollection
    from confluent_kafka.admin import AdminClient, ConfigResource
except ImportError:
    HAS_CONFLUENT_KAFKA = False
else:
    HAS_CONFLUENT_KAFKA = True

MISSING = (
    "the Python library confluent-kafka is missing where the task runs, so the workers' group is unknown "
    "(members, leader, idle workers, work owned twice or unassigned): pip install confluent-kafka"
)

TIMEOUT = 12.0
"""Seconds for the brokers to respond; long enough for a broker that is being restarted."""

GIVE_UP = 2.0
"""Seconds after which an error that waiting does not resolve (TLS, login, no broker at all) counts as final."""

_NO_RIGHT = ("TOPIC_AUTHORIZATION_FAILED", "CLUSTER_AUTHORIZATION_FAILED")
"""Errors of brokers that deny a client access."""

_POLL = 0.01
"""Seconds between two checks for a response. Responses come in milliseconds, and several requests follow each other."""

_ONE_LIST = 4.0
"""Seconds for one request for the groups. It goes to every broker, and a crashed broker delays it."""


@dataclass(frozen=True)
class Brokers:
    """How to reach the brokers. `properties`: as in a worker's file or as librdkafka names them; `timeout`: seconds."""

    bootstrap_servers: tuple[str, ...]
    properties: Mapping[str, Any] = field(default_factory=dict)
    timeout: float = TIMEOUT


@dataclass(frozen=True)
class Node:
    """A live broker: its id, and the address (HOST:PORT) that it advertises on the listener of this client."""

    number: int
    address: str


@dataclass(frozen=True)
class KafkaCluster:
    """A Kafka cluster as one of its brokers describes it."""

    cluster_id: str
    nodes: tuple[Node, ...]


@dataclass(frozen=True)
class Partition:
    """A partition of a topic, with ids of brokers. `leader`: None if it has none."""

    number: int
    leader: int | None
    replicas: tuple[int, ...]
    in_sync: tuple[int, ...]

    def accepts_writes(self, min_insync_replicas: int) -> bool:
        """Whether it has a leader, and as many replicas in sync as an acknowledged write needs. Brokers use the number of
        replicas if min.insync.replicas is greater.
        """
        return self.leader is not None and len(self.in_sync) >= min(min_insync_replicas, len(self.replicas))


@dataclass(frozen=True)
class Topic:
    """An existing topic. `replicas`: those of the partition with the fewest. `troubled`: the partitions that accept no writes;
    `leaders`: the id of each partition's leader, None where there is none.

    Without the ACL Describe, `partitions` and `replicas` are 0, and the topic may not exist. Without the ACL
    DescribeConfigs, `cleanup_policy` is None and `min_insync_replicas` is 0.
    """

    name: str
    partitions: int = 0
    replicas: int = 0
    cleanup_policy: str | None = None
    min_insync_replicas: int = 0
    troubled: tuple[Partition, ...] = ()
    leaders: tuple[int | None, ...] = field(default=(), compare=False)


def check_brokers(brokers: Brokers) -> Brokers:
    """Return the argument. Raises InputError for mistakes that are visible without contacting a broker."""
    _servers(brokers.bootstrap_servers)
    client_properties(brokers.properties)
    return brokers


class BrokersClient:
    """The connection of one run to the brokers. Raises BrokersError, and InputError for invalid options."""

    def __init__(self, brokers: Brokers) -> None:
        if not HAS_CONFLUENT_KAFKA:
            raise BrokersError(MISSING, cause="no_client")
        self._brokers = brokers
        self._secrets: frozenset[str] = frozenset()
        self._reported: dict[str, str] = {}
        self._is_denied = False
        self._servers = brokers.bootstrap_servers
        self._client = self._new_client(AdminClient, {})

    def group(self, group_id: str) -> Group | None:
        """Return the group with this name, regardless of its type, or None (DescribeGroups)."""
        found, failure = self._await_list(group_id)
        if failure:
            raise self._list_error(failure)
        return next(map(_group, found), None)

    def groups(self) -> KnownGroups:
        """Return all groups of Connect workers (ListGroups, DescribeGroups). A group that can't be described within the time
        limit, or can't be decoded, does not cause a failure: it may belong to another cluster.
        """
        found, failure = self._await_list("")
        known = _connect_groups(found)
        return replace(known, missing=self._list_error(failure)) if failure else known

    def other_groups(self, group_id: str) -> tuple[Group, ...]:
        """Return the other groups of Connect workers that a single request finds. Leaves out groups that can't be described or
        decoded, and all groups if the brokers don't respond.
        """
        try:
            found = self._list("", _ONE_LIST)
        except KafkaException:
            return ()
        return _connect_groups(entry for entry in found if entry.error is None and entry.id != group_id).groups

    def within(self, seconds: float) -> BrokersClient:
        """Return a client with this time limit and the same connections."""
        other = copy(self)
        other._brokers = replace(self._brokers, timeout=max(seconds, 0.1))
        return other

    def count(self) -> int:
        """Return the number of live brokers in the metadata of the Kafka cluster."""
        return len(self.describe().nodes)

    def describe(self) -> KafkaCluster:
        """Return the Kafka cluster (DescribeCluster)."""
        found = self._await_contact(time.monotonic() + self._brokers.timeout)
        nodes = tuple(Node(int(node.id), _address(node)) for node in found.nodes)
        return KafkaCluster(str(found.cluster_id or ""), nodes)

    def broker_setting(self, number: int, key: str) -> str | None:
        """Return the value of this key on the broker with this id, None without the ACL DescribeConfigs on the cluster."""
        deadline = time.monotonic() + self._brokers.timeout
        resource = ConfigResource(ConfigResource.Type.BROKER, str(number))
        asked = self._client.describe_configs([resource], request_timeout=_left(deadline))
        config = next(iter(self._answers(asked, deadline).values()), None)
        return None if config is None or key not in config else str(config[key].value)

    def topics(self, names: Iterable[str]) -> tuple[Topic, ...]:
        """Return those of these topics that exist (Metadata, DescribeConfigs).

        Never creates a topic, regardless of auto.create.topics.enable: these two requests of an admin client forbid it,
        unlike its list_topics.
        """
        deadline = time.monotonic() + self._brokers.timeout
        self._await_contact(deadline)
        asked = self._client.describe_topics(TopicCollection(list(names)), request_timeout=_left(deadline))
        described = self._answers(asked, deadline)
        if not described:
            return ()
        resources = [ConfigResource(ConfigResource.Type.TOPIC, name) for name in described]
        asked = self._client.describe_configs(resources, request_timeout=_left(deadline))
        configs = {resource.name: config for resource, config in self._answers(asked, deadline).items()}
        return tuple(_topic(name, described[name], config) for name, config in configs.items())

    def topic_names(self) -> tuple[str, ...]:
        """Return the names of all topics that this client may see (Metadata)."""
        deadline = time.monotonic() + self._brokers.timeout
        self._await_contact(deadline)
        try:
            return tuple(sorted(self._client.list_topics(timeout=_left(deadline)).topics))
        except KafkaException as error:
            raise self.failure(_TOPICS=str(error.args[0].str())) from None

    def ask(self, question: Callable[[Any, float], Mapping[Any, Any]]) -> dict[Any, Any]:
        """Return the responses to many requests at once, by what they are about. Leaves out what the brokers reject, or do not
        answer within the time limit.

        `question`: sends the requests with an admin client and this time limit in seconds.
        """
        deadline = time.monotonic() + self._brokers.timeout
        try:
            asked = question(self._client, _left(deadline))
        except KafkaException as error:
            raise self.failure(_TOPICS=str(error.args[0].str())) from None
        while not all(answer.done() for answer in asked.values()) and time.monotonic() < deadline:
            self._client.poll(_POLL)
        return {
            about: answer.result() for about, answer in asked.items() if answer.done() and answer.exception() is None
        }

    def consumer(self, options: Mapping[str, Any]) -> Any:
        """Return a consumer for `assign`. It joins no group, commits nothing, and skips records of aborted transactions."""
        self._await_contact(time.monotonic() + self._brokers.timeout)
        return self._new_client(
            Consumer,
            # The client requires a group ID.
            {
                "group.id": "ansible-streamops-kafka-connect",
                "enable.auto.commit": False,
                "enable.auto.offset.store": False,
                "enable.partition.eof": True,
                "auto.offset.reset": "earliest",
                "isolation.level": "read_committed",
                **options,
            },
        )

    def producer(self, transactional_id: str, timeout: float) -> Any:
        """Return a producer for transactions, each of which ends after this time in seconds. It fences an earlier one with this ID as
        soon as its transactions are initialized.
        """
        self._await_contact(time.monotonic() + self._brokers.timeout)
        options = {
            "transactional.id": transactional_id,
            "transaction.timeout.ms": round(1000 * timeout),
            "linger.ms": 5,
            # That of Java's producer: records with the same key go where those of the applications are.
            "partitioner": "murmur2_random",
        }
        return self._new_client(Producer, options)

    def _new_client(self, kind: Any, further: Mapping[str, Any]) -> Any:
        """Return a client of this class of confluent_kafka, with `further` options."""
        servers = _servers(self._brokers.bootstrap_servers)
        properties = client_properties(self._brokers.properties)
        self._secrets = secret_values(properties)
        # librdkafka reports errors to `_record_error`; by default it would write them to stderr.
        logger = logging.getLogger(f"{__name__}.quiet")
        logger.propagate = False
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())
        options: dict[str, Any] = {
            "reconnect.backoff.ms": 200,
            "socket.connection.setup.timeout.ms": 5000,
            **properties,
            **further,
            "bootstrap.servers": servers,
            "log_level": 0,
            "error_cb": partial(_record_error, self._reported),
        }
        try:
            return kind(options, logger=logger)
        except (KafkaException, ValueError, TypeError) as error:
            reported = str(error.args[0].str() if isinstance(error, KafkaException) else error)
            reported = mask_text(reported.removeprefix("Failed to create admin client: "), self._secrets)
            text = f"client_properties: {reported}"
            raise InputError([Problem(f"{text}: correct it, or leave it out")]) from None

    def _await_contact(self, deadline: float) -> Any:
        """Return a broker's description of the cluster. A request for groups alone would not report why it fails."""
        began = time.monotonic()
        answer = self._client.describe_cluster(request_timeout=_left(deadline))
        port: Probed | None = None
        while not answer.done() and time.monotonic() < deadline:
            self._client.poll(_POLL)
            if time.monotonic() > began + GIVE_UP and is_final(self._reported, port or Probed("no_tls")):
                port = port or self._probe(self._reported)
                if is_final(self._reported, port):
                    break
        if not answer.done() or answer.exception() is not None:
            raise self.failure()
        self._reported.clear()
        answered = answer.result()
        # From here on, a broker may fail under the address that it advertises.
        self._servers = (*self._brokers.bootstrap_servers, *map(_address, answered.nodes))
        return answered

    def _await_list(self, group_id: str) -> tuple[list[Any], str]:
        """Return the group with this name, or all groups, as soon as the brokers describe each of them. At the deadline,
        return those that they describe, and why the others are missing.
        """
        deadline = time.monotonic() + self._brokers.timeout
        self._await_contact(deadline)
        while True:
            found, failure = [], ""
            try:
                found = self._list(group_id, max(min(deadline - time.monotonic(), _ONE_LIST), 0.1))
                error = next((entry.error for entry in found if entry.error is not None), None)
                failure = "" if error is None else str(error.str())
                self._is_denied = error is not None and error.name() == "GROUP_AUTHORIZATION_FAILED"
            except KafkaException as error:
                failure = str(error.args[0].str())
            if not failure or time.monotonic() >= deadline:
                return [entry for entry in found if entry.error is None], failure
            self._client.poll(0.2)

    def _list(self, group_id: str, timeout: float) -> list[Any]:
        with warnings.catch_warnings():
            # Deprecated, but the newer calls decode consumer groups only.
            warnings.simplefilter("ignore", DeprecationWarning)
            named = {"group": group_id} if group_id else {}
            found: list[Any] = self._client.list_groups(timeout=timeout, **named)
        return found

    def _answers(self, asked: Mapping[Any, Any], deadline: float) -> dict[Any, Any]:
        """Return the response for each topic, None where access is denied. Leaves out topics that do not exist."""
        while not all(answer.done() for answer in asked.values()) and time.monotonic() < deadline:
            self._client.poll(_POLL)
        answers: dict[Any, Any] = {}
        for topic, answer in asked.items():
            if not answer.done():
                raise self.failure()
            failure = answer.exception()
            kind = "" if failure is None else failure.args[0].name()
            if not kind or kind in _NO_RIGHT:
                answers[topic] = None if kind else answer.result()
            elif kind != "UNKNOWN_TOPIC_OR_PART":
                raise self.failure(_TOPICS=str(failure.args[0].str()))
        return answers

    def _list_error(self, failure: str) -> BrokersError:
        return self.failure(_LIST=failure)

    def failure(self, **failed: str) -> BrokersError:
        """Return the error to raise. `failed`: error texts by this file's own code for the request."""
        reported = {**self._reported, **failed}
        port = self._probe(reported)
        why = cause(reported, port)
        shown = ",".join(self._brokers.bootstrap_servers)
        reason = mask_text(why.text, self._secrets)
        return BrokersError(
            f"brokers {shown}: {reason}",
            why.advice,
            cause="denied" if self._is_denied else "unusable" if is_final(reported, port) else "",
            reason=reason,
            server_problem=why.server_problem,
        )

    def _probe(self, reported: Mapping[str, str]) -> Probed:
        """Return the state of the first port with a problem, if that is more precise than librdkafka's code."""
        if not needs_probe(reported):
            return Probed()
        protocol = str(client_properties(self._brokers.properties).get("security.protocol", ""))
        # Avoid this elsewhere: a broker logs a line for each request that is not of the Kafka protocol.
        return probe_ports(self._servers, tls=protocol.upper().endswith("SSL"), http="_BAD_MSG" in reported)


def _left(deadline: float) -> float:
    """Return the seconds until then, as a time limit that librdkafka accepts."""
    return max(deadline - time.monotonic(), 0.1)


def _record_error(reported: dict[str, str], error: Any) -> None:
    """Keep the latest text of each error code: librdkafka repeats an error with every attempt to connect.

    Must not refer to the client: a reference cycle through librdkafka is never freed, nor are its threads and
    connections.
    """
    reported[str(error.name())] = str(error.str())


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


def _connect_groups(entries: Iterable[Any]) -> KnownGroups:
    """Return the groups of Connect workers, without those that can't be decoded."""
    groups, missing = [], None
    for entry in entries:
        if entry.protocol_type == CONNECT_PROTOCOL:
            try:
                groups.append(_group(entry))
            except BrokersError as error:
                missing = error
    return KnownGroups(tuple(groups), missing)


def _group(entry: Any) -> Group:
    try:
        return decode_group(entry.id, entry.state, entry.protocol_type, entry.protocol, _members(entry))
    except GroupFormatError as error:
        raise BrokersError(
            f"group {entry.id}: a member is not a Connect worker of a known version ({error})",
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


def _topic(name: str, description: Any, config: Any) -> Topic:
    """Return a topic from the responses of the brokers; None stands for a denied response."""
    topic = Topic(name)
    if config is not None:
        policy, in_sync = config["cleanup.policy"].value, config["min.insync.replicas"].value
        topic = replace(topic, cleanup_policy=policy, min_insync_replicas=int(in_sync))
    if description is not None:
        partitions = sorted(map(_partition, description.partitions), key=lambda one: one.number)
        topic = replace(
            topic,
            partitions=len(partitions),
            replicas=min((len(partition.replicas) for partition in partitions), default=0),
            leaders=tuple(one.leader for one in partitions),
            troubled=tuple(one for one in partitions if not one.accepts_writes(topic.min_insync_replicas)),
        )
    return topic


def _partition(described: Any) -> Partition:
    return Partition(
        int(described.id),
        None if described.leader is None else int(described.leader.id),
        _numbers(described.replicas),
        _numbers(described.isr),
    )


def _numbers(nodes: Sequence[Any]) -> tuple[int, ...]:
    return tuple(int(node.id) for node in nodes)


def _address(node: Any) -> str:
    return f"[{node.host}]:{node.port}" if ":" in node.host else f"{node.host}:{node.port}"
