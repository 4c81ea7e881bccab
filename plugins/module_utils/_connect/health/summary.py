# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result of cluster_health, and its one-line summary. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ..info.connectors import summarize
from ..rest.connection import worker_address
from .health_findings import (
    HealthFinding,
    HealthSnapshot,
    count_of_workers,
    departed_workers,
    is_healthy,
    members_by_address,
    number,
    parked_work,
)


def health_entry(snapshot: HealthSnapshot, findings: Sequence[HealthFinding]) -> dict[str, Any]:
    """The result of cluster_health."""
    return {
        "healthy": is_healthy(findings),
        "msg": message(snapshot, findings),
        "findings": [
            {
                "severity": finding.severity,
                "kind": finding.kind,
                "subject": finding.subject,
                "message": finding.message,
                "advice": finding.advice,
            }
            for finding in findings
        ],
        "workers": list(_worker_entries(snapshot)),
        "summary": summarize(snapshot.connectors.values()),
        "rebalance": _rebalance(snapshot),
    }


def message(snapshot: HealthSnapshot, findings: Sequence[HealthFinding]) -> str:
    """One line: the size of the cluster, and its most severe problem."""
    summary = summarize(snapshot.connectors.values())
    counts = f"{count_of_workers(snapshot)[1]}, {number(summary['total'], 'connector')}, {number(summary['tasks_total'], 'task')}"
    errors = [finding for finding in findings if finding.severity == "error"]
    warnings = sum(finding.severity == "warning" for finding in findings)
    if not errors:
        return f"healthy: {counts}" + (f"; {number(warnings, 'warning')}" if warnings else "")
    more = f"; {number(len(errors) - 1, 'more error')}" if len(errors) > 1 else ""
    return f"not healthy: {errors[0].message}{more}; {counts}"


def _worker_entries(snapshot: HealthSnapshot) -> Iterator[dict[str, Any]]:
    """The workers of the list, then other members of the group."""
    group = snapshot.membership.group if snapshot.membership is not None else None
    members = members_by_address(group) if group is not None else {}
    left = departed_workers(snapshot)
    known = {worker_address(worker.url): worker for worker in snapshot.workers}
    for address in [*known, *sorted(set(members) - set(known))]:
        worker = known.get(address)
        member = next((one for one in group.members if one.url == members.get(address)), None) if group else None
        is_member = True if member is not None else False if worker is not None and worker.url in left else None
        yield {
            "url": worker.url if worker is not None else members[address],
            "version": worker.version if worker is not None else "",
            "reachable": worker.reachable if worker is not None else None,
            "ready": worker.ready if worker is not None else None,
            "member": is_member,
            "leader": group is not None and member == group.leader if is_member else is_member,
            "connectors": len(member.connectors) if member is not None else None,
            "tasks": len(member.tasks) if member is not None else None,
        }


def _rebalance(snapshot: HealthSnapshot) -> dict[str, Any]:
    if snapshot.membership is None:
        return {
            "in_progress": None,
            "source": "none",
            "state": "",
            "delay_ms": None,
            "parked_tasks": None,
            "parked_connectors": None,
        }
    group = snapshot.membership.group
    tasks, connectors = parked_work(snapshot.membership)
    return {
        "in_progress": group.is_rebalancing,
        "source": "brokers",
        "state": group.state,
        "delay_ms": group.delay if group.is_stable else None,
        "parked_tasks": tasks if group.is_stable else None,
        "parked_connectors": connectors if group.is_stable else None,
    }
