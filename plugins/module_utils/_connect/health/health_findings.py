# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a cluster is healthy, according to one snapshot: findings, most severe first. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ..errors import one_line
from .causes import link
from .lasting import GROUP_UNKNOWN_LASTS_AFTER, LASTS_AFTER, NEED_READY_WORKERS
from .model import SEVERITIES, HealthFinding, HealthLimits, HealthSnapshot
from .work_findings import work_findings
from .worker_findings import group_findings, plugin_findings, worker_findings

if TYPE_CHECKING:
    from ..model import Connector


def find_health_problems(snapshot: HealthSnapshot, limits: HealthLimits) -> tuple[HealthFinding, ...]:
    """All findings, most severe first. The cluster is healthy if none of them is an error."""
    counted = [stored for name, stored in sorted(snapshot.connectors.items()) if limits.counts(name)]
    found = [
        *worker_findings(snapshot, limits),
        *_of_brokers(snapshot),
        *group_findings(snapshot),
        *work_findings(counted, snapshot, limits),
        *plugin_findings(snapshot),
        *_of_errors(counted, snapshot, limits),
        *_of_observation(snapshot, limits),
        *_of_registries(counted, snapshot),
        *_of_memory(snapshot),
    ]
    shown = {_with_duration(_on_one_line(finding), snapshot) for finding in found}
    return tuple(sorted(link(shown), key=_most_severe_first))


def _of_brokers(snapshot: HealthSnapshot) -> Iterable[HealthFinding]:
    if snapshot.brokers is None:
        return ()
    from .broker_findings import broker_findings  # noqa: PLC0415  # compiled in every run: only runs that need it pay

    return broker_findings(snapshot, snapshot.brokers)


def _of_errors(counted: Sequence[Connector], snapshot: HealthSnapshot, limits: HealthLimits) -> Iterator[HealthFinding]:
    if "errors" not in limits.checks:
        return
    from .error_findings import missing_dead_letter_topics, swallowed_errors  # noqa: PLC0415  # compiled in every run: only runs that need it pay

    yield from swallowed_errors(counted)
    if snapshot.dead_letters is not None:
        yield from missing_dead_letter_topics(counted, snapshot.dead_letters)


def _of_observation(snapshot: HealthSnapshot, limits: HealthLimits) -> Iterator[HealthFinding]:
    if snapshot.observation is None:
        return
    from .error_findings import dead_letter_findings  # noqa: PLC0415  # compiled in every run: only runs that need it pay
    from .progress_findings import progress_findings  # noqa: PLC0415  # compiled in every run: only runs that need it pay
    from .rebalance_findings import rebalance_findings  # noqa: PLC0415  # compiled in every run: only runs that need it pay

    yield from progress_findings(snapshot.observation)
    yield from rebalance_findings(snapshot, snapshot.observation, limits)
    yield from dead_letter_findings(snapshot.observation)


def _of_registries(counted: Sequence[Connector], snapshot: HealthSnapshot) -> Iterable[HealthFinding]:
    if not snapshot.registries:
        return ()
    from .registry_findings import registry_findings  # noqa: PLC0415  # compiled in every run: only runs that need it pay

    return registry_findings(counted, snapshot.registries)


def _of_memory(snapshot: HealthSnapshot) -> Iterable[HealthFinding]:
    if not snapshot.memory:
        return ()
    from .memory_findings import memory_findings  # noqa: PLC0415  # compiled in every run: only runs that need it pay

    return memory_findings(snapshot, snapshot.memory)


def _most_severe_first(finding: HealthFinding) -> tuple[int, bool, bool, str, str, str]:
    """Of equal severity, causes come before what follows from them. Of these, what time does not fix comes first, because nothing
    else can be fixed by waiting meanwhile.
    """
    follows, may_end = bool(finding.caused_by), finding.lasts_after is None
    return SEVERITIES.index(finding.severity), follows, may_end, finding.kind, finding.subject, finding.message


def _with_duration(finding: HealthFinding, snapshot: HealthSnapshot) -> HealthFinding:
    if finding.severity != "error":
        return finding
    problem = snapshot.brokers_problem
    if finding.kind == "group_unknown" and problem is not None:
        key, seconds = str(problem.cause), GROUP_UNKNOWN_LASTS_AFTER.get(problem.cause)
    else:
        key, seconds = finding.kind, LASTS_AFTER.get(finding.kind)
    if key in NEED_READY_WORKERS and any(worker.ready is False or not worker.reachable for worker in snapshot.workers):
        return finding
    return replace(finding, lasts_after=seconds)


def _on_one_line(finding: HealthFinding) -> HealthFinding:
    """Names and causes come from workers and brokers."""
    return replace(
        finding,
        subject=one_line(finding.subject),
        message=one_line(finding.message),
        advice=one_line(finding.advice),
    )
