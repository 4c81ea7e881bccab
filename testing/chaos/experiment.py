# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One experiment: a scene, a run of the playbook through a proxy, a fault at a chosen moment, and the outcome."""

from __future__ import annotations

import json
import signal
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from .checker import check
from .config_topic import Record
from .evidence import Evidence, Run, View
from .exchange import Exchange
from .moments import PHASES, Moment
from .proxy import Proxy
from .running import Running
from .scene import Scene
from .story import story

LIMITS = {"run_timeout": 240, "conflict_timeout": 120, "wait_timeout": 120, "read_timeout": 5, "stable_for": 2}
"""Seconds. Below the defaults, so that a fault that exhausts a limit takes minutes only."""


class Subject(Protocol):
    """A cluster as an experiment uses it, real (patient.py) or fake (scripted.py). `foreign` are the requests of other
    users since `prepare`.
    """

    foreign: list[Exchange]

    @property
    def names(self) -> list[str]:
        """Names of the workers."""

    @property
    def ports(self) -> list[int]:
        """Ports of their REST interfaces, in the same order."""

    @property
    def run_options(self) -> dict[str, Any]:
        """Module options that describe the cluster."""

    def start(self, options: Mapping[str, Any], folder: Path) -> Running:
        """Start a run of the module with these options. All its files are below `folder`."""

    def prepare(self, scene: Scene) -> None:
        """Creates the connectors with which the scene begins."""

    def heal(self) -> None:
        """Undoes the fault."""

    def settle(self) -> dict[str, dict[str, View]]:
        """What each worker reports once the cluster is stable."""

    def end_offset(self) -> int:
        """The offset that the next record of the config topic will have."""

    def records(self, since: int = 0) -> tuple[Record, ...]:
        """Records of the config topic from this offset on."""


@dataclass
class Attempt:
    """One run of the playbook, with a proxy of its own."""

    name: str
    scene: Scene
    proxy: Proxy
    folder: Path
    options: Mapping[str, Any]
    running: Running
    started: float
    signaled: float | None = None

    @property
    def ended(self) -> bool:
        return self.running.ended

    @property
    def journal(self) -> list[dict[str, Any]]:
        """Current content of its report_path."""
        return [json.loads(line) for line in _read(self.folder / "journal.jsonl").splitlines()]

    def interrupt(self, number: signal.Signals) -> None:
        """Sends a signal to ansible-playbook and its child processes, as a terminal does for Ctrl-C."""
        if not self.ended:
            self.signaled = time.time()
            self.running.interrupt(number)

    def finish(self) -> Run:
        """Waits for the end of the run and returns its result."""
        limit = float(self.options["run_timeout"])
        ended = self.running.finish(2 * limit + 60)
        return Run(
            name=self.name,
            wishes=self.scene.wishes,
            exchanges=self.proxy.exchanges,
            started=ended.started or self.started,
            ended=ended.ended,
            result=ended.result,
            purges=self.scene.purges,
            protected=self.scene.protected,
            output="\n".join([ended.output, _read(self.folder / "journal.jsonl")]),
            returncode=ended.returncode,
            run_timeout=limit,
            conflict_timeout=float(self.options["conflict_timeout"]),
            wait_timeout=float(self.options["wait_timeout"]),
            signaled=self.signaled,
            journal=self.journal,
        )


