# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is restarted, and what is left: the limit, the pauses, causes and protection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.healing.model import (
    Ailment,
    HealPlan,
    HealRules,
    Left,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.healing.past import Past, pasts_of
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.healing.plan import plan_healing
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.history.model import Window
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.history.records import StatusRecord
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.model import Connector
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.patterns import any_match
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.triage.diagnosis import diagnose
from tests.unit.connect.support import stored

NOW = 1_764_300_000_000
MINUTE, HOUR = 60_000, 3_600_000
TRANSIENT = (
    "org.apache.kafka.connect.errors.ConnectException: Failed\nCaused by: java.net.ConnectException: Connection refused"
)
PERMANENT = (
    'org.apache.kafka.common.config.ConfigException: Missing required configuration "file" which has no default value.'
)
UNKNOWN = "com.example.OddException: 42"
RULES = HealRules(3, 6 * HOUR, MINUTE, restarts_unknown=False, protected=any_match([]))


def failed(name: str = "orders", *traces: str) -> Connector:
    tasks = traces or (TRANSIENT,)
    connector = stored(name, tasks=["FAILED"] * len(tasks))
    shown = tuple(task._replace(trace=trace) for task, trace in zip(connector.tasks, tasks, strict=True))
    return connector._replace(tasks=shown)


def plan(
    *connectors: Connector,
    past: Past | None = None,
    rules: HealRules = RULES,
    stale: Sequence[str] = (),
    now: int = NOW,
) -> HealPlan:
    pasts = {} if past is None else {connector.name: past for connector in connectors}
    return plan_healing(connectors, frozenset(stale), pasts, rules, now)


def restarted(found: HealPlan) -> list[str]:
    return [ailment.stored.name for ailment in found.restarts]


def left(found: HealPlan) -> Left:
    (one,) = found.left
    assert not found.restarts
    return one


def test_the_examples_have_the_causes_that_their_names_say() -> None:
    assert [diagnose(trace).transience for trace in (TRANSIENT, PERMANENT, UNKNOWN)] == [
        "transient",
        "permanent",
        "unknown",
    ]


def test_a_transient_failure_without_a_past_is_restarted() -> None:
    assert restarted(plan(failed(), stored("payments"))) == ["orders"]


def test_a_failed_connector_without_tasks_is_restarted() -> None:
    found = plan(stored(state="FAILED", tasks=(), trace=TRANSIENT))
    assert (restarted(found), found.restarts[0].tasks) == (["orders"], ())


@pytest.mark.parametrize("state", ["PAUSED", "STOPPED"])
def test_what_is_paused_or_stopped_is_not_touched(state: str) -> None:
    assert plan(failed()._replace(state=state)) == HealPlan((), ())


def test_a_deleted_connector_is_not_touched() -> None:
    assert plan(failed()._replace(config=None)) == HealPlan((), ())


def test_one_permanent_cause_leaves_the_connector() -> None:
    found = left(plan(failed("orders", TRANSIENT, PERMANENT, UNKNOWN)))
    assert (found.reason, found.ailment.trace, found.ailment.tasks) == ("permanent", PERMANENT, (0, 1, 2))


def test_an_unknown_cause_is_left_unless_the_user_wants_a_restart() -> None:
    assert left(plan(failed("orders", UNKNOWN))).reason == "unknown_cause"
    assert restarted(plan(failed("orders", UNKNOWN), rules=replace(RULES, restarts_unknown=True))) == ["orders"]
    assert left(plan(failed("orders", PERMANENT), rules=replace(RULES, restarts_unknown=True))).reason == "permanent"


def test_a_missing_trace_is_an_unknown_cause() -> None:
    assert left(plan(failed("orders", ""))).reason == "unknown_cause"


def test_a_protected_connector_is_left_with_its_cause() -> None:
    found = left(plan(failed(), rules=replace(RULES, protected=any_match(["ord*"])), stale=["orders"]))
    assert (found.reason, found.ailment.trace) == ("protected", TRANSIENT)


