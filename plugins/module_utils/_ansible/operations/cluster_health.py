# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The arguments and the operation of module cluster_health."""

from __future__ import annotations

from ..._connect.errors import InputError, NotHealthyError, Problem
from ..._connect.health.check import HealthQuery, check_health, wait_until_healthy
from ..._connect.health.model import HealthLimits, is_healthy
from ..._connect.health.summary import first_advice, health_entry
from ..._connect.patterns import any_match
from ..._connect.reporting.report import Report
from ..arguments import BROKERS, CONNECTION, Specification
from ..broker_options import brokers_of
from ..invocation import Invocation
from ..options import Parameters

CLUSTER_HEALTH = Specification(
    "cluster_health",
    {
        "min_workers": {"type": "int"},
        "expected_workers": {"type": "int"},
        "max_failed_tasks": {"type": "int", "default": 0},
        "max_failed_connectors": {"type": "int", "default": 0},
        "max_unassigned": {"type": "int", "default": 0},
        "connectors": {"type": "list", "elements": "str", "default": []},
        "ignore": {"type": "list", "elements": "str", "default": []},
        "fail_on_unhealthy": {"type": "bool", "default": False},
        "wait_timeout": {"type": "float", "default": 0.0},
        "stable_for": {"type": "float", "default": 10.0},
        "return_if_parked": {"type": "bool", "default": False},
        **BROKERS,
        **CONNECTION,
    },
)


def cluster_health(invocation: Invocation) -> Report:
    """Whether the cluster is healthy, and what is wrong if it is not."""
    cluster, parameters = invocation.cluster(), invocation.parameters
    limits = _health_limits(parameters)
    asked = HealthQuery(brokers_of(parameters), parameters["group_id"])
    seconds = parameters["wait_timeout"]
    if seconds:
        verdict = wait_until_healthy(
            cluster, asked, limits, seconds, parameters["stable_for"], until_parked=parameters["return_if_parked"]
        )
    else:
        verdict = check_health(cluster, asked, limits)
    entry = health_entry(verdict.snapshot, verdict.findings)
    failure = None
    is_accepted = is_healthy(verdict.findings) or (parameters["return_if_parked"] and verdict.parks)
    if parameters["fail_on_unhealthy"] and not is_accepted:
        failure = NotHealthyError(f"the cluster is {entry['msg']}", first_advice(verdict.findings))
    return Report(extra=entry, warnings=cluster.warnings, failure=failure)


def _health_limits(parameters: Parameters) -> HealthLimits:
    """Return the limits. Raises InputError for invalid ones."""
    names = ("min_workers", "expected_workers", "max_failed_tasks", "max_failed_connectors", "max_unassigned")
    problems = [
        Problem(f"{name} is {parameters[name]}: give a number, 0 or more")
        for name in names
        if (parameters[name] or 0) < 0
    ]
    seconds = parameters["wait_timeout"]
    if 0 < seconds < parameters["stable_for"]:
        both = f"wait_timeout of {seconds:g} s is shorter than stable_for of {parameters['stable_for']:g} s"
        problems.append(Problem(f"{both}: the cluster could never be healthy for that long"))
    if problems:
        raise InputError(problems)
    chosen, ignored = any_match(parameters["connectors"] or ["*"]), any_match(parameters["ignore"])
    return HealthLimits(
        parameters["min_workers"],
        parameters["expected_workers"],
        parameters["max_failed_tasks"],
        parameters["max_failed_connectors"],
        parameters["max_unassigned"],
        counts=lambda name: chosen(name) and not ignored(name),
    )
