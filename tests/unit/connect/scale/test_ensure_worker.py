# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A worker that joins, leaves or returns, in a simulated cluster that advances one step with each snapshot."""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import (
    BrokersError,
    CancelledError,
    GuardError,
    Outcome,
    RequestError,
    WorkerError,
    WrongClusterError,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.protocol import (
    CONNECTOR_ITSELF,
    Group,
    WorkItem,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.model import Connector, Snapshot, Task
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.reporting.report import Report
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.rest.connection import worker_address
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.rest.operations import RestOperation
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.run import Run
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.scale.ensure_worker import ensure_worker
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.scale.evidence import (
    GroupSnapshot,
    InitialState,
    RemovalGuard,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.scale.model import (
    Action,
    ScaleRequest,
    Unit,
)
from tests.contract.modules.shapes import misfits
from tests.unit.connect.group_bytes import address, member, rebalancing, stable

NAMES = ("a", "b", "c", "d")
INACTIVE, ACTIVE = Unit("loaded", "inactive"), Unit("loaded", "active")


@dataclass
class World:
    """Workers 1 and 2 are members; worker 3 is under test. `steps`: who owns what in each successive snapshot, the last
    one forever; None is a rebalance.

    A step affects the statuses at once.
    """

    owned: dict[int, str] = field(default_factory=lambda: {1: "ab", 2: "cd"})
    steps: list[dict[int, str] | None] = field(default_factory=list)
    then: dict[Action, list[dict[int, str] | None]] = field(default_factory=dict)
    unit_is: Unit = INACTIVE
    unit_then: Unit = ACTIVE
    failing: str = ""
    lines: Sequence[str] = ()
    orders: list[Action] = field(default_factory=list)
    generation: int = 0
    leaves_after: int = 0
    looks_since: int = 0
    lacking: str = ""
    elsewhere: frozenset[int] = frozenset()
    others: Sequence[Group] = ()
    unit_fails: list[WorkerError] = field(default_factory=list)
    order_fails: WorkerError | None = None
    identify: Callable[[], None] = lambda: None
    delayed_looks: int = 0
    looks_before_order: int = 0
    on_look: Callable[[], None] = lambda: None
    leading: int = 1

    # The host

    def unit(self) -> Unit:
        if self.unit_fails and self.orders:
            raise self.unit_fails.pop(0)
        return self.unit_is

    def order(self, action: Action) -> None:
        if self.order_fails is not None:
            raise self.order_fails
        self.orders.append(action)
        self.generation += 1
        self.looks_since = 0
        self.unit_is = INACTIVE if action == "stop" else self.unit_then
        self.steps = list(self.then.get(action, []))
        self.leading = 1

    def journal(self, seconds: float) -> Sequence[str]:
        assert seconds > 0
        return self.lines

    # The brokers

    def other_groups(self, group_id: str) -> Sequence[Group]:
        assert group_id == "orders"
        return self.others

    def group(self, group_id: str) -> Group:
        assert group_id == "orders"
        self.on_look()
        step: dict[int, str] | None = self.owned
        if self.steps:
            step = self.steps.pop(0)
            self.owned = step if step is not None else self.owned
        self.looks_before_order += not self.orders
        self.delayed_looks -= 1
        members = [self._member(number, names) for number, names in self.owned.items()]
        return stable(*members) if step is not None else rebalancing(*members)

    def _member(self, number: int, names: str) -> Any:
        delay = 300_000 if self.delayed_looks >= 0 else 0
        raw = member(number, [piece for name in names for piece in pieces(name)], delay=delay, leader=self.leading)
        # A restarted worker is a new member after the old member has left.
        self.looks_since += 1 if number == 3 else 0
        generation = self.generation if self.looks_since > self.leaves_after else 0
        return replace(raw, member_id=f"{raw.member_id}-{generation}") if number == 3 and generation else raw

    # REST

    def look(self) -> Snapshot:
        return Snapshot({name: self._connector(name) for name in NAMES})

    def _connector(self, name: str) -> Connector:
        owner = next((number for number, names in self.owned.items() if name in names), 1)
        where = worker_address(address(owner))
        state = "FAILED" if name in self.failing and owner == 3 else "RUNNING"
        trace = "java.lang.IllegalStateException: no route to the database" if state == "FAILED" else ""
        return Connector(name, {"name": name}, "source", "RUNNING", where, "", (0,), (Task(0, state, where, trace),))

    def await_ready(self, *, health: bool, worker: str, **_limits: object) -> None:
        """A worker is ready when it is a member of its group, this one or another."""
        assert not health
        if not any(address(number) == worker for number in {*self.owned, *self.elsewhere}):
            raise RequestError(f"{worker}: connection refused", kind="connection_refused")

    def read(self, _operation: RestOperation, path: str, parse: Callable[[Any], Any], *, worker: str) -> Any:
        if path == "/":
            return parse({"version": "4.3.1", "kafka_cluster_id": "k1"})
        names = ["Source", "Sink"] if worker != address(3) or not self.lacking else ["Source"]
        return parse([{"class": name, "type": "source", "version": "1.0"} for name in names])


def pieces(name: str) -> list[WorkItem]:
    return [(name, CONNECTOR_ITSELF), (name, 0)]


class Alone:
    """A batch of one host."""

    def once(self, look: Callable[[], InitialState]) -> InitialState:
        return look()

    def going(self, _url: str, refuse: Callable[[Sequence[str]], None]) -> None:
        refuse(())


REQUEST = ScaleRequest(
    "joined", "kafka-connect", address(3), address(3), "orders", delay=0.0, stable_for=0.0, wait_timeout=30.0
)


URLS = (address(1), address(2), address(3))


def scale(
    world: World,
    batch: Alone | None = None,
    *,
    run: Run | None = None,
    urls: Sequence[str] = URLS,
    **options: Any,
) -> Report:
    run = run or Run()
    api = SimpleNamespace(
        run=run,
        workers=SimpleNamespace(urls=urls),
        await_ready=world.await_ready,
        read=world.read,
    )
    workers = [SimpleNamespace(url=address(1), kafka_cluster_id="k1")]
    cluster: Any = SimpleNamespace(
        api=api, run=run, read=world.look, identify=world.identify, workers=workers, has_health=False, warnings=[]
    )
    return ensure_worker(cluster, cast(Any, world), world, batch or Alone(), replace(REQUEST, **options))


JOINS: dict[Action, list[dict[int, str] | None]] = {
    "start": [None, {1: "a", 2: "cd", 3: ""}, None, {1: "a", 2: "cd", 3: "b"}],
    "stop": [{1: "ab", 2: "cd"}],
}


SCALE = "ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.scale"
GUARDS = f"{SCALE}.guards"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests need no pause between snapshots."""
    for module in ("guards", "ensure_worker"):
        monkeypatch.setattr(f"{SCALE}.{module}.POLL_PAUSE", 0.01)


def test_a_joining_worker_is_reported_with_the_work_it_received() -> None:
    world = World(then=JOINS)
    report = scale(world)
    assert report.changed
    assert report.failure is None
    assert world.orders == ["start"]
    assert [(entry["connector"], entry["to"]) for entry in report.extra["moved"]] == [("b", address(3))]
    assert report.extra["rebalances"] == 2
    assert report.extra["after"]["members"][2] == {"url": address(3), "connectors": 1, "tasks": 1}
    assert "has joined the cluster, which now has 3 members" in report.extra["msg"]


@pytest.mark.parametrize("check_mode", [False, True])
def test_the_result_matches_its_documentation(check_mode: bool) -> None:
    report = scale(World(then=JOINS), check_mode=check_mode)
    assert misfits("worker_scale", {"changed": report.changed, **report.extra}) == []


def test_a_working_member_is_unchanged_after_one_snapshot() -> None:
    world = World(owned={1: "ab", 2: "c", 3: "d"}, unit_is=ACTIVE)
    report = scale(world)
    assert (report.changed, report.extra["action"], world.orders) == (False, "none", [])


def test_the_run_waits_for_a_running_worker_to_become_a_member() -> None:
    world = World(unit_is=ACTIVE, steps=[{1: "ab", 2: "cd"}, None, {1: "ab", 2: "c", 3: "d"}])
    report = scale(world)
    assert (report.changed, report.failure, world.orders) == (False, None, [])


def test_no_order_is_sent_before_the_group_is_stable() -> None:
    world = World(steps=[None, None, {1: "ab", 2: "cd"}], then=JOINS)
    assert scale(world).failure is None
    assert world.orders == ["start"]


def test_a_worker_that_does_not_stay_up_is_stopped_and_the_cause_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.scale.ensure_worker.UNIT_EVERY", 0.0
    )
    lines = [
        "[2026-11-21 03:12:09,101] ERROR Stopping due to error (x)",
        "java.net.BindException: Address already in use",
    ]
    world = World(unit_then=Unit("loaded", "failed"), lines=lines)
    report = scale(world)
    assert isinstance(report.failure, WorkerError)
    assert "kafka-connect does not stay up: BindException: Address already in use" in report.failure.message
    assert report.failure.message.endswith("kafka-connect was stopped again")
    assert report.changed
    assert world.orders == ["start", "stop"]
    assert report.extra["journal"] == lines


def test_a_worker_on_which_a_task_fails_is_stopped_again() -> None:
    world = World(then=JOINS, failing="b")
    report = scale(world)
    assert report.failure is not None
    assert "no route to the database" in report.failure.message
    assert world.orders == ["start", "stop"]


def test_without_rollback_the_worker_keeps_running() -> None:
    world = World(then=JOINS, failing="b")
    assert scale(world, rollback=False).failure is not None
    assert world.orders == ["start"]


@pytest.mark.parametrize("failing", ["", "b"])
def test_a_worker_that_lacks_a_plugin_of_the_others_does_not_join(failing: str) -> None:
    world = World(then=JOINS, lacking="Sink", failing=failing)
    report = scale(world)
    assert report.failure is not None
    assert "lacks plugins that http://connect-1.example.com:8083 has: Sink 1.0" in report.failure.message


def test_an_unverified_change_times_out_with_the_missing_evidence() -> None:
    report = scale(World(), wait_timeout=0.0)
    assert report.failure is not None
    assert "is not among the 2 members" in report.failure.message


THREE = {1: "a", 2: "bc", 3: "d"}


def test_a_worker_leaves_and_others_take_over_its_work() -> None:
    world = World(owned=dict(THREE), unit_is=ACTIVE, then={"stop": [None, {1: "a", 2: "bc"}, None, {1: "ad", 2: "bc"}]})
    report = scale(world, state="left")
    assert report.failure is None
    assert [(entry["connector"], entry["from"], entry["to"]) for entry in report.extra["moved"]] == [
        ("d", address(3), address(1))
    ]
    assert world.orders == ["stop"]


def test_a_departed_worker_is_unchanged() -> None:
    world = World()
    assert (scale(world, state="left").changed, world.orders) == (False, [])


def test_a_rebalance_at_the_initial_snapshot_hides_no_member_from_the_guards() -> None:
    world = World(owned={1: "ab", 3: "cd"}, unit_is=ACTIVE, steps=[None, None, {1: "ab", 3: "cd"}])
    with pytest.raises(GuardError, match="1 of the 2 workers would remain"):
        scale(world, state="left", guard=RemovalGuard(min_workers=2))
    world = World(owned=dict(THREE), unit_is=ACTIVE, steps=[None, dict(THREE)], failing="d")
    with pytest.raises(GuardError, match="d/0 is FAILED on this worker"):
        scale(world, state="left")
    assert world.orders == []


class LaterInBatch(Alone):
    """Another host has read the state before, and its restart has been ordered since."""

    def __init__(self, before: InitialState) -> None:
        self.before = before

    def once(self, _look: Callable[[], InitialState]) -> InitialState:
        return self.before

    def going(self, _url: str, refuse: Callable[[Sequence[str]], None]) -> None:
        refuse((address(2),))


def at_rest(owned: dict[int, str], **world: Any) -> InitialState:
    """What a host finds in a stable group."""
    played = World(owned=dict(owned), **world)
    return InitialState.of(GroupSnapshot(played.group("orders"), played.look()))


def test_a_rebalance_caused_by_one_host_of_the_batch_hides_nothing_from_the_next() -> None:
    moving: list[dict[int, str] | None] = [None] * 9
    batch = LaterInBatch(at_rest(THREE))
    with pytest.raises(GuardError, match="1 of the 3 workers would remain"):
        scale(World(owned=dict(THREE), unit_is=ACTIVE, steps=list(moving)), batch, state="left", guard=RemovalGuard(2))
    failed = LaterInBatch(at_rest(THREE, failing="d"))
    with pytest.raises(GuardError, match="d/0 is FAILED"):
        scale(World(owned=dict(THREE), unit_is=ACTIVE, steps=list(moving)), failed, state="left")
    overworked = LaterInBatch(at_rest(THREE))
    with pytest.raises(GuardError, match="4 tasks on 1 workers"):
        scale(
            World(owned=dict(THREE), unit_is=ACTIVE, steps=list(moving)),
            overworked,
            state="left",
            guard=RemovalGuard(1, 3),
        )


@pytest.mark.parametrize("batch", [None, "later"])
def test_a_worker_restarted_in_a_rebalance_must_leave_before_it_returns(batch: str | None) -> None:
    still_there: list[dict[int, str] | None] = [dict(THREE)] * 3
    world = World(owned=dict(THREE), unit_is=ACTIVE, steps=[None] if batch is None else [None] * 9)
    world.then = {"restart": [*still_there, None, {1: "a", 2: "bc"}, {1: "a", 2: "bc", 3: "d"}]}
    world.leaves_after = 4
    report = scale(world, LaterInBatch(at_rest(THREE)) if batch else None, state="restarted")
    assert report.failure is None
    assert world.steps == []


@pytest.mark.parametrize("state", ["joined", "left", "restarted"])
def test_check_mode_does_not_report_facts_that_a_rebalance_hides(state: str) -> None:
    world = World(owned=dict(THREE), unit_is=INACTIVE if state == "joined" else ACTIVE, steps=[None], failing="d")
    report = scale(world, state=state, check_mode=True, guard=RemovalGuard(min_workers=3))
    assert report.changed
    assert "once the group is stable (the group orders is rebalancing)" in report.extra["msg"]
    assert "unknown until then" in report.extra["msg"]
    assert report.extra["before"]["members"] == []
    assert "would_move" not in report.extra
    assert misfits("worker_scale", {"changed": True, **report.extra}) == []


def test_a_stop_that_leaves_too_few_workers_is_refused() -> None:
    world = World(owned=dict(THREE), unit_is=ACTIVE)
    with pytest.raises(GuardError, match="min_workers is 3"):
        scale(world, state="left", guard=RemovalGuard(min_workers=3))
    assert world.orders == []


def test_a_worker_returns_as_a_new_member() -> None:
    world = World(
        owned=dict(THREE), unit_is=ACTIVE, then={"restart": [None, {1: "a", 2: "bc"}, {1: "a", 2: "bc", 3: "d"}]}
    )
    report = scale(world, state="restarted")
    assert report.failure is None
    assert world.orders == ["restart"]
    assert [(entry["from"], entry["to"]) for entry in report.extra["moved"]] == [(address(3), address(3))]


def test_a_worker_that_does_not_run_is_started_by_a_restart() -> None:
    world = World(then=JOINS)
    assert scale(world, state="restarted").failure is None
    assert world.orders == ["start"]


HELD_BACK: list[dict[int, str] | None] = [None, *[{1: "ab", 2: "c", 3: ""}] * 3]


@pytest.mark.parametrize("state", ["joined", "restarted"])
def test_a_worker_with_reserved_work_is_started_at_once_and_must_get_it_back(state: str) -> None:
    world = World(
        owned={1: "ab", 2: "c"}, delayed_looks=7, then={"start": [*HELD_BACK, None, {1: "ab", 2: "c", 3: "d"}]}
    )
    report = scale(world, state=state)
    assert report.failure is None
    assert world.looks_before_order == 1
    assert world.steps == []
    assert world.delayed_looks < 0
    assert [entry["tasks"] for entry in report.extra["after"]["members"]] == [2, 1, 1]


def test_reserved_work_that_fails_after_its_assignment_is_not_evidence() -> None:
    given_out: list[dict[int, str] | None] = [*HELD_BACK, None, {1: "ab", 2: "c", 3: "d"}]
    world = World(owned={1: "ab", 2: "c"}, delayed_looks=5, then={"start": given_out})
    world.on_look = lambda: setattr(world, "failing", "d" if world.orders else "")
    report = scale(world)
    assert report.failure is not None
    assert "task 0 of d" in report.failure.message
    assert "no route to the database" in report.failure.message


def test_a_start_waits_for_a_rebalance_but_not_for_a_delay() -> None:
    world = World(owned={1: "ab", 2: "c"}, steps=[None, None, {1: "ab", 2: "c"}], delayed_looks=4, then=JOINS)
    assert scale(world).failure is None
    assert world.looks_before_order == 3


def test_a_stop_waits_for_the_end_of_a_delay() -> None:
    world = World(
        owned={1: "a", 3: "d"}, steps=[{1: "a", 3: "d"}, {1: "a", 3: "d"}, {1: "ab", 3: "cd"}], unit_is=ACTIVE
    )
    world.delayed_looks, world.then = 2, {"stop": [{1: "abcd"}]}
    assert scale(world, state="left").failure is None
    assert world.looks_before_order == 3


def test_check_mode_shows_that_a_start_does_not_wait_for_a_delay() -> None:
    starting = scale(World(owned={1: "ab", 2: "c"}, delayed_looks=9), check_mode=True)
    assert "once the group is stable" not in starting.extra["msg"]
    leaving = scale(World(owned={1: "ab", 3: "c"}, delayed_looks=9, unit_is=ACTIVE), state="left", check_mode=True)
    assert "once the group is stable (the leader keeps the work" in leaving.extra["msg"]


@pytest.mark.parametrize(
    ("state", "owned", "unit", "reported", "moving"),
    [
        ("joined", {1: "ab", 2: "cd"}, INACTIVE, "would start kafka-connect; 1 connectors and 1 tasks", (1, 1)),
        ("left", THREE, ACTIVE, "would stop kafka-connect; 1 connectors and 1 tasks would move away", (1, 1)),
        ("restarted", THREE, ACTIVE, "would restart kafka-connect", (1, 1)),
    ],
)
def test_check_mode_reports_the_planned_movements_and_changes_nothing(
    state: str, owned: dict[int, str], unit: Unit, reported: str, moving: tuple[int, int]
) -> None:
    world = World(owned=dict(owned), unit_is=unit)
    report = scale(world, state=state, check_mode=True)
    assert report.changed
    assert reported in report.extra["msg"]
    assert (report.extra["would_move"]["connectors"], report.extra["would_move"]["tasks"]) == moving
    assert world.orders == []


def test_check_mode_works_before_the_worker_is_installed() -> None:
    report = scale(World(unit_is=Unit("not-found", "inactive")), check_mode=True)
    assert "would start" in report.extra["msg"]


def test_a_missing_service_is_named() -> None:
    with pytest.raises(WorkerError, match="the host has no service kafka-connect"):
        scale(World(unit_is=Unit("not-found", "inactive")))


def test_an_interrupt_after_the_start_reports_a_change() -> None:
    run = Run()
    world = World(then=JOINS)
    world.on_look = lambda: run.cancelled.set() if world.orders else None
    report = scale(world, run=run)
    assert isinstance(report.failure, CancelledError)
    assert report.changed


def test_brokers_that_briefly_do_not_respond_are_retried() -> None:
    world = World(then=JOINS)
    answers = iter([None, None, BrokersError("no answer"), None, None, None, None, None, None, None, None])

    def fails_once() -> None:
        error = next(answers, None)
        if error is not None:
            raise error

    world.on_look = fails_once
    assert scale(world).failure is None


def test_the_first_worker_of_all_joins_a_group_without_members() -> None:
    world = World(owned={}, then={"start": [{}, {3: "abcd"}]})
    report = scale(world)
    assert report.failure is None
    assert report.extra["before"]["members"] == []


@pytest.fixture
def brief(monkeypatch: pytest.MonkeyPatch) -> None:
    """Snapshots follow one another without a pause."""
    monkeypatch.setattr(f"{GUARDS}.OTHERS_PAUSE", 0.02)


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wait of seconds ends after a few snapshots."""
    monkeypatch.setattr(f"{GUARDS}.OTHERS_PAUSE", 0.02)
    monkeypatch.setattr(f"{GUARDS}.OTHERS_JOIN", 0.1)


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize("state", ["joined", "restarted"])
def test_a_worker_with_another_group_than_the_others_is_not_started(state: str, check_mode: bool) -> None:
    world = World(owned={}, elsewhere=frozenset({1, 3}))
    with pytest.raises(
        WrongClusterError, match=r"the group orders of kafka-connect has no members, but .*connect-1\."
    ) as error:
        scale(world, state=state, check_mode=check_mode)
    assert "it belongs to another group" in error.value.message
    assert "group.id" in error.value.advice
    assert world.orders == []


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize(
    ("state", "unit"),
    [("joined", INACTIVE), ("joined", ACTIVE), ("restarted", ACTIVE)],
    ids=["starts", "runs", "again"],
)
@pytest.mark.parametrize("owned", [{1: "xy"}, {3: ""}], ids=["other-cluster", "its-own"])
def test_a_worker_whose_group_runs_other_connectors_is_unchanged(
    owned: dict[int, str], state: str, unit: Unit, check_mode: bool
) -> None:
    world = World(owned=owned, unit_is=unit)
    with pytest.raises(WrongClusterError) as error:
        scale(world, state=state, check_mode=check_mode)
    assert error.value.message == (
        "the group orders of kafka-connect runs none of the connectors of url (a, b, c, d): nothing was changed"
    )
    assert "group.id" in error.value.advice
    assert world.orders == []


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize(("state", "unit"), [("joined", INACTIVE), ("joined", ACTIVE), ("restarted", ACTIVE)])
@pytest.mark.parametrize("owned", [{3: "abcd"}, {4: "abcd"}], ids=["its-own", "of-strangers"])
def test_a_worker_that_would_run_every_task_twice_is_reported(owned: dict[int, str], state: str, unit: Unit) -> None:
    """Another group.id with the same topics: it runs the same connectors as the workers of url."""
    theirs = replace(stable(member(1, pieces("a")), member(2, pieces("b"))), group_id="orders-eu")
    world = World(owned=owned, unit_is=unit, others=[theirs])
    with pytest.raises(WrongClusterError) as error:
        scale(world, state=state)
    assert error.value.message == (
        "the group orders of kafka-connect has none of the workers of url: they are in the group orders-eu: nothing was changed"
    )
    assert error.value.advice.startswith("stop kafka-connect on its host") is unit.runs
    assert world.orders == []


@pytest.mark.usefixtures("hasty")
def test_workers_behind_a_proxy_are_not_another_group() -> None:
    """url has none of the members' addresses, and no group has."""
    assert scale(World(owned={4: "ab", 3: "cd"}, unit_is=ACTIVE)).failure is None


def test_a_loopback_address_does_not_indicate_another_group() -> None:
    home = "http://localhost:8083"
    theirs = replace(stable(member(5, url=home)), group_id="theirs")
    world = World(owned={4: "ab", 3: "cd"}, unit_is=ACTIVE, others=[theirs])
    assert scale(world, urls=[home]).failure is None


def test_a_worker_can_leave_a_wrong_group() -> None:
    world = World(owned={1: "xy", 3: ""}, unit_is=ACTIVE, unit_then=INACTIVE, then={"stop": [{1: "xy"}]})
    scale(world, state="left", wait_timeout=0.5)
    assert world.orders == ["stop"]


@pytest.mark.usefixtures("brief")
def test_the_run_waits_for_a_group_without_assignments() -> None:
    world = World(owned={1: ""}, steps=[{1: ""}, {1: "abcd"}], then={"start": [{1: "ab", 3: "cd"}]})
    assert scale(world).failure is None


@pytest.mark.usefixtures("brief")
def test_the_run_waits_for_workers_that_respond_before_they_are_members() -> None:
    world = World(owned={}, elsewhere=frozenset({1}), steps=[{}, {}, {1: "abcd"}], then={"start": [{1: "ab", 3: "cd"}]})
    assert scale(world).failure is None
    assert world.orders == ["start"]


@pytest.mark.usefixtures("brief")
def test_a_group_without_members_beside_its_own_worker_alone_is_that_of_a_first_worker() -> None:
    world = World(owned={}, elsewhere=frozenset({3}), then={"start": [{}, {3: "abcd"}]})
    assert scale(world).failure is None


# What a failing result reports: `action` is set as soon as something was ordered, or may have been.

DOING: list[tuple[str, Unit, str]] = [
    ("joined", INACTIVE, "start"),
    ("left", ACTIVE, "stop"),
    ("restarted", ACTIVE, "restart"),
]


@pytest.mark.parametrize(("state", "unit", "action"), DOING)
def test_an_order_that_may_have_been_executed_is_reported_as_a_change(state: str, unit: Unit, action: str) -> None:
    lost = WorkerError("the host can't be reached: connection closed", outcome=Outcome.UNKNOWN)
    report = scale(World(owned=dict(THREE), unit_is=unit, order_fails=lost), state=state)
    assert (report.changed, report.extra["action"]) == (True, action)
    assert report.failure is not None
    assert "the host can't be reached: connection closed" in report.failure.message
    assert f"whether kafka-connect received the order to {action} is unknown" in report.failure.message
    assert misfits("worker_scale", {"changed": True, "msg": report.failure.message, **report.extra}) == []


@pytest.mark.parametrize(("state", "unit", "action"), DOING)
def test_an_order_that_the_host_refused_is_reported_as_no_change(state: str, unit: Unit, action: str) -> None:
    refused = WorkerError(f"{action} failed on the host: access denied")
    with pytest.raises(WorkerError, match="access denied"):
        scale(World(owned=dict(THREE), unit_is=unit, order_fails=refused), state=state)


@pytest.mark.parametrize(("state", "unit", "action"), DOING)
def test_an_interrupt_before_the_order_is_reported_as_no_change(state: str, unit: Unit, action: str) -> None:
    del action
    run = Run()
    world = World(owned=dict(THREE), unit_is=unit, on_look=run.cancelled.set)
    with pytest.raises(CancelledError):
        scale(world, run=run, state=state)
    assert world.orders == []


def test_an_interrupt_during_a_snapshot_reports_a_change() -> None:
    world = World(then=JOINS)

    def interrupt() -> None:
        if world.orders:
            raise CancelledError("interrupted while sending GET /connectors: no further requests were sent")

    world.on_look = interrupt
    report = scale(world)
    assert isinstance(report.failure, CancelledError)
    assert (report.changed, report.extra["action"], world.orders) == (True, "start", ["start"])


def test_a_briefly_unreachable_host_is_retried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.scale.ensure_worker.UNIT_EVERY", 0.0
    )
    unreachable = [WorkerError("the host can't be reached")] * 2
    world = World(then=JOINS, unit_fails=list(unreachable))
    assert scale(world).failure is None
    leaving = World(
        owned=dict(THREE), unit_is=ACTIVE, then={"stop": [{1: "ad", 2: "bc"}]}, unit_fails=list(unreachable)
    )
    assert scale(leaving, state="left").failure is None
    assert (world.unit_fails, leaving.unit_fails) == ([], [])


def test_an_unreachable_host_hides_neither_the_failure_nor_the_change() -> None:
    gone = [WorkerError("the host can't be reached")] * 20
    report = scale(World(then=JOINS, failing="b", unit_fails=gone))
    assert (report.changed, report.extra["action"]) == (True, "start")
    assert report.failure is not None
    assert "no route to the database" in report.failure.message
    assert "stopping it again failed: the host can't be reached" in report.failure.message


def test_a_worker_of_another_kafka_cluster_is_stopped_and_the_change_reported() -> None:
    def two_clusters() -> None:
        raise WrongClusterError("workers of two Kafka clusters in one list: nothing was changed", "list only one")

    world = World(then=JOINS, identify=two_clusters)
    report = scale(world)
    assert (report.changed, report.extra["action"], world.orders) == (True, "start", ["start", "stop"])
    assert report.failure is not None
    assert "workers of two Kafka clusters in one list; kafka-connect was stopped again" in report.failure.message
    assert report.failure.advice == "list only one"


def test_brokers_that_stay_unreachable_are_reported_with_the_change() -> None:
    world = World(then=JOINS)

    def gone() -> None:
        if world.orders:
            raise BrokersError("no answer")

    world.on_look = gone
    report = scale(world, wait_timeout=0.5, rollback=False)
    assert (report.changed, report.extra["action"]) == (True, "start")
    assert report.failure is not None
    assert "no answer" in report.failure.message


def test_a_failed_wait_for_an_already_running_worker_reports_no_change() -> None:
    report = scale(World(unit_is=ACTIVE), wait_timeout=0.0)
    assert report.failure is not None
    assert (report.changed, report.extra["action"]) == (False, "none")


PARKED = {1: "a", 2: "b", 3: "c"}
"""Of a departed worker, the leader keeps connector d."""

RELEASED: dict[Action, list[dict[int, str] | None]] = {
    "restart": [None, {1: "ad", 2: "bc"}, None, {1: "a", 2: "bd", 3: "c"}]
}


def parking(leading: int = 3, **more: Any) -> World:
    """A group that keeps the work of a departed worker until the leader restarts."""
    world = World(owned=dict(PARKED), unit_is=ACTIVE, then=RELEASED, leading=leading, delayed_looks=1000, **more)

    def end_of_delay() -> None:
        if world.orders:
            world.delayed_looks = 0

    world.on_look = end_of_delay
    return world


def test_the_leader_restarts_to_release_parked_work() -> None:
    world = parking()
    report = scale(world, state="released")
    assert (report.changed, report.failure, world.orders) == (True, None, ["restart"])
    assert report.extra["action"] == "restart"
    assert report.extra["leader"] is True
    assert "; 1 task of a departed worker run again" in report.extra["msg"]
    assert misfits("worker_scale", {"changed": True, **report.extra}) == []


@pytest.mark.parametrize(
    ("world", "options", "reason"),
    [
        (World(owned=dict(THREE), unit_is=ACTIVE, leading=3), {}, "no work is parked for a departed worker"),
        (parking(leading=1), {}, f"it does not lead the group; the leader {address(1)} can release the parked work"),
        (parking(), {"restart_seconds": 290.0}, "would stop 1 task for about 290 s and costs more"),
    ],
    ids=["nothing parked", "a follower", "does not pay"],
)
def test_a_release_that_gains_nothing_changes_nothing(world: World, options: dict[str, Any], reason: str) -> None:
    report = scale(world, state="released", **options)
    assert (report.changed, report.failure, world.orders) == (False, None, [])
    assert reason in report.extra["msg"]


def test_check_mode_predicts_a_release_and_does_not_restart() -> None:
    world = parking()
    report = scale(world, state="released", check_mode=True)
    assert (report.changed, world.orders) == (True, [])
    assert report.extra["msg"] == (
        "would restart kafka-connect: it leads the group, so its 1 connectors and 1 tasks and 1 task of a departed worker are "
        "reassigned at once"
    )


def test_check_mode_cannot_predict_a_release_during_a_rebalance() -> None:
    world = parking(steps=[None])
    report = scale(world, state="released", check_mode=True)
    assert report.changed is False
    assert "is unknown until the group is stable" in report.extra["msg"]


def test_a_release_that_leaves_too_few_workers_is_refused() -> None:
    world = parking()
    with pytest.raises(GuardError, match="min_workers is 3"):
        scale(world, state="released", guard=RemovalGuard(min_workers=3))
    assert world.orders == []


def test_a_leader_need_not_wait_for_parked_work_before_it_restarts() -> None:
    world = parking()
    assert scale(world, state="restarted").failure is None
    assert world.looks_before_order <= 3


def test_a_restart_can_end_once_the_worker_is_a_member_again() -> None:
    world = World(
        owned=dict(THREE), unit_is=ACTIVE, then={"restart": [None, {1: "a", 2: "bc"}, {1: "a", 2: "bc", 3: ""}]}
    )
    world.on_look = lambda: setattr(world, "delayed_looks", 1000 if world.orders else 0)
    report = scale(world, state="restarted", wait_for="rebalance")
    assert (report.failure, world.orders) == (None, ["restart"])
    assert [entry["tasks"] for entry in report.extra["after"]["members"]] == [1, 2, 0]


def test_a_departure_can_end_once_the_worker_is_no_longer_a_member() -> None:
    world = World(owned=dict(THREE), unit_is=ACTIVE, then={"stop": [None, {1: "a", 2: "bc"}]})
    world.on_look = lambda: setattr(world, "delayed_looks", 1000 if world.orders else 0)
    report = scale(world, state="left", wait_for="rebalance")
    assert (report.failure, world.orders) == (None, ["stop"])
    assert len(report.extra["after"]["members"]) == 2


def test_a_wait_for_parked_work_shows_when_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """Scaled: a tenth of a second stands for ten seconds."""
    monkeypatch.setattr(f"{SCALE}.observer.PROGRESS_EVERY", 0.1)
    world = World(
        owned=dict(THREE),
        unit_is=ACTIVE,
        then={"stop": [*([{1: "a", 2: "bc"}] * 40), {1: "ad", 2: "bc"}]},
    )
    world.on_look = lambda: setattr(world, "delayed_looks", 1 if world.orders and len(world.steps) > 1 else 0)
    run = Run()
    shown: list[float] = []
    run.report = lambda _event: shown.append(time.monotonic())
    report = scale(world, run=run, state="left")
    assert report.failure is None
    waits = [event.text for event in run.timeline if "departed worker" in event.text]
    assert len(waits) >= 3
    assert all(re.search(r"until \d\d:\d\d:\d\d, (300|299) s", text) for text in waits)
    assert max(later - earlier for earlier, later in itertools.pairwise(shown)) < 0.15 * 10


def test_parked_connectors_without_tasks_are_released() -> None:
    """The tasks run meanwhile, but the connectors miss every change."""
    world = parking()
    connector = world._connector

    def running(name: str) -> Connector:
        """Its task runs on worker 1."""
        return connector(name)._replace(task_ids=(), tasks=()) if name == "d" else connector(name)

    world._connector = running  # type: ignore[method-assign]  # one connector has no task
    report = scale(world, state="released")
    assert (report.changed, report.failure, world.orders) == (True, None, ["restart"])
    assert "; 1 connector of a departed worker run again" in report.extra["msg"]


def test_a_denied_group_ends_the_proof_at_once() -> None:
    world = World(owned=dict(THREE), unit_is=ACTIVE, then={"restart": [None]})

    def deny() -> None:
        if world.orders:
            raise BrokersError("the group must not be described", "grant Describe", cause="denied")

    world.on_look = deny
    report = scale(world, state="restarted")
    assert report.failure is not None
    assert "the group must not be described" in report.failure.message
    assert report.failure.advice == "grant Describe"
