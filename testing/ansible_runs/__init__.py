# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs ansible-playbook for tests, and records the result of each task."""

from __future__ import annotations

from .interpreters import Interpreter, make_interpreter
from .playbook import PlaybookRun, TaskRecord, play, run_playbook, start_playbook, task

__all__ = [
    "Interpreter",
    "PlaybookRun",
    "TaskRecord",
    "make_interpreter",
    "play",
    "run_playbook",
    "start_playbook",
    "task",
]
