# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Puts the results of the modules together: the verdict, the causes with what preceded them, and the timeline. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ..health.causes import consequences, link_also, root_of
from ..health.model import SEVERITIES, HealthFinding, about_workers, is_healthy, number
from ..history.times import shown_clock, shown_duration
from ..rest.connection import worker_address
from .log_findings import LOG_RULES, log_findings, log_of
from .model import Cause, Diagnosis
from .timeline import timeline_of

if TYPE_CHECKING:
    from ..group.group_findings import Severity
    from .model import HostLog, Timeline, Verdict

_OF_CONNECTORS = ("failed_connectors", "failed_tasks", "not_progressing", "lag_growing", "task_running_twice")
_OF_REBALANCES = ("rebalancing", "rebalancing_repeatedly")


@dataclass(frozen=True)
class Results:
    """What the modules returned, as plain data; None where they did not run. One that failed has only `msg`, and maybe `error`.

    `logs`: one entry for each host, see log_findings.py. `time`: when they ran.
    """

    time: int
    cluster: str = ""
    health: Mapping[str, Any] | None = None
    history: Mapping[str, Any] | None = None
    connectors: Mapping[str, Any] | None = None
    logs: Sequence[Mapping[str, Any]] = ()


def diagnose(results: Results) -> Diagnosis:
    """The diagnosis that follows from these results."""
    health, history, connectors = (results.health or {}, results.history or {}, results.connectors or {})
    stored = connectors.get("connectors") or []
    timeline = timeline_of(history, stored, results.time)
    findings = _linked(health, results.logs)
    causes = tuple(_causes(findings, timeline, history))
    logs = tuple(log_of(entry) for entry in results.logs)
    running: dict[str, int] = {}
    for task in (task for one in stored for task in one.get("tasks", ())):
        if task.get("state") == "RUNNING" and task.get("worker_id"):
            running[str(task["worker_id"])] = running.get(str(task["worker_id"]), 0) + 1
    verdict = _verdict(findings, is_known="findings" in health)
    return Diagnosis(
        results.cluster,
        results.time,
        verdict,
        _summary(verdict, health, causes),
        causes,
        timeline,
        health.get("workers") or [],
        running,
        health.get("lag") or [],
        health.get("dead_letters") or [],
        logs,
        tuple(_unread(results, logs)),
    )


def _linked(health: Mapping[str, Any], logs: Sequence[Mapping[str, Any]]) -> Sequence[HealthFinding]:
    """The findings of cluster_health with those of the logs, the most severe first, and of these the causes first."""
    found = [_finding(entry) for entry in health.get("findings") or []]
    if "findings" not in health and health.get("msg") and not health.get("skipped"):
        error = health.get("error") or {}
        text, advice = str(error.get("message") or health.get("msg", "")), str(error.get("advice", ""))
        found = [HealthFinding(str(error.get("kind") or "error"), "error", "cluster", text, advice, id="cluster")]
    both = link_also(found, log_findings(logs), LOG_RULES)
    return sorted(both, key=lambda one: (SEVERITIES.index(one.severity), bool(one.caused_by)))


def _finding(entry: Mapping[str, Any]) -> HealthFinding:
    severity: Severity = entry["severity"]
    subject = str(entry.get("subject", ""))
    about = about_workers([worker_address(subject)]) if urlsplit(subject).hostname else frozenset()
    return HealthFinding(
        str(entry["kind"]),
        severity,
        subject,
        str(entry.get("message", "")),
        str(entry.get("advice", "")),
        about=about,
        id=str(entry.get("id") or f"{entry['kind']}:{subject}"),
        caused_by=tuple(entry.get("caused_by") or ()),
    )


def _causes(
    findings: Sequence[HealthFinding], timeline: Timeline | None, history: Mapping[str, Any]
) -> Iterable[Cause]:
    """One for each finding without a cause, and not for mere information."""
    changes = (history.get("summaries") or {}).get("failures_after_changes") or []
    for root in findings:
        if root_of(root, findings) is not root or root.severity == "info":
            continue
        followed = consequences(root, findings)
        named = [one.subject for one in (root, *followed) if one.kind in _OF_CONNECTORS]
        yield Cause(
            root.id,
            root.severity,
            root.kind,
            root.subject,
            root.message,
            root.advice,
            _since(root, followed, timeline),
            next((str(change.get("message", "")) for change in changes if change.get("connector") in named), ""),
            tuple(one.message for one in followed),
        )


def _since(root: HealthFinding, followed: Sequence[HealthFinding], timeline: Timeline | None) -> int | None:
    """When it began, as far as the history shows: the failure of the connector, or the first rebalance."""
    if timeline is None:
        return None
    if root.kind in _OF_REBALANCES:
        return timeline.rebalances[0].time if timeline.rebalances else None
    named = {one.subject for one in (root, *followed) if one.kind in _OF_CONNECTORS}
    begins = [
        lane.segments[-1].begin
        for lane in timeline.lanes
        # Before the first event, it is unknown since when.
        if lane.connector in named and len(lane.segments) > 1 and lane.segments[-1].state == "FAILED"
    ]
    return min(begins, default=None)


def _verdict(findings: Sequence[HealthFinding], *, is_known: bool) -> Verdict:
    if not is_healthy(findings):
        return "not_healthy"
    if not is_known:
        return "unknown"
    return "warnings" if any(one.severity == "warning" for one in findings) else "healthy"


def _summary(verdict: Verdict, health: Mapping[str, Any], causes: Sequence[Cause]) -> str:
    if verdict == "unknown":
        return "the result of cluster_health is missing"
    if verdict == "not_healthy" and not str(health.get("msg", "")).startswith("not healthy"):
        return causes[0].message
    # The verdict is shown beside it.
    return str(health.get("msg", "")).partition("\n")[0].removeprefix("not healthy: ").removeprefix("healthy: ")


def _unread(results: Results, logs: Iterable[HostLog]) -> Iterable[str]:
    """What is missing from the report, and why."""
    if results.history is None or results.history.get("skipped"):
        yield "history: give bootstrap_servers, so that cluster_history can read it"
    for name, result, field in (
        ("history", results.history, "events"),
        ("connectors", results.connectors, "connectors"),
    ):
        if result is not None and field not in result and not result.get("skipped"):
            yield f"{name}: {str(result.get('msg', 'failed')).partition(chr(10))[0]}"
    for log in logs:
        if log.problem:
            yield f"log of {log.host}: {log.problem.partition(chr(10))[0]}"
    compacted = (results.history or {}).get("compacted") or []
    if compacted:
        shown = (
            f"history: {number(len(compacted), 'configuration or state', 'configurations and states')} compacted away"
        )
        yield f"{shown}, first: {compacted[0].get('message', '')}"


def causes_line(causes: Sequence[Cause]) -> str:
    """How many causes there are, by severity: `2 errors, 1 warning`."""
    counts = [(sum(cause.severity == severity for cause in causes), severity) for severity in SEVERITIES]
    return ", ".join(number(count, severity) for count, severity in counts if count) or "nothing found"


def shown_since(cause: Cause, now: int) -> str:
    """`since 2026-11-28 02:13:09 UTC (32 min)`, or empty."""
    if cause.since is None:
        return ""
    return f"since {shown_clock(cause.since)} ({shown_duration(now - cause.since)})"
