# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operations of the modules that change connectors: from checked parameters through the engine to a report."""

from __future__ import annotations

from .._connect.errors import InputError, Problem
from .._connect.patterns import any_match
from .._connect.planning.change import Purge, Rules
from .._connect.planning.run_options import ApplyOptions, RunOptions
from .._connect.reporting.report import Report
from .._connect.runs.connectors import ensure_connectors
from .._connect.snapshot.cluster import Cluster
from .options import Parameters, brokers_of, checks_of, desired_of


def connector(cluster: Cluster, parameters: Parameters, check_mode: bool) -> Report:
    _ask_brokers_when_refused(cluster, parameters)
    return ensure_connectors(cluster, desired_of(parameters), run_options(parameters, check_mode=check_mode))


def connectors(cluster: Cluster, parameters: Parameters, check_mode: bool) -> Report:
    _ask_brokers_when_refused(cluster, parameters)
    desired = desired_of(parameters)
    if not desired and parameters["purge"] and not parameters["purge_allow_empty"]:
        raise InputError(
            [
                Problem(
                    "the desired set is empty and purge is on: that would delete all that purge_match owns; say "
                    "purge_allow_empty: true if you mean it"
                )
            ]
        )
    return ensure_connectors(cluster, desired, run_options(parameters, check_mode=check_mode))


def connector_state(cluster: Cluster, parameters: Parameters, check_mode: bool) -> Report:
    from .._connect.runs.connector_state import StateOptions, ensure_state  # noqa: PLC0415  # only this module pays for it

    _ask_brokers_when_refused(cluster, parameters)
    wanted = StateOptions(
        tuple(parameters["name"]), parameters["state"], parameters["include_tasks"], parameters["only_failed"]
    )
    return ensure_state(cluster, wanted, run_options(parameters, check_mode=check_mode))


def _ask_brokers_when_refused(cluster: Cluster, parameters: Parameters) -> None:
    brokers = brokers_of(parameters)
    if brokers is None:
        return
    from .._connect.group.leader_check import LeaderCheck  # noqa: PLC0415  # only who names brokers pays for it

    cluster.api.client.explain = LeaderCheck(cluster, brokers, parameters["group_id"]).explain


def run_options(parameters: Parameters, *, check_mode: bool) -> RunOptions:
    """What the changing modules share; each has only some of these parameters."""
    max_parallel = parameters["max_parallel"]
    if max_parallel < 1:
        raise InputError([Problem(f"max_parallel is {max_parallel}: give at least 1")])
    purge = Purge(any_match(parameters["purge_match"]), parameters["purge_limit"]) if parameters.get("purge") else None
    return RunOptions(
        check_mode=check_mode,
        apply=ApplyOptions(
            wait=parameters["wait"],
            max_parallel=max_parallel,
            batches=tuple(str(entry) for entry in parameters.get("batches") or ()),
            continue_on_error=parameters.get("continue_on_error", False),
            on_failure=parameters.get("on_failure", "keep"),
            backup_dir=parameters.get("backup_dir") or "",
            on_drift=parameters["on_drift"],
        ),
        checks=checks_of(parameters),
        rules=Rules(
            restart_failed=parameters.get("restart_failed", True),
            update_secrets=parameters.get("update_secrets", False),
            protected=any_match(parameters.get("protected") or ()),
            purge=purge,
        ),
        wait_timeout=parameters["wait_timeout"],
        stable_for=parameters["stable_for"],
        report_path=parameters.get("report_path") or "",
    )
