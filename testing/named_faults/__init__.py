# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Injects faults into a real cluster, one after another, and compares what cluster_health calls them with what they are.

``python -m testing.named_faults`` prints the table and the sums; names restrict it to some faults.
"""
