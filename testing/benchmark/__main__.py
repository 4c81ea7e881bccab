# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`python -m testing.benchmark [NAME ...]`: measures, and prints tables in Markdown; it never fails because of a time."""

from __future__ import annotations

import argparse
import os
import platform
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from . import creation, fleet, history, no_op, scale, state_loop, worker_role
from .interruption import cases
from .interruption.operations import Settings
from .interruption.operations import run as interruption
from .interruption.results import Conditions
from .playbooks import RunFailedError

NAMES = ("no-op", "creation", "loop", "scale", "fleet", "history")
ON_HOSTS = ("interruption", "worker-role")
"""Only if named: they need root, and separate hosts."""


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line. The exit code is 1 only if an operation did not do what was to be measured."""
    parser = argparse.ArgumentParser(
        prog="python -m testing.benchmark", description="Speed side by side with the alternatives, in one run."
    )
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help=f"{', '.join(NAMES)} (all of these when none is given), {', '.join(ON_HOSTS)} (root)",
    )
    parser.add_argument("--rounds", type=int, default=5, help="how often each case is measured (slow ones less often)")
    parser.add_argument("--connectors", type=int, default=1000, help="of the no-op")
    parser.add_argument("--uri-items", type=int, default=100, help="of the loop of uri beside it")
    parser.add_argument("--creations", type=int, default=60, help="connectors that are created")
    parser.add_argument("--max-parallel", type=int, nargs="+", default=[8, 16, 32], help="values to create them with")
    parser.add_argument("--scale", type=int, nargs="+", default=[10, 100, 1000, 2000], help="connectors of the plans")
    parser.add_argument("--fleet", type=int, default=300, help="connectors that live on a real cluster")
    parser.add_argument("--records", type=int, default=1_000_000, help="statuses of the history")
    parser.add_argument("--items", type=int, default=50, help="of the loop of connector_state")
    _add_interruption(parser.add_argument_group("interruption"))
    parser.add_argument("--quiet", action="store_true", help="only the tables")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.names if name not in (*NAMES, *ON_HOSTS)]
    if unknown:
        parser.error(f"{', '.join(unknown)}: not known; there are {', '.join((*NAMES, *ON_HOSTS))}")
    # So that a sandbox is removed however this ends.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        for line in _lines(options):
            print(line, flush=True)
    except RunFailedError as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def _add_interruption(group: argparse._ArgumentGroup) -> None:
    usual = Conditions()
    group.add_argument("--only", nargs="+", choices=cases.ONLY, default=[], metavar="CASE", help=", ".join(cases.ONLY))
    group.add_argument("--delay", type=float, default=usual.delay, help="scheduled.rebalance.max.delay.ms, in seconds")
    group.add_argument("--stable-for", type=int, default=usual.stable_for, help="rolling_stable_for")
    group.add_argument("--kafka", choices=("3.9", "4.3"), default=usual.kafka, help="of brokers and workers")
    group.add_argument("--protocol", choices=("sessioned", "compatible", "eager"), default=usual.protocol)
    group.add_argument("--exactly-once", action="store_true", help="exactly.once.source.support=enabled")
    group.add_argument("--brokers", type=int, choices=(1, 3), default=usual.brokers)
    group.add_argument(
        "--save", type=Path, metavar="FILE.json", help="for the results, added to those in it; the picture is beside it"
    )
    group.add_argument("--document", action="store_true", help="write table and picture into the documentation")


def _settings(options: argparse.Namespace) -> Settings:
    conditions = Conditions(
        kafka=options.kafka,
        delay=options.delay,
        protocol=options.protocol,
        exactly_once=options.exactly_once,
        brokers=options.brokers,
        stable_for=options.stable_for,
    )
    return Settings(conditions, options.only, options.save, options.document)


def _lines(options: argparse.Namespace) -> Iterator[str]:
    def report(text: str) -> None:
        if not options.quiet:
            print(text, file=sys.stderr, flush=True)

    yield _heading()
    for name in options.names or NAMES:
        with tempfile.TemporaryDirectory(prefix="benchmark-") as temporary:
            folder = Path(temporary)
            yield ""
            if name == "no-op":
                sizes = no_op.Sizes(options.connectors, options.uri_items, options.rounds, min(2, options.rounds))
                yield from no_op.run(sizes, folder, report)
            elif name == "creation":
                rounds = min(3, options.rounds)
                yield from creation.run(creation.Sizes(options.creations, options.max_parallel, rounds), folder, report)
            elif name == "interruption":
                yield from interruption(_settings(options), folder, report)
            elif name == "worker-role":
                yield from worker_role.run(options.rounds, folder, report)
            elif name == "fleet":
                yield from fleet.run(fleet.Sizes(options.fleet), folder, report)
            elif name == "history":
                yield from history.run(history.Sizes(options.records), folder, report)
            elif name == "scale":
                yield from scale.run(scale.Sizes(options.scale, options.rounds), folder, report)
            else:
                looped = state_loop.Sizes(options.items, options.rounds, min(2, options.rounds))
                yield from state_loop.run(looped, folder, report)


def _heading() -> str:
    return (
        f"{time.strftime('%Y-%m-%d')}, ansible-core {version('ansible-core')}, Python {platform.python_version()}, "
        f"{os.cpu_count()} x {_processor()}, load {os.getloadavg()[0]:.1f} at the start. "
        "Seconds: median; spread: quickest to slowest; net: without what an empty play takes."
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


if __name__ == "__main__":
    sys.exit(main())
