# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The workers of a cluster as hosts of an inventory, from the results of cluster_info and connector_info. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

_SIMPLE = re.compile(r"[^.$]+\Z")


@dataclass(frozen=True)
class WorkerHost:
    """One worker: the name of its host, its variables, and the groups that it is in besides the one of the cluster."""

    name: str
    variables: Mapping[str, Any]
    groups: tuple[str, ...] = ()


@dataclass
class _Worker:
    url: str
    version: str = ""
    is_leader: bool | None = None
    connectors: list[str] = field(default_factory=list)
    tasks: list[dict[str, Any]] = field(default_factory=list)


def worker_hosts(cluster: Mapping[str, Any], connectors: Iterable[Mapping[str, Any]], prefix: str) -> list[WorkerHost]:
    """Return the workers, by name. `cluster`: a result of cluster_info; `connectors`: those of connector_info, with their configurations;
    `prefix`: of the names of groups.

    With the group of the brokers, these are its members. Otherwise they are the workers that answered, and those that run something.
    """
    classes = {str(entry["name"]): str((entry.get("config") or {}).get("connector.class", "")) for entry in connectors}
    workers = list(_members(cluster) if cluster.get("group") else _seen(cluster, connectors))
    names = [_host(worker.url) for worker in workers]
    found = [
        WorkerHost(
            name if names.count(name) == 1 else f"{name}-{urlsplit(worker.url).port}",
            _variables(worker, name),
            tuple(_groups(worker, classes, prefix)),
        )
        for worker, name in zip(workers, names, strict=True)
    ]
    return sorted(found, key=lambda host: host.name)


def cluster_variables(cluster: Mapping[str, Any]) -> dict[str, Any]:
    """Return the variables of the whole cluster, which the roles and playbooks of the collection use."""
    group = cluster.get("group") or {}
    urls = [member["url"] for member in group.get("members", ()) if member.get("url")]
    found: dict[str, Any] = {
        "kafka_connect_url": urls or [worker["url"] for worker in cluster["workers"] if worker["reachable"]],
        "kafka_connect_kafka_cluster_id": cluster.get("kafka_cluster_id", ""),
    }
    if group.get("group_id"):
        found["kafka_connect_group_id"] = group["group_id"]
    return {name: value for name, value in found.items() if value}


def _members(cluster: Mapping[str, Any]) -> Iterator[_Worker]:
    versions = {_address(worker["url"]): worker.get("version", "") for worker in cluster["workers"]}
    group = cluster["group"]
    for member in group["members"]:
        if not member["url"]:
            # A rebalance hides the URLs.
            continue
        yield _Worker(
            member["url"],
            versions.get(_address(member["url"]), ""),
            None if not group["leader"] else member["url"] == group["leader"],
            list(member["connectors"]),
            [dict(task) for task in member["tasks"]],
        )


def _seen(cluster: Mapping[str, Any], connectors: Iterable[Mapping[str, Any]]) -> Iterator[_Worker]:
    found = {
        _address(worker["url"]): _Worker(worker["url"].rstrip("/"), worker.get("version", ""))
        for worker in cluster["workers"]
        if worker["reachable"]
    }
    scheme = urlsplit(next((worker.url for worker in found.values()), "http://")).scheme
    for entry in connectors:
        for task in entry.get("tasks", ()):
            worker = _known(found, task.get("worker_id", ""), scheme)
            if worker is not None:
                worker.tasks.append({"connector": entry["name"], "task": task["id"]})
    yield from found.values()


def _known(found: dict[str, _Worker], address: str, scheme: str) -> _Worker | None:
    return found.setdefault(address, _Worker(f"{scheme}://{address}")) if address else None


def _variables(worker: _Worker, host: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "ansible_host": host,
        "kafka_connect_worker_url": worker.url,
        "kafka_connect_worker_version": worker.version,
        "kafka_connect_worker_leader": worker.is_leader,
        "kafka_connect_worker_connectors": worker.connectors,
        "kafka_connect_worker_tasks": worker.tasks,
    }
    return {name: value for name, value in found.items() if value not in ("", None)}


def _groups(worker: _Worker, classes: Mapping[str, str], prefix: str) -> Iterator[str]:
    if worker.is_leader:
        yield f"{prefix}leader"
    if worker.version:
        yield f"{prefix}version_{worker.version}"
    running = [*worker.connectors, *(task["connector"] for task in worker.tasks)]
    for plugin in sorted({classes.get(name, "") for name in running} - {""}):
        match = _SIMPLE.search(plugin)
        yield f"{prefix}class_{match[0] if match else plugin}"


def _host(url: str) -> str:
    return urlsplit(url).hostname or url


def _address(url: str) -> str:
    return urlsplit(url).netloc
