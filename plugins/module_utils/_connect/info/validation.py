# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the checks of a change on configurations, whether or not they would change anything. Reads only."""

from __future__ import annotations

from collections.abc import Iterable

from ..model import Present
from ..planning.change import Change
from ..planning.overlaps import check_overlaps
from ..planning.preflight import check_changes
from ..planning.run_options import Checks
from ..planning.steps import Update
from ..reporting.report import Report
from ..snapshot.cluster import Cluster


def validation_facts(cluster: Cluster, desired: Iterable[Present], checks: Checks) -> Report:
    """The findings about each config, whether or not it would change anything. `connectors`: name, valid, errors."""
    cluster.identify()
    snapshot = cluster.api.expanded()
    changes = [
        Change(
            item.name,
            (Update(item.config),),
            before=snapshot.connectors.get(item.name),
            after=item.config,
            desired_state=item.state,
            known_keys=item.known_keys,
        )
        for item in desired
    ]
    checked = check_changes(cluster, changes, checks)
    check_overlaps(checked, changes, snapshot.connectors, checks.overlaps)
    entries = []
    for change in changes:
        errors = [{"key": problem.key, "message": problem.text} for problem in checked.problems.get(change.name, ())]
        failure = checked.errors.get(change.name)
        if failure is not None:
            errors.append({"key": "", "message": failure.message})
        entries.append(
            {"name": change.name, "valid": not errors, "errors": errors, "exists": change.name in snapshot.connectors}
        )
    return Report(extra={"connectors": entries}, warnings=[*cluster.warnings, *checked.warnings])
