# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run that changes the offsets of one connector: read, plan, stop, write, read back, restore the run state, report."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from ..applying.write import write_change
from ..backup import prepare_backup
from ..errors import CancelledError, ConnectError, InputError, OffsetsError, Outcome, Problem, WrongClusterError
from ..model import Connector, RunState, Snapshot, requested_state, state_of
from ..planning.change import Change
from ..planning.steps import Pause, Resume, Step, Stop
from ..reporting.report import Report
from ..secrets import mask_text, secret_values
from ..snapshot.cluster import Cluster, is_unsettled
from ..triage.first_cause import first_cause
from ..waiting.wait import Patience, Proof, ProofOutcome, Waiter
from .desired import DesiredOffsets, FormerOffsets
from .entries import Standing, describe, result_fields, standing_text
from .model import OffsetChange, Offsets, OffsetsPlan
from .plan import plan_offsets, with_counts
from .positions import PositionSource, members_text, read_facts
from .resolve import resolve, times_in_question, topics_in_question
from .saved import save_again, save_offsets
from .write import differences, read_back, read_offsets, write_offsets

_STEPS: dict[RunState, Step] = {"running": Resume(), "paused": Pause(), "stopped": Stop()}
_SHOWS = {"running": "running again", "paused": "paused again", "stopped": "stopped again"}
_EXTERNALLY = "its plugin does not take part in changes of offsets: if it keeps positions in the external system, change them there, too"


class OffsetsOptions(NamedTuple):
    """How the offsets of a connector are changed. Times in seconds."""

    name: str
    desired: DesiredOffsets
    on_failure: Literal["keep", "rollback"] = "rollback"
    backup_dir: str = ""
    check_mode: bool = False
    wait_timeout: float = 300.0
    stable_for: float = 10.0


def ensure_offsets(cluster: Cluster, options: OffsetsOptions, source: PositionSource | None) -> Report:
    """Bring the offsets into the desired state. Raises ConnectError for what is found before the first write; a later failure is in
    the report, with what the run has left.
    """
    snapshot, stored = _find(cluster, options.name)
    work = _Work(cluster, options, source, stored)
    work.plan_changes()
    if not work.has_work:
        return work.report()
    cluster.identify()
    _check_versions(cluster)
    _check_origin(cluster, options.desired)
    if options.check_mode:
        return work.report()
    cluster.same_connect(snapshot)
    if options.backup_dir:
        prepare_backup(options.backup_dir)
    return work.carry_out()


def _find(cluster: Cluster, name: str) -> tuple[Snapshot, Connector]:
    snapshot = cluster.read()
    if name not in snapshot.connectors:
        snapshot = cluster.read_when_ready([name])
    if name in snapshot.connectors and is_unsettled(snapshot.connectors[name]):
        snapshot = cluster.read_until_settled(snapshot, [name], is_unsettled)
    stored = snapshot.connectors.get(name)
    if stored is None or stored.config is None:
        fix = "correct the name; the offsets of a deleted connector are kept: to change them, create it again with initial_state: stopped"
        raise InputError([Problem(f'connector "{name}" does not exist -> {fix}', name)])
    return snapshot, stored


def _check_versions(cluster: Cluster) -> None:
    features = cluster.features
    if features is None or not features.numbers or features.alter_offsets:
        # What an unknown version can do shows when it is asked.
        return
    raise OffsetsError(
        f"offsets can be changed since Kafka 3.6, and a worker has {features.version}",
        "upgrade the workers; until then, delete the connector and create it under another name to start again",
        kind="unsupported",
    )


def _check_origin(cluster: Cluster, desired: DesiredOffsets) -> None:
    if not isinstance(desired, FormerOffsets) or not desired.kafka_cluster_id:
        return
    here = next((worker.kafka_cluster_id for worker in cluster.workers if worker.kafka_cluster_id), "")
    if here and here != desired.kafka_cluster_id:
        raise WrongClusterError(
            f"from_backup is of Kafka cluster {desired.kafka_cluster_id}, and the workers belong to {here}",
            "give the backup of this cluster, or list its offsets in offsets",
        )


