# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading connectors: lists, expansions, shapes, and missing objects."""

from __future__ import annotations

from typing import Any

import pytest

from .client import Connect, path_of
from .pool import Take


@pytest.fixture(scope="module")
def running(take: Take) -> dict[str, Any]:
    """The configuration, including its name, of a running file source that no test here changes."""
    name, _path, config = take("source")
    return {**config, "name": name}


def test_the_list_contains_the_connector_names(connect: Connect, running: dict[str, Any]) -> None:
    name = running["name"]
    reply = connect.send("GET", "/connectors")
    assert reply.status == 200
    assert reply.headers["content-type"] == "application/json"
    assert name in reply.json


def test_a_trailing_slash_makes_no_difference(connect: Connect, running: dict[str, Any]) -> None:
    name = running["name"]
    path = path_of(name)
    assert name in connect.send("GET", "/connectors/").json
    assert connect.send("GET", f"{path}/").json["name"] == name


def test_the_expanded_list_contains_info_and_status(connect: Connect, running: dict[str, Any]) -> None:
    name = running["name"]
    path = path_of(name)
    expanded = connect.send("GET", "/connectors?expand=info&expand=status").json[name]
    assert expanded == {
        "info": connect.send("GET", path).json,
        "status": connect.send("GET", f"{path}/status").json,
    }


@pytest.mark.parametrize(
    ("query", "parts"),
    [
        ("expand=info", ["info"]),
        ("expand=status", ["status"]),
        ("expand=status&expand=nonsense", ["status"]),
        ("expand=nonsense", []),
        ("expand", []),
    ],
)
def test_the_list_contains_only_the_requested_expansions(
    connect: Connect, running: dict[str, Any], query: str, parts: list[str]
) -> None:
    name = running["name"]
    assert list(connect.send("GET", f"/connectors?{query}").json[name]) == parts


def test_a_connector_shows_config_tasks_and_type(connect: Connect, running: dict[str, Any]) -> None:
    name = running["name"]
    path = path_of(name)
    assert connect.send("GET", path).json == {
        "name": name,
        "config": running,
        "tasks": [{"connector": name, "task": 0}],
        "type": "source",
    }
    assert connect.send("GET", f"{path}/config").json == running


def test_the_status_shows_states_workers_and_since_4_1_versions(connect: Connect, running: dict[str, Any]) -> None:
    name = running["name"]
    path = path_of(name)
    status = connect.send("GET", f"{path}/status").json
    assert sorted(status) == ["connector", "name", "tasks", "type"]
    assert (status["name"], status["type"]) == (name, "source")
    version = ["version"] if connect.version >= (4, 1) else []
    assert sorted(status["connector"]) == ["state", *version, "worker_id"]
    task = status["tasks"][0]
    assert sorted(task) == ["id", "state", *version, "worker_id"]
    workers = [url.removeprefix("http://") for url in connect.urls]
    assert {status["connector"]["worker_id"], task["worker_id"]} <= set(workers)
    assert connect.send("GET", f"{path}/tasks/0/status").json == task


def test_the_tasks_show_their_configs(connect: Connect, take: Take) -> None:
    sink = take("sink")
    task_class = "org.apache.kafka.connect.file.FileStreamSinkTask"
    assert connect.send("GET", f"{sink.path}/tasks").json == [
        {
            "id": {"connector": sink.name, "task": task},
            "config": {**sink.config, "name": sink.name, "task.class": task_class},
        }
        for task in (0, 1)
    ]


def test_tasks_config_is_removed_since_4_0(connect: Connect, running: dict[str, Any]) -> None:
    name = running["name"]
    path = path_of(name)
    reply = connect.send("GET", f"{path}/tasks-config")
    if connect.version >= (4, 0):
        assert (reply.status, reply.message) == (404, "HTTP 404 Not Found")
    else:
        assert list(reply.json) == [f"{name}-0"]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("", "Connector {name} not found"),
        ("/config", "Connector {name} not found"),
        ("/tasks", "Connector {name} not found"),
        ("/status", "No status found for connector {name}"),
        ("/tasks/0/status", "No status found for task {name}-0"),
        ("/tasks/x/status", "HTTP 404 Not Found"),
        ("/nonsense", "HTTP 404 Not Found"),
    ],
)
def test_an_unknown_connector_is_not_found(connect: Connect, name: str, path: str, message: str) -> None:
    reply = connect.send("GET", path_of(name) + path)
    assert (reply.status, reply.message) == (404, message.format(name=name))


def test_a_task_that_does_not_exist_has_no_status(connect: Connect, running: dict[str, Any]) -> None:
    name = running["name"]
    path = path_of(name)
    reply = connect.send("GET", f"{path}/tasks/7/status")
    assert (reply.status, reply.message) == (404, f"No status found for task {name}-7")


def test_topics_of_an_unknown_connector_are_an_empty_list(connect: Connect, name: str) -> None:
    reply = connect.send("GET", f"{path_of(name)}/topics")
    assert (reply.status, reply.json) == (200, {name: {"topics": []}})
    reset = connect.send("PUT", f"{path_of(name)}/topics/reset")
    assert (reset.status, reset.body) == (202, b"")


def test_every_worker_shows_the_same_connector(connect: Connect, running: dict[str, Any]) -> None:
    name = running["name"]
    path = path_of(name)
    shown = [connect.send("GET", path, worker=worker).json for worker in range(3)]
    assert shown[0] == shown[1] == shown[2]
