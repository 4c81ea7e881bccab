# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The evidence that a change is done: one test for each rule."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.model import (
    Config,
    Connector,
    RunState,
    Task,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.planning.change import Change
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.planning.steps import (
    Create,
    Delete,
    Restart,
    Resume,
    Stop,
    Update,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.waiting.proof import (
    ProofState,
    assess,
    runs_without_tasks,
    stale_task_keys,
)
from tests.unit.connect.support import file_source, stored

CONFIG = file_source()
FORMER = file_source(topic="former")


def creation(desired_state: RunState = "running") -> Change:
    return Change("orders", (Create(CONFIG, desired_state),), after=CONFIG, desired_state=desired_state)


def update(before: Connector | None = None, desired_state: RunState | None = None) -> Change:
    return Change(
        "orders",
        (Update(CONFIG),),
        changed_keys=("topic",),
        before=before or stored(config=FORMER),
        after=CONFIG,
        desired_state=desired_state,
    )


def restart(before: Connector) -> Change:
    return Change("orders", (Restart(),), before=before, after=before.config)


def sight(change: Change, seen: Connector | None, *gone: str) -> ProofState:
    assessment = assess(change, seen, frozenset(gone))
    assert assessment.reason or assessment.state is ProofState.GOOD, "whatever is missing has a reason"
    return assessment.state


# A create


def test_a_create_is_verified_when_connector_and_tasks_run() -> None:
    assert sight(creation(), stored()) is ProofState.GOOD


def test_an_unlisted_connector_is_without_status() -> None:
    """The expanded list leaves out what has no status."""
    assert sight(creation(), None) is ProofState.NO_STATUS


def test_a_connector_is_without_status_until_a_worker_writes_one() -> None:
    assert sight(creation(), stored(state="", tasks=())) is ProofState.NO_STATUS


@pytest.mark.parametrize("state", ["UNASSIGNED", "RESTARTING", "PAUSED", "STOPPED"])
def test_a_connector_is_pending_in_every_state_except_the_desired_one(state: str) -> None:
    assert sight(creation(), stored(state=state, tasks=())) is ProofState.PENDING


def test_a_connector_is_pending_until_each_created_task_has_a_status() -> None:
    assert sight(creation(), stored(task_ids=(0, 1), tasks=("RUNNING",))) is ProofState.NO_STATUS


@pytest.mark.parametrize(
    ("state", "message"),
    [("UNASSIGNED", "UNASSIGNED"), ("RESTARTING", "RESTARTING on w1:8083"), ("PAUSED", "PAUSED on w1:8083")],
)
def test_a_connector_is_pending_until_each_task_runs(state: str, message: str) -> None:
    assessment = assess(creation(), stored(tasks=("RUNNING", state)))
    assert (assessment.state, assessment.reason) == (ProofState.PENDING, f"task 1 is {message}")


def test_a_long_list_of_missing_tasks_is_summarized() -> None:
    assert assess(creation(), stored(tasks=("UNASSIGNED",) * 5)).reason.endswith("and 2 more")


def test_a_failure_after_a_create_is_new() -> None:
    assert sight(creation(), stored(state="FAILED", tasks=())) is ProofState.FAILED
    assert sight(creation(), stored(tasks=("RUNNING", "FAILED"))) is ProofState.FAILED


def test_running_without_tasks_may_be_the_choice_of_the_connector() -> None:
    """REST does not distinguish it from a worker that cannot reach its leader: the run polls twice, and warns."""
    idle = stored(tasks=())
    assert sight(creation(), idle) is ProofState.GOOD
    assert runs_without_tasks(idle)
    assert not runs_without_tasks(stored())
    assert not runs_without_tasks(stored(state="PAUSED", tasks=()))
    assert not runs_without_tasks(stored(tasks=(), task_ids=(0,)))


def test_a_leftover_task_status_of_a_deleted_connector_is_not_a_task() -> None:
    """Just after a connector is created again, the statuses of its previous tasks still exist, and it has no tasks."""
    assert runs_without_tasks(stored(tasks=("UNASSIGNED",), task_ids=()))


def test_a_connector_created_paused_is_verified_when_it_is_paused() -> None:
    assert sight(creation("paused"), stored(state="PAUSED", tasks=("PAUSED",))) is ProofState.GOOD
    assert sight(creation("paused"), stored(state="PAUSED", tasks=("RUNNING",))) is ProofState.PENDING


def test_a_connector_created_stopped_is_verified_without_tasks() -> None:
    assert sight(creation("stopped"), stored(state="STOPPED", tasks=())) is ProofState.GOOD


# An update


def test_an_update_is_pending_while_the_previous_config_is_shown() -> None:
    """The response may come from a worker that has not read the write yet."""
    assessment = assess(update(), stored(config=FORMER))
    assert (assessment.state, assessment.reason) == (ProofState.PENDING, "the previous config is still shown")


def test_an_update_is_overtaken_when_a_third_config_is_shown() -> None:
    assert sight(update(), stored(config=file_source(topic="theirs"))) is ProofState.OVERTAKEN


def test_a_change_of_the_state_alone_is_overtaken_by_any_other_config() -> None:
    change = Change("orders", (Restart(),), before=stored(), after=CONFIG)
    assert sight(change, stored(config=FORMER)) is ProofState.OVERTAKEN


def test_masked_values_do_not_count_as_a_third_config() -> None:
    after = {**CONFIG, "database.password": "s3cret"}
    change = update()._replace(after=after)
    assert sight(change, stored(config={**after, "database.password": "****"})) is ProofState.GOOD


def test_an_old_running_status_requires_a_check_of_the_task_configs() -> None:
    """No transition is visible in the status after an update: RUNNING alone proves nothing."""
    assert sight(update(), stored()) is ProofState.GOOD
    assert stale_task_keys(update(), {0: FORMER}, {}) == ("topic",)


def test_a_failure_that_existed_before_is_not_final() -> None:
    failed = stored(config=FORMER, state="FAILED", trace="boom")
    assessment = assess(update(failed), stored(state="FAILED", trace="boom"))
    assert (assessment.state, assessment.reason) == (ProofState.OLD_FAILURE, "connector is FAILED as before")
    task = stored(config=FORMER, tasks=("FAILED",), task_trace="boom")
    assert sight(update(task), stored(tasks=("FAILED",), task_trace="boom")) is ProofState.OLD_FAILURE


def test_a_failure_with_another_stack_trace_is_new() -> None:
    failed = stored(config=FORMER, tasks=("FAILED",), task_trace="boom")
    assert sight(update(failed), stored(tasks=("FAILED",), task_trace="bang")) is ProofState.FAILED


def test_without_restart_failed_an_earlier_failure_is_expected() -> None:
    before = stored(config=CONFIG, state="FAILED")._replace(trace="boom")
    resumed = Change("orders", (Resume(),), before=before, after=CONFIG, desired_state="running")
    assert sight(resumed, before) is ProofState.GOOD
    assert sight(resumed, before._replace(trace="another")) is ProofState.FAILED


def test_without_restart_failed_a_resume_is_verified_although_a_task_stays_failed() -> None:
    task = Task(0, "FAILED", "w:1", "boom")
    before = stored(config=CONFIG, state="PAUSED")._replace(task_ids=(0,), tasks=(task,))
    resumed = Change("orders", (Resume(),), before=before, after=CONFIG, desired_state="running")
    assert sight(resumed, before) is not ProofState.GOOD
    assert sight(resumed, before._replace(state="RUNNING")) is ProofState.GOOD


def test_a_new_failure_next_to_an_old_one_is_new() -> None:
    failed = stored(config=FORMER, tasks=("FAILED", "RUNNING"), task_trace="boom")
    seen = stored(tasks=("FAILED", "FAILED"), task_trace="boom")
    assessment = assess(update(failed), seen)
    assert (assessment.state, assessment.reason) == (ProofState.FAILED, "task 1 is FAILED, task 0 is FAILED")


def test_any_settled_state_is_accepted_if_none_is_requested() -> None:
    for state, tasks in (("RUNNING", ("RUNNING",)), ("PAUSED", ("PAUSED",)), ("STOPPED", ())):
        assert sight(update(), stored(state=state, tasks=tasks)) is ProofState.GOOD


def test_the_failed_status_of_a_removed_task_is_ignored() -> None:
    """With fewer tasks than before, the statuses of the removed ones stay readable until the next rebalance."""
    seen = stored(tasks=("RUNNING", "FAILED"), task_ids=(0,), task_trace="boom")
    assert sight(update(), seen) is ProofState.GOOD
    assert seen.failed_tasks == ()


# States


def test_a_failed_task_stays_failed_in_a_paused_connector() -> None:
    before = stored(tasks=("RUNNING", "FAILED"), task_trace="boom")
    change = Change("orders", (), before=before, after=CONFIG, desired_state="paused")
    assert sight(change, stored(state="PAUSED", tasks=("PAUSED", "FAILED"), task_trace="boom")) is ProofState.GOOD
    assert sight(change, stored(state="PAUSED", tasks=("PAUSED", "FAILED"), task_trace="bang")) is ProofState.FAILED


def test_a_stop_is_pending_while_tasks_are_listed() -> None:
    change = Change("orders", (Stop(),), before=stored(), after=CONFIG, desired_state="stopped")
    assert sight(change, stored()) is ProofState.PENDING
    stopping = assess(change, stored(state="STOPPED", tasks=("UNASSIGNED",)))
    assert (stopping.state, stopping.reason) == (ProofState.PENDING, "tasks 0 are still stopping")
    assert sight(change, stored(state="STOPPED", tasks=())) is ProofState.GOOD


@pytest.mark.parametrize(
    ("left", "expected"),
    [("RUNNING", ProofState.PENDING), ("UNASSIGNED", ProofState.GOOD), ("FAILED", ProofState.GOOD)],
)
def test_only_a_possibly_running_task_delays_a_stop(left: str, expected: ProofState) -> None:
    assert sight(creation("stopped"), stored(state="STOPPED", tasks=(left,), task_ids=())) is expected


def test_a_failure_does_not_prevent_a_stop() -> None:
    change = Change("orders", (Stop(),), before=stored(state="FAILED"), after=CONFIG, desired_state="stopped")
    assert sight(change, stored(state="FAILED")) is ProofState.PENDING
    assert sight(change, stored(tasks=("FAILED",), task_trace="while stopping")) is ProofState.PENDING


def test_a_restart_is_pending_until_the_failed_tasks_run() -> None:
    before = stored(tasks=("RUNNING", "FAILED"), task_trace="boom")
    assert sight(restart(before), before) is ProofState.OLD_FAILURE
    assert sight(restart(before), stored(tasks=("RUNNING", "RESTARTING"))) is ProofState.PENDING
    assert sight(restart(before), stored(tasks=("RUNNING", "RUNNING"))) is ProofState.GOOD


# A delete


def test_a_delete_is_verified_when_the_connector_is_no_longer_listed() -> None:
    change = Change("orders", (Delete(),), before=stored())
    assert sight(change, stored()) is ProofState.PENDING
    assert sight(change, None) is ProofState.GOOD
    assert sight(change, Connector("orders", None, state="UNASSIGNED")) is ProofState.GOOD


# Departed workers


def test_a_connector_on_a_departed_worker_is_not_running() -> None:
    assessment = assess(creation(), stored(worker="w2:8083"), frozenset({"w2:8083"}))
    assert (assessment.state, assessment.reason) == (
        ProofState.PENDING,
        "connector reads RUNNING on w2:8083, which has left",
    )


def test_a_task_on_a_departed_worker_is_not_running() -> None:
    seen = stored()._replace(tasks=(Task(0, "RUNNING", "w2:8083"),))
    assert sight(creation(), seen, "w2:8083") is ProofState.PENDING
    assert sight(creation(), seen, "w3:8083") is ProofState.GOOD


# The configs of the tasks


def keys(before: Config, after: Config, *tasks: Config, defaults: dict[str, str | None] | None = None) -> list[str]:
    changed = tuple(sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key)))
    change = Change("orders", (Update(after),), changed_keys=changed, before=stored(config=before), after=after)
    return list(stale_task_keys(change, dict(enumerate(tasks)), defaults or {}))


