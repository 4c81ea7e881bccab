# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waits until changes are proven: one look for all of them at a time, within one budget for the whole task."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from ..errors import RequestError
from ..model import Connector, Snapshot, is_misread_by_followers
from ..parallel import in_parallel
from ..planning.change import Change
from ..planning.plan import Restart
from ..rest.api import Api
from ..rest.connection import worker_address
from ..run import counted
from ..secrets import mask_text
from ..triage import first_cause
from .proof import Assessment, ProofState, assess, runs_without_tasks, stale_task_keys
from .reachability import WorkerReachability, places_of
from .tracked_change import TrackedChange

FIRST_POLL = 0.2
LONGEST_POLL_PAUSE = 2.0
PROGRESS_EVERY = 5.0
OLD_FAILURE_STANDS = 20.0
"""Seconds after which a failure that looks like the former one is taken for a new one: the same fault again."""


NO_TASKS_STAND = 5.0

RESTART_SHOWS = 2.0
"""Seconds in which the workers read of a restart: what is RUNNING before that has been RUNNING since before it."""

SECOND_OPINION = 5.0
"""Seconds after which a missing status is looked for on another worker: a restarted one may never get to know of it."""

NO_TASKS_FOR_THIS_NAME = (
    "it runs without any task: its worker is not the leader, which it cannot hand the tasks of a connector with this name "
    "(workers misread / ; { } and what looks like %20): choose another name"
)

NOT_STARTED = (
    "its config is stored, but no worker has started it yet: where a worker was lost, the others wait for "
    "scheduled.rebalance.max.delay.ms, 5 minutes by default, before they share out what is to be done"
)

ONE_ANSWER = 10.0
"""Seconds that a question about one connector may take before the next look at all of them."""


class ProofOutcome(Enum):
    PROVEN = "proven"
    FAILED = "failed"
    OVERTAKEN = "overtaken"
    TIMED_OUT = "timed out"


@dataclass(frozen=True)
class Proof:
    """What became of one change: how it ended, what was seen last, and in words what was missing. `kind` is that of the
    error where the cluster could not be looked at any more.
    """

    outcome: ProofOutcome
    seen: Connector | None = None
    reason: str = ""
    warning: str = ""
    kind: str = ""


