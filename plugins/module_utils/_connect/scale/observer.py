# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Observes a cluster during a scaling action, and shows progress."""

from __future__ import annotations

import time

from ..group.brokers import BrokersClient
from ..group.delay_clock import DelayClock
from ..group.protocol import Group
from ..model import Snapshot
from ..snapshot.cluster import Cluster
from .evidence import GroupSnapshot
from .model import ScaleRequest

POLL_PAUSE = 0.4
"""Seconds between two snapshots: short, because they measure how long work is unassigned."""
PROGRESS_EVERY = 10.0


class GroupObserver:
    """Reads the workers' group from the brokers, and the connectors from the workers."""

    def __init__(self, cluster: Cluster, client: BrokersClient, request: ScaleRequest) -> None:
        self.cluster = cluster
        self.client = client
        self.request = request
        self.run = cluster.run
        self._shown_at = 0.0
        self._clock = DelayClock()

    def group(self) -> Group:
        """The workers' group now; a group without members when the brokers know none. Raises BrokersError."""
        return self.client.group(self.request.group_id) or Group(self.request.group_id, "Empty", "", "")

    def read(self, *, first: bool = False) -> GroupSnapshot:
        """One snapshot. `first`: there may be no worker yet that could list connectors. Raises BrokersError and RequestError."""
        group = self.group()
        now = time.time()
        ends = self._clock.ends(group, now) if group.is_stable else 0.0
        if first and not group.members:
            return GroupSnapshot(group, Snapshot({}), now)
        return GroupSnapshot(group, self.cluster.read(), now, ends)

    def progress(self, text: str) -> None:
        """Shows what the run waits for, at a bounded rate."""
        now = time.monotonic()
        if now - self._shown_at >= PROGRESS_EVERY:
            self._shown_at = now
            self.run.event(text)
