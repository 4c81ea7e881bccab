# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ways of a run, one function for each kind of module: look, plan, check, apply, wait, report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from .api import Api
from .batches import split_batches
from .client import Client
from .clock import Clock
from .cluster import Cluster, is_unsettled
from .errors import InputError, Outcome, Problem, RequestError
from .model import Connector, Desired, Present, RunState, Snapshot
from .options import RunOptions
from .patterns import is_pattern, matcher
from .plan import Change, Rules, plan_connectors, plan_restart, plan_state, refuse
from .results import ConnectorResult, Report, report_of
from .transport import Connection, Transport

if TYPE_CHECKING:
    from .drift import Replan


@dataclass(frozen=True)
class StateOptions:
    """What connector_state wants: `wanted` a run state, or "restarted" with the options of KIP-745."""

    names: tuple[str, ...]
    wanted: RunState | str
    include_tasks: bool = True
    only_failed: bool = False


def open_cluster(connection: Connection, clock: Clock, kafka_cluster_id: str = "") -> Cluster:
    """A cluster that nothing has been asked of yet. Raises InputError for URLs that can't be right."""
    return Cluster(Api(Client(Transport(connection), clock)), kafka_cluster_id)


def ensure_connectors(cluster: Cluster, desired: Sequence[Desired], options: RunOptions) -> Report:
    """Brings the connectors into the desired state. Failures of single connectors are in the report, others are
    raised.
    """
    split_batches((), options.apply.batches)
    snapshot = cluster.look()
    changes = plan_connectors(desired, snapshot, options.rules)
    if any(_rests_on_absence(item, snapshot) for item in desired):
        snapshot = cluster.look_until_ready(item.name for item in desired)
        changes = plan_connectors(desired, snapshot, options.rules)
    unsettled = [
        item.name
        for item in desired
        if isinstance(item, Present)
        and item.state
        and item.name in snapshot.connectors
        and is_unsettled(snapshot.connectors[item.name])
    ]
    if unsettled:
        snapshot = cluster.look_until_settled(snapshot, unsettled, is_unsettled)
        changes = plan_connectors(desired, snapshot, options.rules)
    if any(change.steps for change in changes):
        cluster.identify()
        cluster.same_connect(snapshot)
        changes = plan_connectors(desired, snapshot, replace(options.rules, features=cluster.features))
    wanted = {item.name: item for item in desired}

    def replan(change: Change, now: Connector | None) -> Change:
        found = Snapshot({} if now is None else {now.name: now})
        rules = replace(options.rules, features=cluster.features, purge=None)
        return plan_connectors([wanted[change.name]], found, rules)[0]

    return _carry_out(cluster, changes, options, replan)


def ensure_state(cluster: Cluster, wanted: StateOptions, options: RunOptions) -> Report:
    """Brings existing connectors into a run state, or restarts them. Patterns that match nothing are a warning, names
    an error.
    """
    snapshot = cluster.look()
    plain = [name for name in wanted.names if not is_pattern(name)]
    if any(name not in snapshot.connectors for name in plain):
        snapshot = cluster.look_until_ready(plain)
    names = _resolve(wanted.names, snapshot, cluster.warnings)
    if any(is_unsettled(snapshot.connectors[name]) for name in names):
        snapshot = cluster.look_until_settled(snapshot, names, is_unsettled)
        names = tuple(name for name in names if name in snapshot.connectors)
    changes = _state_changes(names, snapshot, wanted, options.rules)
    if any(change.steps for change in changes):
        cluster.identify()
        cluster.same_connect(snapshot)
        refuse(changes, replace(options.rules, features=cluster.features))

    def replan(change: Change, now: Connector | None) -> Change:
        if now is None:
            raise _gone(change.name)
        rules = replace(options.rules, features=cluster.features)
        again = _state_changes([change.name], Snapshot({now.name: now}), wanted, rules)
        refuse(again, rules)
        return again[0]

    return _carry_out(cluster, changes, options, replan)


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


def _rests_on_absence(item: Desired, snapshot: Snapshot) -> bool:
    stored = snapshot.connectors.get(item.name)
    return stored is None or stored.config is None


def _carry_out(cluster: Cluster, changes: Sequence[Change], options: RunOptions, replan: Replan) -> Report:
    if not options.report_path and not any(change.steps or change.settling for change in changes):
        return report_of([ConnectorResult(change, Outcome.DONE) for change in changes], cluster.warnings)
    # Most runs change nothing, and Ansible compiles a collection's code anew in each: they need not wait for this.
    from .execution import carry_out  # noqa: PLC0415  # a run without changes does not pay for it

    return carry_out(cluster, changes, options, replan)
