# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One request and its answer, and what may be done to it on its way."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True)
class Exchange:
    """One request of a run. Times are seconds since the epoch.

    `status` is what the run was given, 0 where it got no whole answer; `worker_status` what the worker said, to the
    last copy that was passed on, 0 where it said nothing (yet). `disturbed` says what the proxy did to it.
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
    def looks(self) -> bool:
        """Whether it asks for all connectors with their states."""
        return self.method == "GET" and self.path.startswith("/connectors?") and "expand=status" in self.path

    @property
    def connector(self) -> str:
        """The connector that it is about; empty where it is about none, or about all."""
        words = [unquote(word) for word in urlsplit(self.path).path.split("/")]
        if self.method == "POST" and words == ["", "connectors"]:
            created = self.json
            return str(created.get("name", "")) if isinstance(created, dict) else ""
        return words[2] if len(words) > 2 and words[1] == "connectors" else ""

    @property
    def json(self) -> Any:
        """Its body; None where that is no JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    @property
    def restarts(self) -> bool:
        return self.method == "POST" and urlsplit(self.path).path.endswith("/restart")


@dataclass(frozen=True)
class Answer:
    """An answer of a proxy's own."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Disturbance:
    """What happens to the requests that `matches`, `times` of them.

    The request waits `hold_before` seconds, is passed on `copies` times, its answer waits `hold_after`. The run is
    given `answer` instead of the worker's, or what the first request of that kind was answered with `stale`, or none
    at all with `drop`, or half of it with `cut`.
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
    """Calls `action` when the `number`-th (from 1) request that `matches` has come: before it is passed on, or after it
    was answered by the worker and before the run is told. The request waits for the action.
    """

    matches: Callable[[Exchange], bool]
    action: Callable[[Exchange], None]
    number: int = 1
    after: bool = False
