# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The second half of a run that may change connectors. It does nothing if nothing has to change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..errors import Outcome
from ..model import Snapshot
from ..planning.change import Change
from ..planning.run_options import RunOptions
from ..reporting.report import ConnectorResult, Report, report_of
from ..snapshot.cluster import Cluster

if TYPE_CHECKING:
    from ..planning.checked import CheckConfigs
    from ..planning.drift import PlanAgain


def apply_plan(
    cluster: Cluster,
    snapshot: Snapshot,
    changes: Sequence[Change],
    options: RunOptions,
    plan_again: PlanAgain,
    check_configs: CheckConfigs | None = None,
) -> Report:
    """Apply the changes that were planned from this snapshot, and report the outcome of each connector.

    `check_configs` is required if the changes may write configs.
    """
    if not options.report_path and not any(change.steps or change.settling for change in changes):
        return report_of([ConnectorResult(change, Outcome.DONE) for change in changes], cluster.warnings)
    from ..applying.pipeline import apply_changes  # noqa: PLC0415  # compiled in every run: only runs that need it pay

    return apply_changes(cluster, snapshot, changes, options, plan_again, check_configs)
