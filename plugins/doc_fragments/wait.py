# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long a change is waited for (WAIT in _ansible/arguments.py)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  wait:
    description:
      - Whether the task waits until each change is proven. Connector and tasks are in the wanted state, with the
        wanted config, and have stayed so for O(stable_for).
      - The default is V(true), because Kafka Connect accepts changes long before they work. With V(false) a change is
        done as soon as a worker has accepted it, and O(wait_timeout) and O(stable_for) do not count.
    type: bool
    default: true
  wait_timeout:
    description:
      - Seconds to wait in the whole task, all connectors and batches together.
      - What is not proven by then has failed with its last state, the first cause of its trace and advice.
        It is not undone by that.
      - Most connectors run within seconds. V(300) also covers slow ones and a rebalance or two. Raise it for tasks
        that change hundreds of connectors in batches.
      - The wait ends early when nothing is left to wait for, be it proven or failed.
    type: float
    default: 300
  stable_for:
    description:
      - Seconds for which connector and tasks must stay in the wanted state before that is believed.
      - A status carries no time, so the one from before a change looks like the one after it. And a connector that
        cannot reach its system often runs for some seconds before it fails. V(10) sees most of that.
      - All connectors of a batch are watched together, so this time is spent once for each batch, not for each
        connector.
    type: float
    default: 10
"""
