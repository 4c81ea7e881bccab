# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action plugins: environment, files, run mode and progress. Other tests run ansible-playbook itself."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.arguments import ENVIRONMENT
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.run import Event
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils import action as edge
from testing.ansible_runs.in_process import make_action
from testing.fake_connect import FakeCluster
from tests.unit.connect.support import file_source


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ENVIRONMENT.values():
        monkeypatch.delenv(name, raising=False)


def made(arguments: dict[str, Any], *, module: str = "connector", **more: Any) -> Any:
    """An action of the collection; make_action describes `more`."""
    return make_action(module, arguments, **more)


# The environment


def with_environment(arguments: dict[str, Any], *blocks: Any) -> dict[str, Any]:
    return dict(made({}, environment=list(blocks))._with_environment(arguments))


def test_missing_options_come_from_the_environment_of_the_task(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAFKA_CONNECT_URL", "http://controller:8083")
    monkeypatch.setenv("KAFKA_CONNECT_USERNAME", "controller")
    assert with_environment({}, {"KAFKA_CONNECT_URL": "http://task:8083"}) == {
        "url": "http://task:8083",
        "url_username": "controller",
    }


def test_later_blocks_win_and_explicit_options_override_them() -> None:
    blocks = ({"KAFKA_CONNECT_URL": "http://play:8083"}, {"KAFKA_CONNECT_URL": "http://task:8083"})
    assert with_environment({}, *blocks)["url"] == "http://task:8083"
    assert with_environment({"url": "http://given:8083"}, *blocks)["url"] == "http://given:8083"


def test_empty_values_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAFKA_CONNECT_TOKEN", "")
    assert with_environment({"url": "x"}) == {"url": "x"}


def test_explicit_authentication_is_not_combined_with_that_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("KAFKA_CONNECT_TOKEN", "t0ken")
    given = {"url_username": "u", "url_password": "p"}
    assert with_environment(dict(given)) == given
    monkeypatch.delenv("KAFKA_CONNECT_TOKEN")
    monkeypatch.setenv("KAFKA_CONNECT_USERNAME", "u")
    monkeypatch.setenv("KAFKA_CONNECT_PASSWORD", "p")
    assert with_environment({"token": "t0ken"}) == {"token": "t0ken"}
    assert with_environment({"url_username": "me"}) == {"url_username": "me", "url_password": "p"}


# Where the engine runs


def test_the_action_runs_in_process_by_default() -> None:
    assert made({})._runs_here({})


@pytest.mark.parametrize(
    "reason", [{"transport": "ssh"}, {"become": object()}, {"async_val": 60}], ids=lambda reason: next(iter(reason))
)
def test_the_action_runs_elsewhere_if_the_task_requires_it(reason: dict[str, Any]) -> None:
    assert not made({}, **reason)._runs_here({})


def test_the_action_runs_elsewhere_if_requests_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge, "HAS_REQUESTS", False)
    assert not made({})._runs_here({})


@pytest.mark.parametrize("interpreter", [sys.executable, "auto", "auto_silent"])
def test_the_current_or_any_interpreter_means_in_process(interpreter: str) -> None:
    assert made({})._runs_here({"ansible_python_interpreter": interpreter})


def test_another_interpreter_means_elsewhere(tmp_path: Path) -> None:
    link = tmp_path / "python"
    link.symlink_to(sys.executable)
    assert not made({})._runs_here({"ansible_python_interpreter": str(link)}), "a virtual environment's"
    assert not made({})._runs_here({"ansible_python_interpreter": "/usr/bin/no-such-python"})


def test_a_delegated_host_uses_its_own_interpreter() -> None:
    variables = {
        "ansible_python_interpreter": sys.executable,
        "ansible_delegated_vars": {"jump": {"ansible_python_interpreter": "/opt/python"}},
    }
    assert not made({}, delegate_to="jump")._runs_here(variables)
    assert made({}, delegate_to="jump")._runs_here({**variables, "ansible_delegated_vars": {"jump": {}}})


# Running


def arguments(fake: FakeCluster, **more: Any) -> dict[str, Any]:
    return {
        "url": fake.urls,
        "name": "orders",
        "config": file_source(),
        "stable_for": 0,
        "warn_literal_secrets": False,
        **more,
    }


