# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a worker has joined, left or returned, according to one snapshot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.protocol import (
    CONNECTOR_ITSELF,
    Group,
    WorkItem,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.model import Connector, Snapshot, Task
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.rest.connection import worker_address
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.scale.evidence import (
    PROVEN,
    GroupSnapshot,
    InitialState,
    RemovalGuard,
    check_removal,
    prove_joined,
    prove_left,
    prove_returned,
    share,
)
from tests.unit.connect.group_bytes import address, member, rebalancing, stable


def work(*names: str) -> list[WorkItem]:
    """A connector of each name, with one task."""
    return [(name, task) for name in names for task in (CONNECTOR_ITSELF, 0)]


def stored(name: str, worker: int, state: str = "RUNNING", trace: str = "") -> Connector:
    worker_id = worker_address(address(worker))
    tasks = (Task(0, state, worker_id, trace),)
    return Connector(name, {"name": name}, "source", "RUNNING", worker_id, "", (0,), tasks)


def look(group: Group, *connectors: Connector) -> GroupSnapshot:
    return GroupSnapshot(group, Snapshot({connector.name: connector for connector in connectors}))


TWO = look(
    stable(member(1, work("a", "b")), member(2, work("c", "d"))),
    *(stored(name, number) for name, number in (("a", 1), ("b", 1), ("c", 2), ("d", 2))),
)
BEFORE = InitialState.of(TWO)


def joined(*connectors: Connector, third: Iterable[WorkItem] = (*work("d"),)) -> GroupSnapshot:
    """The cluster after worker 3 has joined and taken over connector d."""
    group = stable(member(1, work("a", "b")), member(2, work("c")), member(3, third))
    before = {**TWO.snapshot.connectors, **{connector.name: connector for connector in connectors}}
    return GroupSnapshot(group, Snapshot(before))


def test_a_worker_that_has_its_share_and_runs_it_has_joined() -> None:
    assert prove_joined(joined(stored("d", 3)), address(3), BEFORE) == PROVEN


def test_a_task_shown_running_on_its_previous_worker_does_not_count() -> None:
    verdict = prove_joined(joined(), address(3), BEFORE)
    assert verdict.waiting == "d/0 is not running again yet"


def test_a_task_that_fails_on_its_new_worker_ends_the_wait_with_its_cause() -> None:
    trace = "org.apache.kafka.connect.errors.ConnectException: no route to the database"
    verdict = prove_joined(joined(stored("d", 3, "FAILED", trace)), address(3), BEFORE)
    assert "task 0 of d ran before and failed on connect-3.example.com:8083" in verdict.failure
    assert "no route to the database" in verdict.failure


def test_the_wait_ignores_a_task_that_had_failed_before() -> None:
    failed = look(TWO.group, *(stored(name, 1 if name in "ab" else 2, "FAILED") for name in "abcd"))
    assert prove_joined(joined(stored("d", 3, "FAILED")), address(3), InitialState.of(failed)) == PROVEN


def test_a_worker_without_its_share_has_not_joined_yet() -> None:
    verdict = prove_joined(GroupSnapshot(stable(member(1, work("a", "b")), member(2, work("c", "d")), member(3)), TWO.snapshot),
                           address(3), BEFORE)  # fmt: skip
    assert verdict.waiting == "the work is not evenly distributed yet: 0/2/2 connectors, 0/2/2 tasks"


def test_work_between_two_rebalances_is_unassigned() -> None:
    verdict = prove_joined(joined(third=()), address(3), InitialState())
    assert verdict.waiting == "d, d/0 are unassigned"


@pytest.mark.parametrize(
    ("then", "now", "waiting"),
    [
        # Shut down gracefully, or killed.
        ("UNASSIGNED", "UNASSIGNED", "d/0 is not running again yet"),
        ("UNASSIGNED", "RUNNING", ""),
        ("RUNNING", "RUNNING", ""),
        # For a task that its worker has released, no status shows whether it ran or was paused.
        ("UNASSIGNED", "PAUSED", ""),
        ("FAILED", "FAILED", ""),
    ],
)
def test_work_that_was_reserved_at_a_start_must_run_again(then: str, now: str, waiting: str) -> None:
    others = [stored("a", 1), stored("b", 1), stored("c", 2)]
    held = look(stable(member(1, work("a", "b"), delay=9), member(2, work("c"))), *others, stored("d", 3, then))
    before = InitialState.of(held)
    assert before.running == {("a", 0), ("b", 0), ("c", 0)}
    group = stable(member(1, work("a", "b")), member(2, work("c")), member(3, work("d")))
    assert prove_joined(look(group, *others, stored("d", 3, now)), address(3), before).waiting == waiting
    nobody = stable(member(1, work("a", "b")), member(2, work("c")), member(3))
    assert "d/0 are unassigned" in prove_joined(GroupSnapshot(nobody, held.snapshot), address(3), before).waiting


