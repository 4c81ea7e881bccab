# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which finding is the cause of which other: the table of rules, and properties that hold for every set of findings."""

from __future__ import annotations

from graphlib import TopologicalSorter
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.health.causes import (
    RULES,
    consequences,
    link,
    root_of,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.health.model import (
    EVERY_WORKER,
    MISSING_WORKER,
    SEVERITIES,
    HealthFinding,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.triage.table import (
    GENERAL,
    LAST,
    SPECIFIC,
)
from ansible_collections.streamops.kafka_connect.plugins.modules import cluster_health

KINDS = sorted({kind for rule in RULES for kind in (*rule.causes, *rule.effects)})
DETAILS = sorted({detail for rule in RULES for detail in (*rule.cause_details, *rule.effect_details)} | {""})
CONNECTOR = frozenset({"connector orders"})
WORKER = frozenset({"worker connect-1:8083"})


def finding(kind: str, subject: str = "cluster", severity: Any = "error", **more: Any) -> HealthFinding:
    return HealthFinding(kind, severity, subject, f"{kind} of {subject}", **more)


def causes_of(kind: str, *findings: HealthFinding) -> tuple[str, ...]:
    """The causes of the finding of this kind."""
    (found,) = (one for one in link(findings) if one.kind == kind)
    return found.caused_by


# The table


def test_no_kind_is_its_own_cause_over_any_number_of_rules() -> None:
    needs: dict[str, set[str]] = {}
    for rule in RULES:
        for effect in rule.effects:
            needs.setdefault(effect, set()).update(rule.causes)
    TopologicalSorter(needs).prepare()


def test_each_rule_names_documented_kinds_and_says_why() -> None:
    fields = yaml.safe_load(cluster_health.RETURN)["findings"]["contains"]
    assert set(KINDS) <= set(fields["kind"]["choices"])
    assert all(rule.why and rule.causes and rule.effects for rule in RULES)


def test_diagnoses_that_rules_name_exist() -> None:
    failures = {"failed_connectors", "failed_tasks"}
    named = {detail for rule in RULES if set(rule.effects) == failures for detail in rule.effect_details}
    assert named <= {row.kind for row in (*SPECIFIC, *GENERAL, *LAST)}
    assert len(named) > 3


@pytest.mark.parametrize(
    ("cause", "effect"),
    [
        (finding("second_group", about=WORKER), finding("task_on_non_member", about=WORKER)),
        (finding("plugins_differ", severity="warning"), finding("failed_tasks", detail="plugin_missing")),
        (finding("broker_unreachable"), finding("coordinator_unavailable")),
        (finding("broker_unreachable"), finding("internal_topic_no_leader")),
        (finding("broker_unreachable"), finding("group_unknown", detail="unusable")),
        (finding("broker_unreachable"), finding("failed_tasks", detail="brokers_unreachable")),
        (finding("broker_unreachable", detail="refused"), finding("worker_not_ready")),
        (
            finding("broker_unreachable", detail="refused", about=EVERY_WORKER),
            finding("worker_unreachable", detail="connection_refused", about=EVERY_WORKER | WORKER),
        ),
        (finding("worker_unreachable", about=EVERY_WORKER), finding("no_members", about=EVERY_WORKER)),
        (
            finding("worker_hangs", about=EVERY_WORKER),
            finding("group_unknown", detail="no_group", about=EVERY_WORKER),
        ),
        (finding("bootstrap_wrong"), finding("group_unknown", detail="no_group")),
        (finding("coordinator_unavailable"), finding("group_unknown", detail="no_group")),
        (finding("offsets_topic_impossible"), finding("worker_not_ready")),
        (finding("coordinator_unavailable"), finding("rebalancing")),
        (finding("rebalancing"), finding("unassigned")),
        (finding("internal_topic_not_compacted"), finding("worker_unreachable", detail="connection_refused")),
        (finding("internal_topic_not_in_sync"), finding("worker_not_ready")),
        (finding("worker_unreachable", about=WORKER), finding("rebalance_delayed", about=WORKER)),
        (finding("worker_hangs", severity="warning", about=WORKER), finding("task_on_non_member", about=WORKER)),
        (finding("worker_unreachable", about=MISSING_WORKER), finding("too_few_workers", about=MISSING_WORKER)),
        (finding("rebalance_delayed"), finding("owned_by_nobody", severity="warning")),
        (
            finding("rebalancing_repeatedly", severity="warning", about=WORKER),
            finding("rebalance_delayed", about=WORKER),
        ),
        (finding("rebalancing_repeatedly", severity="warning"), finding("rebalancing")),
        (finding("same_url"), finding("no_tasks", severity="warning")),
        (finding("second_group"), finding("failed_tasks", detail="producer_fenced")),
        (
            finding("registry_unreachable", about=CONNECTOR),
            finding("failed_tasks", detail="registry_failing", about=CONNECTOR),
        ),
        (
            finding("schema_incompatible", about=CONNECTOR),
            finding("failed_tasks", detail="schema_incompatible", about=CONNECTOR),
        ),
    ],
    ids=lambda one: one.kind,
)
def test_a_cause_is_linked_to_its_effect(cause: HealthFinding, effect: HealthFinding) -> None:
    assert causes_of(effect.kind, cause, effect) == (f"{cause.kind}:cluster",)
    assert causes_of(cause.kind, cause, effect) == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # A second server that does not answer breaks nothing.
        (finding("broker_unreachable", severity="warning"), finding("group_unknown", detail="no_group")),
        (finding("broker_unreachable"), finding("group_unknown", detail="denied")),
        (finding("coordinator_unavailable"), finding("group_unknown", detail="several_groups")),
        # A firewall between this machine and the brokers says nothing about the workers.
        (finding("broker_unreachable"), finding("worker_not_ready")),
        (finding("broker_unreachable"), finding("failed_tasks", detail="connection_refused")),
        # While others answer, this worker may have died before the brokers.
        (
            finding("broker_unreachable", detail="refused"),
            finding("worker_unreachable", detail="connection_refused", about=WORKER),
        ),
        (finding("worker_unreachable", about=EVERY_WORKER), finding("group_unknown", about=EVERY_WORKER)),
        (finding("internal_topic_not_compacted"), finding("worker_unreachable", detail="connection_timeout")),
        (finding("worker_unreachable", about=WORKER), finding("task_on_non_member", about=frozenset({"worker b"}))),
        (
            finding("rebalancing_repeatedly", severity="warning", about=WORKER),
            finding("rebalance_delayed", about=frozenset({"worker b"})),
        ),
        # It is still a member, so it is counted.
        (finding("worker_unreachable", about=WORKER), finding("too_few_workers", about=MISSING_WORKER)),
        (finding("worker_not_ready"), finding("failed_tasks")),
        (finding("registry_unreachable", about=CONNECTOR), finding("failed_tasks", detail="registry_unreachable")),
        (finding("schema_incompatible", about=CONNECTOR), finding("failed_tasks", about=CONNECTOR)),
    ],
    ids=lambda one: one.kind,
)
def test_what_a_finding_does_not_explain_is_not_linked(one: HealthFinding, other: HealthFinding) -> None:
    assert [found.caused_by for found in link([one, other])] == [(), ()]


