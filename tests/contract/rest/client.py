# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A raw HTTP client for the REST interface: it shares no code with the engine, and hides only rebalances."""

from __future__ import annotations

import base64
import http.client
import json
import ssl
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import quote, urlsplit

PASSING = (
    "Cannot complete request momentarily due to stale configuration",
    "Cannot complete request momentarily due to no known leader URL",
    "Cannot complete request because of a conflicting operation",
    "Request cannot be completed because a rebalance is expected",
    'Cannot invoke "Object.equals(Object)" because "current" is null',
)
"""Errors that do not concern the request itself: any other one at that moment would have failed, too.

The last is a bug of Kafka 3.9 that occasionally affects any request about a plugin's class.
"""

Body = Mapping[str, Any] | list[Any] | bytes | None


@dataclass(frozen=True)
class Reply:
    """A response; `headers` have lower-case names."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def message(self) -> str:
        """The text of an error body. Raises an error if it does not have Connect's form."""
        content = self.json
        assert sorted(content) == ["error_code", "message"], content
        assert content["error_code"] == self.status
        return str(content["message"])

    @property
    def is_passing(self) -> bool:
        return self.status in (409, 500) and any(text in self.body.decode() for text in passing_texts())


def passing_texts() -> list[str]:
    """The texts of PASSING as they appear in a JSON body."""
    return [json.dumps(text)[1:-1] for text in PASSING]


@dataclass(frozen=True)
class Connect:
    """A cluster under test. `urls` are its workers, the default one first."""

    kind: str
    urls: list[str]
    version: tuple[int, ...]
    user: str | None = None
    password: str = ""
    tls: ssl.SSLContext | None = None
    names: list[str] = field(default_factory=list)

    def send(
        self,
        method: str,
        path: str,
        body: Body = None,
        headers: Mapping[str, str] | None = None,
        worker: int = 0,
    ) -> Reply:
        """Send one request, repeated for up to 30 s while the response is one of PASSING."""
        deadline = time.monotonic() + 30
        while True:
            reply = self.send_once(method, path, body, headers, worker)
            if not reply.is_passing or time.monotonic() > deadline:
                return reply
            time.sleep(0.2)

    def send_once(
        self,
        method: str,
        path: str,
        body: Body = None,
        headers: Mapping[str, str] | None = None,
        worker: int = 0,
    ) -> Reply:
        content = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        given = dict(headers or {})
        if content is not None:
            given.setdefault("Content-Type", "application/json")
        if self.user is not None:
            given.setdefault("Authorization", basic(self.user, self.password))
        with self._connection(worker) as connection:
            connection.request(method, path, content, given)
            answer = connection.getresponse()
            fields = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, fields, answer.read())

    @contextmanager
    def _connection(self, worker: int) -> Iterator[http.client.HTTPConnection]:
        url = urlsplit(self.urls[worker])
        host, port = url.hostname or "", url.port
        if url.scheme == "https":
            connection: http.client.HTTPConnection = http.client.HTTPSConnection(
                host, port, timeout=100, context=self.tls
            )
        else:
            connection = http.client.HTTPConnection(host, port, timeout=100)
        try:
            yield connection
        finally:
            connection.close()

    def create(self, name: str, config: Mapping[str, Any]) -> Reply:
        """PUT a connector, and note its name so that the test's end removes it."""
        self.names.append(name)
        return self.send("PUT", f"{path_of(name)}/config", dict(config))

    def states(self, name: str, worker: int = 0) -> tuple[str, list[str]] | None:
        """The states of a connector and its tasks as a worker knows them; None if it has no status."""
        reply = self.send("GET", f"{path_of(name)}/status", worker=worker)
        if reply.status == 404:
            return None
        status = reply.json
        return status["connector"]["state"], [task["state"] for task in status["tasks"]]

    def await_states(self, name: str, connector: str, tasks: list[str]) -> None:
        """Each worker reads the statuses separately, and the leader, another worker, may serve the next request."""
        for worker in range(len(self.urls)):
            await_value(partial(self.states, name, worker), (connector, tasks))

    def remove_all(self) -> None:
        """Delete everything that was created and can be addressed, if it still exists."""
        there = set(self.send("GET", "/connectors").json)
        paths = [path_of(name) for name in self.names if name in there]
        self.names.clear()
        in_parallel([partial(self.send, "DELETE", path) for path in paths])


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def path_of(name: str) -> str:
    return f"/connectors/{quote(name, safe='')}"


def await_value(read: Callable[[], Any], expected: Any, timeout: float = 60) -> None:
    """Poll until the condition holds; fails with the last response."""
    deadline = time.monotonic() + timeout
    seen = read()
    while seen != expected:
        assert time.monotonic() < deadline, f"after {timeout} s still {seen!r}, not {expected!r}"
        time.sleep(0.05)
        seen = read()


def in_parallel(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """Return the results of all calls, made in parallel: concurrent writes cost a real cluster one rebalance, not many."""
    with ThreadPoolExecutor(max_workers=max(1, len(calls))) as executor:
        return [future.result() for future in [executor.submit(call) for call in calls]]
