# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Records that sinks could not process, in their dead letter topics (KIP-298).

`read.py` reads topics, through `group`; every other file is pure.
Imports `group`, `history`, `planning` and `triage`, and the files of the root.
"""
