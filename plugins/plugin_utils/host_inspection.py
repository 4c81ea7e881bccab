# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The controller side of worker_host_info: runs the module, and explains why a host cannot be inspected.

It is the first task of a run that becomes root, so it meets a missing sudo password, a user without rights, and a host without Python.
Ansible reports some of them as a failed module with pages of text. Decisions rest on exit statuses of short commands, not on texts.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any, ClassVar

from ansible.errors import AnsibleConnectionFailure, AnsibleError
from ansible.plugins.action import ActionBase

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import one_line

COLLECTION = "streamops.kafka_connect"
LONGEST_QUOTE = 300
"""Characters of a program's own words in a message."""


class HostInspection(ActionBase):
    """Runs `module` on the host."""

    TRANSFERS_FILES = False
    _supports_check_mode = True
    module: ClassVar[str]

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        del tmp
        variables = task_vars or {}
        host = str(self._task.delegate_to or variables.get("inventory_hostname", ""))
        try:
            answer: dict[str, Any] = self._execute_module(
                module_name=f"{COLLECTION}.{self.module}", module_args=self._task.args, task_vars=variables
            )
            if "module_stdout" in answer:
                answer = self._explained(answer, host, variables)
        except AnsibleConnectionFailure as error:
            if not self._reaches_host():
                raise
            answer = self._refused(error, host)
        except AnsibleError as error:
            answer = self._refused(error, host)
        result.update(answer)
        result["task_tags"] = sorted(set(self._task.tags) - {"always", "never"})
        return result

    def _refused(self, error: AnsibleError, host: str) -> dict[str, Any]:
        """The result when Ansible itself could not become another user."""
        become = self._connection.become
        if become is None:
            raise error
        missing = self._missing_program(become)
        if missing:
            return _failure(host, missing)
        if not self._status("exit 0", sudoable=True)[0]:
            raise error
        return _failure(host, self._not_allowed(become, str(error)))

    def _not_allowed(self, become: Any, text: str) -> str:
        if become.get_option("become_pass"):
            advice = "correct ansible_become_password or the answer to --ask-become-pass, or allow it there"
        else:
            advice = "give --ask-become-pass or set ansible_become_password, or allow it without a password"
        user = become.get_option("become_user") or "root"
        return f"{self._login()} cannot become {user} with {_name_of(become)}: {_quoted(text)} -> {advice}"

    def _explained(self, answer: dict[str, Any], host: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """The result when the module did not run, or ended without a result."""
        become = self._connection.become
        if become is not None:
            missing = self._missing_program(become)
            if missing:
                return _failure(host, missing)
            status, text = self._status("exit 0", sudoable=True)
            if status:
                return _failure(host, self._not_allowed(become, text))
        interpreter = self._python(variables)
        if self._status(f"command -v {shlex.quote(interpreter)}")[0]:
            return _failure(
                host, f"the host has no Python at {interpreter} -> install python3, or set ansible_python_interpreter"
            )
        text = str(answer.get("module_stderr") or answer.get("module_stdout") or answer.get("msg") or "")
        # The last line of a traceback names the error.
        last = next((line for line in reversed(text.splitlines()) if line.strip()), "it returned no result")
        return _failure(host, f"the host cannot be inspected: {_quoted(last)} -> check its Python ({interpreter})")

    def _missing_program(self, become: Any) -> str:
        program = str(become.get_option("become_exe") or _name_of(become))
        if not self._status(f"command -v {shlex.quote(program)}")[0]:
            return ""
        return f"the host has no {program} -> install it, log in as root (ansible_user), or set ansible_become_method"

    def _status(self, command: str, *, sudoable: bool = False) -> tuple[int, str]:
        """Return the exit status and the output of a command that changes nothing."""
        try:
            answer = self._low_level_execute_command(command, sudoable=sudoable)
        except AnsibleError as error:
            return 1, str(error)
        return int(answer.get("rc") or 0), str(answer.get("stderr") or answer.get("stdout") or "")

    def _reaches_host(self) -> bool:
        return self._status("exit 0")[0] == 0

    def _login(self) -> str:
        return str(self._connection.get_option("remote_user") if self._has_remote_user() else "the user") or "the user"

    def _has_remote_user(self) -> bool:
        try:
            return bool(self._connection.get_option("remote_user"))
        except (AnsibleError, KeyError):
            return False

    def _python(self, variables: Mapping[str, Any]) -> str:
        discovered = variables.get("ansible_facts", {}).get("discovered_interpreter_python")
        configured = str(self._templar.template(variables.get("ansible_python_interpreter") or "auto"))
        return str(discovered or "/usr/bin/python3") if configured.startswith("auto") else configured


def _name_of(become: Any) -> str:
    return str(become.name).rpartition(".")[2]


def _failure(host: str, text: str) -> dict[str, Any]:
    return {"failed": True, "msg": one_line(f"{host}: {text}")}


def _quoted(text: str) -> str:
    return one_line(text)[:LONGEST_QUOTE].strip() or "no reason was given"
