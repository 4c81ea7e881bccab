# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Looks at a cluster, and makes sure that what is seen can be believed and is the cluster that was meant."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from .api import Api
from .clock import backoff
from .errors import RequestError, WrongClusterError
from .model import Connector, Features, Snapshot, Worker
from .parallel import in_parallel

SETTLE_TIMEOUT = 15.0
"""Seconds for which a connector without a clear state (just created, being moved) is looked at again before a
decision.
"""

SECOND_OPINION_AFTER = 3
"""Looks at one worker after which others are asked for a missing status too."""

COMPARISONS = 8
"""Looks, over some ten seconds, in which two workers may differ before they are taken for two clusters."""


@dataclass
class Cluster:
    """One Connect cluster as this run has come to know it. `workers` are those of the list that answered GET /."""

    api: Api
    kafka_cluster_id: str = ""
    workers: tuple[Worker, ...] = ()
    silent: tuple[str, ...] = ()
    warnings: list[str] = field(default_factory=list)

    @property
    def features(self) -> Features | None:
        """What every worker that answered can do: the oldest version decides."""
        known = [Features.of(worker.version) for worker in self.workers]
        return min(known, key=lambda features: features.numbers) if known else None

    def identify(self) -> None:
        """Asks each worker of the list who it is (GET /), once; refuses two Kafka clusters, or another than asked for.

        Workers that do not answer are named in a warning; when none does, the first failure is raised.
        """
        if self.workers:
            return
        urls = self.api.client.workers.urls
        # One that has just kept us waiting would do so again.
        asked = [url for url in urls if not self.api.client.workers.is_cooling_down(url)] or list(urls)
        found: dict[str, Worker] = {}
        failures: dict[str, RequestError] = {}
        for url, answer in in_parallel(self.api.client.clock, self.api.root, asked, len(asked)):
            if isinstance(answer, Worker):
                found[url] = answer
            elif isinstance(answer, RequestError):
                failures[url] = answer
            else:
                raise answer
        if not found:
            raise failures[asked[0]]
        for failure in failures.values():
            if failure.kind in ("not_a_connect_worker", "authentication_failed", "tls_failed"):
                raise failure
        self._same_kafka(tuple(found[url] for url in urls if url in found))
        self.silent = tuple(url for url in urls if url not in found)
        for url in self.silent:
            reason = failures[url].reason if url in failures else "it did not a moment ago"
            self.warnings.append(f"worker {url} does not answer ({reason}); went on without it")

    def _same_kafka(self, workers: tuple[Worker, ...]) -> None:
        first = workers[0]
        for worker in workers:
            if self.kafka_cluster_id and worker.kafka_cluster_id != self.kafka_cluster_id:
                raise WrongClusterError(
                    f"worker {worker.url} belongs to Kafka cluster {worker.kafka_cluster_id}, not to "
                    f"{self.kafka_cluster_id}: nothing was changed",
                    "correct url or kafka_cluster_id",
                )
            if worker.kafka_cluster_id != first.kafka_cluster_id:
                raise WrongClusterError(
                    f"workers of two Kafka clusters in one list: {first.url} belongs to {first.kafka_cluster_id}, "
                    f"{worker.url} to {worker.kafka_cluster_id}: nothing was changed",
                    "list only workers of one Connect cluster in url",
                )
        self.workers = workers

    def same_connect(self, snapshot: Snapshot) -> None:
        """Refuses workers of two Connect clusters on one Kafka, which GET / can't tell apart, by their connectors'
        names.

        Two clusters without any connector look alike; nothing is said of them.
        """
        for worker in self.workers:
            if worker.url != snapshot.worker:
                self._compare_names(snapshot.worker, worker.url)

    def _compare_names(self, first: str, second: str) -> None:
        """Names that keep being on one worker alone mean two clusters; a worker that is a moment behind catches up."""
        lasting: frozenset[str] | None = None
        for attempt in range(1, COMPARISONS + 1):
            try:
                mine, theirs = self.api.names(first), self.api.names(second)
            except RequestError as error:
                self.warnings.append(f"worker {error.worker} does not answer ({error.reason}); went on without it")
                return
            lasting = mine ^ theirs if lasting is None else lasting & (mine ^ theirs)
            if not lasting:
                return
            self.api.client.clock.check("comparing the workers of the list")
            self.api.client.clock.pause(backoff(attempt))
        for empty, names in ((first, mine), (second, theirs)):
            if not names and not self._is_ready(empty):
                self.warnings.append(f"worker {empty} is not ready; whether it belongs to this cluster is unproven")
                return
        raise _two_clusters(first, mine & (lasting or mine), second, theirs & (lasting or theirs))

    def _is_ready(self, worker: str) -> bool:
        """Whether this worker has read the config topic now; until then it lists nothing."""
        try:
            self.api.await_ready(self.features, worker, until=lambda: 0.0)
        except RequestError:
            return False
        return True

    def look(self) -> Snapshot:
        """One look, nothing more."""
        if self.kafka_cluster_id:
            self.identify()
        return self.api.expanded()

    def look_until_ready(self, names: Iterable[str] = ()) -> Snapshot:
        """A look in which "not there" can be believed of these connectors: by a worker that has read the config topic."""
        self.identify()
        self.api.await_ready(self.features)
        return self._with_hidden(self.api.expanded(), names)

    def look_again(self, known: Iterable[str], new: Iterable[str]) -> Mapping[str, Connector]:
        """All connectors once more. "Not there" can be believed of those `known` to have been there, and as far as this
        worker goes of the `new` ones.
        """
        snapshot = self.api.expanded()
        wanted = tuple(known)
        if any(name not in snapshot.connectors for name in wanted):
            snapshot = self.look_until_ready(wanted)
        return self._with_hidden(snapshot, new).connectors

    def _with_hidden(self, snapshot: Snapshot, names: Iterable[str]) -> Snapshot:
        """The expanded list leaves out a connector that has no status (yet); the plain one does not."""
        missing = [name for name in names if name not in snapshot.connectors]
        if not missing:
            return snapshot
        listed = self.api.names(None)
        found = (self.api.connector(name) for name in missing if name in listed)
        hidden = {stored.name: stored for stored in found if stored is not None}
        return Snapshot({**snapshot.connectors, **hidden}, snapshot.worker)

    def look_until_settled(
        self,
        snapshot: Snapshot,
        names: Iterable[str],
        unclear: Callable[[Connector], bool],
        timeout: float = SETTLE_TIMEOUT,
    ) -> Snapshot:
        """Looks again, after a while at other workers too, as long as one of these connectors is unclear."""
        wanted = tuple(names)
        began = time.monotonic()
        attempt = 0
        while any(unclear(snapshot.connectors[name]) for name in wanted if name in snapshot.connectors):
            if time.monotonic() - began > timeout:
                break
            attempt += 1
            if attempt > SECOND_OPINION_AFTER:
                self.api.client.workers.rotate()
            self.api.client.clock.check("waiting for clear states")
            self.api.client.clock.pause(backoff(attempt))
            snapshot = self._with_hidden(self.api.expanded(), wanted)
        return snapshot


def is_unsettled(stored: Connector) -> bool:
    """Whether this look does not say yet what state the connector or one of its tasks is in."""
    return stored.state in ("", "UNASSIGNED", "RESTARTING") or lacks_status(stored)


def lacks_status(stored: Connector) -> bool:
    """Just after its creation, and for good on some workers that were restarted, a status is missing that others show."""
    shown = {task.id for task in stored.tasks}
    return not stored.state or any(number not in shown for number in stored.task_ids)


def _two_clusters(first: str, mine: frozenset[str], second: str, theirs: frozenset[str]) -> WrongClusterError:
    def some(names: frozenset[str]) -> str:
        return ", ".join(sorted(names)[:3]) + ("..." if len(names) > 3 else "")

    only = [
        f"only {url} has {some(names)}" for url, names in ((first, mine - theirs), (second, theirs - mine)) if names
    ]
    return WrongClusterError(
        f"{first} and {second} are workers of two Connect clusters ({'; '.join(only)}): nothing was changed",
        "list only workers of one Connect cluster in url; if they are one, a worker has lost touch with the others",
    )
