# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Measures a cluster's traffic through its workers' agents or a Prometheus server, and how long it has been low.

Traffic that is not measured completely is unknown, and unknown traffic is never low.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

from ..errors import ConnectError, RequestError
from ..parallel import in_parallel
from ..secrets import mask_text
from .endpoints import Endpoints
from .exposition import from_exposition
from .jolokia import from_jolokia, jolokia_request
from .prometheus import Series, from_prometheus
from .task_rates import TaskRates, UnreadableError, task_names

PARALLEL_REQUESTS = 8
MOST_MOMENTS = 1000
"""Maximum number of values in a query; a Prometheus server returns at most 11,000."""

_PERMANENT = frozenset({"authentication_failed", "not_permitted", "tls_failed", "not_a_connect_worker"})
"""Failures of the REST API that a retry does not fix."""


@dataclass(frozen=True)
class Limits:
    """What counts as low traffic: a maximum of records per second (and of lag) for `sustained_for` seconds. `interval`:
    seconds between two values. `lenient`: workers without a measurement are ignored, unless there are no others.
    """

    records_per_second: float
    lag: float | None = None
    sustained_for: float = 60.0
    interval: float = 10.0
    lenient: bool = False


@dataclass(frozen=True)
class WorkerReading:
    """The rates from one agent. `problem`: why its worker's traffic is unknown, else empty."""

    url: str
    tasks: tuple[TaskRates, ...] = ()
    problem: str = ""

    @property
    def records_per_second(self) -> float | None:
        return None if self.problem else sum(task.records_per_second for task in self.tasks)


@dataclass(frozen=True)
class Reading:
    """One measurement. `records_per_second` and `lag` are None if they are unknown or not measured; `problem` says why.
    `low_for`: seconds for which the traffic has provably been low until now, None if it is not low.
    """

    records_per_second: float | None = None
    lag: float | None = None
    low_for: float | None = None
    problem: str = ""
    workers: tuple[WorkerReading, ...] = ()
    warnings: tuple[str, ...] = ()


class Meter(Protocol):
    """Measures the traffic. `remembers`: it has the history, too, so measuring again soon brings nothing."""

    remembers: bool
    limits: Limits

    def read(self) -> Reading:
        """Measure once. Raises RequestError for permanent failures: a wrong URL, password or query."""


Running = Callable[[], "frozenset[tuple[str, str]]"]
"""Reads the running tasks of the cluster from the REST API: (connector, number) of each. Raises ConnectError."""


class AgentMeter:
    """Reads the agents of all workers. Only several measurements in a row show that traffic has stayed low."""

    remembers = False

    def __init__(self, endpoints: Endpoints, limits: Limits, *, jolokia: bool, running: Running | None = None) -> None:
        self.limits = limits
        self._endpoints = endpoints
        self._jolokia = jolokia
        self._running = running
        self._low_since: float | None = None
        self._last_read = -math.inf

    def read(self) -> Reading:
        urls = self._endpoints.workers.urls
        found: dict[str, WorkerReading] = {}
        for url, answer in in_parallel(self._endpoints.run, self._worker, urls, PARALLEL_REQUESTS):
            if isinstance(answer, ConnectError):
                raise answer
            found[url] = answer
        workers = tuple(found[url] for url in urls)
        unknown = [f"{worker.url}: {worker.problem}" for worker in workers if worker.problem]
        known = [worker for worker in workers if not worker.problem]
        problem = "; ".join(unknown) if not self.limits.lenient or not known else ""
        problem = problem or self._unmeasured(known)
        total = None if problem else sum(worker.records_per_second or 0.0 for worker in known)
        warnings = tuple(f"ignored, as its traffic is unknown: {text}" for text in unknown) if not problem else ()
        return Reading(total, None, self._low_for(total), problem, workers, warnings)

    def _worker(self, url: str) -> WorkerReading:
        pathless = not urlsplit(url).path
        try:
            if self._jolokia:
                answer = self._endpoints.request(url, "/jolokia/" if pathless else "/", jolokia_request())
                return WorkerReading(url, from_jolokia(answer.body))
            answer = self._endpoints.request(url, "/metrics" if pathless else "")
            return WorkerReading(url, from_exposition(answer.text))
        except UnreadableError as error:
            return WorkerReading(url, problem=mask_text(str(error)))

    def _unmeasured(self, workers: Sequence[WorkerReading]) -> str:
        """The running tasks without rates, as a message: the list may lack a worker. Empty if there are none."""
        if self._running is None or self.limits.lenient:
            return ""
        measured = [task for worker in workers for task in worker.tasks]
        if any(not task.connector or not task.task for task in measured):
            return ""  # The agents' rules omit the names of the tasks.
        try:
            missing = sorted(self._running() - task_names(measured))
        except RequestError as error:
            if error.kind in _PERMANENT:
                raise
            return f"the running tasks are unknown: {error.message}"
        if not missing:
            return ""
        connector, number = missing[0]
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        return (
            f'these agents lack the rates of running task {number} of connector "{connector}"{more} -> give the agents of '
            "all workers; during a rebalance this is temporary"
        )

    def _low_for(self, total: float | None) -> float | None:
        now = time.monotonic()
        # Between two distant measurements the traffic may have been high.
        covered_until = self._last_read + 2 * self.limits.interval + self._endpoints.transport.connection.read_timeout
        self._last_read = now
        if total is None or total > self.limits.records_per_second:
            self._low_since = None
            return None
        if self._low_since is None or now > covered_until:
            self._low_since = now
        return now - self._low_since


