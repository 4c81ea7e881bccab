# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""While the cluster keeps refusing changes: asks the brokers whether waiting can help.

Through REST, a leader that advertises a wrong URL looks like a rebalance that does not end (409), or like a leader that has
just died (500 "IO Error trying to forward REST request"). Neither error names a URL; the group's membership does.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

from ..errors import ConnectError
from ..snapshot.cluster import Cluster
from .brokers import Brokers
from .group_findings import GroupFinding, explain_leader
from .membership import Membership, read_group

EVERY = 15.0
"""Seconds between two reads of the group."""

DEPARTED_AFTER = 30.0
"""Seconds for which a leader whose URL refuses connections must have stayed a member. A crashed leader is no longer a member
by then: the group drops it after session.timeout.ms, 10 s by default.
"""


@dataclass
class LeaderCheck:
    """The leader during one run, as the brokers know it. Thread-safe."""

    cluster: Cluster
    brokers: Brokers
    group_id: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _asked: float | None = None
    _refusing: tuple[str, float] = ("", 0.0)
    _found: GroupFinding | None = None
    _brokers_failed: bool = False

    def explain(self) -> tuple[str, str] | None:
        """Why changes cannot reach the leader, and the fix; None while waiting may help."""
        with self._lock:
            now = time.monotonic()
            due = self._asked is None or now - self._asked >= EVERY
            if self._found is None and due and not self._brokers_failed:
                self._found = self._query(now)
                self._asked = time.monotonic()
            return (self._found.evidence, self._found.advice) if self._found is not None else None

    def _query(self, now: float) -> GroupFinding | None:
        try:
            membership = read_group(self.cluster, self.cluster.api.expanded(), self.brokers, self.group_id)
        except ConnectError as error:
            self._brokers_failed = True
            self.cluster.warnings.append(f"the brokers can't show what is wrong with the leader: {error.message}")
            return None
        return self._certain(membership, now)

    def _certain(self, membership: Membership, now: float) -> GroupFinding | None:
        evidence = explain_leader(membership.group, membership.view)
        finding = next(
            (found for found in membership.findings if found.evidence == evidence and found.severity == "error"), None
        )
        if finding is None or finding.kind != "unreachable_url":
            self._refusing = ("", 0.0)
            return finding
        leader = membership.group.leader
        member = leader.member_id if leader is not None else ""
        if self._refusing[0] != member:
            self._refusing = (member, now)
        return finding if now - self._refusing[1] >= DEPARTED_AFTER else None
