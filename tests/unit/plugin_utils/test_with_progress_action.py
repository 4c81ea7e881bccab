# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""with_progress runs the other module as Ansible would, until its result is as required or the time is over."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.errors import AnsibleActionFail

from ansible_collections.streamops.kafka_connect.plugins.plugin_utils import with_progress
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.progress import ProgressLines
from testing.ansible_runs.in_process import make_action

READY = [{"field": "status.state", "matches": "^ready$"}]


class FakeAnsible:
    """Its plugin loaders and the other modules: returns these results one after the other, the last one again and again."""

    def __init__(self, *results: Mapping[str, Any]) -> None:
        self.results = list(results or [{"changed": True}])
        self.found: dict[str, Any] = {"resolved": True, "action_plugin": None, "resolved_fqcn": None}
        self.actions: set[str] = set()
        self.handlers: list[str] = []
        self.tasks: list[Any] = []
        self.variables: list[Mapping[str, Any]] = []
        self.module_loader = SimpleNamespace(find_plugin_with_context=lambda *_, **__: SimpleNamespace(**self.found))
        self.action_loader = SimpleNamespace(has_plugin=lambda name, **_: name in self.actions, get=self._get)

    def _get(self, handler: str, *, task: Any, **_named: Any) -> Any:
        self.handlers.append(handler)
        self.tasks.append(task)
        return SimpleNamespace(run=self._run)

    def _run(self, *, task_vars: Mapping[str, Any]) -> Mapping[str, Any]:
        self.variables.append(task_vars)
        return self.results.pop(0) if len(self.results) > 1 else self.results[0]


class Clock:
    """The time of the test: only pauses take any."""

    def __init__(self) -> None:
        self.now = 0.0
        self.pauses: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(with_progress, "time", clock)
    return clock


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """The host and the text of the progress lines of each task."""
    shown: list[tuple[str, str]] = []

    def lines(host: str, text: str) -> ProgressLines:
        shown.append((host, text))
        return ProgressLines(host, text)

    monkeypatch.setattr(with_progress, "ProgressLines", lines)
    return shown


def run(ansible: FakeAnsible, /, *, task: Mapping[str, Any] | None = None, **options: Any) -> dict[str, Any]:
    attributes: dict[str, Any] = {
        "collections": [],
        "module_defaults": [],
        "_parent": SimpleNamespace(_play=SimpleNamespace(_action_groups={})),
        "copy": SimpleNamespace,
        "get_name": lambda: "install Java",
        **(task or {}),
    }
    action = make_action("with_progress", {"module": "ansible.builtin.stat", **options}, **attributes)
    action._shared_loader_obj = ansible
    result: dict[str, Any] = action.run(task_vars={"inventory_hostname": "connect-1"})
    return result


# The other module


def test_arguments_and_variables_are_passed_on_and_the_result_is_returned() -> None:
    ansible = FakeAnsible({"changed": True, "stat": {"exists": True}})
    assert run(ansible, arguments={"path": "/opt"}) == {"changed": True, "stat": {"exists": True}}
    (task,) = ansible.tasks
    assert (task.action, task.args) == ("ansible.builtin.stat", {"path": "/opt"})
    assert ansible.variables == [{"inventory_hostname": "connect-1"}]


def test_a_module_without_an_action_plugin_is_run_by_that_of_all_modules() -> None:
    ansible = FakeAnsible()
    run(ansible)
    assert ansible.handlers == ["ansible.legacy.normal"]


def test_a_module_with_an_action_plugin_is_run_by_it() -> None:
    ansible = FakeAnsible()
    ansible.found["action_plugin"] = "ansible.builtin.package_action"
    run(ansible)
    assert ansible.handlers == ["ansible.builtin.package_action"]


def test_an_action_plugin_without_a_module_is_run() -> None:
    ansible = FakeAnsible()
    ansible.found["resolved"] = False
    ansible.actions.add("ansible.builtin.debug")
    run(ansible, module="ansible.builtin.debug")
    assert ansible.handlers == ["ansible.builtin.debug"]


def test_a_module_that_is_not_installed_is_named() -> None:
    ansible = FakeAnsible()
    ansible.found["resolved"] = False
    with pytest.raises(AnsibleActionFail, match=r"module: my\.own\.thing was not found -> give the full name"):
        run(ansible, module="my.own.thing")