@dataclass
class Stage:
    """What a fault can use: the cluster, the scene, the proxy of the first run, and a way to start other runs.

    `asked` selects the workers whose URLs the runs receive. The checker receives `must_say`.
    """

    patient: Subject
    scene: Scene
    moment: Moment
    folder: Path
    proxy: Proxy
    struck: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)
    attempts: list[Attempt] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    must_say: Sequence[str] = ()
    asked: slice = field(default_factory=lambda: slice(None))
    _helpers: list[threading.Thread] = field(default_factory=list)
    _proxies: list[Proxy] = field(default_factory=list)

    def at_moment(self, action: Callable[[Exchange], None]) -> None:
        """Arranges that `action` runs at the moment of the experiment, while the request of that moment waits."""

        def strike(exchange: Exchange) -> None:
            try:
                action(exchange)
                self.struck.set()
            except (AssertionError, OSError, RuntimeError) as problem:
                self.problems.append(f"the fault could not run: {problem}")

        self.proxy.on(self.moment.trigger(self.proxy, strike))

    def meanwhile(self, action: Callable[[], None]) -> None:
        """Runs `action` in parallel to the run. The event `over` signals the end of the run."""

        def act() -> None:
            try:
                action()
            except (AssertionError, OSError, RuntimeError) as problem:
                self.problems.append(f"the fault could not run: {problem}")

        self._helpers.append(threading.Thread(target=act, daemon=True))
        self._helpers[-1].start()

    def receiver(self, exchange: Exchange) -> str:
        return self.patient.names[exchange.worker]

    def start(self, scene: Scene, name: str, proxy: Proxy | None = None) -> Attempt:
        """Starts a run, by default through a new proxy."""
        if proxy is None:
            proxy = Proxy(self.patient.ports)
            proxy.__enter__()
            self._proxies.append(proxy)
        folder = self.folder / name.replace(" ", "-")
        folder.mkdir(parents=True, exist_ok=True)
        options = {
            **LIMITS,
            "url": proxy.urls[self.asked],
            "report_path": str(folder / "journal.jsonl"),
            **self.patient.run_options,
            **scene.module_options,
        }
        started = time.time()
        running = self.patient.start(options, folder)
        attempt = Attempt(name, scene, proxy, folder, options, running, started)
        self.attempts.append(attempt)
        return attempt

    def finish(self) -> list[Run]:
        """Waits for all runs and for the fault, and returns the runs."""
        runs: list[Run] = []
        while len(runs) < len(self.attempts):
            runs.append(self.attempts[len(runs)].finish())
        self.over.set()
        for helper in self._helpers:
            helper.join()
        return runs

    def close(self) -> None:
        self.over.set()
        for proxy in self._proxies:
            proxy.__exit__()


@dataclass(frozen=True)
class Fault:
    """A fault. `arrange` prepares it before the run begins, `phases` are the phases in which it is useful, `scene`
    changes the desired state.
    """

    name: str
    arrange: Callable[[Stage], None]
    phases: Sequence[str] = PHASES
    scene: Callable[[Scene], Scene] = lambda scene: scene


@dataclass(frozen=True)
class Outcome:
    """Result of an experiment. `struck` is False if the run did not reach the moment of the fault. `story` is the
    timeline, printed if the run violated a rule.
    """

    struck: bool
    runs: Sequence[Run]
    violations: Sequence[str]
    story: Sequence[str] = ()

    @property
    def converged(self) -> bool:
        """Whether the first run reached the desired state. For an interrupted run, the next run decides."""
        return all(run.result is None or not run.result.get("failed") for run in self.runs)

    @property
    def elapsed(self) -> float:
        return max(run.ended - run.started for run in self.runs)


def conduct(patient: Subject, fault: Fault, moment: Moment, scene: Scene, folder: Path) -> Outcome:
    """Runs one experiment and checks it. Raises AssertionError, OSError or RuntimeError if it could not run."""
    scene = fault.scene(scene)
    patient.prepare(scene)
    previous = patient.records()
    first = patient.end_offset()
    with Proxy(patient.ports) as proxy:
        stage = Stage(patient, scene, moment, folder, proxy)
        try:
            fault.arrange(stage)
            stage.start(scene, "the run", proxy)
            runs = stage.finish()
        finally:
            stage.close()
        if stage.problems:
            raise RuntimeError("; ".join(stage.problems))
        patient.heal()
        views = patient.settle()
        # Workers may have responded after the run stopped waiting, and processes of a killed run may have continued.
        runs = [
            replace(run, exchanges=attempt.proxy.exchanges, journal=attempt.journal)
            for run, attempt in zip(runs, stage.attempts, strict=True)
        ]
    records = patient.records(first)
    evidence = Evidence(
        runs, previous, records, views, tuple(patient.foreign), scene.secrets, scene.hopeless, stage.must_say
    )
    after = _second(patient, scene, moment, folder, [*previous, *records])
    violations = check(evidence, after)
    reported = [*story(evidence, violations), *story(after, violations)] if violations else []
    return Outcome(stage.struck.is_set(), runs, violations, reported)


def _second(patient: Subject, scene: Scene, moment: Moment, folder: Path, previous: Sequence[Record]) -> Evidence:
    """The evidence of the second run, which starts on the stable cluster without faults."""
    first = patient.end_offset()
    with Proxy(patient.ports) as proxy:
        stage = Stage(patient, scene, moment, folder, proxy)
        stage.start(scene, "the second run", proxy)
        runs = stage.finish()
        views = patient.settle()
    records = patient.records(first)
    return Evidence(runs, previous, records, views, (), scene.secrets, scene.hopeless)


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.exists() else ""
