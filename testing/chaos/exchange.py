# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests and responses, and how the proxy can disturb them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True)
class Exchange:
    """One request of a run. Times are in seconds since the epoch.

    `status` is the status that the run received, 0 without a complete response. `worker_status` is the status that the
    worker returned for the last copy, 0 without a response. `disturbed` describes what the proxy did to the request.
    """

    number: int
    worker: int
    method: str
    path: str
    body: bytes
    sent: float
    ended: float = 0.0
    status: int = 0
    worker_status: int = 0
    answer: bytes = b""
    disturbed: str = ""

    @property
    def validates(self) -> bool:
        return self.method == "PUT" and self.path.endswith("/validate")

    @property
    def writes(self) -> bool:
        return self.method not in ("GET", "HEAD", "OPTIONS") and not self.validates

    @property
    def reads_snapshot(self) -> bool:
        """Whether the request reads a snapshot of all connectors with their states."""
        return self.method == "GET" and self.path.startswith("/connectors?") and "expand=status" in self.path

    @property
    def connector(self) -> str:
        """The connector that the request addresses; empty if it addresses none or all."""
        words = [unquote(word) for word in urlsplit(self.path).path.split("/")]
        if self.method == "POST" and words == ["", "connectors"]:
            created = self.json
            return str(created.get("name", "")) if isinstance(created, dict) else ""
        return words[2] if len(words) > 2 and words[1] == "connectors" else ""

    @property
    def json(self) -> Any:
        """The body of the request; None if it is not JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    @property
    def restarts(self) -> bool:
        return self.method == "POST" and urlsplit(self.path).path.endswith("/restart")


@dataclass(frozen=True)
class Answer:
    """A response that the proxy makes up."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Disturbance:
    """What the proxy does to the first `times` requests that `matches` accepts.

    It holds the request for `hold_before` seconds, forwards it `copies` times, and holds the response for `hold_after`
    seconds. It replaces the response with `answer`, with the response to the first such request if `stale` is set, closes
    the connection without a response if `drop` is set, or after half of the response if `cut` is set.
    """

    name: str
    matches: Callable[[Exchange], bool]
    times: int = 1
    hold_before: float = 0.0
    copies: int = 1
    hold_after: float = 0.0
    answer: Answer | None = None
    stale: bool = False
    drop: bool = False
    cut: bool = False


@dataclass(frozen=True)
class Trigger:
    """Calls `action` at the `number`-th (from 1) request that `matches` accepts: before the proxy forwards the request,
    or between the response of the worker and its delivery to the run. The request waits for the action.
    """

    matches: Callable[[Exchange], bool]
    action: Callable[[Exchange], None]
    number: int = 1
    after: bool = False