@dataclass(eq=False)
class _Work:
    """One attempt, with what it has done so far."""

    cluster: Cluster
    options: OffsetsOptions
    source: PositionSource | None
    stored: Connector
    offsets: Offsets = field(default_factory=dict)
    plan: OffsetsPlan = field(default_factory=lambda: OffsetsPlan(()))
    standing: Standing = field(init=False)
    warnings: tuple[str, ...] = ()
    backup_file: str = ""
    rollback: str = ""
    after: Offsets | None = None
    was_touched: bool = False
    was_resumed: bool = False
    seen: Connector | None = None
    patience: Patience = field(init=False)

    def __post_init__(self) -> None:
        self.former = requested_state(self.stored)
        desired = self.options.desired
        self.target: RunState = desired.run_state if isinstance(desired, FormerOffsets) else self.former
        self.standing = Standing("unchanged", self.former)
        self.secrets = secret_values(self.stored.config or {})
        self.patience = Patience(self.options.wait_timeout, self.options.stable_for)

    @property
    def name(self) -> str:
        return self.options.name

    @property
    def is_sink(self) -> bool:
        return self.stored.type == "sink"

    @property
    def has_work(self) -> bool:
        return bool(self.plan.changes) or self.target != self.former

    def plan_changes(self) -> None:
        """Read the offsets, and compare them with the desired ones."""
        self.cluster.run.busy_with(f"{self.name}: reading its offsets")
        self.offsets = read_offsets(self.cluster.api, self.name)
        desired = self.options.desired
        facts = None
        if self.is_sink and self.source is not None:
            facts = read_facts(self.source, topics_in_question(desired, self.offsets), times_in_question(desired))
        resolved = resolve(desired, self.offsets, is_sink=self.is_sink, facts=facts)
        self.warnings = resolved.warnings
        self.plan = plan_offsets(desired, self.offsets, resolved.targets)
        if self.is_sink:
            reset = (self.stored.config or {}).get("consumer.override.auto.offset.reset", "earliest")
            self.plan = with_counts(self.plan, facts, starts_late=reset == "latest")

    def carry_out(self) -> Report:
        failure: ConnectError | None = None
        try:
            self._save()
            self._stop()
            # A connector commits once more when it stops: only now are the offsets final.
            self.plan_changes()
            self._save()
            self._write()
            self._restore(self.target)
        except CancelledError as error:
            failure = error
        except ConnectError as error:
            self.cluster.run.event(f"failed: {self.name}: {self._mask(error.message)}", important=True)
            failure = error
            self._roll_back()
        return self.report(failure)

    def _save(self) -> None:
        if not self.options.backup_dir:
            return
        former = self._before()
        if self.backup_file:
            save_again(self.backup_file, former)
        else:
            self.backup_file = save_offsets(self.options.backup_dir, former)

    def _before(self) -> FormerOffsets:
        cluster_id = self.cluster.workers[0].kafka_cluster_id if self.cluster.workers else ""
        return FormerOffsets(self.name, cluster_id, self.former, tuple(self.offsets.values()))

    def _stop(self) -> None:
        self.cluster.run.event(f"{self.name}: stopping it to change {len(self.plan.changes)} offsets")
        steps = () if state_of(self.stored) == "stopped" else (Stop(),)
        self.seen = self._reach(Change(self.name, steps, before=self.stored, desired_state="stopped"), stable_for=0)

    def _write(self) -> None:
        if not self.plan.changes:
            return
        self.standing = self.standing._replace(offsets="unknown")
        self.was_touched = True
        try:
            took_part = write_offsets(self.cluster.api, self.name, self.plan, self._members, self._mask)
        except ConnectError as error:
            if error.outcome is Outcome.NOT_DONE:
                self.standing = self.standing._replace(offsets="unchanged")
            raise
        self.standing = self.standing._replace(offsets="changed")
        if not took_part:
            self.cluster.warnings.append(f'connector "{self.name}": {_EXTERNALLY}')
        self.after = read_back(self.cluster.api, self.name, self.plan)

    def _restore(self, state: RunState) -> None:
        if state == "stopped":
            return
        self.was_resumed = True
        change = Change(self.name, (_STEPS[state],), before=self.seen, desired_state=state)
        self.seen = self._reach(change, stable_for=self.options.stable_for)

    def _reach(self, change: Change, *, stable_for: float) -> Connector | None:
        """Request a run state, and wait for its proof. Raises OffsetsError without one."""
        if change.steps:
            self.was_touched = True
            before = self.standing
            self.standing = before._replace(run_state="unknown")
            try:
                write_change(self.cluster.api, change, [], self._mask)
            except ConnectError as error:
                if error.outcome is Outcome.NOT_DONE:
                    self.standing = before
                raise
        self.patience.stable_for = stable_for
        waiter = Waiter(self.cluster.api, self.patience, 1, mask=lambda _change, text: self._mask(text))
        proof = waiter.wait([change])[self.name]
        found = state_of(proof.seen)
        if found is not None:
            self.standing = self.standing._replace(run_state=found)
        self.seen = proof.seen or self.seen
        if proof.outcome is not ProofOutcome.PROVEN:
            raise self._not_proven(change, proof)
        if proof.warning:
            self.cluster.warnings.append(f'connector "{self.name}": {proof.warning}')
        return proof.seen

    def _not_proven(self, change: Change, proof: Proof) -> OffsetsError:
        seen = proof.seen
        traces = [seen.trace, *(task.trace for task in seen.failed_tasks)] if seen is not None else []
        cause = self._mask(next((first_cause(trace) for trace in traces if trace), ""))
        kinds = {ProofOutcome.OVERTAKEN: "drift", ProofOutcome.FAILED: "connector_failed"}
        return OffsetsError(
            f'connector "{self.name}" is not {change.desired_state}: {proof.reason}' + (f": {cause}" if cause else ""),
            "read its status with connector_info, correct what fails, and run again",
            kind=proof.kind or kinds.get(proof.outcome, "wait_timeout"),
            outcome=Outcome.DONE,
        )

    def _members(self) -> str:
        config = self.stored.config or {}
        return members_text(self.source, config.get("consumer.override.group.id", f"connect-{self.name}"))

    def _mask(self, text: str) -> str:
        return mask_text(text, self.secrets)

    def _roll_back(self) -> None:
        if self.options.on_failure == "keep" or not self.was_touched:
            return
        self.patience = Patience(self.options.wait_timeout, self.options.stable_for)
        done: list[str] = []
        try:
            self.cluster.run.check("rolling back")
            self.cluster.run.event(f"{self.name}: rolling back")
            if self.standing.offsets in ("changed", "unknown"):
                done.append(self._roll_offsets_back())
            stored = self.cluster.api.expanded().connectors.get(self.name)
            if state_of(stored) == self.former:
                self.standing = self.standing._replace(run_state=self.former)
            else:
                change = Change(self.name, (_STEPS[self.former],), before=stored, desired_state=self.former)
                self._reach(change, stable_for=0 if self.former == "stopped" else self.options.stable_for)
                done.append(_SHOWS[self.former])
        except ConnectError as error:
            done.append(f"rolling back failed: {self._mask(error.message)}")
        self.rollback = ", ".join(done)

    def _roll_offsets_back(self) -> str:
        """Restore the previous offsets, unless another user or run has changed them since."""
        api = self.cluster.api
        if self.was_resumed:
            before = api.expanded().connectors.get(self.name) or self.stored
            self._reach(Change(self.name, (Stop(),), before=before, desired_state="stopped"), stable_for=0)
        stored = read_offsets(api, self.name)
        back = OffsetsPlan(tuple(_reversed(change) for change in self.plan.changes))
        if not differences(stored, back):
            self.standing = self.standing._replace(offsets="unchanged")
            return "the offsets are the previous ones"
        if not self.was_resumed and differences(stored, self.plan._replace(resets_all=False)):
            self.standing = self.standing._replace(offsets="unknown")
            return "the offsets are left alone, because another user or run has changed them since"
        write_offsets(api, self.name, back, self._members, self._mask)
        self.after = read_back(api, self.name, back)
        self.standing = self.standing._replace(offsets="restored")
        return "previous offsets restored"

    def report(self, failure: ConnectError | None = None) -> Report:
        changed = self.was_touched or (self.options.check_mode and self.has_work)
        text = describe(
            self.name,
            self.plan,
            check_mode=self.options.check_mode,
            was_stopped=self.was_touched and self.former != "stopped",
            run_state=self.target,
            former=self.former,
        )
        if failure is not None:
            failure = self._explained(failure)
        fields = result_fields(self.stored, self._before(), self.plan, self.after, self.standing, self._mask)
        if self.backup_file:
            fields["backup_file"] = self.backup_file
        if self.rollback:
            fields["rollback"] = self.rollback
        if failure is None:
            fields["msg"] = self._mask(text)
        return Report(
            changed=changed,
            warnings=[*self.cluster.warnings, *(f'connector "{self.name}": {text}' for text in self.warnings)],
            failure=failure,
            extra=fields,
        )

    def _explained(self, failure: ConnectError) -> ConnectError:
        """The failure, and where it has left the connector."""
        text = standing_text(self.standing, self.former)
        name = f'connector "{self.name}"'
        message = self._mask(failure.message)
        message = message if name in message else f"{name}: {message}"
        if self.rollback:
            message += f" ({self.rollback})"
        if isinstance(failure, InputError):
            return OffsetsError(f"{message}; {text}", failure.advice, kind=failure.kind)
        explained = copy(failure)
        explained.message = f"{message}; {text}"
        return explained


def _reversed(change: OffsetChange) -> OffsetChange:
    return OffsetChange(change.partition, change.after, change.before)
