# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The REST operations of a Connect worker, and what must be known of each to ask for it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Operation:
    """One REST operation. `waits_for_herder`: it queues behind the worker's herder thread (up to its own 90 s).

    `writes` is False for GET and for validate, which change nothing; `repeatable` writes say what shall be, so that
    sending one twice is sending it once.
    """

    name: str
    method: str
    waits_for_herder: bool = True
    writes: bool = False
    repeatable: bool = True


ROOT = Operation("root", "GET", waits_for_herder=False)
LIST = Operation("list", "GET", waits_for_herder=False)
STATUS = Operation("status", "GET", waits_for_herder=False)
CONNECTOR = Operation("connector", "GET")
TASKS = Operation("tasks", "GET")
TOPICS = Operation("topics", "GET", waits_for_herder=False)
HEALTH = Operation("health", "GET", waits_for_herder=False)
PLUGINS = Operation("plugins", "GET", waits_for_herder=False)
DEFINITIONS = Operation("definitions", "GET", waits_for_herder=False)
VALIDATE = Operation("validate", "PUT")
CREATE = Operation("create", "POST", writes=True, repeatable=False)
PUT_CONFIG = Operation("put_config", "PUT", writes=True)
DELETE = Operation("delete", "DELETE", writes=True)
PAUSE = Operation("pause", "PUT", writes=True)
RESUME = Operation("resume", "PUT", writes=True)
STOP = Operation("stop", "PUT", writes=True)
RESTART = Operation("restart", "POST", writes=True, repeatable=False)
