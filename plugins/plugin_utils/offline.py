# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The controller side of modules that talk to no worker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.offline import execute_offline
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.options import Parameters
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.desired.source import DesiredSet
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.reporting.report import Report
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.action import COLLECTION, KafkaConnectAction


class OfflineAction(KafkaConnectAction):
    """As its parent, with an operation that needs no cluster; it has no limits of time, which no write would need."""

    offline_operation: ClassVar[staticmethod[[Parameters], tuple[Report, frozenset[str]]]]

    def _run_here(
        self, parameters: dict[str, Any], desired: DesiredSet | None, variables: Mapping[str, Any]
    ) -> dict[str, Any]:
        del desired, variables
        return execute_offline(self.offline_operation, parameters)

    def _run_as_module(
        self, parameters: dict[str, Any], desired: DesiredSet | None, variables: dict[str, Any]
    ) -> dict[str, Any]:
        del desired
        result: dict[str, Any] = self._execute_module(
            module_name=f"{COLLECTION}.{self.specification.name}",
            module_args=parameters,
            task_vars=variables,
            wrap_async=self._task.async_val,
        )
        return result
