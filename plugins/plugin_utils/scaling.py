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
from ansible.errors import AnsibleConnectionFailure

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.invocation import Operation
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.worker_scale import (
    worker_scale,
)
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.action import KafkaConnectAction
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.batch import HostsOfTask
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.service import Service

_ITEMS = itertools.count()
"""Ansible starts a process for each host of a task, which creates an action plugin for each item of a loop."""


class ScalingAction(KafkaConnectAction):
    """Runs on the controller. `become`, the connection and its Python are those of the worker's host."""

    _supports_async = False

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._item = next(_ITEMS)
        self._attempts = itertools.count()

    def _runs_here(self, variables: Mapping[str, Any]) -> bool:
        del variables
        return True

    def _operation(self, variables: Mapping[str, Any]) -> Operation:
        # The shared data of one item or attempt does not apply to the next one.
        task = f"{self._task._uuid} item {self._item} attempt {next(self._attempts)}"
        batch = HostsOfTask(Path(DEFAULT_LOCAL_TMP), task, variables.get("ansible_play_batch") or [])
        return partial(worker_scale, partial(Service, partial(self._run_module, variables)), batch)

    def _run_module(self, variables: Mapping[str, Any], name: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        checking = self._task.check_mode
        # Queries of the host must run in check mode, too; nothing else is requested then.
        self._task.check_mode = False
        try:
            result: Mapping[str, Any] = self._execute_module(
                module_name=name, module_args=dict(arguments), task_vars=dict(variables)
            )
        except AnsibleConnectionFailure as error:
            # Return what Ansible itself returns for a task. If raised, it would look like a bug of the collection.
            return {"unreachable": True, "msg": str(error)}
        finally:
            self._task.check_mode = checking
        return result
