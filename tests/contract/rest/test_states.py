# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pausing, resuming, stopping, restarting; failures and how to recover from them."""

from __future__ import annotations

from typing import Any

import pytest

from .client import Connect, await_value, path_of
from .pool import Take

Config = dict[str, Any]


@pytest.mark.parametrize("verb", ["pause", "resume", "stop"])
def test_an_unknown_connector_has_no_run_state(connect: Connect, name: str, verb: str) -> None:
    reply = connect.send("PUT", f"{path_of(name)}/{verb}")
    assert (reply.status, reply.message) == (404, f"Unknown connector {name}")


def test_pause_and_resume_return_202_and_apply_to_the_tasks(connect: Connect, take: Take) -> None:
    name, path, sink = take("sink")
    for verb, state in (("pause", "PAUSED"), ("pause", "PAUSED"), ("resume", "RUNNING")):
        reply = connect.send("PUT", f"{path}/{verb}")
        assert (reply.status, reply.body) == (202, b"")
        connect.await_states(name, state, [state, state])


def test_stop_returns_204_and_removes_the_tasks(connect: Connect, take: Take) -> None:
    name, path, sink = take("sink")
    reply = connect.send("PUT", f"{path}/stop")
    assert (reply.status, reply.body) == (204, b"")
    assert connect.send("GET", f"{path}/tasks").json == []
    connect.await_states(name, "STOPPED", [])
    assert connect.send("PUT", f"{path}/stop").status == 204
    connect.send("PUT", f"{path}/resume")
    connect.await_states(name, "RUNNING", ["RUNNING", "RUNNING"])


def test_a_stopped_connector_that_is_paused_has_no_tasks(connect: Connect, name: str, source: Config) -> None:
    connect.names.append(name)
    connect.send("POST", "/connectors", {"name": name, "config": source, "initial_state": "STOPPED"})
    connect.await_states(name, "STOPPED", [])
    connect.send("PUT", f"{path_of(name)}/pause")
    connect.await_states(name, "PAUSED", [])
    connect.send("PUT", f"{path_of(name)}/resume")
    connect.await_states(name, "RUNNING", ["RUNNING"])


def test_a_changed_config_keeps_the_run_state(connect: Connect, take: Take) -> None:
    name, path, source = take("source")
    connect.send("PUT", f"{path}/pause")
    connect.await_states(name, "PAUSED", ["PAUSED"])
    assert connect.send("PUT", f"{path}/config", {**source, "batch.size": "7"}).status == 200
    connect.await_states(name, "PAUSED", ["PAUSED"])
    connect.send("PUT", f"{path}/resume")
    connect.await_states(name, "RUNNING", ["RUNNING"])
    await_value(lambda: connect.send("GET", f"{path}/tasks").json[0]["config"].get("batch.size"), "7")


@pytest.mark.parametrize("query", ["", "?includeTasks=false&onlyFailed=false", "?includeTasks=nonsense"])
def test_a_restart_of_the_connector_alone_returns_204(connect: Connect, take: Take, query: str) -> None:
    name, path, source = take("source")
    reply = connect.send("POST", f"{path}/restart{query}")
    assert (reply.status, reply.body) == (204, b"")
    connect.await_states(name, "RUNNING", ["RUNNING"])


@pytest.mark.parametrize(
    ("query", "states"),
    [
        ("includeTasks=true", ["RESTARTING", "RESTARTING"]),
        ("onlyFailed=true", ["RUNNING", "RUNNING"]),
        ("includeTasks=true&onlyFailed=true", ["RUNNING", "RUNNING"]),
    ],
)
def test_a_restart_with_options_returns_202_with_its_plan(
    connect: Connect, take: Take, query: str, states: list[str]
) -> None:
    name, path, source = take("source")
    reply = connect.send("POST", f"{path}/restart?{query}")
    assert reply.status == 202
    plan = reply.json
    assert (plan["name"], plan["type"]) == (name, "source")
    assert [plan["connector"]["state"], *(task["state"] for task in plan["tasks"])] == states
    connect.await_states(name, "RUNNING", ["RUNNING"])


@pytest.mark.parametrize("query", ["", "?includeTasks=true"])
def test_an_unknown_connector_cannot_be_restarted(connect: Connect, name: str, query: str) -> None:
    reply = connect.send("POST", f"{path_of(name)}/restart{query}")
    assert (reply.status, reply.message) == (404, f"Unknown connector: {name}")


