# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Looks at all that tells whether a cluster is well, once or until it is. Reads only."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import BrokersError, RequestError
from ..info.plugins import plugin_differences
from ..model import Snapshot
from ..parallel import in_parallel
from ..rest.operations import HEALTH
from ..rest.versions import Features, WorkerVersion
from ..run import backoff
from ..snapshot.cluster import Cluster
from .health_findings import HealthFinding, HealthLimits, HealthSnapshot, WorkerHealth, find_health_problems, is_healthy
from .summary import message

if TYPE_CHECKING:
    from ..group.brokers import Brokers
    from ..group.membership import Membership

PARALLEL_REQUESTS = 8
FEWEST_SECONDS = 1.0
"""Between two looks of a wait: each asks all workers and the brokers."""


@dataclass(frozen=True)
class HealthQuery:
    """Who tells of the group: the brokers, None when only REST is to be asked."""

    brokers: Brokers | None = None
    group_id: str = ""


@dataclass(frozen=True)
class HealthReport:
    """What was seen last, and what is to be said of it."""

    look: HealthSnapshot
    findings: tuple[HealthFinding, ...]


def check_health(cluster: Cluster, asked: HealthQuery, limits: HealthLimits) -> HealthReport:
    """One look. Raises what cluster_info raises: RequestError when no worker answers, InputError, WrongClusterError."""
    look = read_health(cluster, asked)
    return HealthReport(look, find_health_problems(look, limits))


def wait_until_healthy(
    cluster: Cluster, asked: HealthQuery, limits: HealthLimits, seconds: float, stable_for: float
) -> HealthReport:
    """The verdict once the cluster has been well for `stable_for`, or the last one after so many seconds.

    Raises what find_out raises. That no worker answers is raised only when none does in the end.
    """
    run = cluster.run
    deadline = time.monotonic() + seconds
    well_since: float | None = None
    shown = ""
    attempt = 0
    while True:
        run.check("waiting for the cluster to be well")
        attempt += 1
        seen = _try_to_find_out(cluster, asked, limits)
        now = time.monotonic()
        if isinstance(seen, RequestError) or not is_healthy(seen.findings):
            well_since = None
            if now >= deadline:
                return _last(seen, seconds)
            said = (
                f"no worker answers: {seen.message}"
                if isinstance(seen, RequestError)
                else message(seen.look, seen.findings)
            )
            if said != shown:
                run.event(f"waiting for at most {deadline - now:.0f} s: {said}")
                shown = said
            left = deadline - now
        else:
            well_since = now if well_since is None else well_since
            if now - well_since >= stable_for:
                return seen
            if now >= deadline:
                return _unstable(seen, now - well_since, stable_for)
            left = min(deadline, well_since + stable_for) - now
        run.pause(min(max(backoff(attempt), FEWEST_SECONDS), max(left, 0.05)))


def _try_to_find_out(cluster: Cluster, asked: HealthQuery, limits: HealthLimits) -> HealthReport | RequestError:
    """The verdict, or why there is none yet: workers that were all stopped come back one after another."""
    try:
        return check_health(cluster, asked, limits)
    except RequestError as error:
        # A name that nobody has ever known is a slip of the pen, which no waiting mends.
        mistyped = error.kind == "host_unknown" and not cluster.api.workers.has_answered()
        if mistyped or not error.again:
            raise
        return error


def _last(seen: HealthReport | RequestError, seconds: float) -> HealthReport:
    if isinstance(seen, RequestError):
        seen.message += f" (waited {seconds:g} s for the cluster to be well)"
        raise seen
    return seen


def _unstable(verdict: HealthReport, seconds: float, stable_for: float) -> HealthReport:
    finding = HealthFinding(
        "not_stable_yet",
        "error",
        "cluster",
        f"the cluster has been well for {seconds:.0f} s, not yet for {stable_for:g} s",
        "raise wait_timeout, or look again",
    )
    return HealthReport(verdict.look, (finding, *verdict.findings))


def read_health(cluster: Cluster, asked: HealthQuery) -> HealthSnapshot:
    """Everything that one verdict rests on. Statuses are read after the group, so that none is older than it."""
    # Workers come and go while a cluster is waited for.
    cluster.workers, cluster.silent = (), {}
    cluster.api.workers.forgive()
    cluster.identify()
    # The findings tell them better.
    cluster.warnings.clear()
    workers = tuple(_workers(cluster))
    membership, problem = _membership(cluster, cluster.api.expanded(), asked)
    differences = plugin_differences(cluster)
    snapshot = cluster.api.expanded()
    return HealthSnapshot(snapshot.connectors, workers, differences, membership, problem)


def _membership(
    cluster: Cluster, snapshot: Snapshot, asked: HealthQuery
) -> tuple[Membership | None, tuple[str, str] | None]:
    if asked.brokers is None:
        return None, None
    from ..group.brokers import HAS_CONFLUENT_KAFKA, MISSING  # noqa: PLC0415  # compiled anew in every run: only runs that need it pay
    from ..group.membership import read_group  # noqa: PLC0415  # compiled anew in every run: only runs that need it pay

    if not HAS_CONFLUENT_KAFKA:
        return None, (MISSING, "install it where the task runs, or leave bootstrap_servers out")
    try:
        return read_group(cluster, snapshot, asked.brokers, asked.group_id), None
    except BrokersError as error:
        return None, (error.message, error.advice)


def _workers(cluster: Cluster) -> Iterator[WorkerHealth]:
    known = {worker.url: worker for worker in cluster.workers}
    asked = [worker.url for worker in cluster.workers if Features.of(worker.version).health]
    readiness = dict(in_parallel(cluster.run, lambda url: _readiness(cluster, url), asked, PARALLEL_REQUESTS))
    for url in cluster.api.workers.urls:
        worker = known.get(url)
        if worker is None:
            yield WorkerHealth(url, reachable=False, problem=cluster.silent.get(url, ""))
            continue
        yield _with_readiness(worker, readiness.get(url))


def _readiness(cluster: Cluster, url: str) -> str:
    """Why this worker is not ready; empty when it is. GET /health is answered by the herder thread (KIP-1017)."""
    try:
        cluster.api.client.call(HEALTH, "/health", worker=url, once=True)
    except RequestError as error:
        return error.reason
    return ""


def _with_readiness(worker: WorkerVersion, answer: str | Exception | None) -> WorkerHealth:
    if isinstance(answer, Exception):
        raise answer
    return WorkerHealth(worker.url, worker.version, ready=None if answer is None else not answer, problem=answer or "")
