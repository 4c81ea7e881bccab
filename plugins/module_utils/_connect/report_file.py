# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report file of a run (`report_path`): one JSON line per event, readable only by its owner."""

from __future__ import annotations

import json
import os
import stat
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

from .backup import PRIVATE_FILE
from .errors import InputError, Problem
from .network_errors import file_failure


class ReportFile:
    """Appends one JSON line for each event of a connector, when it happens. Without a path it does nothing.

    `failure`: why it ended before the run, such as a full disk; empty while every event is in the file.
    """

    def __init__(self, path: str) -> None:
        self.failure = ""
        self._path = path
        self._lock = threading.Lock()
        self._descriptor = -1
        if path:
            try:
                self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, PRIVATE_FILE)
                # Only a regular file: /dev/null must not become private.
                if stat.S_ISREG(os.fstat(self._descriptor).st_mode):
                    os.fchmod(self._descriptor, PRIVATE_FILE)
                    if _ends_within_a_line(path):
                        _write_all(self._descriptor, b"\n")
            except OSError as error:
                raise self._refused(file_failure(error), "give a file in an existing directory") from error

    def begin(self, changes: Mapping[str, Sequence[str]], run_states: Mapping[str, Mapping[str, str]]) -> None:
        """Write the first line, with the planned changes, and the run states of connectors before and after them. Raises
        InputError if it can't be written.
        """
        facts: dict[str, Any] = {"run_states": run_states} if run_states else {}
        self.record("run_begun", changes=changes, **facts)
        if self.failure:
            raise self._refused(self.failure, "give another file, or omit it")

    def record(self, event: str, connector: str = "", **facts: Any) -> None:
        """`event`: begun, written, proven, failed, not_begun, unknown, rolled_back, run_ended. A failure to write does not stop
        the run.
        """
        if self._descriptor < 0:
            return
        entry: dict[str, Any] = {"time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "event": event}
        if connector:
            entry["connector"] = connector
        line = json.dumps(entry | facts, ensure_ascii=False) + "\n"
        with self._lock:
            # After an interrupt a thread may come here after close(), when the descriptor may belong to another file.
            if self._descriptor >= 0:
                try:
                    _write_all(self._descriptor, line.encode())
                except OSError as error:
                    self.failure = file_failure(error)
                    self._end()

    def close(self) -> None:
        with self._lock:
            if self._descriptor >= 0:
                self._end()

    def _end(self) -> None:
        os.close(self._descriptor)
        self._descriptor = -1

    def _refused(self, why: str, fix: str) -> InputError:
        return InputError([Problem(f"report_path {self._path} can't be written ({why}): {fix}")])


def _ends_within_a_line(path: str) -> bool:
    """Whether the previous run was killed while it wrote its last line."""
    with open(path, "rb") as file:
        if file.seek(0, os.SEEK_END) == 0:
            return False
        file.seek(-1, os.SEEK_END)
        return file.read(1) != b"\n"


def _write_all(descriptor: int, content: bytes) -> None:
    while content:
        content = content[os.write(descriptor, content) :]
