# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A notification callback that writes each task's outcome to the file RECORDER_FILE, one JSON object per line."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: recorder
type: notification
short_description: Writes each task's outcome to a file
description:
  - Fields are C(task), C(host), C(item) (of a loop, else null), C(status), C(result), and the seconds of the machine's
    monotonic clock at which the task was C(started) and C(ended).
requirements:
  - enable in configuration
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "recorder"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self) -> None:
        super().__init__()
        self._file = Path(os.environ["RECORDER_FILE"])
        self._started: dict[str, float] = {}

    def v2_runner_on_start(self, host: Any, task: Any) -> None:
        self._started[f"{host}/{task._uuid}"] = time.monotonic()

    def v2_runner_on_ok(self, result: Any) -> None:
        self._write(result, "ok")

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:  # noqa: ARG002  # Ansible's interface
        self._write(result, "failed")

    def v2_runner_on_skipped(self, result: Any) -> None:
        self._write(result, "skipped")

    def v2_runner_on_unreachable(self, result: Any) -> None:
        self._write(result, "unreachable")

    def v2_runner_item_on_ok(self, result: Any) -> None:
        self._write(result, "ok", item=True)

    def v2_runner_item_on_failed(self, result: Any) -> None:
        self._write(result, "failed", item=True)

    def _write(self, outcome: Any, status: str, *, item: bool = False) -> None:
        # Public since ansible-core 2.19, private before.
        host, task, result = (
            getattr(outcome, name, None) or getattr(outcome, f"_{name}") for name in ("host", "task", "result")
        )
        entry: Mapping[str, Any] = {
            "task": task.name,
            "host": str(host),
            "item": result.get("item") if item else None,
            "status": status,
            "started": self._started.get(f"{host}/{task._uuid}", 0.0),
            "ended": time.monotonic(),
            "result": dict(result),
        }
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry, default=str) + "\n")
