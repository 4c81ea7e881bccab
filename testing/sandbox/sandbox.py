# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real Kafka cluster with Connect workers on this machine's loopback interface."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from . import archives, configuration, launch, planning, processes, rest, state
from .environment import find_java
from .errors import SandboxError
from .jars import Distribution, ensure_jars
from .planning import Settings
from .processes import Condition
from .progress import Report, silent, timed
from .state import Credentials, Node, State

_READY_WITHIN = 120.0
_ENDS_WITHIN = 60.0


@dataclass(frozen=True)
class Worker:
    """A worker from a user's view: its name (w1, w2, …) and the address of its REST interface."""

    name: str
    url: str


class Sandbox:
    """A running sandbox. Create one with ``up``, ``attach`` or ``running``. Its state file contains everything about
    it, so that several processes can use the same sandbox.

    A node is named ``w1``, ``w2``, … or ``broker`` (``broker1`` to ``broker3`` if there are three).
    """

    def __init__(self, name: str) -> None:
        self.name = name

    # -- making and ending -------------------------------------------------------------------------------------------

    @classmethod
    def up(
        cls,
        name: str = "default",
        *,
        workers: int = 3,
        kafka: str = "4.3",
        secure: bool = False,
        rebalance_delay_ms: int = 0,
        brokers: int = 1,
        properties: Mapping[str, Mapping[str, str]] | None = None,
        java_options: Mapping[str, tuple[str, ...]] | None = None,
        report: Report = silent,
    ) -> Sandbox:
        """Starts a cluster and returns when every worker is a healthy member and no rebalance is in progress.

        ``rebalance_delay_ms`` is the workers' ``scheduled.rebalance.max.delay.ms``. Its default here is 0 instead of
        Kafka's five minutes, because a test that stops a worker would otherwise wait for five minutes each time.
        ``properties`` are merged last into the configuration of the named node, those under ``*`` into that of every
        worker; ``java_options`` are added in the same way. Raises SandboxError if a sandbox with that name is running,
        something required is missing, or a node does not start; everything that was started is then stopped again, also
        on an interrupt.
        """
        settings = Settings(
            workers, kafka, secure, rebalance_delay_ms, brokers, dict(properties or {}), dict(java_options or {})
        )
        progress = timed(report)
        java = find_java()
        distribution = ensure_jars(kafka, progress)
        learned = archives.ensure_archives(distribution, java, lambda into: _train(java, distribution, into), progress)
        return cls._start(name, settings, distribution, java=java, learned=learned, progress=progress)

    @classmethod
    def attach(cls, name: str = "default") -> Sandbox:
        """The sandbox with that name that another process started. Raises SandboxError if there is none."""
        state.load(name)
        return cls(name)

    @classmethod
    @contextmanager
    def running(cls, name: str | None = None, **options: Any) -> Iterator[Sandbox]:
        """A sandbox for a ``with`` block; options as for ``up``, with a unique name by default."""
        sandbox = cls.up(name or _unique_name(), **options)
        try:
            yield sandbox
        finally:
            sandbox.down()

    def down(self) -> None:
        """Ends the processes that this sandbox started and removes its directory.

        Raises SandboxError if there is no such sandbox.
        """
        with processes.uninterrupted(), state.locked():
            started = [node.process for node in self.state.nodes if node.process]
            # The data is not worth a graceful shutdown.
            for process in started:
                processes.send(process, signal.SIGKILL)
            processes.await_end(started, _ENDS_WITHIN)
            shutil.rmtree(self.directory)

    # -- status ------------------------------------------------------------------------------------------------------

    @property
    def state(self) -> State:
        """Current content of the state file."""
        return state.load(self.name)

    @property
    def directory(self) -> Path:
        """The sandbox's own directory: config, data, logs, state.json."""
        return state.home(self.name)

    @property
    def files(self) -> Path:
        """A directory for the files that connectors read and write; it is removed with the sandbox."""
        return self.directory / "files"

    @property
    def workers(self) -> tuple[Worker, ...]:
        """The workers, running or not."""
        now = self.state
        return tuple(
            Worker(node.name, configuration.worker_url(now, node)) for node in now.nodes if node.kind == "worker"
        )

    @property
    def urls(self) -> list[str]:
        """The workers' addresses."""
        return [worker.url for worker in self.workers]

    @property
    def bootstrap_servers(self) -> str:
        """The brokers' addresses."""
        return configuration.bootstrap_servers(self.state)

    @property
    def kafka_cluster_id(self) -> str:
        """The Kafka cluster's id, as every worker reports it in ``GET /``."""
        return self.state.kafka_cluster_id

    @property
    def credentials(self) -> Credentials | None:
        """Credentials of a sandbox with ``secure``; otherwise None."""
        return self.state.credentials

    def condition(self, who: str) -> Condition:
        """Whether a node's process is running, stopped or dead."""
        return processes.condition(self.state.node(who).process)

    def is_healthy(self, who: str) -> bool:
        """Whether a worker reports that it is ready, or whether a broker accepts connections."""
        now = self.state
        node = now.node(who)
        if node.kind == "broker":
            return _answers(node.port)
        return rest.is_healthy(configuration.worker_url(now, node), now.credentials)

    def request(
        self, method: str, path: str, body: object = None, *, who: str = "w1", timeout: float = 100
    ) -> tuple[int, Any]:
        """Send one plain request to a worker. Returns (status, decoded response). Raises OSError if there is no
        response.
        """
        now = self.state
        return rest.request(configuration.worker_url(now, now.node(who)) + path, now.credentials, method, body, timeout)

    def log(self, who: str) -> str:
        """Everything that a node has logged, across all its starts."""
        return self._log_bytes(who).decode(errors="replace")

    def log_position(self, who: str) -> int:
        """The current end of a node's log, in bytes: a value for ``since`` of ``rebalances``."""
        return len(self._log_bytes(who))

    def rebalances(self, who: str, since: int = 0) -> int:
        """The number of rebalances that a worker completed, by its log from the byte ``since`` on."""
        return len(launch.generations(self._log_bytes(who)[since:]))

    # -- faults and changes ------------------------------------------------------------------------------------------

    def kill(self, who: str) -> None:
        """Sends SIGKILL and waits until the process has ended."""
        self._end(who, signal.SIGKILL)

    def terminate(self, who: str) -> None:
        """Sends SIGTERM for a graceful shutdown and waits until the process has ended."""
        self._end(who, signal.SIGTERM)

    def stop(self, who: str) -> None:
        """Sends SIGSTOP: the process keeps its connections but does not respond."""
        self._signal(who, signal.SIGSTOP)

    def continue_(self, who: str) -> None:
        """SIGCONT after ``stop``."""
        self._signal(who, signal.SIGCONT)

    def start(self, who: str, *, properties: Mapping[str, str] | None = None, wait: bool = True) -> None:
        """Starts a dead node again on its own ports, with ``properties`` added, and waits until it is healthy."""
        with state.locked():
            now = self.state
            node = now.node(who)
            if processes.condition(node.process) is not Condition.DEAD:
                raise SandboxError(f"{who} is not dead: it is {processes.condition(node.process).value}.")
            node = replace(node, properties={**node.properties, **(properties or {})})
            self._launch(now.with_node(node), node, ensure_jars(now.kafka))
        if wait:
            self._await([who])

    def add_worker(self, *, properties: Mapping[str, str] | None = None, wait: bool = True) -> Worker:
        """Starts one worker more and waits until it is healthy."""
        with state.locked():
            now = self.state
            number = 1 + max((int(node.name[1:]) for node in now.nodes if node.kind == "worker"), default=0)
            node = Node(
                name=f"w{number}", kind="worker", port=state.free_ports(1)[0], properties=dict(properties or {})
            )
            self._launch(now.with_node(node), node, ensure_jars(now.kafka))
        if wait:
            self._await([node.name])
        return Worker(node.name, configuration.worker_url(self.state, node))

    def await_settled(self, timeout: float = _READY_WITHIN) -> None:
        """Returns when the running workers' logs agree on the group's generation: no rebalance is under way."""
        running = [worker.name for worker in self.workers if self.condition(worker.name) is Condition.RUNNING]
        deadline = time.monotonic() + timeout
        while len({tuple(launch.generations(self._log_bytes(who))[-1:]) for who in running}) > 1:
            if time.monotonic() > deadline:
                raise SandboxError(
                    f"The workers of sandbox {self.name} do not agree on a generation within {timeout:.0f} s."
                )
            time.sleep(0.05)

    # -- inside ------------------------------------------------------------------------------------------------------

    @classmethod
    def _start(
        cls,
        name: str,
        settings: Settings,
        distribution: Distribution,
        *,
        java: Path,
        learned: Path | None,
        progress: Report,
    ) -> Sandbox:
        with state.locked():
            _remove_remains(name)
            planned = planning.plan(name, settings, java, learned)
            state.home(name).mkdir(mode=0o700)
            state.save(planned)
        sandbox = cls(name)
        try:
            planning.make_secrets(planned)
            for kind in ("broker", "worker"):
                sandbox._start_kind(kind, distribution)
                progress(f"{kind}s ready")
            sandbox.await_settled()
        except BaseException:
            sandbox.down()
            raise
        return sandbox

    def _start_kind(self, kind: str, distribution: Distribution) -> None:
        now = self.state
        chosen = [node for node in now.nodes if node.kind == kind]
        for node in chosen:
            launch.write_files(now, node, distribution)
            if kind == "broker":
                launch.format_storage(now, node, distribution)
        with state.locked():
            for node in chosen:
                self._launch(self.state, node, distribution)
        self._await([node.name for node in chosen])

    def _launch(self, now: State, node: Node, distribution: Distribution) -> None:
        """Starts a node and records its process at once; to be called under the lock."""
        launch.write_files(now, node, distribution)
        with processes.uninterrupted():
            log_start = len(launch.read_log(self.name, node.name))
            process = launch.launch(now, node, distribution)
            state.save(now.with_node(replace(node, process=process, log_start=log_start)))

    def _await(self, names: list[str], timeout: float = _READY_WITHIN) -> None:
        deadline = time.monotonic() + timeout
        waiting = list(names)
        while waiting:
            for who in waiting:
                if self.condition(who) is Condition.DEAD:
                    raise self._with_last_words(who, "ended while it started")
            waiting = [who for who in waiting if not self.is_healthy(who)]
            if waiting and time.monotonic() > deadline:
                raise self._with_last_words(waiting[0], f"is not ready after {timeout:.0f} s")
            time.sleep(0.05)

    def _with_last_words(self, who: str, what: str) -> SandboxError:
        message = self._log_bytes(who)[self.state.node(who).log_start :].decode(errors="replace")
        return SandboxError(f"{who} {what}. The end of its log:\n{launch.last_words(message)}")

    def _signal(self, who: str, number: signal.Signals) -> None:
        if not processes.send(self.state.node(who).process, number):
            raise SandboxError(f"{who} is dead.")

    def _end(self, who: str, number: signal.Signals) -> None:
        self._signal(who, number)
        process = self.state.node(who).process
        processes.await_end([process] if process else [], _ENDS_WITHIN)

    def _log_bytes(self, who: str) -> bytes:
        return launch.read_log(self.name, self.state.node(who).name)


