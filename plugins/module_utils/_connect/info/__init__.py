# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read-only operations: facts about connectors, plugins and the cluster, and the export.

Imports `planning`, `registry`, `reporting`, `rest` and `snapshot`, and the files of the root.
"""
