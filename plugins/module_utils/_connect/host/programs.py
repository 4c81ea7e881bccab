# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs programs of the host, bounded in time and output."""

from __future__ import annotations

import os
import select
import subprocess
import time
from collections import deque
from collections.abc import Sequence
from typing import IO, NamedTuple

LARGEST_OUTPUT = 1024 * 1024
"""Bytes. What exceeds them is not read."""


class HostError(Exception):
    """The host cannot be inspected; the message is one line for the user."""


class Deadline:
    """The end of the time that an inspection may take."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds that are left. Raises HostError if there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise HostError(f"the host was not inspected within {self.seconds:g} s -> set timeout")
        return left


class Output(NamedTuple):
    """What a program has printed. `status` is its exit status, 127 if the host does not have it."""

    status: int
    text: str


MISSING = Output(127, "")


def output_of(command: Sequence[str], deadline: Deadline, *, with_errors: bool = False) -> Output:
    """Return the output, with that for errors only if requested. Raises HostError at the deadline."""
    try:
        # The file is closed by the `with` below, and the child has its own copy.
        process = subprocess.Popen(  # pylint: disable=ansible-bad-function  # the engine imports nothing of Ansible
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if with_errors else subprocess.DEVNULL,
            env={**os.environ, "LC_ALL": "C"},
        )
    except OSError:
        return MISSING
    with process:
        try:
            data = _read(process.stdout, process, deadline) if process.stdout else b""
            process.wait(timeout=deadline.left())
        except (HostError, subprocess.TimeoutExpired):
            raise HostError(f"{command[0]} did not end within {deadline.seconds:g} s -> check the host") from None
        finally:
            if process.poll() is None:
                process.kill()
    return Output(process.returncode, data.decode("utf-8", "replace"))


def _read(pipe: IO[bytes], process: subprocess.Popen[bytes], deadline: Deadline) -> bytes:
    descriptor, data = pipe.fileno(), b""
    while len(data) < LARGEST_OUTPUT:
        ready, _writable, _failed = select.select([descriptor], [], [], deadline.left())
        if not ready:
            continue
        block = os.read(descriptor, 65536)
        if not block:
            return data
        data += block
    process.kill()
    return data


class Tail(NamedTuple):
    """The end of what a program has printed. `truncated`: whether its beginning was dropped."""

    status: int
    data: bytes
    truncated: bool


def tail_of(command: Sequence[str], largest: int, deadline: Deadline) -> Tail:
    """Return the last `largest` bytes of the output, and a little more. Raises HostError at the deadline."""
    try:
        # The file is closed by the `with` below, and the child has its own copy.
        process = subprocess.Popen(  # pylint: disable=ansible-bad-function  # the engine imports nothing of Ansible
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "LC_ALL": "C"},
        )
    except OSError:
        return Tail(MISSING.status, b"", False)
    with process:
        try:
            blocks, truncated = _last_blocks(process.stdout, largest, deadline) if process.stdout else (deque(), False)
            process.wait(timeout=deadline.left())
        except (HostError, subprocess.TimeoutExpired):
            raise HostError(f"{command[0]} did not end within {deadline.seconds:g} s -> set timeout") from None
        finally:
            if process.poll() is None:
                process.kill()
    return Tail(process.returncode, b"".join(blocks), truncated)


def _last_blocks(pipe: IO[bytes], largest: int, deadline: Deadline) -> tuple[deque[bytes], bool]:
    descriptor, size, truncated = pipe.fileno(), 0, False
    blocks: deque[bytes] = deque()
    while True:
        ready, _writable, _failed = select.select([descriptor], [], [], deadline.left())
        if not ready:
            continue
        block = os.read(descriptor, 65536)
        if not block:
            return blocks, truncated
        blocks.append(block)
        size += len(block)
        while size - len(blocks[0]) >= largest:
            size -= len(blocks.popleft())
            truncated = True
