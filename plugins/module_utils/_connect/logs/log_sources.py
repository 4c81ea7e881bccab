# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads a worker's log on its host: the journal of a service, or a file with its rotated ones. Bounded in bytes and time."""

from __future__ import annotations

import gzip
import os
import re
import stat
import zlib
from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ..host.programs import Deadline, HostError, tail_of
from .log_records import Line

LONGEST_READ = 1_048_576
"""Bytes of a line that are read at once."""
SHORTEST_ENTRY = 100
"""Bytes of an entry of the journal, on average at least: limits the number of entries that are requested."""
LARGEST_UNPACKED = 16
"""A compressed file is read from its beginning: up to this many times the limit in bytes."""

_ENTRY = re.compile(r"(\d{1,12}\.\d{1,6}) \S{1,256} [^\s:]{1,256}: ?")


class LogSource(NamedTuple):
    """What is read: the lines in their order, oldest first. `truncated`: whether older lines exist that are not read.

    `files`: the paths, oldest first; empty for the journal.
    """

    lines: Iterable[Line]
    size: int
    truncated: bool
    files: tuple[str, ...] = ()


def journal_source(service: str, since: float, largest: int, deadline: Deadline) -> LogSource:
    """The newest entries of the journal of a service, up to `largest` bytes. Raises HostError."""
    command = [
        "journalctl",
        f"--unit={service}",
        f"--since=@{int(since)}",
        f"--lines={max(largest // SHORTEST_ENTRY, 1)}",
        "--output=short-unix",
        "--all",
        "--no-pager",
        "--quiet",
    ]
    found = tail_of(command, largest, deadline)
    if found.status == 127:
        raise HostError("the host has no journalctl -> set file to the path of the worker's log")
    if found.status != 0 and not found.data:
        raise HostError(f"the journal of {service} cannot be read -> set become, and correct service")
    return LogSource(_entries(found.data, dropped=found.truncated), len(found.data), found.truncated)


def _entries(data: bytes, *, dropped: bool) -> Iterator[Line]:
    at = 0.0
    raw_lines = data.split(b"\n")
    # If the beginning was dropped, the first line is a part of one.
    for raw in raw_lines[1:] if dropped else raw_lines:
        text = raw.decode("utf-8", "replace")
        head = _ENTRY.match(text)
        if head is not None:
            at, text = float(head[1]), text[head.end() :]
        yield Line(text, at)


def file_source(path: str, since: float, largest: int, deadline: Deadline) -> LogSource:
    """The newest bytes of a file and of those that it was rotated to. Raises HostError."""
    left, truncated = largest, False
    chosen: list[tuple[str, int]] = []
    for name, size in _files(path, since):
        if left <= 0:
            truncated = True
            break
        if name.endswith(".gz"):
            chosen.append((name, left))
            # Text becomes a tenth of its size or less.
            left -= 10 * size
        else:
            chosen.append((name, min(size, left)))
            truncated = truncated or size > left
            left -= size
    chosen.reverse()
    reader = _Reader(chosen, largest, deadline)
    return LogSource(
        reader.lines(), min(largest - max(left, 0), largest), truncated, tuple(name for name, _size in chosen)
    )


def _files(path: str, since: float) -> list[tuple[str, int]]:
    """The file and its rotated ones that may have lines since then, with their sizes, the newest first."""
    found = [(float("inf"), path, _size_of(path))]
    folder, name = os.path.split(path)
    stem, extension = os.path.splitext(name)
    try:
        others = os.listdir(folder or ".")
    except OSError:
        others = []
    for other in others:
        dated = other.startswith(f"{stem}-") and other[len(stem) + 1 : len(stem) + 2].isdigit()
        dated = dated and other.endswith((extension, f"{extension}.gz"))
        if other == name or not (dated or other.startswith((f"{name}.", f"{name}-"))):
            continue
        whole = os.path.join(folder, other)
        try:
            status = os.stat(whole)
        except OSError:
            continue
        if stat.S_ISREG(status.st_mode) and status.st_mtime >= since:
            found.append((status.st_mtime, whole, status.st_size))
    found.sort(reverse=True)
    return [(whole, size) for _time, whole, size in found]


def _size_of(path: str) -> int:
    try:
        status = os.stat(path)
    except FileNotFoundError:
        raise HostError(f"{path} does not exist -> correct file") from None
    except OSError as error:
        raise HostError(f"{path} cannot be read: {os.strerror(error.errno or 0)} -> set become") from None
    if not stat.S_ISREG(status.st_mode):
        raise HostError(f"{path} is not a file -> correct file")
    if not os.access(path, os.R_OK):
        raise HostError(f"{path} cannot be read by the user of the task -> set become")
    return status.st_size


class _Reader:
    def __init__(self, files: list[tuple[str, int]], largest: int, deadline: Deadline) -> None:
        self._files = files
        self._largest = largest
        self._deadline = deadline

    def lines(self) -> Iterator[Line]:
        for path, size in self._files:
            try:
                if path.endswith(".gz"):
                    yield from self._packed(path, size)
                else:
                    yield from self._plain(path, size)
            except FileNotFoundError:
                # The worker has just rotated or deleted it.
                continue
            except OSError as error:
                raise HostError(f"{path} cannot be read: {os.strerror(error.errno or 0)} -> set become") from None

    def _plain(self, path: str, size: int) -> Iterator[Line]:
        with open(path, "rb") as file:
            begin = max(os.fstat(file.fileno()).st_size - size, 0)
            if begin:
                # The line there is usually a part of one.
                file.seek(begin - 1)
                file.readline(LONGEST_READ)
            for number, raw in enumerate(iter(lambda: file.readline(LONGEST_READ), b"")):
                if number % 10_000 == 0:
                    self._deadline.left()
                yield Line(raw.decode("utf-8", "replace"))

    def _packed(self, path: str, size: int) -> Iterator[Line]:
        blocks: deque[bytes] = deque()
        kept = unpacked = 0
        dropped = False
        with gzip.open(path, "rb") as file:
            while unpacked < LARGEST_UNPACKED * self._largest:
                self._deadline.left()
                try:
                    block = file.read(65536)
                except (EOFError, zlib.error, OSError):
                    # Not complete, or no such file: what came before is still of use.
                    break
                if not block:
                    break
                blocks.append(block)
                kept, unpacked = kept + len(block), unpacked + len(block)
                while kept - len(blocks[0]) >= size:
                    kept -= len(blocks.popleft())
                    dropped = True
        raw_lines = b"".join(blocks).split(b"\n")
        for raw in raw_lines[1:] if dropped else raw_lines:
            yield Line(raw.decode("utf-8", "replace"))
