# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules of a repair, and its plan. Pure data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..model import Connector
from ..patterns import Matcher
from .past import Past

Reason = Literal["permanent", "unknown_cause", "limit_reached", "not_due", "protected"]
"""Why a failed connector is left as it is. Part of the interface (`left[].reason`)."""


def has_failed(stored: Connector) -> bool:
    """Whether the connector or one of its tasks failed. A failed task of one that is paused or stopped does not have to run."""
    return stored.config is not None and (stored.state == "FAILED" or bool(stored.failed_tasks and not stored.is_idle))


@dataclass(frozen=True)
class HealRules:
    """What may be restarted. Times in milliseconds.

    At most `max_restarts` of a connector within `window`, and the nth failure in it is followed by a pause of `first_pause` times
    2 to the power of n - 1. `restarts_unknown`: whether a cause that is not known counts as transient.
    """

    max_restarts: int
    window: int
    first_pause: int
    restarts_unknown: bool
    protected: Matcher


@dataclass(frozen=True)
class Ailment:
    """A connector that failed, or whose tasks did, or that has an outdated status (`is_stale`), or both.

    `tasks`: those that failed. `trace`: the stack trace that decides; empty if nothing failed.
    """

    stored: Connector
    tasks: tuple[int, ...]
    trace: str
    past: Past
    is_stale: bool = False

    @property
    def has_failed(self) -> bool:
        """Whether the connector or one of its tasks failed."""
        return has_failed(self.stored)


@dataclass(frozen=True)
class Left:
    """A connector that is left as it is. `next_restart`: the time from which on a restart is allowed, None if there is none."""

    ailment: Ailment
    reason: Reason
    next_restart: int | None = None


@dataclass(frozen=True)
class HealPlan:
    """What to restart, and what to leave; both by name."""

    restarts: tuple[Ailment, ...]
    left: tuple[Left, ...]
