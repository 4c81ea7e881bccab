# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A host that cannot be inspected is reported in one line, with what to do about it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.errors import AnsibleConnectionFailure, AnsibleError

from testing.ansible_runs.in_process import make_action

CRASHED = {"failed": True, "module_stdout": "", "module_stderr": "", "rc": 1}
VARIABLES = {"inventory_hostname": "connect-1"}


def sudo(**options: str) -> SimpleNamespace:
    return SimpleNamespace(name="ansible.builtin.sudo", get_option=options.get)


class FakeHost:
    """Ends these commands with status 1, and the module with this result or error.

    `unreachable`: no command runs at all. `refused`: what it says to a command of another user, None if it allows it.
    """

    def __init__(
        self,
        module: Mapping[str, Any] | Exception,
        *,
        failing: Collection[str] = (),
        refused: str | None = None,
        unreachable: bool = False,
    ) -> None:
        self.module = module
        self.failing = failing
        self.refused = refused
        self.unreachable = unreachable
        self.commands: list[str] = []

    def execute_module(self, **_named: Any) -> dict[str, Any]:
        if isinstance(self.module, Exception):
            raise self.module
        return dict(self.module)

    def execute_command(self, command: str, *, sudoable: bool) -> dict[str, Any]:
        self.commands.append(command)
        if self.unreachable:
            raise AnsibleConnectionFailure("no route to host")
        if sudoable and self.refused is not None:
            return {"rc": 1, "stdout": "", "stderr": self.refused}
        return {"rc": int(command in self.failing), "stdout": "", "stderr": ""}


def inspect(
    host: FakeHost,
    *,
    become: object = None,
    remote_user: str | None = "deploy",
    variables: Mapping[str, Any] = VARIABLES,
    **task: Any,
) -> dict[str, Any]:
    action = make_action("worker_host_info", {}, become=become, **{"tags": [], **task})
    options = {} if remote_user is None else {"remote_user": remote_user}
    action._connection.get_option = options.__getitem__
    action._execute_module = host.execute_module
    action._low_level_execute_command = host.execute_command
    result: dict[str, Any] = action.run(task_vars=dict(variables))
    return result


def test_the_result_of_the_module_is_returned_without_another_command() -> None:
    host = FakeHost({"changed": False, "java": "17"})
    assert inspect(host)["java"] == "17"
    assert host.commands == []


def test_the_tags_of_the_task_are_returned_without_those_of_ansible() -> None:
    assert inspect(FakeHost({}), tags=["worker", "always", "install"])["task_tags"] == ["install", "worker"]


def test_a_missing_sudo_password_is_named_with_the_option_that_gives_it() -> None:
    host = FakeHost(AnsibleError("Missing sudo password"), refused="")
    result = inspect(host, become=sudo())
    assert result["failed"] is True
    assert result["msg"] == (
        "connect-1: deploy cannot become root with sudo: Missing sudo password -> give --ask-become-pass or set "
        "ansible_become_password, or allow it without a password"
    )


def test_a_wrong_sudo_password_is_to_be_corrected_and_is_not_shown() -> None:
    host = FakeHost(AnsibleError("Incorrect sudo password"), refused="")
    result = inspect(host, become=sudo(become_pass="hunter2", become_user="kafka"))
    assert result["msg"] == (
        "connect-1: deploy cannot become kafka with sudo: Incorrect sudo password -> correct ansible_become_password or "
        "the answer to --ask-become-pass, or allow it there"
    )


def test_a_user_without_rights_is_quoted_what_sudo_says() -> None:
    host = FakeHost(CRASHED, refused="deploy is not in the sudoers file.\nThis incident will be reported.\n")
    message = inspect(host, become=sudo())["msg"]
    assert message.startswith("connect-1: deploy cannot become root with sudo: deploy is not in the sudoers file.")
    assert "\n" not in message


def test_the_words_of_sudo_are_cut() -> None:
    message = inspect(FakeHost(CRASHED, refused="x" * 5000), become=sudo())["msg"]
    assert "x" * 300 in message
    assert "x" * 301 not in message


