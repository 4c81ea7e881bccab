# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The proxy in front of a small server: what it records, what it disturbs, and that it is down when the server is."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest

from testing.chaos.exchange import Answer, Disturbance, Exchange, Trigger
from testing.chaos.proxy import Proxy


class _Worker(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b'{"a": [1, 2, 3]}'
        self.server.seen.append((self.command, self.path))  # type: ignore[attr-defined]
        self.send_response(204 if self.command == "DELETE" else 200)
        if self.command != "DELETE":
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "DELETE":
            self.wfile.write(body)

    do_PUT = do_POST = do_DELETE = do_GET

    def log_message(self, *_what: Any) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Worker)
        self.seen: list[tuple[str, str]] = []
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def proxy(server: Server) -> Iterator[Proxy]:
    with Proxy([server.server_port]) as made:
        yield made


@pytest.fixture
def connection(proxy: Proxy) -> Iterator[http.client.HTTPConnection]:
    made = http.client.HTTPConnection("127.0.0.1", urlsplit(proxy.urls[0]).port, timeout=10)
    yield made
    made.close()


def ask(connection: http.client.HTTPConnection, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
    connection.request(method, path, body)
    answer = connection.getresponse()
    return answer.status, answer.read()


def ended(proxy: Proxy, count: int) -> tuple[Exchange, ...]:
    """Waits for `count` finished exchanges: the client can receive the response before the proxy has recorded the end."""
    assert proxy.await_that(lambda all_: sum(1 for one in all_ if one.ended) == count, 10)
    return proxy.exchanges


def any_write(exchange: Exchange) -> bool:
    return exchange.writes


def test_requests_and_responses_on_one_connection_are_recorded(
    proxy: Proxy, connection: http.client.HTTPConnection
) -> None:
    assert ask(connection, "GET", "/connectors?expand=info&expand=status") == (200, b'{"a": [1, 2, 3]}')
    kept_open = connection.sock
    assert ask(connection, "PUT", "/connectors/a%20b/config", b'{"k": "v"}') == (200, b'{"k": "v"}')
    assert ask(connection, "DELETE", "/connectors/a") == (204, b"")
    assert connection.sock is kept_open
    snapshot, write, delete = ended(proxy, 3)
    assert (snapshot.reads_snapshot, snapshot.writes, snapshot.connector) == (True, False, "")
    assert (write.writes, write.connector, write.body, write.status, write.worker_status) == (
        *(True, "a b", b'{"k": "v"}'),
        *(200, 200),
    )
    assert snapshot.sent <= snapshot.ended <= write.sent
    assert delete.status == 204


def test_a_validation_is_not_a_write(proxy: Proxy, connection: http.client.HTTPConnection) -> None:
    ask(connection, "PUT", "/connector-plugins/X/config/validate", b"{}")
    (only,) = ended(proxy, 1)
    assert (only.validates, only.writes, only.connector) == (True, False, "")


def test_a_response_can_be_dropped_after_the_request_was_forwarded(
    proxy: Proxy, server: Server, connection: http.client.HTTPConnection
) -> None:
    proxy.disturb(Disturbance("dropped", any_write, drop=True))
    with pytest.raises((http.client.HTTPException, OSError)):
        ask(connection, "PUT", "/connectors/a/config", b"{}")
    assert server.seen == [("PUT", "/connectors/a/config")]
    (only,) = ended(proxy, 1)
    assert (only.status, only.worker_status, only.disturbed) == (0, 200, "dropped")


def test_a_response_can_be_truncated(proxy: Proxy, connection: http.client.HTTPConnection) -> None:
    proxy.disturb(Disturbance("cut", lambda _any: True, cut=True))
    with pytest.raises(http.client.IncompleteRead):
        ask(connection, "GET", "/connectors")
    assert ended(proxy, 1)[0].status == 0


def test_a_request_can_be_refused_or_forwarded_twice(
    proxy: Proxy, server: Server, connection: http.client.HTTPConnection
) -> None:
    answer = Answer(503, b"<html>", {"Retry-After": "1", "Content-Type": "text/html"})
    proxy.disturb(Disturbance("503", any_write, copies=0, answer=answer))
    proxy.disturb(Disturbance("repeated", any_write, copies=2))
    assert ask(connection, "PUT", "/connectors/a/config", b"{}") == (503, b"<html>")
    assert server.seen == []
    assert ask(connection, "PUT", "/connectors/a/config", b"{}") == (200, b"{}")
    assert len(server.seen) == 2
    assert ask(connection, "PUT", "/connectors/a/config", b"{}") == (200, b"{}")
    assert len(server.seen) == 3
    assert [one.disturbed for one in ended(proxy, 3)] == ["503", "repeated", ""]


def test_a_response_can_be_stale(proxy: Proxy, connection: http.client.HTTPConnection) -> None:
    ask(connection, "GET", "/connectors", b'["a"]')
    ended(proxy, 1)
    proxy.disturb(Disturbance("stale", lambda _any: True, stale=True))
    assert ask(connection, "GET", "/connectors", b'["a", "b"]') == (200, b'["a"]')
    assert ask(connection, "GET", "/connectors", b'["a", "b"]') == (200, b'["a", "b"]')


def test_a_response_can_be_delayed(proxy: Proxy, connection: http.client.HTTPConnection) -> None:
    proxy.disturb(Disturbance("held", any_write, hold_after=0.3))
    began = time.monotonic()
    assert ask(connection, "PUT", "/connectors/a/config", b"{}")[0] == 200
    assert time.monotonic() - began >= 0.3


def test_a_response_after_the_client_left_does_not_count_as_received(
    proxy: Proxy, connection: http.client.HTTPConnection
) -> None:
    proxy.disturb(Disturbance("held", any_write, hold_after=0.5))
    connection.request("PUT", "/connectors/a/config", b"{}")
    assert proxy.await_that(lambda all_: bool(all_) and all_[0].worker_status == 200, 10)
    connection.close()
    (only,) = ended(proxy, 1)
    assert (only.status, only.worker_status) == (0, 200)


def test_triggers_act_at_their_request_and_hold_it(
    proxy: Proxy, server: Server, connection: http.client.HTTPConnection
) -> None:
    acted: list[tuple[str, int]] = []
    proxy.on(Trigger(any_write, lambda _one: acted.append(("before", len(server.seen))), number=2))
    proxy.on(Trigger(any_write, lambda _one: acted.append(("after", len(server.seen))), number=2, after=True))
    for _time in range(3):
        ask(connection, "PUT", "/connectors/a/config", b"{}")
    assert acted == [("before", 1), ("after", 2)]


def test_connections_are_refused_while_the_worker_is_down(server: Server) -> None:
    with Proxy([server.server_port]) as proxy:
        url = urlsplit(proxy.urls[0])
        connection = http.client.HTTPConnection("127.0.0.1", url.port, timeout=10)
        assert ask(connection, "GET", "/")[0] == 200
        server.shutdown()
        server.server_close()
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            again = http.client.HTTPConnection("127.0.0.1", url.port, timeout=10)
            try:
                ask(again, "GET", "/")
            except ConnectionRefusedError:
                break
            except (OSError, http.client.HTTPException):
                continue
            finally:
                again.close()
        else:
            raise AssertionError("the proxy never refused")
        with pytest.raises((OSError, http.client.HTTPException)):
            # The open connection ended with the worker.
            ask(connection, "GET", "/")
        connection.close()
