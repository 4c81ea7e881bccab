# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks whether a cluster is healthy, once or until it is. Reads only."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .. import hung_worker
from ..errors import BrokersError, RequestError
from ..group.delay_clock import DelayClock
from ..info.plugins import plugin_differences
from ..model import Snapshot
from ..parallel import in_parallel
from ..rest.operations import HEALTH
from ..rest.versions import Features, WorkerVersion
from ..run import Run, backoff
from ..snapshot.cluster import Cluster
from ..snapshot.identity import Silence
from .health_findings import find_health_problems
from .model import HealthFinding, HealthLimits, HealthSnapshot, WorkerHealth, is_healthy
from .summary import message
from .worker_findings import parked_work

if TYPE_CHECKING:
    from ..group.broker_facts import BrokerFacts
    from ..group.brokers import Brokers
    from ..group.internal_topics import Role
    from ..group.membership import Membership

PARALLEL_REQUESTS = 8
SHORTEST_PAUSE = 1.0
"""Seconds between two polls of a wait: each queries all workers and the brokers."""
PROGRESS_EVERY = 10.0
"""Seconds between two progress lines of a wait for the same reason."""


@dataclass(frozen=True)
class HealthQuery:
    """Where to read the group: the brokers, or None for REST only. `internal_topics`: names by role, as far as they are known, and
    `asks_brokers`: whether to read what the brokers show about themselves.

    `observe`: seconds of an observation, 0 for none; `status_topic`: for the rebalances of the past, empty if unknown; `properties`: of
    a worker, None if unknown.
    """

    brokers: Brokers | None = None
    group_id: str = ""
    internal_topics: Mapping[Role, str] = field(default_factory=dict)
    asks_brokers: bool = True
    observe: float = 0.0
    status_topic: str = ""
    properties: Mapping[str, str] | None = None


@dataclass(frozen=True)
class HealthReport:
    """The last snapshot, and the findings about it."""

    snapshot: HealthSnapshot
    findings: tuple[HealthFinding, ...]

    @property
    def parks(self) -> bool:
        """Whether the leader keeps work unassigned until a delay is over."""
        membership = self.snapshot.membership
        return membership is not None and membership.group.is_stable and any(parked_work(membership))

    def about(self, snapshot: HealthSnapshot, limits: HealthLimits) -> HealthReport:
        """The report about a snapshot that shows more. What only the wait for health could see is kept."""
        kept = [found for found in self.findings if found.kind == "not_stable_yet"]
        return HealthReport(snapshot, (*kept, *find_health_problems(snapshot, limits)))


def check_health(
    cluster: Cluster, query: HealthQuery, limits: HealthLimits, clock: DelayClock | None = None
) -> HealthReport:
    """One check. Raises what cluster_info raises: RequestError when no worker answers, InputError, WrongClusterError."""
    snapshot = read_health(cluster, query, clock or DelayClock())
    return HealthReport(snapshot, find_health_problems(snapshot, limits))


def wait_until_healthy(
    cluster: Cluster,
    query: HealthQuery,
    limits: HealthLimits,
    seconds: float,
    stable_for: float,
    *,
    until_parked: bool = False,
) -> HealthReport:
    """The report once the cluster has been healthy for `stable_for`, or the last one after `seconds`; earlier if something is
    wrong that time does not fix or, with `until_parked`, while the leader keeps work for a departed worker.

    Raises what check_health raises. A cluster in which no worker answers is an error only at the end.
    """
    run = cluster.run
    deadline = time.monotonic() + seconds
    healthy_since: float | None = None
    progress, lasting, clock = _Progress(run), _Lasting(), DelayClock()
    attempt = 0
    while True:
        run.check("waiting for the cluster to be healthy")
        attempt += 1
        seen = _try_to_check(cluster, query, limits, clock)
        now = time.monotonic()
        if isinstance(seen, HealthReport) and (lasting.observe(seen, now) or (until_parked and seen.parks)):
            return seen
        if isinstance(seen, RequestError) or not is_healthy(seen.findings):
            healthy_since = None
            if now >= deadline:
                return _last(seen, seconds)
            progress.show(seen, deadline - now)
            left = deadline - now
        else:
            healthy_since = now if healthy_since is None else healthy_since
            if now - healthy_since >= stable_for:
                return seen
            if now >= deadline:
                return _unstable(seen, now - healthy_since, stable_for)
            left = min(deadline, healthy_since + stable_for) - now
            progress.show(seen, left)
        run.pause(min(max(backoff(attempt), SHORTEST_PAUSE), max(left, 0.05)))


