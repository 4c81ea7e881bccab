# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Applies a plan: batches, bounded parallel writes, proof, rollback; deletes last."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ..backup import back_up
from ..errors import ConnectError, Outcome, RequestError
from ..model import Connector
from ..parallel import in_parallel
from ..planning.change import Change
from ..planning.drift import DriftError, PlanAgain, check_drift, check_for_late_drift
from ..planning.run_options import ApplyOptions
from ..planning.steps import Step
from ..report_file import ReportFile
from ..reporting.details import masked
from ..reporting.report import ConnectorResult
from ..run import counted
from ..snapshot.cluster import Cluster
from ..waiting.wait import Proof, ProofOutcome, Waiter
from .batch_sizes import split_batches
from .rollback import roll_back
from .write import Mask, Uncertain, write_change

AGREE = "coordinate with the other user or run that changes it, then run again"
STILL_WAITED_FOR = (
    "raise wait_timeout if it only takes longer; after the loss or restart of a worker its work stays unassigned for "
    "scheduled.rebalance.max.delay.ms (5 minutes by default), and cluster_info shows which worker runs what; a connector that "
    "a partitioned worker has reported as UNASSIGNED stays so until you restart it (connector_state with include_tasks: false)"
)


@dataclass
class Applying:
    """The application of one plan; `results` has the outcome of each change so far, by name."""

    cluster: Cluster
    options: ApplyOptions
    waiter: Waiter
    journal: ReportFile
    plan_again: PlanAgain
    results: dict[str, ConnectorResult] = field(default_factory=dict)
    _begun: set[str] = field(default_factory=set)
    _done: dict[str, list[Step]] = field(default_factory=dict)

    def run(self, changes: Sequence[Change]) -> dict[str, ConnectorResult]:
        """The results of all changes, in their order. Never raises for a single connector; an interrupt passes through."""
        for change in changes:
            self.results.setdefault(
                change.name, ConnectorResult(change, Outcome.NOT_DONE if change.steps else Outcome.DONE)
            )
        pending = [change for change in changes if not self.results[change.name].failed]
        try:
            self._apply(pending)
            self._final_check(pending)
        except BaseException:
            self._record_unfinished(pending)
            raise
        return {change.name: self.results[change.name] for change in changes}

    def _apply(self, changes: Sequence[Change]) -> None:
        work = [change for change in changes if change.steps and not change.deletes]
        settling = [change for change in changes if change.settling]
        batches = split_batches(work, self.options.batches) or ([[]] if settling else [])
        for number, batch in enumerate(batches, 1):
            if self._stopped():
                self._leave(batch)
                continue
            if len(batches) > 1:
                self.cluster.run.event(f"batch {number} of {len(batches)}: {len(batch)} connectors")
            self._batch(batch, settling if number == 1 else [])
        deletes = [change for change in changes if change.deletes]
        found = None
        if any(change.purged for change in deletes):
            # Nothing is purged while another connector is not in its desired state. One snapshot decides both: between two, a change would go unnoticed.
            found = self._final_check([change for change in changes if not change.deletes], deletes)
        kept = [change for change in deletes if self._stopped() or (change.purged and self._any_failed())]
        self._leave(kept)
        self._batch([change for change in deletes if change not in kept], [], found)

    def _batch(
        self, planned: Sequence[Change], settling: Sequence[Change], found: Mapping[str, Connector] | None = None
    ) -> None:
        """Writes and proves. `found`: all connectors from a snapshot right before; without it, one is read."""
        required = self._recheck(planned, found)
        batch = [change for change in required if change.steps]
        waiting = [*self._write(batch), *settling, *(change for change in required if not change.steps)]
        if waiting and self.options.wait:
            proofs = self.waiter.wait(waiting)
            for change in waiting:
                self._settle(change, proofs[change.name])
        else:
            for change in waiting:
                self.results[change.name] = self.results[change.name]._replace(outcome=Outcome.DONE)
        self._roll_back(batch)

    def _recheck(self, planned: Sequence[Change], found: Mapping[str, Connector] | None) -> list[Change]:
        """The changes of a batch that are still required, as the current state requires them (`on_drift`)."""
        if not planned:
            return []
        try:
            if found is None:
                found = self.cluster.reread(
                    [change.name for change in planned if change.before is not None],
                    [change.name for change in planned if change.before is None],
                )
        except RequestError as error:
            for change in planned:
                self._finish(self.results[change.name].with_error(error), "not_begun", message=error.message)
            return []
        return [change for change in (self._as_of_now(change, found.get(change.name)) for change in planned) if change]

    def _as_of_now(self, change: Change, now: Connector | None) -> Change | None:
        result = self.results[change.name]
        try:
            again, text = check_drift(change, now, self.plan_again)
            if text and self.options.on_drift == "fail":
                raise DriftError(
                    f'connector "{change.name}": another user or run {text} since the snapshot: nothing was written',
                    "run again to plan from the current state",
                )
        except ConnectError as error:
            self._finish(result.with_error(error), "not_begun", message=self._mask(change)(error.message))
            return None
        if text:
            self.results[change.name] = result._replace(
                change=again, drift=f"another user or run {text}; planned again"
            )
            self.journal.record("replanned", change.name, actions=list(again.actions), message=text)
        if again.steps or again.settling:
            return again
        self._finish(self.results[change.name]._replace(outcome=Outcome.DONE, seen=now), "proven")
        return None

    def _final_check(self, changes: Sequence[Change], others: Sequence[Change] = ()) -> Mapping[str, Connector] | None:
        """Fails connectors that another user or run has changed since they were proven, or were found unchanged.

        Returns all connectors of that last snapshot, existing `others` included; None if there was no snapshot.
        """
        if not self.options.wait or not any(change.steps or change.settling for change in changes):
            return None
        done = [result for change in changes if not (result := self.results[change.name]).failed]
        expected = {
            result.change.name: None if result.change.deletes else result.seen or result.change.before
            for result in done
        }
        known = [change.name for change in others if change.before is not None]
        last = check_for_late_drift(self.cluster, expected, known)
        for name, text in last.overtaken.items():
            message = (
                f'connector "{name}": it was in the desired state, but another user or run {text} before this run ended'
            )
            result = self.results[name]._replace(error=message, error_kind="drift", advice=AGREE)
            self._finish(result, "failed", message=message)
        return last.found

    def _write(self, batch: Sequence[Change]) -> list[Change]:
        """Writes a batch, at most max_parallel at a time; returns the changes that were written.

        Raises CancelledError if the run has ended meanwhile, after recording what was written.
        """
        written: list[Change] = []
        backups: dict[str, str] = {}
        left: list[Change] = []
        failed = threading.Event()
        self._done.update({change.name: [] for change in batch})

        def write(change: Change) -> tuple[Uncertain, ...] | None:
            if self._stopped() or (failed.is_set() and not self.options.continue_on_error):
                return None
            try:
                backups[change.name] = self._back_up(change)
                self._begun.add(change.name)
                self.journal.record("begun", change.name, actions=list(change.actions))
                return write_change(self.cluster.api, change, self._done[change.name], self._mask(change))
            except BaseException:
                # Set here: until the loop below reaches this failure, other writes would begin.
                failed.set()
                raise

        writes = in_parallel(self.cluster.run, write, batch, self.options.max_parallel)
        for number, (change, answer) in enumerate(writes, 1):
            self.cluster.run.busy_with(f"wrote {number} of {counted(len(batch), 'connector')}")
            result = self.results[change.name]._replace(backup_file=backups.get(change.name, ""))
            if answer is None:
                left.append(change)
            elif isinstance(answer, Exception):
                unknown = answer.outcome is Outcome.UNKNOWN
                result = result.with_error(answer)._replace(changed=bool(self._done[change.name]) or unknown)
                event = "unknown" if unknown else "failed" if change.name in self._begun else "not_begun"
                self._finish(result, event, message=self._mask(change)(_reason(answer)))
            else:
                warning = self._mask(change)(_uncertain_warning(answer)) if answer else ""
                self.results[change.name] = result._replace(changed=True, warning=warning)
                self.journal.record("written", change.name)
                written.append(change)
        self._leave(left)
        if any(self.results[change.name].failed for change in batch):
            # If the time is up, that is the error to report.
            self.cluster.run.check("writing")
        return written

    def _mask(self, change: Change) -> Mask:
        """Removes the secrets of this change's configs from a worker's text."""
        return lambda text: masked(self.results[change.name], text)

    def _back_up(self, change: Change) -> str:
        if not self.options.backup_dir or change.before is None or change.before.config is None:
            return ""
        return back_up(self.options.backup_dir, change.before) if change.writes_config or change.deletes else ""

    def _settle(self, change: Change, proof: Proof) -> None:
        result = self.results[change.name]._replace(seen=proof.seen)
        warning = proof.warning or result.warning
        if proof.outcome is ProofOutcome.PROVEN:
            self._finish(result._replace(outcome=Outcome.DONE, warning=warning), "proven")
            return
        overtaken = proof.outcome is ProofOutcome.OVERTAKEN
        kind = "drift" if overtaken else "connector_failed" if proof.outcome is ProofOutcome.FAILED else "wait_timeout"
        if proof.kind and proof.outcome is ProofOutcome.TIMED_OUT:
            kind = proof.kind  # The wait ended early: the cluster could no longer be read.
        message = f'connector "{change.name}": {proof.reason}'
        self._finish(
            # The write itself was applied; only its effect failed.
            result._replace(
                error=message,
                error_kind=kind,
                advice=STILL_WAITED_FOR if kind == "wait_timeout" else result.advice,
                outcome=Outcome.DONE,
                warning=warning,
            ),
            "failed",
            message=self._mask(change)(proof.reason),
        )

    def _roll_back(self, batch: Iterable[Change]) -> None:
        if self.options.on_failure != "rollback":
            return
        for change in batch:
            result = self.results[change.name]
            # If the outcome of the next step is unknown, it may have been applied, too.
            attempted = len(self._done[change.name]) + (result.outcome is Outcome.UNKNOWN)
            if not result.failed or not attempted:
                continue
            self.cluster.run.check("rolling back")
            text, seen = roll_back(self.cluster, change, change.steps[:attempted], self._mask(change))
            if text:
                self.cluster.run.event(f"{change.name}: {text}")
                self.journal.record("rolled_back", change.name, message=text)
                self.results[change.name] = result._replace(
                    rollback=text, seen=seen or result.seen, failed_as=result.seen
                )

    def _any_failed(self) -> bool:
        return any(result.failed for result in self.results.values())

    def _stopped(self) -> bool:
        return self._any_failed() and not self.options.continue_on_error

    def _leave(self, changes: Iterable[Change]) -> None:
        failed = next(
            (name for name, result in self.results.items() if result.failed and result.error_kind != "not_begun"), ""
        )
        for change in changes:
            why = f'not begun: "{failed}" failed first' if failed else "not begun"
            self.results[change.name] = self.results[change.name]._replace(
                error=f'connector "{change.name}": {why}',
                error_kind="not_begun",
                outcome=Outcome.NOT_DONE,
            )
            self.journal.record("not_begun", change.name)

    def _finish(self, result: ConnectorResult, event: str, **facts: str) -> None:
        self.results[result.change.name] = result
        self.journal.record(event, result.change.name, **facts)
        if event == "unknown":
            text = self._mask(result.change)(result.error)
            self.cluster.run.event(f"{result.change.name}: outcome unknown: {text}")

    def _record_unfinished(self, changes: Iterable[Change]) -> None:
        """After an interrupt: begun changes have an unknown outcome, the others were not begun."""
        for change in changes:
            result = self.results[change.name]
            if change.steps and not result.failed and result.outcome is not Outcome.DONE:
                event = (
                    "interrupted_after_write"
                    if result.changed
                    else "unknown"
                    if change.name in self._begun
                    else "not_begun"
                )
                self.journal.record(event, change.name)


def _uncertain_warning(uncertain: tuple[Uncertain, ...]) -> str:
    return "; ".join(
        f"whether the {entry.step.action} was applied is unknown ({entry.error.reason}); it was not sent again"
        for entry in uncertain
    )


def _reason(error: ConnectError) -> str:
    return error.reason if isinstance(error, RequestError) else error.message
