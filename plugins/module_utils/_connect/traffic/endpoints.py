# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Asks what tells of a cluster's traffic: agents of the workers, a Prometheus server. Tells what may pass from what won't."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from ..errors import RequestError
from ..rest.answers import interpret_no_answer
from ..rest.client import Workers
from ..rest.operations import RestOperation
from ..rest.transport import Answer, NoAnswerError, Transport
from ..run import Run, backoff
from ..secrets import mask_text
from .metrics_formats import UnreadableError

TRIES = 3
"""How often an endpoint that refuses, drops or fails is asked before its worker's traffic is unknown."""
ACCEPT = ("Accept", "text/plain;version=0.0.4, application/json;q=0.5")

_READ = RestOperation("metrics", "GET", waits_for_herder=False)
_FINAL = {401: "authentication_failed", 403: "not_permitted"}
_CURES = {
    "authentication_failed": "check traffic.url_username and traffic.url_password, or traffic.token",
    "not_permitted": "these credentials, or the agent's policy, do not allow to read metrics",
    "metrics_failed": "check traffic.source, and host, port and path of traffic.url",
}


@dataclass
class Endpoints:
    """Asks the URLs that tell of the traffic. Counts what it sends. Thread-safe."""

    transport: Transport
    run: Run
    workers: Workers = field(init=False)
    requests: int = 0
    retries: int = 0

    def __post_init__(self) -> None:
        self.workers = Workers(self.transport.connection.urls)
        self._lock = threading.Lock()

    def ask(self, url: str, path: str, body: object = None) -> Answer:
        """The answer of one endpoint. Raises UnreadableError for what may pass, RequestError for what will not."""
        method = "GET" if body is None else "POST"
        attempt = 0
        while True:
            attempt += 1
            self.run.check(f"reading metrics of {url}")
            try:
                answer = self._once(method, url, path, body)
            except NoAnswerError as failure:
                verdict = interpret_no_answer(_READ, failure)
                if not verdict.again:
                    raise self._failure(method, url, path, failure.detail, verdict.kind, verdict.advice) from failure
                if attempt == TRIES or failure.reason in ("timeout", "connect_timeout", "hung"):
                    raise UnreadableError(mask_text(f"{failure.detail} -> {verdict.advice}")) from failure
            else:
                if answer.status < 500 and answer.status != 429:
                    return self._judged(method, url, path, answer)
                if attempt == TRIES:
                    raise UnreadableError(f"HTTP {answer.status}: {mask_text(answer.message)}")
            with self._lock:
                self.retries += 1
            self.run.pause(backoff(attempt))

    def _once(self, method: str, url: str, path: str, body: object) -> Answer:
        with self._lock:
            self.requests += 1
        limit = max(self.run.limit(self.transport.connection.read_timeout), 0.1)
        return self.transport.exchange(url, method, path, body=body, timeout=limit)

    def _judged(self, method: str, url: str, path: str, answer: Answer) -> Answer:
        # Prometheus says with 400 and 422 what is wrong with a query, and its caller knows which one that was.
        refused = isinstance(answer.body, dict) and answer.body.get("status") == "error"
        if 200 <= answer.status < 300 or (answer.status in (400, 422) and refused):
            self.workers.good(url)
            return answer
        text = f"HTTP {answer.status}: {answer.message}"
        kind = _FINAL.get(answer.status, "metrics_failed")
        raise self._failure(method, url, path, text, kind, _CURES[kind], answer.status)

    def _failure(
        self, method: str, url: str, path: str, text: str, kind: str, advice: str, status: int = 0
    ) -> Exception:
        """What will not pass by itself; of an endpoint that has answered in this run, a proxy may say that for a moment."""
        text = mask_text(text)
        if self.workers.has_answered(url):
            return UnreadableError(text)
        return RequestError(
            f"metrics of {url}{path.partition('?')[0]}: {text}",
            reason=text,
            kind=kind,
            advice=advice,
            method=method,
            path=path,
            worker=url,
            http_status=status,
        )
