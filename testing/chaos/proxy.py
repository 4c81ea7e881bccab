# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An HTTP proxy between a run and the workers, which records all requests and disturbs some.

Records of the config topic name no author, but the recorded requests belong to one run. Requests that workers forward to
each other do not pass the proxy.
"""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from .exchange import Answer, Disturbance, Exchange, Trigger
from .listening import listening_ports

PATIENCE = 300.0
"""Seconds to wait for the response of a worker, much longer than any run waits."""

_OWN_HEADERS = {"connection", "transfer-encoding", "content-length", "keep-alive"}


class Proxy:
    """Proxies the workers for one run. The run receives `urls`, in the order of the `ports` of the workers.

    A port of the proxy is open while the port of the worker is, so that the proxy refuses connections to a dead worker.
    """

    def __init__(self, ports: Sequence[int]) -> None:
        self._changed = threading.Condition()
        self._exchanges: list[Exchange] = []
        self._disturbances: list[Disturbance] = []
        self._triggers: list[tuple[Trigger, list[int]]] = []
        self._closing = threading.Event()
        self._gates = [_Gate(self, number, port) for number, port in enumerate(ports)]
        self._watcher = threading.Thread(target=self._watch, daemon=True)

    @property
    def urls(self) -> list[str]:
        return [f"http://127.0.0.1:{gate.port}" for gate in self._gates]

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """All requests so far in order of arrival, including unfinished ones."""
        with self._changed:
            return tuple(self._exchanges)

    def disturb(self, disturbance: Disturbance) -> None:
        with self._changed:
            self._disturbances.append(disturbance)

    def on(self, trigger: Trigger) -> None:
        with self._changed:
            self._triggers.append((trigger, [0]))

    def await_that(self, condition: Callable[[Sequence[Exchange]], bool], timeout: float) -> bool:
        """Waits until the condition holds for the requests so far. Returns whether it did within `timeout` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: condition(self._exchanges), timeout)

    def __enter__(self) -> Proxy:
        self._follow_workers()
        self._watcher.start()
        return self

    def __exit__(self, *_problem: object) -> None:
        self._closing.set()
        self._watcher.join()
        for gate in self._gates:
            gate.close()

    def _watch(self) -> None:
        while not self._closing.wait(0.03):
            self._follow_workers()

    def _follow_workers(self) -> None:
        listening = listening_ports()
        for gate in self._gates:
            if gate.worker_port in listening:
                gate.open()
            else:
                gate.close()

    # -- for the handler ---------------------------------------------------------------------------------------------

    def begin(self, worker: int, method: str, path: str, body: bytes) -> tuple[Exchange, Disturbance | None]:
        with self._changed:
            exchange = Exchange(len(self._exchanges), worker, method, path, body, time.time())
            disturbance = self._take(exchange)
            if disturbance is not None:
                exchange = replace(exchange, disturbed=disturbance.name)
            self._exchanges.append(exchange)
            self._changed.notify_all()
        self._pull_triggers(exchange, after=False)
        return exchange, disturbance

    def answered(self, exchange: Exchange, worker_status: int, answer: bytes) -> Exchange:
        """Records the response of the worker before the run receives it."""
        exchange = replace(exchange, worker_status=worker_status, answer=answer)
        self._note(exchange)
        self._pull_triggers(exchange, after=True)
        return exchange

    def first_answer(self, exchange: Exchange) -> Answer | None:
        """The response to the first request of this kind."""
        for one in self.exchanges:
            if (one.method, one.path) == (exchange.method, exchange.path) and one.status == 200:
                return Answer(one.status, one.answer, {"Content-Type": "application/json"})
        return None

    def end(self, exchange: Exchange, status: int) -> None:
        self._note(replace(exchange, status=status, ended=time.time()))

    def _note(self, exchange: Exchange) -> None:
        with self._changed:
            self._exchanges[exchange.number] = exchange
            self._changed.notify_all()

    def _take(self, exchange: Exchange) -> Disturbance | None:
        for number, one in enumerate(self._disturbances):
            if one.times > 0 and one.matches(exchange):
                self._disturbances[number] = replace(one, times=one.times - 1)
                return one
        return None

    def _pull_triggers(self, exchange: Exchange, *, after: bool) -> None:
        due = []
        with self._changed:
            for trigger, seen in self._triggers:
                if trigger.after is after and trigger.matches(exchange):
                    seen[0] += 1
                    if seen[0] == trigger.number:
                        due.append(trigger.action)
        for action in due:
            action(exchange)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, gate: _Gate, port: int) -> None:
        self.gate = gate
        self.connections: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignores runs that close the connection."""


class _Gate:
    """One port of the proxy. It keeps its number while the worker stops and starts."""

    def __init__(self, proxy: Proxy, worker: int, worker_port: int) -> None:
        self.proxy, self.worker, self.worker_port = proxy, worker, worker_port
        self._lock = threading.Lock()
        self._server: _Server | None = None
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]

    def open(self) -> None:
        with self._lock:
            if self._server is None:
                self._server = _Server(self, self.port)
                threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        """Refuses new connections and closes the existing ones, as the end of a process does."""
        with self._lock:
            server, self._server = self._server, None
        if server is not None:
            server.shutdown()
            server.server_close()
            for connection in list(server.connections):
                _hang_up(connection)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.server.connections.add(self.connection)

    def finish(self) -> None:
        self.server.connections.discard(self.connection)
        super().finish()

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except OSError:
            self.close_connection = True

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        gate = self.server.gate
        exchange, disturbance = gate.proxy.begin(gate.worker, self.command, self.path, body)
        disturbance = disturbance or Disturbance("", lambda _exchange: False)
        gate.proxy._closing.wait(disturbance.hold_before)
        worker: Answer | None = None
        for _copy in range(disturbance.copies):
            worker = self._pass_on(body)
        exchange = gate.proxy.answered(exchange, worker.status if worker else 0, worker.body if worker else b"")
        gate.proxy._closing.wait(disturbance.hold_after)
        reported = disturbance.answer or (gate.proxy.first_answer(exchange) if disturbance.stale else None) or worker
        delivered = reported is not None and not disturbance.drop and self._tell(reported, cut=disturbance.cut)
        self.close_connection = self.close_connection or not delivered
        gate.proxy.end(exchange, reported.status if reported is not None and delivered else 0)

    do_PUT = do_POST = do_DELETE = do_PATCH = do_GET

    def _pass_on(self, body: bytes) -> Answer | None:
        """The response of the worker; None if it closed the connection or is down."""
        upstream = http.client.HTTPConnection("127.0.0.1", self.server.gate.worker_port, timeout=PATIENCE)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _OWN_HEADERS | {"host"}}
        try:
            upstream.request(self.command, self.path, body or None, headers)
            with upstream.getresponse() as answer:
                kept = {name: value for name, value in answer.getheaders() if name.lower() not in _OWN_HEADERS}
                return Answer(answer.status, answer.read(), kept)
        except (OSError, http.client.HTTPException):
            return None
        finally:
            upstream.close()

    def _tell(self, answer: Answer, *, cut: bool) -> bool:
        """Sends a response to the run. Returns whether the run was still connected at the end."""
        if self._gone():
            return False
        self.send_response_only(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status not in (204, 304):
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body[: len(answer.body) // 2] if cut else answer.body)
        return not cut

    def _gone(self) -> bool:
        try:
            return not self.connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False
        except OSError:
            return True

    def log_message(self, *_what: Any) -> None:
        """Log nothing: requests are recorded as Exchange."""


def _hang_up(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # It has already ended.
