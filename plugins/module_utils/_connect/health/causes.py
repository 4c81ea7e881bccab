# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which finding is the cause of which other: one table of rules, and the links that follow from it. Pure.

A rule holds only where the cause is enough to explain the effect. Two findings without a rule are not linked, although one may have
caused the other: an unknown cause is better than a wrong one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count

from .model import HealthFinding

KAFKA_FAILURES = ("brokers_unreachable", "kafka_delivery_timed_out", "not_enough_replicas", "coordinator_unavailable")
"""Diagnoses of a stack trace (folder triage) that name the brokers."""

NOT_LISTED = ("", "unusable", "no_group")
"""Reasons for which the group is unknown (BrokersCause) that a problem of the brokers can explain. Not: a missing library, a missing
ACL, more than one group.
"""


@dataclass(frozen=True)
class CauseRule:
    """A finding of a kind in `causes` explains one of a kind in `effects`.

    `shared`: only if both are about the same worker, connector or count (`HealthFinding.about`). `cause_details`,
    `effect_details`: only with one of these values of `HealthFinding.detail`; empty: with any. `also_warnings`: also if the
    cause is a warning, because it may be the trace of what has been an error.
    """

    causes: tuple[str, ...]
    effects: tuple[str, ...]
    why: str
    shared: bool = False
    cause_details: tuple[str, ...] = ()
    effect_details: tuple[str, ...] = ()
    also_warnings: bool = False

    def holds(self, cause: HealthFinding, effect: HealthFinding) -> bool:
        """Whether the first explains the second by this rule."""
        return (
            cause.kind in self.causes
            and effect.kind in self.effects
            and (cause.severity == "error" or (self.also_warnings and cause.severity == "warning"))
            and (not self.cause_details or cause.detail in self.cause_details)
            and (not self.effect_details or effect.detail in self.effect_details)
            and (not self.shared or not cause.about.isdisjoint(effect.about))
        )


RULES: tuple[CauseRule, ...] = (
    # Brokers
    CauseRule(
        ("broker_unreachable",),
        ("coordinator_unavailable", "internal_topic_no_leader", "internal_topic_not_in_sync"),
        "the partitions that this broker led have no leader, and the others lack its replicas",
    ),
    CauseRule(
        ("broker_unreachable", "bootstrap_wrong"),
        ("group_unknown",),
        "the broker that could describe the group is not asked",
        effect_details=NOT_LISTED,
    ),
    CauseRule(
        ("broker_unreachable",),
        ("worker_not_ready",),
        "nothing listens on any bootstrap server, so the workers have no coordinator either",
        cause_details=("refused",),
    ),
    CauseRule(
        ("broker_unreachable",),
        ("worker_unreachable",),
        "a worker that starts without brokers never listens, and ends after a minute",
        shared=True,
        cause_details=("refused",),
        effect_details=("connection_refused",),
    ),
    CauseRule(
        ("broker_unreachable",),
        ("failed_connectors", "failed_tasks"),
        "the stack trace names the brokers",
        effect_details=KAFKA_FAILURES,
    ),
    CauseRule(
        ("coordinator_unavailable", "offsets_topic_impossible"),
        ("group_unknown",),
        "only the coordinator knows the group",
        effect_details=NOT_LISTED,
    ),
    CauseRule(
        ("coordinator_unavailable", "offsets_topic_impossible"),
        ("no_members", "rebalancing", "worker_not_ready"),
        "no worker can join the group without a coordinator that stores it",
    ),
    CauseRule(
        ("coordinator_unavailable", "offsets_topic_impossible", "no_members", "rebalancing"),
        ("unassigned",),
        "only a completed rebalance assigns work",
    ),
    # Internal topics
    CauseRule(
        ("internal_topic_not_compacted", "internal_topic_partitions"),
        ("worker_unreachable",),
        "a worker checks the topic when it starts, and ends",
        effect_details=("connection_refused",),
    ),
    CauseRule(
        ("internal_topic_no_leader", "internal_topic_not_in_sync"),
        ("worker_not_ready",),
        "a worker is ready only after it has read its internal topics, and writes to them when it joins",
    ),
    # Workers
    CauseRule(
        ("worker_hangs", "worker_unreachable"),
        ("other_number_of_workers", "too_few_workers"),
        "this worker is not counted",
        shared=True,
        also_warnings=True,
    ),
    CauseRule(
        ("worker_hangs", "worker_unreachable"),
        ("no_members",),
        "the group has no other members",
        shared=True,
    ),
    CauseRule(
        ("worker_hangs", "worker_unreachable"),
        ("group_unknown",),
        "a group without members ceases to exist",
        shared=True,
        effect_details=("no_group",),
    ),
    CauseRule(
        ("worker_hangs", "worker_unreachable"),
        ("rebalance_delayed", "task_on_non_member", "unassigned", "unreachable_url"),
        "it is the worker that had this work, or advertises this URL",
        shared=True,
        also_warnings=True,
    ),
    CauseRule(
        ("rebalance_delayed",),
        ("task_on_non_member", "unassigned"),
        "the group keeps this work for its previous worker, and only a new worker overwrites its states",
        shared=True,
    ),
    CauseRule(
        ("rebalance_delayed",),
        ("owned_by_nobody",),
        "the group keeps this work for its previous worker",
    ),
    CauseRule(
        ("rebalancing_repeatedly",),
        ("rebalance_delayed", "task_on_non_member", "unassigned"),
        "it is the worker that leaves the group again and again",
        shared=True,
        also_warnings=True,
    ),
    CauseRule(
        ("rebalancing_repeatedly",),
        ("rebalancing",),
        "the current rebalance is one of them",
        also_warnings=True,
    ),
    CauseRule(
        ("loopback_url", "same_url", "unreachable_url", "wrong_url"),
        ("no_tasks",),
        "a worker sends the configurations of tasks to the leader at this URL",
    ),
    # Memory
    CauseRule(
        ("heap_nearly_full",),
        ("long_pauses",),
        "the JVM collects garbage all the time if little of the heap can be freed",
        shared=True,
        also_warnings=True,
    ),
    CauseRule(
        ("heap_nearly_full", "long_pauses"),
        ("rebalancing_repeatedly",),
        "a worker that stands still sends no heartbeats, and loses its session",
        shared=True,
        also_warnings=True,
    ),
    # Connectors
    CauseRule(
        ("dead_letter_topic_missing",),
        ("failed_tasks",),
        "a task creates the topic when it starts, and fails if that is impossible",
        shared=True,
        cause_details=("replication_factor",),
        effect_details=("replication_factor_too_high",),
        also_warnings=True,
    ),
    CauseRule(
        ("registry_unreachable",),
        ("failed_connectors", "failed_tasks"),
        "the stack trace names the schema registry that this connector uses",
        shared=True,
        effect_details=("registry_failing", "registry_login_refused", "registry_unreachable"),
    ),
    CauseRule(
        ("schema_incompatible",),
        ("failed_connectors", "failed_tasks"),
        "the task failed with the response of the schema registry",
        shared=True,
        effect_details=("schema_incompatible",),
    ),
    CauseRule(
        ("second_group",),
        ("task_on_non_member",),
        "this worker of the other group writes the statuses of the tasks that it runs, too",
        shared=True,
    ),
    CauseRule(
        ("plugins_differ",),
        ("failed_connectors", "failed_tasks"),
        "a worker that lacks the plugin can't run them",
        effect_details=("plugin_missing",),
        also_warnings=True,
    ),
    CauseRule(
        ("owned_twice", "second_group"),
        ("failed_connectors", "failed_tasks"),
        "the task runs twice, and the transaction of one fences the other",
        effect_details=("producer_fenced",),
    ),
)
"""No kind causes itself, not even over several rules (a test proves it), so the links never form a circle."""


