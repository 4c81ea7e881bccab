# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes in batches, and rolls failed changes back.

Imports `planning`, `reporting`, `rest`, `snapshot` and `waiting`, and the files of the root.
"""
