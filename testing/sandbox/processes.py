# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts, finds and ends processes that outlive the program that started them."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from .errors import SandboxError

# The shell exits at once, so that init adopts the process and reaps it when it ends.
_DETACH = 'log=$1; shift; "$@" </dev/null >>"$log" 2>&1 & echo $!'

_INTERRUPTS = (signal.SIGINT, signal.SIGTERM)


@dataclass(frozen=True)
class Process:
    """A process that we started: its pid, and its start time in the system's own format, in case the pid is reused."""

    pid: int
    started: str


class Condition(Enum):
    """The condition of a process."""

    RUNNING = "running"
    STOPPED = "stopped"
    DEAD = "dead"


def spawn(command: Sequence[str], log: Path, directory: Path) -> Process:
    """Starts a process in a session of its own (Ctrl-C of the caller does not reach it), output appended to ``log``."""
    answer = subprocess.run(
        ["sh", "-c", _DETACH, "sandbox", str(log), *command],
        stdout=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
        check=True,
        cwd=directory,
        start_new_session=True,
    )
    pid = int(answer.stdout)
    looked = _look(pid)
    return Process(pid=pid, started=looked[1] if looked else "")


def condition(process: Process | None) -> Condition:
    """Condition of the process. It counts as dead if another process has its pid."""
    looked = _look(process.pid) if process else None
    if process is None or looked is None or looked[1] != process.started or looked[0] in "ZX":
        return Condition.DEAD
    return Condition.STOPPED if looked[0] in "Tt" else Condition.RUNNING


def send(process: Process | None, number: signal.Signals) -> bool:
    """Sends a signal if this process still exists. Returns whether it does."""
    if process is None or condition(process) is Condition.DEAD:
        return False
    try:
        os.kill(process.pid, number)
    except ProcessLookupError:
        return False
    return True


def await_end(processes: Sequence[Process], timeout: float) -> None:
    """Returns when all of them have ended; raises SandboxError after ``timeout`` seconds."""
    deadline = time.monotonic() + timeout
    while left := [process.pid for process in processes if condition(process) is not Condition.DEAD]:
        if time.monotonic() > deadline:
            raise SandboxError(f"Processes {left} have not ended within {timeout:.0f} s.")
        time.sleep(0.02)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Defers SIGINT and SIGTERM to the end of the block, so that each started process is recorded."""
    if threading.current_thread() is not threading.main_thread():
        # Only the main thread is interrupted.
        yield
        return
    came: list[int] = []
    # A handler, not a blocked signal: child processes would inherit a blocked signal.
    previous = {number: signal.signal(number, lambda number, _: came.append(number)) for number in _INTERRUPTS}
    try:
        yield
    finally:
        for interrupt, handler in previous.items():
            signal.signal(interrupt, handler)
        for number in came:
            signal.raise_signal(number)


def _look(pid: int) -> tuple[str, str] | None:
    """(state letter, start time) of a process; None if it does not exist."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None if Path("/proc/self/stat").exists() else _look_with_ps(pid)
    # The command in parentheses may contain any character; the fields after it are the state (3rd), the number of
    # threads (20th) and the start time (22nd).
    fields = text.rpartition(")")[2].split()
    # A killed process is a zombie as soon as its first thread has ended, while others still hold its ports.
    ending = fields[0] == "Z" and int(fields[17]) > 1
    return "R" if ending else fields[0], fields[19]


def _look_with_ps(pid: int) -> tuple[str, str] | None:
    """The same without /proc, for example on macOS."""
    answer = subprocess.run(["ps", "-o", "state=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    words = answer.stdout.split(maxsplit=1)
    return (words[0][0], words[1].strip()) if len(words) == 2 else None
