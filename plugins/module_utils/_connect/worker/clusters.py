# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds out which workers of an inventory belong to the same Connect cluster. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from .worker_file import WorkerConfig


@dataclass(frozen=True)
class WorkerCluster:
    """Workers that join one group. `group_id` is that of the first one."""

    workers: tuple[WorkerConfig, ...]

    @property
    def group_id(self) -> str:
        return self.workers[0].value("group.id")

    @property
    def hosts(self) -> tuple[str, ...]:
        return tuple(worker.host for worker in self.workers)

    def __str__(self) -> str:
        count = len(self.workers)
        return f"{self.group_id} ({count} {'host' if count == 1 else 'hosts'})"


def clusters_of(workers: Sequence[WorkerConfig]) -> tuple[WorkerCluster, ...]:
    """The clusters of these workers, in the order of their first worker; each worker is in one of them.

    Workers form a cluster if they have the same group.id and a broker in common: that is how a group comes about. A worker on its
    own whose group.id is a near miss of another cluster's on the same brokers counts as that cluster's, so that the checks of a
    cluster report the typing error.
    """
    found = _groups(workers)
    for lone in [cluster for cluster in found if len(cluster) == 1]:
        others = sorted((cluster for cluster in found if cluster is not lone), key=len, reverse=True)
        meant = next((cluster for cluster in others if _is_near_miss(lone[0], cluster[0])), None)
        # Another worker on its own may have been counted to it before.
        if meant is not None and len(lone) == 1:
            meant.append(lone[0])
            found.remove(lone)
    position = {worker.host: number for number, worker in enumerate(workers)}
    ordered = [sorted(cluster, key=lambda worker: position[worker.host]) for cluster in found]
    ordered.sort(key=lambda cluster: position[cluster[0].host])
    return tuple(WorkerCluster(tuple(cluster)) for cluster in ordered)


def _groups(workers: Sequence[WorkerConfig]) -> list[list[WorkerConfig]]:
    found: list[list[WorkerConfig]] = []
    for worker in workers:
        joined = [cluster for cluster in found if any(_same_group(worker, other) for other in cluster)]
        found = [cluster for cluster in found if cluster not in joined]
        found.append([*(other for cluster in joined for other in cluster), worker])
    return found


def _same_group(one: WorkerConfig, other: WorkerConfig) -> bool:
    return one.value("group.id") == other.value("group.id") and _share_brokers(one, other)


def _share_brokers(one: WorkerConfig, other: WorkerConfig) -> bool:
    """Whether the lists have a broker in common. A list that only a worker can read may name any broker."""
    servers, others = one.servers, other.servers
    return bool(servers & others) or _is_unknown(servers) or _is_unknown(others)


def _is_unknown(servers: Collection[str]) -> bool:
    return not servers or any("${" in server for server in servers)


def _is_near_miss(one: WorkerConfig, other: WorkerConfig) -> bool:
    return _share_brokers(one, other) and is_near_miss(one.value("group.id"), other.value("group.id"))


def is_near_miss(one: str, other: str) -> bool:
    """Whether the names differ by case, or by one letter that is added, missing, wrong, or swapped with the next one.

    Digits that differ are meant: connect-1 and connect-2 are two names.
    """
    if one == other:
        return False
    if one.casefold() == other.casefold():
        return True
    short, long = sorted((one, other), key=len)
    start = next((at for at, pair in enumerate(zip(short, long, strict=False)) if pair[0] != pair[1]), len(short))
    rest, longer = short[start:], long[start:]
    if len(rest) == len(longer):
        swapped = rest[1:2] + rest[:1] == longer[:2] and rest[2:] == longer[2:]
        differing = rest[:1] + longer[:1] if rest[1:] == longer[1:] else rest[:2] if swapped else ""
    else:
        differing = longer[:1] if rest == longer[1:] else ""
    return bool(differing) and not any(character.isdigit() for character in differing)
