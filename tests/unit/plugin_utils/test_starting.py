# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The process and the health check of a worker that starts, queried through modules of Ansible."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from ansible.errors import AnsibleConnectionFailure

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import Outcome, WorkerError
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.scale.model import Unit
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.scale.start_worker import (
    HealthAnswer,
    ServiceProcess,
)
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.starting import LONGEST_ANSWER, StartedService
from testing.ansible_runs.in_process import make_action

PARAMETERS = {
    "service": "kafka-connect",
    "url_username": None,
    "url_password": None,
    "ca_path": None,
    "client_cert": None,
    "client_key": None,
}
GIVEN = {"url": "http://connect-1:8083", "kafka_version": "4.3.1"}
RUNS = "LoadState=loaded\nActiveState=active\nSubState=running\nNRestarts=0\nMainPID=71\n"


class FakeHost:
    """Returns these results of the modules command and uri, and records their arguments."""

    def __init__(self, *, shown: str = "", uri: Mapping[str, Any] | None = None) -> None:
        self.results: dict[str, Mapping[str, Any]] = {
            "ansible.builtin.command": {"rc": 0, "stdout": shown},
            "ansible.builtin.uri": uri or {},
        }
        self.asked: list[tuple[str, Mapping[str, Any]]] = []

    def __call__(self, name: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        self.asked.append((name, arguments))
        return self.results[name]

    def execute_module(self, *, module_name: str, module_args: Mapping[str, Any], **_named: Any) -> Mapping[str, Any]:
        return self(module_name, module_args)


def service(host: FakeHost, **parameters: Any) -> StartedService:
    return StartedService(host, {**PARAMETERS, **parameters}, "http://connect-1:8083/health")


def start(host: FakeHost, *, check_mode: bool = False, **arguments: Any) -> dict[str, Any]:
    action = make_action("worker_start", {**GIVEN, **arguments}, check_mode=check_mode)
    action._execute_module = host.execute_module
    result: dict[str, Any] = action.run(task_vars={})
    return result


# The process


def test_a_process_that_listens_on_the_port_is_found() -> None:
    found = service(FakeHost(shown=f"{RUNS}Listens=yes")).process(8083)
    assert found == ServiceProcess(Unit("loaded", "active", "running", 0), 71, listens=True)


def test_a_process_that_does_not_listen_yet_is_found() -> None:
    found = service(FakeHost(shown=RUNS)).process(8083)
    assert (found.main_pid, found.listens) == (71, False)


def test_a_service_without_a_process_has_none() -> None:
    found = service(FakeHost(shown="LoadState=not-found\nActiveState=inactive\nSubState=dead\n")).process(8083)
    assert found == ServiceProcess(Unit("not-found", "inactive", "dead", 0))


def test_the_port_is_looked_up_as_the_kernel_writes_it() -> None:
    host = FakeHost(shown=RUNS)
    service(host).process(8083)
    assert host.asked[0][1]["argv"][-2:] == ["kafka-connect.service", "1F93"]


# The health check


def test_a_healthy_worker_answers_200() -> None:
    host = FakeHost(uri={"status": 200, "content": '{"status": "healthy", "message": "Worker is ready."}'})
    assert service(host).health() == HealthAnswer(200, "Worker is ready.")


@pytest.mark.parametrize("content", ["", "<html>", "[1]", "{}", "null"])
def test_a_response_that_is_not_of_a_worker_has_no_words(content: str) -> None:
    assert service(FakeHost(uri={"status": 401, "content": content})).health() == HealthAnswer(401)


def test_a_response_of_many_words_is_cut() -> None:
    host = FakeHost(uri={"status": 500, "content": json.dumps({"message": "x" * 5000})})
    assert len(service(host).health().text) == LONGEST_ANSWER


def test_a_worker_that_does_not_respond_is_reported_with_the_failure() -> None:
    host = FakeHost(uri={"status": -1, "failed": True, "msg": "Status code was -1:\nConnection refused"})
    assert service(host).health() == HealthAnswer(-1, "Status code was -1: Connection refused")


def test_a_host_that_cannot_be_reached_is_no_answer_of_a_worker() -> None:
    host = FakeHost(uri={"unreachable": True, "msg": "no route to host"})
    with pytest.raises(WorkerError, match="the host can't be reached: no route to host") as caught:
        service(host).health()
    assert caught.value.outcome is Outcome.UNKNOWN


def test_options_that_are_not_given_are_not_passed_on() -> None:
    host = FakeHost(uri={"status": 200})
    service(host).health()
    assert not {"url_username", "force_basic_auth", "ca_path", "client_cert"} & set(host.asked[0][1])


def test_credentials_are_sent_with_the_first_request() -> None:
    host = FakeHost(uri={"status": 200})
    service(host, url_username="admin", url_password="hunter2").health()
    sent = host.asked[0][1]
    assert (sent["url_username"], sent["url_password"], sent["force_basic_auth"]) == ("admin", "hunter2", True)


# The task


def test_a_worker_that_is_healthy_stays_as_it_is() -> None:
    result = start(FakeHost(shown=f"{RUNS}Listens=yes", uri={"status": 200}))
    assert (result["changed"], result["action"], result["msg"]) == (False, "none", "kafka-connect is healthy")


@pytest.mark.parametrize(
    ("version", "status", "path"),
    [("3.8.1", 404, "/connectors/-"), ("3.9.0", 200, "/health"), ("4.3.1", 200, "/health")],
)
def test_a_worker_without_a_health_check_is_asked_for_a_connector(version: str, status: int, path: str) -> None:
    host = FakeHost(shown=f"{RUNS}Listens=yes", uri={"status": status})
    assert "failed" not in start(host, kafka_version=version)
    (asked,) = [arguments["url"] for name, arguments in host.asked if name == "ansible.builtin.uri"]
    assert asked == f"http://connect-1:8083{path}"


@pytest.mark.parametrize(("url", "port"), [("http://connect-1", "0050"), ("https://connect-1/", "01BB")])
def test_a_url_without_a_port_has_that_of_its_scheme(url: str, port: str) -> None:
    host = FakeHost(shown=f"{RUNS}Listens=yes", uri={"status": 200})
    start(host, url=url)
    assert host.asked[0][1]["argv"][-1] == port


def test_credentials_in_the_url_are_not_shown() -> None:
    host = FakeHost(shown=f"{RUNS}Listens=yes", uri={"status": 200})
    assert start(host, url="http://admin:hunter2@connect-1:8083")["url"] == "http://connect-1:8083"


def test_check_mode_reads_the_state_and_starts_nothing() -> None:
    host = FakeHost(shown="LoadState=loaded\nActiveState=inactive\nSubState=dead\nMainPID=0")
    result = start(host, check_mode=True)
    assert (result["changed"], result["msg"]) == (True, "would start kafka-connect")
    assert [name for name, _arguments in host.asked] == ["ansible.builtin.command"]


def test_a_service_that_does_not_exist_is_named() -> None:
    result = start(FakeHost(shown="LoadState=not-found\nActiveState=inactive\nSubState=dead"))
    assert result["failed"] is True
    assert "the host has no service kafka-connect -> correct service, or install the worker first" in result["msg"]


def test_a_host_that_cannot_be_reached_fails_the_task_with_a_fix() -> None:
    action = make_action("worker_start", GIVEN)

    def unreachable(**_named: Any) -> dict[str, Any]:
        raise AnsibleConnectionFailure("no route to host")

    action._execute_module = unreachable
    result = action.run(task_vars={})
    assert "the host can't be reached: no route to host -> check that it is running" in result["msg"]


def test_the_environment_of_the_controller_does_not_apply(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAFKA_CONNECT_USERNAME", "operator")
    host = FakeHost(shown=f"{RUNS}Listens=yes", uri={"status": 200})
    start(host)
    assert "url_username" not in host.asked[-2][1]
