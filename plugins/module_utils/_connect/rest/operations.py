# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The REST operations of a Connect worker, with the properties that matter for a request."""

from __future__ import annotations

from typing import NamedTuple


class RestOperation(NamedTuple):
    """One REST operation. `waits_for_herder`: it queues behind the worker's herder thread (up to its own 90 s).

    `writes` is False for GET and for validate, which change nothing. A `repeatable` write is idempotent.
    """

    name: str
    method: str
    waits_for_herder: bool = True
    writes: bool = False
    repeatable: bool = True


ROOT = RestOperation("root", "GET", waits_for_herder=False)
LIST = RestOperation("list", "GET", waits_for_herder=False)
STATUS = RestOperation("status", "GET", waits_for_herder=False)
CONNECTOR = RestOperation("connector", "GET")
TASKS = RestOperation("tasks", "GET")
TOPICS = RestOperation("topics", "GET", waits_for_herder=False)
HEALTH = RestOperation("health", "GET", waits_for_herder=False)
PLUGINS = RestOperation("plugins", "GET", waits_for_herder=False)
DEFINITIONS = RestOperation("definitions", "GET", waits_for_herder=False)
VALIDATE = RestOperation("validate", "PUT")
CREATE = RestOperation("create", "POST", writes=True, repeatable=False)
PUT_CONFIG = RestOperation("put_config", "PUT", writes=True)
DELETE = RestOperation("delete", "DELETE", writes=True)
PAUSE = RestOperation("pause", "PUT", writes=True)
RESUME = RestOperation("resume", "PUT", writes=True)
STOP = RestOperation("stop", "PUT", writes=True)
LOGGERS = RestOperation("loggers", "GET", waits_for_herder=False)
LOGGER = RestOperation("logger", "GET", waits_for_herder=False)
SET_LEVEL = RestOperation("set_level", "PUT", waits_for_herder=False, writes=True)
SET_CLUSTER_LEVEL = RestOperation("set_cluster_level", "PUT", writes=True)
RESTART = RestOperation("restart", "POST", writes=True, repeatable=False)
OFFSETS = RestOperation("offsets", "GET")
ALTER_OFFSETS = RestOperation("alter_offsets", "PATCH", writes=True)
RESET_OFFSETS = RestOperation("reset_offsets", "DELETE", writes=True)
