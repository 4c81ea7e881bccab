# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run that brings existing connectors into a run state, or restarts them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from ..errors import InputError, Problem, RequestError
from ..model import Connector, Present, RunState, Snapshot, requested_state
from ..patterns import is_pattern, matcher
from ..planning.change import Change, Rules, unchanged
from ..planning.run_options import RunOptions
from ..reporting.report import Report
from ..snapshot.cluster import Cluster, is_unsettled
from .changes import apply_plan

if TYPE_CHECKING:
    from .former_states import FormerState

_RUN_STATES: Mapping[str, RunState] = {"running": "running", "paused": "paused", "stopped": "stopped"}


class StateOptions(NamedTuple):
    """The request of connector_state. `state`: a run state, or "restarted" with the options of KIP-745."""

    names: tuple[str, ...]
    state: RunState | str
    include_tasks: bool = True
    only_failed: bool = False


def ensure_state(cluster: Cluster, request: StateOptions, options: RunOptions) -> Report:
    """Bring existing connectors into a run state, or restart them. Patterns without a match cause a warning, names an
    error.
    """
    snapshot = cluster.read()
    plain = [name for name in request.names if not is_pattern(name)]
    if any(name not in snapshot.connectors for name in plain):
        snapshot = cluster.read_when_ready(plain)
    names = _resolve(request.names, snapshot, cluster.warnings)
    if any(is_unsettled(snapshot.connectors[name]) for name in names):
        snapshot = cluster.read_until_settled(snapshot, names, is_unsettled)
        names = tuple(name for name in names if name in snapshot.connectors)
    changes = [_plan(snapshot.connectors[name], request, options.rules) for name in names]
    return apply_plan(cluster, snapshot, changes, options, partial(_plan_again, request, options.rules))


def take_back_states(cluster: Cluster, entries: Sequence[FormerState], options: RunOptions) -> Report:
    """Bring connectors back into their former run states. Leaves those alone, with a warning, that no longer exist, and those
    that another user or run has since brought into a third state.
    """
    snapshot = cluster.read()
    names = [entry.name for entry in entries if entry.name in snapshot.connectors]
    if any(is_unsettled(snapshot.connectors[name]) for name in names):
        snapshot = cluster.read_until_settled(snapshot, names, is_unsettled)
    kept = []
    for entry in entries:
        stored = snapshot.connectors.get(entry.name)
        if stored is None or stored.config is None:
            cluster.warnings.append(f'connector "{entry.name}" no longer exists: it is left out')
        elif (now := requested_state(stored)) not in (entry.before, entry.after):
            cluster.warnings.append(
                f'connector "{entry.name}" is {now.upper()}, but the report has left it {entry.after.upper()}: another user or run '
                "has changed it since, so it is left alone"
            )
        else:
            kept.append(entry)
    requests = {entry.name: StateOptions((entry.name,), entry.before) for entry in kept}
    changes = [_plan(snapshot.connectors[name], request, options.rules) for name, request in requests.items()]

    def plan_again(change: Change, now: Connector | None) -> Change:
        return _plan_again(requests[change.name], options.rules, change, now)

    return apply_plan(cluster, snapshot, changes, options, plan_again)


def _deleted(name: str) -> RequestError:
    return RequestError(
        f'connector "{name}" no longer exists: another user or run has deleted it',
        kind="not_found",
        advice="create it first, or take it out of name",
    )


def _plan(stored: Connector, request: StateOptions, rules: Rules) -> Change:
    state = _RUN_STATES.get(request.state)
    if state is not None and stored.config is not None:
        change = unchanged(Present(stored.name, stored.config, state), stored)
        if change is not None:
            return change
    from ..planning.plan import plan_restart, plan_state  # noqa: PLC0415  # compiled in every run: only runs that need it pay

    if state is None:
        return plan_restart(stored.name, stored, include_tasks=request.include_tasks, only_failed=request.only_failed)
    return plan_state(stored.name, stored, state, rules)


def _plan_again(request: StateOptions, rules: Rules, change: Change, now: Connector | None) -> Change:
    if now is None:
        raise _deleted(change.name)
    return _plan(now, request, rules)


def _resolve(requested: Iterable[str], snapshot: Snapshot, warnings: list[str]) -> tuple[str, ...]:
    names: dict[str, None] = {}
    problems = []
    for entry in requested:
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
    from difflib import get_close_matches  # noqa: PLC0415  # compiled in every run: only runs that need it pay

    near = get_close_matches(name, snapshot.connectors, n=1)
    return f'did you mean "{near[0]}"?' if near else "create it first, or correct the name"
