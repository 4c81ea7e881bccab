# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sets log levels on each listed worker, or through one worker on the whole cluster, and reads them back."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from ..errors import ConnectError, Outcome, RequestError
from ..hung_worker import silence
from ..parallel import in_parallel
from ..reporting.report import Report
from ..rest.answers import NO_LOGGERS
from ..rest.loggers import level_of, levels_of, set_cluster_level, set_level
from ..run import backoff, counted
from ..snapshot.cluster import Cluster
from .levels import Levels, LevelsByWorker, affects, after_change, effective, previous_levels

PARALLEL_WORKERS = 8
_NO_SUBSTITUTE = frozenset(
    {"unsupported", "not_permitted", "not_a_connect_worker", "authentication_failed", "tls_failed"}
)
"""Errors of a worker that also concern the others, or that a person has to correct."""


class NoLevelsError(ConnectError):
    """A worker cannot change log levels, or not in this way."""

    kind = "unsupported"


class LateLevelsError(ConnectError):
    """A worker did not read a level from the config topic in time."""

    kind = "wait_timeout"
    outcome = Outcome.UNKNOWN


class LevelOptions(NamedTuple):
    """`desired`: the levels of each worker, in the order to set them. `whole_cluster`: through one worker, for all of them.

    `wait_timeout`: seconds in which all workers have to show the levels that were set for the whole cluster.
    """

    desired: LevelsByWorker
    whole_cluster: bool
    wait_timeout: float
    check_mode: bool


class _Worker:
    """What is known about the loggers of a worker: all listed ones, and those that were asked for."""

    def __init__(self, url: str, listed: Levels, knows_clusters: bool, desired: Levels) -> None:
        self.url = url
        self.before = dict(listed)
        self.now = dict(listed)
        self.knows_clusters = knows_clusters
        self.desired = desired
        self.unknown: set[str] = set()
        self.changed: list[str] = []

    @property
    def missing(self) -> list[str]:
        """The desired levels that the worker does not have."""
        return [name for name, level in self.desired.items() if effective(self.now, name) != level]

    @property
    def previous(self) -> dict[str, str]:
        return previous_levels(self.before, self.changed) if self.changed else {}


def set_levels(cluster: Cluster, options: LevelOptions) -> Report:
    """Give the workers the desired levels. The report has the previous levels even if a worker failed in the middle."""
    if cluster.kafka_cluster_id:
        cluster.identify()
    workers = _read_all(cluster, options)
    warnings = list(cluster.warnings)
    if options.whole_cluster:
        _require_cluster_scope(workers)
    uniform = len({tuple(worker.desired.items()) for worker in workers}) == 1
    if options.whole_cluster and not uniform:
        warnings.append(
            "the levels of the workers differ, so they are set on each worker in url, and not on other workers of the cluster"
        )
    failure: ConnectError | None = None
    try:
        if options.check_mode:
            for worker in workers:
                _predict(worker)
        elif options.whole_cluster and uniform:
            _set_on_cluster(cluster, workers, options.wait_timeout)
        else:
            for worker in workers:
                _set_on_worker(cluster, worker)
    except ConnectError as error:
        failure = error
    changed = [worker for worker in workers if worker.changed]
    if not options.check_mode:
        warnings += _doubts(changed)
    return Report(bool(changed), None, warnings, failure, _facts(workers, changed, check_mode=options.check_mode))


# Reading


def _read_all(cluster: Cluster, options: LevelOptions) -> list[_Worker]:
    read = partial(_read, cluster, options)
    found: dict[str, _Worker] = {}
    failures: dict[str, ConnectError] = {}
    for url, answer in in_parallel(cluster.run, read, list(options.desired), PARALLEL_WORKERS):
        if isinstance(answer, _Worker):
            found[url] = answer
        else:
            failures[url] = answer
    for error in failures.values():
        if not found or not isinstance(error, RequestError) or error.kind in _NO_SUBSTITUTE:
            raise error
        cluster.warnings.append(f"worker {error.worker} {silence(error.kind, error.reason)}; continuing without it")
    return [found[url] for url in options.desired if url in found]


def _read(cluster: Cluster, options: LevelOptions, url: str) -> _Worker:
    listed = levels_of(cluster.api, url)
    if not listed.levels:
        # A worker lists at least its root logger.
        raise NoLevelsError(f"worker {url} has no loggers: nothing was changed", NO_LOGGERS)
    worker = _Worker(url, listed.levels, listed.knows_clusters, options.desired[url])
    for name in worker.desired:
        if name not in worker.before:
            level = level_of(cluster.api, name, url)
            if level is None:
                worker.unknown.add(name)
            else:
                worker.before[name] = worker.now[name] = level.upper()
    return worker


def _read_again(cluster: Cluster, worker: _Worker) -> None:
    """A logger that is off may be missing in the list."""
    worker.now = dict(levels_of(cluster.api, worker.url).levels)
    for name in worker.desired:
        if name not in worker.now:
            level = level_of(cluster.api, name, worker.url)
            if level is not None:
                worker.now[name] = level.upper()


