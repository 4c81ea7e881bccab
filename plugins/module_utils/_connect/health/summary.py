# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result of cluster_health, and its one-line summary. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ..info.connectors import summarize
from ..rest.connection import worker_address
from .causes import consequences, root_of
from .model import Check, HealthFinding, HealthSnapshot, about_every_worker, is_healthy, number
from .worker_findings import count_of_workers, departed_workers, members_by_address, parked_work

_FOLDED: Mapping[str, tuple[str, str]] = {
    "coordinator_unavailable": ("the group has no usable coordinator",) * 2,
    "failed_connectors": ("{} connector failed", "{} connectors failed"),
    "failed_tasks": ("{} task failed", "{} tasks failed"),
    "group_unknown": ("the workers' group is unknown",) * 2,
    "internal_topic_no_leader": (
        "{} partition of an internal topic has no leader",
        "{} partitions of internal topics have no leader",
    ),
    "internal_topic_not_in_sync": (
        "{} partition of an internal topic rejects writes",
        "{} partitions of internal topics reject writes",
    ),
    "no_members": ("the group has no members",) * 2,
    "owned_by_nobody": ("work is not owned by any worker",) * 2,
    "rebalance_delayed": (
        "{} connector or task waits for its previous worker",
        "{} connectors and tasks wait for their previous worker",
    ),
    "rebalancing": ("the group is rebalancing",) * 2,
    "task_on_non_member": ("{} task has an outdated state", "{} tasks have an outdated state"),
    "unassigned": ("{} connector or task is unassigned", "{} connectors and tasks are unassigned"),
    "unreachable_url": ("{} advertised URL can't be reached", "{} advertised URLs can't be reached"),
    "worker_not_ready": ("{} worker is not ready", "{} workers are not ready"),
    "worker_unreachable": ("{} worker does not answer", "{} workers do not answer"),
}
"""How the message names what follows from its cause. Any other finding is named with its own message."""


def health_entry(
    snapshot: HealthSnapshot, findings: Sequence[HealthFinding], checks: frozenset[Check] = frozenset()
) -> dict[str, Any]:
    """The result of cluster_health. `checks`: those that were made."""
    return {
        "healthy": is_healthy(findings),
        "msg": message(snapshot, findings),
        "findings": [
            {
                "id": finding.id,
                "severity": finding.severity,
                "kind": finding.kind,
                "subject": finding.subject,
                "message": finding.message,
                "advice": finding.advice,
                "caused_by": list(finding.caused_by),
            }
            for finding in findings
        ],
        "workers": list(_worker_entries(snapshot)),
        "summary": summarize(snapshot.connectors.values()),
        "rebalance": _rebalance(snapshot),
        **_observed(snapshot, checks),
    }


def _observed(snapshot: HealthSnapshot, checks: frozenset[Check]) -> dict[str, Any]:
    """What the checks beyond a single snapshot return."""
    observation, found = snapshot.observation, {}
    if "progress" in checks:
        from .progress_findings import lag_entries  # noqa: PLC0415  # compiled in every run: only runs that need it pay

        found["lag"] = lag_entries(observation) if observation is not None else []
    if "dead_letters" in checks:
        from .error_findings import dead_letter_entries  # noqa: PLC0415  # compiled in every run: only runs that need it pay

        found["dead_letters"] = dead_letter_entries(observation) if observation is not None else []
    if snapshot.memory:
        from .memory_findings import memory_entries  # noqa: PLC0415  # compiled in every run: only runs that need it pay

        found["memory"] = memory_entries(snapshot.memory)
    return found


def message(snapshot: HealthSnapshot, findings: Sequence[HealthFinding]) -> str:
    """One line: the first cause of what is wrong, what follows from it, and the size of the cluster."""
    summary = summarize(snapshot.connectors.values())
    counts = count_of_workers(snapshot)[1]
    if not about_every_worker(snapshot):
        # Only a worker can show connectors and tasks.
        counts += f", {number(summary['total'], 'connector')}, {number(summary['tasks_total'], 'task')}"
    errors = [finding for finding in findings if finding.severity == "error"]
    warnings = sum(finding.severity == "warning" for finding in findings)
    if not errors:
        return f"healthy: {counts}" + (f"; {number(warnings, 'warning')}" if warnings else "")
    root = root_of(errors[0], findings)
    folded = [finding for finding in consequences(root, findings) if finding.severity == "error"]
    follows = f"; because of that {_joined(_shown(folded))}" if folded else ""
    others = sum(finding not in folded and finding != root for finding in errors)
    more = f"; {number(others, 'more error')}" if others else ""
    return f"not healthy: {root.message}{follows}{more}; {counts}"


def first_cause(findings: Sequence[HealthFinding]) -> HealthFinding | None:
    """The first cause of what is wrong, which `message` names; None if nothing is."""
    error = next((finding for finding in findings if finding.severity == "error"), None)
    return None if error is None else root_of(error, findings)


def first_advice(findings: Sequence[HealthFinding]) -> str:
    """What to do about the first cause."""
    root = first_cause(findings)
    return "" if root is None else root.advice


def _shown(findings: Sequence[HealthFinding]) -> Iterator[str]:
    """One text for all findings of a kind, or the messages of a kind that has none."""
    for kind in dict.fromkeys(finding.kind for finding in findings):
        alike = [finding for finding in findings if finding.kind == kind]
        if kind in _FOLDED:
            count = sum(finding.count for finding in alike)
            yield _FOLDED[kind][count != 1].format(count)
        else:
            yield from (finding.message for finding in alike)


def _joined(texts: Iterable[str]) -> str:
    *first, last = texts
    return f"{', '.join(first)} and {last}" if first else last


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