@pytest.mark.parametrize(("failures", "minutes"), [(1, 1), (2, 2), (3, 4), (4, 8), (100, 360)])
def test_the_pause_doubles_with_each_failure_up_to_the_window(failures: int, minutes: int) -> None:
    past = Past((), failures, NOW - 1000)
    found = left(plan(failed(), past=past))
    assert (found.reason, found.next_restart) == ("not_due", NOW - 1000 + minutes * MINUTE)
    assert restarted(plan(failed(), past=past, now=NOW - 1000 + minutes * MINUTE)) == ["orders"]


def test_the_limit_ends_when_the_oldest_restart_leaves_the_window() -> None:
    restarts = (NOW - 5 * HOUR, NOW - 4 * HOUR, NOW - 3 * HOUR)
    past = Past(restarts, 4, NOW - 2 * HOUR)
    found = left(plan(failed(), past=past))
    assert (found.reason, found.next_restart) == ("limit_reached", NOW + HOUR + 1)
    assert restarted(plan(failed(), past=past, now=NOW + HOUR + 1)) == ["orders"]


def test_without_restarts_allowed_there_is_no_next_one() -> None:
    found = left(plan(failed(), rules=replace(RULES, max_restarts=0)))
    assert (found.reason, found.next_restart) == ("limit_reached", None)


def test_an_outdated_status_is_cured_regardless_of_limits() -> None:
    connector = stored(state="UNASSIGNED")
    found = plan(connector, past=Past((NOW,) * 9, 9, NOW), stale=["orders"])
    assert found == HealPlan((Ailment(connector, (), "", Past((NOW,) * 9, 9, NOW), is_stale=True),), ())


def test_connectors_are_ordered_by_name() -> None:
    found = plan(failed("b"), failed("a"), failed("d", PERMANENT), failed("c", PERMANENT))
    assert (restarted(found), [one.ailment.stored.name for one in found.left]) == (["a", "b"], ["c", "d"])


# Many runs in a row

TRACES = st.sampled_from([TRANSIENT, UNKNOWN, PERMANENT])


@given(
    max_restarts=st.integers(0, 4),
    first_pause=st.sampled_from([0, 15_000, MINUTE, HOUR]),
    between_runs=st.lists(st.integers(1, 90 * MINUTE), min_size=1, max_size=60),
    survives=st.lists(st.integers(0, 30 * MINUTE), min_size=60, max_size=60),
)
def test_no_series_of_runs_exceeds_the_limit_and_pauses_grow(
    max_restarts: int, first_pause: int, between_runs: list[int], survives: list[int]
) -> None:
    """A task fails again some time after each restart, and runs read nothing but the topic."""
    rules = replace(RULES, max_restarts=max_restarts, first_pause=first_pause)
    topic = [StatusRecord(NOW, "orders", 0, "RUNNING"), StatusRecord(NOW, "orders", 0, "FAILED")]
    restarts: list[int] = []
    now = NOW
    for gap, life in zip(between_runs, survives, strict=False):
        now = max(now, topic[-1].time) + gap
        pasts = pasts_of(
            [one for one in topic if one.time >= now - rules.window], Window(now - rules.window, now), any_match(["*"])
        )
        found = plan_healing([failed()], frozenset(), pasts, rules, now)
        if not found.restarts:
            continue
        past = pasts.get("orders", Past())
        if past.last_failure is not None:
            assert now - past.last_failure >= min(first_pause * 2 ** (past.failures - 1), rules.window)
        restarts.append(now)
        topic += [
            StatusRecord(now + 1, "orders", 0, "RESTARTING"),
            StatusRecord(now + 2, "orders", 0, "RUNNING"),
            StatusRecord(now + 3 + life, "orders", 0, "FAILED"),
        ]
    for at in restarts:
        assert sum(at <= other < at + rules.window for other in restarts) <= max_restarts


@given(traces=st.lists(TRACES, min_size=1, max_size=5), restarts_unknown=st.booleans(), protected=st.booleans())
def test_permanent_and_protected_ones_are_never_restarted(
    traces: list[str], restarts_unknown: bool, protected: bool
) -> None:
    rules = replace(RULES, restarts_unknown=restarts_unknown, protected=any_match(["*"] if protected else []))
    found = plan(failed("orders", *traces), rules=rules)
    allowed = not protected and PERMANENT not in traces and (restarts_unknown or UNKNOWN not in traces)
    assert bool(found.restarts) is allowed
