# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plans: the steps for each difference, and properties that hold for every desired set and every cluster."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import GuardError, InputError
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.model import (
    RUN_STATES,
    Absent,
    Connector,
    Desired,
    Present,
    RunState,
    Snapshot,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.patterns import any_match
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.planning.change import (
    Change,
    Purge,
    Rules,
    unchanged,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.planning.plan import (
    fit_to_version,
    plan_connectors,
    plan_restart,
    plan_state,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.planning.steps import (
    Create,
    Delete,
    Pause,
    Restart,
    Resume,
    Step,
    Stop,
    Update,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.rest.versions import Features
from tests.unit.connect.model_cluster import carried_out
from tests.unit.connect.support import file_source, present, snapshot, stored

NEW = Features.of("4.3.1")
Choice = TypeVar("Choice")
NAMES = ("a", "b", "c", "owned-1", "owned-2")
OTHER = file_source(topic="other")


def planned(
    desired: Sequence[Desired], before: Snapshot, rules: Rules, features: Features | None = NEW
) -> tuple[Change, ...]:
    """The plan for workers of this version."""
    return fit_to_version(plan_connectors(desired, before, rules), rules, features)


def change_of(item: Desired, *connectors: Connector, features: Features | None = NEW, **rules: Any) -> Change:
    (change,) = planned([item], snapshot(*connectors), Rules(**rules), features)
    return change


def steps_of(item: Desired, *connectors: Connector, **rules: Any) -> tuple[Step, ...]:
    return change_of(item, *connectors, **rules).steps


# What is done


def test_a_missing_connector_is_created() -> None:
    change = change_of(present())
    assert change.steps == (Create(file_source()),)
    assert (change.action, change.reason, change.desired_state) == ("create", "does not exist", "running")
    assert change.changed_keys == tuple(sorted(file_source()))


def test_a_connector_in_the_desired_state_is_unchanged() -> None:
    change = change_of(present(), stored())
    assert change.steps == ()
    assert (change.action, change.changed_keys, change.settling) == ("none", (), False)


def test_a_different_config_is_updated_and_the_keys_are_named() -> None:
    change = change_of(present(config={**OTHER, "tasks.max": 2}), stored())
    assert change.steps == (Update({**OTHER, "tasks.max": "2"}),)
    assert change.changed_keys == ("tasks.max", "topic")
    assert change.reason == "config differs: tasks.max, topic"


def test_many_changed_keys_are_summarized() -> None:
    config = {**file_source(), **{f"k{number}": "x" for number in range(9)}}
    assert change_of(present(config=config), stored()).reason == "config differs: k0, k1, k2, k3, k4 and 4 more"


def test_an_absent_connector_is_deleted_if_it_exists() -> None:
    assert steps_of(Absent("orders"), stored()) == (Delete(),)
    assert steps_of(Absent("orders")) == ()


def test_a_leftover_status_does_not_mean_that_a_connector_exists() -> None:
    left = Connector("orders", None, state="UNASSIGNED")
    assert steps_of(Absent("orders"), left) == ()
    assert steps_of(present(), left) == (Create(file_source()),)
    purge = Purge(any_match(["*"]), 5)
    assert plan_connectors([], snapshot(left), Rules(purge=purge)) == ()


def test_state_present_keeps_the_run_state() -> None:
    for state in ("RUNNING", "PAUSED", "STOPPED", "FAILED", "UNASSIGNED", ""):
        assert steps_of(present(), stored(state=state)) == ()


STATES: tuple[tuple[RunState, Connector, tuple[Step, ...]], ...] = (
    ("running", stored(), ()),
    ("running", stored(state="PAUSED", tasks=("PAUSED",)), (Resume(),)),
    ("running", stored(state="STOPPED", tasks=()), (Resume(),)),
    ("running", stored(tasks=("RUNNING", "FAILED")), (Restart(),)),
    ("running", stored(state="FAILED"), (Resume(), Restart())),
    ("running", stored(state="PAUSED", tasks=("PAUSED", "FAILED")), (Resume(), Restart())),
    ("paused", stored(), (Pause(),)),
    ("paused", stored(state="PAUSED", tasks=("PAUSED",)), ()),
    ("paused", stored(state="PAUSED", tasks=("FAILED",)), ()),
    ("paused", stored(state="STOPPED", tasks=()), (Pause(),)),
    ("paused", stored(state="FAILED"), (Pause(), Restart())),
    ("stopped", stored(), (Stop(),)),
    ("stopped", stored(state="PAUSED", tasks=("PAUSED",)), (Stop(),)),
    ("stopped", stored(state="STOPPED", tasks=()), ()),
    ("stopped", stored(state="FAILED"), (Stop(),)),
)


@pytest.mark.parametrize(("desired_state", "connector", "steps"), STATES)
def test_each_run_state_has_its_steps(desired_state: RunState, connector: Connector, steps: tuple[Step, ...]) -> None:
    assert steps_of(present(state=desired_state), connector) == steps
    assert plan_state("orders", connector, desired_state, Rules()).steps == steps


def test_the_config_is_written_before_a_resume() -> None:
    paused = stored(state="PAUSED", tasks=("PAUSED",))
    assert steps_of(present(config=OTHER, state="running"), paused) == (Update(OTHER), Resume())


@pytest.mark.parametrize(("desired_state", "step"), [("stopped", Stop()), ("paused", Pause())])
def test_the_state_is_written_before_the_config_of_a_pause_or_stop(desired_state: RunState, step: Step) -> None:
    assert steps_of(present(config=OTHER, state=desired_state), stored()) == (step, Update(OTHER))


def test_a_new_config_recovers_failed_tasks_without_a_restart() -> None:
    assert steps_of(present(config=OTHER, state="running"), stored(tasks=("FAILED",))) == (Update(OTHER),)
    assert steps_of(present(config=OTHER, state="running"), stored(state="FAILED")) == (Update(OTHER), Resume())


def test_without_restart_failed_only_the_target_state_is_set() -> None:
    assert steps_of(present(state="running"), stored(tasks=("FAILED",)), restart_failed=False) == ()
    assert steps_of(present(state="running"), stored(state="FAILED"), restart_failed=False) == (Resume(),)


def test_the_plan_waits_for_a_starting_connector_without_a_write() -> None:
    starting = stored(tasks=("RUNNING",), task_ids=(0, 1))
    assert change_of(present(state="running"), starting).settling
    assert change_of(present(state="running"), stored(tasks=("RESTARTING",))).settling
    assert not change_of(present(), starting).settling
    assert not change_of(present(state="running"), stored()).settling
    assert not change_of(present(state="running"), stored(tasks=("FAILED",)), restart_failed=False).settling


def test_masked_secrets_alone_are_not_a_difference() -> None:
    masked = stored(config={**file_source(), "database.password": "****"})
    desired = present(config={**file_source(), "database.password": "s3cret"})
    change = change_of(desired, masked)
    assert (change.steps, change.unverified_keys) == ((), ("database.password",))
    assert change_of(desired, masked, update_secrets=True).changed_keys == ("database.password",)


def test_a_restart_of_failed_tasks_changes_nothing_if_none_failed() -> None:
    assert plan_restart("orders", stored(), include_tasks=True, only_failed=True).steps == ()
    assert plan_restart("orders", stored(tasks=("FAILED",)), include_tasks=False, only_failed=True).steps == ()
    failed = plan_restart("orders", stored(tasks=("FAILED", "FAILED")), include_tasks=True, only_failed=True)
    assert (failed.steps, failed.reason) == ((Restart(include_tasks=True, only_failed=True),), "tasks 0, 1 FAILED")
    asked = plan_restart("orders", stored(), include_tasks=False, only_failed=False)
    assert asked.steps == (Restart(include_tasks=False, only_failed=False),)


# What this version of Connect can do


@pytest.mark.parametrize("initial", ["paused", "stopped"])
def test_since_3_7_a_connector_is_created_in_its_state(initial: RunState) -> None:
    config = file_source()
    desired = present(initial_state=initial)
    assert steps_of(desired, features=Features.of("3.7.0")) == (Create(config, initial),)
    older = change_of(desired, features=Features.of("3.6.2"))
    assert older.steps == (Create(config), Pause() if initial == "paused" else Stop())
    assert "Kafka 3.6.2 cannot create it" in older.reason
    assert "created running, then" in older.reason


def test_the_desired_state_overrides_the_initial_state() -> None:
    assert steps_of(present(state="paused", initial_state="stopped")) == (Create(file_source(), "paused"),)
    assert steps_of(present(initial_state="stopped"), stored()) == ()


def test_before_3_5_nothing_can_be_stopped() -> None:
    old = Features.of("3.4.1")
    for connectors in ((), (stored(),)):
        with pytest.raises(
            InputError, match=r'connector "orders": Kafka 3.4.1 has no stopped state \(3.5 and newer have\)'
        ):
            steps_of(present(state="stopped"), *connectors, features=old)
    with pytest.raises(InputError, match="no stopped state"):
        fit_to_version([plan_state("orders", stored(), "stopped", Rules())], Rules(), old)


def test_before_4_1_plugin_versions_are_refused_rather_than_ignored() -> None:
    desired = present(config={**file_source(), "transforms.t.plugin.version": "1.0"})
    with pytest.raises(InputError, match=r'key "transforms.t.plugin.version": Kafka 4.0.1 ignores plugin versions'):
        steps_of(desired, features=Features.of("4.0.1"))
    assert steps_of(desired, features=Features.of("4.1.0"))


@pytest.mark.parametrize("name", ["semi;colon", "{braces}"])
def test_a_name_that_followers_misread_is_rejected_before_its_creation(name: str) -> None:
    with pytest.raises(InputError, match="would get no tasks wherever it runs on another worker: choose another name"):
        steps_of(present(name))


def test_while_the_version_is_unknown_nothing_is_refused() -> None:
    assert steps_of(present(state="stopped"), stored(), features=None) == (Stop(),)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("4.3.1", (4, 3, 1)),
        ("3.9.1-cp2", (3, 9, 1)),
        ("8.3.1-ccs", (8, 3, 1)),
        ("", ()),
        ("unknown", ()),
        ("4.x", (4,)),
    ],
)
def test_versions_are_compared_by_their_numbers(text: str, numbers: tuple[int, ...]) -> None:
    assert Features.of(text).numbers == numbers
    assert Features.of(text).stop is (numbers >= (3, 5))


@pytest.mark.parametrize(
    ("name", "version", "fault"),
    [
        (".", "4.3.1", "URLs drop a name that is only dots"),
        ("..", "3.9.1", "URLs drop a name that is only dots"),
        ("a/b", "4.0.0", 'rejects URLs with "/" in a name'),
        ("50%", "4.3.1", 'rejects URLs with "%" in a name'),
    ],
)
def test_names_that_no_url_can_contain_are_rejected(name: str, version: str, fault: str) -> None:
    with pytest.raises(InputError) as caught:
        steps_of(present(name, {**file_source(), "name": name}), features=Features.of(version))
    assert fault in caught.value.message


def test_unusual_names_are_accepted() -> None:
    for name in ("órders of: 日本", "a.b", "...", "a+b"):
        assert steps_of(present(name, {**file_source(), "name": name})) != ()


# Guards


def test_a_protected_connector_is_neither_deleted_nor_stopped() -> None:
    protected = any_match(["orders"])
    for desired in (Absent("orders"), present(state="stopped")):
        with pytest.raises(InputError, match='connector "orders" is protected'):
            steps_of(desired, stored(), protected=protected)
    assert steps_of(present(config=OTHER, state="paused"), stored(), protected=protected)
    assert steps_of(Absent("orders"), protected=protected) == ()


def test_all_refusals_are_reported_together() -> None:
    with pytest.raises(InputError) as caught:
        plan_connectors(
            [Absent("a"), Absent("b")], snapshot(stored("a"), stored("b")), Rules(protected=any_match(["*"]))
        )
    assert [problem.connector for problem in caught.value.problems] == ["a", "b"]


def test_more_than_purge_limit_is_refused_with_the_names() -> None:
    there = snapshot(*(stored(f"o{number:02}") for number in range(30)))
    with pytest.raises(GuardError) as caught:
        plan_connectors([], there, Rules(purge=Purge(any_match(["o*"]), 29)))
    assert "would delete 30 connectors, more than purge_limit 29: o00, o01" in caught.value.message
    assert "and 10 more" in caught.value.message
    assert len(plan_connectors([], there, Rules(purge=Purge(any_match(["o*"]), 30)))) == 30


# What holds for every plan

# All possible values are created beforehand: drawing each of their parts takes most of the time of these tests.
RESTING: dict[str, tuple[str, ...]] = {
    "RUNNING": ("RUNNING", "FAILED"),
    "PAUSED": ("PAUSED", "FAILED"),
    "STOPPED": (),
    "FAILED": ("RUNNING", "FAILED"),
}
MOVING = dict.fromkeys(("UNASSIGNED", "RESTARTING", ""), ("RUNNING", "UNASSIGNED", "FAILED", "RESTARTING"))


def configs(name: str) -> list[dict[str, str]]:
    return [{**file_source(name), "topic": topic, "tasks.max": count} for topic in "xy" for count in "12"]


def possible(name: str, states: Mapping[str, tuple[str, ...]]) -> list[Connector]:
    """Every connector with this name in one of these states, with all combinations of states of its tasks."""
    return [
        stored(name, config, state, tasks)
        for config in configs(name)
        for state, of_tasks in states.items()
        for tasks in itertools.product(of_tasks, repeat=int(config["tasks.max"]) if of_tasks else 0)
    ]


def wishable(name: str) -> list[Desired]:
    states = (None, *RUN_STATES)
    desired = itertools.product(configs(name), states, states)
    return [Absent(name), *(Present(name, config, state, initial) for config, state, initial in desired)]


def some_of(choices: Mapping[str, Sequence[Choice]]) -> st.SearchStrategy[tuple[Choice, ...]]:
    """At most one choice for each name, in any order."""
    every = st.tuples(*(st.none() | st.sampled_from(entries) for entries in choices.values()))
    return every.map(lambda drawn: tuple(choice for choice in drawn if choice is not None))


IN_REST = {name: possible(name, RESTING) for name in NAMES}
IN_ANY_STATE = {name: possible(name, {**RESTING, **MOVING}) for name in NAMES}
CLUSTERS = some_of(IN_REST).map(lambda found: snapshot(*found))
CLUSTERS_IN_ANY_STATE = some_of(IN_ANY_STATE).map(lambda found: snapshot(*found))
WISHES = some_of({name: wishable(name) for name in NAMES}).flatmap(st.permutations).map(tuple)
FEATURES = st.sampled_from([Features.of(version) for version in ("3.6.0", "3.9.1", "4.3.1")])
PURGES = st.none() | st.just(Purge(any_match(["owned-*"]), 9))


@given(WISHES, CLUSTERS, FEATURES, PURGES)
def test_an_applied_plan_leaves_nothing_to_plan(
    desired: tuple[Desired, ...], before: Snapshot, features: Features, purge: Purge | None
) -> None:
    rules = Rules(purge=purge)
    after = carried_out(before, planned(desired, before, rules, features))
    assert [change for change in planned(desired, after, rules, features) if change.steps or change.settling] == []


@given(WISHES, CLUSTERS, FEATURES, PURGES)
def test_an_applied_plan_produces_the_desired_set(
    desired: tuple[Desired, ...], before: Snapshot, features: Features, purge: Purge | None
) -> None:
    after = carried_out(before, planned(desired, before, Rules(purge=purge), features)).connectors
    for item in desired:
        if isinstance(item, Absent):
            assert item.name not in after
            continue
        assert after[item.name].config == item.config
        if item.state is not None:
            assert after[item.name].state == item.state.upper()
        elif item.name not in before.connectors:
            assert after[item.name].state == (item.initial_state or "running").upper()
        if item.state == "running":
            assert {task.state for task in after[item.name].tasks} <= {"RUNNING"}


@given(WISHES, CLUSTERS_IN_ANY_STATE, FEATURES, PURGES)
def test_the_same_input_gives_the_same_plan(
    desired: tuple[Desired, ...], before: Snapshot, features: Features, purge: Purge | None
) -> None:
    rules = Rules(purge=purge)
    shuffled = Snapshot(dict(reversed(list(before.connectors.items()))), before.worker)
    assert planned(desired, before, rules, features) == planned(desired, shuffled, rules, features)


@pytest.mark.parametrize("restart_failed", [True, False])
def test_an_unchanged_connector_is_unchanged_in_the_plan(restart_failed: bool) -> None:
    missed = []
    for item, there in itertools.product(wishable("a"), [None, *IN_ANY_STATE["a"]]):
        plain = unchanged(item, there)
        full = change_of(item, *([there] if there else []), restart_failed=restart_failed)
        if plain is not None:
            assert plain == full
        elif not full.steps and not full.settling and isinstance(item, Present):
            assert there is not None
            missed.append((item.state, there))
    assert all(
        desired_state == "running" and "FAILED" in (there.state, *states_of(there)) for desired_state, there in missed
    )
    assert bool(missed) is not restart_failed


def states_of(connector: Connector) -> list[str]:
    return [task.state for task in connector.tasks]


@given(WISHES, CLUSTERS_IN_ANY_STATE, PURGES)
def test_only_requested_and_purgeable_connectors_are_changed(
    desired: tuple[Desired, ...], before: Snapshot, purge: Purge | None
) -> None:
    changes = planned(desired, before, Rules(purge=purge))
    wished = [item.name for item in desired]
    assert [change.name for change in changes[: len(wished)]] == wished, "one change for each, in their order"
    for change in changes[len(wished) :]:
        assert purge is not None
        assert change.purged
        assert change.name.startswith("owned-")
        assert change.name in before.connectors
        assert change.steps == (Delete(),)


@given(WISHES, CLUSTERS_IN_ANY_STATE, PURGES, st.sets(st.sampled_from(NAMES)))
def test_nothing_protected_is_ever_deleted_or_stopped(
    desired: tuple[Desired, ...], before: Snapshot, purge: Purge | None, protected: set[str]
) -> None:
    rules = Rules(purge=purge, protected=any_match(sorted(protected)))
    try:
        changes = planned(desired, before, rules)
    except InputError as refused:
        changes = ()
        blamed = {problem.connector for problem in refused.problems}
    else:
        blamed = set()
    assert blamed <= protected
    for change in changes:
        if change.name in protected:
            assert not any(isinstance(step, (Delete, Stop)) for step in change.steps)


@given(CLUSTERS_IN_ANY_STATE, st.integers(-1, 6))
def test_the_purge_never_exceeds_its_limit(before: Snapshot, limit: int) -> None:
    try:
        changes = plan_connectors([], before, Rules(purge=Purge(any_match(["*"]), limit)))
    except GuardError:
        assert len(before.connectors) > limit
    else:
        assert len(changes) == len(before.connectors) <= max(limit, 0)


@given(WISHES, CLUSTERS_IN_ANY_STATE, FEATURES)
def test_no_change_writes_a_config_that_is_already_there(
    desired: tuple[Desired, ...], before: Snapshot, features: Features
) -> None:
    """An identical PUT restarts the connector."""
    for change in planned(desired, before, Rules(), features):
        for step in change.steps:
            if isinstance(step, Update):
                assert before.connectors[change.name].config != step.config
            assert change.reason
