# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the first task on a host says if it cannot become root, or finds no Python: one line each that names host and fix."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from testing.ansible_runs.worker_hosts import WorkerHosts, worker_hosts

SUDO = """#!/bin/sh
# A stand-in for sudo: {kind}
while [ $# -gt 0 ]; do
    case "$1" in
    -p) prompt=$2; shift 2 ;;
    -u) shift 2 ;;
    -*) shift ;;
    *) break ;;
    esac
done
{body}
"""
BODIES = {
    "password required": 'echo "sudo: a password is required" >&2; exit 1',
    "wrong password": 'printf "%s" "$prompt" >&2; read -r line; echo "Sorry, try again." >&2; printf "%s" "$prompt" >&2; read -r line; exit 1',
    "not allowed": 'echo "deploy is not in the sudoers file." >&2; exit 1',
}


@pytest.fixture
def host(tmp_path: Path) -> WorkerHosts:
    return worker_hosts(tmp_path)


def sudo(host: WorkerHosts, kind: str) -> dict[str, Any]:
    program = host.path("host-1", "bin", "sudo")
    program.write_text(SUDO.format(kind=kind, body=BODIES[kind]), encoding="utf-8")
    program.chmod(0o755)
    # Another user than that of the test, which Ansible would not need to become.
    return {
        "ansible_become": True,
        "ansible_become_exe": str(program),
        "ansible_become_user": "daemon",
        "ansible_user": "deploy",
    }


def failure(host: WorkerHosts, variables: Mapping[str, Any]) -> str:
    run = host.run({}, hosts=variables)
    assert run.returncode == 2, run.output
    record = run.of("Inspect the host")
    assert record.failed, run.output
    assert "censored" not in run.output
    assert "MODULE FAILURE" not in run.output
    assert "\n" not in record.message
    return record.message


def test_a_missing_password_is_named_with_its_fix(host: WorkerHosts) -> None:
    message = failure(host, sudo(host, "password required"))
    assert message.startswith("host-1: ")
    assert "give --ask-become-pass" in message


def test_a_wrong_password_is_named_with_its_fix(host: WorkerHosts) -> None:
    message = failure(host, {**sudo(host, "wrong password"), "ansible_become_password": "wr0ng-passw0rd"})
    assert message.startswith("host-1: ")
    assert "correct ansible_become_password" in message
    assert "wr0ng-passw0rd" not in message


def test_a_user_without_rights_is_named_with_its_fix(host: WorkerHosts) -> None:
    message = failure(host, sudo(host, "not allowed"))
    assert message.startswith("host-1: ")
    assert "cannot become daemon with sudo: " in message
    assert "deploy is not in the sudoers file." in message


def test_a_host_without_sudo_is_named_with_its_fix(host: WorkerHosts) -> None:
    given = {**sudo(host, "not allowed"), "ansible_become_exe": "/no/sudo"}
    assert failure(host, given).startswith("host-1: the host has no /no/sudo -> install it, ")


def test_a_host_without_python_is_named_with_its_fix(host: WorkerHosts) -> None:
    message = failure(host, {"ansible_python_interpreter": "/no/python3"})
    assert message == (
        "host-1: the host has no Python at /no/python3 -> install python3, or set ansible_python_interpreter"
    )


def test_a_python_that_breaks_is_quoted(host: WorkerHosts) -> None:
    program = host.path("host-1", "bin", "python3")
    program.write_text("#!/bin/sh\necho 'ImportError: no json' >&2\nexit 1\n", encoding="utf-8")
    message = failure(host, {})
    assert message.startswith("host-1: the host cannot be inspected: ImportError: no json -> check its Python (")
