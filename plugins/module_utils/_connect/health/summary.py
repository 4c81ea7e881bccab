# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is told of a cluster's health: the result of cluster_health, and its one line. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ..info.connectors import summarise
from ..rest.connection import worker_address
from .health_findings import (
    HealthFinding,
    HealthSnapshot,
    count_of_workers,
    is_healthy,
    members_by_address,
    number,
    those_who_left,
)


def health_entry(look: HealthSnapshot, findings: Sequence[HealthFinding]) -> dict[str, Any]:
    """The result of cluster_health."""
    return {
        "healthy": is_healthy(findings),
        "msg": message(look, findings),
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
        "workers": list(_worker_entries(look)),
        "summary": summarise(look.connectors.values()),
        "rebalance": _rebalance(look),
    }


def message(look: HealthSnapshot, findings: Sequence[HealthFinding]) -> str:
    """One line: what there is, and what is the worst of what is wrong with it."""
    summary = summarise(look.connectors.values())
    counts = f"{count_of_workers(look)[1]}, {number(summary['total'], 'connector')}, {number(summary['tasks_total'], 'task')}"
    errors = [finding for finding in findings if finding.severity == "error"]
    warnings = sum(finding.severity == "warning" for finding in findings)
    if not errors:
        return f"well: {counts}" + (f"; {number(warnings, 'warning')}" if warnings else "")
    more = f"; {number(len(errors) - 1, 'more error')}" if len(errors) > 1 else ""
    return f"not well: {errors[0].message}{more}; {counts}"


def _worker_entries(look: HealthSnapshot) -> Iterator[dict[str, Any]]:
    """Those of the list, then other members of the group."""
    group = look.membership.group if look.membership is not None else None
    members = members_by_address(group) if group is not None else {}
    left = those_who_left(look)
    known = {worker_address(worker.url): worker for worker in look.workers}
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


def _rebalance(look: HealthSnapshot) -> dict[str, Any]:
    if look.membership is None:
        return {"under_way": None, "known_by": "nobody", "state": "", "delay_ms": None}
    group = look.membership.group
    return {
        "under_way": group.is_rebalancing,
        "known_by": "brokers",
        "state": group.state,
        "delay_ms": group.delay if group.is_stable else None,
    }