@dataclass
class Patience:
    """The wait budget of a task: seconds in all, and seconds for which good states must last."""

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
        self._presence = WorkerReachability(api, max_parallel)

    def wait(self, changes: Sequence[Change]) -> dict[str, Proof]:
        """The proof of each change by name. Ends as soon as each is proven or has failed, or the budget is used up."""
        self.api.run.busy_with(f"waiting for {counted(len(changes), 'connector')} to be in the desired state")
        began = time.monotonic()
        watches = {change.name: TrackedChange(change, began) for change in changes}
        proofs: dict[str, Proof] = {}
        left = self.patience.wait_timeout - self.patience.spent
        pause = FIRST_POLL

        def remaining() -> float:
            return min(left - (time.monotonic() - began), self.api.run.remaining())

        try:
            while watches:
                self.api.run.check("waiting")
                try:
                    self._look(watches, proofs, remaining)
                except RequestError as error:
                    if remaining() <= 0:
                        self._give_up(watches, proofs, error.message)
                        break
                    if self.api.run.conflict_remaining() <= 0 or not self._passes(error):
                        self._give_up(watches, proofs, error.message, error.kind)
                        break
                if not watches:
                    break
                if remaining() <= 0:
                    self._give_up(watches, proofs, "")
                    break
                self._progress(len(changes), watches.values())
                self.api.run.pause(min(pause, max(remaining(), 0.05), self._until_stable(watches.values())))
                pause = min(LONGEST_POLL_PAUSE, pause * 1.5)
        finally:
            self.patience.spent += time.monotonic() - began
        return proofs

    def _look(
        self, watches: dict[str, TrackedChange], proofs: dict[str, Proof], remaining: Callable[[], float]
    ) -> None:
        snapshot = self.api.expanded(until=remaining)
        now = time.monotonic()
        self._presence.look_again()
        for watch in watches.values():
            seen = snapshot.connectors.get(watch.change.name)
            watch.observe(assess(watch.change, seen, self._presence.gone), seen, now)
        self._check_task_configs(watches.values(), remaining)
        self._check_missing(watches.values(), remaining)
        if any(
            watch.finding.sight is ProofState.NO_STATUS and watch.lasted(now) >= SECOND_OPINION
            for watch in watches.values()
        ):
            self.api.workers.rotate()
        ready = [watch for watch in watches.values() if self._is_stable(watch, now)]
        if ready:
            self._check_workers(ready, snapshot)
        for name, watch in list(watches.items()):
            proof = self._decide(watch, now)
            if proof is not None:
                proofs[name] = proof
                del watches[name]
                if proof.outcome is not ProofOutcome.PROVEN:
                    cause = self.mask(watch.change, _cause(proof.seen))
                    self.api.run.event(
                        f"failed: {name}: {proof.reason}" + (f": {cause}" if cause else ""), important=True
                    )

    def _check_task_configs(self, watches: Iterable[TrackedChange], remaining: Callable[[], float]) -> None:
        """Asks for the tasks' configs of those updates that look good, until they are seen to be made from our
        config.
        """
        candidates = [
            watch
            for watch in watches
            if watch.finding.sight is ProofState.GOOD
            and watch.change.writes_config
            and watch.change.before
            and not watch.tasks_regenerated
            # A connector at rest makes its tasks' configs when it is resumed, not before.
            and watch.seen is not None
            and watch.seen.state == "RUNNING"
        ]

        until = _one_answer(remaining)

        def stale(watch: TrackedChange) -> tuple[str, ...]:
            configs = self.api.task_configs(watch.change.name, until=until)
            plugin_class = (watch.change.after or {}).get("connector.class", "")
            return stale_task_keys(watch.change, configs, self.defaults(plugin_class))

        for watch, keys in in_parallel(self.api.run, stale, candidates, self.max_parallel):
            if isinstance(keys, Exception):
                reason = f"the configs of its tasks can't be read: {keys}"
            elif keys:
                reason = f"its tasks still have the former value of {', '.join(keys[:3])}"
            else:
                watch.tasks_regenerated = True
                watch.since = time.monotonic()
                continue
            watch.doubt(Assessment(ProofState.PENDING, reason), time.monotonic())

    def _check_missing(self, watches: Iterable[TrackedChange], remaining: Callable[[], float]) -> None:
        """Asks for those that have long been missing from the list through the herder, which knows of every deletion."""
        now = time.monotonic()
        candidates = [
            watch
            for watch in watches
            if watch.finding.sight is ProofState.NO_STATUS
            and watch.seen is None
            and watch.lasted(now) >= SECOND_OPINION
        ]

        until = _one_answer(remaining)

        def is_there(watch: TrackedChange) -> bool:
            return self.api.stored_config(watch.change.name, until=until) is not None

        for watch, there in in_parallel(self.api.run, is_there, candidates, self.max_parallel):
            watch.deleted = there is False
            watch.observe(Assessment(ProofState.NO_STATUS, NOT_STARTED) if there is True else watch.finding, None, now)

    def _is_stable(self, watch: TrackedChange, now: float) -> bool:
        if watch.finding.sight is not ProofState.GOOD:
            return False
        if watch.change.deletes:
            return True
        needed = self._needed(watch)
        return watch.looks >= (2 if needed > 0 else 1) and watch.lasted(now) >= needed

    def _needed(self, watch: TrackedChange) -> float:
        """Seconds for which good states must last. Without tasks it also takes the time in which tasks would be
        made, after a restart that in which it would begin.
        """
        without_tasks = watch.seen is not None and runs_without_tasks(watch.seen)
        restarts = any(isinstance(step, Restart) for step in watch.change.steps)
        return max(
            self.patience.stable_for,
            NO_TASKS_STAND if without_tasks else 0.0,
            RESTART_SHOWS if restarts else 0.0,
        )

    def _check_workers(self, ready: list[TrackedChange], snapshot: Snapshot) -> None:
        """What runs on a worker that is proven gone does not run; a worker that can't be reached from here is only
        named.
        """
        used = {place for watch in ready if watch.seen for place in places_of(watch.seen)}
        silent = self._presence.ask(used - {worker_address(snapshot.worker)})
        for watch in ready:
            if watch.seen is None:
                continue
            finding = assess(watch.change, watch.seen, self._presence.gone)
            if finding.sight is not ProofState.GOOD:
                watch.observe(finding, watch.seen, time.monotonic())
            unreachable = sorted(silent & places_of(watch.seen))
            if unreachable:
                watch.warning = (
                    f"worker {', '.join(unreachable)} can't be reached from here: "
                    "whether it still runs its part is unknown"
                )

    def _decide(self, watch: TrackedChange, now: float) -> Proof | None:
        sight = watch.finding.sight
        if sight is ProofState.GOOD and self._is_stable(watch, now):
            warning = watch.warning
            if watch.seen is not None and not watch.change.deletes and runs_without_tasks(watch.seen):
                if is_misread_by_followers(watch.change.name):
                    return Proof(ProofOutcome.FAILED, watch.seen, NO_TASKS_FOR_THIS_NAME)
                warning = warning or (
                    "it runs without any task: either it has nothing to do, or its worker cannot reach the leader "
                    "(compare the workers' advertised URLs)"
                )
            return Proof(ProofOutcome.PROVEN, watch.seen, warning=warning)
        # One look may fall into a rebalance that revives the task at once; two in a row do not.
        if (
            sight in (ProofState.FAILED, ProofState.OVERTAKEN)
            and watch.looks >= 2
            and watch.lasted(now) >= min(1.0, self.patience.stable_for)
        ):
            outcome = ProofOutcome.FAILED if sight is ProofState.FAILED else ProofOutcome.OVERTAKEN
            return Proof(outcome, watch.seen, watch.finding.reason)
        if sight is ProofState.OLD_FAILURE and watch.lasted(now) >= max(OLD_FAILURE_STANDS, self.patience.stable_for):
            return Proof(
                ProofOutcome.FAILED, watch.seen, f"{watch.finding.reason}, still after {watch.lasted(now):.0f} s"
            )
        return None

    def _passes(self, error: RequestError) -> bool:
        """Whether another look may succeed. A web page in the place of a worker that has answered comes from a proxy."""
        if error.kind == "not_a_connect_worker":
            return self.api.workers.has_answered(error.worker)
        return error.kind not in ("authentication_failed", "not_permitted", "tls_failed")

    def _give_up(self, watches: dict[str, TrackedChange], proofs: dict[str, Proof], why: str, kind: str = "") -> None:
        for name, watch in watches.items():
            lasted = f"{watch.lasted(time.monotonic()):.0f} s"
            reason = watch.finding.reason
            missing = f"{reason} (for {lasted})" if reason else f"states have been good for only {lasted}"
            reason = (
                f"wait_timeout of {self.patience.wait_timeout:g} s is used up: {missing}"
                if not why
                else f"{missing}; {why}"
            )
            failed = watch.finding.sight in (ProofState.FAILED, ProofState.OLD_FAILURE)
            proofs[name] = Proof(
                ProofOutcome.FAILED if failed else ProofOutcome.TIMED_OUT, watch.seen, reason, watch.warning, kind
            )
        watches.clear()

    def _until_stable(self, watches: Iterable[TrackedChange]) -> float:
        """Seconds until the first of those that are good now will have been good for long enough."""
        now = time.monotonic()
        left = [
            self._needed(watch) - watch.lasted(now)
            for watch in watches
            if watch.finding.sight is ProofState.GOOD and watch.looks > 1
        ]
        return max(min(left, default=LONGEST_POLL_PAUSE), 0.05)

    def _progress(self, total: int, watches: Iterable[TrackedChange]) -> None:
        now = time.monotonic()
        if now - self._progress_at < PROGRESS_EVERY:
            return
        self._progress_at = now
        pending = [watch for watch in watches if watch.finding.sight is not ProofState.GOOD]
        good = total - len(pending)
        if pending:
            first = pending[0]
            self.api.run.event(f"{good} of {total} as wanted; {first.change.name}: {first.finding.reason}")
        else:
            self.api.run.event(
                f"{good} of {total} as wanted, watching that they stay so for {self.patience.stable_for:g} s"
            )


def _one_answer(remaining: Callable[[], float]) -> Callable[[], float]:
    """The seconds that are left, from now on, for questions about one connector each."""
    asked = time.monotonic()
    return lambda: min(remaining(), asked + ONE_ANSWER - time.monotonic())


def _cause(seen: Connector | None) -> str:
    traces = [seen.trace, *(task.trace for task in seen.failed_tasks)] if seen is not None else []
    return next((first_cause(trace) for trace in traces if trace), "")
