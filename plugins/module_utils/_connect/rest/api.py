# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One typed method for each REST endpoint of a Connect worker (org.apache.kafka.connect.runtime.rest.resources)."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import quote

from ..errors import Outcome, RequestError
from ..model import Config, Connector, RunState, Snapshot, Task, is_misread_by_followers
from ..run import Run, backoff
from .client import Client, Workers
from .operations import (
    CONNECTOR,
    CREATE,
    DELETE,
    HEALTH,
    LIST,
    PAUSE,
    PUT_CONFIG,
    RESTART,
    RESUME,
    STOP,
    TASKS,
    TOPICS,
    RestOperation,
)

NOT_THIS_WORKER = frozenset(
    {
        "conflict",
        "connection_refused",
        "connection_timeout",
        "host_unknown",
        "host_unreachable",
        "worker_starting",
        "worker_stopping",
    }
)
"""The errors of a worker that is not the leader, or that cannot be reached."""

EXPANDED = "/connectors?expand=info&expand=status"

Result = TypeVar("Result")

Until = Callable[[], float]
"""Returns the seconds that the caller has left."""


class Api:
    """The REST API of one Connect cluster. Every method raises RequestError; none returns an incomplete answer."""

    def __init__(self, client: Client) -> None:
        self.client = client

    @property
    def run(self) -> Run:
        """The run that sends these requests: its limits, its events, and whether it was interrupted."""
        return self.client.run

    @property
    def workers(self) -> Workers:
        """The workers of the list, and which of them answered."""
        return self.client.workers

    # Reading

    def expanded(self, until: Until | None = None) -> Snapshot:
        """GET /connectors with info and status of all connectors: the snapshot."""

        def parse(body: Any) -> Snapshot:
            connectors = {name: parse_connector(name, entry) for name, entry in body.items()}
            return Snapshot(connectors, self.client.workers.current)

        return self.read(LIST, EXPANDED, parse, until=until)

    def names(self, worker: str | None) -> frozenset[str]:
        """GET /connectors of this worker, or of any."""
        return self.read(LIST, "/connectors", _names, worker=worker)

    def connector(self, name: str) -> Connector | None:
        """GET /connectors/{name}: config, type and task ids, whether or not it has a status. None: absent."""
        return self._found(CONNECTOR, _path(name), lambda body: parse_connector(name, {"info": body}))

    def stored_config(self, name: str, until: Until | None = None) -> Config | None:
        """GET /connectors/{name}/config, through the herder thread, and so after the requests queued before it. None: absent."""
        return self._found(CONNECTOR, _path(name, "config"), _config, until=until)

    def task_configs(self, name: str, until: Until | None = None) -> dict[int, Config]:
        """GET /connectors/{name}/tasks: task id to its configuration in the config topic; empty if the connector does not exist."""
        return self._found(TASKS, _path(name, "tasks"), _task_configs, until=until) or {}

    def topics(self, name: str) -> tuple[str, ...]:
        """GET /connectors/{name}/topics (KIP-558)."""
        return self.read(
            TOPICS, _path(name, "topics"), lambda body: tuple(sorted(body.get(name, {}).get("topics", [])))
        )

    def await_ready(self, *, health: bool, worker: str | None = None, until: Until | None = None) -> None:
        """Returns once a worker has read the config topic: before that, an empty list has no meaning.

        `health`: the workers have GET /health (KIP-1017), which says so; older ones answer 404 for an unknown connector
        only once their herder runs.
        """
        if health:
            self._call(HEALTH, "/health", worker=worker, until=until)
            return
        probe = _path(f"no-such-connector-{os.urandom(16).hex()}")
        try:
            self._call(CONNECTOR, probe, worker=worker, until=until)
        except RequestError as error:
            if error.kind != "not_found":
                raise

    # Writing

    def create(self, name: str, config: Config, initial_state: RunState) -> None:
        """POST /connectors with initial_state (KIP-980)."""
        self._call(
            CREATE, "/connectors", body={"name": name, "config": dict(config), "initial_state": initial_state.upper()}
        )

    def put_config(self, name: str, config: Config) -> None:
        """PUT /connectors/{name}/config: creates or updates. Never send an unchanged config: it restarts the
        connector.
        """
        self.call_leader(PUT_CONFIG, name, "/config", body=dict(config))

    def delete(self, name: str) -> None:
        """DELETE /connectors/{name}; a connector that does not exist counts as deleted."""
        try:
            self.call_leader(DELETE, name)
        except RequestError as error:
            # The text matters: a follower that misread the name reports that another connector does not exist.
            if error.kind != "not_found" or f"Connector {name} not found" not in error.reason:
                raise

    def pause(self, name: str) -> None:
        self._call(PAUSE, _path(name, "pause"))

    def resume(self, name: str) -> None:
        self._call(RESUME, _path(name, "resume"))

    def stop(self, name: str) -> None:
        self.call_leader(STOP, name, "/stop")

    def restart(self, name: str, *, include_tasks: bool, only_failed: bool) -> None:
        """POST /connectors/{name}/restart (KIP-745); never send it twice."""
        query = (
            f"?includeTasks={str(include_tasks).lower()}&onlyFailed={str(only_failed).lower()}"
            if include_tasks or only_failed
            else ""
        )
        self.call_leader(RESTART, name, "/restart" + query)

    def call_leader(self, operation: RestOperation, name: str, rest: str = "", *, body: object = None) -> Any:
        """Send an operation that the leader carries out, and return the body of its answer. Followers must not forward it if they
        would misread the name.

        A DELETE of "a;b" through a follower deletes "a". So each worker is asked to execute it itself, which only the
        leader does; the others answer 409.
        """
        path = _path(name) + rest
        if not is_misread_by_followers(name):
            return self._call(operation, path, body=body)
        path += ("&" if "?" in rest else "?") + "forward=false"
        run, workers = self.client.run, self.client.workers
        attempt = 0
        while True:
            attempt += 1
            for url in sorted(workers.urls, key=lambda url: url != workers.current):
                try:
                    return self.client.call(operation, path, body=body, worker=url, once=True).body
                except RequestError as error:
                    refused = error
                    if error.outcome is Outcome.UNKNOWN or error.kind not in NOT_THIS_WORKER:
                        raise
            pause = backoff(attempt)
            if pause > min(run.conflict_remaining(), run.remaining()):
                raise refused
            with run.riding_out():
                run.pause(pause)

    def _call(
        self,
        operation: RestOperation,
        path: str,
        *,
        body: object = None,
        worker: str | None = None,
        until: Until | None = None,
    ) -> Any:
        return self.client.call(operation, path, body=body, worker=worker, until=until).body

    def read(
        self,
        operation: RestOperation,
        path: str,
        parse: Callable[[Any], Result],
        *,
        worker: str | None = None,
        **more: Any,
    ) -> Result:
        """The parsed answer. JSON that Connect would not send comes from another server."""
        body = self._call(operation, path, worker=worker, **more)
        try:
            return parse(body)
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            raise _not_connect(operation, path, worker or self.client.workers.current) from error

    def _found(self, operation: RestOperation, path: str, parse: Callable[[Any], Result], **more: Any) -> Result | None:
        """None if the connector does not exist."""
        try:
            return self.read(operation, path, parse, **more)
        except RequestError as error:
            if error.kind == "not_found":
                return None
            raise


