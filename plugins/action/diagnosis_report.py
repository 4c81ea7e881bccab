# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean
from ansible.utils.display import Display

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.diagnosis_report import (
    DIAGNOSIS_REPORT,
    diagnosis_report,
)
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.action import KafkaConnectAction

display = Display()


class ActionModule(KafkaConnectAction):
    specification = DIAGNOSIS_REPORT
    operation = staticmethod(diagnosis_report)

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        if boolean(self._task.args.get("show_lines", False), strict=False) and not self._task.no_log:
            for line in result.get("lines", ()):
                display.display(line)
        return result
