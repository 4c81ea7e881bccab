# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long a task waits for a change (WAIT in _ansible/arguments.py)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  wait:
    description:
      - Whether to wait until each change is proven, that is, until connector and tasks are in the desired state with the
        desired configuration and have remained so for O(stable_for).
      - The default is V(true), because Kafka Connect accepts changes long before they work. With V(false) a change is done as
        soon as a worker has accepted it, and O(wait_timeout) and O(stable_for) have no effect.
    type: bool
    default: true
  wait_timeout:
    description:
      - Seconds to wait in the whole task, for all connectors and batches together.
      - A change that is not proven by then fails with its last state, the root cause from its stack trace and a suggested
        fix. The timeout itself does not undo it.
      - Most connectors start within seconds. V(300) also covers slow ones and a rebalance or two. Raise it for tasks that
        change hundreds of connectors in batches.
      - The wait ends early once every change is either proven or failed.
    type: float
    default: 300
  stable_for:
    description:
      - Seconds for which connector and tasks must remain in the desired state before the change counts as proven.
      - A status has no timestamp, so one from before a change looks like one from after it. Also, a connector that cannot
        reach its system often runs for some seconds before it fails. V(10) detects most of these cases.
      - All connectors of a batch are watched together, so this time is spent once for each batch, not for each connector.
    type: float
    default: 10
"""
