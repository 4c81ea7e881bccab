# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The TCP ports with a listener on this machine, found without connecting: a stopped process would keep each attempt."""

from __future__ import annotations

from pathlib import Path

_LISTEN = "0A"
_TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))


def listening_ports() -> frozenset[int]:
    """All ports in state LISTEN (Linux only)."""
    return frozenset(port for table in _TABLES if table.exists() for port in _listening(table.read_text()))


def _listening(table: str) -> set[int]:
    rows = (line.split() for line in table.splitlines()[1:])
    return {int(row[1].rpartition(":")[2], 16) for row in rows if row[3] == _LISTEN}
