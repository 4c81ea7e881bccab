# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Starts ansible-playbook with plays defined in Python, and reads the results from its recorder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from testing.sandbox.environment import without_settings

COLLECTION = "streamops.kafka_connect"
CALLBACKS = Path(__file__).parent / "callback_plugins"
LIMIT = 900.0
"""Seconds after which a run that has not ended fails the test."""

Play = dict[str, Any]


@dataclass(frozen=True)
class TaskRecord:
    """One task on one host (or one item of its loop). `started` and `ended` are monotonic times of the machine."""

    task: str
    host: str
    item: Any
    status: str
    started: float
    ended: float
    result: dict[str, Any]

    @property
    def failed(self) -> bool:
        return self.status == "failed"

    @property
    def message(self) -> str:
        return str(self.result.get("msg", ""))


@dataclass(frozen=True)
class PlaybookRun:
    """A completed run. `output` is everything that it printed."""

    returncode: int
    output: str
    records: tuple[TaskRecord, ...]

    def of(self, task: str, host: str | None = None) -> TaskRecord:
        """The outcome of the task with that name. Fails with the run's output if there is none, or more than one."""
        found = [
            record
            for record in self.records
            if record.task == task and record.item is None and host in (None, record.host)
        ]
        assert len(found) == 1, f"{len(found)} outcomes of {task!r} on {host or 'any host'} in:\n{self.output}"
        return found[0]


@dataclass
class RunningPlaybook:
    """A run in progress, in a separate process group."""

    process: subprocess.Popen[str]
    records_file: Path

    def finish(self, limit: float = LIMIT) -> PlaybookRun:
        """Wait for its end. A run that hangs is ended, and fails the test."""
        try:
            output, _nothing = self.process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, 9)
            output, _nothing = self.process.communicate()
            raise AssertionError(f"ansible-playbook did not end within {limit:g} s:\n{output}") from None
        return PlaybookRun(self.process.returncode, output, read_records(self.records_file))


def task(module: str, label: str, options: Mapping[str, Any] | None = None, /, **keywords: Any) -> dict[str, Any]:
    """A task of the collection's module, or of any other if the name contains dots. `keywords` are Ansible's
    (`become`).
    """
    full = module if "." in module else f"{COLLECTION}.{module}"
    return {"name": label, full: dict(options or {}), **keywords}


def play(tasks: Sequence[Mapping[str, Any]], hosts: str = "all", **keywords: Any) -> Play:
    """A play that continues after failed tasks, so that one run can try many."""
    return {
        "name": f"Play on {hosts}",
        "hosts": hosts,
        "gather_facts": False,
        "ignore_errors": True,
        **keywords,
        "tasks": list(tasks),
    }


def start_playbook(
    plays: Sequence[Play],
    hosts: Mapping[str, Mapping[str, Any]],
    folder: Path,
    *,
    arguments: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
    python: Path | None = None,
) -> RunningPlaybook:
    """Start `plays` on `hosts` (their variables), all on this machine, with all files below `folder`.

    `python` runs ansible-playbook, by default the one that runs the test.
    """
    folder.mkdir(parents=True, exist_ok=True)
    playbook, inventory, records = folder / "playbook.yml", folder / "inventory.json", folder / "records.jsonl"
    playbook.write_text(json.dumps(list(plays)), encoding="utf-8")
    inventory.write_text(
        json.dumps({"all": {"hosts": {name: {"ansible_connection": "local", **more} for name, more in hosts.items()}}}),
        encoding="utf-8",
    )
    records.write_text("", encoding="utf-8")
    (folder / "ansible.cfg").write_text("", encoding="utf-8")  # Without the user's configuration.
    process = subprocess.Popen(
        [str(python or sys.executable), "-m", "ansible", "playbook", "-i", str(inventory), str(playbook), *arguments],
        cwd=folder,
        env=_environment(folder, records) | dict(environment or {}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    return RunningPlaybook(process, records)


def run_playbook(
    plays: Sequence[Play],
    hosts: Mapping[str, Mapping[str, Any]],
    folder: Path,
    *,
    arguments: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
    python: Path | None = None,
) -> PlaybookRun:
    """start_playbook, then wait for the end of the run."""
    return start_playbook(plays, hosts, folder, arguments=arguments, environment=environment, python=python).finish()


def read_records(file: Path) -> tuple[TaskRecord, ...]:
    return tuple(TaskRecord(**json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines())


def _environment(folder: Path, records: Path) -> dict[str, str]:
    """The test's environment without variables that change Ansible's behavior or the modules' options."""
    return without_settings() | {
        "ANSIBLE_COLLECTIONS_PATH": os.environ["ANSIBLE_COLLECTIONS_PATH"],
        "ANSIBLE_HOME": str(folder / "ansible-home"),
        "ANSIBLE_REMOTE_TEMP": str(folder / "remote-tmp"),
        "ANSIBLE_ASYNC_DIR": str(folder / "async"),
        "ANSIBLE_CONFIG": str(folder / "ansible.cfg"),
        "ANSIBLE_NOCOLOR": "1",
        # A module then uses one process instead of five, and is otherwise the same.
        "ANSIBLE_PIPELINING": "1",
        "ANSIBLE_CALLBACK_PLUGINS": str(CALLBACKS),
        "ANSIBLE_CALLBACKS_ENABLED": "recorder",
        "RECORDER_FILE": str(records),
    }
