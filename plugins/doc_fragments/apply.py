# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How changes are carried out (APPLY in _ansible/arguments.py)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  max_parallel:
    description:
      - How many connectors are validated or written at the same time.
      - Writes that arrive together share a rebalance. Writes one after another cost a rebalance or two each.
      - V(8) saves most of the rebalances. More, up to about 32, saves some time, but the validation of a database
        connector may open a connection to that database for each.
    type: int
    default: 8
  on_drift:
    description:
      - What to do when somebody else has changed a connector between the look that this task decided on and its write.
        One more look, just before each batch, tells. Connect has no conditional write, so what is changed in the
        moment after that look is overwritten.
      - V(replan) decides anew for that connector, on what is there now, and says so in a warning. What would have been
        purged, and has been changed since, is left alone.
      - V(fail) writes nothing to that connector and fails with RV(error.kind) V(drift).
    type: str
    choices: [replan, fail]
    default: replan
  report_path:
    description:
      - File, on the machine where the task runs, to which each outcome is added as it happens, one JSON object in a
        line. Its mode is V(0600). Its directory must exist.
      - It says what was done when a task was killed. The next run needs no such file, it continues from what it
        finds.
      - A file that cannot be written is refused before anything is changed. When it cannot be written any more later, on
        a disk that is full, the run goes on, and a warning says so.
      - The field C(event) is one of V(run_begun), V(begun), V(written), V(proven), V(failed), V(unknown),
        V(rolled_back), V(not_begun), V(replanned), V(interrupted_after_write) and V(run_ended).
    type: path
"""