@dataclass(frozen=True)
class Queries:
    """PromQL for the records per second, for a value that is 1 while all workers are scraped, and for lag. Empty: unused."""

    records_per_second: str
    up: str = ""
    lag: str = ""


class PrometheusMeter:
    """Queries a Prometheus server. It has the history, so one measurement shows how long traffic has been low."""

    remembers = True

    def __init__(self, endpoints: Endpoints, limits: Limits, queries: Queries) -> None:
        self.limits = limits
        self._endpoints = endpoints
        self._queries = queries
        self._url = endpoints.workers.urls[0]

    def read(self) -> Reading:
        queries, limits = self._queries, self.limits
        try:
            # The server's own time, returned with the value: another machine's clock may be wrong.
            now = from_prometheus(self._query("query", "query", queries.records_per_second)).values[-1][0]
            rates = self._range("query", queries.records_per_second, now)
            lag = self._range("lag_query", queries.lag, now) if queries.lag else None
            if queries.up and self._range("up_query", queries.up, now).lowest < 1:
                return Reading(rates.last, lag.last if lag else None, problem="traffic.up_query was not 1 all the time")
        except UnreadableError as error:
            return Reading(problem=mask_text(f"{self._url}: {error}"))
        warnings = (*rates.warnings, *(lag.warnings if lag else ()))
        if warnings and not limits.lenient:
            return Reading(rates.last, lag.last if lag else None, problem=f"{self._url} warns: {warnings[0]}")
        low_for = _low_until(now, (rates, limits.records_per_second), *([(lag, limits.lag)] if lag else []))
        return Reading(rates.last, lag.last if lag else None, low_for, warnings=warnings)

    def _range(self, option: str, query: str, now: float) -> Series:
        """The values of the last `sustained_for` seconds. Times are whole milliseconds, as on the server."""
        limits = self.limits
        steps = min(math.ceil(limits.sustained_for / limits.interval), MOST_MOMENTS)
        step = max(math.ceil(1000 * limits.sustained_for / steps) if steps else 1000, 1)
        end = round(1000 * now)
        times = {"start": end - steps * step, "end": end, "step": step}
        try:
            body = self._query("query_range", option, query, **{name: f"{ms / 1000:.3f}" for name, ms in times.items()})
            return from_prometheus(body, steps + 1)
        except UnreadableError as error:
            raise UnreadableError(f"traffic.{option}: {error}") from error

    def _query(self, endpoint: str, option: str, query: str, **more: str) -> Any:
        path = f"/api/v1/{endpoint}"
        answer = self._endpoints.request(self._url, f"{path}?{urlencode({'query': query, **more})}")
        if answer.status < 300:
            return answer.body
        text = mask_text(str(answer.body.get("error", "")))
        if answer.body.get("errorType") != "bad_data":
            raise UnreadableError(f"traffic.{option}: {text}")
        raise RequestError(
            f"traffic.{option}: Prometheus rejects it: {text}",
            kind="metrics_failed",
            advice="correct the query: it must return a number, or one for each series",
            method="GET",
            path=path,
            worker=self._url,
            http_status=answer.status,
        )


def _low_until(now: float, *limited: tuple[Series, float | None]) -> float | None:
    """Seconds for which all values have been within their limits until now; None if the last ones are not."""
    high = [
        moment for series, limit in limited for moment, value in series.values if limit is not None and value > limit
    ]
    if not high:
        # Both ends are whole milliseconds, which floats of this size only approximate.
        return round(now - min(series.values[0][0] for series, _limit in limited), 3)
    return None if max(high) >= min(series.values[-1][0] for series, _limit in limited) else round(now - max(high), 3)


def describe(reading: Reading, limits: Limits) -> str:
    """The traffic as a message."""
    if reading.records_per_second is None:
        return f"traffic is unknown: {reading.problem}"
    text = f"{reading.records_per_second:.4g} records/s (limit {limits.records_per_second:g})"
    if reading.lag is not None:
        text += f", lag {reading.lag:.4g} (limit {limits.lag:g})"
    return f"{text}, but the traffic is uncertain: {reading.problem}" if reading.problem else text
