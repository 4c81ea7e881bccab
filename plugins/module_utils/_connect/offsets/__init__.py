# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A connector's offsets: the desired ones become a plan, which is carried out while the connector is stopped.

`desired.py` reads the options, `resolve.py` turns them into offsets, `plan.py` compares; these are pure. `positions.py` asks the
brokers, `write.py` writes and reads back, `ensure.py` is the run, `facts.py` only reads.
Imports `applying`, `group`, `history`, `planning`, `reporting`, `rest`, `snapshot`, `triage` and `waiting`, and the files of the root.
"""
