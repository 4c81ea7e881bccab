# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Brings a worker into its cluster, out of it, or out and back in, and proves that nothing is lost.

The unit on the worker's host is started and stopped through Host. REST and the workers' group are asked from here.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from ..errors import BrokersError, ConnectError, Outcome, RequestError, WorkerError, WrongClusterError
from ..group.brokers import BrokersClient
from ..reporting.report import Report
from ..snapshot.cluster import Cluster
from ..triage import advice
from .evidence import (
    PROVEN,
    GroupSnapshot,
    InitialState,
    ScaleProof,
    prove_joined,
    prove_left,
    prove_returned,
    share,
)
from .guards import check_group, check_removal_guards, obstacle, wait_until_stable
from .messages import Story, describe_outcome, describe_plan, scale_facts, subject
from .model import INFINITIVE, PRESENT_PARTICIPLE, Action, Batch, Host, ScaleRequest, decide
from .movements import Movements
from .observer import POLL_PAUSE, GroupObserver
from .systemd_journal import cause_of, telling_lines

UNIT_EVERY = 3.0
"""Seconds between two questions to the worker's host, which take a login each."""
UNIT_ENDS = 180.0
"""Seconds for a unit to stop: above the TimeoutStopSec that a graceful stop needs."""


def ensure_worker(cluster: Cluster, client: BrokersClient, host: Host, batch: Batch, wanted: ScaleRequest) -> Report:
    """Does what is needed, and reports. What fails after something was done is in the report, the rest is raised."""
    unit = host.unit()
    if unit.load_state == "not-found" and not wanted.check_mode:
        raise WorkerError(
            f"the host has no service {wanted.service}", "correct service, or install the worker first (role worker)"
        )
    watch = GroupObserver(cluster, client, wanted)
    scaling = _Scaling(watch, host)
    action = decide(wanted.state, unit)
    look = watch.look(first=wanted.state == "joined")
    if wanted.state != "left":
        check_group(watch, look, runs=unit.runs)
    if action == "none":
        return _leave_alone(scaling, look)
    if wanted.check_mode:
        return _foretell(scaling, look, action)
    before = batch.once(lambda: wait_until_stable(watch, look, action))
    if action != "start":
        # Not by this host's own look: a host of the batch that was quicker may have made the group rebalance.
        batch.going(wanted.advertised, lambda others: check_removal_guards(before, wanted, others))
    return scaling.act(Story(wanted, before, action, Movements(before)))


def _leave_alone(scaling: _Scaling, look: GroupSnapshot) -> Report:
    """The service is as it shall be: nothing is to be done, but maybe to wait for."""
    wanted = scaling.wanted
    # Nobody knows what ran before: that everything has an owner must do.
    before = replace(InitialState.of(look), running=frozenset(), nobodys=frozenset())
    story = Story(wanted, before, look=look)
    verdict = scaling.judge(story, look)
    if verdict == PROVEN:
        return scaling.report(story, describe_outcome(story))
    if wanted.check_mode:
        return scaling.report(story, f"{subject(wanted)}: only to wait for: {verdict.waiting or verdict.failure}")
    return scaling.prove(replace(story, movements=Movements(before)))


def _foretell(scaling: _Scaling, look: GroupSnapshot, action: Action) -> Report:
    """What would be done, and what would move. Raises GuardError where the run would."""
    wanted, before = scaling.wanted, InitialState.of(look)
    why = obstacle(look.group, action)
    text = f"would {action} {wanted.service}{f' once at rest ({why})' if why else ''}; "
    if look.group.is_rebalancing:
        guards = "" if action == "start" else ", and whether it may go"
        return scaling.report(Story(wanted, before, action), f"{text}what would move{guards} is not known before that")
    if action != "start":
        check_removal_guards(before, wanted, ())
    connectors, tasks = share(look, wanted.advertised, wanted.expected_workers, joins=action == "start")
    way = {"start": "to it", "stop": "away from it", "restart": "away from it and back"}[action]
    report = scaling.report(
        Story(wanted, before, action), f"{text}{connectors} connectors and {tasks} tasks would move {way}"
    )
    report.extra = {**report.extra, "would_move": {"connectors": connectors, "tasks": tasks}}
    return report