def test_an_existing_task_can_be_restarted(connect: Connect, take: Take) -> None:
    name, path, source = take("source")
    done = connect.send("POST", f"{path}/tasks/0/restart")
    assert (done.status, done.body) == (204, b"")
    connect.await_states(name, "RUNNING", ["RUNNING"])
    no_task = connect.send("POST", f"{path}/tasks/9/restart")
    assert (no_task.status, no_task.message) == (404, f"Unknown task: {name}-9")
    no_connector = connect.send("POST", f"{path_of('no-' + name)}/tasks/0/restart")
    assert (no_connector.status, no_connector.message) == (404, f"Unknown connector: no-{name}")


def test_a_restart_keeps_the_run_state(connect: Connect, name: str, source: Config) -> None:
    connect.names.append(name)
    connect.send("POST", "/connectors", {"name": name, "config": source, "initial_state": "STOPPED"})
    connect.await_states(name, "STOPPED", [])
    assert connect.send("POST", f"{path_of(name)}/restart").status == 204
    plan = connect.send("POST", f"{path_of(name)}/restart?includeTasks=true")
    assert (plan.status, plan.json["connector"]["state"], plan.json["tasks"]) == (202, "RESTARTING", [])
    connect.await_states(name, "STOPPED", [])


@pytest.mark.parametrize(
    ("kind", "begin", "cause"),
    [
        ("failed source task", "java.lang.RuntimeException\n\tat ", ""),
        (
            "failed sink task",
            "org.apache.kafka.connect.errors.ConnectException: Exiting WorkerSinkTask due to unrecoverable exception.",
            "Caused by: java.lang.RuntimeException\n\tat ",
        ),
    ],
)
def test_a_failed_task_shows_its_stack_trace_and_the_connector_stays_running(
    connect: Connect, take: Take, kind: str, begin: str, cause: str
) -> None:
    _name, path, _config = take(kind)
    task = connect.send("GET", f"{path}/status").json["tasks"][0]
    assert task["trace"].startswith(begin)
    assert "org.apache.kafka.connect.tools.Mock" in task["trace"]
    assert ("Caused by:" in task["trace"]) == bool(cause)
    assert cause in task["trace"]
    assert connect.send("GET", f"{path}/tasks/0/status").json["trace"] == task["trace"]


def test_a_failed_connector_shows_its_stack_trace_and_the_tasks_stay_running(connect: Connect, name: str) -> None:
    """It gets its tasks before it fails: one that fails earlier never has any. It fails a second later, because on a
    busy machine an immediate failure may end as RUNNING: the start is reported after the failure.
    """
    config = {"connector.class": "MockSource", "delay_ms": "1000"}
    connect.create(name, config)
    connect.await_states(name, "RUNNING", ["RUNNING"])
    connect.send("PUT", f"{path_of(name)}/config", {**config, "mock_mode": "connector-failure"})
    connect.await_states(name, "FAILED", ["RUNNING"])
    status = connect.send("GET", f"{path_of(name)}/status").json
    assert status["connector"]["trace"].startswith(
        "java.lang.RuntimeException\n\tat org.apache.kafka.connect.tools.Mock"
    )


def test_pause_does_not_recover_a_failed_task_and_stop_removes_it(connect: Connect, take: Take) -> None:
    name, path, _config = take("failed source task")
    connect.send("PUT", f"{path}/pause")
    connect.await_states(name, "PAUSED", ["FAILED"])
    connect.send("PUT", f"{path}/resume")
    connect.await_states(name, "RUNNING", ["FAILED"])
    connect.send("PUT", f"{path}/stop")
    connect.await_states(name, "STOPPED", [])


def test_the_restart_plan_shows_failed_tasks_with_any_remaining_stack_trace(connect: Connect, take: Take) -> None:
    """The request reaches the owner before the response is created: a faster owner shows its own RESTARTING or RUNNING
    instead, without a trace, which is rare.
    """
    shown = []
    for _connector in range(5):
        _name, path, _config = take("failed source task")
        plan = connect.send("POST", f"{path}/restart?includeTasks=true&onlyFailed=true").json
        assert plan["connector"]["state"] == "RUNNING"
        task = plan["tasks"][0]
        shown.append((task["state"], task.get("trace", "").partition("\n")[0]))
        if shown[-1] == ("RESTARTING", "java.lang.RuntimeException"):
            break
    assert shown.pop() == ("RESTARTING", "java.lang.RuntimeException")
    assert set(shown) <= {("RESTARTING", ""), ("RUNNING", "")}


def test_an_identical_put_does_not_restart_a_failed_task(connect: Connect, take: Take) -> None:
    """Only the connector instance is restarted; a changed config restarts the tasks, too."""
    name, path, config = take("failed source task")
    assert connect.send("PUT", f"{path}/config", config).status == 200
    connect.await_states(name, "RUNNING", ["FAILED"])
    del config["mock_mode"]
    assert connect.send("PUT", f"{path}/config", config).status == 200
    connect.await_states(name, "RUNNING", ["RUNNING"])
