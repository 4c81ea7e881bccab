# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Brokers that do not respond, and the error messages."""

from __future__ import annotations

import errno
import gc
import socket
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from confluent_kafka import KafkaError

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import BrokersError, InputError
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group import brokers as adapter
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group import port_probe
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.broker_causes import (
    Probed,
    cause,
    is_final,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.brokers import (
    Brokers,
    BrokersClient,
    KafkaCluster,
    Node,
    Partition,
    Topic,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.protocol import MemberBytes
from tests.unit.connect.group_bytes import member
from tests.unit.connect.told_brokers import Told, node, partitions, settings


@contextmanager
def port(serve: Callable[[socket.socket], None]) -> Iterator[str]:
    """A listening port of this machine; each connection is passed to `serve`, then closed."""
    listener = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        while True:
            try:
                connection, _peer = listener.accept()
            except OSError:
                return
            with connection:
                serve(connection)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{listener.getsockname()[1]}"
    finally:
        # close() alone does not wake a waiting accept().
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def failure(server: str, timeout: float = 4.0, **properties: str) -> BrokersError:
    """The error of a request for the groups to this server, within its time limit."""
    began = time.monotonic()
    with pytest.raises(BrokersError) as failed:
        BrokersClient(
            Brokers((server,), {key.replace("_", "."): value for key, value in properties.items()}, timeout)
        ).group("orders")
    assert time.monotonic() - began < timeout + 1
    assert "\n" not in failed.value.message
    return failed.value


def test_a_port_without_a_listener_is_reported() -> None:
    with port(lambda _connection: None) as server:
        pass
    error = failure(server, 1.0)
    assert error.kind == "brokers_failed"
    assert error.message == f"brokers {server}: connection refused"
    assert "that the broker is running, and its port" in error.advice


def test_a_rest_port_is_reported() -> None:
    """As Jetty responds to the first bytes of Kafka's protocol."""

    def answer(connection: socket.socket) -> None:
        connection.recv(100)
        connection.sendall(b"HTTP/1.1 400 Illegal character CNTL=0x0\r\nConnection: close\r\n\r\n")

    with port(answer) as server:
        error = failure(server)
    assert error.message == f"brokers {server}: the port speaks HTTP"
    assert "not a worker's REST port" in error.advice


def test_a_port_that_closes_each_connection_is_reported() -> None:
    def listen(connection: socket.socket) -> None:
        connection.recv(100)

    with port(listen) as server:
        error = failure(server)
    assert "each connection is closed at once" in error.message
    assert "security.protocol" in error.advice


def test_a_port_with_another_protocol_is_reported() -> None:
    with port(lambda connection: connection.sendall(b"\xff" * 64)) as server:
        error = failure(server)
    assert "not a Kafka broker" in error.message or "closed at once" in error.message


@pytest.mark.parametrize("kind", ["_SSL", "_TRANSPORT"])
def test_missing_tls_is_reported_regardless_of_the_client_part_that_detects_it(kind: str) -> None:
    assert cause({kind: "in whatever words"}, Probed("no_tls"))[0] == "the port does not speak TLS"


def test_a_port_without_tls_is_final_and_a_refused_one_may_be_a_restart() -> None:
    said = {"_TRANSPORT": "in whatever words", "_ALL_BROKERS_DOWN": ""}
    assert is_final(said, Probed("no_tls"))
    assert not is_final(said, Probed("refused"))
    assert not is_final({"_TRANSPORT": ""}, Probed("no_tls"))


@pytest.mark.parametrize(
    ("number", "state", "words"),
    [
        (errno.ECONNREFUSED, "refused", "connection refused"),
        (errno.EHOSTUNREACH, "unreachable", "no route to host"),
        (errno.ETIMEDOUT, "connect_timeout", "connection timed out"),
    ],
)
def test_a_port_is_classified_by_the_error_number(
    monkeypatch: pytest.MonkeyPatch, number: int, state: str, words: str
) -> None:
    def connect(*_given: object) -> socket.socket:
        raise OSError(number, "in whatever language")

    monkeypatch.setattr(socket, "create_connection", connect)
    probed = port_probe.probe_ports(["kafka-1:9092"], tls=False)
    assert (probed.state, probed.text) == (state, words)
    assert cause({"_TRANSPORT": "in whatever words"}, probed)[0] == words


def hang_up(connection: socket.socket) -> None:
    connection.recv(100)


def test_the_unreachable_one_of_several_servers_is_named() -> None:
    with port(hang_up) as closed:
        pass
    with port(hang_up) as server:
        probed = port_probe.probe_ports([server, closed], tls=False)
    assert (probed.state, probed.text) == ("refused", f"{closed}: connection refused")


def test_a_probe_ends_in_time_regardless_of_the_response(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(port_probe, "PROBE_TIME", 0.2)
    over = threading.Event()

    def wait(_connection: socket.socket) -> None:
        over.wait(5)

    with port(wait) as server:
        began = time.monotonic()
        assert port_probe.probe_ports([server], tls=True).state in ("open", "connect_timeout")
        assert time.monotonic() - began < 2
        over.set()


def test_a_plaintext_broker_closes_a_tls_connection() -> None:
    with port(hang_up) as server:
        error = failure(server, security_protocol="SSL")
    assert error.message == f"brokers {server}: the port does not speak TLS"


def test_tls_to_a_plaintext_broker_is_reported() -> None:
    def answer_plainly(connection: socket.socket) -> None:
        connection.recv(100)
        connection.sendall(b"this is no TLS record")

    with port(answer_plainly) as server:
        error = failure(server, security_protocol="SSL")
    assert error.message == f"brokers {server}: the port does not speak TLS"
    assert "security.protocol" in error.advice


def test_an_unresolvable_name_is_reported() -> None:
    error = failure("no-such-broker.invalid:9092")
    assert error.message == "brokers no-such-broker.invalid:9092: unknown host name"
    assert "correct the host name" in error.advice


def test_a_port_that_never_responds_is_reported() -> None:
    held: list[socket.socket] = []
    with port(lambda connection: held.append(connection.dup())) as server:
        error = failure(server, 1.0)
    for connection in held:
        connection.close()
    assert error.kind == "brokers_failed"


def test_nothing_is_written_to_standard_error(capfd: pytest.CaptureFixture[str]) -> None:
    with port(lambda _connection: None) as server:
        pass
    failure(server, 0.7)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("url", ["http://connect-1.example.com:8083", "https://me:secret@connect-1.example.com"])
def test_a_rest_url_is_not_a_broker(url: str) -> None:
    with pytest.raises(InputError, match="is a REST URL: give brokers as HOST:PORT") as refused:
        BrokersClient(Brokers((url,)))
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("properties", "words"),
    [
        ({"ssl.truststor.location": "/x"}, 'No such configuration property: "ssl.truststor.location"'),
        ({"security.protocol": "TLS"}, 'Invalid value "tls" for configuration property "security.protocol"'),
        ({"security.protocol": "SASL_PLAINTEXT", "sasl.mechanism": "PLAIN"}, "sasl.username and sasl.password"),
        ({"security.protocol": "SSL", "ssl.ca.location": "/no/such/file"}, "ssl.ca.location failed"),
    ],
)
def test_invalid_properties_are_rejected(properties: dict[str, str], words: str) -> None:
    with pytest.raises(InputError, match=r"^client_properties: ") as refused:
        BrokersClient(Brokers(("127.0.0.1:1",), properties))
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


def test_no_secret_is_reported() -> None:
    secret = "hunter2-in-clear"
    with pytest.raises(InputError) as refused:
        BrokersClient(Brokers(("127.0.0.1:1",), {"ssl.key.pem": secret, "security.protocol": "SSL"}))
    assert secret not in str(refused.value)


def test_a_missing_library_is_named_in_the_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "HAS_CONFLUENT_KAFKA", False)
    with pytest.raises(BrokersError, match="pip install confluent-kafka"):
        BrokersClient(Brokers(("127.0.0.1:1",)))


def test_an_unused_client_is_freed_without_a_garbage_collection() -> None:
    """librdkafka's threads and connections end with it; otherwise a long wait would accumulate hundreds of them."""
    with port(lambda _connection: None) as server:
        gc.disable()
        try:
            client = BrokersClient(Brokers((server,), {}, 0.5))
            with pytest.raises(BrokersError):
                client.group("orders")
            remains = weakref.ref(client)
            del client
            assert remains() is None
        finally:
            gc.enable()


def topics_of(
    monkeypatch: pytest.MonkeyPatch, described: Mapping[str, Any], configs: Mapping[str, Any]
) -> tuple[Topic, ...]:
    """The result for these responses about topics a, b and c."""
    monkeypatch.setattr(adapter, "AdminClient", lambda *_given, **_options: Told(described, configs))
    return BrokersClient(Brokers(("127.0.0.1:1",), {}, 0.2)).topics(["a", "b", "c"])


def test_only_existing_topics_are_returned(monkeypatch: pytest.MonkeyPatch) -> None:
    described, configs = {"a": partitions(3, 2, 3), "c": partitions(1)}, {"a": settings("compact", "2")}
    # The last one is deleted between the two requests.
    assert topics_of(monkeypatch, described, configs) == (Topic("a", 3, 2, "compact", 2),)
    assert topics_of(monkeypatch, {}, {}) == ()


def test_unauthorized_topic_details_are_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    refused = KafkaError.TOPIC_AUTHORIZATION_FAILED
    described = {"a": refused, "b": partitions(1), "c": refused}
    configs = {"a": settings("delete", "1"), "b": KafkaError.CLUSTER_AUTHORIZATION_FAILED, "c": refused}
    assert topics_of(monkeypatch, described, configs) == (
        Topic("a", cleanup_policy="delete", min_insync_replicas=1),
        Topic("b", 1, 1),
        Topic("c"),
    )


def test_a_failed_topic_request_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BrokersError, match=r"^brokers 127\.0\.0\.1:1: Broker: Request timed out$") as failed:
        topics_of(monkeypatch, {"a": KafkaError.REQUEST_TIMED_OUT}, {})
    assert failed.value.advice == "check that all brokers run, and try again"


