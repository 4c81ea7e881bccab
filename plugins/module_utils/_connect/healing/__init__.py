# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Restarts what failed for a transient cause, within limits that the status topic remembers.

`past.py` counts failures and restarts, `plan.py` decides, `entries.py` shows; these are pure. `stale.py` finds outdated statuses in the
group, `heal.py` is the run.
Imports `group`, `history`, `planning`, `reporting`, `runs`, `snapshot` and `triage`, and the files of the root.
"""
