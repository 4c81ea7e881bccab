# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads a cluster, and verifies that the snapshot can be trusted and is of the intended cluster."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from ..model import Connector, Snapshot
from ..rest.api import Api
from ..rest.client import Client
from ..rest.transport import Transport
from ..run import Run, backoff

if TYPE_CHECKING:
    from ..rest.versions import Features, WorkerVersion
    from .identity import Silence

SETTLE_TIMEOUT = 15.0
"""Seconds for which a connector without a clear state (just created, moving) is read again before a decision."""

SECOND_OPINION_AFTER = 3
"""Reads from one worker after which other workers are queried for a missing status, too."""


class Cluster:
    """One Connect cluster as this run knows it. `workers`: those of the list that answered GET /; `silent`: the others, each
    with the reason; `features`: those of all workers that answered (the oldest version decides).
    """

    def __init__(self, api: Api, kafka_cluster_id: str = "") -> None:
        self.api = api
        self.kafka_cluster_id = kafka_cluster_id
        self.workers: tuple[WorkerVersion, ...] = ()
        self.silent: Mapping[str, Silence] = {}
        self.features: Features | None = None
        self.warnings: list[str] = []

    @property
    def run(self) -> Run:
        """The run: its limits, its events, and whether it was interrupted."""
        return self.api.run

    def identify(self) -> None:
        """Identifies each worker of the list (GET /), once; refuses workers of two Kafka clusters, or of an unintended one.

        A warning names workers that do not answer; if none answers, the first failure is raised.
        """
        if self.workers:
            return
        from .identity import identify  # noqa: PLC0415  # compiled in every run: only runs that need it pay

        found = identify(self.api, self.kafka_cluster_id)
        self.workers, self.silent, self.features = found.workers, found.silent, found.features
        if found.failure is not None:
            raise found.failure
        self.warnings += found.warnings

    def same_connect(self, snapshot: Snapshot) -> None:
        """Refuses workers of two Connect clusters on one Kafka, which GET / can't distinguish, by their connectors' names.

        Two clusters without any connector cannot be distinguished.
        """
        from .identity import compare_names  # noqa: PLC0415  # compiled in every run: only runs that need it pay

        for worker in self.workers:
            if worker.url != snapshot.worker:
                unproven = compare_names(self.api, snapshot.worker, worker.url, health=self.has_health)
                self.warnings += [unproven] if unproven else []

    @property
    def has_health(self) -> bool:
        """Whether the workers are known to have GET /health."""
        return self.features is not None and self.features.health

    def read(self) -> Snapshot:
        """One snapshot, and nothing else."""
        if self.kafka_cluster_id:
            self.identify()
        return self.api.expanded()

    def read_when_ready(self, names: Iterable[str] = ()) -> Snapshot:
        """A snapshot in which the absence of these connectors is certain: from a worker that has read the config topic."""
        self.identify()
        self.api.await_ready(health=self.has_health)
        return self._with_hidden(self.api.expanded(), names)

    def reread(self, known: Iterable[str], new: Iterable[str]) -> Mapping[str, Connector]:
        """All connectors again. The absence of `known` connectors is certain; that of `new` ones is what this worker knows."""
        snapshot = self.api.expanded()
        required = tuple(known)
        if any(name not in snapshot.connectors for name in required):
            snapshot = self.read_when_ready(required)
        return self._with_hidden(snapshot, new).connectors

    def _with_hidden(self, snapshot: Snapshot, names: Iterable[str]) -> Snapshot:
        """The expanded list leaves out a connector without a status; the plain list does not."""
        missing = [name for name in names if name not in snapshot.connectors]
        if not missing:
            return snapshot
        listed = self.api.names(None)
        found = (self.api.connector(name) for name in missing if name in listed)
        hidden = {stored.name: stored for stored in found if stored is not None}
        return Snapshot({**snapshot.connectors, **hidden}, snapshot.worker)

    def read_until_settled(
        self,
        snapshot: Snapshot,
        names: Iterable[str],
        unclear: Callable[[Connector], bool],
        timeout: float = SETTLE_TIMEOUT,
    ) -> Snapshot:
        """Reads again, after a while from other workers, too, as long as one of these connectors is unclear."""
        required = tuple(names)
        began = time.monotonic()
        attempt = 0
        while any(unclear(snapshot.connectors[name]) for name in required if name in snapshot.connectors):
            if time.monotonic() - began > timeout:
                break
            attempt += 1
            if attempt > SECOND_OPINION_AFTER:
                self.api.workers.rotate()
            self.api.run.check("waiting for clear states")
            self.api.run.pause(backoff(attempt))
            snapshot = self._with_hidden(self.api.expanded(), required)
        return snapshot


def open_cluster(transport: Transport, run: Run, kafka_cluster_id: str = "") -> Cluster:
    """A cluster without any request so far. Blanks around `kafka_cluster_id` are ignored, because it may come from a
    file.
    """
    return Cluster(Api(Client(transport, run)), kafka_cluster_id.strip())


def is_unsettled(stored: Connector) -> bool:
    """Whether this snapshot does not show the state of the connector or one of its tasks yet."""
    return stored.state in ("", "UNASSIGNED", "RESTARTING") or lacks_status(stored)


def lacks_status(stored: Connector) -> bool:
    """Whether a status is missing: just after a creation, or permanently on some restarted workers, while others show it."""
    shown = {task.id for task in stored.tasks}
    return not stored.state or any(number not in shown for number in stored.task_ids)
