# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the workers of a list belong to one cluster, and to the intended one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from ..errors import RequestError, WrongClusterError
from ..hung_worker import silence
from ..parallel import in_parallel
from ..rest.api import Api
from ..rest.versions import Features, WorkerVersion, worker_version
from ..run import backoff

COMPARISONS = 8
"""Reads, over about ten seconds, in which two workers may differ before they count as two clusters."""


@dataclass(frozen=True)
class Silence:
    """Why a worker did not respond, and the kind of that error."""

    reason: str
    kind: str = ""


@dataclass(frozen=True)
class Identity:
    """The workers of a list that responded, the features that all of them have, and why the others did not respond.

    `failure`: that of the first worker if none responded; the features are then unknown.
    """

    workers: tuple[WorkerVersion, ...]
    silent: Mapping[str, Silence]
    features: Features | None
    failure: RequestError | None = None

    @property
    def warnings(self) -> list[str]:
        return [
            f"worker {url} {silence(why.kind, why.reason)}; continuing without it" for url, why in self.silent.items()
        ]


def identify(api: Api, kafka_cluster_id: str) -> Identity:
    """Identifies each worker of the list; see Cluster.identify."""
    urls = api.workers.urls
    # A worker that has just timed out would do so again.
    asked = [url for url in urls if not api.workers.is_cooling_down(url)] or list(urls)
    found: dict[str, WorkerVersion] = {}
    failures: dict[str, RequestError] = {}
    for url, answer in in_parallel(api.run, partial(worker_version, api), asked, len(asked)):
        if isinstance(answer, WorkerVersion):
            found[url] = answer
        elif isinstance(answer, RequestError):
            failures[url] = answer
        else:
            raise answer
    silent = {url: _silence(api, url, failures.get(url)) for url in urls if url not in found}
    if not found:
        return Identity((), silent, None, failures[asked[0]])
    for failure in failures.values():
        if failure.kind in ("not_a_connect_worker", "authentication_failed", "tls_failed"):
            raise failure
    workers = tuple(found[url] for url in urls if url in found)
    _same_kafka(workers, kafka_cluster_id)
    features = min((Features.of(worker.version) for worker in workers), key=lambda features: features.numbers)
    return Identity(workers, silent, features)


def _silence(api: Api, url: str, failure: RequestError | None) -> Silence:
    if failure is not None:
        return Silence(failure.reason, failure.kind)
    return Silence("it did not answer a moment ago", api.workers.failure_of(url))


def _same_kafka(workers: Sequence[WorkerVersion], kafka_cluster_id: str) -> None:
    first = workers[0]
    for worker in workers:
        if kafka_cluster_id and worker.kafka_cluster_id != kafka_cluster_id:
            raise WrongClusterError(
                f"worker {worker.url} belongs to Kafka cluster {worker.kafka_cluster_id}, not to "
                f"{kafka_cluster_id}: nothing was changed",
                "correct url or kafka_cluster_id",
            )
        if worker.kafka_cluster_id != first.kafka_cluster_id:
            raise WrongClusterError(
                f"workers of two Kafka clusters in one list: {first.url} belongs to {first.kafka_cluster_id}, "
                f"{worker.url} to {worker.kafka_cluster_id}: nothing was changed",
                "list only workers of one Connect cluster in url",
            )


def compare_names(api: Api, first: str, second: str, *, health: bool) -> str:
    """Names that stay on one worker alone prove two clusters; a worker that is a moment behind catches up.

    Returns a warning where nothing is proven. `health`: the workers have GET /health.
    """
    lasting: frozenset[str] | None = None
    for attempt in range(1, COMPARISONS + 1):
        try:
            mine, theirs = api.names(first), api.names(second)
        except RequestError as error:
            return f"worker {error.worker} {silence(error.kind, error.reason)}; continuing without it"
        lasting = mine ^ theirs if lasting is None else lasting & (mine ^ theirs)
        if not lasting:
            return ""
        api.run.check("comparing the workers of the list")
        api.run.pause(backoff(attempt))
    for empty, names in ((first, mine), (second, theirs)):
        if not names and not _is_ready(api, empty, health=health):
            return f"worker {empty} is not ready; it is unproven whether it belongs to this cluster"
    raise _two_clusters(first, mine & (lasting or mine), second, theirs & (lasting or theirs))


def _is_ready(api: Api, worker: str, *, health: bool) -> bool:
    """Whether this worker has read the config topic; until then it lists nothing."""
    try:
        api.await_ready(health=health, worker=worker, until=lambda: 0.0)
    except RequestError:
        return False
    return True


def _two_clusters(first: str, mine: frozenset[str], second: str, theirs: frozenset[str]) -> WrongClusterError:
    def some(names: frozenset[str]) -> str:
        return ", ".join(sorted(names)[:3]) + ("..." if len(names) > 3 else "")

    only = [
        f"only {url} has {some(names)}" for url, names in ((first, mine - theirs), (second, theirs - mine)) if names
    ]
    return WrongClusterError(
        f"{first} and {second} are workers of two Connect clusters ({'; '.join(only)}): nothing was changed",
        "list only workers of one Connect cluster in url; if they are one cluster, a worker has lost contact with the others",
    )
