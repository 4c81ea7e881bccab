# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run that restarts what failed for a transient cause: read, remember, plan, restart, prove, report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import ConnectError, NotHealedError
from ..history.entries import malformed_warning
from ..history.model import Window
from ..history.read import read_statuses
from ..history.times import LATEST
from ..patterns import is_pattern
from ..planning.change import Change
from ..planning.steps import Restart, Step
from ..reporting.report import Report
from ..runs.changes import apply_plan
from .entries import Entry, left_entry, message, report_lines, restarted_entry
from .model import Ailment, HealPlan, HealRules, has_failed
from .past import pasts_of
from .plan import plan_healing
from .stale import read_stale

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..group.brokers import Brokers
    from ..group.topic_reader import TopicSource
    from ..history.read import HistoryQuery
    from ..model import Connector, Snapshot
    from ..planning.run_options import RunOptions
    from ..snapshot.cluster import Cluster


@dataclass(frozen=True)
class HealRequest:
    """What to repair. `names`: names and patterns, empty for all. `history`: which topic to read, and the connectors;
    `now`: milliseconds since the epoch.
    """

    names: Sequence[str]
    rules: HealRules
    history: HistoryQuery
    brokers: Brokers
    group_id: str
    now: int
    fails_on_left: bool = False


def heal(cluster: Cluster, source: TopicSource, request: HealRequest, options: RunOptions) -> Report:
    """Restart what failed for a transient cause, and is due. Raises what the reading of the cluster and of the topic raises."""
    snapshot = cluster.read()
    _warn_of_missing(cluster, request.names, snapshot)
    chosen = [stored for name, stored in snapshot.connectors.items() if request.history.is_chosen(name)]
    if not snapshot.connectors:
        # The status topic of a cluster that never had a connector can't be recognized.
        return _reported(HealPlan((), ()), Report(warnings=cluster.warnings), request, options)
    # Read in each run, so that a memory that can't be read is known before it is needed.
    # The clock of a worker may be ahead of the one here.
    window = Window(request.now - request.rules.window, LATEST)
    statuses, read = read_statuses(source, request.history, cluster.run)
    if text := malformed_warning(read):
        cluster.warnings.append(text)
    pasts = pasts_of(statuses, window, request.history.is_chosen)
    stale = read_stale(cluster, snapshot, chosen, request.brokers, request.group_id)
    plan = plan_healing(chosen, stale, pasts, request.rules, request.now)
    for entry in map(left_entry, plan.left):
        cluster.run.event(f"left: {entry['connector']}: {entry['reason']}: {entry['cause']}")
    report = apply_plan(cluster, snapshot, [_change(one) for one in plan.restarts], options, _plan_again)
    return _reported(plan, report, request, options)


def _warn_of_missing(cluster: Cluster, names: Sequence[str], snapshot: Snapshot) -> None:
    missing = [name for name in names if not is_pattern(name) and name not in snapshot.connectors]
    cluster.warnings += [f'connector "{name}" does not exist: correct name' for name in missing]


def _change(ailment: Ailment) -> Change:
    stored = ailment.stored
    steps: list[Step] = []
    if ailment.has_failed:
        steps.append(Restart())
    if ailment.is_stale:
        steps.append(Restart(include_tasks=False, only_failed=False))
    tasks = ", ".join(map(str, ailment.tasks))
    reason = f"tasks {tasks} FAILED" if tasks else f"connector is {stored.state}"
    return Change(stored.name, tuple(steps), reason, before=stored, after=stored.config)


def _plan_again(change: Change, now: Connector | None) -> Change:
    """Another user or run has changed the connector since: restart it only if it is still needed."""
    if now is None or now.config is None:
        return change._replace(steps=(), reason="deleted meanwhile", before=now, after=None)
    is_needed = has_failed(now) or now.state == "UNASSIGNED"
    return change._replace(steps=change.steps if is_needed else (), before=now, after=now.config)


def _reported(plan: HealPlan, report: Report, request: HealRequest, options: RunOptions) -> Report:
    results = {result.change.name: result for result in report.connectors or ()}
    # Without those that another user or run has restarted or deleted first.
    restarts = [
        (ailment, restarted_entry(ailment, result, check_mode=options.check_mode))
        for ailment in plan.restarts
        if (result := results[ailment.stored.name]).changed or result.failed
    ]
    restarted = [entry for _ailment, entry in restarts]
    left = [left_entry(one) for one in plan.left]
    text = message(restarts, left, check_mode=options.check_mode)
    return Report(
        changed=report.changed,
        warnings=report.warnings,
        failure=report.failure or _failure(restarted, left, text, request),
        extra={"restarted": restarted, "left": left, "msg": text, "report": report_lines(restarted, left)},
    )


def _failure(restarted: Sequence[Entry], left: Sequence[Entry], text: str, request: HealRequest) -> ConnectError | None:
    """A restart that no worker accepted is an error. What is left, and what failed again, only where the user wants it to be."""
    refused = [entry for entry in restarted if entry["result"] == "not_restarted"]
    ill = [entry for entry in restarted if entry["result"] in ("failed_again", "not_proven")]
    if not refused and not (request.fails_on_left and (ill or left)):
        return None
    first = next(iter([*refused, *ill, *left]))
    advice = first.get("advice", "")
    return NotHealedError(text, advice)
