# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Actions that always run on the controller, and reach the worker's host through Ansible's own modules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleConnectionFailure

from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.action import KafkaConnectAction


class HostAction(KafkaConnectAction):
    """Runs on the controller. `become`, the connection and its Python are those of the worker's host."""

    _supports_async = False

    def _runs_here(self, variables: Mapping[str, Any]) -> bool:
        del variables
        return True

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
