# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ways of a run, one function for each kind of module: look, plan, check, apply, wait, report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from .api import Api
from .apply import Applying, ApplyOptions, split_batches
from .client import Client
from .clock import Clock
from .cluster import Cluster, is_unsettled
from .errors import CancelledError, ConnectError, InputError, Outcome, Problem
from .model import Desired, Present, RunState, Snapshot
from .patterns import is_pattern, matcher
from .plan import Change, Rules, plan_connectors, plan_restart, plan_state, refuse
from .preflight import Checked, Checks, check_changes
from .records import Journal, prepare_backup
from .results import ConnectorResult, Report, secrets_of
from .secrets import mask_text
from .transport import Connection, Transport
from .wait import Patience, Waiter


@dataclass(frozen=True)
class RunOptions:
    """What all changing modules share. Times in seconds."""

    check_mode: bool = False
    apply: ApplyOptions = field(default_factory=ApplyOptions)
    checks: Checks = field(default_factory=Checks)
    rules: Rules = field(default_factory=Rules)
    wait_timeout: float = 300.0
    stable_for: float = 10.0
    report_path: str = ""


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
        snapshot = cluster.look_until_ready()
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
    return _carry_out(cluster, changes, options)


def ensure_state(cluster: Cluster, wanted: StateOptions, options: RunOptions) -> Report:
    """Brings existing connectors into a run state, or restarts them. Patterns that match nothing are a warning, names
    an error.
    """
    snapshot = cluster.look()
    if any(name not in snapshot.connectors for name in wanted.names if not is_pattern(name)):
        snapshot = cluster.look_until_ready()
    names = _resolve(wanted.names, snapshot, cluster.warnings)
    if any(is_unsettled(snapshot.connectors[name]) for name in names):
        snapshot = cluster.look_until_settled(snapshot, names, is_unsettled)
        names = tuple(name for name in names if name in snapshot.connectors)
    changes = _state_changes(names, snapshot, wanted, options.rules)
    if any(change.steps for change in changes):
        cluster.identify()
        refuse(changes, replace(options.rules, features=cluster.features))
    return _carry_out(cluster, changes, options)


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


def _carry_out(cluster: Cluster, changes: Sequence[Change], options: RunOptions) -> Report:
    checked = check_changes(cluster, changes, options.checks)
    failed = _check_failures(changes, checked)
    warnings = [*cluster.warnings, *checked.warnings]
    if failed and not options.apply.continue_on_error:
        _raise_all(checked)
    results = {change.name: _untouched(change, checked) for change in changes} | failed
    if options.check_mode:
        planned = [
            replace(results[change.name], changed=bool(change.steps) and change.name not in failed)
            for change in changes
        ]
        return _report(planned, warnings)
    if options.apply.backup_dir and any(change.steps for change in changes):
        prepare_backup(options.apply.backup_dir)
    journal = Journal(options.report_path)
    waiter = Waiter(
        cluster.api,
        Patience(options.wait_timeout, options.stable_for),
        options.apply.max_parallel,
        checked.defaults,
        lambda change, text: mask_text(text, secrets_of(results[change.name])),
    )
    applying = Applying(cluster, options.apply, waiter, journal, results)
    failure: ConnectError | None = None
    journal.record("run_begun", changes={change.name: list(change.actions) for change in changes if change.steps})
    try:
        applying.run(changes)
    except CancelledError as error:
        failure = error
        for change in changes:
            applying.results[change.name] = _unfinished(applying.results[change.name], error)
    finally:
        journal.record("run_ended")
        journal.close()
    return _report(
        [applying.results[change.name] for change in changes], [*cluster.warnings, *checked.warnings], failure
    )


def _untouched(change: Change, checked: Checked) -> ConnectorResult:
    outcome = Outcome.NOT_DONE if change.steps or change.settling else Outcome.DONE
    return ConnectorResult(change, outcome, password_keys=checked.password_keys.get(change.name, frozenset()))


def _check_failures(changes: Sequence[Change], checked: Checked) -> dict[str, ConnectorResult]:
    failures = {}
    for change in changes:
        error: ConnectError | None = checked.errors.get(change.name)
        if change.name in checked.problems:
            error = InputError(checked.problems[change.name])
        if error is not None:
            failures[change.name] = _untouched(change, checked).with_error(error)
    return failures


def _raise_all(checked: Checked) -> None:
    if checked.problems:
        raise InputError([problem for name in checked.problems for problem in checked.problems[name]])
    raise next(iter(checked.errors.values()))


def _unfinished(result: ConnectorResult, error: CancelledError) -> ConnectorResult:
    if result.failed or result.outcome is Outcome.DONE or not (result.change.steps or result.change.settling):
        return result
    outcome = Outcome.UNKNOWN if result.changed else Outcome.NOT_DONE
    return replace(result.with_error(error), outcome=outcome)


def _report(results: Sequence[ConnectorResult], warnings: Sequence[str], failure: ConnectError | None = None) -> Report:
    return Report(any(result.changed for result in results), results, (*warnings, *_state_warnings(results)), failure)


def _state_warnings(results: Sequence[ConnectorResult]) -> Iterable[str]:
    """What is easily overlooked: connectors that this run left alone but that are not healthy, and doubts about proven
    ones.
    """
    for result in results:
        if result.warning:
            yield f'connector "{result.change.name}": {result.warning}'
        before = result.change.before
        if not result.change.steps and before is not None and not result.failed and not result.change.settling:
            broken = "the connector" if before.state == "FAILED" else "tasks of it" if before.failed_tasks else ""
            if broken:
                yield (
                    f'connector "{result.change.name}": {broken} FAILED; the config is as wanted, so nothing was done '
                    "(state: running restarts what failed)"
                )
