# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: rolling_turn
short_description: Decide which workers restart or leave next
version_added: 0.2.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - When a follower leaves the group, the leader parks its tasks for C(scheduled.rebalance.max.delay.ms), five minutes by default,
    even if the worker is back after a few seconds. A new leader does not know of parked work and distributes everything at once.
  - So the worker that leads goes first. When that worker has had its turn already, a follower goes, and the leader restarts once
    more at the same time, if that costs fewer task-seconds than the wait.
  - If the leader is not known, the filter shows a warning with the reason, unless O(previous) is given.
  - The role P(streamops.kafka_connect.rolling#role) uses this filter. Use it for a rolling restart of your own.
options:
  _input:
    description:
      - The result of M(streamops.kafka_connect.cluster_health), read with O(streamops.kafka_connect.cluster_health#module:bootstrap_servers).
    type: dict
    required: true
  workers:
    description:
      - The hosts that may restart, and the URL that the worker of each advertises.
    type: dict
    required: true
  pending:
    description:
      - The hosts of O(workers) that still have to restart or leave, in the desired order.
    type: list
    elements: str
    required: true
  protected:
    description:
      - Hosts of O(workers) whose worker never restarts only to release parked work.
    type: list
    elements: str
    default: []
  order:
    description:
      - V(leader_first) lets the current leader go first, again and again.
      - V(leader_last) lets the followers go first. Each of them parks its work for O(delay).
    type: str
    choices: [leader_first, leader_last]
    default: leader_first
  release:
    description:
      - With V(auto), a leader that has had its turn restarts once more if that costs fewer task-seconds than the wait for parked work.
      - With V(never), no worker restarts for that purpose alone.
    type: str
    choices: [auto, never]
    default: auto
  batches:
    description:
      - How many workers go at once, as in Ansible's C(serial). The last entry repeats.
    type: list
    elements: str
    default: [1]
  completed_turns:
    description:
      - Number of turns in which workers have restarted or left so far.
    type: int
    default: 0
  delay:
    description:
      - Seconds of C(scheduled.rebalance.max.delay.ms). V(0) for C(connect.protocol=eager). Ignored with O(properties).
    type: float
    default: 300
  properties:
    description:
      - Text of the workers' properties files, or the lines with C(scheduled.rebalance.max.delay.ms) and C(connect.protocol). The longest
        delay counts.
    type: list
    elements: str
  min_workers:
    description:
      - Number of members that must remain at any time. Does not limit O(batches), only the additional restart of the leader.
    type: int
    default: 1
  restart_seconds:
    description:
      - Seconds for which tasks stand still when the leader restarts.
    type: float
    default: 10
  state:
    description:
      - What happens to the workers of O(pending). V(restarted) restarts them, V(left) stops them, V(joined) starts them.
    type: str
    choices: [joined, left, restarted]
    default: restarted
  requested:
    description:
      - All hosts that the run is for, including those that have changed already. By default O(pending).
    type: list
    elements: str
  reasons:
    description:
      - Why each host of O(pending) restarts, for the plan.
    type: dict
  reachable:
    description:
      - The hosts that can be reached. If the turn needs another one, the filter fails.
    type: list
    elements: str
  checked:
    description:
      - Hosts whose worker is known to start with what it runs with. A leader that is neither in O(requested) nor in this list gets the
        turn V(check) first. By default no leader is checked.
    type: list
    elements: str
  previous:
    description:
      - What the filter returned for the previous turn.
    type: dict
  results:
    description:
      - The results of M(streamops.kafka_connect.worker_scale) of the previous turn.
    type: list
    elements: dict
    default: []
seealso:
  - module: streamops.kafka_connect.worker_scale
"""

EXAMPLES = r"""
- name: Check the cluster
  streamops.kafka_connect.cluster_health:
    url: http://connect-1.example.com:8083
    bootstrap_servers: kafka-1.example.com:9092
  register: health

- name: Show which worker restarts next
  ansible.builtin.debug:
    msg: "{{ turn.hosts | join(', ') }}: {{ turn.reason }}"
  vars:
    turn: "{{ health | streamops.kafka_connect.rolling_turn(workers, pending=['connect-1', 'connect-2']) }}"
    workers:
      connect-1: http://connect-1.example.com:8083
      connect-2: http://connect-2.example.com:8083
"""

RETURN = r"""
_value:
  description:
    - The next turn.
    - C(kind) is V(change) if C(hosts) restart or leave now, V(release) if only the leader restarts to release parked work, V(wait) if
      parked work has to wait for at most C(seconds), V(check) if it must be checked whether the leader may restart, or V(done) if nothing
      is left to do.
    - C(released_by) is the host whose worker leads and restarts to release parked work. Empty if none does.
    - C(reason) is one line that explains the turn. C(line) also says what happens.
    - C(plan) has lines about the order, and about the interruption that can be expected.
    - C(confirmed) lists the hosts of O(requested) that have changed, or need not, while no work is parked for them.
    - C(completed_turns) and C(restart_seconds) count the turns so far, and the longest restart.
  type: dict
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.rolling_turn import rolling_turn


class FilterModule:
    """Entry point for Ansible."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"rolling_turn": rolling_turn}