def test_a_topic_request_without_a_response_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BrokersError, match="no answer"):
        topics_of(monkeypatch, {"a": partitions(1)}, {"a": None})


def entry(group_id: str, members: Sequence[MemberBytes] = (), *, kind: str = "connect", error: Any = None) -> Any:
    """A group as librdkafka lists it."""
    reported = [
        SimpleNamespace(
            id=one.member_id,
            client_id=one.client_id,
            client_host=one.host,
            metadata=one.metadata,
            assignment=one.assignment,
        )
        for one in members
    ]
    return SimpleNamespace(
        id=group_id, state="Stable", protocol_type=kind, protocol="sessioned", members=reported, error=error
    )


def client_of(monkeypatch: pytest.MonkeyPatch, *listed: Any) -> BrokersClient:
    """A client of brokers that list these groups."""
    monkeypatch.setattr(adapter, "AdminClient", lambda *_given, **_options: Told({}, {}, listed))
    return BrokersClient(Brokers(("127.0.0.1:1",), {}, 0.2))


LOADING = KafkaError(KafkaError.COORDINATOR_LOAD_IN_PROGRESS)
BROKEN = replace(member(2), assignment=b"\x00\x09")


def test_other_groups_that_cannot_be_read_are_omitted(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = [
        entry("mine", [member(1)]),
        entry("theirs", [member(2)]),
        entry("broken", [BROKEN]),
        entry("moving", error=LOADING),
        entry("readers", kind="consumer"),
    ]
    brokers = client_of(monkeypatch, *listed)
    assert [group.group_id for group in brokers.other_groups("mine")] == ["theirs"]


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (entry("moving", kind="", error=LOADING), "Coordinator load in progress"),
        (entry("broken", [BROKEN]), "group broken: a member is not a Connect worker of a known version"),
    ],
)
def test_an_unreadable_group_does_not_hide_other_groups(
    monkeypatch: pytest.MonkeyPatch, other: Any, words: str
) -> None:
    known = client_of(monkeypatch, entry("mine", [member(1)]), other).groups()
    assert [group.group_id for group in known.groups] == ["mine"]
    assert known.missing is not None
    assert words in known.missing.message


