# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A cluster's work as REST shows it: connector instances and tasks, in the terms of the group. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from ..model import Snapshot
from .protocol import CONNECTOR_ITSELF, Work, WorkItem


def work_of(snapshot: Snapshot) -> Work:
    """Everything that needs an owner: the connector instances, and the tasks of the config topic."""
    return frozenset(
        (name, task)
        for name, stored in snapshot.connectors.items()
        if stored.config is not None
        for task in (CONNECTOR_ITSELF, *stored.task_ids)
    )


def writers(snapshot: Snapshot) -> Mapping[WorkItem, str]:
    """The worker (`host:port`) that wrote the status of each connector and task; empty if there is no status."""
    found = {(name, CONNECTOR_ITSELF): stored.worker_id for name, stored in snapshot.connectors.items()}
    return found | {
        (name, task.id): task.worker_id for name, stored in snapshot.connectors.items() for task in stored.tasks
    }
