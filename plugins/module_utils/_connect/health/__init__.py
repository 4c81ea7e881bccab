# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a cluster is healthy, and what is wrong if it is not.

Imports `dead_letters`, `group`, `history`, `info`, `jvm`, `planning`, `registry`, `reporting`, `rest`, `snapshot` and `triage`, and the files
of the root.
"""
