# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An HTTP server on loopback that answers as the Confluent-compatible API of a schema registry."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

Reply = tuple[int, Any]
"""Status, and the body: JSON, or a text that is sent as it is."""

NO_SUBJECT: Reply = (404, {"error_code": 40401, "message": "Subject not found"})
NO_LEVEL: Reply = (
    404,
    {"error_code": 40408, "message": "Subject does not have subject-level compatibility configured"},
)


@dataclass
class FakeRegistry:
    """Knows `subjects`, each with its schemas, and `levels`. `login`: what it requires, as USER:PASSWORD.

    `replies` replace the next answers, one for each request. `accepts` decides about a new schema. `asked` has the method, the path and
    the Authorization of each request.
    """

    subjects: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    levels: dict[str, str] = field(default_factory=dict)
    level: str = "BACKWARD"
    login: str = ""
    replies: list[Reply] = field(default_factory=list)
    accepts: Callable[[str, Any], Reply] = lambda _subject, _schema: (200, {"is_compatible": True})
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    def __enter__(self) -> FakeRegistry:
        registry = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self._answer("GET")

            def do_POST(self) -> None:
                self._answer("POST")

            def _answer(self, method: str) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                authorization = self.headers.get("Authorization", "")
                registry.asked.append((method, self.path, authorization))
                status, content = registry.answer(method, self.path, authorization, json.loads(body) if body else None)
                raw = content.encode() if isinstance(content, str) else json.dumps(content).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/vnd.schemaregistry.v1+json")
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *_arguments: Any) -> None:
                """Prints nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Its URL."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def answer(self, method: str, path: str, authorization: str, body: Any) -> Reply:
        """The answer to one request."""
        if self.replies:
            return self.replies.pop(0)
        if self.login and authorization != f"Basic {base64.b64encode(self.login.encode()).decode()}":
            return 401, {"error_code": 401, "message": "Unauthorized"}
        parts = [unquote(part) for part in urlsplit(path).path.strip("/").split("/")]
        if method == "POST" and parts[:2] == ["compatibility", "subjects"]:
            return self.accepts(parts[2], body) if parts[2] in self.subjects else NO_SUBJECT
        if parts[0] == "config":
            return self._level(parts[1:])
        if parts == ["subjects"]:
            return 200, list(self.subjects)
        return self._versions(parts[1], parts[3:]) if parts[0] == "subjects" else (404, "Not found")

    def _level(self, parts: list[str]) -> Reply:
        if not parts:
            return 200, {"compatibilityLevel": self.level}
        return (200, {"compatibilityLevel": self.levels[parts[0]]}) if parts[0] in self.levels else NO_LEVEL

    def _versions(self, subject: str, parts: list[str]) -> Reply:
        versions = self.subjects.get(subject)
        if versions is None:
            return NO_SUBJECT
        if not parts:
            return 200, list(range(1, len(versions) + 1))
        number = int(parts[0])
        schema = json.dumps(versions[number - 1])
        return 200, {"subject": subject, "version": number, "id": 100 + number, "schema": schema}
