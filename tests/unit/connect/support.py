# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Helpers of the engine's tests: responses and transports in memory, and runs against the fake cluster."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.config import normalize
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.model import (
    Connector,
    Present,
    RunState,
    Snapshot,
    Task,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.planning.run_options import (
    ApplyOptions,
    Checks,
    RunOptions,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.reporting.report import (
    ConnectorResult,
    Report,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.rest.api import Api
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.rest.client import Client
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.rest.connection import Connection
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.rest.transport import (
    Answer,
    NoAnswerError,
    NoAnswerReason,
    Transport,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.run import Run
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.snapshot.cluster import Cluster
from testing.fake_connect import FakeCluster, Request

FILE_SOURCE = "org.apache.kafka.connect.file.FileStreamSourceConnector"
SECRET_SOURCE = "com.example.SecretSourceConnector"
IDLE_SOURCE = "com.example.IdleSourceConnector"
TEST_SINK = "org.apache.kafka.connect.tools.MockSinkConnector"


def connect_error(status: int, message: str, retry_after: float | None = None) -> Answer:
    """An answer with an error body of Connect."""
    return Answer(status, {"error_code": status, "message": message}, is_json=True, retry_after=retry_after)


def json_answer(body: Any, status: int = 200) -> Answer:
    return Answer(status, body, is_json=True)


def page(status: int, text: str, retry_after: float | None = None) -> Answer:
    """An answer of a proxy or a web server, without JSON."""
    return Answer(status, None, is_json=False, text=text, retry_after=retry_after)


@dataclass
class ScriptedTransport:
    """A transport that responds from memory. `answer` receives each request, and returns a response or a failure.

    `sent`: (worker, method, path, body) in order.
    """

    connection: Connection
    answer: Callable[[str, str, str], Answer | NoAnswerError]
    sent: list[tuple[str, str, str, object]] = field(default_factory=list)
    timeouts: list[float | None] = field(default_factory=list)

    def exchange(
        self,
        worker: str,
        method: str,
        path: str,
        *,
        body: object = None,
        timeout: float | None = None,
        waits_for_herder: bool = False,
    ) -> Answer:
        del waits_for_herder
        self.sent.append((worker, method, path, body))
        self.timeouts.append(timeout)
        answer = self.answer(worker, method, path)
        if isinstance(answer, NoAnswerError):
            raise answer
        return answer

    @property
    def asked(self) -> list[str]:
        """The workers in the order of the requests."""
        return [worker for worker, *_rest in self.sent]


def no_answer(reason: NoAnswerReason, *, sent: bool = True) -> NoAnswerError:
    return NoAnswerError(reason, f"made up: {reason}", sent=sent)


def in_turn(answers: Iterable[Answer | NoAnswerError]) -> Callable[[str, str, str], Answer | NoAnswerError]:
    """Returns the answers one after another, and then always the last one."""
    queue = list(answers)
    lock = threading.Lock()

    def answer(_worker: str, _method: str, _path: str) -> Answer | NoAnswerError:
        with lock:
            return queue.pop(0) if len(queue) > 1 else queue[0]

    return answer


class PatientRun(Run):
    """A run whose pauses take no time: it only records them, and counts them as elapsed."""

    def __init__(self, *limits: Any, **more: Any) -> None:
        super().__init__(*limits, **more)
        self.pauses: list[float] = []

    def pause(self, seconds: float) -> None:
        self.pauses.append(self.limit(seconds))

    def elapsed(self) -> float:
        return super().elapsed() + sum(self.pauses)

    def conflicts_waited(self) -> float:
        return sum(self.pauses)


def client_of(transport: ScriptedTransport, run: Run) -> Client:
    # Client uses only what ScriptedTransport has.
    return Client(transport, run)  # type: ignore[arg-type]  # a stand-in with only the used attributes


def file_source(name: str = "orders", **more: str) -> dict[str, str]:
    """A valid config as Connect stores it."""
    return {"name": name, "connector.class": FILE_SOURCE, "topic": "orders", "file": "/tmp/orders", **more}


def secret_source(name: str = "customers", **more: str) -> dict[str, str]:
    return {
        "name": name,
        "connector.class": SECRET_SOURCE,
        "database.hostname": "db.example.com",
        "database.user": "connect",
        "database.password": "hunter2-in-clear",
        "topic.prefix": "crm",
        **more,
    }


def present(
    name: str = "orders",
    config: Mapping[str, object] | None = None,
    state: RunState | None = None,
    initial_state: RunState | None = None,
) -> Present:
    return Present(name, normalize(name, config or {**file_source(), "name": name}), state, initial_state)


def stored(
    name: str = "orders",
    config: Mapping[str, str] | None = None,
    state: str = "RUNNING",
    tasks: Sequence[str] = ("RUNNING",),
    *,
    trace: str = "",
    task_trace: str = "",
    task_ids: Sequence[int] | None = None,
    worker: str = "w1:8083",
) -> Connector:
    """A connector in a snapshot; `tasks`: the states of its tasks, including those not in `task_ids`."""
    ids = tuple(range(len(tasks)) if task_ids is None else task_ids)
    shown = [Task(number, task, worker, task_trace if task == "FAILED" else "") for number, task in enumerate(tasks)]
    return Connector(
        name,
        dict(config or file_source(name)),
        "source",
        state,
        worker,
        trace,
        ids,
        tuple(task for task in shown if task.id in ids),
        tuple(task for task in shown if task.id not in ids),
    )


def snapshot(*connectors: Connector) -> Snapshot:
    return Snapshot({connector.name: connector for connector in connectors}, "http://w1:8083")


def cluster_at(
    urls: Sequence[str], *, run: Run | None = None, kafka_cluster_id: str = "", **connection: Any
) -> Cluster:
    """The engine's view of the workers at these addresses."""
    options = {"connect_timeout": 1.0, "read_timeout": 5.0, "request_timeout": 10.0, **connection}
    transport = Transport(Connection(tuple(urls), **options))
    return Cluster(Api(Client(transport, run or Run(conflict_timeout=10.0))), kafka_cluster_id)


def options(apply: ApplyOptions | None = None, **more: Any) -> RunOptions:
    """Options of a run with short timeouts, which suit the fake's small delays."""
    return RunOptions(
        apply=apply or ApplyOptions(),
        **{
            "wait_timeout": 5.0,
            "stable_for": 0.05,
            "checks": Checks(validate="none", warn_literal_secrets=False),
            **more,
        },
    )


def result_of(report: Report, name: str = "orders") -> ConnectorResult:
    return next(result for result in report.connectors or () if result.change.name == name)


def written(fake: FakeCluster) -> list[tuple[str, str]]:
    """(method, path) of each write that reached the fake, in order."""
    return [(request.method, request.path) for request in fake.writes()]


def when(action: Callable[[], object]) -> Callable[[Request], bool]:
    """For a script's `where`: runs `action` when the request arrives, and does not match it."""

    def where(_request: Request) -> bool:
        action()
        return False

    return where


def body_of(request: Request) -> Any:
    return json.loads(request.body)
