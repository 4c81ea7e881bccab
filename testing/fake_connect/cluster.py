# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A fake Kafka Connect cluster: N workers on loopback ports that share one state."""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Callable, Sequence
from http import HTTPStatus
from types import TracebackType
from typing import Literal, TypeVar

from . import answers
from .answers import RefusalError
from .behavior import Behavior
from .connectors import Connectors
from .faults import Fault, Matching, Script, Scripts
from .plugins import Plugin, load_catalog, nearest_line
from .records import Rendering
from .request import Request
from .routes import dispatch
from .server import Outcome, Tls
from .store import ExpandedList, Store
from .timing import Timing
from .worker import FakeWorker

Result = TypeVar("Result")

HerderUse = Literal["read", "strict", "write"]
"""How a request uses the herder: during a rebalance a read gets 500, a strict request 409, and a write waits."""


class FakeCluster:
    """The cluster, running from its creation until `close` (it is a context manager).

    Every worker has `plugins` and those recorded for the Kafka line of `version`. `credentials` enables basic
    authentication. `requests` contains every request in order of arrival.
    """

    def __init__(
        self,
        workers: int = 3,
        version: str = "4.3.1",
        kafka_cluster_id: str = "FakeKafkaClusterIdAAAA",
        *,
        plugins: Sequence[Plugin] = (),
        timing: Timing | None = None,
        masked: bool = False,
        credentials: tuple[str, str] | None = None,
        tls: Tls | None = None,
        group_id: str = "connect-cluster",
        host: str = "127.0.0.1",
        ports: Sequence[int] = (),
    ) -> None:
        self.version_text = version
        self.version = tuple(int(part) for part in version.split(".")[:2])
        self.kafka_cluster_id = kafka_cluster_id
        self.group_id = group_id
        self.timing = timing or Timing()
        self.credentials = credentials
        self.rendering = Rendering(versions=self.version >= (4, 1), masked=masked)
        self.requests: list[Request] = []
        self.scripts = Scripts()
        self.store = Store()
        catalog = load_catalog(nearest_line(self.version)).and_also(*plugins)
        self.behavior = Behavior(self.store, self.timing, catalog, self._members)
        self.behavior.on_rebalance = self._begin_rebalance
        self.connectors = Connectors(self.store, self.behavior)
        self._rebalance_until = 0.0
        self._recording = threading.Lock()
        self.workers = [
            FakeWorker(
                index,
                host=host,
                port=ports[index] if ports else 0,
                store=self.store,
                catalog=catalog.without(()),
                respond=self._respond,
                tls=tls,
                version=self.version,
            )
            for index in range(workers)
        ]
        self.expanded = [ExpandedList(self.rendering) for _worker in self.workers]

    def __enter__(self) -> FakeCluster:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        for worker in self.workers:
            worker.shut()
        with self.store.changed:
            self.store.changed.notify_all()

    # For tests

    @property
    def urls(self) -> list[str]:
        return [worker.url for worker in self.workers]

    @property
    def leader(self) -> FakeWorker | None:
        """The first worker that is alive; a dead leader stays the leader until its session has timed out."""
        now = time.monotonic()
        for worker in self.workers:
            if worker.down_since is None or now - worker.down_since < self.timing.session:
                return worker
        return None

    @property
    def rebalances(self) -> int:
        """The number of rebalances that a real cluster would have completed; those within one window count once."""
        with self.store.lock:
            self.store.advance()
            return self.behavior.rebalances

    def writes(self) -> list[Request]:
        """The requests that could have changed something: all except reads and validations."""
        with self._recording:
            return [request for request in self.requests if request.is_write]

    def script(self, matching: Matching, do: Sequence[Fault]) -> Script:
        """Apply these faults to the next matching requests, in order; later requests are served normally."""
        return self.scripts.add(matching, do)

    def forget_requests(self) -> None:
        with self._recording:
            self.requests.clear()

    def rebalance(self, seconds: float) -> None:
        """Start a rebalance: reads of one connector get 500, restarts get 409, and writes wait until it ends."""
        with self.store.changed:
            self._rebalance_until = time.monotonic() + seconds
            self.store.changed.notify_all()

    # For the endpoints

    def through_herder(self, worker: FakeWorker, use: HerderUse, work: Callable[[], Result]) -> Result:
        """Run `work` when the worker's herder is free, under the lock. Raises RefusalError.

        A write that times out stays queued, and is applied when the herder is free again.
        """
        deadline = time.monotonic() + self.timing.request_timeout
        with self.store.changed:
            while (wait := self._obstacle(worker, use)) is not None:
                stage, seconds = wait
                remaining = deadline - time.monotonic()
                if remaining <= 0:
                    if use != "read":
                        worker.queue.append(work)
                    text = answers.timed_out_text(stage, self.version, worker.obstacle_since)
                    raise RefusalError(HTTPStatus.INTERNAL_SERVER_ERROR, text)
                self.store.changed.wait(min(remaining, seconds))
            self.store.advance()
            if time.monotonic() < self._rebalance_until:
                if use == "read":
                    raise RefusalError(HTTPStatus.INTERNAL_SERVER_ERROR, answers.REBALANCE_EXPECTED)
                raise RefusalError(HTTPStatus.CONFLICT, answers.STALE_CONFIGURATION)
            return work()

    def lead(self, worker: FakeWorker, forward: str) -> None:
        """Refuse what only the leader may do if the leader cannot be reached. Raises RefusalError.

        `forward` is the internal query parameter: `false` forbids forwarding to the leader.
        """
        leader = self.leader
        if leader is worker:
            return
        if forward == "false":
            raise RefusalError(HTTPStatus.CONFLICT, answers.CONFLICTING_OPERATION)
        if leader is None:
            raise RefusalError(HTTPStatus.CONFLICT, answers.NO_LEADER)
        if not leader.is_up:
            raise RefusalError(HTTPStatus.INTERNAL_SERVER_ERROR, answers.FORWARD_REFUSED)

    def may_enter(self, request: Request) -> bool:
        """Whether the request has the credentials that this cluster requires, if any."""
        if self.credentials is None:
            return True
        expected = base64.b64encode(":".join(self.credentials).encode()).decode()
        return request.headers.get("authorization", "") == f"Basic {expected}"

    # Internal

    def _members(self) -> list[str]:
        return [worker.worker_id for worker in self.workers if worker.is_up]

    def _begin_rebalance(self) -> None:
        now = self.store.now()
        if now < self._rebalance_until:
            self.behavior.rebalances -= 1  # Merged with the rebalance in progress.
        elif self.timing.rebalance:
            self._rebalance_until = now + self.timing.rebalance

    def _obstacle(self, worker: FakeWorker, use: HerderUse) -> tuple[str, float] | None:
        """What blocks the herder now, and the seconds until the next check."""
        if worker.obstacle is not None:
            return worker.obstacle, 3600.0
        leader = self.leader
        if use != "read" and leader is not None and leader.obstacle is not None:
            return leader.obstacle, 3600.0
        remaining = self._rebalance_until - time.monotonic()
        if use == "write" and remaining > 0:
            return "ensuring membership in the cluster", remaining
        return None

    def _respond(self, request: Request) -> Outcome:
        with self._recording:
            self.requests.append(request)
        worker = self.workers[request.worker]
        worker.wait_until_thawed()
        if not worker.is_up:
            return Outcome(None)
        if worker.latency:
            time.sleep(worker.latency)
        fault = self.scripts.take(request)
        return self._suffer(fault, request) if fault else Outcome(dispatch(self, worker, request))

    def _suffer(self, fault: Fault, request: Request) -> Outcome:
        worker = self.workers[request.worker]
        if fault.hold:
            time.sleep(fault.hold)
        if fault.answer is None and not fault.drop:
            return Outcome(dispatch(self, worker, request), cut=fault.cut)
        if fault.applied == "yes":
            dispatch(self, worker, request)
        elif fault.applied == "later":
            with self.store.lock:
                self.store.after(fault.later, lambda: self._apply_later(request))
        return Outcome(None if fault.drop else fault.answer, cut=fault.cut)

    def _apply_later(self, request: Request) -> None:
        dispatch(self, self.workers[request.worker], request)
