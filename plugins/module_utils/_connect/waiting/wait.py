# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waits until changes are proven: one snapshot per poll for all of them, within one time limit for the whole task."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from ..errors import RequestError
from ..model import Connector, Snapshot, is_misread_by_followers
from ..parallel import in_parallel
from ..planning.change import Change
from ..planning.steps import Restart
from ..rest.api import Api
from ..rest.connection import worker_address
from ..run import counted
from ..secrets import mask_text
from ..triage.first_cause import first_cause
from .proof import Assessment, ProofState, assess, runs_without_tasks, stale_task_keys
from .reachability import WorkerReachability, places_of
from .tracked_change import TrackedChange

FIRST_POLL = 0.2
LONGEST_POLL_PAUSE = 2.0
PROGRESS_EVERY = 5.0
OLD_FAILURE_STANDS = 20.0
"""Seconds after which a failure that equals the previous one counts as a new one: the same error again."""


NO_TASKS_STAND = 5.0

RESTART_SHOWS = 2.0
"""Seconds for workers to read a restart request: a RUNNING status in that time is from before the restart."""

SECOND_OPINION = 5.0
"""Seconds after which the run queries another worker for a missing status: a restarted worker may never receive it."""

NO_TASKS_FOR_THIS_NAME = (
    "it runs without any task: its worker is not the leader, and cannot forward the tasks of a connector with this name to "
    "the leader (workers misread / ; { } and sequences like %20): choose another name"
)

NOT_STARTED = (
    "its config is stored, but no worker has started it yet: after the loss of a worker, Connect assigns work only "
    "after scheduled.rebalance.max.delay.ms (5 minutes by default)"
)

ONE_ANSWER = 10.0
"""Seconds that a request about one connector may take before the next snapshot of all."""


class ProofOutcome(Enum):
    PROVEN = "proven"
    FAILED = "failed"
    OVERTAKEN = "overtaken"
    TIMED_OUT = "timed out"


@dataclass(frozen=True)
class Proof:
    """The end of one change: its outcome, the last snapshot of it, and the reason in words. `kind`: that of the error, where
    the cluster could no longer be read.
    """

    outcome: ProofOutcome
    seen: Connector | None = None
    reason: str = ""
    warning: str = ""
    kind: str = ""


@dataclass
class Patience:
    """The time limit of a task: seconds in total, and seconds for which good states must last."""

    wait_timeout: float = 300.0
    stable_for: float = 10.0
    spent: float = 0.0


