# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The definition of an endpoint, and its input."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from .answers import Answer, RefusalError
from .records import ConnectorRecord
from .request import Request

if TYPE_CHECKING:
    from .cluster import FakeCluster, HerderUse
    from .worker import FakeWorker

Result = TypeVar("Result")


@dataclass(frozen=True)
class Call:
    """One request at one worker, with the parameters of its path (decoded)."""

    cluster: FakeCluster
    worker: FakeWorker
    request: Request
    parameters: Mapping[str, str]

    @property
    def name(self) -> str:
        """The connector in the path."""
        return self.parameters["name"]

    @property
    def leader_name(self) -> str:
        """The connector's name as it reaches the leader: a follower's URL builder cuts it at a semicolon."""
        return self.name if self.worker is self.cluster.leader else self.name.split(";", 1)[0]

    @property
    def forward(self) -> str:
        return self.request.parameter("forward")

    def records(self) -> Mapping[str, ConnectorRecord]:
        """The records that this worker reads now: none while it is starting. The caller must hold the lock."""
        self.cluster.store.advance()
        return {} if self.worker.is_starting else self.worker.view.records()

    def live(self, message: str) -> ConnectorRecord:
        """The connector in the path as this worker reads it. Raises RefusalError: 404 with `message`."""
        record = self.records().get(self.name)
        if record is None or record.config is None:
            raise RefusalError(404, message.format(name=self.name))
        return record

    def read(self, work: Callable[[], Result]) -> Result:
        """Read through the herder."""
        return self.cluster.through_herder(self.worker, "read", work)

    def lead(self, work: Callable[[], Result], use: HerderUse = "write") -> Result:
        """Do what only the leader may do; `work` runs under the lock."""

        def guarded() -> Result:
            self.cluster.lead(self.worker, self.forward)
            if self.worker is not self.cluster.leader:
                check_forwarded(self.parameters.get("name", ""))
            return work()

        return self.cluster.through_herder(self.worker, use, guarded)

    def stored(self, message: str) -> ConnectorRecord:
        """The connector in the path as the leader knows it. Raises RefusalError: 404 with `message`."""
        record = self.cluster.store.live(self.leader_name)
        if record is None:
            raise RefusalError(404, message.format(name=self.leader_name))
        return record


def check_forwarded(name: str) -> None:
    """Refuse a name that a follower cannot put into the leader's URL. Raises RefusalError."""
    check_template(name)
    if "/" in name:
        raise RefusalError(404, "HTTP 404 Not Found")


def check_template(path: str) -> None:
    """Refuse what Java's URL builder parses as a template, as a real worker does. Raises RefusalError."""
    variable = re.search(r"\{(\w+)\}", path)
    if variable is not None:
        raise RefusalError(500, f"The template variable '{variable.group(1)}' has no value")


@dataclass(frozen=True)
class Endpoint:
    """One endpoint: `since` and `until` (exclusive) bound the Kafka versions that have it."""

    method: str
    path: tuple[str, ...]
    answer: Callable[[Call], Answer]
    since: tuple[int, int] = (0, 0)
    until: tuple[int, int] = (99, 0)

    def serves(self, version: tuple[int, ...]) -> bool:
        return self.since <= version < self.until


def endpoint(
    method: str,
    path: str,
    answer: Callable[[Call], Answer],
    since: tuple[int, int] = (0, 0),
    until: tuple[int, int] = (99, 0),
) -> Endpoint:
    """An endpoint from a path in the form of the documentation: /connectors/{name}/status."""
    return Endpoint(method, tuple(part for part in path.split("/") if part), answer, since, until)
