# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of causes as a whole. Values only."""

from __future__ import annotations

from . import (
    change_logs,
    converters,
    databases,
    documents,
    kafka,
    network,
    objects,
    search,
    transforms,
    warehouses,
    worker,
)

SPECIFIC = (
    *kafka.CAUSES,
    *transforms.CAUSES,
    *converters.CAUSES,
    *change_logs.CAUSES,
    *databases.CAUSES,
    *documents.CAUSES,
    *search.CAUSES,
    *warehouses.CAUSES,
    *objects.CAUSES,
    *worker.CAUSES,
    *network.SPECIFIC,
)
"""Rows that name a system, in the order in which they are tried for one exception."""

GENERAL = (*converters.GENERAL, *transforms.GENERAL, *databases.GENERAL, *worker.GENERAL, *network.GENERAL)
"""Rows for what any system may report. They are tried after all exceptions were compared with the specific ones."""

LAST = network.LAST
"""Rows that say only that another system did not respond."""

KINDS = frozenset(row.kind for row in (*SPECIFIC, *GENERAL, *LAST))
"""The kinds of all causes."""
