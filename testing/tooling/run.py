# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs nox sessions to the end, even if some fail, and prints a table of the results, and the errors of those that failed.

``python -m testing.tooling.run`` runs the default ones, ``--check`` the quick ones, ``--deep`` the slow rest, all of them in
lanes side by side; ``--hosts`` and ``--hosts-deep`` run those that need root and real hosts, names run those that are named, one
after another. The exit code is 0 only if every session passed. The sessions of a lane share one real cluster, which is down when
this returns.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from testing.sandbox.environment import CHECKOUT
from testing.tooling import environments
from testing.tooling.shared_sandbox import end_shared


@dataclass(frozen=True)
class Lane:
    """Sessions that run one after another, with their own real cluster if they need one."""

    sandbox: str
    arguments: tuple[str, ...]


def run(nox_arguments: list[str], *, side_by_side: bool = False) -> int:
    """Runs nox with these arguments, prints the table, returns the exit code.

    `side_by_side`: the sessions that wait for a cluster most of the time run beside those that keep a core busy.
    """
    nox = [str(environments.environment("nox")), "-m", "nox", "--noxfile", str(CHECKOUT / "noxfile.py")]
    shared = f"run{os.getpid()}"
    lanes = [Lane(shared, tuple(nox_arguments))]
    if side_by_side:
        listed = subprocess.run([*nox, "--list", "--json", *nox_arguments], capture_output=True, text=True, check=True)
        lanes = in_lanes(shared, [str(session["session"]) for session in json.loads(listed.stdout)])
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        reports = [Path(folder, f"{number}.json") for number in range(len(lanes))]
        # A person sees the first lane directly, with its colors.
        logs = [
            Path(folder, f"{number}.log") if number or not sys.stdout.isatty() else None for number in range(len(lanes))
        ]
        commands = [
            [*nox, "--report", str(report), "--no-stop-on-first-error", *lane.arguments]
            for lane, report in zip(lanes, reports, strict=True)
        ]
        try:
            code = _call_all(commands, [lane.sandbox for lane in lanes], logs)
        finally:
            for lane in lanes:
                end_shared(lane.sandbox)
        sessions = [
            session
            for report in reports
            if report.exists()
            for session in json.loads(report.read_text(encoding="utf-8"))["sessions"]
        ]
        outputs = [log.read_text(encoding="utf-8", errors="replace") for log in logs if log]
        errors = [line for output in outputs for line in errors_of_failed(output)]
    if not sessions:
        print("\nNo session ran.", file=sys.stderr)
        return code or 1
    # A log of a CI is often cut in its middle, so the errors are repeated where it ends.
    print("\n".join(["", *errors]) if errors else "")
    return summarize(sessions, time.monotonic() - began) or code


_LANES = (("integration",), ("examples", "chaos", "contract"), ("roles",))
"""Sessions that mostly wait for a cluster, split into lanes of about the same length. The last one of each starts the lane's cluster,
which uses a tenth of a core from then on.
"""

_LANES_WITHOUT_CLUSTER = (("unit",),)
"""The same where no session waits for a cluster: the unit tests take as long as all else together."""


def in_lanes(shared: str, sessions: list[str]) -> list[Lane]:
    """The lanes of these sessions: those that wait, and beside them the rest, which keeps a core busy. No lane is empty."""

    def chosen(starts: tuple[str, ...]) -> list[str]:
        return [name for start in starts for name in sessions if name.startswith(start)]

    lanes = [chosen(starts) for starts in _LANES]
    if not any(lanes):
        lanes = [chosen(starts) for starts in _LANES_WITHOUT_CLUSTER]
    lanes.append([name for name in sessions if not any(name in lane for lane in lanes)])
    # The first lane prints its output directly.
    return [Lane(f"{shared}-{number}", ("--session", *names)) for number, names in enumerate(filter(None, lanes), 1)]


def summarize(sessions: list[dict[str, object]], seconds: float) -> int:
    """Print name, seconds and result of each session of nox's report, and the seconds that the whole run has taken.

    Return 0 only if all passed and one ran. Lanes run at the same time, so the sessions may take longer together than the run.
    """
    width = max((len(str(session["name"])) for session in sessions), default=0)
    passed = [session for session in sessions if session["result"] == "success"]
    print(f"\n{'session':<{width}}  seconds  result")
    for session in sessions:
        result = "passed" if session["result"] == "success" else str(session["result"]).upper()
        print(f"{session['name']!s:<{width}}  {float(str(session['duration'])):7.1f}  {result}")
    total = sum(float(str(session["duration"])) for session in sessions)
    print(
        f"{len(passed)} of {len(sessions)} passed in {seconds / 60:.1f} minutes; {total / 60:.1f} minutes of sessions",
        flush=True,
    )
    return 0 if passed and len(passed) == len(sessions) else 1


