# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Kafka brokers behind a Connect cluster: the only file that uses a Kafka client (confluent-kafka, optional)."""

from __future__ import annotations

import logging
import time
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from ..errors import BrokersError, InputError, Problem
from ..secrets import mask_text, secret_values
from .broker_causes import cause, is_final
from .client_properties import client_properties
from .protocol import CONNECT_PROTOCOL, Group, GroupFormatError, KnownGroups, MemberBytes, decode_group

try:
    from confluent_kafka import KafkaException, TopicCollection
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
"""Seconds for the brokers to answer: room for one that is just being restarted."""

GIVE_UP = 2.0
"""Seconds after which a refusal that waiting does not cure (TLS, login, no broker at all) is believed."""

_NO_RIGHT = ("TOPIC_AUTHORIZATION_FAILED", "CLUSTER_AUTHORIZATION_FAILED")
"""Kinds of error by which brokers keep something from a client."""

_ONE_LIST = 4.0
"""Seconds for one question for the groups. It goes to every broker; one that has died keeps it waiting."""


@dataclass(frozen=True)
class Brokers:
    """How to reach the brokers: `properties` as a worker's own file has them, or as librdkafka does. `timeout` in s."""

    bootstrap_servers: tuple[str, ...]
    properties: Mapping[str, Any] = field(default_factory=dict)
    timeout: float = TIMEOUT


@dataclass(frozen=True)
class Topic:
    """A topic that is there. `replicas`: those of the partition with the fewest.

    What this client has no right to be told: `partitions` and `replicas` are 0 without the ACL Describe (it may not be
    there at all), `cleanup_policy` is None and `min_insync_replicas` 0 without the ACL DescribeConfigs.
    """

    name: str
    partitions: int = 0
    replicas: int = 0
    cleanup_policy: str | None = None
    min_insync_replicas: int = 0


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

    def group(self, group_id: str) -> Group | None:
        """The group of this name, whatever its type (DescribeGroups). None when there is none."""
        found, failure = self._await_list(group_id)
        if failure:
            raise self._list_error(failure)
        return next(map(_group, found), None)

    def groups(self) -> KnownGroups:
        """Every group of Connect workers (ListGroups, DescribeGroups). Somebody else's that can't be described for as long as
        brokers are waited for, or not be read, is no reason to fail.
        """
        found, failure = self._await_list("")
        known = _connect_groups(found)
        return replace(known, missing=self._list_error(failure)) if failure else known

    def other_groups(self, group_id: str) -> tuple[Group, ...]:
        """Every other group of Connect workers, as far as one question tells: somebody else's group that can't be described
        now, or read, is left out, and so are all of them where the brokers don't answer.
        """
        try:
            found = self._list("", _ONE_LIST)
        except KafkaException:
            return ()
        return _connect_groups(entry for entry in found if entry.error is None and entry.id != group_id).groups

    def count(self) -> int:
        """How many brokers are alive, as the cluster's metadata has them."""
        return len(self._await_contact(time.monotonic() + self._brokers.timeout).nodes)

    def topics(self, names: Iterable[str]) -> tuple[Topic, ...]:
        """Those of these topics that are there (Metadata, DescribeConfigs).

        Asking never creates one, whatever auto.create.topics.enable says: these two requests of an admin client forbid it,
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
        answer = self._client.describe_cluster(request_timeout=_left(deadline))
        while not answer.done() and time.monotonic() < deadline:
            self._client.poll(0.05)
            patience = began + GIVE_UP if is_final(self._said) else deadline
            if time.monotonic() > patience:
                break
        if not answer.done() or answer.exception() is not None:
            raise self._error(*cause(self._said))
        self._said.clear()
        return answer.result()

    def _await_list(self, group_id: str) -> tuple[list[Any], str]:
        """The group of this name, or all groups, as soon as the brokers describe each of them; those that they describe when
        the time is over, and why not the others.
        """
        deadline = time.monotonic() + self._brokers.timeout
        self._await_contact(deadline)
        while True:
            found, failure = [], ""
            try:
                found = self._list(group_id, max(min(deadline - time.monotonic(), _ONE_LIST), 0.1))
                failure = next((str(entry.error.str()) for entry in found if entry.error is not None), "")
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
        """The answer about each topic; None where this client has no right to it. Those that are not there are left out."""
        while not all(answer.done() for answer in asked.values()) and time.monotonic() < deadline:
            self._client.poll(0.05)
        answers: dict[Any, Any] = {}
        for topic, answer in asked.items():
            if not answer.done():
                raise self._error(*cause(self._said))
            failure = answer.exception()
            kind = "" if failure is None else failure.args[0].name()
            if not kind or kind in _NO_RIGHT:
                answers[topic] = None if kind else answer.result()
            elif kind != "UNKNOWN_TOPIC_OR_PART":
                raise self._error(*cause({**self._said, "_TOPICS": str(failure.args[0].str())}))
        return answers

    def _list_error(self, failure: str) -> BrokersError:
        return self._error(*cause({**self._said, "_LIST": failure}))

    def _error(self, failure: str, advice: str) -> BrokersError:
        shown = ",".join(self._brokers.bootstrap_servers)
        return BrokersError(f"brokers {shown}: {mask_text(failure, self._secrets)}", advice)


def _left(deadline: float) -> float:
    """Seconds until then, as a time limit that librdkafka takes."""
    return max(deadline - time.monotonic(), 0.1)


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


def _connect_groups(entries: Iterable[Any]) -> KnownGroups:
    """Those of Connect workers, without what can't be read."""
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
            f"group {entry.id}: a member is not a Connect worker of a known kind ({error})",
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
    """What the brokers told of a topic; None stands for what they did not tell."""
    topic = Topic(name)
    if description is not None:
        replicas = min((len(partition.replicas) for partition in description.partitions), default=0)
        topic = replace(topic, partitions=len(description.partitions), replicas=replicas)
    if config is not None:
        policy, in_sync = config["cleanup.policy"].value, config["min.insync.replicas"].value
        topic = replace(topic, cleanup_policy=policy, min_insync_replicas=int(in_sync))
    return topic
