# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Derives how a plan is applied from checked parameters, for the modules that make changes."""

from __future__ import annotations

from .._connect.errors import InputError, Problem
from .._connect.patterns import any_match
from .._connect.planning.change import Purge, Rules
from .._connect.planning.run_options import ApplyOptions, Checks, RunOptions
from .._connect.snapshot.cluster import Cluster
from .broker_options import brokers_of
from .invocation import Invocation
from .options import Parameters


def ask_brokers_when_refused(cluster: Cluster, parameters: Parameters) -> None:
    """If brokers are given, asks them why the leader keeps refusing changes."""
    brokers = brokers_of(parameters)
    if brokers is None:
        return
    from .._connect.group.leader_check import LeaderCheck  # noqa: PLC0415  # compiled in every run: only runs that need it pay

    cluster.api.client.explain = LeaderCheck(cluster, brokers, parameters["group_id"]).explain


def run_options(invocation: Invocation, checks: Checks | None = None) -> RunOptions:
    """The options that the changing modules share. A module may have only some of these parameters.

    `checks`: those of a module that writes configs, else None.
    """
    parameters = invocation.parameters
    max_parallel = parameters["max_parallel"]
    if max_parallel < 1:
        raise InputError([Problem(f"max_parallel is {max_parallel}: give at least 1")])
    purge = Purge(any_match(parameters["purge_match"]), parameters["purge_limit"]) if parameters.get("purge") else None
    return RunOptions(
        check_mode=invocation.check_mode,
        apply=ApplyOptions(
            wait=parameters["wait"],
            max_parallel=max_parallel,
            batches=tuple(str(entry) for entry in parameters.get("batches") or ()),
            continue_on_error=parameters.get("continue_on_error", False),
            on_failure=parameters.get("on_failure", "keep"),
            backup_dir=parameters.get("backup_dir") or "",
            on_drift=parameters["on_drift"],
        ),
        checks=checks or Checks(),
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
