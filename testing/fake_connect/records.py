# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The state of one connector, immutable, and its JSON as the REST interface shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

TargetState = Literal["RUNNING", "PAUSED", "STOPPED"]

Config = Mapping[str, str]
"""A connector's or task's stored configuration: every value a string."""

Offset = tuple[Mapping[str, Any], Mapping[str, Any]]
"""A source or sink partition and its offset."""

MASK = "****"


@dataclass(frozen=True)
class Status:
    """One status record. `version` is the plugin's, None if a worker that lost the work wrote the record."""

    state: str
    worker_id: str
    trace: str = ""
    version: str | None = None


@dataclass(frozen=True)
class ConnectorRecord:
    """Everything that the cluster knows about one connector.

    `config` is None once the connector is deleted and only its status remains. `status` is None until a worker has
    written one. `task_configs` is the content of the config topic, `tasks` the status records: they differ for a while.
    `epoch` counts the changes that cancel earlier events. `sticky_failures` (by task, None for the connector itself)
    are traces with which every start fails, until a test removes them.
    """

    name: str
    config: Config | None
    type: str = "unknown"
    target: TargetState = "RUNNING"
    status: Status | None = None
    task_configs: tuple[Config, ...] = ()
    tasks: Mapping[int, Status] = field(default_factory=dict)
    offsets: tuple[Offset, ...] = ()
    topics: tuple[str, ...] = ()
    epoch: int = 0
    sticky_failures: Mapping[int | None, str] = field(default_factory=dict)
    secret_keys: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Rendering:
    """How a cluster shows its records: with versions since Kafka 4.1, masked if a vendor's build masks secrets."""

    versions: bool = True
    masked: bool = False

    def status(self, status: Status) -> dict[str, Any]:
        shown: dict[str, Any] = {"state": status.state, "worker_id": status.worker_id}
        if self.versions:
            shown["version"] = status.version
        if status.trace:
            shown["trace"] = status.trace
        return shown

    def task(self, index: int, status: Status) -> dict[str, Any]:
        return {"id": index, **self.status(status)}

    def state_info(self, record: ConnectorRecord) -> dict[str, Any]:
        """StateInfo. Only for records that have a status."""
        if record.status is None:
            raise LookupError(record.name)
        tasks = [self.task(index, status) for index, status in sorted(record.tasks.items())]
        kind = "unknown" if record.config is None else record.type
        return {"name": record.name, "connector": self.status(record.status), "tasks": tasks, "type": kind}

    def config(self, record: ConnectorRecord, config: Config) -> dict[str, str]:
        if not self.masked:
            return dict(config)
        return {key: MASK if key in record.secret_keys else value for key, value in config.items()}

    def connector_info(self, record: ConnectorRecord) -> dict[str, Any]:
        """ConnectorInfo. Only for records that have a config."""
        if record.config is None:
            raise LookupError(record.name)
        tasks = [{"connector": record.name, "task": index} for index in range(len(record.task_configs))]
        return {
            "name": record.name,
            "config": self.config(record, record.config),
            "tasks": tasks,
            "type": record.type,
        }

    def tasks_info(self, record: ConnectorRecord) -> list[dict[str, Any]]:
        return [
            {"id": {"connector": record.name, "task": index}, "config": self.config(record, config)}
            for index, config in enumerate(record.task_configs)
        ]
