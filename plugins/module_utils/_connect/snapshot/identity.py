# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the workers of a list are those of one cluster, and of the one that was asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from ..errors import RequestError, WrongClusterError
from ..parallel import in_parallel
from ..rest.api import Api
from ..rest.versions import Features, WorkerVersion, worker_version
from ..run import backoff

COMPARISONS = 8
"""Looks, over some ten seconds, in which two workers may differ before they are taken for two clusters."""


@dataclass(frozen=True)
class Identity:
    """Which workers of a list answered, what they can all do, and what the silent ones said instead."""

    workers: tuple[WorkerVersion, ...]
    silent: Mapping[str, str]
    features: Features


def identify(api: Api, kafka_cluster_id: str) -> Identity:
    """Asks each worker of the list who it is; see Cluster.identify."""
    urls = api.workers.urls
    # One that has just kept us waiting would do so again.
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
    if not found:
        raise failures[asked[0]]
    for failure in failures.values():
        if failure.kind in ("not_a_connect_worker", "authentication_failed", "tls_failed"):
            raise failure
    workers = tuple(found[url] for url in urls if url in found)
    _same_kafka(workers, kafka_cluster_id)
    silent = {
        url: failures[url].reason if url in failures else "it did not a moment ago" for url in urls if url not in found
    }
    features = min((Features.of(worker.version) for worker in workers), key=lambda features: features.numbers)
    return Identity(workers, silent, features)


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
    """Names that keep being on one worker alone mean two clusters; a worker that is a moment behind catches up.

    Returns a warning where nothing is proven. `health`: the workers have GET /health.
    """
    lasting: frozenset[str] | None = None
    for attempt in range(1, COMPARISONS + 1):
        try:
            mine, theirs = api.names(first), api.names(second)
        except RequestError as error:
            return f"worker {error.worker} does not answer ({error.reason}); went on without it"
        lasting = mine ^ theirs if lasting is None else lasting & (mine ^ theirs)
        if not lasting:
            return ""
        api.run.check("comparing the workers of the list")
        api.run.pause(backoff(attempt))
    for empty, names in ((first, mine), (second, theirs)):
        if not names and not _is_ready(api, empty, health=health):
            return f"worker {empty} is not ready; whether it belongs to this cluster is unproven"
    raise _two_clusters(first, mine & (lasting or mine), second, theirs & (lasting or theirs))


def _is_ready(api: Api, worker: str, *, health: bool) -> bool:
    """Whether this worker has read the config topic now; until then it lists nothing."""
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
        "list only workers of one Connect cluster in url; if they are one, a worker has lost touch with the others",
    )
