# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Brokers that do not answer, and what is said of it."""

from __future__ import annotations

import gc
import socket
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect import brokers as adapter
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.brokers import Brokers, BrokersClient
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import BrokersError, InputError


@contextmanager
def port(serve: Callable[[socket.socket], None]) -> Iterator[str]:
    """A listening port of this machine; each connection is given to `serve`, then closed."""
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
        # close() alone does not wake an accept() that is under way.
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def failure(server: str, timeout: float = 4.0, **properties: str) -> BrokersError:
    """What asking this server for the groups ends with; within its time limit."""
    began = time.monotonic()
    with pytest.raises(BrokersError) as failed:
        BrokersClient(
            Brokers((server,), {key.replace("_", "."): value for key, value in properties.items()}, timeout)
        ).groups()
    assert time.monotonic() - began < timeout + 1
    assert "\n" not in failed.value.message
    return failed.value


def test_nothing_listens() -> None:
    with port(lambda _connection: None) as server:
        pass
    error = failure(server, 1.0)
    assert error.kind == "brokers_failed"
    assert error.message == f"brokers {server}: connection refused"
    assert "is the port right?" in error.advice


def test_a_rest_port() -> None:
    """As Jetty answers the first bytes of Kafka's protocol."""

    def answer(connection: socket.socket) -> None:
        connection.recv(100)
        connection.sendall(b"HTTP/1.1 400 Illegal character CNTL=0x0\r\nConnection: close\r\n\r\n")

    with port(answer) as server:
        error = failure(server)
    assert error.message == f"brokers {server}: something that speaks HTTP answers"
    assert "not a worker's REST port" in error.advice


def test_a_port_that_closes_each_connection() -> None:
    def listen(connection: socket.socket) -> None:
        connection.recv(100)

    with port(listen) as server:
        error = failure(server)
    assert "each connection is closed at once" in error.message
    assert "security.protocol" in error.advice


def test_a_port_that_speaks_something_else() -> None:
    with port(lambda connection: connection.sendall(b"\xff" * 64)) as server:
        error = failure(server)
    assert "no Kafka broker" in error.message or "closed at once" in error.message


@pytest.mark.parametrize("kind", ["_SSL", "_TRANSPORT"])
def test_no_tls_is_told_whichever_part_of_the_client_notices_it(kind: str) -> None:
    said = "ssl://127.0.0.1:1/bootstrap: error:0A00010B:SSL routines::wrong version number (after 3ms in state CONNECT)"
    assert adapter._cause({kind: said})[0] == "the port has no TLS"


def test_tls_where_there_is_none() -> None:
    def answer_plainly(connection: socket.socket) -> None:
        connection.recv(100)
        connection.sendall(b"this is no TLS record")

    with port(answer_plainly) as server:
        error = failure(server, security_protocol="SSL")
    assert error.message == f"brokers {server}: the port has no TLS"
    assert "security.protocol" in error.advice


def test_a_name_that_leads_nowhere() -> None:
    error = failure("no-such-broker.invalid:9092")
    assert "Failed to resolve 'no-such-broker.invalid:9092'" in error.message
    assert "correct the host name" in error.advice


def test_a_port_that_never_answers() -> None:
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
def test_a_rest_url_is_no_broker(url: str) -> None:
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
def test_properties_that_can_not_be_right(properties: dict[str, str], words: str) -> None:
    with pytest.raises(InputError, match=r"^client_properties: ") as refused:
        BrokersClient(Brokers(("127.0.0.1:1",), properties))
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_secret_is_not_told() -> None:
    secret = "hunter2-in-clear"
    with pytest.raises(InputError) as refused:
        BrokersClient(Brokers(("127.0.0.1:1",), {"ssl.key.pem": secret, "security.protocol": "SSL"}))
    assert secret not in str(refused.value)


def test_without_the_library_it_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "HAS_CONFLUENT_KAFKA", False)
    with pytest.raises(BrokersError, match="pip install confluent-kafka"):
        BrokersClient(Brokers(("127.0.0.1:1",)))


def test_a_client_that_is_not_needed_any_more_is_gone_without_a_garbage_collection() -> None:
    """With it go librdkafka's threads and connections, of which a long wait would pile up hundreds."""
    with port(lambda _connection: None) as server:
        gc.disable()
        try:
            client = BrokersClient(Brokers((server,), {}, 0.5))
            with pytest.raises(BrokersError):
                client.groups()
            remains = weakref.ref(client)
            del client
            assert remains() is None
        finally:
            gc.enable()