def parse_connector(name: str, entry: Mapping[str, Any]) -> Connector:
    """One entry of the expanded list; either half may be missing or null (KIP-465)."""
    info = entry.get("info") or {}
    status = entry.get("status") or {}
    state = status.get("connector") or {}
    task_ids = tuple(int(task["task"]) for task in info.get("tasks") or ())
    shown = [
        Task(
            int(task["id"]),
            str(task.get("state", "")),
            str(task.get("worker_id", "")),
            str(task.get("trace") or ""),
        )
        for task in status.get("tasks") or ()
    ]
    return Connector(
        name=name,
        config=_config(info["config"]) if isinstance(info.get("config"), dict) else None,
        type=str(info.get("type") or status.get("type") or "unknown").lower(),
        state=str(state.get("state", "")),
        worker_id=str(state.get("worker_id", "")),
        trace=str(state.get("trace") or ""),
        task_ids=task_ids,
        tasks=tuple(task for task in shown if task.id in task_ids),
        former_tasks=tuple(task for task in shown if task.id not in task_ids),
    )


def _path(name: str, *parts: str) -> str:
    return "/".join(("/connectors", quote(name, safe=""), *parts))


def _config(body: Any) -> dict[str, str]:
    return {str(key): "" if value is None else str(value) for key, value in body.items()}


def _names(body: Any) -> frozenset[str]:
    if not isinstance(body, list):
        raise TypeError("not a list of names")
    return frozenset(str(name) for name in body)


def _task_configs(body: Any) -> dict[int, Config]:
    return {int(entry["id"]["task"]): _config(entry.get("config") or {}) for entry in body}


def _not_connect(operation: RestOperation, path: str, worker: str) -> RequestError:
    from .answers import NOT_CONNECT  # noqa: PLC0415  # compiled in every run: only runs that need it pay

    return RequestError(
        f"{operation.method} {worker.rstrip('/')}{path}: the response does not come from a Connect worker",
        kind="not_a_connect_worker",
        advice=NOT_CONNECT,
        method=operation.method,
        path=path,
        worker=worker,
    )
