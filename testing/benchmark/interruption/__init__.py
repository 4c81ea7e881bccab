# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long tasks are interrupted while workers join, leave and restart: the collection's playbooks and manual commands.

Measured from outside: each task writes a record every twentieth of a second into a separate topic, and the gaps between
records count.
"""
