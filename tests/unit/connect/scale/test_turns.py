# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which worker restarts next, and when the restart of the leader pays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.scale.turns import (
    ChangeTurn,
    GroupState,
    ParkedWork,
    ReleaseTurn,
    RollingOptions,
    Turn,
    WaitTurn,
    is_plain,
    next_turn,
    release_pays,
    release_turn,
    weight,
)

RESTART = 6.0
W = [f"http://connect-{number}:8083" for number in range(1, 7)]


def state(leader: str = W[0], parked: int = 0, seconds: float = 300.0, each: int = 3, workers: int = 4) -> GroupState:
    return GroupState(leader, dict.fromkeys(W[:workers], each), ParkedWork(parked, seconds if parked else 0.0))


ALL = RollingOptions(releasable=frozenset(W))
"""Any worker may restart to release parked work."""


def turn(now: GroupState, pending: list[str], options: RollingOptions = ALL) -> Turn | None:
    return next_turn(now, pending, options, RESTART)


def test_the_leader_restarts_first() -> None:
    assert isinstance(found := turn(state(leader=W[2]), W[:4]), ChangeTurn)
    assert found.workers == (W[2],)
    assert "leads the group" in found.reason


def test_a_leader_that_has_had_its_turn_restarts_together_with_the_next_follower() -> None:
    assert isinstance(found := turn(state(leader=W[0]), [W[2], W[1]]), ChangeTurn)
    assert (found.workers, found.released_by) == ((W[2],), W[0])
    assert found.reason == "the leader restarts at the same time, so that 3 tasks need not wait 300 s"


@pytest.mark.parametrize(
    ("options", "now"),
    [
        (RollingOptions(release="never", releasable=W), state()),
        (RollingOptions(releasable=W[1:]), state()),
        (RollingOptions(min_workers=3, releasable=W), state()),
        (RollingOptions(delay=20, releasable=W), GroupState(W[0], {W[0]: 400, W[1]: 1, W[2]: 1})),
    ],
    ids=["never", "protected leader", "too few would remain", "does not pay"],
)
def test_a_follower_restarts_alone_where_a_release_is_not_possible(options: RollingOptions, now: GroupState) -> None:
    assert turn(now, [W[2], W[1]], options) == ChangeTurn((W[2],), "the leader stays, or has had its turn")


def test_a_leader_that_cannot_restart_at_the_same_time_restarts_right_after() -> None:
    options = RollingOptions(min_workers=3, releasable=W)
    assert isinstance(turn(state(parked=3), [W[1]], options), ReleaseTurn)


def test_a_worker_that_is_not_a_member_starts_before_anything_else() -> None:
    now = GroupState(W[0], {W[0]: 6, W[1]: 6}, ParkedWork(3, 300))
    assert turn(now, [W[0], W[2]]) == ChangeTurn((W[2],), "not a member of the group")


def test_the_leader_restarts_together_with_the_followers_of_its_batch() -> None:
    assert isinstance(found := turn(state(), W[:4], RollingOptions(batch=3)), ChangeTurn)
    assert (found.workers, found.released_by) == ((W[0], W[1], W[2]), "")


def test_the_leader_restarts_where_parked_work_would_stand_still_for_longer() -> None:
    assert isinstance(found := turn(state(parked=3), [W[1]]), ReleaseTurn)
    assert found.leader == W[0]
    assert found.reason == ("3 tasks would stand still for up to 300 s; the leader's 3 tasks stand still for about 6 s")


def test_the_restart_of_a_pending_leader_also_releases_parked_work() -> None:
    assert turn(state(leader=W[1], parked=3), [W[1]]) == ChangeTurn(
        (W[1],), "leads the group: a new leader distributes all work at once"
    )


@pytest.mark.parametrize(
    ("options", "now"),
    [
        (RollingOptions(release="never", releasable=W), state(parked=3)),
        (RollingOptions(releasable=W[1:]), state(parked=3)),
        (RollingOptions(min_workers=4, releasable=W), state(parked=3)),
        (RollingOptions(releasable=W), state(parked=1, seconds=8, each=40)),
    ],
    ids=["never", "protected leader", "too few would remain", "does not pay"],
)
def test_the_rolling_restart_waits_where_a_release_is_not_possible(options: RollingOptions, now: GroupState) -> None:
    assert isinstance(found := turn(now, [W[1]], options), WaitTurn)
    assert found.seconds == now.parked.seconds


