# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way of a run that brings existing connectors into a run state, or restarts them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from ..errors import InputError, Problem, RequestError
from ..model import Connector, RunState, Snapshot
from ..patterns import is_pattern, matcher
from ..planning.change import Change, Rules
from ..planning.plan import plan_restart, plan_state, refuse_protected
from ..planning.run_options import RunOptions
from ..reporting.report import Report
from ..snapshot.cluster import Cluster, is_unsettled
from .connectors import carry_out_changes


@dataclass(frozen=True)
class StateOptions:
    """What connector_state wants: `wanted` a run state, or "restarted" with the options of KIP-745."""

    names: tuple[str, ...]
    wanted: RunState | str
    include_tasks: bool = True
    only_failed: bool = False


def ensure_state(cluster: Cluster, wanted: StateOptions, options: RunOptions) -> Report:
    """Brings existing connectors into a run state, or restarts them. Patterns that match nothing are a warning, names
    an error.
    """
    snapshot = cluster.read()
    plain = [name for name in wanted.names if not is_pattern(name)]
    if any(name not in snapshot.connectors for name in plain):
        snapshot = cluster.read_when_ready(plain)
    names = _resolve(wanted.names, snapshot, cluster.warnings)
    if any(is_unsettled(snapshot.connectors[name]) for name in names):
        snapshot = cluster.read_until_settled(snapshot, names, is_unsettled)
        names = tuple(name for name in names if name in snapshot.connectors)
    changes = _state_changes(names, snapshot, wanted, options.rules)
    if any(change.steps for change in changes):
        cluster.identify()
        cluster.same_connect(snapshot)
        refuse_protected(changes, replace(options.rules, features=cluster.features))

    def replan(change: Change, now: Connector | None) -> Change:
        if now is None:
            raise _gone(change.name)
        rules = replace(options.rules, features=cluster.features)
        again = _state_changes([change.name], Snapshot({now.name: now}), wanted, rules)
        refuse_protected(again, rules)
        return again[0]

    return carry_out_changes(cluster, changes, options, replan)


def _gone(name: str) -> RequestError:
    return RequestError(
        f'connector "{name}" is not there any more: somebody else has deleted it',
        kind="not_found",
        advice="create it first, or take it out of name",
    )


def _state_changes(names: Sequence[str], snapshot: Snapshot, wanted: StateOptions, rules: Rules) -> tuple[Change, ...]:
    stored = {name: snapshot.connectors[name] for name in names}
    if wanted.wanted == "restarted":
        return tuple(
            plan_restart(name, stored[name], include_tasks=wanted.include_tasks, only_failed=wanted.only_failed)
            for name in names
        )
    states: dict[str, RunState] = {"running": "running", "paused": "paused", "stopped": "stopped"}
    return tuple(plan_state(name, stored[name], states[wanted.wanted], rules) for name in names)


def _resolve(wanted: Iterable[str], snapshot: Snapshot, warnings: list[str]) -> tuple[str, ...]:
    names: dict[str, None] = {}
    problems = []
    for entry in wanted:
        if is_pattern(entry) and entry not in snapshot.connectors:
            found = sorted(filter(matcher(entry), snapshot.connectors))
            if not found:
                warnings.append(f'pattern "{entry}" matches no connector')
            names.update(dict.fromkeys(found))
        elif entry in snapshot.connectors:
            names[entry] = None
        else:
            problems.append(Problem(f'connector "{entry}" does not exist: {_nearest(entry, snapshot)}', entry))
    if problems:
        raise InputError(problems)
    return tuple(names)


def _nearest(name: str, snapshot: Snapshot) -> str:
    near = get_close_matches(name, snapshot.connectors, n=1)
    return f'did you mean "{near[0]}"?' if near else "create it first, or correct the name"
