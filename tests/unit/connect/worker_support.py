# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Workers and findings for the tests of worker configurations."""

from __future__ import annotations

from collections.abc import Iterable

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.worker.checks import (
    WorkerChecks,
    check_all,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.worker.worker_file import (
    WorkerConfig,
    WorkerFinding,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.worker.worker_key import Version

GOOD = {
    "bootstrap.servers": "kafka-1:9092,kafka-2:9092",
    "group.id": "connect",
    "config.storage.topic": "connect-configs",
    "offset.storage.topic": "connect-offsets",
    "status.storage.topic": "connect-status",
    "key.converter": "org.apache.kafka.connect.json.JsonConverter",
    "value.converter": "org.apache.kafka.connect.json.JsonConverter",
    "listeners": "http://:8083",
    "rest.advertised.host.name": "w1.example.com",
    "plugin.path": "/opt/connect-plugins",
}
"""A configuration without findings."""

SECURE = {
    "security.protocol": "SASL_SSL",
    "sasl.mechanism": "PLAIN",
    "sasl.jaas.config": "${file:/etc/kafka/secrets.properties:jaas}",
    "ssl.truststore.location": "/etc/kafka/ca.pem",
    "ssl.truststore.type": "PEM",
    "config.providers": "file",
    "config.providers.file.class": "org.apache.kafka.common.config.provider.FileConfigProvider",
}


def worker(host: str = "w1", version: Version = (4, 3), /, without: Iterable[str] = (), **changes: str) -> WorkerConfig:
    """A valid worker with these changes; an underscore stands for a dot."""
    named = {key.replace("_", "."): value for key, value in changes.items()}
    config = {**GOOD, "rest.advertised.host.name": f"{host}.example.com", **named}
    return WorkerConfig(host, {key: value for key, value in config.items() if key not in set(without)}, version)


def findings_of(*workers: WorkerConfig, checks: WorkerChecks | None = None) -> list[tuple[str, str, bool]]:
    """The findings: key, the text after it, whether it is an error."""
    return [short(finding) for finding in check_all(workers, checks or WorkerChecks())]


def short(finding: WorkerFinding) -> tuple[str, str, bool]:
    """Key, the text after it, whether it is an error."""
    start = f'worker "{finding.host}": key "{finding.key}": '
    assert finding.text.startswith(start)
    assert finding.text.isprintable()
    return finding.key, finding.text.removeprefix(start), finding.is_error
