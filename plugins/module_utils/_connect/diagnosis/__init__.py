# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The results of cluster_health, cluster_history, connector_info and worker_log_info, put together into one report.

`assemble.py` decides, `terminal.py`, `markdown.py` and `page.py` show. Imports `group`, `health`, `history`, `info` and `rest`, and the
files of the root.
"""
