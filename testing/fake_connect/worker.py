# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One worker of the fake cluster: its plugins, its condition, and the faults that a test injects."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

from .loggers import Loggers
from .plugins import Catalogue
from .server import Listener, Respond, Tls
from .store import Store, View


class FakeWorker:
    """A worker; `cluster.workers[0]` is the leader as long as it is alive.

    Tests may set: `lag` (seconds by which its reads are behind other workers' writes), `latency` (seconds added to
    every response), `kafka_cluster_id` (for a worker of another Kafka cluster in the list), `catalog`, `admin_elsewhere`
    (admin.listeners names another listener), `loggers.usable`.
    """

    def __init__(
        self,
        index: int,
        *,
        host: str,
        port: int,
        store: Store,
        catalog: Catalogue,
        respond: Respond,
        tls: Tls | None,
        version: tuple[int, ...],
    ) -> None:
        self.index = index
        self.store = store
        self.view = View(store, index)
        self.catalog = catalog
        self.latency = 0.0
        self.kafka_cluster_id: str | None = None
        self.loggers = Loggers(version)
        self.admin_elsewhere = False
        self.obstacle: str | None = None
        self.obstacle_since = time.time()
        self.is_starting = False
        self.queue: list[Callable[[], Any]] = []
        self.down_since: float | None = None
        self._scheme = "https" if tls else "http"
        self._listener = Listener(host, index, respond, port, tls)
        self._listener.open()

    @property
    def port(self) -> int:
        return self._listener.port

    @property
    def url(self) -> str:
        return f"{self._scheme}://{self._listener.host}:{self.port}"

    @property
    def worker_id(self) -> str:
        """The name of this worker in status records."""
        return f"{self._listener.host}:{self.port}"

    @property
    def is_up(self) -> bool:
        return self._listener.serving

    @property
    def lag(self) -> float:
        return self.view.lag

    @lag.setter
    def lag(self, seconds: float) -> None:
        self.view.lag = seconds

    def kill(self) -> None:
        """Crash: connections drop, and new ones are refused."""
        with self.store.changed:
            self.down_since = time.monotonic()
            self._listener.close()
            self.store.changed.notify_all()

    def start(self, starting: bool = False) -> None:
        """Start again on the same port, ready at once, or `starting` until `ready`."""
        with self.store.changed:
            self.down_since = None
            self.is_starting = starting
            if starting:
                self.block("awaiting startup")
            self._listener.open()
            self.store.changed.notify_all()

    def starting(self) -> None:
        """Behave like a worker that has not read its topics yet: empty list, no status, and herder requests wait."""
        with self.store.changed:
            self.is_starting = True
            self.block("awaiting startup")

    def ready(self) -> None:
        """End `starting`."""
        self.is_starting = False
        self.unblock()

    def freeze(self) -> None:
        """Accept connections and requests without ever responding (SIGSTOP)."""
        self._listener.thawed.clear()

    def thaw(self) -> None:
        self._listener.thawed.set()

    def wait_until_thawed(self) -> None:
        self._listener.thawed.wait()

    def block(self, stage: str = "ensuring membership in the cluster") -> None:
        """Keep the herder busy with `stage`: requests that need it wait and time out; the others are served."""
        with self.store.changed:
            self.obstacle = stage
            self.obstacle_since = time.time()
            self.store.changed.notify_all()

    def unblock(self) -> None:
        """End `block`: writes that timed out but stayed in the queue are applied now."""
        with self.store.changed:
            self.obstacle = None
            queue, self.queue = self.queue, []
            for work in queue:
                work()
            self.store.changed.notify_all()

    def uninstall(self, names: Iterable[str]) -> None:
        """Remove these plugins (classes or aliases) from this worker only."""
        self.catalog = self.catalog.without(names)

    def shut(self) -> None:
        """Close permanently, and release the port."""
        self._listener.close(keep_port=False)
