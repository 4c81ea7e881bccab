# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is seen of a cluster while one of its workers comes or goes, and what a person is told meanwhile."""

from __future__ import annotations

import time

from ..group.brokers import BrokersClient
from ..group.protocol import Group
from ..model import Snapshot
from ..snapshot.cluster import Cluster
from .evidence import GroupSnapshot
from .model import ScaleRequest

POLL_PAUSE = 0.4
"""Seconds between two looks: short, since what nobody owns is timed by them."""
PROGRESS_EVERY = 10.0
SAME_PROGRESS_EVERY = 60.0


class GroupObserver:
    """Asks the brokers for the workers' group, and the workers for their connectors."""

    def __init__(self, cluster: Cluster, client: BrokersClient, wanted: ScaleRequest) -> None:
        self.cluster = cluster
        self.client = client
        self.wanted = wanted
        self.run = cluster.run
        self._shown = ("", 0.0)

    def group(self) -> Group:
        """The workers' group as it is now; one without members when the brokers know none. Raises BrokersError."""
        return self.client.group(self.wanted.group_id) or Group(self.wanted.group_id, "Empty", "", "")

    def look(self, *, first: bool = False) -> GroupSnapshot:
        """One look. `first`: there may be no worker yet, and then there is nobody to ask for connectors. Raises
        BrokersError and RequestError.
        """
        group = self.group()
        if first and not group.members:
            return GroupSnapshot(group, Snapshot({}))
        return GroupSnapshot(group, self.cluster.look())

    def progress(self, text: str) -> None:
        """Tells what is waited for, not too often."""
        last, at = self._shown
        now = time.monotonic()
        if now - at >= (SAME_PROGRESS_EVERY if text == last else PROGRESS_EVERY):
            self._shown = text, now
            self.run.event(text)
