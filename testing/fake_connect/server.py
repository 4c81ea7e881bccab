# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTTP side of one fake worker: its port, its connections, and how responses are sent (or not)."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler

from .answers import Answer
from .request import Request

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


@dataclass(frozen=True)
class Tls:
    """PEM files of a worker's TLS listener; with `client_ca` it requires a client certificate signed by that authority."""

    certificate: str
    key: str
    client_ca: str | None = None

    def context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=self.client_ca)
        context.load_cert_chain(self.certificate, self.key)
        if self.client_ca is not None:
            context.verify_mode = ssl.CERT_REQUIRED
        return context


@dataclass(frozen=True)
class Outcome:
    """What is sent: a response, whole or truncated, or (None) a closed connection."""

    answer: Answer | None
    cut: bool = False


Respond = Callable[[Request], Outcome]


class Listener:
    """One TCP port: it serves, refuses connections, or accepts them without a response.

    The port number stays reserved all the time, like that of a worker that is killed and restarted.
    """

    def __init__(self, host: str, worker: int, respond: Respond, port: int = 0, tls: Tls | None = None) -> None:
        self.host = host
        self.worker = worker
        self.respond = respond
        self.tls = tls.context() if tls else None
        self.thawed = threading.Event()
        self.thawed.set()
        self._connections: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._socket = self._bind(port)
        self.port: int = self._socket.getsockname()[1]
        self.serving = False

    def _bind(self, port: int) -> socket.socket:
        bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((self.host, port))
        return bound

    def open(self) -> None:
        """Serve on the port, which is already bound."""
        if self.serving:
            return
        self.serving = True
        self._socket.listen(512)
        threading.Thread(target=self._accept, args=(self._socket,), name=f"fake-{self.port}", daemon=True).start()

    def close(self, keep_port: bool = True) -> None:
        """Drop every connection. With `keep_port` new ones are refused: the port is bound, but has no listener."""
        self.serving = False
        shut(self._socket)
        if keep_port:
            self._socket = self._bind(self.port)
        with self._lock:
            connections = list(self._connections)
        for connection in connections:
            shut(connection)
        self.thawed.set()

    def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                connection, _peer = listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with self._lock:
            self._connections.add(connection)
        current = connection
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.tls is not None:
                self.thawed.wait()
                current = self.tls.wrap_socket(connection, server_side=True)
                with self._lock:
                    self._connections.add(current)
            Handler(current, self)
        except OSError:
            pass  # The client disconnected, or a test closed the worker: both are intended.
        finally:
            with self._lock:
                self._connections -= {connection, current}
            shut(current)
            shut(connection)


def shut(connection: socket.socket) -> None:
    """Close a socket, and wake all threads that wait for it, on both sides."""
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    with contextlib.suppress(OSError):
        connection.close()


class Handler(BaseHTTPRequestHandler):
    """The requests of one connection."""

    protocol_version = "HTTP/1.1"

    def __init__(self, connection: socket.socket, listener: Listener) -> None:
        self.listener = listener
        super().__init__(connection, ("", 0), None)  # type: ignore[arg-type]  # stores the server, and never uses it

    def handle_any(self) -> None:
        body = self._read_body()
        # Not self.path: the base class merges two leading slashes.
        path, _mark, query = self.requestline.split()[1].partition("?")
        request = Request(
            worker=self.listener.worker,
            method=self.command,
            path=path,
            query=query,
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
        )
        self._send(self.listener.respond(request))

    def _read_body(self) -> bytes:
        length = int(self.headers.get("Content-Length") or 0)
        return self.rfile.read(length) if length else b""

    def _send(self, outcome: Outcome) -> None:
        answer = outcome.answer
        if answer is None or not self.listener.serving:
            self.close_connection = True
            return
        body = answer.body
        lines = [f"HTTP/1.1 {answer.status} {self.responses.get(answer.status, ('Unknown',))[0]}"]
        lines += [f"{name}: {value}" for name, value in answer.headers.items()]
        if body is not None:
            lines.append(f"Content-Length: {len(body)}")
        head = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"
        if body is None or self.command == "HEAD":
            body = b""
        if outcome.cut or answer.headers.get("Connection") == "close":
            self.close_connection = True
        self.wfile.write(head + (body[: len(body) // 2] if outcome.cut else body))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
        """Log nothing: tests read the recorded requests."""


for _method in METHODS:
    setattr(Handler, f"do_{_method}", Handler.handle_any)
