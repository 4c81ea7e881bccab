# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Facts about a cluster: workers, plugins, and what runs where. Reads only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from ..errors import BrokersError, ConnectError
from ..model import Connector, Snapshot
from ..reporting.report import Report
from ..rest.versions import WorkerVersion
from ..snapshot.cluster import Cluster
from ..snapshot.plugins import plugins_by_worker
from .connectors import summarize
from .plugins import PARALLEL_REQUESTS, differing, plugin_entries


def cluster_facts(cluster: Cluster, group_of: Callable[[Snapshot], dict[str, Any] | None] | None = None) -> Report:
    """Return what REST shows of a cluster: workers, plugins and their differences, connectors and tasks per worker and
    state.

    `group_of` returns the brokers' view for the same snapshot, or None if no Kafka client is installed here. If the
    brokers fail, the report fails but still contains the rest.
    """
    cluster.identify()
    snapshot = cluster.api.expanded()
    group: dict[str, Any] = {}
    failure: ConnectError | None = None
    if group_of is not None:
        try:
            found = group_of(snapshot)
            group = {"group": found} if found is not None else {}
        except BrokersError as error:
            failure = error
    by_worker = plugins_by_worker(cluster, PARALLEL_REQUESTS)
    plugins = list(plugin_entries(by_worker))
    stored = snapshot.connectors.values()
    return Report(
        extra={
            "kafka_cluster_id": cluster.workers[0].kafka_cluster_id,
            "versions": sorted({worker.version for worker in cluster.workers}),
            "workers": [
                *map(_worker_entry, cluster.workers),
                *({"url": url, "reachable": False} for url in cluster.silent),
            ],
            "plugins": plugins,
            "plugin_differences": differing(plugins),
            "load": _load(stored),
            "summary": summarize(stored),
            **group,
        },
        warnings=cluster.warnings,
        failure=failure,
    )


def _worker_entry(worker: WorkerVersion) -> dict[str, Any]:
    return {
        "url": worker.url,
        "reachable": True,
        "version": worker.version,
        "commit": worker.commit,
        "kafka_cluster_id": worker.kafka_cluster_id,
    }


def _load(connectors: Iterable[Connector]) -> list[dict[str, Any]]:
    """Connectors and tasks by worker and state. A worker that runs nothing has no entry, because REST does not show it."""
    load: dict[str, tuple[Counter[str], Counter[str]]] = {}
    for stored in connectors:
        if stored.worker_id:
            load.setdefault(stored.worker_id, (Counter(), Counter()))[0][stored.state.lower()] += 1
        for task in stored.tasks:
            load.setdefault(task.worker_id, (Counter(), Counter()))[1][task.state.lower()] += 1
    return [
        {"worker_id": worker, "connectors": dict(sorted(counts[0].items())), "tasks": dict(sorted(counts[1].items()))}
        for worker, counts in sorted(load.items())
    ]
