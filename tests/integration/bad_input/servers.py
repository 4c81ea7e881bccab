# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ports that are not Connect workers: web servers, and servers that never respond."""

from __future__ import annotations

import http.server
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """The response of a web server to every request."""

    body: bytes
    content_type: str = "text/html"
    status: int = 200


class _Handler(http.server.BaseHTTPRequestHandler):
    page = Page(b"")

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(self.page.status)
        self.send_header("Content-Type", self.page.content_type)
        self.send_header("Content-Length", str(len(self.page.body)))
        self.end_headers()
        self.wfile.write(self.page.body)

    do_GET = do_PUT = do_POST = do_DELETE = _answer

    def log_message(self, *_arguments: object) -> None:
        """Log nothing: requests would only clutter the test's output."""


@contextmanager
def web_server(page: Page) -> Iterator[str]:
    """The URL of a web server that returns one page for every request."""
    handler = type("Handler", (_Handler,), {"page": page})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@contextmanager
def silent_server() -> Iterator[str]:
    """The URL of a port that accepts connections and never responds."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


@contextmanager
def closed_port() -> Iterator[str]:
    """The URL of a port that refuses connections."""
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{reserved.getsockname()[1]}"