@pytest.mark.parametrize(
    "options", [RollingOptions(order="leader_last"), RollingOptions(delay=0), RollingOptions(delay=5)]
)
def test_the_leader_restarts_last_as_requested_or_with_a_short_delay(options: RollingOptions) -> None:
    assert is_plain(options, RESTART)
    assert turn(state(), [W[0], W[1]], options) == ChangeTurn((W[1],), "followers first")
    assert turn(state(), [W[0]], options) == ChangeTurn((W[0],), "the leader last")


def test_several_followers_restart_at_once_within_a_batch() -> None:
    assert isinstance(found := turn(state(), W[1:4], RollingOptions(batch=2)), ChangeTurn)
    assert found.workers == (W[1], W[2])


def test_nothing_is_left_to_do_once_every_worker_has_restarted_and_no_work_is_parked() -> None:
    assert turn(state(), []) is None


def test_nothing_is_released_where_nothing_is_parked() -> None:
    assert release_turn(state(parked=0), ALL, RESTART) is None


def test_parked_connectors_without_tasks_are_released_too() -> None:
    now = GroupState(W[0], {W[0]: 3, W[1]: 3}, ParkedWork(0, 300, 3), {W[0]: 1, W[1]: 1})
    assert isinstance(found := turn(now, []), ReleaseTurn)
    assert found.reason.startswith("3 connectors would stand still for up to 300 s; the leader's 3 tasks stand still")


def test_connectors_count_less_than_the_tasks_of_the_leader() -> None:
    now = GroupState(W[0], {W[0]: 40, W[1]: 3}, ParkedWork(0, 100, 3), {W[0]: 1, W[1]: 1})
    assert isinstance(found := turn(now, []), WaitTurn)
    assert found.reason == "3 connectors wait for a departed worker for up to 100 s"


counts = st.integers(min_value=0, max_value=500)
seconds = st.floats(min_value=0, max_value=3600)


@given(counts, counts, seconds, counts, counts, seconds)
def test_a_release_pays_only_if_it_saves_task_seconds(
    parked: int, instances: int, delay: float, own: int, connectors: int, restart: float
) -> None:
    kept, leading = ParkedWork(parked, delay, instances), weight(own, connectors)
    waiting, releasing = kept.weight * delay, (kept.weight + leading) * restart
    if release_pays(kept, leading, restart):
        assert waiting > releasing or waiting == pytest.approx(releasing)
    else:
        assert waiting <= releasing or waiting == pytest.approx(releasing)


@given(counts, seconds, counts, counts, seconds)
def test_more_parked_connectors_never_make_a_release_pay_less(
    parked: int, delay: float, instances: int, own: int, restart: float
) -> None:
    assume(delay > restart)
    if release_pays(ParkedWork(parked, delay, instances), own, restart):
        assert release_pays(ParkedWork(parked, delay, instances + 1), own, restart)


@dataclass
class ModelGroup:
    """A group that behaves as Connect's: a leader parks the work of departed followers, a new leader distributes it."""

    workers: list[str]
    tasks: int
    delay: float
    elect: Callable[[list[str]], str]
    leader: str
    owned: dict[str, int] = field(default_factory=dict)
    connectors: int = 0
    instances: dict[str, int] = field(default_factory=dict)
    parked: int = 0
    parked_instances: int = 0
    lost: float = 0.0
    restarts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.distribute()

    def distribute(self) -> None:
        share, more = divmod(self.tasks, len(self.workers))
        self.owned = {worker: share + (number < more) for number, worker in enumerate(self.workers)}
        share, more = divmod(self.connectors, len(self.workers))
        self.instances = {worker: share + (number < more) for number, worker in enumerate(reversed(self.workers))}
        self.parked = self.parked_instances = 0

    @property
    def parked_weight(self) -> float:
        return weight(self.parked, self.parked_instances)

    def restart(self, workers: tuple[str, ...]) -> None:
        for worker in workers:
            self.restarts[worker] += 1
            self.lost += weight(self.owned[worker], self.instances[worker]) * RESTART
        if self.leader in workers:
            self.lost += self.parked_weight * RESTART
            self.leader = self.elect([worker for worker in self.workers if worker not in workers] or self.workers)
            self.distribute()
        elif self.delay:
            for worker in workers:
                self.parked += self.owned[worker]
                self.parked_instances += self.instances[worker]
                self.owned[worker] = self.instances[worker] = 0
        else:
            self.distribute()

    def wait(self) -> None:
        self.lost += self.parked_weight * self.delay
        self.distribute()

    @property
    def state(self) -> GroupState:
        kept = ParkedWork(self.parked, self.delay, self.parked_instances) if self.parked_weight else ParkedWork()
        return GroupState(self.leader, dict(self.owned), kept, dict(self.instances))


