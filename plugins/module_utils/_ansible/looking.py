# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operations of the modules that only look: from checked parameters through the engine to a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._connect.errors import InputError, NotHealthyError, Problem
from .._connect.info.facts import ConnectorQuery, cluster_facts, connector_facts, plugin_facts, validation_facts
from .._connect.model import Present
from .._connect.patterns import any_match
from .._connect.reporting.report import Report
from .._connect.snapshot.cluster import Cluster
from .options import Parameters, brokers_of, checks_of, desired_of

if TYPE_CHECKING:
    from .._connect.health.health_findings import HealthLimits


def connector_info(cluster: Cluster, parameters: Parameters, _check_mode: bool) -> Report:
    query = ConnectorQuery(
        tuple(parameters["name"]),
        tuple(parameters["states"]),
        parameters["include_config"],
        parameters["include_topics"],
    )
    return connector_facts(cluster, query)


def plugin_info(cluster: Cluster, parameters: Parameters, _check_mode: bool) -> Report:
    return plugin_facts(cluster, parameters["name"], parameters["types"], definitions=parameters["include_definitions"])


def connector_validate(cluster: Cluster, parameters: Parameters, _check_mode: bool) -> Report:
    desired = [item for item in desired_of(parameters) if isinstance(item, Present)]
    report = validation_facts(cluster, desired, checks_of(parameters))
    wrong = [
        Problem(error["message"], entry["name"], error["key"])
        for entry in report.extra["connectors"]
        for error in entry["errors"]
    ]
    if wrong and parameters["fail_on_errors"]:
        report.failure = InputError(wrong)
    return report


def cluster_info(cluster: Cluster, parameters: Parameters, _check_mode: bool) -> Report:
    brokers = brokers_of(parameters)
    if brokers is None:
        return cluster_facts(cluster)
    from .._connect.group.membership import group_facts  # noqa: PLC0415  # only who asks the brokers pays for it

    return cluster_facts(cluster, lambda snapshot: group_facts(cluster, snapshot, brokers, parameters["group_id"]))


def cluster_health(cluster: Cluster, parameters: Parameters, _check_mode: bool) -> Report:
    from .._connect.health.check import HealthQuery, check_health, wait_until_healthy  # noqa: PLC0415  # as above
    from .._connect.health.health_findings import is_healthy  # noqa: PLC0415  # other modules do without
    from .._connect.health.summary import health_entry  # noqa: PLC0415  # as above

    limits = _health_limits(parameters)
    asked = HealthQuery(brokers_of(parameters), parameters["group_id"])
    seconds = parameters["wait_timeout"]
    if seconds:
        verdict = wait_until_healthy(cluster, asked, limits, seconds, parameters["stable_for"])
    else:
        verdict = check_health(cluster, asked, limits)
    entry = health_entry(verdict.snapshot, verdict.findings)
    failure = None
    if parameters["fail_on_unhealthy"] and not is_healthy(verdict.findings):
        errors = [finding for finding in verdict.findings if finding.severity == "error"]
        failure = NotHealthyError(f"the cluster is {entry['msg']}", errors[0].advice)
    return Report(extra=entry, warnings=cluster.warnings, failure=failure)


def _health_limits(parameters: Parameters) -> HealthLimits:
    """Raises InputError for what can't be right."""
    from .._connect.health.health_findings import HealthLimits  # noqa: PLC0415  # as in cluster_health

    names = ("min_workers", "expected_workers", "max_failed_tasks", "max_failed_connectors", "max_unassigned")
    problems = [
        Problem(f"{name} is {parameters[name]}: give a number, 0 or more")
        for name in names
        if (parameters[name] or 0) < 0
    ]
    seconds = parameters["wait_timeout"]
    if 0 < seconds < parameters["stable_for"]:
        both = f"wait_timeout of {seconds:g} s is shorter than stable_for of {parameters['stable_for']:g} s"
        problems.append(Problem(f"{both}: the cluster could never be well for so long"))
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
