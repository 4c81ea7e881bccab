# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Controls a worker's service through Ansible's own modules, so that the host needs nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import (
    Outcome,
    WorkerError,
    one_line,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.java_properties import parse
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.scale.model import Action, Unit

RunModule = Callable[[str, Mapping[str, Any]], Mapping[str, Any]]
"""Runs a module on the host, given its name and arguments, and returns its result."""

STATES: Mapping[Action, str] = {"start": "started", "stop": "stopped", "restart": "restarted"}
LONGEST_JOURNAL = 500
_GREP = ("--extended-regexp", "--max-count=1000")
"""Limits the output for any file; a worker's file has some hundred lines."""

NO_MATCH = 1
"""The exit status of grep if no line matches."""
BECOME = "check that become: true is set, and that the user has the required privileges"


class Service:
    """Implements the engine's Host."""

    def __init__(self, run_module: RunModule, name: str) -> None:
        self._run_module = run_module
        self._name = name if "." in name else f"{name}.service"

    def unit(self) -> Unit:
        shown = self._command("systemctl", "show", self._name, "--property", "LoadState,ActiveState,SubState,NRestarts")
        return self._unit_of(dict(line.split("=", 1) for line in shown if "=" in line))

    @staticmethod
    def _unit_of(known: Mapping[str, str]) -> Unit:
        return Unit(
            known.get("LoadState", ""),
            known.get("ActiveState", ""),
            known.get("SubState", ""),
            int(known.get("NRestarts") or 0),
        )

    def order(self, action: Action) -> None:
        if action == "start":
            # systemd does not start a unit that has failed too often.
            self._run_module("ansible.builtin.command", {"argv": ["systemctl", "reset-failed", self._name]})
        arguments = {"name": self._name, "state": STATES[action], "no_block": True}
        self._succeeded(action, self._run_module("ansible.builtin.systemd_service", arguments))

    def journal(self, seconds: float) -> Sequence[str]:
        since = f"--since=-{max(int(seconds), 1)}s"
        lines = str(LONGEST_JOURNAL)
        command = ["journalctl", "--unit", self._name, "--output=cat", "--no-pager", "--quiet", "--lines", lines, since]
        # Optional: without access to the journal there are no lines.
        answer = self._run_module("ansible.builtin.command", {"argv": command})
        return str(answer.get("stdout") or "").splitlines()

    def properties(self, path: str, keys: Collection[str]) -> dict[str, str] | None:
        """Read only these keys: other lines of a worker's file may be secret, and at -vvv Ansible shows all output of a
        host.
        """
        pattern = "|".join(map(re.escape, sorted(keys)))
        answer = self._run_module(
            "ansible.builtin.command",
            {"argv": ["grep", *_GREP, f"^[[:space:]]*({pattern})[[:space:]]*[=:]", path]},
        )
        if answer.get("rc") == NO_MATCH:
            return {}
        # grep reports a missing file in the host's language; the stat module decides by errno.
        if answer.get("rc") and not self._exists(path):
            return None
        try:
            return parse(str(self._succeeded("grep", answer).get("stdout") or ""))
        except ValueError as error:
            raise WorkerError(f'worker_properties "{path}": {one_line(str(error))}', "correct the file") from None

    def _exists(self, path: str) -> bool:
        command = {"path": path, "get_checksum": False, "get_mime": False, "get_attributes": False}
        answer = self._succeeded("stat", self._run_module("ansible.builtin.stat", command))
        return bool(answer["stat"]["exists"])

    def _command(self, *command: str) -> list[str]:
        answer = self._succeeded(command[0], self._run_module("ansible.builtin.command", {"argv": list(command)}))
        return str(answer.get("stdout") or "").splitlines()

    def _succeeded(self, what: str, answer: Mapping[str, Any]) -> Mapping[str, Any]:
        if answer.get("unreachable"):
            text = f"the host can't be reached: {_reason(answer)}"
            raise WorkerError(text, "check that it is running and that you can log in", outcome=Outcome.UNKNOWN)
        if answer.get("failed") or answer.get("rc"):
            # A module that crashed could not report what it had done.
            outcome = Outcome.UNKNOWN if "module_stdout" in answer else Outcome.NOT_DONE
            raise WorkerError(f"{what} failed on the host: {_reason(answer)}", BECOME, outcome=outcome)
        return answer


def _reason(answer: Mapping[str, Any]) -> str:
    return one_line(str(answer.get("stderr") or answer.get("msg") or answer.get("stdout") or "no reason was given"))[
        :400
    ]
