# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs nox sessions one after another, whatever fails on the way, and sums them up in a table.

``python -m tests.tooling.run`` runs the default ones, ``--deep`` the slow rest, names those that are named. The exit
code is 0 only if every session passed. The sessions share one real cluster, which is down when this returns.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from tests.sandbox.environment import CHECKOUT
from tests.tooling import environments
from tests.tooling.shared_sandbox import end_shared


def run(nox_arguments: list[str]) -> int:
    """Runs nox with these arguments, prints the table, returns the exit code."""
    nox = [str(environments.environment("nox")), "-m", "nox", "--noxfile", str(CHECKOUT / "noxfile.py")]
    shared = f"run{os.getpid()}"
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        command = [*nox, "--report", str(report), "--no-stop-on-first-error", *nox_arguments]
        try:
            code = _call(command, {**os.environ, "STREAMOPS_SANDBOX": shared})
        finally:
            end_shared(shared)
        if not report.exists():
            print("\nNo session ran.", file=sys.stderr)
            return code or 1
        return summarise(json.loads(report.read_text(encoding="utf-8"))["sessions"]) or code


def summarise(sessions: list[dict[str, object]]) -> int:
    """Prints name, seconds and result of each session of nox's report; returns 0 only if all passed and one ran."""
    width = max((len(str(session["name"])) for session in sessions), default=0)
    passed = [session for session in sessions if session["result"] == "success"]
    print(f"\n{'session':<{width}}  seconds  result")
    for session in sessions:
        result = "passed" if session["result"] == "success" else str(session["result"]).upper()
        print(f"{session['name']!s:<{width}}  {float(str(session['duration'])):7.1f}  {result}")
    total = sum(float(str(session["duration"])) for session in sessions)
    print(f"{len(passed)} of {len(sessions)} passed in {total / 60:.1f} minutes", flush=True)
    return 0 if passed and len(passed) == len(sessions) else 1


def _call(command: list[str], variables: dict[str, str]) -> int:
    """Runs nox to its end. Ctrl-C and a CI's SIGTERM interrupt all that it started, which then cleans up and ends."""
    # A group of its own, so that every process of it is told once. And a handler of ours even where a shell made us
    # ignore SIGINT, as it does in the background: to ignore it is inherited, to handle it is not.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with subprocess.Popen(command, cwd=CHECKOUT, env=variables, start_new_session=True) as nox:

        def interrupt(_number: int, _frame: object) -> None:
            with suppress(ProcessLookupError):
                os.killpg(nox.pid, signal.SIGINT)

        signal.signal(signal.SIGINT, interrupt)
        signal.signal(signal.SIGTERM, interrupt)
        return nox.wait()


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    words = sys.argv[1:] if arguments is None else arguments
    # What follows "--" is for the sessions' own programs, as with nox.
    own, after = (words[: words.index("--")], words[words.index("--") :]) if "--" in words else (words, [])
    parser = argparse.ArgumentParser(prog="python -m tests.tooling.run", description=__doc__)
    parser.add_argument("--deep", action="store_true", help="other ansible-core versions, Kafka 3.9, more examples")
    parser.add_argument("sessions", nargs="*", metavar="SESSION")
    options = parser.parse_args(own)
    chosen = ["--tags", "deep"] if options.deep else []
    if options.sessions:
        chosen += ["--session", *options.sessions]
    chosen += after
    try:
        return run(chosen)
    except (environments.NoInterpreter, subprocess.CalledProcessError) as problem:
        print(problem, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
