# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The controller side of worker_scale, which always runs here and reaches the worker's host through Ansible."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from ansible.constants import DEFAULT_LOCAL_TMP  # type: ignore[attr-defined]  # it is set when constants is imported

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.invocation import Operation
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.worker_scale import (
    worker_scale,
)
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.batch import HostsOfTask
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.host_action import HostAction
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.service import Service

_ITEMS = itertools.count()
"""Ansible starts a process for each host of a task, which creates an action plugin for each item of a loop."""


class ScalingAction(HostAction):
    """The hosts of one task form a batch."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._item = next(_ITEMS)
        self._attempts = itertools.count()

    def _operation(self, variables: Mapping[str, Any]) -> Operation:
        # The shared data of one item or attempt does not apply to the next one.
        task = f"{self._task._uuid} item {self._item} attempt {next(self._attempts)}"
        batch = HostsOfTask(Path(DEFAULT_LOCAL_TMP), task, variables.get("ansible_play_batch") or [])
        return partial(worker_scale, partial(Service, partial(self._run_module, variables)), batch)
