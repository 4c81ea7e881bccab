# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""For how long tasks stand still while workers join, leave and restart: playbooks of the collection compared with manual commands.

Seen from outside: each task writes a record every twentieth of a second into a topic of its own, and what counts are the
times in which none came.
"""