def link(findings: Iterable[HealthFinding]) -> tuple[HealthFinding, ...]:
    """The findings with their `id` and with the ids of what has directly caused them. The order is not kept."""
    named = _named(findings)
    of_kind = _by_kind(named)
    direct = {effect.id: {cause.id for cause in _direct_causes(effect, of_kind)} for effect in named}
    return tuple(replace(one, caused_by=tuple(sorted(_nearest(direct, one.id)))) for one in named)


def link_also(
    linked: Sequence[HealthFinding], more: Iterable[HealthFinding], rules: Sequence[CauseRule]
) -> tuple[HealthFinding, ...]:
    """Findings that are linked already, together with further ones, and with the links between all of them that `rules` add."""
    every = [*linked, *_named(more)]
    of_kind = _by_kind(every)
    direct = {one.id: {*one.caused_by, *(cause.id for cause in _direct_causes(one, of_kind, rules))} for one in every}
    return tuple(replace(one, caused_by=tuple(sorted(_nearest(direct, one.id)))) for one in every)


def _by_kind(findings: Iterable[HealthFinding]) -> dict[str, list[HealthFinding]]:
    of_kind: dict[str, list[HealthFinding]] = {}
    for one in findings:
        of_kind.setdefault(one.kind, []).append(one)
    return of_kind


def _direct_causes(
    effect: HealthFinding, of_kind: Mapping[str, Sequence[HealthFinding]], rules: Sequence[CauseRule] = RULES
) -> Iterator[HealthFinding]:
    for rule in rules:
        if effect.kind in rule.effects:
            candidates = (one for kind in rule.causes for one in of_kind.get(kind, ()))
            yield from (cause for cause in candidates if rule.holds(cause, effect))


def _named(findings: Iterable[HealthFinding]) -> list[HealthFinding]:
    """The same problem has the same id in each run. Several of the same kind and subject are numbered."""
    ordered = sorted(findings, key=lambda found: (found.kind, found.subject, found.message))
    names = [f"{one.kind}:{one.subject}" for one in ordered]
    used: set[str] = set()
    named = []
    for one, name in zip(ordered, names, strict=True):
        # A subject may end like a number.
        numbered = (f"{name}#{number}" for number in count(2))
        free = (
            name if name not in used else next(other for other in numbered if other not in used and other not in names)
        )
        used.add(free)
        named.append(replace(one, id=free))
    return named


def _nearest(direct: Mapping[str, set[str]], effect: str) -> set[str]:
    """The causes without those that caused another one of them."""
    causes = direct[effect]
    return causes - {ancestor for cause in causes for ancestor in _ancestors(direct, cause)}


def _ancestors(direct: Mapping[str, set[str]], effect: str) -> set[str]:
    found: set[str] = set()
    waiting = list(direct[effect])
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += direct[one]
    return found


def root_of(finding: HealthFinding, findings: Sequence[HealthFinding]) -> HealthFinding:
    """The finding from which this one follows; itself if it has no known cause. Of several causes, the first in the list counts."""
    while finding.caused_by:
        finding = next(one for one in findings if one.id in finding.caused_by)
    return finding


def consequences(root: HealthFinding, findings: Sequence[HealthFinding]) -> list[HealthFinding]:
    """All findings that follow from this one, directly or not, in the order of the list."""
    direct = {one.id: set(one.caused_by) for one in findings}
    return [one for one in findings if root.id in _ancestors(direct, one.id)]
