# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests the metrics of workers' agents or a Prometheus server, and separates temporary from permanent failures."""

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
from .task_rates import UnreadableError

TRIES = 3
"""Attempts at an endpoint that refuses, drops or fails before its worker's traffic counts as unknown."""
ACCEPT = ("Accept", "text/plain;version=0.0.4, application/json;q=0.5")

_READ = RestOperation("metrics", "GET", waits_for_herder=False)
_FINAL = {401: "authentication_failed", 403: "not_permitted"}
_FIXES = {
    "authentication_failed": "check {0}url_username and {0}url_password, or {0}token",
    "not_permitted": "these credentials or the agent's policy do not allow reading metrics",
    "metrics_failed": "check {0}source and the host, port and path of {0}url",
}
"""By the kind of a failure. {0}: how the options begin."""


@dataclass
class Endpoints:
    """Sends requests to the metrics URLs and counts them. Thread-safe."""

    transport: Transport
    run: Run
    workers: Workers = field(init=False)
    requests: int = 0
    retries: int = 0

    def __post_init__(self) -> None:
        self.workers = Workers(self.transport.connection.urls)
        self._lock = threading.Lock()

    def request(self, url: str, path: str, body: object = None) -> Answer:
        """The answer of one endpoint. Raises UnreadableError for temporary failures, RequestError for permanent ones."""
        method = "GET" if body is None else "POST"
        attempt = 0
        while True:
            attempt += 1
            self.run.check(f"reading metrics of {url}")
            try:
                answer = self._once(method, url, path, body)
            except NoAnswerError as failure:
                failed = interpret_no_answer(_READ, failure)
                if not failed.again:
                    raise self._failure(method, url, path, failure.detail, failed.kind, failed.advice) from failure
                if attempt == TRIES or failure.reason in ("timeout", "connect_timeout", "hung"):
                    raise UnreadableError(mask_text(f"{failure.detail} -> {failed.advice}")) from failure
            else:
                if answer.status < 500 and answer.status != 429:
                    return self._accepted(method, url, path, answer)
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

    def _accepted(self, method: str, url: str, path: str, answer: Answer) -> Answer:
        # Prometheus explains an error in a query with 400 or 422; the caller knows which query it was.
        refused = isinstance(answer.body, dict) and answer.body.get("status") == "error"
        if 200 <= answer.status < 300 or (answer.status in (400, 422) and refused):
            self.workers.good(url)
            return answer
        text = f"HTTP {answer.status}: {answer.message}"
        kind = _FINAL.get(answer.status, "metrics_failed")
        fix = _FIXES[kind].format(self.transport.connection.option_prefix)
        raise self._failure(method, url, path, text, kind, fix, answer.status)

    def _failure(
        self, method: str, url: str, path: str, text: str, kind: str, advice: str, status: int = 0
    ) -> Exception:
        """A permanent failure, unless the endpoint has answered in this run: then a proxy may cause it temporarily."""
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
