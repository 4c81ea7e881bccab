# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the REST API says of a cluster's work, piece by piece as the group has it. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from ..model import Snapshot
from .protocol import CONNECTOR_ITSELF, Piece, Work


def work_of(snapshot: Snapshot) -> Work:
    """Everything that has to have an owner: the connector instances, and the tasks of the config topic."""
    return frozenset(
        (name, task)
        for name, stored in snapshot.connectors.items()
        if stored.config is not None
        for task in (CONNECTOR_ITSELF, *stored.task_ids)
    )


def writers(snapshot: Snapshot) -> Mapping[Piece, str]:
    """The worker (`host:port`) that has written the status of each connector and task; empty where there is none."""
    found = {(name, CONNECTOR_ITSELF): stored.worker_id for name, stored in snapshot.connectors.items()}
    return found | {
        (name, task.id): task.worker_id for name, stored in snapshot.connectors.items() for task in stored.tasks
    }