class _Scaling:
    """One worker on its way."""

    def __init__(self, watch: GroupObserver, host: Host) -> None:
        self.watch = watch
        self.cluster = watch.cluster
        self.host = host
        self.wanted = watch.wanted
        self.run = watch.run

    def judge(self, story: Story, look: GroupSnapshot) -> ScaleProof:
        wanted, before = self.wanted, story.before
        if wanted.state == "left":
            return prove_left(look, wanted.advertised, before)
        if story.action == "restart":
            return prove_returned(look, wanted.advertised, story.former, before)
        return prove_joined(look, wanted.advertised, before, wanted.expected_workers)

    def act(self, story: Story) -> Report:
        """Raises as long as nothing is done. From then on whatever happens is in the report, with the action."""
        wanted, action = self.wanted, story.action
        if action == "restart":
            # A group tells ids, though not whose they are, while it is rebalancing, too.
            story = replace(story, former=frozenset(member.member_id for member in self.watch.group().members))
        doing = f"{PRESENT_PARTICIPLE[action]} {wanted.service}"
        self.run.check(doing)
        self.run.event(f"{doing}: {describe_plan(wanted, story.before, action)}", important=True)
        try:
            self.host.order(action)
        except WorkerError as error:
            if error.outcome is Outcome.NOT_DONE:
                raise
            text = f"{error.message}; whether {wanted.service} was told to {action} is not known"
            return self.report(story, failure=WorkerError(text, error.advice, outcome=error.outcome))
        return self.prove(story)

    def prove(self, story: Story) -> Report:
        """Looks until all is proven and has stayed so, or until it can't be any more."""
        began = asked = time.monotonic()
        proven_since: float | None = None
        limit = self.wanted.wait_timeout + self.wanted.delay
        while True:
            try:
                self.run.check("waiting for the worker")
                verdict, story = self._look_and_judge(story, asks=proven_since is None)
            except ConnectError as error:
                return self.report(story, failure=error)
            now = time.monotonic()
            if verdict == PROVEN:
                proven_since = now if proven_since is None else proven_since
                if now - proven_since >= self.wanted.stable_for:
                    return self.report(story, describe_outcome(story))
            else:
                proven_since = None
            if verdict.waiting and now - asked >= UNIT_EVERY:
                verdict, asked = self._unit_says(verdict, story.action), time.monotonic()
            if verdict.failure or now - began > limit:
                return self._failed(story, verdict, now - began)
            self.watch.progress(f"waiting: {verdict.waiting or 'all is well, and has to stay so'}")
            self.run.pause(POLL_PAUSE)

    def _look_and_judge(self, story: Story, *, asks: bool) -> tuple[ScaleProof, Story]:
        """`asks`: what the group and REST prove, the worker itself has to confirm."""
        try:
            look = self.watch.look(first=self.wanted.state != "left" and not story.before.work)
            if story.movements is not None:
                story.movements.observe(look.group, time.monotonic())
            story = replace(story, look=look)
            verdict = self.judge(story, look)
            if verdict.failure and self.wanted.state == "joined":
                verdict = self._cause_of(look, verdict)
            return (self._asked_itself(look) if asks and verdict == PROVEN else verdict), story
        except (BrokersError, RequestError, WorkerError) as error:
            return ScaleProof(error.message), story
        except WrongClusterError as error:
            # What it says of changes is said of those to connectors.
            return ScaleProof(failure=error.message.removesuffix(": nothing was changed"), advice=error.advice), story

    def _asked_itself(self, look: GroupSnapshot) -> ScaleProof:
        """That a worker has ended, or that it is well and has the plugins of the others."""
        wanted, api = self.wanted, self.cluster.api
        if wanted.state == "left":
            return ScaleProof(f"{wanted.service} still runs") if self.host.unit().runs else PROVEN
        self.cluster.identify()
        root = api.root(wanted.url)
        if {worker.kafka_cluster_id for worker in self.cluster.workers} - {root.kafka_cluster_id}:
            return ScaleProof(
                failure=f"it is a worker of Kafka cluster {root.kafka_cluster_id}, and the others are not"
            )
        api.await_ready(self.cluster.features, wanted.url)
        # In a roll the plugins may be what changes.
        return self._compare_plugins(look) if wanted.state == "joined" else PROVEN

    def _cause_of(self, look: GroupSnapshot, verdict: ScaleProof) -> ScaleProof:
        """A task that has failed on a worker without its plugin says so in words that nobody understands."""
        try:
            self.cluster.identify()
            lacking = self._compare_plugins(look)
        except RequestError:
            return verdict
        return lacking if lacking.failure else verdict

    def _compare_plugins(self, look: GroupSnapshot) -> ScaleProof:
        api, mine = self.cluster.api, self.wanted.url
        others = [worker.url for worker in self.cluster.workers if worker.url not in (mine, self.wanted.advertised)]
        if not others or len(look.group.members) == 1:
            return PROVEN
        own = {(plugin.plugin_class, plugin.version) for plugin in api.plugins(mine)}
        theirs = {(plugin.plugin_class, plugin.version) for plugin in api.plugins(others[0])}
        if missing := sorted(theirs - own):
            named = ", ".join(f"{name} {version}".strip() for name, version in missing[:3])
            more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
            return ScaleProof(
                failure=f"it lacks plugins that {others[0]} has: {named}{more}",
                advice="install the same plugins in its plugin.path, and run again",
            )
        if more_here := len(own - theirs):
            self.cluster.warnings.append(f"{subject(self.wanted)} has {more_here} plugins that {others[0]} lacks")
        return PROVEN

    def _unit_says(self, verdict: ScaleProof, action: Action) -> ScaleProof:
        """The same, unless the service has failed."""
        if self.wanted.state == "left":
            return verdict
        try:
            unit = self.host.unit()
        except WorkerError:
            return verdict
        if unit.has_failed or (not unit.runs and action != "none"):
            text = f"{self.wanted.service} does not stay up"
            return ScaleProof(failure=text, advice="look at the journal of its host", service_fell=True)
        return verdict

    # The end

    def report(self, story: Story, text: str = "", failure: ConnectError | None = None) -> Report:
        extra = scale_facts(story) | ({"msg": text} if text else {})
        return Report(story.action != "none", warnings=self.cluster.warnings, extra=extra, failure=failure)

    def _failed(self, story: Story, verdict: ScaleProof, seconds: float) -> Report:
        wanted = self.wanted
        lines, cause = self._journal(verdict, seconds) if wanted.state != "left" else ((), "")
        why = verdict.failure or f"after {seconds:.0f} s {verdict.waiting}"
        text = f"{subject(wanted)} did not {INFINITIVE[wanted.state]} the cluster: {why}{': ' if cause else ''}{cause}"
        if wanted.state == "joined" and story.action == "start" and wanted.rollback:
            text += f"; {self._taken_back()}"
        report = self.report(story, failure=WorkerError(text, advice(cause) or verdict.advice))
        report.extra = {**report.extra, "journal": telling_lines(lines)}
        return report

    def _journal(self, verdict: ScaleProof, seconds: float) -> tuple[Sequence[str], str]:
        """What the service has said, and what of it is why it ended; nothing when its host can't be asked."""
        try:
            lines = self.host.journal(seconds + 5)
            return lines, cause_of(lines) if verdict.service_fell or not self.host.unit().runs else ""
        except WorkerError:
            return (), ""

    def _taken_back(self) -> str:
        """Stops what was started."""
        self.run.event(f"stopping {self.wanted.service} again", important=True)
        try:
            self.host.order("stop")
            until = time.monotonic() + UNIT_ENDS
            while self.host.unit().runs and time.monotonic() < until:
                self.run.pause(1.0)
        except WorkerError as error:
            return f"to stop it again failed: {error.message}"
        return f"{self.wanted.service} was stopped again"