def test_a_refusal_without_words_says_so() -> None:
    assert "with sudo: no reason was given ->" in inspect(FakeHost(CRASHED, refused=""), become=sudo())["msg"]


@pytest.mark.parametrize("user", [None, ""])
def test_a_connection_without_a_user_name_still_gets_a_sentence(user: str | None) -> None:
    message = inspect(FakeHost(CRASHED, refused="no"), become=sudo(), remote_user=user)["msg"]
    assert message.startswith("connect-1: the user cannot become root with sudo: no ->")


@pytest.mark.parametrize("module", [CRASHED, AnsibleError("failed"), AnsibleConnectionFailure("closed")])
def test_a_host_without_sudo_gets_three_ways_out(module: Mapping[str, Any] | Exception) -> None:
    host = FakeHost(module, failing=["command -v sudo"])
    assert inspect(host, become=sudo())["msg"] == (
        "connect-1: the host has no sudo -> install it, log in as root (ansible_user), or set ansible_become_method"
    )


def test_the_program_is_the_configured_one() -> None:
    host = FakeHost(CRASHED, failing=["command -v /opt/bin/sudo"])
    assert "the host has no /opt/bin/sudo ->" in inspect(host, become=sudo(become_exe="/opt/bin/sudo"))["msg"]


def test_a_host_without_python_is_told_to_install_it() -> None:
    host = FakeHost(CRASHED, failing=["command -v /usr/bin/python3"])
    assert inspect(host, become=sudo())["msg"] == (
        "connect-1: the host has no Python at /usr/bin/python3 -> install python3, or set ansible_python_interpreter"
    )


@pytest.mark.parametrize(
    ("variables", "python"),
    [
        ({"ansible_python_interpreter": "/opt/python"}, "/opt/python"),
        ({"ansible_python_interpreter": "auto_silent"}, "/usr/bin/python3"),
        ({"ansible_facts": {"discovered_interpreter_python": "/usr/bin/python3.11"}}, "/usr/bin/python3.11"),
    ],
)
def test_the_python_is_the_one_that_ansible_uses(variables: dict[str, Any], python: str) -> None:
    host = FakeHost(CRASHED, failing=[f"command -v {python}"])
    assert f"the host has no Python at {python} ->" in inspect(host, variables={**VARIABLES, **variables})["msg"]


def test_a_module_that_broke_is_quoted_by_the_last_line_of_its_traceback() -> None:
    traceback = "Traceback (most recent call last):\n  File x\nImportError: No module named json\n\n"
    result = inspect(FakeHost({**CRASHED, "module_stderr": traceback}))
    assert result["msg"] == (
        "connect-1: the host cannot be inspected: ImportError: No module named json -> check its Python "
        "(/usr/bin/python3)"
    )
    assert "module_stderr" not in result


def test_a_module_that_ended_without_a_word_says_so() -> None:
    assert "the host cannot be inspected: it returned no result ->" in inspect(FakeHost(CRASHED))["msg"]


def test_a_message_names_the_host_that_the_task_is_delegated_to() -> None:
    assert inspect(FakeHost(CRASHED), delegate_to="connect-9")["msg"].startswith("connect-9: ")


@pytest.mark.parametrize("become", [None, sudo()])
def test_an_unreachable_host_is_left_to_ansible(become: object) -> None:
    """Ansible counts it as unreachable, and not as failed."""
    with pytest.raises(AnsibleConnectionFailure, match="timed out"):
        inspect(FakeHost(AnsibleConnectionFailure("timed out"), unreachable=True), become=become)


def test_an_error_without_become_is_left_to_ansible() -> None:
    with pytest.raises(AnsibleError, match="no such module"):
        inspect(FakeHost(AnsibleError("no such module")))


def test_an_error_on_a_host_that_allows_become_is_left_to_ansible() -> None:
    with pytest.raises(AnsibleError, match="no space left"):
        inspect(FakeHost(AnsibleError("no space left")), become=sudo())


def test_a_sudo_that_closes_the_connection_is_reported_as_a_refusal() -> None:
    host = FakeHost(AnsibleConnectionFailure("closed by sudo"), refused="")
    assert "cannot become root with sudo: closed by sudo ->" in inspect(host, become=sudo())["msg"]
