# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which findings time does not fix, so that a wait for health ends instead of using up its time limit. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from ..errors import BrokersCause

AT_ONCE = 0.0
SEVERAL_READS = 20.0
"""Seconds in which a rebalance, or a new coordinator of the group, no longer explains what several reads show."""
OLD_MEMBERS = 60.0
"""Seconds in which a killed worker is still a member beside its successor: above session.timeout.ms in any sensible setup."""

LASTS_AFTER: Mapping[str, float] = {
    "not_a_connect_group": AT_ONCE,
    "loopback_url": AT_ONCE,
    "wrong_url": SEVERAL_READS,
    "two_clusters": SEVERAL_READS,
    "second_group": SEVERAL_READS,
    "no_members": SEVERAL_READS,
    "bootstrap_wrong": SEVERAL_READS,
    "internal_topic_missing": SEVERAL_READS,
    "internal_topic_not_compacted": AT_ONCE,
    "internal_topic_partitions": AT_ONCE,
    "same_url": OLD_MEMBERS,
}
"""Seconds after which a finding of this kind counts as one that time does not fix. Any other may end by itself: a rebalance ends,
a worker comes back, another user or program restarts what has failed.
"""

GROUP_UNKNOWN_LASTS_AFTER: Mapping[BrokersCause, float] = {
    "no_client": AT_ONCE,
    "denied": AT_ONCE,
    "unusable": SEVERAL_READS,
    "no_group": SEVERAL_READS,
    "several_groups": SEVERAL_READS,
}
"""The same for `group_unknown`, by its cause. A broker that does not respond may be restarting."""

NEED_READY_WORKERS = frozenset({"no_members", "no_group", "internal_topic_missing"})
"""Kinds and causes that workers produce while they start. A worker is ready only as a member of its group."""
