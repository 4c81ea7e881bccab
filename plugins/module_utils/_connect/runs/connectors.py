# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run that brings connectors into their desired state: read, plan, check, apply, wait, report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from ..applying.batch_sizes import split_batches
from ..model import Connector, Desired, Present, Snapshot
from ..planning.change import Change, Rules, unchanged
from ..planning.run_options import Checks, RunOptions
from ..reporting.report import Report
from ..snapshot.cluster import Cluster, is_unsettled
from .changes import apply_plan

if TYPE_CHECKING:
    from ..planning.checked import Checked


def ensure_connectors(cluster: Cluster, desired: Sequence[Desired], options: RunOptions) -> Report:
    """Brings the connectors into the desired state. Failures of single connectors are in the report, others are
    raised.
    """
    split_batches((), options.apply.batches)
    snapshot = _reliable_snapshot(cluster, desired)
    changes = _plan(desired, snapshot, options.rules)
    again = partial(_plan_again, {item.name: item for item in desired}, options.rules._replace(purge=None))
    return apply_plan(cluster, snapshot, changes, options, again, partial(_check_configs, snapshot))


def _check_configs(snapshot: Snapshot, cluster: Cluster, changes: Iterable[Change], checks: Checks) -> Checked:
    from ..planning.overlaps import check_overlaps  # noqa: PLC0415  # compiled in every run: only runs that need it pay
    from ..planning.preflight import check_changes  # noqa: PLC0415  # compiled in every run: only runs that need it pay

    listed = list(changes)
    checked = check_changes(cluster, listed, checks)
    check_overlaps(checked, listed, snapshot.connectors, checks.overlaps)
    return checked


def _reliable_snapshot(cluster: Cluster, desired: Sequence[Desired]) -> Snapshot:
    """Read once if that suffices. Neither an absent connector nor a state in transition is trusted at once."""
    snapshot = cluster.read()
    if any(_is_absent(snapshot.connectors.get(item.name)) for item in desired):
        snapshot = cluster.read_when_ready(item.name for item in desired)
    unsettled = [
        item.name
        for item in desired
        if isinstance(item, Present)
        and item.state
        and item.name in snapshot.connectors
        and is_unsettled(snapshot.connectors[item.name])
    ]
    return cluster.read_until_settled(snapshot, unsettled, is_unsettled) if unsettled else snapshot


def _is_absent(stored: Connector | None) -> bool:
    return stored is None or stored.config is None


def _plan(desired: Sequence[Desired], snapshot: Snapshot, rules: Rules) -> Sequence[Change]:
    """One change for each desired connector, then the purge."""
    if rules.purge is None:
        plain = [unchanged(item, snapshot.connectors.get(item.name)) for item in desired]
        changes = [change for change in plain if change is not None]
        if len(changes) == len(plain):
            return changes
    from ..planning.plan import plan_connectors  # noqa: PLC0415  # compiled in every run: only runs that need it pay

    return plan_connectors(desired, snapshot, rules)


def _plan_again(desired: Mapping[str, Desired], rules: Rules, change: Change, now: Connector | None) -> Change:
    (again,) = _plan([desired[change.name]], Snapshot({} if now is None else {now.name: now}), rules)
    return again
