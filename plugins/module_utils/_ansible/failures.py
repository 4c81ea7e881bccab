# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The message of a task in which connectors failed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .._connect.reporting.report import ConnectorResult

SHOWN_FAILURES = 5
"""Maximum number of lines in a message that report why connectors failed."""
SHOWN_NAMES = 3


def connectors_failed(
    failed: Sequence[ConnectorResult], entries: Sequence[dict[str, Any]], total: int
) -> dict[str, Any]:
    """Return one line for each connector that failed, or for all that failed alike, with the cause and the fix.
    Connectors that were not begun are counted.
    """
    reported = [entry for entry in entries if entry.get("failed") and entry["error_kind"] != "not_begun"]
    alike: dict[str, list[str]] = {}
    for entry in reported:
        alike.setdefault(_why(entry), []).append(entry["name"])
    lines = [f"{_named(names)}: {why}" for why, names in alike.items()]
    more = sum(len(names) for names in list(alike.values())[SHOWN_FAILURES:])
    if more:
        lines[SHOWN_FAILURES:] = [f"and {more} more: see connectors"]
    not_begun = len(failed) - len(reported)
    if not_begun:
        lines.append(f"{not_begun} further connector{'s were' if not_begun > 1 else ' was'} not begun")
    head = f"{len(reported)} of {total} connectors failed:\n" if total > 1 else ""
    first = reported[0] if reported else entries[0]
    error = {
        "kind": first["error_kind"],
        "message": first["error"],
        "advice": first["advice"],
        "outcome": first["outcome"],
        "connectors": [entry["name"] for entry in reported],
    }
    return {"failed": True, "msg": head + "\n".join(lines), "error": error}


def _named(names: list[str]) -> str:
    shown = ", ".join(f'"{name}"' for name in names[:SHOWN_NAMES])
    more = f" and {len(names) - SHOWN_NAMES} more" if len(names) > SHOWN_NAMES else ""
    return f"connector{'s' if len(names) > 1 else ''} {shown}{more}"


def _why(entry: dict[str, Any]) -> str:
    error = entry["error"].removeprefix(f'connector "{entry["name"]}": ')
    parts = [error, entry["cause"] if entry["cause"] not in entry["error"] else "", entry["advice"]]
    text = ": ".join(part for part in parts[:2] if part)
    if parts[2]:
        text += f" -> {parts[2]}"
    return text + (f" ({entry['rollback']})" if entry.get("rollback") else "")
