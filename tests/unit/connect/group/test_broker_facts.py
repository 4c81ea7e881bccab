# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is read of the brokers: real ports of this machine, and prepared responses of brokers."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from typing import Any

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group import broker_facts, port_probe
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group import brokers as adapter
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.broker_causes import Probed
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.broker_facts import (
    BrokerFacts,
    read_facts,
    read_internal_topics,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.brokers import (
    Brokers,
    BrokersClient,
    Node,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.internal_topics import Role
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.run import Run
from tests.unit.connect.loopback import listening
from tests.unit.connect.told_brokers import Told, node, partitions, settings

OFFSETS = "__consumer_offsets"
Open = Callable[[], str]


def hold(_connection: socket.socket, over: threading.Event) -> None:
    over.wait(5)


@pytest.fixture
def open_port() -> Iterator[Open]:
    """Opens a port that accepts connections."""
    with ExitStack() as ports:

        def accept() -> str:
            port = ports.enter_context(listening(hold))
            return f"127.0.0.1:{port.number}"

        yield accept


@pytest.fixture
def closed() -> str:
    """A port that refuses connections."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"127.0.0.1:{server.getsockname()[1]}"


def read(
    monkeypatch: pytest.MonkeyPatch,
    told: Mapping[str, Told],
    servers: tuple[str, ...],
    topics: Mapping[Role, str] | None = None,
    *,
    has_contact: bool = True,
) -> BrokerFacts:
    """The facts where `told` answers at these addresses, and all other clients get no answer."""

    def client(options: Mapping[str, Any], **_more: Any) -> Any:
        first = str(options["bootstrap.servers"]).split(",", maxsplit=1)[0]
        return told.get(first) or Silent()

    monkeypatch.setattr(adapter, "AdminClient", client)
    brokers = Brokers(servers, {}, 0.3)
    return read_facts(Run(), brokers, BrokersClient(brokers) if has_contact else None, "sandbox", topics or {})


class Silent(Told):
    """Accepts connections and does not answer."""

    def describe_cluster(self, **_options: Any) -> Any:
        return Future()


def test_a_bootstrap_server_that_a_broker_advertises_is_not_asked_again(
    monkeypatch: pytest.MonkeyPatch, open_port: Open
) -> None:
    server = open_port()
    told = Told({OFFSETS: partitions(1, 1)}, {OFFSETS: settings("compact", "1")}, nodes=[node(1, server)])
    found = read(monkeypatch, {server: told}, (server,))
    assert [(one.address, one.problem, one.cluster_id) for one in found.servers] == [(server, "", "kafka")]
    assert found.nodes == (Node(1, server),)
    assert found.listeners == ()
    assert found.offsets_topic is not None
    assert found.offsets_topic.leaders == (1, 1)


def test_a_dead_server_beside_a_live_one_is_unreachable(
    monkeypatch: pytest.MonkeyPatch, open_port: Open, closed: str
) -> None:
    server = open_port()
    found = read(monkeypatch, {server: Told(nodes=[node(1, server)])}, (server, closed))
    assert [(one.problem, one.text, one.refuses) for one in found.servers] == [
        ("", "", False),
        ("unreachable", "connection refused", True),
    ]
    assert "that the broker is running" in found.servers[1].advice


def test_a_server_with_another_name_is_asked_on_its_own(monkeypatch: pytest.MonkeyPatch, open_port: Open) -> None:
    server, alias, silent = open_port(), open_port(), open_port()
    told = {server: Told(nodes=[node(1, server)]), alias: Told(nodes=[node(1, server)], cluster_id="other")}
    monkeypatch.setattr(broker_facts, "ANSWER_TIME", 0.2)
    found = read(monkeypatch, told, (server, alias, silent))
    assert [(one.cluster_id, one.problem) for one in found.servers] == [
        ("kafka", ""),
        ("other", ""),
        ("", "unreachable"),
    ]


def test_without_contact_the_first_server_that_answers_is_used(
    monkeypatch: pytest.MonkeyPatch, open_port: Open, closed: str
) -> None:
    server = open_port()
    found = read(monkeypatch, {server: Told(nodes=[node(4, server)])}, (closed, server), has_contact=False)
    assert found.alive == (4,)
    assert [one.problem for one in found.servers] == ["unreachable", ""]


def test_brokers_that_are_all_down_are_not_waited_for(monkeypatch: pytest.MonkeyPatch, closed: str) -> None:
    began = time.monotonic()
    found = read(monkeypatch, {}, (closed,), has_contact=False)
    assert time.monotonic() - began < 1
    assert (found.nodes, [one.problem for one in found.servers]) == ((), ["unreachable"])


def test_an_advertised_address_that_refuses_is_found(
    monkeypatch: pytest.MonkeyPatch, open_port: Open, closed: str
) -> None:
    server = open_port()
    found = read(monkeypatch, {server: Told(nodes=[node(1, server), node(2, closed)])}, (server,))
    assert [(one.number, one.address, one.text) for one in found.listeners] == [(2, closed, "connection refused")]


@pytest.mark.parametrize("factor", ["3", "not a number"])
def test_the_factor_of_a_missing_topic_of_groups_is_read(
    monkeypatch: pytest.MonkeyPatch, open_port: Open, factor: str
) -> None:
    server = open_port()
    setting = {"offsets.topic.replication.factor": settings("", factor)["min.insync.replicas"]}
    found = read(monkeypatch, {server: Told(settings={"1": setting}, nodes=[node(1, server)])}, (server,))
    assert found.offsets_topic is None
    assert found.offsets_factor == (3 if factor == "3" else None)


def test_named_topics_are_read_and_missing_ones_are_known(monkeypatch: pytest.MonkeyPatch, open_port: Open) -> None:
    server = open_port()
    told = Told({"configs": partitions(1, 1)}, {"configs": settings("delete", "1")}, nodes=[node(1, server)])
    found = read(monkeypatch, {server: told}, (server,), {"config": "configs", "status": "statuses"})
    name, topic = found.internal_topics["config"]
    assert (name, topic is not None and topic.cleanup_policy) == ("configs", "delete")
    assert found.internal_topics["status"] == ("statuses", None)


def test_only_the_internal_topics_are_read_without_the_check_of_the_brokers(monkeypatch: pytest.MonkeyPatch) -> None:
    told = Told({"configs": partitions(1)}, {"configs": settings("compact", "1")}, nodes=[node(1)])
    monkeypatch.setattr(adapter, "AdminClient", lambda *_given, **_more: told)
    found = read_internal_topics(
        Run(), BrokersClient(Brokers(("a:1",), {}, 0.3)), {"config": "configs", "status": "statuses"}
    )
    assert found.internal_topics["config"][1] is not None
    assert found.internal_topics["status"] == ("statuses", None)
    assert (found.servers, found.listeners, found.offsets_topic, found.alive) == ((), (), None, (1,))


def test_the_probes_of_many_addresses_are_limited(monkeypatch: pytest.MonkeyPatch, open_port: Open) -> None:
    server = open_port()
    probed: list[str] = []
    monkeypatch.setattr(broker_facts, "MOST_ADDRESSES", 3)

    def probe(servers: Sequence[str]) -> Mapping[str, Probed]:
        probed.extend(servers)
        return port_probe.port_states(servers)

    monkeypatch.setattr(broker_facts, "port_states", probe)
    nodes = [node(1, server), *(node(number, f"127.0.0.1:{number}") for number in range(2, 9))]
    found = read(monkeypatch, {server: Told(nodes=nodes)}, (server,))
    assert len(probed) == 3
    assert len(found.listeners) == 2
