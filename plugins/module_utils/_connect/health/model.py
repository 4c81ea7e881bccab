# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The health of a cluster as data: one snapshot, its limits, and findings. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from ..errors import BrokersError
    from ..group.broker_facts import BrokerFacts
    from ..group.group_findings import Severity
    from ..group.membership import Membership
    from ..jvm.read import WorkerMemory
    from ..model import Connector
    from ..patterns import Matcher
    from ..registry.facts import RegistryFacts
    from .observed import DeadLetterFacts, Observation

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")

Check = Literal[
    "overlaps", "brokers", "internal_topics", "errors", "registries", "dead_letters", "progress", "rebalances"
]
"""A group of checks with a switch of its own. Workers, their group, connectors and tasks are always checked."""

CHECKS: tuple[Check, ...] = (
    "overlaps",
    "brokers",
    "internal_topics",
    "errors",
    "registries",
    "dead_letters",
    "progress",
    "rebalances",
)

CHEAP: tuple[Check, ...] = ("overlaps", "brokers", "internal_topics", "errors")
"""Those that cost a few requests only, regardless of the number of connectors, and send them to workers and brokers only."""


OBSERVED: frozenset[Check] = frozenset({"dead_letters", "progress", "rebalances"})
"""Those that need an observation, or gain from one."""

MAX_REBALANCES = 30
"""Rebalances of one hour that are still ordinary: a deployment or a rolling restart causes some."""


@dataclass(frozen=True)
class HealthLimits:
    """What still counts as healthy. `expected_workers`: the exact number; `counts`: the connectors whose failures count; `checks`:
    what is checked; `max_rebalances`: in an hour.
    """

    min_workers: int | None = None
    expected_workers: int | None = None
    max_failed_tasks: int = 0
    max_failed_connectors: int = 0
    max_unassigned: int = 0
    counts: Matcher = lambda _name: True
    checks: frozenset[Check] = frozenset(CHEAP)
    max_rebalances: int = MAX_REBALANCES


@dataclass(frozen=True)
class WorkerHealth:
    """One worker of the list. `problem`: why it does not answer, or is not ready, and `problem_kind` as a kind of error; `ready`:
    None if unknown; `hangs`: it accepts connections but does not answer.
    """

    url: str
    version: str = ""
    reachable: bool = True
    hangs: bool = False
    ready: bool | None = None
    problem: str = ""
    problem_kind: str = ""


@dataclass(frozen=True)
class HealthSnapshot:
    """One snapshot of a cluster. `differences`: plugins that not all workers have, as in cluster_info; `membership`: the
    group, None if unknown; `brokers_problem`: why it is unknown although brokers were given; `read_at`: seconds since 1970;
    `delay_ends`: when the delay of the group ends at the latest, in the same seconds, 0 if unknown; `brokers`: what the brokers
    show about themselves, None if they were not asked; `kafka_cluster_id`: as the workers report it, empty if unknown;
    `dead_letters`, `observation`: None if they were not read; `topics`: names of existing topics, empty if they were not read;
    `registries`: the schema registries that connectors use, `memory`: the JVMs of workers; empty if they were not read.
    """

    connectors: Mapping[str, Connector] = field(default_factory=dict)
    workers: tuple[WorkerHealth, ...] = ()
    differences: Sequence[Mapping[str, Any]] = ()
    membership: Membership | None = None
    brokers_problem: BrokersError | None = None
    read_at: float = 0.0
    delay_ends: float = 0.0
    brokers: BrokerFacts | None = None
    kafka_cluster_id: str = ""
    dead_letters: DeadLetterFacts | None = None
    observation: Observation | None = None
    topics: frozenset[str] = frozenset()
    registries: tuple[RegistryFacts, ...] = ()
    memory: tuple[WorkerMemory, ...] = ()


@dataclass(frozen=True)
class HealthFinding:
    """One finding: its kind, severity and subject, one line about it, and what to do. `lasts_after`: seconds after which it
    counts as one that time does not fix (lasting.py); None if it may end by itself.

    `count`: of the workers, connectors or tasks that it is about. causes.py decides by `about`, which names them, and by `detail`, a
    code. It sets `id`, which is the same in the next run, and `caused_by`, the ids of other findings.
    """

    kind: str
    severity: Severity
    subject: str
    message: str
    advice: str = ""
    lasts_after: float | None = None
    count: int = 1
    about: frozenset[str] = frozenset()
    detail: str = ""
    id: str = ""
    caused_by: tuple[str, ...] = ()


def is_healthy(findings: Sequence[HealthFinding]) -> bool:
    return not any(finding.severity == "error" for finding in findings)


def number(count: int, one: str, several: str = "") -> str:
    """A count and its noun: 1 worker, 2 workers."""
    return f"{count} {one if count == 1 else several or one + 's'}"


def about_workers(addresses: Iterable[str]) -> frozenset[str]:
    """Workers, by their `host:port`, for `HealthFinding.about`."""
    return frozenset(f"worker {address}" for address in addresses)


def about_connectors(names: Iterable[str]) -> frozenset[str]:
    """Connectors for `HealthFinding.about`."""
    return frozenset(f"connector {name}" for name in names)


MISSING_WORKER = frozenset({"number of workers"})
"""For `HealthFinding.about`: that a worker is not counted, and that too few are."""

EVERY_WORKER = frozenset({"every worker"})
"""For `HealthFinding.about`: that none of the listed workers answers."""


def about_every_worker(snapshot: HealthSnapshot) -> frozenset[str]:
    """EVERY_WORKER if none answers, otherwise nothing, for `HealthFinding.about`."""
    none_answers = bool(snapshot.workers) and not any(worker.reachable for worker in snapshot.workers)
    return EVERY_WORKER if none_answers else frozenset()
