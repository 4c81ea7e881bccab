# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the workers of a list belong to one cluster, and to the intended one."""

from __future__ import annotations

from ..errors import RequestError, WrongClusterError
from ..hung_worker import silence
from ..parallel import in_parallel
from ..rest.versions import WorkerVersion
from ..run import backoff
from .cluster import Cluster, Silence

COMPARISONS = 8
"""Reads, over about ten seconds, in which two workers may differ before they count as two clusters."""


def identify(cluster: Cluster) -> None:
    """Identifies each worker of the list; see Cluster.identify."""
    urls = cluster.api.workers.urls
    # A worker that has just timed out would do so again.
    asked = [url for url in urls if not cluster.api.workers.is_cooling_down(url)] or list(urls)
    found: dict[str, WorkerVersion] = {}
    failures: dict[str, RequestError] = {}
    for url, answer in in_parallel(cluster.run, cluster.api.root, asked, len(asked)):
        if isinstance(answer, WorkerVersion):
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
    _same_kafka(cluster, tuple(found[url] for url in urls if url in found))
    cluster.silent = {url: _silence(cluster, url, failures.get(url)) for url in urls if url not in found}
    for url, why in cluster.silent.items():
        cluster.warnings.append(f"worker {url} {silence(why.kind, why.reason)}; continuing without it")


def _silence(cluster: Cluster, url: str, failure: RequestError | None) -> Silence:
    if failure is not None:
        return Silence(failure.reason, failure.kind)
    return Silence("it did not answer a moment ago", cluster.api.workers.failure_of(url))


def _same_kafka(cluster: Cluster, workers: tuple[WorkerVersion, ...]) -> None:
    first = workers[0]
    for worker in workers:
        if cluster.kafka_cluster_id and worker.kafka_cluster_id != cluster.kafka_cluster_id:
            raise WrongClusterError(
                f"worker {worker.url} belongs to Kafka cluster {worker.kafka_cluster_id}, not to "
                f"{cluster.kafka_cluster_id}: nothing was changed",
                "correct url or kafka_cluster_id",
            )
        if worker.kafka_cluster_id != first.kafka_cluster_id:
            raise WrongClusterError(
                f"workers of two Kafka clusters in one list: {first.url} belongs to {first.kafka_cluster_id}, "
                f"{worker.url} to {worker.kafka_cluster_id}: nothing was changed",
                "list only workers of one Connect cluster in url",
            )
    cluster.workers = workers


def compare_names(cluster: Cluster, first: str, second: str) -> None:
    """Names that stay on one worker alone prove two clusters; a worker that is a moment behind catches up."""
    lasting: frozenset[str] | None = None
    for attempt in range(1, COMPARISONS + 1):
        try:
            mine, theirs = cluster.api.names(first), cluster.api.names(second)
        except RequestError as error:
            cluster.warnings.append(f"worker {error.worker} {silence(error.kind, error.reason)}; continuing without it")
            return
        lasting = mine ^ theirs if lasting is None else lasting & (mine ^ theirs)
        if not lasting:
            return
        cluster.run.check("comparing the workers of the list")
        cluster.run.pause(backoff(attempt))
    for empty, names in ((first, mine), (second, theirs)):
        if not names and not _is_ready(cluster, empty):
            cluster.warnings.append(f"worker {empty} is not ready; it is unproven whether it belongs to this cluster")
            return
    raise _two_clusters(first, mine & (lasting or mine), second, theirs & (lasting or theirs))


def _is_ready(cluster: Cluster, worker: str) -> bool:
    """Whether this worker has read the config topic; until then it lists nothing."""
    try:
        cluster.api.await_ready(cluster.features, worker, until=lambda: 0.0)
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
