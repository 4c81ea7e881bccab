# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks changes, applies them, proves them, and reports."""

from __future__ import annotations

from collections.abc import Sequence

from ..backup import prepare_backup
from ..errors import CancelledError, ConnectError, InputError, Outcome, Problem
from ..model import Connector, Snapshot
from ..planning.change import Change
from ..planning.checked import CheckConfigs, Checked
from ..planning.drift import PlanAgain
from ..planning.plan import fit_to_version
from ..planning.run_options import RunOptions
from ..report_file import ReportFile
from ..reporting.details import masked
from ..reporting.report import ConnectorResult, Report, report_of
from ..snapshot.cluster import Cluster
from ..waiting.wait import Patience, Waiter
from .batches import Applying


def apply_changes(
    cluster: Cluster,
    snapshot: Snapshot,
    changes: Sequence[Change],
    options: RunOptions,
    plan_again: PlanAgain,
    check_configs: CheckConfigs | None,
) -> Report:
    """Apply the changes that were planned from this snapshot. `check_configs`: None if no change can write a config."""
    count = sum(bool(change.steps) for change in changes)
    if count:
        cluster.run.busy_with(f"{count} changes planned: identifying the workers")
        cluster.identify()
        cluster.same_connect(snapshot)
        changes = fit_to_version(changes, options.rules, cluster.features)
    checked = check_configs(cluster, changes, options.checks) if check_configs else Checked()
    failed = _check_failures(changes, checked)
    warnings = [*cluster.warnings, *checked.warnings]
    if failed and not options.apply.continue_on_error:
        _raise_all(checked)
    results = {change.name: _untouched(change, checked) for change in changes} | failed
    if options.check_mode:
        planned = [
            results[change.name]._replace(changed=bool(change.steps) and change.name not in failed)
            for change in changes
        ]
        return report_of(planned, warnings)
    if options.apply.backup_dir and any(change.steps for change in changes):
        prepare_backup(options.apply.backup_dir)
    journal = ReportFile(options.report_path)
    waiter = Waiter(
        cluster.api,
        Patience(options.wait_timeout, options.stable_for),
        options.apply.max_parallel,
        checked.defaults,
        lambda change, text: masked(results[change.name], text),
    )
    applying = Applying(
        cluster, options.apply, waiter, journal, _checked_again(cluster, options, plan_again, check_configs), results
    )
    failure: ConnectError | None = None
    journal.begin(
        {change.name: list(change.actions) for change in changes if change.steps},
        {change.name: change.run_states for change in changes if change.run_states},
    )
    try:
        applying.run(changes)
    except CancelledError as error:
        failure = error
        for change in changes:
            applying.results[change.name] = _unfinished(applying.results[change.name], error)
    finally:
        journal.record("run_ended")
        journal.close()
    if journal.failure:
        cluster.warnings.append(
            f"report_path {options.report_path} ends early ({journal.failure}): later events are missing"
        )
    return report_of(
        [applying.results[change.name] for change in changes], [*cluster.warnings, *checked.warnings], failure
    )


def _checked_again(
    cluster: Cluster, options: RunOptions, plan_again: PlanAgain, check_configs: CheckConfigs | None
) -> PlanAgain:
    """Plans again for this version, and checks a config that was not part of the first plan."""

    def plan_and_check(change: Change, now: Connector | None) -> Change:
        (again,) = fit_to_version([plan_again(change, now)], options.rules, cluster.features)
        if check_configs and again.writes_config and not change.writes_config:
            checked = check_configs(cluster, [again], options.checks)
            if checked.problems or checked.errors:
                _raise_all(checked)
        return again

    return plan_and_check


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
    problems = [problem for name in checked.problems for problem in checked.problems[name]]
    if not problems and len(checked.errors) == 1:
        raise next(iter(checked.errors.values()))
    raise InputError([*problems, *(Problem(_error_text(error), name) for name, error in checked.errors.items())])


def _error_text(error: ConnectError) -> str:
    return error.message + (f" -> {error.advice}" if error.advice else "")


def _unfinished(result: ConnectorResult, error: CancelledError) -> ConnectorResult:
    if result.failed or result.outcome is Outcome.DONE or not (result.change.steps or result.change.settling):
        return result
    outcome = Outcome.UNKNOWN if result.changed else Outcome.NOT_DONE
    return result.with_error(error)._replace(outcome=outcome)