def _require_cluster_scope(workers: Sequence[_Worker]) -> None:
    old = [worker.url for worker in workers if not worker.knows_clusters]
    if old:
        raise NoLevelsError(
            f"worker {', '.join(old)} is older than Kafka 3.7, which scope=cluster needs: nothing was changed",
            "set scope to worker, and list all workers in url",
        )


# Writing


def _predict(worker: _Worker) -> None:
    for name, level in worker.desired.items():
        if effective(worker.now, name) != level:
            worker.now = after_change(worker.now, name, level)
            worker.changed.append(name)


def _set_on_worker(cluster: Cluster, worker: _Worker) -> None:
    for name, level in worker.desired.items():
        if effective(worker.now, name) == level:
            continue
        worker.changed.append(name)
        try:
            set_level(cluster.api, name, level, worker.url)
        except RequestError as error:
            if error.outcome is not Outcome.UNKNOWN:
                worker.changed.remove(name)
                raise
        _read_again(cluster, worker)
        if effective(worker.now, name) != level:
            raise NoLevelsError(_not_set(worker, [name]), NO_LOGGERS)


def _set_on_cluster(cluster: Cluster, workers: Sequence[_Worker], timeout: float) -> None:
    desired = workers[0].desired
    names: list[str] = []
    for name in desired:
        # A level that the workers have already would be lost with that of a package above.
        if any(affects(other, name) for other in names) or any(name in worker.missing for worker in workers):
            names.append(name)
    for name in names:
        for worker in workers:
            if name in worker.missing or any(affects(other, name) for other in worker.changed):
                worker.changed.append(name)
        try:
            set_cluster_level(cluster.api, name, desired[name])
        except RequestError as error:
            if error.outcome is not Outcome.UNKNOWN:
                for worker in workers:
                    worker.changed = [changed for changed in worker.changed if changed != name]
                raise
    if names:
        _await(cluster, workers, timeout)


def _await(cluster: Cluster, workers: Sequence[_Worker], timeout: float) -> None:
    """Read the levels of all workers until they have them: each reads them from the config topic."""
    deadline = time.monotonic() + timeout
    attempt = 0
    while True:
        cluster.run.check("waiting until all workers have the levels")
        for worker in workers:
            _read_again(cluster, worker)
        late = [worker for worker in workers if worker.missing]
        if not late:
            return
        cluster.run.busy_with(
            f"{len(workers) - len(late)} of {len(workers)} workers have the levels; waiting for {late[0].url}"
        )
        attempt += 1
        pause = backoff(attempt)
        if time.monotonic() + pause > deadline:
            raise LateLevelsError(
                f"{_not_set(late[0], late[0].missing)} after {timeout:g} s",
                "check that the worker reads the config topic (cluster_health), or set scope to worker",
            )
        cluster.run.pause(pause)


def _not_set(worker: _Worker, names: Sequence[str]) -> str:
    name = names[0]
    found = effective(worker.now, name) or "unknown"
    return f"worker {worker.url} accepted level {worker.desired[name]} of logger {name}, but its level is {found}"


# Reporting


def _doubts(changed: Sequence[_Worker]) -> list[str]:
    """Loggers that do not exist, and none of whose descendants does: they may be misspelled."""
    doubtful = {name: True for worker in changed for name in worker.changed}
    for worker in changed:
        for name in worker.changed:
            below = any(other != name and other.startswith(name) for other in worker.now)
            doubtful[name] = doubtful[name] and name in worker.unknown and not below
    return [
        f'logger "{name}": no class of the workers has logged under this name yet; check the spelling if nothing appears'
        for name, is_doubtful in doubtful.items()
        if is_doubtful
    ]


def _facts(workers: Sequence[_Worker], changed: Sequence[_Worker], *, check_mode: bool) -> Mapping[str, Any]:
    facts: dict[str, Any] = {
        "loggers": {worker.url: {name: effective(worker.now, name) for name in worker.desired} for worker in workers},
        "previous": {worker.url: worker.previous for worker in changed},
        "diff": [_diff(worker) for worker in changed],
    }
    if changed:
        names = list(dict.fromkeys(name for worker in changed for name in worker.changed))
        verb = "would be set" if check_mode else "set"
        facts["msg"] = (
            f"{counted(len(names), 'log level')} {verb} on {counted(len(changed), 'worker')} ({', '.join(names)})"
        )
    return facts


def _diff(worker: _Worker) -> Mapping[str, str]:
    names = list(dict.fromkeys(worker.changed))
    before, after = (
        "".join(f"{name}: {effective(levels, name)}\n" for name in names) for levels in (worker.before, worker.now)
    )
    return {"before_header": worker.url, "after_header": worker.url, "before": before, "after": after}
