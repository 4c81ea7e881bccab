# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The arguments and the operation of module cluster_info."""

from __future__ import annotations

from ..._connect.info.cluster import cluster_facts
from ..._connect.reporting.report import Report
from ..arguments import BROKERS, CONNECTION, Specification
from ..broker_options import brokers_of
from ..invocation import Invocation

CLUSTER_INFO = Specification("cluster_info", {**BROKERS, **CONNECTION})


def cluster_info(invocation: Invocation) -> Report:
    """The workers and their plugins, and with brokers the workers' group."""
    cluster, parameters = invocation.cluster(), invocation.parameters
    brokers = brokers_of(parameters)
    if brokers is None:
        return cluster_facts(cluster)
    from ..._connect.group.membership import group_facts  # noqa: PLC0415  # compiled in every run: only runs that need it pay

    return cluster_facts(cluster, lambda snapshot: group_facts(cluster, snapshot, brokers, parameters["group_id"]))
