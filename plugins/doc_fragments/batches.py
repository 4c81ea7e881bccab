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
      - How many connectors to change before starting with the next ones. Each entry is a number or a percentage of all
        connectors to be changed, and the last entry repeats, as in Ansible's C(serial).
      - With V([1, "25%", "100%"]) the task changes one connector first, then a quarter, then the rest.
      - The next batch only starts after the previous one is proven (with O(wait=true)) and nothing has failed, unless
        O(continue_on_error=true).
      - Empty by default, so that all connectors are changed at once, which costs the fewest rebalances.
    type: list
    elements: str
    default: []
  continue_on_error:
    description:
      - Whether to continue with the other connectors if one fails, be it in a check before the first write, during its write
        or during the wait. The task still fails at the end.
      - The default is V(false), because an error in one configuration is often in the next one too. An error found by a check
        then stops the task before it changes anything. After a later failure the task starts no further change.
    type: bool
    default: false
"""
