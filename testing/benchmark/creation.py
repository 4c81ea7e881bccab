# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Creates connectors on a real cluster until all of them run: with the collection, and with one raw PUT after another."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from testing.sandbox import Sandbox

from .measuring import Case, Goal, Sample, Series, interleaved, net, table, timing_cells
from .playbooks import MODULE, Playbook, RunFailedError

EMPTY, SEQUENTIAL = "empty play", "raw PUTs, one after another"
STABLE_FOR = 2.0
"""Seconds of the task option with that name; not counted, since raw PUTs include no such proof."""
MOST_REBALANCES, SHARE = 30, 0.75
LIMIT = 300.0
PREFIX = "benchmark-"
DELETIONS_AT_ONCE = 32
QUIET_FOR = 1.0
"""Seconds without a rebalance after which the cluster counts as stable."""


@dataclass(frozen=True)
class Sizes:
    """The sizes of the measurement. `max_parallel`: the values of that option to measure."""

    connectors: int = 60
    max_parallel: Sequence[int] = (8, 16, 32)
    rounds: int = 3


def run(sizes: Sizes, folder: Path, report: Callable[[str], None], sandbox: Sandbox | None = None) -> Iterator[str]:
    """Measure on `sandbox`, or on a separate one, and yield the lines to print."""
    if sandbox is None:
        with Sandbox.running(report=report) as own:
            yield from run(sizes, folder, report, own)
        return
    cluster = _Cluster(sandbox, sizes.connectors, folder / "connectors")
    task = f"{MODULE}.connectors"
    options = {"url": sandbox.urls, "src": [str(folder / "connectors")], "stable_for": STABLE_FOR}
    cases = [Case(EMPTY, Playbook(folder, "empty", []).run), Case(SEQUENTIAL, cluster.measured(cluster.put_all))]
    for parallel in sizes.max_parallel:
        playbook = Playbook(folder, f"parallel-{parallel}", [{task: {**options, "max_parallel": parallel}}])
        cases.append(Case(_ours(parallel), cluster.measured(playbook.run)))
    try:
        series = interleaved(cases, sizes.rounds, report)
    finally:
        cluster.clear()
        cluster.connection.close()
    yield f"### Creating {sizes.connectors} FileStreamSource connectors (Kafka {sandbox.state.kafka}, three workers)\n"
    yield _table(series)
    yield ""
    yield from (f"- {goal}" for goal in goals(series, sizes))


def goals(series: dict[str, Series], sizes: Sizes) -> Iterator[Goal]:
    """The limits for the best `max_parallel`, the one closest to both, from the measurements."""

    def share(one: Series) -> float:
        return _net(one, series[EMPTY]) / series[SEQUENTIAL].seconds

    ours = [series[_ours(parallel)] for parallel in sizes.max_parallel]
    best = min(ours, key=lambda one: max(share(one) / SHARE, one.fact("rebalances") / MOST_REBALANCES))
    yield Goal(f"{best.name}: net share of the time of {SEQUENTIAL}", share(best), SHARE)
    yield Goal(f"{best.name}: rebalances", best.fact("rebalances"), MOST_REBALANCES)


def _ours(parallel: int) -> str:
    return f"ours, max_parallel {parallel}"


def _net(ours: Series, empty: Series) -> float:
    return net(ours, empty) - STABLE_FOR


def _table(series: dict[str, Series]) -> str:
    rows = []
    for name, one in series.items():
        cells = timing_cells(one)
        if name == EMPTY:
            rows.append([name, *cells, ""])
            continue
        cells[1] = cells[0] if name == SEQUENTIAL else f"{_net(one, series[EMPTY]):.3f}"
        rows.append([name, *cells, f"{one.fact('rebalances'):.0f}"])
    return table(["case", "seconds", "net", "spread", "CPU", "rounds", "rebalances"], rows)


