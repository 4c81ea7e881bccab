# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Adds a worker to its cluster, removes it, or restarts it, and proves that no work is lost.

Host starts and stops the unit on the worker's host. REST and the workers' group are queried from here.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import replace

from ..errors import BrokersCause, BrokersError, ConnectError, Outcome, RequestError, WorkerError, WrongClusterError
from ..group.brokers import BrokersClient
from ..reporting.report import Report
from ..rest.plugins import plugins_of
from ..rest.versions import worker_version
from ..snapshot.cluster import Cluster
from ..triage.diagnosis import advice
from .evidence import (
    PROVEN,
    GroupSnapshot,
    InitialState,
    ScaleProof,
    prove_back,
    prove_departed,
    prove_joined,
    prove_left,
    prove_returned,
    share,
)
from .guards import check_group, check_removal_guards, leads, obstacle, wait_until_stable
from .messages import Story, describe_outcome, describe_plan, scale_facts, subject
from .model import INFINITIVE, PRESENT_PARTICIPLE, Action, Batch, Host, ScaleRequest, decide
from .movements import Movements
from .observer import POLL_PAUSE, GroupObserver
from .start_worker import stopped_again
from .systemd_journal import cause_of, relevant_lines
from .turns import no_release

UNIT_EVERY = 3.0
"""Seconds between two queries of the worker's host: each takes a login."""
LASTING: Collection[BrokersCause] = ("no_client", "denied")
"""Why the group is unknown, where time does not help and no restart of a broker or worker explains it."""


def ensure_worker(cluster: Cluster, client: BrokersClient, host: Host, batch: Batch, request: ScaleRequest) -> Report:
    """Does what is needed, and reports. A failure after the first change is in the report, an earlier one is raised."""
    unit = host.unit()
    if unit.load_state == "not-found" and not request.check_mode:
        raise WorkerError(
            f"the host has no service {request.service}", "correct service, or install the worker first (role worker)"
        )
    observer = GroupObserver(cluster, client, request)
    scaling = _Scaling(observer, host)
    action = decide(request.state, unit)
    snapshot = observer.read(first=request.state == "joined")
    if request.state != "left":
        check_group(observer, snapshot, runs=unit.runs)
    if request.state == "released":
        return _release(scaling, snapshot, batch)
    if action == "none":
        return _leave_alone(scaling, snapshot)
    if request.check_mode:
        return _predict(scaling, snapshot, action)
    # A leader that leaves releases the work that it keeps, so that it need not wait for it either.
    may_be_parked = action == "start" or leads(snapshot, request.advertised)
    initial = batch.once(lambda: wait_until_stable(observer, snapshot, may_be_parked=may_be_parked))
    if action != "start":
        # Not from this host's own snapshot: a quicker host of the batch may have started a rebalance.
        batch.going(request.advertised, lambda others: check_removal_guards(initial, request, others))
    return scaling.act(Story(request, initial, action, Movements(initial)))


def _release(scaling: _Scaling, snapshot: GroupSnapshot, batch: Batch) -> Report:
    """Restarts the worker if it leads the group, the group keeps work for a departed worker, and a restart costs less."""
    request, observer = scaling.request, scaling.observer
    if request.check_mode and snapshot.group.is_rebalancing:
        text = f"{subject(request)}: whether work is parked is unknown until the group is stable"
        return scaling.report(Story(request, InitialState(), snapshot=snapshot), text)
    initial = (
        InitialState.of(snapshot)
        if request.check_mode
        else batch.once(lambda: wait_until_stable(observer, snapshot, may_be_parked=True))
    )
    if why_not := no_release(initial, request):
        return scaling.report(Story(request, initial, snapshot=snapshot), f"{subject(request)}: {why_not}")
    story = Story(request, initial, "restart", Movements(initial))
    if request.check_mode:
        check_removal_guards(initial, request, ())
        return scaling.report(story, f"would restart {request.service}: {describe_plan(request, initial, 'restart')}")
    batch.going(request.advertised, lambda others: check_removal_guards(initial, request, others))
    return scaling.act(story)


def _leave_alone(scaling: _Scaling, snapshot: GroupSnapshot) -> Report:
    """The service is in the desired state: nothing to do, but perhaps something to wait for."""
    request = scaling.request
    # What ran before is unknown, so it has to suffice that everything has an owner.
    initial = replace(InitialState.of(snapshot), running=frozenset(), unassigned=frozenset())
    story = Story(request, initial, snapshot=snapshot)
    proof = scaling.evaluate(story, snapshot)
    if proof == PROVEN:
        return scaling.report(story, describe_outcome(story))
    if request.check_mode:
        return scaling.report(story, f"{subject(request)}: only waiting: {proof.waiting or proof.failure}")
    return scaling.prove(replace(story, movements=Movements(initial)))


