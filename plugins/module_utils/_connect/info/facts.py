# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Facts about a cluster: connectors, plugins, workers. Reads only, and masks secrets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import BrokersError, ConnectError
from ..model import Connector, Present, Snapshot
from ..parallel import in_parallel
from ..patterns import any_match, is_pattern
from ..planning.change import Change
from ..planning.plan import Update
from ..planning.preflight import check_changes
from ..planning.run_options import Checks
from ..reporting.report import Report, state_entry
from ..rest.plugin_answers import KeyDefinition, Plugin
from ..rest.versions import WorkerVersion
from ..secrets import mask_config, secret_values
from ..snapshot.cluster import Cluster, lacks_status
from ..snapshot.plugins import plugins_by_worker

PARALLEL_REQUESTS = 8
MISSING_STATUS = 5.0
"""Seconds to wait for a status that this worker does not show yet, before the answer omits it."""


@dataclass(frozen=True)
class ConnectorQuery:
    """The connectors and facts to return. `names`: names and patterns, empty for all; `states`: of connector or task, in
    lower case.
    """

    names: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    config: bool = True
    topics: bool = False


def connector_facts(cluster: Cluster, query: ConnectorQuery) -> Report:
    """`connectors`, `missing` and `summary` of connector_info."""
    snapshot = cluster.read()
    plain = [name for name in query.names if not is_pattern(name)]
    if any(name not in snapshot.connectors for name in plain) or not snapshot.connectors:
        snapshot = cluster.read_when_ready(plain)
    chosen = _choose(query, snapshot)
    if any(lacks_status(stored) for stored in chosen):
        names = [stored.name for stored in chosen]
        snapshot = cluster.read_until_settled(snapshot, names, lacks_status, MISSING_STATUS)
        chosen = _choose(query, snapshot)
    topics = (
        dict(in_parallel(cluster.run, cluster.api.topics, [stored.name for stored in chosen], PARALLEL_REQUESTS))
        if query.topics
        else {}
    )
    for answer in topics.values():
        if isinstance(answer, ConnectError):
            raise answer
    entries = [_connector_fact(stored, query, topics.get(stored.name)) for stored in chosen]
    missing = sorted(name for name in plain if name not in snapshot.connectors)
    return Report(
        extra={"connectors": entries, "missing": missing, "summary": summarise(chosen)}, warnings=cluster.warnings
    )


def summarise(connectors: Iterable[Connector]) -> dict[str, Any]:
    """Counts by state in lower case: {"total", "by_state": {...}, "tasks_total", "tasks_by_state": {...}, "failed":
    [names]}.
    """
    found = list(connectors)
    tasks = [task for stored in found for task in stored.tasks]
    return {
        "total": len(found),
        "by_state": dict(sorted(Counter((stored.state or "unassigned").lower() for stored in found).items())),
        "tasks_total": len(tasks),
        "tasks_by_state": dict(sorted(Counter(task.state.lower() for task in tasks).items())),
        "failed": sorted(stored.name for stored in found if stored.state == "FAILED" or stored.failed_tasks),
    }


def plugin_facts(cluster: Cluster, names: Sequence[str], types: Sequence[str], *, definitions: bool) -> Report:
    """`plugins` of plugin_info: class, type, versions and the workers that lack it; `definitions` on request."""
    cluster.identify()
    by_worker = plugins_by_worker(cluster, PARALLEL_REQUESTS)
    is_requested = any_match(names or ["*"])
    entries = [
        entry
        for entry in _plugin_entries(by_worker)
        if is_requested(entry["class"]) and (not types or entry["type"] in types)
    ]
    if definitions:
        answers = dict(
            in_parallel(cluster.run, cluster.api.definitions, [entry["class"] for entry in entries], PARALLEL_REQUESTS)
        )
        for entry in entries:
            answer = answers[entry["class"]]
            if isinstance(answer, ConnectError):
                raise answer
            entry["definitions"] = [_key_entry(key) for key in (answer or {}).values()]
    return Report(extra={"plugins": entries}, warnings=cluster.warnings)


