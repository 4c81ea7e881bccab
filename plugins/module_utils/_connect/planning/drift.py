# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What another run or user has changed since the snapshot that the plan is based on: checked before each batch, and
once more at the end of a longer run.

Connect has no conditional write, so this shortens the time in which two runs can overwrite each other unnoticed, but
does not remove it; docs/development/design.md explains what remains.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from ..errors import ConnectError, Outcome
from ..model import Config, Connector, state_of
from ..snapshot.cluster import Cluster
from .change import Change

PlanAgain = Callable[[Change, "Connector | None"], Change]
"""Plans the connector of a change again, over what is stored now (None: nothing). Raises ConnectError if that is no
longer possible.
"""

_DONE_TO = {"running": "resumed", "paused": "paused", "stopped": "stopped"}
_NAMED_KEYS = 5


class DriftError(ConnectError):
    """Another user or run has changed the connector since the plan, and `on_drift` is fail; nothing was written."""

    kind = "drift"
    outcome = Outcome.NOT_DONE


def drift_of(seen: Connector | None, now: Connector | None) -> str:
    """What differs from the earlier snapshot, in words; empty if nothing does.

    Of the state only requests of users count: connectors fail, start and move without one.
    """
    before = _config(seen)
    after = _config(now)
    if before is None or after is None:
        return "" if before is after else "created it" if before is None else "deleted it"
    differences = []
    if before != after:
        keys = sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
        more = f" and {len(keys) - _NAMED_KEYS} more" if len(keys) > _NAMED_KEYS else ""
        differences.append(f"changed {', '.join(keys[:_NAMED_KEYS])}{more}")
    was, is_now = state_of(seen), state_of(now)
    if was and is_now and was != is_now:
        differences.append(f"{_DONE_TO[is_now]} it")
    return " and ".join(differences)


def check_drift(change: Change, now: Connector | None, plan_again: PlanAgain) -> tuple[Change, str]:
    """The change that the stored config now requires, and in words what another user or run did, where that matters.

    Raises ConnectError if the change is no longer possible.
    """
    differences = drift_of(change.before, now)
    if not differences:
        return change, ""
    if change.purged:
        return change._replace(
            steps=(), purged=False, reason="not purged: another user or run uses it", before=now
        ), differences
    again = plan_again(change, now)
    # For example, a pause in the meantime does not affect a pending update.
    matters = again.steps != change.steps or _config(change.before) != _config(now)
    return again, differences if matters else ""


def _config(stored: Connector | None) -> Config | None:
    return stored.config if stored is not None else None


FINAL_READS = 3
FINAL_READ_PAUSE = 1.0
"""Seconds between reads: another worker may be a moment behind the one that answered before."""


@dataclass(frozen=True)
class FinalCheck:
    """`overtaken`: what another user or run has done, in words, by connector. `found`: all connectors then; None if the
    cluster could not be read.
    """

    overtaken: Mapping[str, str]
    found: Mapping[str, Connector] | None


def check_for_late_drift(
    cluster: Cluster, expected: Mapping[str, Connector | None], others: Collection[str] = ()
) -> FinalCheck:
    """Whether connectors are still as `expected` (None: absent). `others` existed, too.

    If the cluster can no longer be read, connectors count as unchanged.
    """
    left = dict(expected)
    differences: dict[str, str] = {}
    found: Mapping[str, Connector] | None = None
    try:
        for number in range(FINAL_READS):
            if number:
                cluster.run.pause(FINAL_READ_PAUSE)
            known = [name for name, seen in left.items() if seen is not None]
            found = cluster.reread([*known, *others], ())
            differences = {name: text for name, seen in left.items() if (text := drift_of(seen, found.get(name)))}
            left = {name: left[name] for name in differences}
            if not differences:
                break
    except ConnectError:
        return FinalCheck({}, None)
    return FinalCheck(differences, found)
