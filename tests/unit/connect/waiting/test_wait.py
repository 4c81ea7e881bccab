# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting for evidence over time, on the fake cluster."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import CancelledError
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.model import Connector
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.planning.change import Change
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.planning.steps import (
    Create,
    Delete,
    Pause,
    Restart,
    Update,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.run import Run
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.snapshot.cluster import Cluster
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.waiting import wait
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.waiting.proof import ProofState, assess
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.waiting.tracked_change import (
    TrackedChange,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.waiting.wait import (
    Patience,
    Proof,
    ProofOutcome,
    Waiter,
)
from testing.fake_connect import INSTANT, FakeCluster, Request, Timing, faults, matching
from testing.fake_connect.records import TargetState
from tests.unit.connect.support import IDLE_SOURCE, cluster_at, file_source, when, written

CONFIG = file_source()
FORMER = file_source(topic="former")


def creation(config: dict[str, str] = CONFIG) -> Change:
    return Change(config["name"], (Create(config),), after=config, desired_state="running")


def update(before: Connector, after: dict[str, str] = CONFIG) -> Change:
    keys = tuple(sorted(key for key in after if (before.config or {}).get(key) != after[key]))
    return Change("orders", (Update(after),), changed_keys=keys, before=before, after=after)


def seen_at(fake: FakeCluster, name: str = "orders") -> Connector:
    seen = cluster_at(fake.urls).api.expanded().connectors[name]
    fake.forget_requests()
    return seen


def await_all(
    fake: FakeCluster,
    *changes: Change,
    run: Run | None = None,
    stable_for: float = 0.05,
    wait_timeout: float = 5.0,
    cluster: Cluster | None = None,
    **more: Any,
) -> dict[str, Proof]:
    patience = Patience(wait_timeout, stable_for)
    return Waiter((cluster or cluster_at(fake.urls, run=run)).api, patience, 4, **more).wait(changes)


def await_one(fake: FakeCluster, change: Change, **more: Any) -> Proof:
    return await_all(fake, change, **more)[change.name]


def looks(fake: FakeCluster) -> list[Request]:
    return [request for request in fake.requests if request.path == "/connectors"]


# Proof


def test_a_create_is_verified_when_it_has_run_for_the_stable_time(fake: FakeCluster) -> None:
    began = time.monotonic()
    fake.connectors.put("orders", CONFIG, settled=False)
    proof = await_one(fake, creation(), stable_for=0.2)
    assert proof.outcome is ProofOutcome.PROVEN
    assert proof.seen is not None
    assert [task.state for task in proof.seen.tasks] == ["RUNNING"]
    assert time.monotonic() - began >= 0.2


def test_one_snapshot_serves_all_pending_connectors(fake: FakeCluster) -> None:
    changes = [creation({**CONFIG, "name": f"c{number}"}) for number in range(20)]
    for change in changes:
        fake.connectors.put(change.name, change.after or {}, settled=False)
    proofs = await_all(fake, *changes)
    assert {proof.outcome for proof in proofs.values()} == {ProofOutcome.PROVEN}
    probes = [request for request in fake.requests if request.path == "/"]
    assert len(looks(fake)) + len(probes) == len(fake.requests)


def test_nothing_is_written_while_waiting(fake: FakeCluster) -> None:
    fake.connectors.put("orders", CONFIG, settled=False)
    await_one(fake, creation())
    assert written(fake) == []


def test_a_connector_that_does_not_stay_healthy_is_not_verified(fake: FakeCluster) -> None:
    """It runs for a moment, then fails: the end of stable_for decides."""
    fake.connectors.put("orders", CONFIG)
    threading.Timer(0.15, lambda: fake.connectors.fail("orders", task=0)).start()
    proof = await_one(fake, creation(), stable_for=1.0)
    assert proof.outcome is ProofOutcome.FAILED
    assert proof.reason == "task 0 is FAILED"


def test_an_update_is_not_verified_while_tasks_have_the_previous_config() -> None:
    """Connect shows RUNNING throughout: only the configs of the tasks show that they were recreated."""
    with FakeCluster(timing=Timing(task_configs=0.4, task_status=0.5)) as fake:
        fake.connectors.put("orders", FORMER)
        before = seen_at(fake)
        began = time.monotonic()
        fake.connectors.put("orders", CONFIG, settled=False)
        proof = await_one(fake, update(before))
        assert proof.outcome is ProofOutcome.PROVEN
        assert time.monotonic() - began >= 0.4


def test_tasks_that_are_never_recreated_are_reported(fake: FakeCluster) -> None:
    fake.connectors.put("orders", FORMER)
    before = seen_at(fake)
    stale = fake.connectors["orders"].task_configs
    fake.connectors.put("orders", CONFIG)
    fake.store.edit("orders", task_configs=stale)
    proof = await_one(fake, update(before), wait_timeout=2)
    assert proof.outcome is ProofOutcome.TIMED_OUT
    assert re.search(r"its tasks still have the previous value of topic \(for [1-9] s\)", proof.reason)


def test_the_task_configs_are_read_only_until_they_are_verified(fake: FakeCluster) -> None:
    fake.connectors.put("orders", FORMER)
    before = seen_at(fake)
    fake.connectors.put("orders", CONFIG)
    await_one(fake, update(before), stable_for=0.3)
    assert len([request for request in fake.requests if request.path == "/connectors/orders/tasks"]) == 1


def test_unreadable_task_configs_are_not_evidence(fake: FakeCluster) -> None:
    fake.connectors.put("orders", FORMER)
    before = seen_at(fake)
    fake.connectors.put("orders", CONFIG)
    fake.script(matching("GET", "*/tasks"), [faults.respond(403, b"no", times=99)])
    proof = await_one(fake, update(before), wait_timeout=0.3)
    assert proof.outcome is ProofOutcome.TIMED_OUT
    assert "the configs of its tasks can't be read" in proof.reason


def test_a_delete_is_verified_by_the_first_snapshot_without_the_connector(fake: FakeCluster) -> None:
    proof = await_one(fake, Change("orders", (Delete(),)), stable_for=60.0)
    assert proof.outcome is ProofOutcome.PROVEN
    assert len(looks(fake)) == 1


def test_a_stale_snapshot_verifies_neither_an_update_nor_a_delete(fake: FakeCluster) -> None:
    """A worker that reads the config topic late shows the previous state."""
    fake.connectors.put("orders", FORMER)
    before = seen_at(fake)
    fake.workers[1].lag = 0.3
    fake.connectors.put("orders", CONFIG)
    proof = await_one(fake, update(before), cluster=cluster_at([fake.urls[1]]))
    assert proof.outcome is ProofOutcome.PROVEN
    assert proof.seen is not None
    assert proof.seen.config == CONFIG


def test_a_running_status_right_after_a_restart_is_not_trusted(
    fake: FakeCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even without stable_for: until the workers have read the restart request, it has no visible effect."""
    monkeypatch.setattr(wait, "RESTART_SHOWS", 0.4)
    fake.connectors.put("orders", CONFIG)
    change = Change("orders", (Restart(),), before=seen_at(fake), desired_state="running")
    threading.Timer(0.15, lambda: fake.connectors.fail("orders", task=0)).start()
    proof = await_one(fake, change, stable_for=0.0)
    assert proof.outcome is ProofOutcome.FAILED


# Zero tasks


def test_zero_tasks_are_accepted_only_after_a_while_and_with_a_warning(
    fake: FakeCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wait, "NO_TASKS_STAND", 0.3)
    idle = {"name": "orders", "connector.class": IDLE_SOURCE}
    fake.connectors.put("orders", idle)
    began = time.monotonic()
    proof = await_one(fake, creation(idle))
    assert proof.outcome is ProofOutcome.PROVEN
    assert "it runs without any task" in proof.warning
    assert time.monotonic() - began >= 0.3
    assert len(looks(fake)) >= 2


@pytest.mark.parametrize("name", ["a/b", "50%20 off"])
def test_zero_tasks_with_a_name_that_followers_misread_are_a_failure(fake: FakeCluster, name: str) -> None:
    idle = {"name": name, "connector.class": IDLE_SOURCE}
    fake.connectors.put(name, idle)
    proof = await_one(fake, creation(idle))
    assert proof.outcome is ProofOutcome.FAILED
    assert "cannot forward the tasks of a connector with this name" in proof.reason


def test_the_wait_covers_tasks_that_start_late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wait, "NO_TASKS_STAND", 1.0)
    with FakeCluster(timing=replace(INSTANT, task_configs=0.2, task_status=0.3)) as fake:
        fake.connectors.put("orders", CONFIG, settled=False)
        proof = await_one(fake, creation())
        assert proof.outcome is ProofOutcome.PROVEN
        assert proof.warning == ""
        assert proof.seen is not None
        assert proof.seen.tasks


# Failures


def test_a_new_failure_ends_the_wait_early(fake: FakeCluster) -> None:
    fake.connectors.put("orders", CONFIG)
    fake.connectors.fail("orders", task=0)
    run = Run()
    proof = await_one(fake, creation(), wait_timeout=60.0, run=run)
    assert proof.outcome is ProofOutcome.FAILED
    important = [event.text for event in run.timeline if event.important]
    assert important == [
        "failed: orders: task 0 is FAILED: UnknownHostException: db.example.invalid: Name or service not known"
    ]


def test_a_failure_in_one_snapshot_is_not_final(fake: FakeCluster) -> None:
    """It may fall into a rebalance that revives the task at once."""
    fake.connectors.put("orders", CONFIG)
    fake.connectors.fail("orders", task=0)

    def revive(_request: Request) -> bool:
        if len(looks(fake)) == 2:
            fake.connectors.put("orders", CONFIG)
            fake.behavior.restart("orders", False, [0])
            fake.connectors.settle()
        return False

    fake.script(matching(where=revive), [faults.normally()])
    assert await_one(fake, creation(), stable_for=0.3).outcome is ProofOutcome.PROVEN


def test_an_old_failure_that_stays_is_final_after_a_while(fake: FakeCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wait, "OLD_FAILURE_STANDS", 0.4)
    fake.connectors.put("orders", CONFIG)
    fake.connectors.fail("orders", task=0)
    change = Change("orders", (Restart(),), before=seen_at(fake), after=CONFIG, desired_state="running")
    began = time.monotonic()
    proof = await_one(fake, change)
    assert proof.outcome is ProofOutcome.FAILED
    assert proof.reason.startswith("task 0 is FAILED as before, still after")
    assert time.monotonic() - began >= 0.4


def test_an_old_failure_that_disappears_is_ignored(fake: FakeCluster) -> None:
    fake.connectors.put("orders", CONFIG)
    fake.connectors.fail("orders", task=0)
    change = Change("orders", (Restart(),), before=seen_at(fake), after=CONFIG, desired_state="running")
    fake.behavior.restart("orders", False, [0])
    assert await_one(fake, change).outcome is ProofOutcome.PROVEN


def test_a_failure_that_disappears_and_returns_is_new(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same stack trace returns, but a snapshot in between did not show it: the failure is final without a further wait."""
    monkeypatch.setattr(wait, "OLD_FAILURE_STANDS", 60.0)
    with FakeCluster(timing=replace(INSTANT, restarted=0.2)) as fake:
        fake.connectors.put("orders", CONFIG)
        fake.connectors.fail("orders", task=0, sticky=True)
        change = Change("orders", (Restart(),), before=seen_at(fake), after=CONFIG, desired_state="running")
        fake.behavior.restart("orders", False, [0])
        proof = await_one(fake, change, wait_timeout=20.0)
        assert proof.outcome is ProofOutcome.FAILED
        assert proof.reason == "task 0 is FAILED again"


def test_a_concurrent_change_of_the_config_ends_the_wait(fake: FakeCluster) -> None:
    fake.connectors.put("orders", file_source(topic="theirs"))
    proof = await_one(fake, creation(), wait_timeout=60.0)
    assert (proof.outcome, proof.reason) == (ProofOutcome.OVERTAKEN, "another user or run has changed the config since")


def test_a_proxy_page_instead_of_a_snapshot_is_skipped(fake: FakeCluster) -> None:
    fake.connectors.put("orders", CONFIG)
    cluster = cluster_at(fake.urls)
    cluster.api.names(None)  # It has answered as a worker.
    page = faults.respond(200, b"<html><title>Bad Gateway</title></html>", times=3)
    fake.script(matching("GET", "/connectors"), [page])
    assert await_one(fake, creation(), cluster=cluster).outcome is ProofOutcome.PROVEN


def test_a_cluster_that_refuses_reads_is_not_reported_as_a_timeout(fake: FakeCluster) -> None:
    fake.connectors.put("orders", CONFIG)
    fake.script(matching("GET", "/connectors"), [faults.respond(401, b"no", times=9)])
    proof = await_one(fake, creation(), wait_timeout=60.0)
    assert (proof.outcome, proof.kind) == (ProofOutcome.TIMED_OUT, "authentication_failed")


def test_a_concurrent_deletion_ends_the_wait(fake: FakeCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wait, "SECOND_OPINION", 0.2)
    proof = await_one(fake, creation(), wait_timeout=60.0)
    assert (proof.outcome, proof.reason) == (ProofOutcome.OVERTAKEN, "another user or run has deleted it since")


def test_the_wait_covers_an_unlisted_connector_that_the_herder_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has no status yet, so the list leaves it out."""
    monkeypatch.setattr(wait, "SECOND_OPINION", 0.1)
    with FakeCluster(timing=Timing(connector_status=1.0, task_configs=1.0, task_status=1.0)) as fake:
        fake.connectors.put("orders", CONFIG, settled=False)
        assert await_one(fake, creation()).outcome is ProofOutcome.PROVEN


def test_a_connector_that_no_worker_starts_is_reported_with_its_missing_state(monkeypatch: pytest.MonkeyPatch) -> None:
    """As after the loss of a worker, until the delay of the rebalance is over."""
    monkeypatch.setattr(wait, "SECOND_OPINION", 0.1)
    with FakeCluster(timing=Timing(connector_status=60.0, task_configs=60.0, task_status=60.0)) as fake:
        fake.connectors.put("orders", CONFIG, settled=False)
        proof = await_one(fake, creation(), wait_timeout=2.0)
        assert proof.outcome is ProofOutcome.TIMED_OUT
        assert "no worker has started it yet" in proof.reason
        assert "scheduled.rebalance.max.delay.ms" in proof.reason


@pytest.mark.parametrize(("state", "word"), [("PAUSED", "paused"), ("STOPPED", "stopped")])
def test_a_running_connector_that_becomes_paused_is_a_concurrent_change(
    fake: FakeCluster, state: TargetState, word: str
) -> None:
    fake.connectors.put("orders", CONFIG)

    def rest() -> None:
        if len(looks(fake)) == 3:
            fake.connectors.set_state("orders", state)

    fake.script(matching("GET", "/connectors", where=when(rest)), [faults.normally()])
    proof = await_one(fake, creation(), stable_for=5.0, wait_timeout=60.0)
    assert (proof.outcome, proof.reason) == (ProofOutcome.OVERTAKEN, f"another user or run has {word} it since")


def test_a_pause_between_the_snapshot_and_the_write_is_a_concurrent_change(fake: FakeCluster) -> None:
    """It never ran after our write, but it did before."""
    fake.connectors.put("orders", {**CONFIG, "topic": "former"})
    before = seen_at(fake)
    fake.connectors.put("orders", CONFIG, "PAUSED")
    fake.connectors.set_state("orders", "PAUSED")
    fake.connectors.settle()
    proof = await_one(fake, update(before)._replace(desired_state="running"), wait_timeout=60.0)
    assert (proof.outcome, proof.reason) == (ProofOutcome.OVERTAKEN, "another user or run has paused it since")


def test_a_pause_with_slow_tasks_is_not_a_concurrent_change(fake: FakeCluster) -> None:
    fake.connectors.put("orders", CONFIG)
    before = seen_at(fake)
    fake.connectors.set_state("orders", "PAUSED")
    fake.connectors.settle()
    paused = seen_at(fake)
    half_way = paused._replace(tasks=before.tasks)
    change = Change("orders", (Pause(),), before=before, after=CONFIG, desired_state="paused")
    tracked = TrackedChange(change, 0.0)
    tracked.observe(assess(change, half_way), half_way, 1.0)
    assert tracked.assessment.state is ProofState.PENDING


def test_failures_of_some_connectors_do_not_end_the_wait_for_others(fake: FakeCluster) -> None:
    fake.connectors.put("bad", {**CONFIG, "name": "bad"})
    fake.connectors.fail("bad", task=0)
    fake.connectors.put("orders", CONFIG, settled=False)
    proofs = await_all(fake, creation({**CONFIG, "name": "bad"}), creation(), stable_for=0.2)
    assert {name: proof.outcome for name, proof in proofs.items()} == {
        "bad": ProofOutcome.FAILED,
        "orders": ProofOutcome.PROVEN,
    }


def test_no_secret_of_a_stack_trace_is_in_the_timeline(fake: FakeCluster) -> None:
    fake.connectors.put("orders", CONFIG)
    fake.connectors.fail(
        "orders", task=0, trace="java.sql.SQLException: no access for pa55word-x\n\tat a.B.c(D.java:1)"
    )
    run = Run()
    await_one(fake, creation(), run=run, mask=lambda _change, text: text.replace("pa55word-x", "***"))
    assert any("no access for ***" in event.text for event in run.timeline)
    assert not any("pa55word" in event.text for event in run.timeline)


def test_progress_is_reported(fake: FakeCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wait, "PROGRESS_EVERY", 0.0)
    fake.connectors.put("well", {**CONFIG, "name": "well"})
    fake.connectors.put("orders", CONFIG, "PAUSED")
    run = Run()
    await_all(fake, creation({**CONFIG, "name": "well"}), creation(), run=run, wait_timeout=0.3)
    await_all(fake, creation({**CONFIG, "name": "well"}), run=run, stable_for=0.2)
    texts = [event.text for event in run.timeline]
    place = fake.connectors["orders"].status
    assert place is not None
    assert (
        f"1 of 2 in the desired state; orders: connector is PAUSED on {place.worker_id}, waiting for RUNNING" in texts
    )
    assert "1 of 1 in the desired state, checking that they stay so for 0.2 s" in texts


# Time limits


def test_a_timeout_reports_the_last_state_and_the_missing_condition(fake: FakeCluster) -> None:
    fake.connectors.put("orders", CONFIG, "PAUSED")
    proof = await_one(fake, creation(), wait_timeout=0.2)
    assert proof.outcome is ProofOutcome.TIMED_OUT
    assert proof.seen is not None
    assert proof.seen.state == "PAUSED"
    assert re.fullmatch(
        rf"wait_timeout of 0.2 s is used up: connector is PAUSED on {proof.seen.worker_id}, waiting for RUNNING "
        r"\(for \d+ s\)",
        proof.reason,
    )


def test_a_connector_that_is_failing_at_the_timeout_has_failed(fake: FakeCluster) -> None:
    fake.connectors.put("orders", CONFIG)
    fake.connectors.fail("orders", task=0)
    change = Change("orders", (Restart(),), before=seen_at(fake), after=CONFIG, desired_state="running")
    assert await_one(fake, change, wait_timeout=0.1).outcome is ProofOutcome.FAILED


def test_the_timeout_applies_to_the_whole_task_and_not_to_each_batch(fake: FakeCluster) -> None:
    fake.connectors.put("orders", CONFIG, "PAUSED")
    waiter = Waiter(cluster_at(fake.urls).api, Patience(0.3, 0.05), 4)
    waiter.wait([creation()])
    began = time.monotonic()
    proofs = waiter.wait([creation()])
    assert proofs["orders"].outcome is ProofOutcome.TIMED_OUT
    assert time.monotonic() - began < 0.3


def test_run_timeout_and_interrupts_end_the_wait(fake: FakeCluster) -> None:
    fake.connectors.put("orders", CONFIG, "PAUSED")
    run = Run()
    threading.Timer(0.1, run.cancelled.set).start()
    with pytest.raises(CancelledError):
        await_one(fake, creation(), run=run, wait_timeout=60.0)


def test_a_cluster_that_fails_briefly_is_read_again(fake: FakeCluster) -> None:
    fake.connectors.put("orders", CONFIG)
    fake.script(matching("GET", "/connectors"), [faults.busy(503, retry_after="0", times=5), faults.cut()])
    assert await_one(fake, creation()).outcome is ProofOutcome.PROVEN


def test_credentials_that_are_no_longer_accepted_end_the_wait(fake: FakeCluster) -> None:
    fake.connectors.put("orders", CONFIG)
    fake.script(matching("GET", "/connectors"), [faults.respond(401, b"no", times=99)])
    proof = await_one(fake, creation(), wait_timeout=60.0)
    assert proof.outcome is ProofOutcome.TIMED_OUT
    assert "HTTP 401" in proof.reason


# Departed workers


@pytest.fixture
def slow_to_notice() -> Iterator[FakeCluster]:
    """A cluster that shows the work of a dead worker as RUNNING until it is reassigned."""
    with FakeCluster(workers=3) as fake:
        fake.connectors.put("orders", CONFIG)
        worker = fake.workers[2].worker_id
        record = fake.connectors["orders"]
        tasks = {number: replace(task, worker_id=worker) for number, task in record.tasks.items()}
        fake.store.edit("orders", tasks=tasks)
        yield fake


def test_tasks_on_a_departed_worker_do_not_count(slow_to_notice: FakeCluster) -> None:
    fake = slow_to_notice
    fake.workers[2].kill()
    proof = await_one(fake, creation(), wait_timeout=0.5)
    assert proof.outcome is ProofOutcome.TIMED_OUT
    assert f"task 0 reads RUNNING on {fake.workers[2].worker_id}, which has left" in proof.reason


def test_moved_tasks_of_a_departed_worker_count(slow_to_notice: FakeCluster) -> None:
    fake = slow_to_notice
    fake.workers[2].kill()
    threading.Timer(0.2, lambda: fake.behavior.reassign(fake.workers[2].worker_id)).start()
    assert await_one(fake, creation()).outcome is ProofOutcome.PROVEN


def test_tasks_of_a_returned_worker_count(slow_to_notice: FakeCluster) -> None:
    fake = slow_to_notice
    fake.workers[2].kill()
    threading.Timer(0.2, fake.workers[2].start).start()
    assert await_one(fake, creation()).outcome is ProofOutcome.PROVEN


def test_a_silent_worker_is_named_but_not_treated_as_departed(slow_to_notice: FakeCluster) -> None:
    fake = slow_to_notice
    fake.workers[2].freeze()
    proof = await_one(fake, creation(), cluster=cluster_at(fake.urls, read_timeout=0.5))
    fake.workers[2].thaw()
    assert proof.outcome is ProofOutcome.PROVEN
    assert f"worker {fake.workers[2].worker_id} hangs (it accepts connections and does not answer)" in proof.warning


def test_unlisted_workers_are_not_queried(slow_to_notice: FakeCluster) -> None:
    fake = slow_to_notice
    fake.workers[2].kill()
    assert await_one(fake, creation(), cluster=cluster_at(fake.urls[:1])).outcome is ProofOutcome.PROVEN


def test_a_status_that_one_worker_never_reads_is_read_from_another(
    fake: FakeCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After its restart a worker may lack a status permanently, and omit the connector from the expanded list."""
    monkeypatch.setattr(wait, "SECOND_OPINION", 0.1)
    fake.connectors.put("orders", CONFIG)
    record = fake.connectors["orders"]
    forgetful = fake.workers[0].view
    monkeypatch.setattr(forgetful, "records", lambda: {"orders": replace(record, status=None, tasks={})})
    monkeypatch.setattr(forgetful, "version", lambda: -1)
    proof = await_one(fake, creation())
    assert proof.outcome is ProofOutcome.PROVEN
    assert {request.worker for request in looks(fake)} > {0}