def test_reserved_work_that_fails_ends_the_wait() -> None:
    held = look(stable(member(1, work("a", "b"), delay=9), member(2, work("c"))), stored("d", 3, "UNASSIGNED"))
    assert (
        "ran before and failed"
        in prove_joined(joined(stored("d", 3, "FAILED")), address(3), InitialState.of(held)).failure
    )


def test_the_wait_covers_a_missing_member() -> None:
    assert "is not among the 2 members" in prove_joined(TWO, address(3), BEFORE).waiting
    verdict = prove_joined(joined(stored("d", 3)), address(3), BEFORE, expected_workers=4)
    assert verdict.waiting == "3 of 4 workers are members"


@pytest.mark.parametrize("judge", [prove_joined, prove_left])
def test_nothing_is_verified_during_a_rebalance(judge: object) -> None:
    assert callable(judge)
    group = rebalancing(member(1, work("a", "b")), member(2, work("c", "d")))
    assert judge(GroupSnapshot(group, TWO.snapshot), address(3), BEFORE).waiting == "the group orders is rebalancing"


def test_a_worker_has_left_when_others_run_its_work() -> None:
    after = look(stable(member(1, work("a", "b", "c", "d"))), *(stored(name, 1) for name in "abcd"))
    assert prove_left(after, address(2), BEFORE) == PROVEN
    assert prove_left(TWO, address(2), BEFORE).waiting == "it is still a member of the group"


def test_work_that_is_reserved_for_a_worker_is_reported_with_its_seconds() -> None:
    read_at = datetime(2026, 11, 28, 4, 8, 2).astimezone().timestamp()
    after = GroupSnapshot(stable(member(1, work("a", "b"), delay=300_000)), TWO.snapshot, read_at, read_at + 271)
    assert "until 04:12:33, 271 s (scheduled" in prove_left(after, address(2), BEFORE).waiting


def test_a_worker_has_returned_only_as_a_new_member() -> None:
    assert prove_returned(TWO, address(2), {"id-1", "id-2"}, BEFORE).waiting == "it has not left the group yet"
    assert prove_returned(TWO, address(2), {"id-1", "id-of-former"}, BEFORE) == PROVEN


def test_a_killed_worker_has_not_returned_while_its_previous_member_exists() -> None:
    zombie = member(2, work("c", "d"))
    both = GroupSnapshot(stable(member(1, work("a", "b")), replace(zombie, member_id="id-0"), zombie), TWO.snapshot)
    assert prove_returned(both, address(2), {"id-2"}, BEFORE).waiting == "it has not left the group yet"


def test_members_are_not_identified_during_a_rebalance() -> None:
    assert InitialState.of(GroupSnapshot(rebalancing(member(1, work("a")), member(2)), TWO.snapshot)) == InitialState()


def test_work_with_two_owners_is_reported() -> None:
    group = stable(member(1, work("a", "b")), member(2, [*work("c", "d"), ("a", 0)]))
    assert (
        prove_left(GroupSnapshot(group, TWO.snapshot), address(3), BEFORE).waiting
        == "a/0 is assigned to several workers"
    )


def test_the_wait_ignores_a_concurrently_deleted_connector() -> None:
    after = look(stable(member(1, work("a", "b", "c"))), *(stored(name, 1) for name in "abc"))
    assert prove_left(after, address(2), BEFORE) == PROVEN


def test_a_worker_may_leave_if_enough_others_stay() -> None:
    assert check_removal(BEFORE, address(2), (), RemovalGuard(min_workers=1)) == PROVEN
    assert "0 of the 2 workers would remain" in check_removal(BEFORE, address(2), [address(1)], RemovalGuard()).failure
    assert "min_workers is 2" in check_removal(BEFORE, address(2), (), RemovalGuard(min_workers=2)).failure


def test_a_worker_may_not_leave_if_the_others_would_be_overloaded() -> None:
    assert (
        "4 tasks on 1 workers are 4"
        in check_removal(BEFORE, address(2), (), RemovalGuard(max_tasks_per_worker=3)).failure
    )
    assert check_removal(BEFORE, address(2), (), RemovalGuard(max_tasks_per_worker=4)) == PROVEN


def test_a_worker_with_failed_tasks_leaves_only_if_allowed() -> None:
    failing = look(TWO.group, *TWO.snapshot.connectors.values(), stored("c", 2, "FAILED"))
    assert check_removal(InitialState.of(failing), address(2), (), RemovalGuard()).failure.startswith(
        "c/0 is FAILED on this worker"
    )
    assert check_removal(InitialState.of(failing), address(1), (), RemovalGuard()) == PROVEN
    assert check_removal(InitialState.of(failing), address(2), (), RemovalGuard(allow_failed_tasks=True)) == PROVEN


def test_planned_movements_are_computed() -> None:
    assert share(TWO, address(3), 0, joins=True) == (1, 1)
    assert share(TWO, address(3), 4, joins=True) == (1, 1)
    assert share(TWO, address(2), 0, joins=False) == (2, 2)
    assert share(TWO, address(3), 0, joins=False) == (0, 0)