@pytest.mark.parametrize("module", ["ansible.builtin.command", "shell"])
def test_a_command_line_is_given_as_in_a_playbook(module: str) -> None:
    ansible = FakeAnsible()
    run(ansible, module=module, arguments={"cmd": "id", "chdir": "/"})
    assert ansible.tasks[0].args == {"_raw_params": "id", "chdir": "/"}


def test_the_defaults_of_a_module_apply_unless_the_task_gives_the_option() -> None:
    ansible = FakeAnsible()
    ansible.found["resolved_fqcn"] = "ansible.builtin.stat"
    play = SimpleNamespace(_action_groups={"ansible.builtin.stat": ["files"]})
    defaults = [
        {"group/files": {"follow": True, "get_mime": True}, "group/other": {"unknown": 1}},
        {"ansible.builtin.stat": {"get_mime": False, "path": "/default"}},
    ]
    task = {"module_defaults": defaults, "_parent": SimpleNamespace(_play=play)}
    run(ansible, task=task, arguments={"path": "/given"})
    assert ansible.tasks[0].args == {"follow": True, "get_mime": False, "path": "/given"}


# Until


def test_without_a_condition_the_module_runs_once_and_nothing_is_added() -> None:
    ansible = FakeAnsible({"failed": True, "msg": "no"})
    assert run(ansible) == {"failed": True, "msg": "no"}
    assert len(ansible.tasks) == 1


def test_the_module_runs_until_a_field_matches(clock: Clock) -> None:
    ansible = FakeAnsible({"status": {"state": "starting"}}, {"status": "none"}, {"status": {"state": "ready"}})
    result = run(ansible, until=READY, pause=2)
    assert result == {"status": {"state": "ready"}, "attempts": 3, "matched": True}
    assert clock.pauses == [2.0, 2.0]


def test_one_of_several_conditions_is_enough() -> None:
    other = {"field": "rc", "matches": "^[01]$"}
    assert run(FakeAnsible({"rc": 1}), until=[*READY, other])["matched"] is True


def test_a_condition_that_never_matches_fails_when_the_time_is_over(clock: Clock) -> None:
    result = run(FakeAnsible({"status": {"state": "starting"}}), until=READY, wait_timeout=10, pause=4)
    assert (result["failed"], result["matched"], result["attempts"]) == (True, False, 3)
    assert clock.now <= 10


def test_a_module_that_was_skipped_is_not_run_again() -> None:
    ansible = FakeAnsible({"skipped": True})
    assert run(ansible, until=READY) == {"skipped": True}
    assert len(ansible.tasks) == 1


def test_each_attempt_gets_the_same_arguments() -> None:
    ansible = FakeAnsible({"stdout": ""}, {"stdout": "ok"})
    until = [{"field": "stdout", "matches": "ok"}]
    run(ansible, module="command", arguments={"cmd": "id"}, until=until)
    assert [task.args for task in ansible.tasks] == [{"_raw_params": "id"}] * 2


# Options


def test_a_condition_that_is_no_regular_expression_is_named() -> None:
    ansible = FakeAnsible()
    result = run(ansible, until=[{"field": "rc", "matches": "("}])
    assert result["failed"] is True
    assert 'until: "(" is not a regular expression: ' in result["msg"]
    assert result["msg"].endswith("-> correct it")
    assert ansible.tasks == []


def test_arguments_that_are_no_mapping_are_refused() -> None:
    message = run(FakeAnsible(), arguments="path=/opt")["msg"]
    assert message.endswith("arguments is not a mapping -> give the options of the module as a mapping")


def test_an_unknown_option_is_named() -> None:
    assert "unknown option color" in run(FakeAnsible(), color="red")["msg"]


# The text


def test_progress_has_the_text_of_the_task(texts: list[tuple[str, str]]) -> None:
    run(FakeAnsible(), text="installing openjdk-17")
    assert texts == [("connect-1", "installing openjdk-17")]


def test_progress_without_a_text_names_the_module(texts: list[tuple[str, str]]) -> None:
    run(FakeAnsible())
    assert texts == [("connect-1", "ansible.builtin.stat is running")]


def test_progress_of_a_task_that_is_not_logged_has_only_its_name(texts: list[tuple[str, str]]) -> None:
    run(FakeAnsible(), task={"no_log": True}, text="logging in with hunter2")
    assert texts == [("connect-1", "install Java")]


def test_progress_names_the_host_that_the_task_is_delegated_to(texts: list[tuple[str, str]]) -> None:
    run(FakeAnsible(), task={"delegate_to": "connect-9"})
    assert texts[0][0] == "connect-9"
