# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can be known about a cluster in which no worker answers: what the brokers show. Reads only."""

from __future__ import annotations

import time

from ..errors import BrokersError
from ..group import broker_facts
from ..group.brokers import HAS_CONFLUENT_KAFKA
from ..group.group_findings import RestView, find_group_problems
from ..group.membership import NOTHING_THERE, Membership, find_group, new_client
from ..model import Snapshot
from ..snapshot.cluster import Cluster
from .check import HealthQuery, HealthReport, worker_states
from .health_findings import find_health_problems
from .model import HealthLimits, HealthSnapshot

OF_WORKERS = frozenset({"worker_hangs", "worker_unreachable"})
"""Kinds of findings that report the same as the error of the request."""


def report_without_workers(cluster: Cluster, query: HealthQuery, limits: HealthLimits) -> HealthReport | None:
    """The findings about the brokers, the group and the workers, after a request that no worker has answered.

    None where they would show nothing more than the error of that request: a worker answers, with a refusal or something unexpected;
    or the brokers are not asked, or cannot be.
    """
    brokers = query.brokers
    if brokers is None or not query.asks_brokers or not HAS_CONFLUENT_KAFKA or not _none_answers(cluster):
        return None
    client = new_client(cluster.run, brokers)
    membership, problem, group_id = None, None, query.group_id
    try:
        group = find_group(cluster, Snapshot({}, ""), client, query.group_id)
        group_id = group.group_id
        # What REST shows about the group is missing.
        found = () if group.members else find_group_problems(group, RestView())
        membership = Membership(group, RestView(), found)
    except BrokersError as error:
        problem = error
    is_usable = problem is None or not (problem.server_problem or problem.cause == "unusable")
    facts = broker_facts.read_facts(
        cluster.run, brokers, client if is_usable else None, group_id, query.internal_topics
    )
    snapshot = HealthSnapshot(
        workers=tuple(worker_states(cluster)),
        membership=membership,
        brokers_problem=problem,
        read_at=time.time(),
        brokers=facts,
    )
    return HealthReport(snapshot, find_health_problems(snapshot, limits))


def _none_answers(cluster: Cluster) -> bool:
    """Whether each listed worker has just failed to respond at all."""
    silent = cluster.silent.values()
    return not cluster.workers and bool(silent) and all(why.kind in NOTHING_THERE for why in silent)
