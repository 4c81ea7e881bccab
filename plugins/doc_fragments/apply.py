# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How changes are applied (APPLY in _ansible/arguments.py)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  max_parallel:
    description:
      - Maximum number of connectors to validate or write at the same time.
      - Writes that arrive together share a rebalance. Writes one after another cost one or two rebalances each.
      - The default is V(8), which saves most of the rebalances. Up to about 32 saves some more time, but each validation of a
        database connector may open a connection to that database.
    type: int
    default: 8
  on_drift:
    description:
      - What to do if another user or run changed a connector between the read on which this task based its plan and its
        write. The task reads the cluster again before each batch to detect this. Connect has no conditional write, so a
        change made after that read is overwritten.
      - V(replan) plans the connector again from its current state, and issues a warning. A connector that was to be purged and
        has been changed since is left alone.
      - V(fail) writes nothing to that connector, and fails with RV(error.kind) V(drift).
    type: str
    choices: [replan, fail]
    default: replan
  report_path:
    description:
      - File, on the machine where the task runs, to which the task appends each outcome as it happens, as one JSON object per
        line. Its mode is V(0600). Its directory must exist.
      - If a task is killed, the file shows what it did. The next run does not need the file, it continues from the current
        state.
      - If the file cannot be written, the task fails before changing anything. If it can no longer be written later, for
        example on a full disk, the run continues and issues a warning.
      - The field C(event) is one of V(run_begun), V(begun), V(written), V(proven), V(failed), V(unknown),
        V(rolled_back), V(not_begun), V(replanned), V(interrupted_after_write) and V(run_ended).
    type: path
"""