class Waiter:
    """Waits for batches of changes one after another; `patience` is shared by all of them."""

    def __init__(
        self,
        api: Api,
        patience: Patience,
        max_parallel: int,
        defaults: Callable[[str], Mapping[str, str | None]] = lambda _plugin_class: {},
        mask: Callable[[Change, str], str] = lambda _change, text: mask_text(text),
    ) -> None:
        self.api = api
        self.patience = patience
        self.max_parallel = max_parallel
        self.defaults = defaults
        self.mask = mask
        self._progress_at = time.monotonic()
        self._reachability = WorkerReachability(api, max_parallel)

    def wait(self, changes: Sequence[Change]) -> dict[str, Proof]:
        """Return the proof of each change by name. Ends as soon as each is proven or has failed, or the time is used
        up.
        """
        self.api.run.busy_with(f"waiting for {counted(len(changes), 'connector')} to be in the desired state")
        began = time.monotonic()
        tracked_changes = {change.name: TrackedChange(change, began) for change in changes}
        proofs: dict[str, Proof] = {}
        left = self.patience.wait_timeout - self.patience.spent
        pause = FIRST_POLL

        def remaining() -> float:
            return min(left - (time.monotonic() - began), self.api.run.remaining())

        try:
            while tracked_changes:
                self.api.run.check("waiting")
                try:
                    self._poll(tracked_changes, proofs, remaining)
                except RequestError as error:
                    if remaining() <= 0:
                        self._give_up(tracked_changes, proofs, error.message)
                        break
                    if self.api.run.conflict_remaining() <= 0 or not self._passes(error):
                        self._give_up(tracked_changes, proofs, error.message, error.kind)
                        break
                if not tracked_changes:
                    break
                if remaining() <= 0:
                    self._give_up(tracked_changes, proofs, "")
                    break
                self._progress(len(changes), tracked_changes.values())
                self.api.run.pause(min(pause, max(remaining(), 0.05), self._until_stable(tracked_changes.values())))
                pause = min(LONGEST_POLL_PAUSE, pause * 1.5)
        finally:
            self.patience.spent += time.monotonic() - began
        return proofs

    def _poll(
        self, tracked_changes: dict[str, TrackedChange], proofs: dict[str, Proof], remaining: Callable[[], float]
    ) -> None:
        snapshot = self.api.expanded(until=remaining)
        now = time.monotonic()
        self._reachability.refresh()
        for tracked in tracked_changes.values():
            seen = snapshot.connectors.get(tracked.change.name)
            tracked.observe(assess(tracked.change, seen, self._reachability.departed), seen, now)
        self._check_task_configs(tracked_changes.values(), remaining)
        self._check_missing(tracked_changes.values(), remaining)
        if any(
            tracked.assessment.state is ProofState.NO_STATUS and tracked.lasted(now) >= SECOND_OPINION
            for tracked in tracked_changes.values()
        ):
            self.api.workers.rotate()
        ready = [tracked for tracked in tracked_changes.values() if self._is_stable(tracked, now)]
        if ready:
            self._check_workers(ready, snapshot)
        for name, tracked in list(tracked_changes.items()):
            proof = self._decide(tracked, now)
            if proof is not None:
                proofs[name] = proof
                del tracked_changes[name]
                if proof.outcome is not ProofOutcome.PROVEN:
                    cause = self.mask(tracked.change, _cause(proof.seen))
                    self.api.run.event(
                        f"failed: {name}: {proof.reason}" + (f": {cause}" if cause else ""), important=True
                    )

    def _check_task_configs(self, tracked_changes: Iterable[TrackedChange], remaining: Callable[[], float]) -> None:
        """Reads the task configs of updates that look good, until they contain our config."""
        candidates = [
            tracked
            for tracked in tracked_changes
            if tracked.assessment.state is ProofState.GOOD
            and tracked.change.writes_config
            and tracked.change.before
            and not tracked.tasks_regenerated
            # A paused or stopped connector generates task configs only when it is resumed.
            and tracked.seen is not None
            and tracked.seen.state == "RUNNING"
        ]

        until = _one_answer(remaining)

        def stale(tracked: TrackedChange) -> tuple[str, ...]:
            configs = self.api.task_configs(tracked.change.name, until=until)
            plugin_class = (tracked.change.after or {}).get("connector.class", "")
            return stale_task_keys(tracked.change, configs, self.defaults(plugin_class))

        for tracked, keys in in_parallel(self.api.run, stale, candidates, self.max_parallel):
            if isinstance(keys, Exception):
                reason = f"the configs of its tasks can't be read: {keys}"
            elif keys:
                reason = f"its tasks still have the previous value of {', '.join(keys[:3])}"
            else:
                tracked.tasks_regenerated = True
                tracked.since = time.monotonic()
                continue
            tracked.doubt(Assessment(ProofState.PENDING, reason), time.monotonic())

    def _check_missing(self, tracked_changes: Iterable[TrackedChange], remaining: Callable[[], float]) -> None:
        """Queries the herder, which knows every deletion, for connectors that have long been missing from the list."""
        now = time.monotonic()
        candidates = [
            tracked
            for tracked in tracked_changes
            if tracked.assessment.state is ProofState.NO_STATUS
            and tracked.seen is None
            and tracked.lasted(now) >= SECOND_OPINION
        ]

        until = _one_answer(remaining)

        def is_there(tracked: TrackedChange) -> bool:
            return self.api.stored_config(tracked.change.name, until=until) is not None

        for tracked, there in in_parallel(self.api.run, is_there, candidates, self.max_parallel):
            tracked.deleted = there is False
            tracked.observe(
                Assessment(ProofState.NO_STATUS, NOT_STARTED) if there is True else tracked.assessment, None, now
            )

    def _is_stable(self, tracked: TrackedChange, now: float) -> bool:
        if tracked.assessment.state is not ProofState.GOOD:
            return False
        if tracked.change.deletes:
            return True
        needed = self._needed(tracked)
        return tracked.polls >= (2 if needed > 0 else 1) and tracked.lasted(now) >= needed

    def _needed(self, tracked: TrackedChange) -> float:
        """Seconds for which good states must last: without tasks at least as long as it takes to create them, after a
        restart at least as long as it takes to begin.
        """
        without_tasks = tracked.seen is not None and runs_without_tasks(tracked.seen)
        restarts = any(isinstance(step, Restart) for step in tracked.change.steps)
        return max(
            self.patience.stable_for,
            NO_TASKS_STAND if without_tasks else 0.0,
            RESTART_SHOWS if restarts else 0.0,
        )

    def _check_workers(self, ready: list[TrackedChange], snapshot: Snapshot) -> None:
        """Work on a provably departed worker does not run; a worker that is unreachable from here only causes a warning."""
        used = {place for tracked in ready if tracked.seen for place in places_of(tracked.seen)}
        silent = self._reachability.probe(used - {worker_address(snapshot.worker)})
        for tracked in ready:
            if tracked.seen is None:
                continue
            assessment = assess(tracked.change, tracked.seen, self._reachability.departed)
            if assessment.state is not ProofState.GOOD:
                tracked.observe(assessment, tracked.seen, time.monotonic())
            unreachable = sorted(silent & places_of(tracked.seen))
            if unreachable:
                hung = self._reachability.hung.intersection(unreachable)
                why = "hangs (it accepts connections and does not answer)" if hung else "can't be reached from here"
                named = ", ".join(sorted(hung) or unreachable)
                tracked.warning = f"worker {named} {why}: whether it still runs its share is unknown"

    def _decide(self, tracked: TrackedChange, now: float) -> Proof | None:
        state = tracked.assessment.state
        if state is ProofState.GOOD and self._is_stable(tracked, now):
            warning = tracked.warning
            if tracked.seen is not None and not tracked.change.deletes and runs_without_tasks(tracked.seen):
                if is_misread_by_followers(tracked.change.name):
                    return Proof(ProofOutcome.FAILED, tracked.seen, NO_TASKS_FOR_THIS_NAME)
                warning = warning or (
                    "it runs without any task: it has nothing to do, or its worker cannot reach the leader "
                    "(compare the workers' advertised URLs)"
                )
            return Proof(ProofOutcome.PROVEN, tracked.seen, warning=warning)
        # One snapshot may fall into a rebalance that revives the task at once; two in a row do not.
        if (
            state in (ProofState.FAILED, ProofState.OVERTAKEN)
            and tracked.polls >= 2
            and tracked.lasted(now) >= min(1.0, self.patience.stable_for)
        ):
            outcome = ProofOutcome.FAILED if state is ProofState.FAILED else ProofOutcome.OVERTAKEN
            return Proof(outcome, tracked.seen, tracked.assessment.reason)
        if state is ProofState.OLD_FAILURE and tracked.lasted(now) >= max(OLD_FAILURE_STANDS, self.patience.stable_for):
            return Proof(
                ProofOutcome.FAILED,
                tracked.seen,
                f"{tracked.assessment.reason}, still after {tracked.lasted(now):.0f} s",
            )
        return None

    def _passes(self, error: RequestError) -> bool:
        """Whether another poll may succeed. A web page from a worker that has answered before comes from a proxy."""
        if error.kind == "not_a_connect_worker":
            return self.api.workers.has_answered(error.worker)
        return error.kind not in ("authentication_failed", "not_permitted", "tls_failed")

    def _give_up(
        self, tracked_changes: dict[str, TrackedChange], proofs: dict[str, Proof], why: str, kind: str = ""
    ) -> None:
        for name, tracked in tracked_changes.items():
            lasted = f"{tracked.lasted(time.monotonic()):.0f} s"
            reason = tracked.assessment.reason
            missing = f"{reason} (for {lasted})" if reason else f"connector and tasks were stable for only {lasted}"
            reason = (
                f"wait_timeout of {self.patience.wait_timeout:g} s is used up: {missing}"
                if not why
                else f"{missing}; {why}"
            )
            failed = tracked.assessment.state in (ProofState.FAILED, ProofState.OLD_FAILURE)
            proofs[name] = Proof(
                ProofOutcome.FAILED if failed else ProofOutcome.TIMED_OUT, tracked.seen, reason, tracked.warning, kind
            )
        tracked_changes.clear()

    def _until_stable(self, tracked_changes: Iterable[TrackedChange]) -> float:
        """Seconds until the first good change will have been good for long enough."""
        now = time.monotonic()
        left = [
            self._needed(tracked) - tracked.lasted(now)
            for tracked in tracked_changes
            if tracked.assessment.state is ProofState.GOOD and tracked.polls > 1
        ]
        return max(min(left, default=LONGEST_POLL_PAUSE), 0.05)

    def _progress(self, total: int, tracked_changes: Iterable[TrackedChange]) -> None:
        now = time.monotonic()
        if now - self._progress_at < PROGRESS_EVERY:
            return
        self._progress_at = now
        pending = [tracked for tracked in tracked_changes if tracked.assessment.state is not ProofState.GOOD]
        good = total - len(pending)
        if pending:
            first = pending[0]
            self.api.run.event(
                f"{good} of {total} in the desired state; {first.change.name}: {first.assessment.reason}"
            )
        else:
            self.api.run.event(
                f"{good} of {total} in the desired state, checking that they stay so for {self.patience.stable_for:g} s"
            )


def _one_answer(remaining: Callable[[], float]) -> Callable[[], float]:
    """The seconds left for requests about single connectors, counted from now."""
    asked = time.monotonic()
    return lambda: min(remaining(), asked + ONE_ANSWER - time.monotonic())


def _cause(seen: Connector | None) -> str:
    traces = [seen.trace, *(task.trace for task in seen.failed_tasks)] if seen is not None else []
    return next((first_cause(trace) for trace in traces if trace), "")