# Links


def test_only_the_nearest_causes_are_named() -> None:
    chain = [
        finding("broker_unreachable", "kafka-1:9092"),
        finding("coordinator_unavailable"),
        finding("group_unknown", detail="no_group"),
    ]
    assert causes_of("group_unknown", *chain) == ("coordinator_unavailable:cluster",)


def test_findings_of_the_same_kind_and_subject_have_different_ids_in_any_order() -> None:
    alike = [HealthFinding("failed_tasks", "error", "orders", text) for text in ("timeout", "no table", "denied")]
    ids = {one.message: one.id for one in link(alike)}
    assert ids == {
        "denied": "failed_tasks:orders",
        "no table": "failed_tasks:orders#2",
        "timeout": "failed_tasks:orders#3",
    }
    assert {one.message: one.id for one in link(reversed(alike))} == ids


def test_the_root_of_a_finding_is_found_over_several_links() -> None:
    linked = link(
        [
            finding("worker_unreachable", severity="warning", about=WORKER),
            finding("rebalance_delayed", about=WORKER),
            finding("owned_by_nobody", severity="warning"),
        ]
    )
    by_kind = {one.kind: one for one in linked}
    root = root_of(by_kind["owned_by_nobody"], linked)
    assert root.kind == "worker_unreachable"
    assert root_of(root, linked) == root
    assert {one.kind for one in consequences(root, linked)} == {"rebalance_delayed", "owned_by_nobody"}


FINDINGS = st.builds(
    HealthFinding,
    kind=st.sampled_from(KINDS),
    severity=st.sampled_from(SEVERITIES),
    subject=st.sampled_from(["a", "b", "a#2"]),
    message=st.sampled_from(["", "one", "two"]),
    about=st.frozensets(st.sampled_from(["worker a", "connector a", *MISSING_WORKER])),
    detail=st.sampled_from(DETAILS),
)


@given(st.lists(FINDINGS, max_size=25))
def test_links_lead_to_existing_findings_and_never_back(found: list[HealthFinding]) -> None:
    linked = link(found)
    ids = [one.id for one in linked]
    assert len(set(ids)) == len(ids) == len(found)
    assert {cause for one in linked for cause in one.caused_by} <= set(ids)
    TopologicalSorter({one.id: one.caused_by for one in linked}).prepare()
    assert all(not root_of(one, linked).caused_by for one in linked)


@given(st.lists(FINDINGS, max_size=10), st.randoms())
def test_links_do_not_depend_on_the_order(found: list[HealthFinding], random: Any) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)
    assert {one.id: one.caused_by for one in link(shuffled)}.keys() == {one.id for one in link(found)}