def _predict(scaling: _Scaling, snapshot: GroupSnapshot, action: Action) -> Report:
    """What the run would do, and what would move. Raises GuardError where the run would."""
    request, initial = scaling.request, InitialState.of(snapshot)
    why = obstacle(snapshot, may_be_parked=action == "start" or leads(snapshot, request.advertised))
    text = f"would {action} {request.service}{f' once the group is stable ({why})' if why else ''}; "
    if snapshot.group.is_rebalancing:
        guards = "" if action == "start" else ", and whether it may leave"
        return scaling.report(Story(request, initial, action), f"{text}what would move{guards} is unknown until then")
    if action != "start":
        check_removal_guards(initial, request, ())
    connectors, tasks = share(snapshot, request.advertised, request.expected_workers, joins=action == "start")
    way = {"start": "to it", "stop": "away from it", "restart": "away from it and back"}[action]
    report = scaling.report(
        Story(request, initial, action), f"{text}{connectors} connectors and {tasks} tasks would move {way}"
    )
    report.extra = {**report.extra, "would_move": {"connectors": connectors, "tasks": tasks}}
    return report


class _Scaling:
    """One worker that joins, leaves or restarts."""

    def __init__(self, observer: GroupObserver, host: Host) -> None:
        self.observer = observer
        self.cluster = observer.cluster
        self.host = host
        self.request = observer.request
        self.run = observer.run

    def evaluate(self, story: Story, snapshot: GroupSnapshot) -> ScaleProof:
        request, initial = self.request, story.initial
        if self._may_stay_parked(snapshot):
            if request.state == "left":
                return prove_departed(snapshot, request.advertised)
            return prove_back(snapshot, request.advertised, story.previous)
        if request.state == "left":
            return prove_left(snapshot, request.advertised, initial)
        if story.action == "restart":
            return prove_returned(snapshot, request.advertised, story.previous, initial)
        return prove_joined(snapshot, request.advertised, initial, request.expected_workers)

    def _may_stay_parked(self, snapshot: GroupSnapshot) -> bool:
        return self.request.wait_for == "rebalance" and self.request.state != "joined" and snapshot.parks

    def act(self, story: Story) -> Report:
        """Raises errors until the order is given. From then on every failure is in the report, with the action."""
        request, action = self.request, story.action
        if action == "restart":
            # The brokers list member ids even during a rebalance, though not their URLs.
            story = replace(story, previous=frozenset(member.member_id for member in self.observer.group().members))
        activity = f"{PRESENT_PARTICIPLE[action]} {request.service}"
        self.run.check(activity)
        self.run.event(f"{activity}: {describe_plan(request, story.initial, action)}", important=True)
        try:
            self.host.order(action)
        except WorkerError as error:
            if error.outcome is Outcome.NOT_DONE:
                raise
            text = f"{error.message}; whether {request.service} received the order to {action} is unknown"
            return self.report(story, failure=WorkerError(text, error.advice, outcome=error.outcome))
        return self.prove(replace(story, ordered_at=time.monotonic()))

    def prove(self, story: Story) -> Report:
        """Polls until everything is proven and has stayed so, or until that has become impossible."""
        began = asked = time.monotonic()
        proven_since: float | None = None
        limit = self.request.wait_timeout + self.request.delay
        while True:
            try:
                self.run.check("waiting for the worker")
                proof, story = self._read_and_prove(story, asks=proven_since is None)
            except ConnectError as error:
                return self.report(story, failure=error)
            now = time.monotonic()
            if proof == PROVEN:
                proven_since = now if proven_since is None else proven_since
                # Parked work stands still in the meantime.
                parks = story.snapshot is not None and self._may_stay_parked(story.snapshot)
                if parks or now - proven_since >= self.request.stable_for:
                    return self.report(story, describe_outcome(story))
            else:
                proven_since = None
            if proof.waiting and now - asked >= UNIT_EVERY:
                proof, asked = self._with_unit_state(proof, story.action), time.monotonic()
            if proof.failure or now - began > limit:
                return self._failed(story, proof, now - began)
            self.observer.progress(f"waiting: {proof.waiting or 'everything runs, checking that it stays so'}")
            self.run.pause(POLL_PAUSE)

    def _read_and_prove(self, story: Story, *, asks: bool) -> tuple[ScaleProof, Story]:
        """`asks`: the worker itself has to confirm what the group and REST show."""
        try:
            snapshot = self.observer.read(first=self.request.state != "left" and not story.initial.work)
            if story.movements is not None:
                story.movements.observe(snapshot.group, time.monotonic())
            story = replace(story, snapshot=snapshot)
            if story.restart_seconds is None and self._is_back(story, snapshot):
                story = replace(story, restart_seconds=time.monotonic() - story.ordered_at)
            proof = self.evaluate(story, snapshot)
            if proof.failure and self.request.state == "joined":
                proof = self._cause_of(snapshot, proof)
            return (self._confirmed_by_worker(snapshot) if asks and proof == PROVEN else proof), story
        except (BrokersError, RequestError, WorkerError) as error:
            if isinstance(error, BrokersError) and error.cause in LASTING:
                return ScaleProof(failure=error.message, advice=error.advice), story
            return ScaleProof(error.message), story
        except WrongClusterError as error:
            # Its text about changes is about changes to connectors.
            return ScaleProof(failure=error.message.removesuffix(": nothing was changed"), advice=error.advice), story

    def _is_back(self, story: Story, snapshot: GroupSnapshot) -> bool:
        is_restart = story.action == "restart"
        return is_restart and prove_back(snapshot, self.request.advertised, story.previous) == PROVEN

    def _confirmed_by_worker(self, snapshot: GroupSnapshot) -> ScaleProof:
        """Whether the worker has stopped, or is healthy and has the plugins of the others."""
        request, api = self.request, self.cluster.api
        if request.state == "left":
            return ScaleProof(f"{request.service} still runs") if self.host.unit().runs else PROVEN
        self.cluster.identify()
        root = worker_version(api, request.url)
        if {worker.kafka_cluster_id for worker in self.cluster.workers} - {root.kafka_cluster_id}:
            return ScaleProof(failure=f"it belongs to Kafka cluster {root.kafka_cluster_id}, the other workers do not")
        api.await_ready(health=self.cluster.has_health, worker=request.url)
        # In a rolling restart the plugins may be what changes.
        return self._compare_plugins(snapshot) if request.state == "joined" else PROVEN

    def _cause_of(self, snapshot: GroupSnapshot, proof: ScaleProof) -> ScaleProof:
        """Prefer a missing plugin as the cause: the trace of a task that lacks its plugin does not name it clearly."""
        try:
            self.cluster.identify()
            lacking = self._compare_plugins(snapshot)
        except RequestError:
            return proof
        return lacking if lacking.failure else proof

    def _compare_plugins(self, snapshot: GroupSnapshot) -> ScaleProof:
        api, mine = self.cluster.api, self.request.url
        others = [worker.url for worker in self.cluster.workers if worker.url not in (mine, self.request.advertised)]
        if not others or len(snapshot.group.members) == 1:
            return PROVEN
        own = {(plugin.plugin_class, plugin.version) for plugin in plugins_of(api, mine)}
        theirs = {(plugin.plugin_class, plugin.version) for plugin in plugins_of(api, others[0])}
        if missing := sorted(theirs - own):
            named = ", ".join(f"{name} {version}".strip() for name, version in missing[:3])
            more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
            return ScaleProof(
                failure=f"it lacks plugins that {others[0]} has: {named}{more}",
                advice="install the same plugins in its plugin.path, then run again",
            )
        if more_here := len(own - theirs):
            self.cluster.warnings.append(f"{subject(self.request)} has {more_here} plugins that {others[0]} lacks")
        return PROVEN

    def _with_unit_state(self, proof: ScaleProof, action: Action) -> ScaleProof:
        """The same proof, unless the service has failed."""
        if self.request.state == "left":
            return proof
        try:
            unit = self.host.unit()
        except WorkerError:
            return proof
        if unit.has_failed or (not unit.runs and action != "none"):
            text = f"{self.request.service} does not stay up"
            return ScaleProof(failure=text, advice="read the journal of its host", service_failed=True)
        return proof

    # Reports

    def report(self, story: Story, text: str = "", failure: ConnectError | None = None) -> Report:
        extra = scale_facts(story) | ({"msg": text} if text else {})
        return Report(story.action != "none", warnings=self.cluster.warnings, extra=extra, failure=failure)

    def _failed(self, story: Story, proof: ScaleProof, seconds: float) -> Report:
        request = self.request
        lines, cause = self._journal(proof, seconds) if request.state != "left" else ((), "")
        why = proof.failure or f"after {seconds:.0f} s {proof.waiting}"
        text = (
            f"{subject(request)} did not {INFINITIVE[request.state]} the cluster: {why}{': ' if cause else ''}{cause}"
        )
        if request.state == "joined" and story.action == "start" and request.rollback:
            text += f"; {stopped_again(self.run, self.host, request.service)}"
        report = self.report(story, failure=WorkerError(text, advice(cause) or proof.advice))
        report.extra = {**report.extra, "journal": relevant_lines(lines)}
        return report

    def _journal(self, proof: ScaleProof, seconds: float) -> tuple[Sequence[str], str]:
        """The service's recent log lines, and the cause of its end; empty when the host cannot be queried."""
        try:
            lines = self.host.journal(seconds + 5)
            return lines, cause_of(lines) if proof.service_failed or not self.host.unit().runs else ""
        except WorkerError:
            return (), ""
