# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way of a run that brings connectors into their desired state: look, plan, check, apply, wait, report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ..applying.batch_sizes import split_batches
from ..errors import Outcome
from ..model import Connector, Desired, Present, Snapshot
from ..planning.change import Change, Rules, unchanged
from ..planning.run_options import RunOptions
from ..reporting.report import ConnectorResult, Report, report_of
from ..rest.api import Api
from ..rest.client import Client
from ..rest.connection import Connection
from ..rest.transport import Transport
from ..run import Run
from ..snapshot.cluster import Cluster, is_unsettled

if TYPE_CHECKING:
    from ..planning.drift import Replan


def open_cluster(connection: Connection, run: Run, kafka_cluster_id: str = "") -> Cluster:
    """A cluster that nothing has been asked of yet. Raises InputError for URLs that can't be right.

    Of `kafka_cluster_id` the blanks around it don't count: it may come out of a file.
    """
    return Cluster(Api(Client(Transport(connection), run)), kafka_cluster_id.strip())


def ensure_connectors(cluster: Cluster, desired: Sequence[Desired], options: RunOptions) -> Report:
    """Brings the connectors into the desired state. Failures of single connectors are in the report, others are
    raised.
    """
    split_batches((), options.apply.batches)
    snapshot = cluster.read()
    changes = _plan(desired, snapshot, options.rules)
    if any(_rests_on_absence(item, snapshot) for item in desired):
        snapshot = cluster.read_when_ready(item.name for item in desired)
        changes = _plan(desired, snapshot, options.rules)
    unsettled = [
        item.name
        for item in desired
        if isinstance(item, Present)
        and item.state
        and item.name in snapshot.connectors
        and is_unsettled(snapshot.connectors[item.name])
    ]
    if unsettled:
        snapshot = cluster.read_until_settled(snapshot, unsettled, is_unsettled)
        changes = _plan(desired, snapshot, options.rules)
    if any(change.steps for change in changes):
        cluster.run.busy_with(
            f"{sum(bool(change.steps) for change in changes)} changes planned: identifying the workers"
        )
        cluster.identify()
        cluster.same_connect(snapshot)
        changes = _plan(desired, snapshot, replace(options.rules, features=cluster.features))
    wanted = {item.name: item for item in desired}

    def replan(change: Change, now: Connector | None) -> Change:
        found = Snapshot({} if now is None else {now.name: now})
        rules = replace(options.rules, features=cluster.features, purge=None)
        return _plan([wanted[change.name]], found, rules)[0]

    return carry_out_changes(cluster, changes, options, replan)


def _rests_on_absence(item: Desired, snapshot: Snapshot) -> bool:
    stored = snapshot.connectors.get(item.name)
    return stored is None or stored.config is None


def _plan(desired: Sequence[Desired], snapshot: Snapshot, rules: Rules) -> tuple[Change, ...]:
    """One change for each desired connector, and the purge."""
    if rules.purge is None:
        plain = [unchanged(item, snapshot.connectors.get(item.name)) for item in desired]
        changes = tuple(change for change in plain if change is not None)
        if len(changes) == len(plain):
            return changes
    # Most runs change nothing, and Ansible compiles a collection's code anew in each: they need not wait for this.
    from ..planning.plan import plan_connectors  # noqa: PLC0415

    return plan_connectors(desired, snapshot, rules)


def carry_out_changes(cluster: Cluster, changes: Sequence[Change], options: RunOptions, replan: Replan) -> Report:
    """Does what there is to do, and tells what became of each connector."""
    if not options.report_path and not any(change.steps or change.settling for change in changes):
        return report_of([ConnectorResult(change, Outcome.DONE) for change in changes], cluster.warnings)
    from ..applying.pipeline import apply_changes  # noqa: PLC0415  # as in _plan

    return apply_changes(cluster, changes, options, replan)