def test_tasks_with_the_previous_value_are_stale() -> None:
    assert keys({"a": "1", "b": "x"}, {"a": "2", "b": "x"}, {"a": "1", "b": "x"}) == ["a"]


def test_one_stale_task_is_enough() -> None:
    assert keys({"a": "1"}, {"a": "2"}, {"a": "2"}, {"a": "1"}) == ["a"]


def test_tasks_with_the_new_value_are_recreated() -> None:
    assert keys({"a": "1"}, {"a": "2"}, {"a": "2"}) == []


def test_a_key_that_tasks_do_not_receive_is_not_evidence() -> None:
    assert keys({"a": "1"}, {"a": "2"}, {"task.class": "T"}) == []
    assert keys({"a": "1"}, {"a": "2"}) == []


def test_a_new_key_has_no_previous_value() -> None:
    assert keys({}, {"a": "2"}, {"b": "x"}) == []


def test_a_removed_key_is_stale_while_a_task_has_its_value() -> None:
    assert keys({"a": "1"}, {}, {"a": "1"}, defaults={"a": "9"}) == ["a"]
    assert keys({"a": "1"}, {}, {}, defaults={"a": "9"}) == []


def test_a_removed_key_may_return_as_the_default_of_the_connector() -> None:
    assert keys({"a": "1"}, {}, {"a": "1"}, defaults={"a": "1"}) == []


