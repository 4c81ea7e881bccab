# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The cluster under test as the suite handles it: with plain requests, nothing of the collection in between."""

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

LOOK = "/connectors?expand=info&expand=status"
SETTLED_WITHIN = 150.0
"""Seconds for a cluster without a delay: a write in a worker's queue may be carried out 90 s later."""

CALM = 2.0
"""Seconds without any change that count as rest."""

_LEADER = re.compile(r"leaderUrl='([^']+)'")

Views = dict[str, dict[str, View]]


@dataclass
class Patient:
    """A sandbox and the first `size` of its workers; what a fault adds beyond them goes when the cluster is healed.

    `settles_within` is how long, in seconds, a healed cluster may take to come to rest.
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
        """What runs are told of the cluster beside its workers: the addresses of a proxy are those of no member."""
        return {"bootstrap_servers": self.sandbox.bootstrap_servers, "group_id": GROUP}

    def start(self, options: Mapping[str, Any], folder: Path) -> Running:
        """Starts a run, as a user does."""
        return start_deploy(options, folder)

    def end_offset(self) -> int:
        """The offset that the next record of the config topic will have."""
        return end_offset(self.sandbox.bootstrap_servers)

    def records(self, since: int = 0) -> tuple[Record, ...]:
        """What the config topic has from that offset on."""
        return read_records(self.sandbox.bootstrap_servers, since)

    @property
    def brokers(self) -> list[str]:
        return [node.name for node in self.sandbox.state.nodes if node.kind == "broker"]

    def leader(self) -> str:
        """The name of the worker that leads the group."""
        return self.names[self.ports.index(self.advertised_leader())]

    def advertised_leader(self) -> int:
        """The port under which the leader of the group can be reached, by what a running worker has logged last."""
        for name in self.names:
            found = _LEADER.findall(self.sandbox.log(name))
            if found and self.sandbox.condition(name) is Condition.RUNNING:
                return port_of(found[-1])
        raise AssertionError("no worker says who leads the group")

    def owner(self, connector: str) -> str:
        """The worker that runs the first task of a connector."""
        _status, told = self.sandbox.request("GET", f"/connectors/{quote(connector, safe='')}/status")
        return self.names[self.ports.index(int(told["tasks"][0]["worker_id"].rpartition(":")[2]))]

    def ask(self, method: str, path: str, body: object = None) -> int:
        """What another person sends: through any worker that answers, kept as `foreign` when it is a write.

        Raises OSError when none does.
        """
        problem: OSError = ConnectionRefusedError("no worker runs")
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
                told = Exchange(len(self.foreign), number, method, path, encoded, sent, time.time(), status, status)
                self.foreign.append(told)
            return status
        raise problem

    def views(self) -> Views:
        """What each running worker shows now, also of connectors that nobody has started yet, which have no status.

        Raises OSError when one does not answer.
        """
        running = [name for name in self.names if self.sandbox.condition(name) is Condition.RUNNING]
        return {name: self._view(name) for name in running}

    def _view(self, worker: str) -> dict[str, View]:
        _status, listed = self.sandbox.request("GET", "/connectors", who=worker, timeout=20)
        _status, expanded = self.sandbox.request("GET", LOOK, who=worker, timeout=20)
        return {name: View(None, "", ()) for name in listed} | views_of(expanded)

    def prepare(self, scene: Scene) -> None:
        """Removes whatever is there, and puts what the scene begins with; returns when all of it works."""
        _status, there = self.sandbox.request("GET", "/connectors")
        _all([partial(self._remove, name) for name in there])
        _all([partial(self._create, *one) for one in scene.former.items()])
        _await(lambda: all(_as_former(views, scene) for views in self.views().values()), 60, "the scene")
        self.settle()
        self.foreign.clear()

    def _remove(self, name: str) -> None:
        status = self.ask("DELETE", f"/connectors/{quote(name, safe='')}")
        assert status in (204, 404), f"DELETE {name}: {status}"

    def _create(self, name: str, wanted: tuple[Mapping[str, str], str]) -> None:
        config, state = wanted
        status = self.ask("POST", "/connectors", {"name": name, "config": config, "initial_state": state})
        assert status == 201, f"POST {name}: {status}"

    def heal(self) -> None:
        """Everything runs again that ran at first, and nothing else."""
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
        # A follower that comes back while its cluster has no broker would end again.
        for name in [*self.brokers, *self.names]:
            if sandbox.condition(name) is Condition.DEAD:
                own = {"rest.advertised.port": str(self.ports[self.names.index(name)])} if name in self.names else {}
                sandbox.start(name, properties=own, wait=name in self.brokers)
        _await(lambda: all(sandbox.is_healthy(name) for name in self.names), SETTLED_WITHIN, "the healing")

    def _shows_what_is_stored(self, views: Views) -> bool:
        """What ran on a worker that was lost rests as it was until the delay is over, whatever was asked for since."""
        stored = stored_after(self.records())
        return all(
            {view.state, *view.tasks} <= {stored[name].state, "FAILED"}
            for shown in views.values()
            for name, view in shown.items()
            if name in stored
        )

    def settle(self) -> Views:
        """What all workers show when nothing moves any more: neither the config topic nor what they show.

        What cannot come to rest is shown as it is after `settles_within` seconds: the judge will say what is wrong.
        """
        since, end, former = 0.0, -1, None
        for _try in _tries(self.settles_within):
            try:
                views = self.views()
                if not _at_rest(views):
                    former = None
                elif views != former or time.monotonic() - since > CALM:
                    written, end = end, self.end_offset()
                    if views == former and written == end and self._shows_what_is_stored(views):
                        return views
                    since, former = time.monotonic(), views
            except (OSError, KafkaException):
                former = None
        return self.views()


def port_of(url: str) -> int:
    return urlsplit(url).port or 0


def views_of(answer: Mapping[str, Mapping[str, Any]]) -> dict[str, View]:
    """Each connector of an expanded list."""
    return {name: _connector_view(told.get("info"), told.get("status")) for name, told in answer.items()}


def _connector_view(info: Mapping[str, Any] | None, status: Mapping[str, Any] | None) -> View:
    told = status or {"connector": {"state": ""}, "tasks": []}
    tasks = tuple(str(task["state"]) for task in told["tasks"])
    return View((info or {}).get("config"), str(told["connector"]["state"]), tasks)


def _at_rest(views: Views) -> bool:
    """All workers show the same, and nothing is on its way."""
    moving = {"UNASSIGNED", "RESTARTING", ""}
    shown = list(views.values())
    return all(one == shown[0] for one in shown) and all(
        not moving & {view.state, *view.tasks} and (view.state != "RUNNING" or view.tasks) for view in shown[0].values()
    )


def _as_former(views: Mapping[str, View], scene: Scene) -> bool:
    return views.keys() == scene.former.keys() and all(
        dict(views[name].config or {}) == dict(config) and views[name].works(state)
        for name, (config, state) in scene.former.items()
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
    raise AssertionError(f"{what} did not come about within {limit:g} s")


def _tries(limit: float) -> Iterator[int]:
    """Four tries a second until the limit."""
    deadline, number = time.monotonic() + limit, 0
    while time.monotonic() < deadline:
        yield number
        number += 1
        time.sleep(0.25)
