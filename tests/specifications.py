# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The argument specifications of all modules, by name."""

from __future__ import annotations

from collections.abc import Mapping

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.arguments import Specification
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.cluster_health import (
    CLUSTER_HEALTH,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.cluster_history import (
    CLUSTER_HISTORY,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.cluster_info import (
    CLUSTER_INFO,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.connector import CONNECTOR
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.connector_export import (
    CONNECTOR_EXPORT,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.connector_heal import (
    CONNECTOR_HEAL,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.connector_info import (
    CONNECTOR_INFO,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.connector_offsets import (
    CONNECTOR_OFFSETS,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.connector_offsets_info import (
    CONNECTOR_OFFSETS_INFO,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.connector_state import (
    CONNECTOR_STATE,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.connector_validate import (
    CONNECTOR_VALIDATE,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.connectors import CONNECTORS
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.dead_letter_info import (
    DEAD_LETTER_INFO,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.dead_letters import (
    DEAD_LETTERS,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.diagnosis_report import (
    DIAGNOSIS_REPORT,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.plugin_info import PLUGIN_INFO
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.properties_file import (
    PROPERTIES_FILE,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.schema_check import (
    SCHEMA_CHECK,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.schema_registry_info import (
    SCHEMA_REGISTRY_INFO,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.traffic_window import (
    TRAFFIC_WINDOW,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.verified_file import (
    VERIFIED_FILE,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.with_progress import (
    WITH_PROGRESS,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.worker_host_info import (
    WORKER_HOST_INFO,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.worker_log_info import (
    WORKER_LOG_INFO,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.worker_logger import (
    WORKER_LOGGER,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.worker_scale import (
    WORKER_SCALE,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.worker_start import (
    WORKER_START,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.worker_validate import (
    WORKER_VALIDATE,
)

SPECIFICATIONS: Mapping[str, Specification] = {
    specification.name: specification
    for specification in (
        CONNECTOR,
        CONNECTORS,
        CONNECTOR_STATE,
        CONNECTOR_HEAL,
        CONNECTOR_OFFSETS,
        CONNECTOR_OFFSETS_INFO,
        CONNECTOR_INFO,
        PLUGIN_INFO,
        CONNECTOR_VALIDATE,
        CLUSTER_INFO,
        CLUSTER_HEALTH,
        CLUSTER_HISTORY,
        DEAD_LETTER_INFO,
        DEAD_LETTERS,
        DIAGNOSIS_REPORT,
        WORKER_VALIDATE,
        CONNECTOR_EXPORT,
        TRAFFIC_WINDOW,
        SCHEMA_CHECK,
        SCHEMA_REGISTRY_INFO,
        WORKER_SCALE,
        PROPERTIES_FILE,
        VERIFIED_FILE,
        WITH_PROGRESS,
        WORKER_HOST_INFO,
        WORKER_LOG_INFO,
        WORKER_LOGGER,
        WORKER_START,
        PROPERTIES_FILE,
    )
}
