# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Facts about connectors for people and playbooks. Reads only; secrets masked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from ..errors import ConnectError
from ..model import Connector, Snapshot
from ..parallel import in_parallel
from ..patterns import Matcher, any_match, is_pattern
from ..reporting.entries import state_entry
from ..reporting.report import Report
from ..secrets import mask_config, secret_values
from ..snapshot.cluster import Cluster, lacks_status

PARALLEL_REQUESTS = 8
MISSING_STATUS = 5.0
"""Seconds to search other workers for a status that this worker lacks, before the result is returned without it."""


class ConnectorQuery(NamedTuple):
    """The selected connectors, and the details to return. `names`: names and patterns, empty for all; `states`: lower
    case, of the connector or a task; `type`: source, sink, or empty for both; `config_matches`: what the values of these keys must
    match, none of which may be absent.
    """

    names: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    config: bool = True
    topics: bool = False
    type: str = ""
    config_matches: Mapping[str, Matcher] = MappingProxyType({})


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
    topics = _topics(cluster, chosen) if query.topics else {}
    entries = [_connector_fact(stored, query, topics.get(stored.name)) for stored in chosen]
    missing = sorted(name for name in plain if name not in snapshot.connectors)
    return Report(
        extra={"connectors": entries, "missing": missing, "summary": summarize(chosen)}, warnings=cluster.warnings
    )


def _topics(cluster: Cluster, chosen: Iterable[Connector]) -> dict[str, tuple[str, ...]]:
    """The topics that each connector has used, by its name."""
    names = [stored.name for stored in chosen]
    answers = dict(in_parallel(cluster.run, cluster.api.topics, names, PARALLEL_REQUESTS))
    found = {}
    for name, answer in answers.items():
        if isinstance(answer, ConnectError):
            raise answer
        found[name] = answer
    return found


def summarize(connectors: Iterable[Connector]) -> dict[str, Any]:
    """Counts by state, lower case: {"total", "by_state": {...}, "tasks_total", "tasks_by_state": {...}, "failed":
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


def _choose(query: ConnectorQuery, snapshot: Snapshot) -> list[Connector]:
    named = any_match(query.names or ["*"])
    return [
        stored
        for name, stored in sorted(snapshot.connectors.items())
        if (name in query.names or named(name)) and _is_selected(query, stored)
    ]


def _is_selected(query: ConnectorQuery, stored: Connector) -> bool:
    if query.states and not set(query.states) & _states(stored):
        return False
    if query.type not in ("", stored.type):
        return False
    config = stored.config or {}
    return all(key in config and matches(config[key]) for key, matches in query.config_matches.items())


def _states(stored: Connector) -> set[str]:
    return {(stored.state or "UNASSIGNED").lower(), *(task.state.lower() for task in stored.tasks)}


def _connector_fact(stored: Connector, query: ConnectorQuery, topics: tuple[str, ...] | None) -> dict[str, Any]:
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
    if topics is not None:
        entry["topics"] = list(topics)
    return entry