class _Cluster:
    """The real cluster, accessed without code of the engine."""

    def __init__(self, sandbox: Sandbox, count: int, folder: Path) -> None:
        """`folder` is where the files for `src` are written."""
        self.sandbox = sandbox
        self.count = count
        self.folder = folder
        self.configs: dict[str, dict[str, str]] = {}
        self.generation = 0
        self.address = urlsplit(sandbox.urls[0]).netloc
        self.connection = http.client.HTTPConnection(self.address, timeout=LIMIT)

    def measured(self, create: Callable[[], Sample]) -> Callable[[], Sample]:
        """Measures `create` on an empty stable cluster, including the number of rebalances."""

        def measure() -> Sample:
            self.clear()
            self._prepare()
            position = self.sandbox.log_position("w1")
            sample = create()
            missing = self.not_running()
            if missing:
                raise RunFailedError(f"{len(missing)} connectors do not run: {', '.join(sorted(missing)[:5])}")
            rebalances = self.sandbox.rebalances("w1", position)
            return Sample(sample.seconds, sample.cpu, {"rebalances": rebalances})

        return measure

    def put_all(self) -> Sample:
        """One PUT after another, repeated while the group rebalances, until all connectors and their tasks run."""
        started, cpu = time.perf_counter(), time.process_time()
        for name, config in self.configs.items():
            while self._request("PUT", f"/connectors/{name}/config", config)[0] == 409:
                time.sleep(0.05)
        self._await(lambda: not self.not_running(), "all connectors run")
        return Sample(time.perf_counter() - started, time.process_time() - cpu)

    def not_running(self) -> set[str]:
        """The names of those that are not running yet, or whose only task is not."""
        shown = self._shown()
        return {name for name in self.configs if not _runs(shown.get(name, {}).get("status") or {})}

    def clear(self) -> None:
        """Delete what earlier rounds created, and wait until the group is stable."""
        # Many at once: each one alone would cause rebalances of the group, which take minutes in total.
        with ThreadPoolExecutor(DELETIONS_AT_ONCE) as pool:
            list(pool.map(self._delete, self._created()))
        self._await(lambda: not self._created(), "all connectors are deleted")
        seen, since = self.sandbox.rebalances("w1"), time.monotonic()
        while time.monotonic() - since < QUIET_FOR:
            time.sleep(0.1)
            now = self.sandbox.rebalances("w1")
            if now != seen:
                seen, since = now, time.monotonic()

    def _created(self) -> list[str]:
        return [name for name in self._shown() if name.startswith(PREFIX)]

    def _delete(self, name: str) -> None:
        connection = http.client.HTTPConnection(self.address, timeout=LIMIT)
        while self._request("DELETE", f"/connectors/{name}", connection=connection)[0] == 409:
            time.sleep(0.05)
        connection.close()

    def _prepare(self) -> None:
        """New configurations, also as files. Each name is used once: a worker may miss a status of a name that was just
        deleted.
        """
        self.generation += 1
        source = self.sandbox.files / "benchmark.txt"
        source.write_text("a line\n", encoding="utf-8")
        config = {
            "connector.class": "org.apache.kafka.connect.file.FileStreamSourceConnector",
            "tasks.max": "1",
            "file": str(source),
            "topic": "benchmark",
        }
        self.configs = {f"{PREFIX}{os.getpid()}-{self.generation}-{number:03}": config for number in range(self.count)}
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        for name in self.configs:
            text = json.dumps({"name": name, "config": config})
            (self.folder / f"{name}.json").write_text(text, encoding="utf-8")

    def _shown(self) -> dict[str, Any]:
        shown: dict[str, Any] = self._request("GET", "/connectors?expand=info&expand=status")[1]
        return shown

    def _await(self, condition: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + LIMIT
        while not condition():
            if time.monotonic() > deadline:
                raise RunFailedError(f"condition not met after {LIMIT:.0f} s: {what}")
            time.sleep(0.1)

    def _request(
        self, method: str, path: str, body: object = None, connection: http.client.HTTPConnection | None = None
    ) -> tuple[int, Any]:
        """Status and decoded response. The caller handles a rebalance (409); other errors are raised."""
        used = connection or self.connection
        used.request(method, path, None if body is None else json.dumps(body), {"Content-Type": "application/json"})
        answer = used.getresponse()
        text = answer.read()
        if answer.status >= 400 and answer.status != 409:
            raise RunFailedError(f"{method} {path}: {answer.status} {text.decode(errors='replace')[:500]}")
        return answer.status, json.loads(text) if text else None


def _runs(status: dict[str, Any]) -> bool:
    states = [(status.get("connector") or {}).get("state"), *(task["state"] for task in status.get("tasks") or ())]
    return len(states) == 2 and set(states) == {"RUNNING"}
