# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The logs of workers: the levels of their loggers, and what their lines show about failures.

`levels.py` and `set_levels.py` use the REST API. All other files run on the worker's host, with Python 3.7 or later alone.
Imports `history`, `host`, `reporting`, `rest`, `snapshot` and `triage`, and the files of the root.
"""
