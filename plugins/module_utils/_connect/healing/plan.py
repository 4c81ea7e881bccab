# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decides what is restarted. Pure: the same input gives the same plan."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from ..model import Connector
from ..triage.diagnosis import diagnose
from ..triage.signs import Transience
from .model import Ailment, HealPlan, HealRules, Left, has_failed
from .past import Past

_LONGEST_EXPONENT = 40
_ORDER: tuple[Transience, ...] = ("permanent", "unknown", "transient")
"""Of several causes, the one that forbids a restart decides: a restart would start the failed tasks together."""


def plan_healing(
    connectors: Iterable[Connector],
    stale: Collection[str],
    pasts: Mapping[str, Past],
    rules: HealRules,
    now: int,
) -> HealPlan:
    """Return the plan. `stale`: the names of connectors with an outdated status; `now`: milliseconds since the epoch."""
    restarts: list[Ailment] = []
    left: list[Left] = []
    for stored in sorted(connectors, key=lambda stored: stored.name):
        ailment = _ailment(stored, stale, pasts.get(stored.name, Past()))
        if ailment is None:
            continue
        reason = _left(ailment, rules, now)
        if reason is None:
            restarts.append(ailment)
        else:
            left.append(reason)
    return HealPlan(tuple(restarts), tuple(left))


def _ailment(stored: Connector, stale: Collection[str], past: Past) -> Ailment | None:
    is_stale = stored.name in stale
    if has_failed(stored):
        return Ailment(stored, tuple(task.id for task in stored.failed_tasks), _deciding_trace(stored), past, is_stale)
    return Ailment(stored, (), "", past, is_stale) if is_stale else None


def _left(ailment: Ailment, rules: HealRules, now: int) -> Left | None:
    """Why it is left as it is; None if it is to be restarted."""
    if rules.protected(ailment.stored.name):
        return Left(ailment, "protected")
    if not ailment.has_failed:
        return None
    transience = diagnose(ailment.trace).transience
    if transience == "permanent":
        return Left(ailment, "permanent")
    if transience == "unknown" and not rules.restarts_unknown:
        return Left(ailment, "unknown_cause")
    allowed = _allowed_from(ailment.past, rules, now)
    due = _due_at(ailment.past, rules)
    if allowed is None or allowed > now:
        return Left(ailment, "limit_reached", None if allowed is None else max(allowed, due))
    return Left(ailment, "not_due", due) if due > now else None


def _allowed_from(past: Past, rules: HealRules, now: int) -> int | None:
    """The time at which fewer than max_restarts are in the window; None if that is never."""
    if rules.max_restarts < 1:
        return None
    counted = sorted(time for time in past.restarts if time >= now - rules.window)
    if len(counted) < rules.max_restarts:
        return now
    return counted[-rules.max_restarts] + rules.window + 1


def _due_at(past: Past, rules: HealRules) -> int:
    """The end of the pause after the last failure. It is never longer than the window, after which the failure is forgotten."""
    if past.last_failure is None:
        return 0
    pause = rules.first_pause << min(max(past.failures, 1) - 1, _LONGEST_EXPONENT)
    return past.last_failure + min(pause, rules.window)


def _deciding_trace(stored: Connector) -> str:
    return min(_traces(stored), key=lambda trace: _ORDER.index(diagnose(trace).transience))


def _traces(stored: Connector) -> Iterator[str]:
    if stored.state == "FAILED":
        yield stored.trace
    yield from (task.trace for task in stored.failed_tasks)
