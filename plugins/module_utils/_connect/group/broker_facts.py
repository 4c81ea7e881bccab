# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the brokers show about themselves: which bootstrap servers work, the topic of groups, the internal topics. Reads only.

Nothing here creates a topic. A request for the coordinator of a group would create __consumer_offsets where it is missing, so the
coordinator is computed from the metadata of that topic.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from ..errors import BrokersError, ServerProblem
from ..parallel import in_parallel
from ..run import Run
from .broker_causes import Probed, unreachable
from .brokers import Brokers, BrokersClient, KafkaCluster, Node, Topic
from .internal_topics import OFFSETS_TOPIC, Role
from .port_probe import port_states

ANSWER_TIME = 3.0
"""Seconds for one request here. The read of the group before has already waited for brokers that restart."""

TOTAL_TIME = 8.0
"""Seconds for all requests here together."""

PARALLEL_SERVERS = 8

MOST_ADDRESSES = 60
"""Bootstrap servers and advertised addresses that are probed. Each is a connection."""

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Server:
    """A bootstrap server, asked on its own. `problem` is empty if it answers as a broker, or if `text` is another reason, such as
    a refused login; `cluster_id`: empty if unknown.
    """

    address: str
    problem: ServerProblem = ""
    text: str = ""
    advice: str = ""
    refuses: bool = False
    cluster_id: str = ""


@dataclass(frozen=True)
class Listener:
    """The address that a live broker advertises, where nothing can be reached from here."""

    number: int
    address: str
    text: str
    advice: str


@dataclass(frozen=True)
class BrokerFacts:
    """What the brokers show about themselves.

    `group_id`: of the workers, empty if unknown; `nodes`: the live brokers, none if no server answers. `offsets_topic`: None if it does
    not exist, or if that is unknown; `offsets_factor`: the replication factor that it would get if it does not exist; None if that is
    unknown.

    `internal_topics`: by role, those that were named; None for one that does not exist. Leaves out what could not be read.
    """

    group_id: str = ""
    servers: tuple[Server, ...] = ()
    listeners: tuple[Listener, ...] = ()
    cluster_id: str = ""
    nodes: tuple[Node, ...] = ()
    offsets_topic: Topic | None = None
    offsets_factor: int | None = None
    internal_topics: Mapping[Role, tuple[str, Topic | None]] = field(default_factory=dict)

    @property
    def alive(self) -> tuple[int, ...]:
        """The ids of the live brokers."""
        return tuple(node.number for node in self.nodes)


def read_facts(
    run: Run, brokers: Brokers, client: BrokersClient | None, group_id: str, internal_topics: Mapping[Role, str]
) -> BrokerFacts:
    """Read all facts within TOTAL_TIME. What cannot be read is left out: it is unknown, and no failure.

    `client`: one that has just read the group, None if there is none. A new client of each server costs a connection and some
    milliseconds, so only those are asked whose address no broker advertises.
    """
    ends = run.elapsed() + min(TOTAL_TIME, run.limit(TOTAL_TIME))
    reader = _Reader(run, ends)
    states = port_states(brokers.bootstrap_servers[:MOST_ADDRESSES])
    cluster = None if client is None else reader.ask(client, BrokersClient.describe)
    servers, client = _ask_servers(reader, brokers, states, client, cluster)
    if cluster is None and client is not None:
        cluster = reader.ask(client, BrokersClient.describe)
    if client is None or cluster is None:
        return BrokerFacts(group_id, servers)
    facts = BrokerFacts(group_id, servers, _listeners(cluster.nodes, states), cluster.cluster_id, cluster.nodes)
    return _with_topics(reader, client, facts, internal_topics)