class _Progress:
    """Shows what a wait is for: another problem at once, the same one every PROGRESS_EVERY seconds."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._at = time.monotonic()
        self._shown: object = None

    def show(self, seen: HealthReport | RequestError, left: float) -> None:
        now = time.monotonic()
        if isinstance(seen, RequestError):
            problem: object = seen.kind
            text = f"waiting for at most {left:.0f} s: no worker answers: {seen.message}"
        else:
            # Texts contain the seconds that are left.
            problem = frozenset((found.kind, found.subject) for found in seen.findings if found.severity == "error")
            text = message(seen.snapshot, seen.findings)
            text = f"waiting for at most {left:.0f} s: {text}" if problem else f"{text}; watching for {left:.0f} s more"
        if (problem and problem != self._shown) or now - self._at >= PROGRESS_EVERY:
            self._shown, self._at = problem, now
            self._run.event(text)


class _Lasting:
    """Since when each finding has been there that time does not fix."""

    def __init__(self) -> None:
        self._since: dict[tuple[str, str], float] = {}

    def observe(self, report: HealthReport, now: float) -> bool:
        """Whether one of them has lasted long enough to end a wait."""
        found = {(one.kind, one.subject): one.lasts_after for one in report.findings if one.lasts_after is not None}
        self._since = {key: self._since.get(key, now) for key in found}
        return any(now - self._since[key] >= seconds for key, seconds in found.items())


def _try_to_check(
    cluster: Cluster, query: HealthQuery, limits: HealthLimits, clock: DelayClock
) -> HealthReport | RequestError:
    """The report, or why there is none yet: workers that were all stopped return one after another."""
    try:
        return check_health(cluster, query, limits, clock)
    except RequestError as error:
        # A host name that never resolved is a typing error, which waiting does not fix.
        mistyped = error.kind == "host_unknown" and not cluster.api.workers.has_answered()
        if mistyped or not error.again:
            raise
        return error


def _last(seen: HealthReport | RequestError, seconds: float) -> HealthReport:
    if isinstance(seen, RequestError):
        seen.message += f" (waited {seconds:g} s for the cluster to be healthy)"
        raise seen
    return seen


def _unstable(report: HealthReport, seconds: float, stable_for: float) -> HealthReport:
    finding = HealthFinding(
        "not_stable_yet",
        "error",
        "cluster",
        f"the cluster has been healthy for {seconds:.0f} s, but not for {stable_for:g} s yet",
        "raise wait_timeout, or check again",
        id="not_stable_yet:cluster",
    )
    return HealthReport(report.snapshot, (finding, *report.findings))


def read_health(cluster: Cluster, query: HealthQuery, clock: DelayClock) -> HealthSnapshot:
    """Everything that one report rests on. Statuses are read after the group, so that none is older."""
    # During a wait workers may come and go.
    cluster.workers, cluster.silent = (), {}
    cluster.api.workers.forgive()
    cluster.identify()
    # The findings report the same in more detail.
    cluster.warnings.clear()
    workers = tuple(worker_states(cluster))
    membership, problem, facts = _ask_brokers(cluster, cluster.api.expanded(), query)
    differences = plugin_differences(cluster)
    snapshot = cluster.api.expanded()
    now = time.time()
    ends = clock.ends(membership.group, now) if membership is not None else 0.0
    return HealthSnapshot(
        snapshot.connectors,
        workers,
        differences,
        membership,
        problem,
        now,
        ends,
        facts,
        _kafka_cluster_id(cluster),
    )


def _kafka_cluster_id(cluster: Cluster) -> str:
    return cluster.workers[0].kafka_cluster_id if cluster.workers else ""


def _ask_brokers(
    cluster: Cluster, snapshot: Snapshot, query: HealthQuery
) -> tuple[Membership | None, BrokersError | None, BrokerFacts | None]:
    """The group, or why it can't be read; and what the brokers show about themselves."""
    if query.brokers is None:
        return None, None, None
    from ..group import broker_facts, membership  # noqa: PLC0415  # compiled in every run: only runs that need it pay
    from ..group.brokers import HAS_CONFLUENT_KAFKA, MISSING  # noqa: PLC0415  # compiled in every run: only runs that need it pay

    if not HAS_CONFLUENT_KAFKA:
        why = BrokersError(MISSING, "install it where the task runs, or leave bootstrap_servers out", cause="no_client")
        return None, why, None
    client = membership.new_client(cluster.run, query.brokers)
    found, problem, group_id = None, None, query.group_id
    try:
        found = membership.read_group(cluster, snapshot, query.brokers, query.group_id, client)
        group_id = found.group.group_id
    except BrokersError as error:
        problem = error
    # A client that had no contact would use up the time.
    is_usable = problem is None or not (problem.server_problem or problem.cause == "unusable")
    usable = client if is_usable else None
    facts = None
    if query.asks_brokers:
        facts = broker_facts.read_facts(cluster.run, query.brokers, usable, group_id, query.internal_topics)
    elif query.internal_topics and usable is not None:
        facts = broker_facts.read_internal_topics(cluster.run, usable, query.internal_topics)
    return found, problem, facts


def worker_states(cluster: Cluster) -> Iterator[WorkerHealth]:
    """The workers of the list, after `Cluster.identify`. Asks those that can report whether they are ready."""
    known = {worker.url: worker for worker in cluster.workers}
    asked = [worker.url for worker in cluster.workers if Features.of(worker.version).health]
    readiness = dict(in_parallel(cluster.run, lambda url: _readiness(cluster, url), asked, PARALLEL_REQUESTS))
    for url in cluster.api.workers.urls:
        worker = known.get(url)
        if worker is None:
            why = cluster.silent.get(url, Silence(""))
            yield WorkerHealth(
                url, reachable=False, hangs=why.kind == hung_worker.KIND, problem=why.reason, problem_kind=why.kind
            )
            continue
        yield _with_readiness(worker, readiness.get(url))


def _readiness(cluster: Cluster, url: str) -> Silence:
    """Why this worker is not ready; its reason is empty when it is. GET /health is answered by the herder thread (KIP-1017)."""
    try:
        cluster.api.client.call(HEALTH, "/health", worker=url, once=True)
    except RequestError as error:
        return Silence(error.reason, error.kind)
    return Silence("")


def _with_readiness(worker: WorkerVersion, answer: Silence | Exception | None) -> WorkerHealth:
    if isinstance(answer, Exception):
        raise answer
    if answer is None:
        return WorkerHealth(worker.url, worker.version)
    if answer.kind == hung_worker.KIND:
        return WorkerHealth(worker.url, worker.version, reachable=False, hangs=True, problem=answer.reason)
    return WorkerHealth(worker.url, worker.version, ready=not answer.reason, problem=answer.reason)
