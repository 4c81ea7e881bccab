# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Delays of the fake cluster in real seconds; the defaults are short."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Timing:
    """Delays in seconds, counted from the request that causes the effect.

    Until `connector_status` a created connector has no status; until then, after a change, the old status stays.
    `task_configs`: when the config topic contains the tasks' configurations; `task_status`: when their statuses exist.
    `target_state`: when a pause, resume or stop takes effect; `restarting` and `restarted`: when a restart does.
    `unassigned`: when the statuses of a deleted connector turn UNASSIGNED; `forgotten`: when they are removed.
    `rebalance`: the duration of the rebalance after each change that causes one in a real cluster (0: none). `session`:
    the time until the group notices a dead leader. `request_timeout`: the worker's own limit for requests that wait for
    the herder; `health_timeout`: that of /health.
    """

    connector_status: float = 0.02
    task_configs: float = 0.03
    task_status: float = 0.04
    target_state: float = 0.02
    restarting: float = 0.01
    restarted: float = 0.03
    unassigned: float = 0.01
    forgotten: float = 0.05
    rebalance: float = 0.0
    session: float = 0.0
    request_timeout: float = 90.0
    health_timeout: float = 0.2


INSTANT = Timing(
    connector_status=0.0,
    task_configs=0.0,
    task_status=0.0,
    target_state=0.0,
    restarting=0.0,
    restarted=0.0,
    unassigned=0.0,
    forgotten=0.0,
)
"""Every effect is visible at the next request."""
