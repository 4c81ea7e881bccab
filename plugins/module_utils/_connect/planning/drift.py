# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What somebody else has changed between the look that the plan rests on and the write: one more look tells. Pure.

Connect has no conditional write, so this makes the time in which two runs can overwrite each other unseen short, not
nothing; docs/design.md says what remains.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..errors import ConnectError, Outcome
from ..model import Config, Connector, state_of
from .change import Change

Replan = Callable[[Change, "Connector | None"], Change]
"""Plans one connector anew: its former change and what is stored now. Raises ConnectError where there is no way any
more.
"""

_DONE_TO = {"running": "resumed", "paused": "paused", "stopped": "stopped"}
_NAMED_KEYS = 5


class DriftError(ConnectError):
    """Somebody else has changed the connector since the plan, and `on_drift` is fail; nothing was written."""

    kind = "drift"
    outcome = Outcome.NOT_DONE


def drift_of(seen: Connector | None, now: Connector | None) -> str:
    """In words what differs from what was seen before; empty when nothing does.

    Of the state only what somebody has asked for counts: connectors fail, start and are moved by themselves.
    """
    before = _config(seen)
    after = _config(now)
    if before is None or after is None:
        return "" if before is after else "created it" if before is None else "deleted it"
    said = []
    if before != after:
        keys = sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
        more = f" and {len(keys) - _NAMED_KEYS} more" if len(keys) > _NAMED_KEYS else ""
        said.append(f"changed {', '.join(keys[:_NAMED_KEYS])}{more}")
    was, is_now = state_of(seen), state_of(now)
    if was and is_now and was != is_now:
        said.append(f"{_DONE_TO[is_now]} it")
    return " and ".join(said)


def look_at_drift(change: Change, now: Connector | None, replan: Replan) -> tuple[Change, str]:
    """The change as what is stored now calls for it, and in words what somebody else did, where that matters.

    Raises ConnectError where there is no way to carry it out any more.
    """
    said = drift_of(change.before, now)
    if not said:
        return change, ""
    if change.purged:
        return replace(change, steps=(), purged=False, reason="not purged: somebody uses it", before=now), said
    again = replan(change, now)
    # Somebody who paused what is to be updated, say, changes nothing of what is to be done.
    matters = again.steps != change.steps or _config(change.before) != _config(now)
    return again, said if matters else ""


def _config(stored: Connector | None) -> Config | None:
    return stored.config if stored is not None else None