def test_a_removed_key_of_unknown_default_is_not_evidence() -> None:
    """A wait for its removal might never end."""
    assert keys({"a": "1"}, {}, {"a": "1"}) == []
    assert keys({"a": "1"}, {}, {"a": "1"}, defaults={"a": None}) == []


def test_a_create_has_no_previous_tasks() -> None:
    assert stale_task_keys(creation()._replace(changed_keys=("topic",)), {0: FORMER}, {}) == ()


STATES = st.sampled_from(["RUNNING", "PAUSED", "STOPPED", "FAILED", "UNASSIGNED", "RESTARTING", ""])
SEEN = st.builds(
    lambda state, tasks, ids: stored(state=state, tasks=tasks, task_ids=ids),
    STATES,
    st.lists(STATES.filter(bool), max_size=3),
    st.lists(st.integers(0, 3), unique=True, max_size=3),
)


@given(
    SEEN,
    st.sampled_from([creation(), creation("paused"), creation("stopped"), update(), update(desired_state="running")]),
)
def test_only_the_desired_state_of_all_tasks_is_verified(seen: Connector, change: Change) -> None:
    if assess(change, seen).state is not ProofState.GOOD:
        return
    assert change.desired_state is None or seen.state == change.desired_state.upper()
    assert seen.state in ("RUNNING", "PAUSED", "STOPPED")
    shown = {task.id: task.state for task in seen.tasks}
    if seen.state == "RUNNING":
        assert all(shown.get(number) == "RUNNING" for number in seen.task_ids)
