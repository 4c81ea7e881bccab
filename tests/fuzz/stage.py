# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A simulated environment for tasks without a network and without waiting: responses come from memory, and time passes
only during pauses.

Everything else of the collection runs: the action plugin, Ansible's validation of arguments, the engine, and `requests`
up to the point where it would open a connection.
"""

from __future__ import annotations

import gc
import importlib
import io
import json
import pkgutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import requests
import urllib3

import ansible_collections.streamops.kafka_connect.plugins.module_utils._connect as engine
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible import options
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect import run
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.rest import transport
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.traffic.jolokia import jolokia_request
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils import action
from testing.ansible_runs.in_process import make_action
from testing.fake_connect import FakeCluster, Request
from testing.fake_connect.routes import dispatch
from testing.fake_connect.timing import INSTANT

ON_HOSTS = {"verified_file", "with_progress", "worker_host_info", "worker_start"}
"""Actions that run modules on a host: their work is not here."""

MODULES = tuple(
    sorted({file.stem for file in (Path(__file__).parents[2] / "plugins" / "action").glob("[a-z]*.py")} - ON_HOSTS)
)
JOLOKIA_READ = json.dumps(jolokia_request()).encode()
ANSWER_TAKES = 0.05
"""Seconds of the simulated time."""


class StageTime:
    """Seconds that pass only during a pause or while waiting for a response. Replaces the engine's module `time`."""

    def __init__(self) -> None:
        self._now = 1000.0
        self._lock = threading.Lock()

    def monotonic(self) -> float:
        return self._now

    def __getattr__(self, name: str) -> Any:
        """The formatting of dates is unchanged."""
        return getattr(time, name)

    def pass_by(self, seconds: float) -> None:
        with self._lock:
            self._now += max(seconds, 0.0)


@dataclass(frozen=True)
class Body:
    """A byte string repeated many times, which the fuzzer could not print."""

    part: bytes
    times: int


@dataclass(frozen=True)
class Interference:
    """What a request gets instead of the fake's response: a whole HTTP response, or an exception of `requests`."""

    status: int = 500
    body: bytes | Body = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    error: Exception | None = None
    seconds: float = ANSWER_TAKES
    carried_out: bool = False


@dataclass
class Played:
    """The outcome of a task. `requests` are those that were sent, `seconds` are simulated."""

    result: dict[str, Any]
    requests: Sequence[Request]
    seconds: float

    @property
    def writes(self) -> list[Request]:
        # Jolokia is queried with a POST, which only reads.
        return [request for request in self.requests if request.is_write and request.body != JOLOKIA_READ]


class Stage:
    """Runs tasks, one after the other, each on a cluster that has only its own connectors. `played` counts them."""

    def __init__(self, stage_time: StageTime, cluster: FakeCluster) -> None:
        self.time = stage_time
        self.played = 0
        self._requests: list[Request] = []
        self._interferences: list[Interference | None] = []
        self._cluster = cluster
        self._lock = threading.Lock()

    def play(
        self,
        module: str,
        arguments: Mapping[str, Any],
        *,
        check_mode: bool = False,
        interferences: Sequence[Interference | None] = (),
        stored: Mapping[str, Mapping[str, str]] | None = None,
    ) -> Played:
        """Run the task. The first requests get the interferences (None: none), the fake answers the rest."""
        self.played += 1
        self._requests, self._interferences = [], list(interferences)
        began = self.time.monotonic()
        connectors = self._cluster.connectors
        for name in list(connectors):
            connectors.remove(name)
        for name, config in (stored or {}).items():
            connectors.put(name, dict(config))
        made = make_action(module, arguments, check_mode=check_mode, diff=True, search=str(Path.cwd()))
        result: dict[str, Any] = made.run(task_vars={})
        # Ansible's process would end here, and its threads with it.
        for thread in threading.enumerate():
            if thread.name.startswith("kafka-connect"):
                thread.join()
        return Played(result, tuple(self._requests), self.time.monotonic() - began)

    def send(
        self, adapter: requests.adapters.HTTPAdapter, prepared: requests.PreparedRequest, timeout: float
    ) -> requests.Response:
        """What an HTTPAdapter does, in memory."""
        cluster = self._cluster
        parts = urlsplit(str(prepared.url))
        body = prepared.body or b""
        headers = {name.lower(): str(value) for name, value in prepared.headers.items()}
        request = Request(
            0,
            str(prepared.method),
            parts.path,
            parts.query,
            headers,
            body if isinstance(body, bytes) else body.encode(),
        )
        with self._lock:
            self._requests.append(request)
            meets = self._interferences.pop(0) if self._interferences else None
        self.time.pass_by(min(meets.seconds if meets else ANSWER_TAKES, timeout))
        answer = dispatch(cluster, cluster.workers[0], request) if meets is None or meets.carried_out else None
        if meets is None:
            assert answer is not None
            return _response(adapter, prepared, answer.status, answer.body or b"", answer.headers)
        if meets.seconds > timeout:
            raise requests.ReadTimeout("Read timed out")
        if meets.error is not None:
            raise meets.error
        content = meets.body.part * meets.body.times if isinstance(meets.body, Body) else meets.body
        return _response(adapter, prepared, meets.status, content, meets.headers)


@contextmanager
def stage() -> Iterator[Stage]:
    """The engine with simulated time and connections, until the block ends."""
    stage_time = StageTime()

    class StageRun(run.Run):
        def __init__(self, *limits: Any, **more: Any) -> None:
            super().__init__(*limits, **more)
            self.started = stage_time.monotonic()

        def pause(self, seconds: float) -> None:
            stage_time.pass_by(self.limit(seconds))

    with ExitStack() as changes:
        the_stage = Stage(stage_time, changes.enter_context(FakeCluster(workers=1, timing=INSTANT)))

        def send(
            adapter: requests.adapters.HTTPAdapter, request: requests.PreparedRequest, **given: Any
        ) -> requests.Response:
            return the_stage.send(adapter, request, given["timeout"][1])

        changes.enter_context(patch.object(requests.adapters.HTTPAdapter, "send", send))
        changes.enter_context(patch.object(options, "Run", StageRun))
        changes.enter_context(patch.object(action.display, "display", lambda *_line, **_more: None))
        # Each task of Ansible has its own process to freeze; here they share one.
        changes.enter_context(patch.object(gc, "freeze", lambda: None))
        # Nothing hangs here: a thread that watches each request would only cost time.
        changes.enter_context(patch.object(transport.Transport, "_supervised", _unsupervised))
        for part in pkgutil.iter_modules(engine.__path__, engine.__name__ + "."):
            module = importlib.import_module(part.name)
            if hasattr(module, "time"):
                changes.enter_context(patch.object(module, "time", stage_time))
        yield the_stage


def _unsupervised(
    _transport: object, _worker: str, request: Callable[[], transport.Answer], _limit: float, *, probed: bool
) -> transport.Answer:
    del probed
    return request()


def _response(
    adapter: requests.adapters.HTTPAdapter,
    request: requests.PreparedRequest,
    status: int,
    body: bytes,
    headers: Mapping[str, str],
) -> requests.Response:
    raw = urllib3.HTTPResponse(
        body=io.BytesIO(body),
        headers=dict(headers),
        status=status,
        preload_content=False,
        request_method=request.method,
    )
    return adapter.build_response(request, raw)
