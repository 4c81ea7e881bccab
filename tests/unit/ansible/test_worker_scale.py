# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Module worker_scale, from the options of a task to the request to the engine. A function stands in for a host."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.brokers import BrokersClient
from testing.ansible_runs.in_process import make_action
from testing.fake_connect import FakeCluster

WORKER = (
    "group.id=orders\nlisteners=http://w9:8083\nrest.advertised.host.name=w9\nscheduled.rebalance.max.delay.ms=1000"
)
NO_FILE = {"failed": True, "rc": 2, "stderr": "grep: /etc/x: No such file or directory"}


def closed_port() -> str:
    """An address at which nothing listens any more."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"127.0.0.1:{server.getsockname()[1]}"


def scale(
    fake: FakeCluster,
    monkeypatch: pytest.MonkeyPatch,
    grep: Mapping[str, Any],
    *,
    check_mode: bool = False,
    **options: Any,
) -> dict[str, Any]:
    """The result of a task on a host where `grep` in the worker's file answers this, and systemd shows a stopped service."""
    given = {"url": fake.urls, "state": "joined", "bootstrap_servers": [closed_port()], "wait_timeout": 1, **options}
    action = make_action("worker_scale", given, check_mode=check_mode, _uuid="task")

    def execute_module(*, module_args: Mapping[str, Any], **_given: Any) -> Mapping[str, Any]:
        if module_args.get("argv", [""])[0] == "grep":
            return grep
        if "get_checksum" in module_args:
            return {"stat": {"exists": grep is not NO_FILE}}
        return {"rc": 0, "stdout": "LoadState=loaded\nActiveState=inactive\nSubState=dead\nNRestarts=0"}

    monkeypatch.setattr(action, "_execute_module", execute_module)
    result: dict[str, Any] = action.run(task_vars={})
    return result


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Brokers that do not answer are given up soon."""
    begin = BrokersClient.__init__
    monkeypatch.setattr(BrokersClient, "__init__", lambda self, brokers: begin(self, replace(brokers, timeout=0.3)))


@pytest.fixture
def bad(fake: FakeCluster, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The message of a task that fails with the kind `invalid_input`."""

    def message(grep: Mapping[str, Any], **options: Any) -> str:
        result = scale(fake, monkeypatch, grep, **options)
        assert result["error"]["kind"] == "invalid_input"
        return str(result["msg"])

    return message


def test_worker_scale_requires_brokers(bad: Any) -> None:
    assert "bootstrap_servers" in bad({"rc": 0, "stdout": WORKER}, bootstrap_servers=[])


@pytest.mark.parametrize("option", ["expected_workers", "min_workers", "max_tasks_per_worker"])
def test_negative_numbers_are_rejected(bad: Any, option: str) -> None:
    assert f"{option} is -1" in bad({"rc": 0, "stdout": WORKER}, **{option: -1})


@pytest.mark.parametrize("seconds", [0, -1])
def test_a_restart_takes_some_time(bad: Any, seconds: float) -> None:
    assert f"restart_seconds is {seconds}" in bad({"rc": 0, "stdout": WORKER}, restart_seconds=seconds)


def test_a_worker_that_is_not_installed_is_named_by_its_file(bad: Any) -> None:
    assert '"/etc/connect@orders/worker.properties"' in bad(NO_FILE, service="connect@orders.service")


def test_a_worker_that_advertises_no_address_requires_worker_url(bad: Any) -> None:
    assert "worker_url" in bad({"rc": 0, "stdout": "group.id=orders\nlisteners=http://:8083"})


def test_worker_url_must_be_a_url(bad: Any) -> None:
    assert "worker_url" in bad({"rc": 0, "stdout": WORKER}, worker_url="ftp://w9")


def test_a_leaving_worker_cannot_be_the_only_listed_worker(bad: Any, fake: FakeCluster) -> None:
    text = bad({"rc": 0, "stdout": WORKER}, state="left", worker_url=fake.urls[0], url=fake.urls[:1])
    assert "url contains only the worker" in text


@pytest.mark.parametrize("properties", [WORKER, f"{WORKER}\nconnect.protocol=eager", "listeners=http://w9:8083"])
def test_a_group_that_no_broker_lists_fails_the_task(
    fake: FakeCluster, monkeypatch: pytest.MonkeyPatch, properties: str
) -> None:
    result = scale(fake, monkeypatch, {"rc": 0, "stdout": properties}, worker_url="http://w9:8083")
    assert result["failed"] is True
    assert result["error"]["kind"] == "brokers_failed"


def test_check_mode_works_before_the_worker_is_installed(fake: FakeCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    result = scale(fake, monkeypatch, NO_FILE, check_mode=True, worker_url="http://w9:8083", group_id="orders")
    assert result["error"]["kind"] == "brokers_failed"


def test_a_worker_that_would_join_another_group_is_left_alone(
    fake: FakeCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = scale(fake, monkeypatch, {"rc": 0, "stdout": WORKER}, worker_url="http://w9:8083", group_id="payments")
    assert result["error"]["kind"] == "wrong_cluster"
    assert 'group_id is "payments", and group.id in the worker\'s properties is "orders"' in result["msg"]
