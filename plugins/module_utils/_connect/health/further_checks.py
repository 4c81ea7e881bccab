# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The checks that are made once, after the wait for health: they cost more, or take the time of an observation. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..errors import BrokersError
from ..group.membership import new_client
from ..model import Connector
from ..run import Run
from ..snapshot.cluster import Cluster
from .check import HealthQuery, HealthReport, check_health
from .health_findings import find_health_problems
from .model import OBSERVED, HealthLimits, HealthSnapshot
from .observed import DeadLetterFacts, dead_letter_topics


def with_further_checks(
    cluster: Cluster, query: HealthQuery, limits: HealthLimits, report: HealthReport
) -> HealthReport:
    """The report with these checks. After an observation, it is about the cluster at its end. Raises what check_health raises.

    Without brokers, or without a group there, it is the same report.
    """
    brokers, snapshot = query.brokers, report.snapshot
    if brokers is None or snapshot.membership is None:
        return report
    observation = None
    if limits.checks & OBSERVED:
        from . import observation as reading  # noqa: PLC0415  # compiled in every run: only runs that need it pay

        asked = reading.ObservationQuery(brokers, query.observe, query.status_topic, query.properties)
        try:
            sources = reading.sources_of(cluster.run, brokers)
            observation = reading.observe(cluster, asked, limits, snapshot, sources)
        except BrokersError as error:
            cluster.warnings.append(
                f"checks {', '.join(sorted(limits.checks & OBSERVED))} are left out: {error.message}"
            )
    warnings = list(cluster.warnings)
    if query.observe and observation is not None:
        # Without the time that the observation took, the report would be outdated.
        latest = check_health(cluster, query, limits).snapshot
        snapshot = replace(latest, delay_ends=latest.delay_ends or snapshot.delay_ends)
    cluster.warnings[:] = warnings
    # Topics are read after the states: a task has created its topic before it runs.
    dead_letters = _dead_letters(cluster.run, query, limits, snapshot)
    if observation is None and dead_letters is None:
        return report
    snapshot = replace(snapshot, observation=observation, dead_letters=dead_letters)
    kept = [found for found in report.findings if found.kind == "not_stable_yet"]
    return HealthReport(snapshot, (*kept, *find_health_problems(snapshot, limits)))


def _dead_letters(
    run: Run, query: HealthQuery, limits: HealthLimits, snapshot: HealthSnapshot
) -> DeadLetterFacts | None:
    counted: Sequence[Connector] = [one for name, one in snapshot.connectors.items() if limits.counts(name)]
    named = dead_letter_topics(counted)
    if "errors" not in limits.checks or not named or query.brokers is None or snapshot.membership is None:
        return None
    try:
        client = new_client(run, query.brokers)
        alive = len(client.describe().nodes)
        return DeadLetterFacts(frozenset(topic.name for topic in client.topics(named)), alive)
    except BrokersError:
        return None
