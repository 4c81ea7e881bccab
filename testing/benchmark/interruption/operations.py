# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations on the workers of real hosts: with the playbooks of the collection, and with manual commands."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from testing.benchmark.playbooks import RunFailedError
from testing.hosts import Hosts, HostsError, playing

from . import pages
from .cases import DEFAULT_DELAY, WORKERS, Case, Command, Step, selected
from .records import times_of_records
from .results import RATE, TASKS, Conditions, Measured, Results, gaps_of, load, printed
from .silence import silences

_HERE = Path(__file__).parent
_TO_PROVISION = 180
"""About how many seconds it takes until the first case starts."""

_STEADY = 5.0
"""Seconds before a step in which all tasks must have written: `settle.yml` waits that long without a change."""


@dataclass(frozen=True)
class Settings:
    """What the command line selects.

    `only`: names of cases, all without one; `save`: a file for the results, which are added to those that it contains (the
    output of the commands is beside it); `document`: whether to write the results into the documentation.
    """

    conditions: Conditions = field(default_factory=Conditions)
    only: Sequence[str] = ()
    save: Path | None = None
    document: bool = False


def run(settings: Settings, folder: Path, report: Callable[[str], None]) -> Iterator[str]:
    """Create separate hosts, measure, and yield the lines to print. Needs root.

    Results are saved after each case, so what was measured before an error is printed and saved as well.
    """
    files = [*([settings.save] if settings.save else []), *([pages.RESULTS] if settings.document else [])]
    for file in files:
        if (saved := load(file)) and saved.conditions != settings.conditions:
            raise RunFailedError(f"{file} has results of other conditions ({saved.conditions}); remove it first")
    results = (load(files[0]) if files else None) or Results(settings.conditions)
    problem: HostsError | TimeoutError | None = None
    try:
        for one in _measured(settings, folder, report):
            results = results.with_one(one)
            for file in files:
                pages.save(results, file)
    except (HostsError, TimeoutError) as error:
        problem = error
    yield from printed(results)
    if problem:
        raise RunFailedError(str(problem)) from problem
    if settings.document:
        for page in pages.write(results):
            report(f"{page} is up to date")


def _measured(settings: Settings, folder: Path, report: Callable[[str], None]) -> Iterator[Measured]:
    """The steps of the selected cases, each as soon as it is measured."""
    cases, conditions = selected(settings.only), settings.conditions
    seconds = _TO_PROVISION + sum(case.estimate(conditions.delay) for case in cases)
    report(f"{', '.join(case.name for case in cases)}: about {seconds / 60:.0f} min; more on a busy machine")
    brokers = [playing.BROKER, *(f"{playing.BROKER}-{number}" for number in range(2, conditions.brokers + 1))]
    workers = [f"worker-{number}" for number in range(1, WORKERS + 1)]
    hosts = Hosts.up(f"interruption-{os.getpid()}", dict.fromkeys([*brokers, *workers], "java"), report)
    try:
        report("provisioning")
        log = settings.save.with_suffix(".log") if settings.save else None
        stage = _Stage(hosts, brokers, workers, conditions, folder, log)
        for number, case in enumerate(cases, start=1):
            minutes = case.estimate(conditions.delay) / 60
            report(f"case {number} of {len(cases)}: {case.name}, about {minutes:.0f} min")
            yield from stage.measured(case, report)
    finally:
        hosts.down()


