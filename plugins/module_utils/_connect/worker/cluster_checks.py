# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the workers of one cluster must have in common, and what they must not share with each other. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from .listeners import advertised, advertised_scheme
from .rules import EOS, TOPICS
from .worker_file import WorkerConfig, WorkerFinding

_MUST_BE_EQUAL = ("group.id", *TOPICS)

_SHOULD_BE_EQUAL = {
    "connect.protocol": "the group uses the oldest one of them",
    "key.converter": "connectors would write other bytes from worker to worker",
    "value.converter": "connectors would write other bytes from worker to worker",
    "header.converter": "connectors would write other bytes from worker to worker",
    "config.providers": "a reference would be resolved by some workers and not by others",
    "connector.client.config.override.policy": "a connector would be accepted by some workers and not by others",
    "topic.creation.enable": "it would depend on the worker whether a topic is created",
    "scheduled.rebalance.max.delay.ms": "that of the leader counts, and the leader changes",
    "session.timeout.ms": "it would depend on the worker when its loss is noticed",
    "inter.worker.signature.algorithm": "workers refuse each other's requests",
    "inter.worker.key.generation.algorithm": "it would depend on the leader how requests are signed",
    "config.storage.replication.factor": "that of the worker that creates the topic counts",
    "offset.storage.replication.factor": "that of the worker that creates the topic counts",
    "status.storage.replication.factor": "that of the worker that creates the topic counts",
    "offset.storage.partitions": "that of the worker that creates the topic counts",
    "status.storage.partitions": "that of the worker that creates the topic counts",
}
"""Keys that may differ while a cluster is changed, and what happens as long as they do."""


def check_cluster(workers: Sequence[WorkerConfig]) -> Iterator[WorkerFinding]:
    """What differs between the workers of one cluster and must not, or is the same and must not be."""
    for key in _MUST_BE_EQUAL:
        yield from _compare(workers, key, "all workers of a cluster have the same", is_error=True)
    for key, meaning in _SHOULD_BE_EQUAL.items():
        yield from _compare(workers, key, f"{meaning}; give all workers the same", is_error=False)
    yield from _check_brokers(workers)
    yield from _check_exactly_once(workers)
    yield from _check_addresses(workers)


def check_others(workers: Sequence[WorkerConfig], others: Iterable[WorkerConfig]) -> Iterator[WorkerFinding]:
    """What workers of other clusters on the same brokers have that only this one may have."""
    for other in others:
        mine = next((worker for worker in workers if _servers(worker) & _servers(other)), None)
        if mine is None:
            continue
        if mine.value("group.id") and mine.value("group.id") == other.value("group.id"):
            text = f'"{mine.value("group.id")}" is the group of "{other.host}", too, which is of another cluster'
            yield mine.error("group.id", f"{text}: they would become one; give each cluster its own")
        taken = {other.value(key) for key in TOPICS} - {""}
        for key in TOPICS:
            if mine.value(key) in taken:
                text = f'"{mine.value(key)}" is a topic of "{other.host}", too, which is of another cluster'
                yield mine.error(key, f"{text}: connectors would run twice; give each cluster its own topics")


def _compare(workers: Sequence[WorkerConfig], key: str, meaning: str, *, is_error: bool) -> Iterator[WorkerFinding]:
    """One finding for a key that differs, told of the first worker that is not like most."""
    hosts: dict[str, list[WorkerConfig]] = {}
    for worker in workers:
        if worker.value(key) or not is_error:
            hosts.setdefault(worker.value(key), []).append(worker)
    if len(hosts) < 2:
        return
    groups = sorted(hosts.items(), key=lambda item: (-len(item[1]), item[1][0].host))
    said = "; ".join(f'"{value}" on {_hosts(of_value)}' for value, of_value in groups)
    odd = groups[-1][1][0]
    tell = odd.error if is_error else odd.warning
    yield tell(key, f"differs ({said}): {meaning}")


def _hosts(workers: Sequence[WorkerConfig]) -> str:
    names = [worker.host for worker in workers]
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")


def _servers(worker: WorkerConfig) -> set[str]:
    return {server.lower().rpartition("/")[2] for server in worker.entries("bootstrap.servers")}


def _check_brokers(workers: Sequence[WorkerConfig]) -> Iterator[WorkerFinding]:
    """Lists of the same cluster's brokers may differ; two that have nothing in common are probably of two clusters."""
    for worker in workers[1:]:
        if _servers(worker) and _servers(workers[0]) and not _servers(worker) & _servers(workers[0]):
            text = (
                f'has no broker in common with that of "{workers[0].host}": give all workers the brokers of one cluster'
            )
            yield worker.warning("bootstrap.servers", text)


def _check_exactly_once(workers: Sequence[WorkerConfig]) -> Iterator[WorkerFinding]:
    modes = {worker.value(EOS).lower(): worker for worker in workers}
    if {"disabled", "enabled"} <= modes.keys():
        text = f'is enabled, while "{modes["disabled"].host}" has it disabled: bring all workers to preparing first'
        yield modes["enabled"].error(EOS, text)


def _check_addresses(workers: Sequence[WorkerConfig]) -> Iterator[WorkerFinding]:
    taken: dict[tuple[str, int], WorkerConfig] = {}
    found = [(worker, address) for worker in workers if (address := advertised(worker)) is not None and address.host]
    for worker, address in found:
        other = taken.setdefault((address.host.lower(), address.port), worker)
        key = "rest.advertised.host.name" if worker.value("rest.advertised.host.name") else "listeners"
        if other is not worker:
            text = f'{address} is advertised by "{other.host}", too: requests would reach the wrong worker; give each its own'
            yield worker.error(key, text)
        elif address.is_loopback and not all(other_address.is_loopback for _worker, other_address in found):
            text = f"the worker would advertise {address}, by which the other workers reach themselves"
            yield worker.error(key, f"{text}: give the name by which they reach this one")
    schemes = {advertised_scheme(worker): worker for worker in workers}
    if len(schemes) > 1:
        text = f'advertises http, while "{schemes["https"].host}" advertises https' if "https" in schemes else "differs"
        yield schemes["http"].warning(
            "rest.advertised.listener", f"{text}: workers must be able to talk both; give all the same"
        )
