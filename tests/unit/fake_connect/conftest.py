# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A client for the fake, which never retries."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest

from testing.fake_connect import FakeCluster, FakeWorker


class Reply(NamedTuple):
    """Status, body and headers of a response; the headers' names are as sent."""

    status: int
    body: bytes
    headers: dict[str, str]

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def message(self) -> str:
        return str(self.json["message"])


Ask = Callable[..., Reply]


def ask(worker: FakeWorker, method: str, path: str, body: object = None, timeout: float = 10.0) -> Reply:
    """Send one request to a worker. Raises OSError, http.client.HTTPException like the connection."""
    connection = http.client.HTTPConnection("127.0.0.1", worker.port, timeout=timeout)
    content = None if body is None else json.dumps(body).encode()
    try:
        connection.request(method, path, content, {"Content-Type": "application/json"} if content else {})
        answer = connection.getresponse()
        return Reply(answer.status, answer.read(), dict(answer.getheaders()))
    finally:
        connection.close()


CONFIG = {"connector.class": "FileStreamSource", "file": "/x", "topic": "t"}


@pytest.fixture
def cluster() -> Iterator[FakeCluster]:
    """Three workers without connectors."""
    with FakeCluster(workers=3) as fake:
        yield fake
