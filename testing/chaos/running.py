# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A deployment by ansible-playbook that is in progress."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from testing.ansible_runs import play, start_playbook, task
from testing.ansible_runs.playbook import RunningPlaybook

DEPLOY = "deploy"


@dataclass(frozen=True)
class Ended:
    """Result of a deployment. Times are in seconds since the epoch. `started` and `result` are None if the task ended
    without a result. `output` is everything that was printed.
    """

    result: dict[str, Any] | None
    started: float | None
    ended: float
    output: str
    returncode: int


class Running(Protocol):
    """A deployment that has started."""

    @property
    def ended(self) -> bool:
        """Whether the deployment has ended."""

    def interrupt(self, number: signal.Signals) -> None:
        """Sends a signal to all its processes, as a terminal does."""

    def finish(self, limit: float) -> Ended:
        """Waits at most `limit` seconds for its end."""


@dataclass(frozen=True)
class Playbook:
    """The deployment as a playbook with one task."""

    playing: RunningPlaybook
    folder: Path

    @property
    def ended(self) -> bool:
        return self.playing.process.poll() is not None

    def interrupt(self, number: signal.Signals) -> None:
        os.killpg(self.playing.process.pid, number)

    def finish(self, limit: float) -> Ended:
        played = self.playing.finish(limit=limit)
        ended = time.time()
        records = self.folder / "records.jsonl"
        output = played.output + "\n" + (records.read_text(encoding="utf-8") if records.exists() else "")
        record = next((one for one in played.records if one.task == DEPLOY), None)
        if record is None:
            return Ended(None, None, ended, output, played.returncode)
        since_boot = time.time() - time.monotonic()
        # Ansible does not pass this failure to callbacks.
        result = {**record.result, "failed": record.failed}
        return Ended(result, record.started + since_boot, record.ended + since_boot, output, played.returncode)


def start_deploy(options: Mapping[str, Any], folder: Path) -> Playbook:
    """Starts ansible-playbook with these options of the module `connectors`. All its files are below `folder`."""
    plays = [play([task("connectors", DEPLOY, options)], ignore_errors=False)]
    python = {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    return Playbook(start_playbook(plays, {"cluster": python}, folder, arguments=["--diff"]), folder)
