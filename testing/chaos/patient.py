# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The real cluster under test. It is accessed with plain requests, without code of the collection."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from confluent_kafka import KafkaException

from testing.sandbox import Sandbox
from testing.sandbox.configuration import GROUP
from testing.sandbox.processes import Condition

from .config_topic import Record, end_offset, read_records, stored_after
from .evidence import View
from .exchange import Exchange
from .running import Running, start_deploy
from .scene import Scene

SNAPSHOT = "/connectors?expand=info&expand=status"
SETTLED_WITHIN = 150.0
"""Seconds for a cluster without a rebalance delay: a worker can apply a queued write 90 s later."""

CALM = 2.0
"""Seconds without any change after which the cluster counts as stable."""

_LEADER = re.compile(r"leaderUrl='([^']+)'")

Views = dict[str, dict[str, View]]


@dataclass
class Patient:
    """A sandbox and the first `size` of its workers. `heal` removes further workers, which a fault added.

    `settles_within` is the time limit in seconds until a healed cluster is stable.
    """

    sandbox: Sandbox
    size: int
    settles_within: float = SETTLED_WITHIN
    foreign: list[Exchange] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def names(self) -> list[str]:
        return [worker.name for worker in self.sandbox.workers[: self.size]]

    @property
    def ports(self) -> list[int]:
        return [port_of(worker.url) for worker in self.sandbox.workers[: self.size]]

    @property
    def run_options(self) -> dict[str, Any]:
        """Module options besides the URLs: the addresses of a proxy are not those of members of the group."""
        return {"bootstrap_servers": self.sandbox.bootstrap_servers, "group_id": GROUP}

    def start(self, options: Mapping[str, Any], folder: Path) -> Running:
        """Starts a run as a user does."""
        return start_deploy(options, folder)

    def end_offset(self) -> int:
        """The offset that the next record of the config topic will have."""
        return end_offset(self.sandbox.bootstrap_servers)

    def records(self, since: int = 0) -> tuple[Record, ...]:
        """Records of the config topic from this offset on."""
        return read_records(self.sandbox.bootstrap_servers, since)

    @property
    def brokers(self) -> list[str]:
        return [node.name for node in self.sandbox.state.nodes if node.kind == "broker"]

    def leader(self) -> str:
        """Name of the leader of the group."""
        return self.names[self.ports.index(self.advertised_leader())]

    def advertised_leader(self) -> int:
        """The port that the leader advertises, from the latest log entry of a running worker."""
        for name in self.names:
            found = _LEADER.findall(self.sandbox.log(name))
            if found and self.sandbox.condition(name) is Condition.RUNNING:
                return port_of(found[-1])
        raise AssertionError("no worker has logged the leader of the group")

    def owner(self, connector: str) -> str:
        """The worker that runs the first task of a connector."""
        _status, reported = self.sandbox.request("GET", f"/connectors/{quote(connector, safe='')}/status")
        return self.names[self.ports.index(int(reported["tasks"][0]["worker_id"].rpartition(":")[2]))]

    def ask(self, method: str, path: str, body: object = None) -> int:
        """Sends a request of another user through any worker that responds. Writes are added to `foreign`.

        Raises OSError if no worker responds.
        """
        problem: OSError = ConnectionRefusedError("no worker is running")
        for number, name in enumerate(self.names):
            if self.sandbox.condition(name) is not Condition.RUNNING:
                continue
            sent = time.time()
            encoded = b"" if body is None else json.dumps(body).encode()
            try:
                status, _answer = self.sandbox.request(method, path, body, who=name)
            except OSError as error:
                problem = error
                continue
            with self._lock:
                reported = Exchange(len(self.foreign), number, method, path, encoded, sent, time.time(), status, status)
                self.foreign.append(reported)
            return status
        raise problem

    def views(self) -> Views:
        """What each running worker reports now, including connectors without a status, which no worker has started yet.

        Raises OSError if a worker does not respond.
        """
        running = [name for name in self.names if self.sandbox.condition(name) is Condition.RUNNING]
        return {name: self._view(name) for name in running}

    def _view(self, worker: str) -> dict[str, View]:
        _status, listed = self.sandbox.request("GET", "/connectors", who=worker, timeout=20)
        _status, expanded = self.sandbox.request("GET", SNAPSHOT, who=worker, timeout=20)
        return {name: View(None, "", ()) for name in listed} | views_of(expanded)

    def prepare(self, scene: Scene) -> None:
        """Removes all connectors and creates those of the scene. Returns when all of them work."""
        _status, there = self.sandbox.request("GET", "/connectors")
        _all([partial(self._remove, name) for name in there])
        _all([partial(self._create, *one) for one in scene.previous.items()])
        _await(lambda: all(_as_former(views, scene) for views in self.views().values()), 60, "the scene")
        self.settle()
        self.foreign.clear()

    def _remove(self, name: str) -> None:
        status = self.ask("DELETE", f"/connectors/{quote(name, safe='')}")
        assert status in (204, 404), f"DELETE {name}: {status}"

    def _create(self, name: str, desired: tuple[Mapping[str, str], str]) -> None:
        config, state = desired
        status = self.ask("POST", "/connectors", {"name": name, "config": config, "initial_state": state})
        assert status == 201, f"POST {name}: {status}"

    def heal(self) -> None:
        """Restores the initial processes: restarts the missing ones and ends all others."""
        sandbox = self.sandbox
        for worker in sandbox.workers[self.size :]:
            if sandbox.condition(worker.name) is not Condition.DEAD:
                sandbox.kill(worker.name)
        for name in [*self.brokers, *self.names]:
            if sandbox.condition(name) is Condition.STOPPED:
                sandbox.continue_(name)
        for name, port in zip(self.names, self.ports, strict=True):
            advertised = sandbox.state.node(name).properties.get("rest.advertised.port", str(port))
            if advertised != str(port) and sandbox.condition(name) is not Condition.DEAD:
                sandbox.kill(name)
        # A worker that starts while the cluster has no broker would exit again.
        for name in [*self.brokers, *self.names]:
            if sandbox.condition(name) is Condition.DEAD:
                own = {"rest.advertised.port": str(self.ports[self.names.index(name)])} if name in self.names else {}
                sandbox.start(name, properties=own, wait=name in self.brokers)
        _await(lambda: all(sandbox.is_healthy(name) for name in self.names), SETTLED_WITHIN, "the healing")

    def _shows_what_is_stored(self, views: Views) -> bool:
        """Whether each worker reports the stored state. Work of a lost worker keeps its old state until the rebalance delay ends."""
        stored = stored_after(self.records())
        return all(
            {view.state, *view.tasks} <= {stored[name].state, "FAILED"}
            for shown in views.values()
            for name, view in shown.items()
            if name in stored
        )

    def settle(self) -> Views:
        """What all workers report once neither the config topic nor their reports change any more.

        If the cluster does not become stable within `settles_within` seconds, returns the current reports, and the
        checker finds the violation.
        """
        since, end, previous = 0.0, -1, None
        for _try in _tries(self.settles_within):
            try:
                views = self.views()
                if not _is_stable(views):
                    previous = None
                elif views != previous or time.monotonic() - since > CALM:
                    written, end = end, self.end_offset()
                    if views == previous and written == end and self._shows_what_is_stored(views):
                        return views
                    since, previous = time.monotonic(), views
            except (OSError, KafkaException):
                previous = None
        return self.views()