def cluster_facts(cluster: Cluster, group_of: Callable[[Snapshot], dict[str, Any] | None] | None = None) -> Report:
    """The cluster as REST shows it: workers, plugins and their differences, connectors and tasks per worker and state.
    `group_of` returns the group as the brokers show it for the same snapshot, None without a Kafka client. If the brokers
    fail, the report fails, but still contains the rest.
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
    plugins = list(_plugin_entries(by_worker))
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
            "plugin_differences": _differing(plugins),
            "load": _load(stored),
            "summary": summarise(stored),
            **group,
        },
        warnings=cluster.warnings,
        failure=failure,
    )


def plugin_differences(cluster: Cluster) -> list[dict[str, Any]]:
    """`plugin_differences` of cluster_info. Requires `cluster.identify()`."""
    return _differing(_plugin_entries(plugins_by_worker(cluster, PARALLEL_REQUESTS)))


def _differing(entries: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The plugins that a worker lacks, or that exist in several versions."""
    return [entry for entry in entries if entry["missing_on"] or len(entry["versions"]) != 1]


def validation_facts(cluster: Cluster, desired: Iterable[Present], checks: Checks) -> Report:
    """The result of the checks for each config, even if it would change nothing. `connectors`: name, valid, errors,
    exists.
    """
    cluster.identify()
    snapshot = cluster.api.expanded()
    changes = [
        Change(item.name, (Update(item.config),), after=item.config, known_keys=item.known_keys) for item in desired
    ]
    checked = check_changes(cluster, changes, checks)
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


def _choose(query: ConnectorQuery, snapshot: Snapshot) -> list[Connector]:
    named = any_match(query.names or ["*"])
    return [
        stored
        for name, stored in sorted(snapshot.connectors.items())
        if (name in query.names or named(name)) and (not query.states or set(query.states) & _states(stored))
    ]


def _states(stored: Connector) -> set[str]:
    return {(stored.state or "UNASSIGNED").lower(), *(task.state.lower() for task in stored.tasks)}


def _connector_fact(stored: Connector, query: ConnectorQuery, topics: object) -> dict[str, Any]:
    config = stored.config or {}
    entry: dict[str, Any] = {
        "name": stored.name,
        "type": stored.type,
        "connector_class": stored.plugin_class,
        "worker_id": stored.worker_id,
    }
    entry.update(state_entry(stored, secret_values(config)))
    if query.config:
        entry["config"] = mask_config(config)
    if isinstance(topics, tuple):
        entry["topics"] = list(topics)
    return entry


def _plugin_entries(by_worker: Mapping[str, Sequence[Plugin]]) -> Iterable[dict[str, Any]]:
    """One entry for each class: the installed versions, and the workers that lack one of them."""
    classes: dict[tuple[str, str], dict[str, set[str]]] = {}
    for url, plugins in by_worker.items():
        for plugin in plugins:
            classes.setdefault((plugin.plugin_class, plugin.type), {}).setdefault(plugin.version, set()).add(url)
    for (plugin_class, kind), versions in sorted(classes.items()):
        yield {
            "class": plugin_class,
            "type": kind,
            "versions": sorted(versions),
            "missing_on": sorted(url for url in by_worker if any(url not in urls for urls in versions.values())),
        }


def _key_entry(key: KeyDefinition) -> dict[str, Any]:
    return {
        "name": key.name,
        "type": key.type,
        "required": key.required,
        "default": key.default,
        "documentation": key.documentation,
    }


def _worker_entry(worker: WorkerVersion) -> dict[str, Any]:
    return {
        "url": worker.url,
        "reachable": True,
        "version": worker.version,
        "commit": worker.commit,
        "kafka_cluster_id": worker.kafka_cluster_id,
    }


def _load(connectors: Iterable[Connector]) -> list[dict[str, Any]]:
    """Connectors and tasks by worker and state. An idle worker has no entry: REST does not show it."""
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