def test_the_action_returns_the_result_of_an_in_process_run(fake: FakeCluster) -> None:
    result = made(arguments(fake)).run(task_vars={})
    assert result["changed"] is True
    assert result["connectors"][0]["state"] == "RUNNING"
    assert "orders" in fake.connectors
    assert made(arguments(fake)).run(task_vars={})["changed"] is False


def test_check_mode_and_diff_mode_of_the_task_apply(fake: FakeCluster) -> None:
    result = made(arguments(fake), check_mode=True, diff=True).run(task_vars={})
    assert result["changed"] is True
    assert result["diff"][0]["after_header"] == "orders (create)"
    assert "orders" not in fake.connectors


def test_invalid_arguments_are_input_errors(fake: FakeCluster) -> None:
    result = made({**arguments(fake), "state": "dancing"}).run(task_vars={})
    assert result["failed"] is True
    assert result["error"]["kind"] == "invalid_input"
    assert "dancing" in result["msg"]
    assert fake.requests == []


def test_files_of_src_are_read_on_the_controller(fake: FakeCluster, tmp_path: Path) -> None:
    files = tmp_path / "files" / "connectors"
    files.mkdir(parents=True)
    (files / "orders.json").write_text(json.dumps({"name": "orders", "config": file_source()}))
    action = made({"url": fake.urls, "src": ["connectors"], "stable_for": 0}, module="connectors", search=str(tmp_path))
    assert action.run(task_vars={})["changed"] is True
    assert fake.connectors["orders"].config == file_source()


def test_a_missing_file_is_reported_with_its_option(fake: FakeCluster) -> None:
    result = made({"url": fake.urls, "src": ["no-such"]}, module="connectors").run(task_vars={})
    assert result["msg"] == 'src "no-such" does not exist: give a file or directory on the controller'


def test_the_remote_module_gets_resolved_options(
    fake: FakeCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAFKA_CONNECT_TOKEN", "t0ken")
    (tmp_path / "orders.json").write_text(json.dumps({"name": "orders", "config": file_source()}))
    action = made(
        {"url": fake.urls, "src": [str(tmp_path)], "overrides": [{"match": "*", "config": {"topic": "new"}}]},
        module="connectors",
        transport="ssh",
    )
    sent: dict[str, Any] = {}

    def execute_module(**given: Any) -> dict[str, Any]:
        sent.update(given)
        return {"changed": True}

    monkeypatch.setattr(action, "_execute_module", execute_module)
    assert action.run(task_vars={})["changed"] is True
    assert sent["module_name"] == "streamops.kafka_connect.connectors"
    module_args = sent["module_args"]
    assert module_args["token"] == "t0ken"
    assert (module_args["src"], module_args["overrides"]) == ([], [])
    (entry,) = module_args["connectors"]
    assert entry["config"] == file_source(topic="new")
    assert None not in module_args.values()


# Progress


def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    lines: list[str] = []
    monkeypatch.setattr(edge.display, "display", lines.append)
    return lines


def test_progress_names_the_host_and_is_rate_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = shown(monkeypatch)
    show = made({})._progress({"inventory_hostname": "prod"})
    show(Event(0.1, "first"))
    show(Event(0.2, "too soon after it"))
    show(Event(0.3, "failed: orders", important=True))
    assert lines == ["prod |   0.1 s | first", "prod |   0.3 s | failed: orders"]


def test_the_host_of_a_delegated_task_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = shown(monkeypatch)
    made({}, delegate_to="jump")._progress({"inventory_hostname": "prod"})(Event(1.0, "x"))
    assert lines == ["jump |   1.0 s | x"]


@pytest.mark.parametrize(("quiet", "count"), [({}, 1), ({"no_log": True}, 0)])
def test_no_log_also_suppresses_progress(
    fake: FakeCluster, monkeypatch: pytest.MonkeyPatch, quiet: dict[str, Any], count: int
) -> None:
    lines = shown(monkeypatch)
    fake.connectors.put("orders", file_source())
    config = {"connector.class": "org.apache.kafka.connect.tools.MockSourceConnector", "mock_mode": "task-failure"}
    given = arguments(fake, name="bad", config={**config, "delay_ms": "0"})
    assert made(given, **quiet).run(task_vars={})["failed"] is True
    assert len([line for line in lines if "failed: bad" in line]) == count
