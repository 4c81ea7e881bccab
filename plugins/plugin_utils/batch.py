# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Shares what one host has found with the other hosts that run the same task at the same time.

Ansible forks a process for each host. The processes share a file in the temporary directory of this run of
ansible-playbook, which is removed with it.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import ConnectError, WorkerError
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.protocol import Work
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.scale.evidence import InitialState


class HostsOfTask:
    """Implements the engine's Batch. `task`: identifies the task within this run; `hosts`: those of the batch."""

    def __init__(self, folder: Path, task: str, hosts: Sequence[str]) -> None:
        name = hashlib.sha256("\n".join([task, *sorted(hosts)]).encode()).hexdigest()[:16]
        self._path = folder / f"worker-scale-{name}.json"

    def once(self, read: Callable[[], InitialState]) -> InitialState:
        with self._shared() as known:
            if "failure" in known:
                raise WorkerError(known["failure"], known["advice"])
            if "before" not in known:
                try:
                    known["before"] = _encoded(read())
                except ConnectError as error:
                    known.update(failure=f"another host of the batch failed: {error.message}", advice=error.advice)
                    raise
            return _decoded(known["before"])

    def going(self, url: str, refuse: Callable[[Sequence[str]], None]) -> None:
        with self._shared() as known:
            others = [other for other in known.get("going", ()) if other != url]
            refuse(others)
            known["going"] = [*others, url]

    @contextmanager
    def _shared(self) -> Iterator[dict[str, Any]]:
        """Yield the shared data to one host at a time, and save what it adds for the next one."""
        with self._path.open("a+", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            text = file.read()
            known = json.loads(text) if text else {}
            try:
                yield known
            finally:
                file.seek(0)
                file.truncate()
                json.dump(known, file)


def _encoded(before: InitialState) -> dict[str, Any]:
    return {
        "work": {url: sorted(work) for url, work in before.work.items()},
        "running": sorted(before.running),
        "leader": before.leader,
        "failed": sorted(before.failed),
        "unassigned": sorted(before.unassigned),
        "tasks": before.tasks,
        "delay": before.delay,
        "unassigned_connectors": sorted(before.unassigned_connectors),
    }


def _decoded(known: dict[str, Any]) -> InitialState:
    return InitialState(
        {url: _work(work) for url, work in known["work"].items()},
        _work(known["running"]),
        known["leader"],
        _work(known["failed"]),
        _work(known["unassigned"]),
        known["tasks"],
        known["delay"],
        _work(known["unassigned_connectors"]),
    )


def _work(entries: Iterable[Sequence[Any]]) -> Work:
    return frozenset((name, task) for name, task in entries)