def roll(group: ModelGroup, pending: list[str], options: RollingOptions) -> list[Turn]:
    """All turns; what is done is known from one to the next only by `pending`, as for a run that was interrupted."""
    turns: list[Turn] = []
    left = list(pending)
    while (found := next_turn(group.state, left, options, RESTART)) is not None:
        turns.append(found)
        assert len(turns) <= 3 * len(group.workers) + 3, "the rolling restart doesn't end"
        if isinstance(found, ChangeTurn):
            group.restart(found.workers + ((found.released_by,) if found.released_by else ()))
            left = [worker for worker in left if worker not in found.workers]
        elif isinstance(found, ReleaseTurn):
            group.restart((found.leader,))
        else:
            group.wait()
    return turns


@st.composite
def groups(draw: st.DrawFn, delay: float = 300.0) -> ModelGroup:
    workers = W[: draw(st.integers(1, 6))]
    elections = draw(st.randoms(use_true_random=False))
    leader, tasks, connectors = draw(st.sampled_from(workers)), draw(st.integers(0, 40)), draw(st.integers(0, 12))
    return ModelGroup(workers, tasks, delay, elections.choice, leader, connectors=connectors)


@given(
    groups(),
    st.data(),
    st.integers(1, 3),
    st.sampled_from(["leader_first", "leader_last"]),
    st.sampled_from(["auto", "never"]),
)
def test_every_pending_worker_restarts_exactly_once_besides_the_releases(
    group: ModelGroup, data: st.DataObject, batch: int, order: str, release: str
) -> None:
    pending = data.draw(st.lists(st.sampled_from(group.workers), unique=True))
    options = RollingOptions(order=order, release=release, batch=batch, releasable=frozenset(W))  # type: ignore[arg-type]  # sampled literals
    turns = roll(group, pending, options)
    planned = Counter(worker for found in turns if isinstance(found, ChangeTurn) for worker in found.workers)
    released = Counter(found.leader for found in turns if isinstance(found, ReleaseTurn))
    released += Counter(found.released_by for found in turns if isinstance(found, ChangeTurn) and found.released_by)
    assert planned == Counter(pending)
    assert group.restarts == planned + released
    assert group.parked_weight == 0


@given(groups(), st.data())
def test_a_leader_restarts_again_at_most_once_for_each_follower(group: ModelGroup, data: st.DataObject) -> None:
    pending = data.draw(st.lists(st.sampled_from(group.workers), unique=True))
    turns = roll(group, pending, ALL)
    changes = [found for found in turns if isinstance(found, ChangeTurn)]
    assert len(changes) == len(pending)
    assert sum(isinstance(found, ReleaseTurn) for found in turns) <= len(pending)
    assert all(found.released_by not in found.workers for found in changes)


@given(groups(), st.data(), st.integers(1, 3))
def test_a_release_leaves_the_required_number_of_workers(group: ModelGroup, data: st.DataObject, required: int) -> None:
    pending = data.draw(st.lists(st.sampled_from(group.workers), unique=True))
    for found in roll(group, pending, RollingOptions(releasable=frozenset(W), min_workers=required)):
        departing = len(found.workers) + 1 if isinstance(found, ChangeTurn) and found.released_by else 1
        if isinstance(found, ReleaseTurn) or departing > 1:
            assert len(group.workers) - departing >= required


@given(groups(), st.data())
def test_leader_first_never_loses_more_than_leader_last(group: ModelGroup, data: st.DataObject) -> None:
    pending = data.draw(st.lists(st.sampled_from(group.workers), unique=True))
    other = ModelGroup(
        group.workers, group.tasks, group.delay, lambda workers: workers[0], group.leader, connectors=group.connectors
    )
    roll(group, pending, ALL)
    roll(other, pending, RollingOptions(order="leader_last"))
    assert group.lost <= other.lost + RESTART * weight(group.tasks, group.connectors)


@given(groups(), st.data())
def test_a_rolling_restart_that_was_interrupted_continues_with_what_is_left(
    group: ModelGroup, data: st.DataObject
) -> None:
    left = data.draw(st.lists(st.sampled_from(group.workers), unique=True))
    expected = Counter(left)
    done: Counter[str] = Counter()
    for _run in range(2 * len(group.workers) + 2):
        found = next_turn(group.state, left, ALL, RESTART)
        if found is None:
            break
        if isinstance(found, ChangeTurn):
            group.restart(found.workers + ((found.released_by,) if found.released_by else ()))
            done.update(found.workers)
            left = [worker for worker in left if worker not in found.workers]
        elif isinstance(found, ReleaseTurn):
            group.restart((found.leader,))
        # An interrupted run leaves parked work behind, which Connect distributes after the delay.
        if data.draw(st.booleans()):
            group.wait()
    assert done == expected
    assert left == []
