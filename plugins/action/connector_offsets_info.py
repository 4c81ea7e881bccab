# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.connector_offsets_info import (
    CONNECTOR_OFFSETS_INFO,
    connector_offsets_info,
)
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.action import KafkaConnectAction


class ActionModule(KafkaConnectAction):
    specification = CONNECTOR_OFFSETS_INFO
    operation = staticmethod(connector_offsets_info)
