# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The checks that are made once, after the wait for health: they cost more, or take the time of an observation. Reads only."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from ..dead_letters.queues import dead_letter_topics
from ..errors import BrokersError
from ..group.brokers import Brokers
from ..group.membership import new_client
from ..run import Run
from ..snapshot.cluster import Cluster
from .check import HealthQuery, HealthReport, check_health
from .model import OBSERVED, HealthLimits, HealthSnapshot
from .observed import DeadLetterFacts


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
    # Topics are read after the states: a task has created its dead letter topic before it runs.
    topics = _topic_facts(cluster.run, brokers, limits, snapshot)
    if observation is None and topics == TopicFacts():
        return report
    snapshot = replace(snapshot, observation=observation, dead_letters=topics.dead_letters, topics=topics.names)
    return report.about(snapshot, limits)


class TopicFacts(NamedTuple):
    """What the brokers tell about topics. `names`: of all topics, if sinks choose theirs with a regular expression."""

    dead_letters: DeadLetterFacts | None = None
    names: frozenset[str] = frozenset()


def _topic_facts(run: Run, brokers: Brokers, limits: HealthLimits, snapshot: HealthSnapshot) -> TopicFacts:
    """What the checks errors and overlaps need, if there is a sink for which they need it."""
    counted = [stored for name, stored in snapshot.connectors.items() if limits.counts(name)]
    named = dead_letter_topics(counted) if "errors" in limits.checks else {}
    has_regex = "overlaps" in limits.checks and any((stored.config or {}).get("topics.regex") for stored in counted)
    if not named and not has_regex:
        return TopicFacts()
    try:
        client = new_client(run, brokers)
        names = frozenset(client.topic_names()) if has_regex else frozenset()
        if not named:
            return TopicFacts(None, names)
        existing = frozenset(topic.name for topic in client.topics(named))
        return TopicFacts(DeadLetterFacts(existing, len(client.describe().nodes)), names)
    except BrokersError:
        return TopicFacts()