_SESSION = re.compile(
    r"^nox > Running session (?P<name>\S+)\n(?P<output>.*?)^nox > Session (?P=name) (?P<result>was|\w+)", re.M | re.S
)
_ERROR = re.compile(r"^(TASK \[.*|fatal: .*|failed: .*|FAILED (?!- RETRYING).*|ERROR .*|E  .*|.*\berror: .*)$", re.M)
_ERRORS_PER_SESSION = 30


def errors_of_failed(output: str) -> list[str]:
    """The last errors of each session that failed, with the name of the session and of the task, from the output of nox."""
    lines = []
    for session in _SESSION.finditer(output):
        if session["result"] == "was":
            continue
        found = [match[0] for match in _ERROR.finditer(session["output"])]
        # A task's name matters only if an error follows.
        errors = [
            line
            for line, after in zip_longest(found, found[1:], fillvalue="TASK [")
            if not (line.startswith("TASK [") and after.startswith("TASK ["))
        ]
        lines += [f"Errors of {session['name']}:", *(f"  {line[:400]}" for line in errors[-_ERRORS_PER_SESSION:])]
    return lines


def _with_bytecode() -> dict[str, str]:
    """The environment in which Pythons keep the bytecode that they compile: a session of pytest begins in half the time."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _call_all(commands: list[list[str]], sandboxes: list[str], logs: Sequence[Path | None]) -> int:
    """Runs every nox to its end, and returns the first exit code that is not 0. The output of the first one is printed at once,
    that of the others when all have ended. Ctrl-C and a CI's SIGTERM interrupt all that they started, which then cleans up
    and ends.
    """
    # A handler of ours, even if a shell made us ignore SIGINT, as it does for background jobs: child processes inherit
    # ignored signals, but not handlers.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with ExitStack() as open_files:
        running: list[subprocess.Popen[bytes]] = []

        def interrupt(_number: int, _frame: object) -> None:
            for nox in running:
                with suppress(ProcessLookupError):
                    os.killpg(nox.pid, signal.SIGINT)

        for command, sandbox, log in zip(commands, sandboxes, logs, strict=True):
            output = open_files.enter_context(log.open("wb")) if log else None
            variables = {**_with_bytecode(), "STREAMOPS_SANDBOX": sandbox}
            # A process group of its own, so that each of its processes receives the signal once.
            running.append(
                subprocess.Popen(
                    command, cwd=CHECKOUT, env=variables, stdout=output, stderr=output, start_new_session=True
                )
            )
        signal.signal(signal.SIGINT, interrupt)
        signal.signal(signal.SIGTERM, interrupt)
        if logs[0]:
            _print_until_it_ends(running[0], logs[0])
        codes = [nox.wait() for nox in running]
    for log in filter(None, logs[1:]):
        print(f"\nOutput of the parallel lane:\n{log.read_text(encoding='utf-8', errors='replace')}", flush=True)
    return next((code for code in codes if code), 0)


def _print_until_it_ends(nox: subprocess.Popen[bytes], log: Path) -> None:
    """Print what is written to the log, until the program has ended."""
    with log.open(encoding="utf-8", errors="replace", newline="") as lines:
        while True:
            ended = nox.poll() is not None
            sys.stdout.write(lines.read())
            sys.stdout.flush()
            if ended:
                return
            with suppress(subprocess.TimeoutExpired):
                nox.wait(timeout=0.2)


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    words = sys.argv[1:] if arguments is None else arguments
    # As with nox, arguments after "--" are for the programs of the sessions.
    own, after = (words[: words.index("--")], words[words.index("--") :]) if "--" in words else (words, [])
    parser = argparse.ArgumentParser(prog="python -m testing.tooling.run", description=__doc__)
    parser.add_argument("--deep", action="store_true", help="other ansible-core versions, Kafka 3.9, more examples")
    parser.add_argument(
        "--check", action="store_true", help="for every save: lint, types, docs, unit of the newest core"
    )
    parser.add_argument("--hosts", action="store_true", help="roles on real hosts with systemd; needs root")
    parser.add_argument("--hosts-deep", action="store_true", help="more of these")
    parser.add_argument("sessions", nargs="*", metavar="SESSION")
    options = parser.parse_args(own)
    tags = [tag for tag in ("check", "deep", "hosts", "hosts-deep") if getattr(options, tag.replace("-", "_"))]
    chosen = ["--tags", *tags] if tags else []
    if options.sessions:
        chosen += ["--session", *options.sessions]
    chosen += after
    try:
        return run(chosen, side_by_side=tags in ([], ["check"], ["deep"]) and not options.sessions and not after)
    except (environments.NoInterpreter, subprocess.CalledProcessError) as problem:
        print(problem, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
