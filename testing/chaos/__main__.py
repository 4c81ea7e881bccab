# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``make chaos``: draws experiments until the time is up, prints each result, and prints a table at the end.

The exit code is 1 if a run violated a rule or an experiment could not run. The program removes everything it created.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path

import testing.named_faults.__main__ as named_faults
from testing.sandbox import Sandbox, SandboxError
from testing.sandbox.environment import collections_path
from testing.tooling.shared_sandbox import DEFAULT_KAFKA, KAFKA_LINES

from .drawing import Experiment, Row, experiments, table
from .experiment import Fault, Outcome, conduct
from .faults import BY_NAME, FAULTS
from .moments import Moment, parse
from .patient import SETTLED_WITHIN, Patient
from .scene import make_scene
from .topology import DEFAULT_DELAY_MS, Topology

BROKERS = (1, 3)


class Ward:
    """The cluster of the current experiment. The next experiment reuses it if the topology is the same."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self._patient: Patient | None = None
        self._topology: Topology | None = None

    def patient(self, topology: Topology) -> Patient:
        if self._patient is None or topology != self._topology:
            self.close()
            sandbox = self._open.enter_context(Sandbox.running(f"chaos{os.getpid()}", **topology.options))
            within = SETTLED_WITHIN + topology.delay_ms / 1000
            self._patient, self._topology = Patient(sandbox, topology.workers, within), topology
        return self._patient

    def close(self) -> None:
        """Shuts the cluster down, for example if it could not be healed. The next experiment starts a new one."""
        self._patient = None
        self._open.close()


def run(chosen: Iterable[Experiment], until: float) -> tuple[dict[str, Row], list[str]]:
    """Runs experiments until this time of the monotonic clock. Returns the rows of the table, and one text per violation."""
    rows: dict[str, Row] = {}
    broken: list[str] = []
    ward = Ward()
    try:
        for number, experiment in enumerate(chosen, 1):
            if time.monotonic() > until and number > 1:
                break
            name, began = experiment.fault.name, time.monotonic()
            try:
                outcome = _experiment(ward, experiment, number)
            except (AssertionError, OSError, RuntimeError, SandboxError) as problem:
                broken.append(f"{name}@{experiment.moment} could not run: {problem}\n    {experiment.replay}")
                print(f"{number:3} {name}@{experiment.moment} ({experiment.topology}): could not run: {problem}")
                ward.close()
                continue
            rows.setdefault(name, Row()).add(outcome)
            broken += [f"{violation}\n    {experiment.replay}" for violation in outcome.violations]
            _tell(number, experiment, outcome, time.monotonic() - began)
    finally:
        ward.close()
    return rows, broken


def _experiment(ward: Ward, experiment: Experiment, number: int) -> Outcome:
    patient = ward.patient(experiment.topology)
    scene = make_scene(f"{experiment.fault.name}-{number}", patient.sandbox.files)
    with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
        return conduct(patient, experiment.fault, experiment.moment, scene, Path(folder))


def _tell(number: int, experiment: Experiment, outcome: Outcome, seconds: float) -> None:
    what = "FAILED" if outcome.violations else "converged" if outcome.converged else "reported correctly"
    met = "" if outcome.struck else ", moment not reached"
    name = f"{experiment.fault.name}@{experiment.moment}"
    print(f"{number:3} {name} ({experiment.topology}): {what}{met}, run {outcome.elapsed:.0f} s, total {seconds:.0f} s")
    for violation in outcome.violations:
        print(f"      {violation}")
    for line in outcome.story:
        print(f"        {line}")
    for message in [str(one.result.get("msg")) for one in outcome.runs if one.result and one.result.get("failed")]:
        print("".join(f"      | {line}\n" for line in message.splitlines()), end="")
    sys.stdout.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    options = _parser().parse_args(arguments)
    if options.named:
        return named_faults.main([])
    os.environ["ANSIBLE_COLLECTIONS_PATH"] = str(collections_path())
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    seed = random.SystemRandom().randrange(1_000_000) if options.seed is None else options.seed
    chosen = _chosen(options, seed)
    print(f"seed {seed}, {options.minutes:g} minutes", flush=True)
    try:
        rows, broken = run(chosen, time.monotonic() + 60 * options.minutes)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    print(f"\n{table([options.only[0]] if options.only else options.faults, rows)}")
    for one in broken:
        print(one)
    print(f"{len(broken)} violations; seed {seed}")
    return 1 if broken or not rows else 0


def _chosen(options: argparse.Namespace, seed: int) -> Iterable[Experiment]:
    lines, brokers = (
        [options.kafka] if options.kafka else KAFKA_LINES,
        [options.brokers] if options.brokers else BROKERS,
    )
    delays = [0, DEFAULT_DELAY_MS] if options.delay is None else [int(1000 * options.delay)]
    if options.only is not None:
        fault, moment = options.only
        topology = Topology(options.kafka or DEFAULT_KAFKA, options.brokers or 1, int(1000 * (options.delay or 0)))
        return [Experiment(fault, moment, topology)]
    topologies = [Topology(*each) for each in itertools.product(lines, brokers, delays)]
    return experiments(seed, options.faults, topologies)


def _faults(text: str) -> list[Fault]:
    """The faults with these comma-separated names."""
    unknown = sorted(set(text.split(",")) - BY_NAME.keys())
    if unknown:
        raise argparse.ArgumentTypeError(f"no such fault: {', '.join(unknown)}")
    return [BY_NAME[name] for name in text.split(",")]


def _fault_and_moment(text: str) -> tuple[Fault, Moment]:
    name, _at, moment = text.partition("@")
    try:
        return _faults(name)[0], parse(moment)
    except ValueError as problem:
        raise argparse.ArgumentTypeError(str(problem)) from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m testing.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, help="seed of all random choices (default: a new one, which is printed)")
    parser.add_argument(
        "--minutes", type=float, default=60.0, help="start no experiment after this time (default: %(default)g)"
    )
    parser.add_argument(
        "--named", action="store_true", help="inject the faults that cluster_health must name instead, each once"
    )
    parser.add_argument("--kafka", choices=KAFKA_LINES, help="use only this Kafka version")
    parser.add_argument("--brokers", type=int, choices=BROKERS, help="use only this number of brokers")
    parser.add_argument("--delay", type=float, help="use only this rebalance delay, in seconds")
    parser.add_argument(
        "--faults",
        type=_faults,
        default=list(FAULTS),
        help=f"comma-separated faults to draw from: {', '.join(BY_NAME)}",
    )
    parser.add_argument(
        "--only",
        type=_fault_and_moment,
        metavar="FAULT@MOMENT",
        help="run a single experiment, for example kill-leader@write3-after",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
