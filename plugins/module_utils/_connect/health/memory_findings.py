# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with the heap of workers, and with the pauses of their garbage collection. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ..rest.connection import worker_address
from .model import HealthFinding, HealthSnapshot, about_workers

if TYPE_CHECKING:
    from ..jvm.read import WorkerMemory

FULL = 0.9
"""The part of the pool of long-lived objects that is in use after a garbage collection, from which on the JVM mostly collects."""

PAUSED = 0.2
"""The part of the time from which on pauses delay heartbeats and requests."""

_MEGABYTE = 1_048_576


def memory_findings(snapshot: HealthSnapshot, memory: Sequence[WorkerMemory]) -> Iterator[HealthFinding]:
    """The findings about each worker whose agent was asked."""
    for worker in memory:
        about = about_workers(_addresses(snapshot, worker.url))
        found = worker.memory
        if found is None:
            yield HealthFinding(
                "metrics_unreadable",
                "info",
                worker.url,
                f"the heap of the worker at {worker.url} is unknown: {worker.problem}",
                "check the URL and the login in metrics, and the agent (role jmx)",
                about=about,
            )
            continue
        if found.share >= FULL:
            yield HealthFinding(
                "heap_nearly_full",
                "warning",
                worker.url,
                f"after garbage collection, {found.share:.0%} of the heap for long-lived objects ({found.pool}: "
                f"{found.used / _MEGABYTE:.0f} of {found.maximum / _MEGABYTE:.0f} MB) of the worker at {worker.url} is still in use",
                "give the worker more memory (role worker: worker_heap), or let more workers share the tasks (playbook scale_out)",
                about=about,
            )
        if worker.paused_share is not None and worker.paused_share >= PAUSED:
            yield HealthFinding(
                "long_pauses",
                "warning",
                worker.url,
                f"garbage collection stops the worker at {worker.url} for {worker.paused_share:.0%} of the time "
                f"(of {worker.seconds:.0f} s)",
                "give the worker more memory (role worker: worker_heap), or let more workers share the tasks (playbook scale_out)",
                about=about,
            )


def memory_entries(memory: Sequence[WorkerMemory]) -> list[dict[str, Any]]:
    """`memory` in the result. Numbers are None if they are unknown."""
    return [
        {
            "url": worker.url,
            "used": None if worker.memory is None else int(worker.memory.used),
            "maximum": None if worker.memory is None else int(worker.memory.maximum),
            "pause_share": None if worker.paused_share is None else round(worker.paused_share, 3),
            "seconds": round(worker.seconds, 1),
            "problem": worker.problem,
        }
        for worker in memory
    ]


def _addresses(snapshot: HealthSnapshot, url: str) -> list[str]:
    """The address of the worker on the host of this agent; none if several workers are there."""
    host = urlsplit(url).hostname
    members = snapshot.membership.group.members if snapshot.membership is not None else ()
    urls = {*(worker.url for worker in snapshot.workers), *(member.url for member in members)}
    known = {worker_address(url) for url in urls if url}
    there = [address for address in sorted(known) if urlsplit(f"//{address}").hostname == host]
    return there if len(there) == 1 else []
