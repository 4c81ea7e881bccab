# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operations of the modules that only look: from checked parameters through the engine to a report."""

from __future__ import annotations

from .._connect.cluster import Cluster
from .._connect.errors import InputError, Problem
from .._connect.facts import ConnectorQuery, cluster_facts, connector_facts, plugin_facts, validation_facts
from .._connect.model import Present
from .._connect.results import Report
from .options import Parameters, brokers_of, checks_of, desired_of


def connector_info(cluster: Cluster, parameters: Parameters, _check_mode: bool) -> Report:
    query = ConnectorQuery(
        tuple(parameters["name"]), tuple(parameters["states"]), parameters["config"], parameters["topics"]
    )
    return connector_facts(cluster, query)


def plugin_info(cluster: Cluster, parameters: Parameters, _check_mode: bool) -> Report:
    return plugin_facts(cluster, parameters["name"], parameters["types"], definitions=parameters["definitions"])


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
    from .._connect.membership import group_facts  # noqa: PLC0415  # only who asks the brokers pays for it

    return cluster_facts(cluster, lambda snapshot: group_facts(cluster, snapshot, brokers, parameters["group_id"]))
