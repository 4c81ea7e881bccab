# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How many connectors are changed at a time (BATCHES in _ansible/arguments.py)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  batches:
    description:
      - How many connectors are changed before the next ones are begun. Each entry is a count or a percentage of all
        connectors to be changed, and the last entry repeats, as in Ansible's C(serial).
      - With V([1, "25%", "100%"]) one connector is tried first, then a quarter, then the rest.
      - The next batch begins only when the one before it is proven (with O(wait=true)) and nothing has failed, or
        O(continue_on_error=true).
      - Empty by default, so all are changed at once. That costs the fewest rebalances.
    type: list
    elements: str
    default: []
  continue_on_error:
    description:
      - Whether the other connectors are still changed when one fails, be it in a check before the first write, while
        it is written or while it is waited for. The task fails in the end all the same.
      - The default is V(false), because a fault in one config is often in the next one too. Then a fault found by a
        check stops the task before anything is changed. After a later failure nothing further is begun.
    type: bool
    default: false
"""