def read_internal_topics(run: Run, client: BrokersClient, internal_topics: Mapping[Role, str]) -> BrokerFacts:
    """Read only these topics and the live brokers, as `read_facts` does."""
    reader = _Reader(run, run.elapsed() + min(TOTAL_TIME, run.limit(TOTAL_TIME)))
    cluster = reader.ask(client, BrokersClient.describe)
    topics = reader.ask(client, lambda asked: asked.topics(internal_topics.values())) if cluster is not None else None
    if cluster is None or topics is None:
        return BrokerFacts()
    found = {topic.name: topic for topic in topics}
    named = {role: (name, found.get(name)) for role, name in internal_topics.items()}
    return BrokerFacts(cluster_id=cluster.cluster_id, nodes=cluster.nodes, internal_topics=named)


class _Reader:
    """Asks within the time that is left."""

    def __init__(self, run: Run, ends: float) -> None:
        self.run = run
        self._ends = ends

    def ask(self, client: BrokersClient, question: Callable[[BrokersClient], Answer]) -> Answer | None:
        """The answer, None if there is none."""
        try:
            return question(self.within(client))
        except BrokersError:
            return None

    def within(self, client: BrokersClient) -> BrokersClient:
        """The client with the time limit of one request."""
        self.run.check("asking the brokers")
        return client.within(min(ANSWER_TIME, self._ends - self.run.elapsed()))


def _ask_servers(
    reader: _Reader,
    brokers: Brokers,
    states: Mapping[str, Probed],
    client: BrokersClient | None,
    cluster: KafkaCluster | None,
) -> tuple[tuple[Server, ...], BrokersClient | None]:
    """Each bootstrap server, and a client that gets answers: the given one if it does, or that of a server."""
    advertised = {node.address for node in cluster.nodes} if cluster is not None else set()
    known = Server("", cluster_id=cluster.cluster_id if cluster is not None else "")
    found = {address: replace(known, address=address) for address in states if address in advertised}
    found |= {
        address: Server(address, "unreachable", probed.text, unreachable(probed), refuses=probed.state == "refused")
        for address, probed in states.items()
        if probed.state != "open"
    }
    clients: dict[str, BrokersClient] = {}

    def ask(address: str) -> Server:
        own = clients[address] = BrokersClient(replace(brokers, bootstrap_servers=(address,)))
        try:
            return Server(address, cluster_id=reader.within(own).describe().cluster_id)
        except BrokersError as error:
            return Server(address, error.server_problem, error.reason, error.advice)

    others = [address for address in states if address not in found]
    for address, answer in in_parallel(reader.run, ask, others, PARALLEL_SERVERS):
        if isinstance(answer, Server):
            found[address] = answer
    if cluster is None:
        client = next((clients[one.address] for one in found.values() if one.cluster_id), None)
    return tuple(found[address] for address in states if address in found), client


def _listeners(nodes: Sequence[Node], states: Mapping[str, Probed]) -> tuple[Listener, ...]:
    """The advertised addresses that cannot be reached from here."""
    more = [node.address for node in nodes if node.address not in states]
    probed = {**states, **port_states(more[: MOST_ADDRESSES - len(states)])}
    return tuple(
        Listener(node.number, node.address, probed[node.address].text, unreachable(probed[node.address]))
        for node in nodes
        if node.address in probed and probed[node.address].state != "open"
    )


def _with_topics(
    reader: _Reader, client: BrokersClient, facts: BrokerFacts, internal_topics: Mapping[Role, str]
) -> BrokerFacts:
    topics = reader.ask(client, lambda asked: asked.topics([OFFSETS_TOPIC, *internal_topics.values()]))
    if topics is None:
        return facts
    found = {topic.name: topic for topic in topics}
    factor = _factor(reader, client, facts.alive) if OFFSETS_TOPIC not in found else None
    named = {role: (name, found.get(name)) for role, name in internal_topics.items()}
    return replace(facts, offsets_topic=found.get(OFFSETS_TOPIC), offsets_factor=factor, internal_topics=named)


def _factor(reader: _Reader, client: BrokersClient, alive: Sequence[int]) -> int | None:
    """The replication factor with which the brokers would create __consumer_offsets."""
    if not alive:
        return None
    text = reader.ask(client, lambda asked: asked.broker_setting(alive[0], "offsets.topic.replication.factor"))
    return int(text) if text and text.isdecimal() else None
