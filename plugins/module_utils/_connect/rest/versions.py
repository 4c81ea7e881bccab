# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a worker reports about itself, and the features of its version."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .api import Api
from .operations import ROOT


@dataclass(frozen=True)
class WorkerVersion:
    """The answer of `GET /` of one worker."""

    url: str
    version: str
    commit: str
    kafka_cluster_id: str


@dataclass(frozen=True)
class Features:
    """The features of a worker version; `version`: "" if unknown (then every newer feature is off)."""

    version: str = ""
    numbers: tuple[int, ...] = field(default=(), compare=False)

    @classmethod
    def of(cls, version: str) -> Features:
        """Reads "4.3.1", "3.9.1-cp2", "8.3.1-ccs"; unknown forms give no numbers."""
        numbers: list[int] = []
        for part in version.partition("-")[0].split("."):
            if not part.isdigit():
                break
            numbers.append(int(part))
        return cls(version, tuple(numbers))

    def since(self, *numbers: int) -> bool:
        return self.numbers >= numbers

    @property
    def stop(self) -> bool:
        """PUT /connectors/{name}/stop, the STOPPED state and reading offsets (KIP-875)."""
        return self.since(3, 5)

    @property
    def alter_offsets(self) -> bool:
        """PATCH and DELETE /connectors/{name}/offsets (KIP-875)."""
        return self.since(3, 6)

    @property
    def initial_state(self) -> bool:
        """`initial_state` in POST /connectors (KIP-980)."""
        return self.since(3, 7)

    @property
    def health(self) -> bool:
        """GET /health (KIP-1017)."""
        return self.since(3, 9)

    @property
    def plugin_versions(self) -> bool:
        """`connector.plugin.version` and the similar keys (KIP-891)."""
        return self.since(4, 1)


def worker_version(api: Api, worker: str | None = None) -> WorkerVersion:
    """GET / of one worker."""

    def parse(body: Any) -> WorkerVersion:
        url = worker or api.workers.current
        return WorkerVersion(
            url, str(body["version"]), str(body.get("commit", "")), str(body.get("kafka_cluster_id", ""))
        )

    return api.read(ROOT, "/", parse, worker=worker)
