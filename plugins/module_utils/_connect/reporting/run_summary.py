# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Summarizes the changes of a run in one line. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import on_a_line
from .report import ConnectorResult

SHOWN_NAMES = 3

_DONE = {
    "create": "created",
    "update": "updated",
    "delete": "deleted",
    "pause": "paused",
    "resume": "resumed",
    "stop": "stopped",
    "restart": "restarted",
}
"""Actions in the order of the summary, and their past participles."""


def connectors_summary(results: Sequence[ConnectorResult], *, check_mode: bool) -> str:
    """`60 created (a, b, c … 57 more), 1 deleted (d)`, in check mode `would create 60 (...), delete 1 (d)`. Empty if
    nothing was changed.
    """
    names: dict[str, list[str]] = {}
    for result in results:
        if result.changed:
            names.setdefault(result.change.action, []).append(result.change.name)
    actions = sorted(names, key=lambda action: list(_DONE).index(action) if action in _DONE else len(_DONE))
    if check_mode:
        summary = ", ".join(f"{action} {len(names[action])} ({_named(names[action])})" for action in actions)
        return f"would {summary}" if summary else ""
    return ", ".join(
        f"{len(names[action])} {_DONE.get(action, action)} ({_named(names[action])})" for action in actions
    )


def files_summary(names: Sequence[str], secrets_file: str, *, check_mode: bool) -> str:
    """The summary of an export: the connectors whose files differ; if none differ, the file of secrets."""
    what = f"{len(names)} file{'s' if len(names) != 1 else ''} ({_named(names)})" if names else on_a_line(secrets_file)
    return f"would write {what}" if check_mode else f"wrote {what}"


def _named(names: Sequence[str]) -> str:
    shown = ", ".join(map(on_a_line, names[:SHOWN_NAMES]))
    return f"{shown} … {len(names) - SHOWN_NAMES} more" if len(names) > SHOWN_NAMES else shown