def port_of(url: str) -> int:
    return urlsplit(url).port or 0


def views_of(answer: Mapping[str, Mapping[str, Any]]) -> dict[str, View]:
    """The connectors of an expanded list."""
    return {name: _connector_view(reported.get("info"), reported.get("status")) for name, reported in answer.items()}


def _connector_view(info: Mapping[str, Any] | None, status: Mapping[str, Any] | None) -> View:
    reported = status or {"connector": {"state": ""}, "tasks": []}
    tasks = tuple(str(task["state"]) for task in reported["tasks"])
    return View((info or {}).get("config"), str(reported["connector"]["state"]), tasks)


def _is_stable(views: Views) -> bool:
    """Whether all workers report the same, and no change is in progress."""
    moving = {"UNASSIGNED", "RESTARTING", ""}
    shown = list(views.values())
    return all(one == shown[0] for one in shown) and all(
        not moving & {view.state, *view.tasks} and (view.state != "RUNNING" or view.tasks) for view in shown[0].values()
    )


def _as_former(views: Mapping[str, View], scene: Scene) -> bool:
    return views.keys() == scene.previous.keys() and all(
        dict(views[name].config or {}) == dict(config) and views[name].works(state)
        for name, (config, state) in scene.previous.items()
    )


def _all(calls: list[Callable[[], None]]) -> None:
    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(call) for call in calls]:
            done.result()


def _await(condition: Callable[[], bool], limit: float, what: str) -> None:
    for _try in _tries(limit):
        try:
            if condition():
                return
        except OSError:
            continue
    raise AssertionError(f"{what}: not completed within {limit:g} s")


def _tries(limit: float) -> Iterator[int]:
    """Four attempts per second until the limit."""
    deadline, number = time.monotonic() + limit, 0
    while time.monotonic() < deadline:
        yield number
        number += 1
        time.sleep(0.25)
