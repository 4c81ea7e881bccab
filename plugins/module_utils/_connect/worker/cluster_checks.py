# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks the settings that the workers of one cluster must share, and those that must differ. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from .listeners import advertised, advertised_scheme
from .rules import EOS, TOPICS
from .worker_file import WorkerConfig, WorkerFinding

_MUST_BE_EQUAL = ("group.id", *TOPICS)

_SHOULD_BE_EQUAL = {
    "connect.protocol": "the group uses the oldest of them",
    "key.converter": "what connectors write would depend on the worker",
    "value.converter": "what connectors write would depend on the worker",
    "header.converter": "what connectors write would depend on the worker",
    "config.providers": "only some workers could resolve a reference",
    "connector.client.config.override.policy": "only some workers would accept a connector",
    "topic.creation.enable": "only some workers would create topics",
    "scheduled.rebalance.max.delay.ms": "the leader's value applies, and the leader changes",
    "session.timeout.ms": "how soon the group notices a lost worker would depend on the worker",
    "inter.worker.signature.algorithm": "workers reject each other's requests",
    "inter.worker.key.generation.algorithm": "how requests are signed would depend on the leader",
    "config.storage.replication.factor": "the value of the worker that creates the topic applies",
    "offset.storage.replication.factor": "the value of the worker that creates the topic applies",
    "status.storage.replication.factor": "the value of the worker that creates the topic applies",
    "offset.storage.partitions": "the value of the worker that creates the topic applies",
    "status.storage.partitions": "the value of the worker that creates the topic applies",
}
"""Keys that may differ while you change a cluster, and what happens until they agree."""


def check_cluster(workers: Sequence[WorkerConfig]) -> Iterator[WorkerFinding]:
    """Settings that differ between the workers of one cluster but must agree, and the reverse."""
    for key in _MUST_BE_EQUAL:
        yield from _compare(workers, key, "all workers of a cluster must have the same value", is_error=True)
    for key, meaning in _SHOULD_BE_EQUAL.items():
        yield from _compare(workers, key, f"{meaning}; give all workers the same value", is_error=False)
    yield from _check_brokers(workers)
    yield from _check_exactly_once(workers)
    yield from _check_addresses(workers)


def check_others(workers: Sequence[WorkerConfig], others: Iterable[WorkerConfig]) -> Iterator[WorkerFinding]:
    """Group and topics that another cluster on the same brokers uses as well."""
    for other in others:
        mine = next((worker for worker in workers if worker.servers & other.servers), None)
        if mine is None:
            continue
        if mine.value("group.id") and mine.value("group.id") == other.value("group.id"):
            text = f'"{mine.value("group.id")}" is also the group.id of "{other.host}" in another cluster'
            yield mine.error("group.id", f"{text}: the two would become one; give each cluster its own")
        taken = {other.value(key) for key in TOPICS} - {""}
        for key in TOPICS:
            if mine.value(key) in taken:
                text = f'"{mine.value(key)}" is also a topic of "{other.host}" in another cluster'
                yield mine.error(key, f"{text}: connectors would run twice; give each cluster its own topics")


def _compare(workers: Sequence[WorkerConfig], key: str, meaning: str, *, is_error: bool) -> Iterator[WorkerFinding]:
    """One finding for a key that differs, reported for the first worker with the rarest value."""
    hosts: dict[str, list[WorkerConfig]] = {}
    for worker in workers:
        if worker.value(key) or not is_error:
            hosts.setdefault(worker.value(key), []).append(worker)
    if len(hosts) < 2:
        return
    groups = sorted(hosts.items(), key=lambda item: (-len(item[1]), item[1][0].host))
    shown = "; ".join(f'"{value}" on {_hosts(of_value)}' for value, of_value in groups)
    odd = groups[-1][1][0]
    report = odd.error if is_error else odd.warning
    yield report(key, f"differs ({shown}): {meaning}")


def _hosts(workers: Sequence[WorkerConfig]) -> str:
    names = [worker.host for worker in workers]
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")


def _check_brokers(workers: Sequence[WorkerConfig]) -> Iterator[WorkerFinding]:
    """Lists of one cluster's brokers may differ; two lists without a common broker probably name two clusters."""
    for worker in workers[1:]:
        if worker.servers and workers[0].servers and not worker.servers & workers[0].servers:
            text = f'has no broker in common with "{workers[0].host}": give all workers the brokers of one cluster'
            yield worker.warning("bootstrap.servers", text)


def _check_exactly_once(workers: Sequence[WorkerConfig]) -> Iterator[WorkerFinding]:
    modes = {worker.value(EOS).lower(): worker for worker in workers}
    if {"disabled", "enabled"} <= modes.keys():
        text = f'is enabled, but disabled on "{modes["disabled"].host}": set all workers to preparing first'
        yield modes["enabled"].error(EOS, text)


def _check_addresses(workers: Sequence[WorkerConfig]) -> Iterator[WorkerFinding]:
    taken: dict[tuple[str, int], WorkerConfig] = {}
    found = [(worker, address) for worker in workers if (address := advertised(worker)) is not None and address.host]
    for worker, address in found:
        other = taken.setdefault((address.host.lower(), address.port), worker)
        key = "rest.advertised.host.name" if worker.value("rest.advertised.host.name") else "listeners"
        if other is not worker:
            text = f'{address} is also advertised by "{other.host}": requests would reach the wrong worker; give each its own address'
            yield worker.error(key, text)
        elif address.is_loopback and not all(other_address.is_loopback for _worker, other_address in found):
            text = f"the worker would advertise {address}, which leads other workers to themselves"
            yield worker.error(key, f"{text}: give the name by which they reach this worker")
    schemes = {advertised_scheme(worker): worker for worker in workers}
    if len(schemes) > 1:
        text = f'advertises http, but "{schemes["https"].host}" advertises https' if "https" in schemes else "differs"
        yield schemes["http"].warning(
            "rest.advertised.listener", f"{text}: workers would have to use both; give all the same value"
        )