def test_no_group_is_missing_if_all_are_readable(monkeypatch: pytest.MonkeyPatch) -> None:
    known = client_of(monkeypatch, entry("mine", [member(1)]), entry("readers", kind="consumer")).groups()
    assert ([group.group_id for group in known.groups], known.missing) == (["mine"], None)


def test_the_requested_group_must_be_readable(monkeypatch: pytest.MonkeyPatch) -> None:
    brokers = client_of(monkeypatch, entry("mine", [member(1)]), entry("moving", error=LOADING))
    found = brokers.group("mine")
    assert found is not None
    assert found.group_id == "mine"
    assert brokers.group("nope") is None
    with pytest.raises(BrokersError, match="Coordinator load in progress"):
        brokers.group("moving")


def test_brokers_that_do_not_respond_reveal_no_other_groups() -> None:
    assert BrokersClient(Brokers(("127.0.0.1:1",), {}, 0.2)).other_groups("mine") == ()


# The brokers themselves


def described(leader: int | None, replicas: Sequence[int], in_sync: Sequence[int]) -> Any:
    """A topic with one partition, as confluent-kafka describes it."""
    return SimpleNamespace(
        partitions=[
            SimpleNamespace(
                id=0,
                leader=None if leader is None else node(leader),
                replicas=list(map(node, replicas)),
                isr=list(map(node, in_sync)),
            )
        ]
    )


