# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""While changes keep being refused: the brokers are asked whether waiting can help at all.

A leader that advertises a wrong URL looks, through REST, like a rebalance that does not end (409), or like a leader that has
just died (500 "IO Error trying to forward REST request"). Neither names a URL; the group's membership does.
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
"""Seconds between two questions for the group."""

GONE_AFTER = 30.0
"""Seconds for which a leader whose URL refuses must have been a member all the time. A dead one is none any more by then:
the group drops it after session.timeout.ms, 10 s by default.
"""


@dataclass
class LeaderCheck:
    """What the brokers say of the leader during one run. Thread-safe."""

    cluster: Cluster
    brokers: Brokers
    group_id: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _asked: float | None = None
    _refusing: tuple[str, float] = ("", 0.0)
    _found: GroupFinding | None = None
    _broken: bool = False

    def explain(self) -> tuple[str, str] | None:
        """Why no change can be handed on to the leader, and the cure; None as long as waiting may help."""
        with self._lock:
            now = time.monotonic()
            due = self._asked is None or now - self._asked >= EVERY
            if self._found is None and due and not self._broken:
                self._found = self._ask(now)
                self._asked = time.monotonic()
            return (self._found.evidence, self._found.advice) if self._found is not None else None

    def _ask(self, now: float) -> GroupFinding | None:
        try:
            membership = read_group(self.cluster, self.cluster.api.expanded(), self.brokers, self.group_id)
        except ConnectError as error:
            self._broken = True
            self.cluster.warnings.append(f"the brokers can't tell what is wrong with the leader: {error.message}")
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
        return finding if now - self._refusing[1] >= GONE_AFTER else None
