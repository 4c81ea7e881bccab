# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When the leader stops keeping the work of a departed worker."""

from __future__ import annotations

import time

from .protocol import Group


class DelayClock:
    """Remembers when a delay was first read: the brokers return its length as of the last rebalance, but not when that was."""

    def __init__(self) -> None:
        self._group: Group | None = None
        self._ends = 0.0

    def ends(self, group: Group, now: float) -> float:
        """When the delay of this group ends at the latest, in the seconds of `now`; 0 without a delay."""
        if not group.delay:
            self._group = None
            return 0.0
        if self._group is None or self._group.members != group.members:
            self._group, self._ends = group, now + group.delay / 1000
        return self._ends


def until(ends: float, now: float) -> str:
    """`until 04:12:33, 271 s`: local time, and the seconds that are left. Both arguments are seconds since 1970."""
    return f"until {time.strftime('%H:%M:%S', time.localtime(ends))}, {max(ends - now, 0):.0f} s"
