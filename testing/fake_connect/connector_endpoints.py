# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The endpoints under /connectors, except the offsets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import cast
from urllib.parse import quote

from .answers import ACCEPTED, NO_CONTENT, Answer, RefusalError, answer_json
from .endpoint import Call, check_template, endpoint
from .records import ConnectorRecord, TargetState
from .request import null_body, read_creation, read_map
from .validation import validate

NOT_FOUND = "Connector {name} not found"
UNKNOWN = "Unknown connector {name}"
UNKNOWN_TO_RESTART = "Unknown connector: {name}"
NO_STATUS = "No status found for connector {name}"

EXPANSIONS = ("info", "status")


def list_connectors(call: Call) -> Answer:
    with call.cluster.store.lock:
        records = call.records()
        requested = call.request.parameters("expand")
        if not requested:
            return answer_json([name for name, record in records.items() if record.config is not None])
        if call.worker.is_starting:
            return answer_json({})
        expansions = tuple(dict.fromkeys(kind for kind in requested if kind in EXPANSIONS))
        body = call.cluster.expanded[call.worker.index].render(call.worker.view, expansions)
    return Answer(HTTPStatus.OK, body, {"Content-Type": "application/json"})


def get_connector(call: Call) -> Answer:
    return answer_json(call.read(lambda: call.cluster.rendering.connector_info(call.live(NOT_FOUND))))


def get_config(call: Call) -> Answer:
    return answer_json(call.read(lambda: call.cluster.rendering.connector_info(call.live(NOT_FOUND))["config"]))


def get_tasks(call: Call) -> Answer:
    return answer_json(call.read(lambda: call.cluster.rendering.tasks_info(call.live(NOT_FOUND))))


def get_tasks_config(call: Call) -> Answer:
    tasks = call.read(lambda: call.cluster.rendering.tasks_info(call.live(NOT_FOUND)))
    return answer_json({f"{call.name}-{task['id']['task']}": task["config"] for task in tasks})


def get_status(call: Call) -> Answer:
    with call.cluster.store.lock:
        record = call.records().get(call.name)
        if record is None or record.status is None:
            raise RefusalError(HTTPStatus.NOT_FOUND, NO_STATUS.format(name=call.name))
        return answer_json(call.cluster.rendering.state_info(record))


def get_task_status(call: Call) -> Answer:
    task = int(call.parameters["task"])
    with call.cluster.store.lock:
        record = call.records().get(call.name)
        if record is None or task not in record.tasks:
            raise RefusalError(HTTPStatus.NOT_FOUND, f"No status found for task {call.name}-{task}")
        return answer_json(call.cluster.rendering.task(task, record.tasks[task]))


def create(call: Call) -> Answer:
    body = read_creation(call.request.body, call.cluster.version >= (3, 7))
    name = (body.name or "").strip()
    if body.config is None:
        raise null_body("java.util.Map.get(Object)", "connectorConfig")
    config = with_name(name, body.config)
    state = cast("TargetState | None", body.initial_state)
    return store(call, name, config, allow_replace=False, state=state)


def put_config(call: Call) -> Answer:
    return store(call, call.name, with_name(call.name, read_map(call.request.body)), allow_replace=True)


def with_name(name: str, config: Mapping[str, str | None]) -> dict[str, str | None]:
    """Return the configuration with its name added. Raises RefusalError: 400 if it contains a different name."""
    included = config.get("name")
    if included is not None:
        check_name(included, name)
    return {**config, "name": name}


def check_name(included: str, name: str) -> None:
    if included != name:
        message = f"Connector name configuration ({included}) doesn't match connector name in the URL ({name})"
        raise RefusalError(HTTPStatus.BAD_REQUEST, message)


def store(
    call: Call,
    name: str,
    config: Mapping[str, str | None],
    allow_replace: bool,
    state: TargetState | None = None,
) -> Answer:
    """Validate on this worker, then on the leader; write. The response shows the previous tasks."""
    checked = check(call, config)

    def write() -> tuple[bool, ConnectorRecord]:
        if "name" in call.parameters:
            check_name(name, call.leader_name)
        old = call.cluster.store.live(name)
        if old is not None and not allow_replace:
            raise RefusalError(HTTPStatus.CONFLICT, f"Connector {name} already exists")
        created = call.cluster.behavior.put(name, checked, call.worker.index, state)
        new = call.cluster.store.records[name]
        return created, replace(new, task_configs=old.task_configs if old else ())

    created, shown = call.lead(write)
    info = replace(call.cluster.rendering, masked=False).connector_info(shown)
    if not created:
        return answer_json(info)
    check_template(name)  # The connector exists now, but its Location header cannot be built.
    return answer_json(info, HTTPStatus.CREATED, {"Location": f"{call.worker.url}/connectors/{quote(name, safe='+')}"})


def check(call: Call, config: Mapping[str, str | None]) -> dict[str, str]:
    """Return the configuration if it is valid for this worker's and the leader's plugins. Raises RefusalError."""
    leader = call.cluster.leader
    catalogs = [call.worker.catalog]
    if leader is not None and leader is not call.worker:
        catalogs.append(leader.catalog)
    for catalog in catalogs:
        refusal = validate(catalog, config, call.cluster.version, call.cluster.group_id).refusal()
        if refusal is not None:
            raise refusal
    return {key: value for key, value in config.items() if value is not None}