class _Stage:
    """A provisioned cluster, on which cases are measured."""

    def __init__(
        self,
        hosts: Hosts,
        brokers: Sequence[str],
        workers: Sequence[str],
        conditions: Conditions,
        folder: Path,
        log: Path | None,
    ) -> None:
        self._state, self._folder, self._log = hosts.state, folder, log
        self._inventory = folder / "inventory.json"
        self._settle_timeout = round(conditions.delay) + 600
        self._broker = playing.start_broker(hosts.state, folder, brokers, {"kafka_line": conditions.kafka})
        urls = [f"http://{hosts.state.host(name).address}:8083" for name in workers]
        groups = {"workers": workers, "kafka_connect_workers": workers, "later": workers[2:]}
        playing.write_inventory(
            hosts.state, self._inventory, groups, variables(self._broker, urls, conditions, len(brokers))
        )
        self._call("ansible-playbook", str(_HERE / "provision.yml"))
        self._settle(WORKERS)

    def measured(self, case: Case, report: Callable[[str], None]) -> Iterator[Measured]:
        """Perform each step of a case, and wait until all tasks run again."""
        for step in case.steps:
            begun = time.time()
            for command in step.commands:
                self._call(*command)
                report(f"  {time.time() - begun:5.0f} s  {_shown(command)}")
            ended = time.time()
            self._settle(step.workers)
            recovered = time.time()
            measured, unsteady = self._read(step, begun, ended, recovered)
            if unsteady:
                report(
                    f"  warning: {unsteady} tasks had gaps before the start; the machine is too busy for exact numbers"
                )
            seen = measured.interruption
            report(
                f"  {recovered - begun:5.0f} s  all tasks run; {seen.lost:.0f} task-seconds lost, "
                f"median {seen.median:.1f} s, longest {seen.longest:.1f} s"
            )
            yield measured

    def _read(self, step: Step, begun: float, ended: float, recovered: float) -> tuple[Measured, int]:
        """The step, and how many tasks were not steady just before it."""
        records = times_of_records(self._broker, [f"source-{number}" for number in range(TASKS)], begun)
        still = [silences(times, begun, recovered) for times in records.values()]
        unsteady = sum(bool(silences(times, begun - _STEADY, begun)) for times in records.values())
        measured = Measured(
            name=step.name,
            operation=step.operation,
            way=step.way,
            date=time.strftime("%Y-%m-%d"),
            seconds=round(ended - begun, 1),
            recovered=round(recovered - begun, 1),
            gaps=gaps_of(still, begun),
            drawn=step.drawn,
        )
        return measured, unsteady

    def _settle(self, workers: int) -> None:
        timeout = f"settle_timeout={self._settle_timeout}"
        self._call("ansible-playbook", str(_HERE / "settle.yml"), "-e", f"expected_workers={workers} {timeout}")

    def _call(self, *command: str) -> None:
        output = playing.play(self._state, command, self._inventory, self._folder)
        if self._log:
            with self._log.open("a", encoding="utf-8") as log:
                log.write(f"{time.strftime('%H:%M:%S')} ended: {_shown(command)}\n{output}\n")


def _shown(command: Command) -> str:
    """The command without the folder of its playbook."""
    return " ".join(Path(word).name if word.startswith("/") else word for word in command)


def variables(broker: str, urls: Sequence[str], conditions: Conditions, copies: int) -> dict[str, Any]:
    """Variables of the inventory. `copies`: replicas of each topic."""
    properties: dict[str, Any] = {
        "bootstrap.servers": broker,
        "group.id": "connect",
        "config.storage.replication.factor": copies,
        "offset.storage.replication.factor": copies,
        "status.storage.replication.factor": copies,
        "connect.protocol": conditions.protocol,
    }
    # The default is what users have: the property is absent.
    if conditions.delay != DEFAULT_DELAY:
        properties["scheduled.rebalance.max.delay.ms"] = round(conditions.delay * 1000)
    if conditions.exactly_once:
        properties["exactly.once.source.support"] = "enabled"
    return {
        "kafka_line": conditions.kafka,
        "rolling_url": list(urls),
        "rolling_bootstrap_servers": broker,
        "rolling_stable_for": conditions.stable_for,
        "sources": [
            {"name": f"source-{number}", "config": _source(number, copies, conditions)} for number in range(TASKS)
        ],
        "worker_archive": "{{ hostvars['localhost'].release.archive }}",
        "worker_archive_checksum": "{{ hostvars['localhost'].release.checksum }}",
        "worker_advertised_host": "{{ ansible_host }}",
        "worker_environment": {
            "KAFKA_HEAP_OPTS": "-Xmx384m -XX:TieredStopAtLevel=1",
            "CLASSPATH": "/srv/connect-test-plugins.jar",
        },
        "worker_properties": properties,
    }


def _source(number: int, copies: int, conditions: Conditions) -> dict[str, str]:
    """Kafka's own VerifiableSource writes numbered records at a given rate. It runs with exactly-once support as well.

    It returns each record from a poll of its own, and by default every poll is a transaction: too many for a small machine to
    keep the rate. Transactions of half a second keep it.
    """
    transactions = {"transaction.boundary": "interval", "transaction.boundary.interval.ms": "500"}
    return {
        **(transactions if conditions.exactly_once else {}),
        "connector.class": "VerifiableSource",
        "tasks.max": "1",
        "topic": f"source-{number}",
        "throughput": str(RATE),
        "topic.creation.default.partitions": "1",
        "topic.creation.default.replication.factor": str(copies),
    }