def _train(java: Path, distribution: Distribution, into: Path) -> None:
    """Runs a small sandbox whose broker and worker leave their class data archives in ``into`` when they end."""
    making = {"broker": (archives.making_option(into, "broker"),), "w1": (archives.making_option(into, "worker"),)}
    settings = Settings(workers=1, kafka=distribution.line, java_options=making)
    sandbox = Sandbox._start(_unique_name(), settings, distribution, java=java, learned=None, progress=silent)
    try:
        config = {"connector.class": "FileStreamSource", "topic": "lines", "file": str(sandbox.files / "lines.txt")}
        sandbox.request("GET", "/connector-plugins?connectorsOnly=false")
        sandbox.request("POST", "/connectors", {"name": "lines", "config": config})
        sandbox.request("GET", "/connectors?expand=info&expand=status")
        sandbox.terminate("w1")
        sandbox.terminate("broker")
    finally:
        sandbox.down()


def _unique_name() -> str:
    return f"t{os.getpid()}-{secrets.token_hex(3)}"


def _remove_remains(name: str) -> None:
    """Removes what a sandbox of that name left whose processes have all ended, as after a reboot."""
    home = state.home(name)
    if not home.exists():
        return
    if (home / "state.json").exists() and any(
        processes.condition(node.process) is not Condition.DEAD for node in state.load(name).nodes
    ):
        raise SandboxError(
            f"Sandbox {name} is there already. End it first: python -m testing.sandbox down --name {name}"
        )
    shutil.rmtree(home)


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2):
            return True
    except OSError:
        return False