@pytest.mark.parametrize(
    ("partition", "in_sync", "troubled"),
    [
        (described(None, [3], []), "1", (Partition(0, None, (3,), ()),)),
        (described(1, [1, 2, 3], [1]), "2", (Partition(0, 1, (1, 2, 3), (1,)),)),
        (described(1, [1, 2, 3], [1, 2]), "2", ()),
    ],
)
def test_partitions_that_accept_no_writes_are_returned(
    monkeypatch: pytest.MonkeyPatch, partition: Any, in_sync: str, troubled: tuple[Partition, ...]
) -> None:
    (topic,) = topics_of(monkeypatch, {"a": partition}, {"a": settings("compact", in_sync)})
    assert topic.troubled == troubled
    assert topic.leaders == (None if partition.partitions[0].leader is None else 1,)


def test_the_cluster_is_described_with_its_brokers(monkeypatch: pytest.MonkeyPatch) -> None:
    told = Told(nodes=[node(1, "kafka-1:9092"), node(2, "::1:9092")], cluster_id="abc")
    monkeypatch.setattr(adapter, "AdminClient", lambda *_given, **_options: told)
    found = BrokersClient(Brokers(("kafka-1:9092",), {}, 0.2)).within(0.1).describe()
    assert found == KafkaCluster("abc", (Node(1, "kafka-1:9092"), Node(2, "[::1]:9092")))


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        ({"offsets.topic.replication.factor": SimpleNamespace(value="3")}, "3"),
        ({}, None),
        (KafkaError.CLUSTER_AUTHORIZATION_FAILED, None),
    ],
)
def test_a_setting_of_a_broker_is_unknown_without_the_acl(
    monkeypatch: pytest.MonkeyPatch, answer: Any, value: str | None
) -> None:
    monkeypatch.setattr(adapter, "AdminClient", lambda *_given, **_options: Told(settings={"7": answer}))
    client = BrokersClient(Brokers(("127.0.0.1:1",), {}, 0.2))
    assert client.broker_setting(7, "offsets.topic.replication.factor") == value


@pytest.mark.parametrize(
    ("reported", "port", "problem"),
    [
        ({"_TRANSPORT": ""}, Probed("refused", "connection refused"), "unreachable"),
        ({"_RESOLVE": ""}, Probed("unresolved", "unknown host name"), "unreachable"),
        ({"_TRANSPORT": ""}, Probed("no_tls"), "unusable"),
        ({"_BAD_MSG": ""}, Probed("http"), "unusable"),
        ({"_BAD_MSG": ""}, Probed("open"), "unusable"),
        ({"_ALL_BROKERS_DOWN": ""}, Probed("open"), "unusable"),
        ({"_AUTHENTICATION": "no"}, Probed("open"), ""),
        ({"_SSL": "certificate"}, Probed("open"), ""),
        ({}, Probed(), "unreachable"),
    ],
)
def test_the_codes_say_whether_a_server_is_a_broker(reported: Mapping[str, str], port: Probed, problem: str) -> None:
    assert cause(reported, port).server_problem == problem