def patch_config(call: Call) -> Answer:
    patch = read_map(call.request.body)

    def current() -> dict[str, str | None]:
        config: dict[str, str | None] = dict(call.stored(NOT_FOUND).config or {})
        return config

    merged = {**call.lead(current), **patch}
    for key in [key for key, value in patch.items() if value is None]:
        del merged[key]
    return replace_status(store(call, call.name, merged, allow_replace=True))


def replace_status(answer: Answer) -> Answer:
    """PATCH returns 200, even if PUT would return another status."""
    return replace(answer, status=HTTPStatus.OK)


def delete(call: Call) -> Answer:
    def work() -> None:
        call.stored(NOT_FOUND)
        call.cluster.behavior.delete(call.name, call.worker.index)

    call.lead(work)
    return NO_CONTENT


def set_target(call: Call, target: TargetState) -> Answer:
    """Pause and resume: without herder and leader, and with a response before the effect."""
    with call.cluster.store.lock:
        call.live(UNKNOWN)
        if call.cluster.store.live(call.name) is not None:
            call.cluster.behavior.set_target(call.name, target, call.worker.index)
    return ACCEPTED


def stop(call: Call) -> Answer:
    def work() -> None:
        call.stored(UNKNOWN)
        call.cluster.behavior.set_target(call.name, "STOPPED", call.worker.index)

    call.lead(work)
    return NO_CONTENT


def restart(call: Call) -> Answer:
    include_tasks, only_failed = call.request.flag("includeTasks"), call.request.flag("onlyFailed")
    if call.cluster.version < (3, 0):
        include_tasks = only_failed = False
    plain = not include_tasks and not only_failed

    def work() -> ConnectorRecord:
        record = call.stored(UNKNOWN_TO_RESTART)
        if record.status is None and not plain:
            raise RefusalError(HTTPStatus.NOT_FOUND, f"Status for connector {call.name} not found")
        connector = not only_failed or (record.status is not None and record.status.state == "FAILED")
        tasks = [
            index
            for index, status in record.tasks.items()
            if include_tasks and (not only_failed or status.state == "FAILED")
        ]
        call.cluster.behavior.restart(call.name, connector, tasks)
        return planned(record, connector, tasks)

    shown = call.lead(work, "strict")
    return NO_CONTENT if plain else answer_json(call.cluster.rendering.state_info(shown), HTTPStatus.ACCEPTED)


def planned(record: ConnectorRecord, connector: bool, tasks: Sequence[int]) -> ConnectorRecord:
    """The record in the response to a restart: everything to be restarted is RESTARTING, with its old trace."""
    status = replace(record.status, state="RESTARTING") if record.status is not None and connector else record.status
    marked = {
        index: replace(task, state="RESTARTING") if index in tasks else task for index, task in record.tasks.items()
    }
    return replace(record, status=status, tasks=marked)


def restart_task(call: Call) -> Answer:
    task = int(call.parameters["task"])

    def work() -> None:
        record = call.stored(UNKNOWN_TO_RESTART)
        if task >= len(record.task_configs):
            raise RefusalError(HTTPStatus.NOT_FOUND, f"Unknown task: {call.name}-{task}")
        call.cluster.behavior.restart(call.name, False, [task])

    call.lead(work, "strict")
    return NO_CONTENT


def get_topics(call: Call) -> Answer:
    with call.cluster.store.lock:
        record = call.records().get(call.name)
        return answer_json({call.name: {"topics": list(record.topics) if record else []}})


def reset_topics(call: Call) -> Answer:
    with call.cluster.store.lock:
        if call.name in call.records():
            call.cluster.store.edit(call.name, topics=())
    return ACCEPTED


ENDPOINTS = (
    endpoint("GET", "/connectors", list_connectors),
    endpoint("POST", "/connectors", create),
    endpoint("GET", "/connectors/{name}", get_connector),
    endpoint("DELETE", "/connectors/{name}", delete),
    endpoint("GET", "/connectors/{name}/config", get_config),
    endpoint("PUT", "/connectors/{name}/config", put_config),
    endpoint("PATCH", "/connectors/{name}/config", patch_config, since=(3, 8)),
    endpoint("GET", "/connectors/{name}/status", get_status),
    endpoint("GET", "/connectors/{name}/tasks", get_tasks),
    endpoint("GET", "/connectors/{name}/tasks-config", get_tasks_config, until=(4, 0)),
    endpoint("GET", "/connectors/{name}/tasks/{task}/status", get_task_status),
    endpoint("POST", "/connectors/{name}/restart", restart),
    endpoint("POST", "/connectors/{name}/tasks/{task}/restart", restart_task),
    endpoint("PUT", "/connectors/{name}/pause", lambda call: set_target(call, "PAUSED")),
    endpoint("PUT", "/connectors/{name}/resume", lambda call: set_target(call, "RUNNING")),
    endpoint("PUT", "/connectors/{name}/stop", stop, since=(3, 5)),
    endpoint("GET", "/connectors/{name}/topics", get_topics),
    endpoint("PUT", "/connectors/{name}/topics/reset", reset_topics),
)
