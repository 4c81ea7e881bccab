# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What other users of the machine can see during a run: command lines, environments, files in temporary folders."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

INTERVAL = 0.1
"""Seconds between two checks: a fraction of the run time of the shortest module."""


@dataclass
class Watch:
    """What was visible of processes (the `roots`) and all their descendants, and of files in `folders`.

    `open_files` are those that contain one of `canaries` and that the file system lets others read; `held` all that
    contain one.
    """

    roots: Sequence[int]
    folders: Sequence[Path]
    canaries: Sequence[str]
    command_lines: set[str] = field(default_factory=set)
    environments: set[str] = field(default_factory=set)
    held: set[str] = field(default_factory=set)
    open_files: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._family = set(self.roots)
        self._read: dict[str, int] = {}

    def look(self) -> None:
        self._find_family()
        for process in self._family:
            # Some processes have ended in the meantime.
            with suppress(OSError):
                self.command_lines.add(_words(f"/proc/{process}/cmdline"))
            with suppress(OSError):
                self.environments.add(_words(f"/proc/{process}/environ"))
        for folder in self.folders:
            self._look_into(folder)

    def _find_family(self) -> None:
        """A process that once belonged to the tree stays in it until it ends, even if init adopts it (as for async ones)."""
        living: set[int] = set()
        waiting = [*self._family]
        while waiting:
            process = waiting.pop()
            with suppress(OSError):
                waiting += [child for child in _children(process) if child not in living]
                living.add(process)
        self._family = living

    def _look_into(self, folder: Path) -> None:
        for directory, _directories, names in os.walk(folder):
            for name in names:
                path = os.path.join(directory, name)
                with suppress(OSError):
                    self._look_at(folder, path)

    def _look_at(self, folder: Path, path: str) -> None:
        changed = os.stat(path).st_mtime_ns
        if self._read.get(path) == changed:
            return
        with open(path, "rb") as file:
            content = file.read()
        self._read[path] = changed
        if any(canary.encode() in content for canary in self.canaries):
            self.held.add(path)
            if _others_can_read(folder, path):
                self.open_files.add(path)


@contextmanager
def watching(roots: Sequence[int], folders: Sequence[Path], canaries: Sequence[str]) -> Iterator[Watch]:
    """A Watch that runs until the block ends; its own errors are raised there."""
    watch = Watch(roots, folders, canaries)
    over = threading.Event()
    errors: list[Exception] = []

    def look() -> None:
        try:
            while not over.wait(INTERVAL):
                watch.look()
        except Exception as error:  # noqa: BLE001  # raised by the thread that waits for this one
            errors.append(error)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield watch
    finally:
        over.set()
        thread.join()
    if errors:
        raise errors[0]


def _children(process: int) -> list[int]:
    """Those of this process only: reading the parents of all processes of the machine takes a fifth of a core."""
    found: list[int] = []
    for thread in os.listdir(f"/proc/{process}/task"):
        with open(f"/proc/{process}/task/{thread}/children", encoding="ascii") as file:
            found += map(int, file.read().split())
    return found


def _words(path: str) -> str:
    with open(path, "rb") as file:
        return file.read().replace(b"\0", b" ").decode("utf-8", "replace")


def _others_can_read(folder: Path, path: str) -> bool:
    """Whether its mode, and those of its parent directories below `folder`, let any other user read it."""
    leading = [parent for parent in Path(path).parents if parent.is_relative_to(folder)]
    return bool(os.stat(path).st_mode & 0o044) and all(os.stat(parent).st_mode & 0o011 for parent in leading)
