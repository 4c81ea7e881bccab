# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An HTTP server on loopback that answers as an agent's page, as Jolokia and as a Prometheus server."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

CAPTURED = Path(__file__).parent / "captured"
Task = tuple[str, int]
Reply = tuple[int, str, str]
"""Status, content type, body."""


def captured(name: str) -> Any:
    """A captured answer: of a JSON file what it holds, else its text."""
    text = (CAPTURED / name).read_text(encoding="utf-8")
    return json.loads(text) if name.endswith(".json") else text


@dataclass(frozen=True)
class Asked:
    """One request: its body is decoded JSON, or None."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any


@dataclass
class MetricsServer:
    """Reports that the first of `tasks` (evaluated for each response) polls and writes `rate` records per second, and the
    other tasks none.

    A Prometheus query that has "up" in it gives `up`, one that has "lag" gives `lag`, every other one `rate`.
    `replies` replace the first responses, one for each request; None keeps the normal response.
    """

    tasks: Callable[[], Iterable[Task]] = lambda: (("orders", 0),)
    rate: float = 0.0
    up: float = 1.0
    lag: float = 0.0
    replies: list[Reply | None] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)

    def __enter__(self) -> MetricsServer:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = json.loads(self.rfile.read(length)) if length else None
                parts = urlsplit(self.path)
                query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
                server.asked.append(Asked(self.command, parts.path, query, dict(self.headers.items()), body))
                scripted = server.replies.pop(0) if server.replies else None
                status, kind, text = scripted or server._reply(server.asked[-1])
                content = text.encode()
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_POST = do_GET  # named as the base class wants it

            def log_message(self, *_arguments: object) -> None:
                """Tests read what was asked from `asked`."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._http.server_address[1]}"

    @property
    def url(self) -> str:
        return f"http://{self.address}"

    def _reply(self, asked: Asked) -> Reply:
        if asked.path == "/metrics":
            return 200, "text/plain; version=0.0.4; charset=utf-8", page(self.tasks(), self.rate)
        if asked.path == "/jolokia/" and asked.method == "POST":
            return 200, "application/json", json.dumps(jolokia(self.tasks(), self.rate))
        if asked.path in ("/api/v1/query", "/api/v1/query_range"):
            return 200, "application/json", json.dumps(self._prometheus(asked))
        return 404, "text/plain; charset=utf-8", "404 page not found\n"

    def _prometheus(self, asked: Asked) -> dict[str, Any]:
        words = asked.query["query"]
        value = self.up if re.search(r"\bup\b", words) else self.lag if "lag" in words else self.rate
        if asked.path == "/api/v1/query":
            result = [{"metric": {}, "value": [round(time.time(), 3), str(value)]}]
            return {"status": "success", "data": {"resultType": "vector", "result": result}}
        start, end, step = (round(1000 * float(asked.query[name])) for name in ("start", "end", "step"))
        values = [[moment / 1000, str(value)] for moment in range(start, end + 1, step)]
        return {"status": "success", "data": {"resultType": "matrix", "result": [{"metric": {}, "values": values}]}}


def page(tasks: Iterable[Task], rate: float) -> str:
    """The page of an agent whose worker runs these source tasks."""
    known = list(tasks)
    lines = [f"kafka_connect_connect_worker_metrics_task_count {float(len(known))}"]
    for name in ("poll", "write"):
        metric = f"kafka_connect_source_task_metrics_source_record_{name}_rate"
        lines.append(f"# TYPE {metric} untyped")
        lines += [
            f'{metric}{{connector="{connector}",task="{task}"}} {0.0 if number else rate}'
            for number, (connector, task) in enumerate(known)
        ]
    return "\n".join(lines) + "\n"


def jolokia(tasks: Iterable[Task], rate: float) -> list[dict[str, Any]]:
    """Jolokia's answer to the bulk read of a worker that runs these source tasks."""
    sources = {
        f"kafka.connect:connector={connector},task={task},type=source-task-metrics": {
            "source-record-poll-rate": 0.0 if number else rate,
            "source-record-write-rate": 0.0 if number else rate,
        }
        for number, (connector, task) in enumerate(tasks)
    }
    missing = {"status": 404, "error_type": "javax.management.InstanceNotFoundException", "error": "No MBean"}
    found = {"status": 200, "value": sources} if sources else missing
    return [found, missing, {"status": 200, "value": float(len(sources))}]
