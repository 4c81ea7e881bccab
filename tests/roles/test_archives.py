# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with an archive is found on the controller, before the roles change a host."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from testing.ansible_runs import PlaybookRun, play, run_playbook

CONTENT = b"an archive"
SHA256 = hashlib.sha256(CONTENT).hexdigest()
WRONG = f"sha256:{'0' * 64}"
SECRET = "k3pt-canary"


def worker(archive: str, checksum: str) -> dict[str, Any]:
    return {"worker_archive": archive, "worker_archive_checksum": checksum}


def plugins(archive: str, checksum: str) -> dict[str, Any]:
    return {"plugins_list": [{"name": "orders", "version": "1.0", "archive": archive, "checksum": checksum}]}


def jmx(archive: str, checksum: str) -> dict[str, Any]:
    return {"jmx_prometheus": True, "jmx_prometheus_agent": archive, "jmx_prometheus_agent_checksum": checksum}


ROLES: Mapping[str, tuple[str, Any, str]] = {
    "worker": ("check_archive", worker, "worker-1: worker_archive"),
    "plugins": ("unpack_missing", plugins, "worker-1: orders 1.0"),
    "jmx": ("main", jmx, "worker-1: jmx_prometheus_agent"),
}


def run_role(role: str, tmp_path: Path, archive: str, checksum: str, *arguments: str) -> PlaybookRun:
    """The part of the role that ends before anything is changed, on this machine, with all directories below tmp_path."""
    tasks, variables, _name = ROLES[role]
    systemctl = tmp_path / "bin" / "systemctl"
    systemctl.parent.mkdir()
    systemctl.write_text("#!/bin/sh\necho LoadState=not-found\n", encoding="utf-8")
    systemctl.chmod(0o755)
    directories = {
        "worker_install_dir": f"{tmp_path}/opt",
        "plugins_dir": f"{tmp_path}/opt/plugins",
        "jmx_install_dir": f"{tmp_path}/opt/agents",
        "jmx_config_dir": f"{tmp_path}/opt/jmx",
    }
    include = {"name": f"streamops.kafka_connect.{role}", "tasks_from": tasks}
    host = {"ansible_become": False, "ansible_python_interpreter": sys.executable}
    return run_playbook(
        [
            play(
                [{"name": role, "ansible.builtin.include_role": include}],
                ignore_errors=False,
                vars=directories | variables(archive, checksum),
            )
        ],
        {"worker-1": host},
        tmp_path / "run",
        arguments=arguments,
        environment={
            "PATH": f"{systemctl.parent}{os.pathsep}{os.environ['PATH']}",
            "XDG_CACHE_HOME": str(tmp_path / "cache"),
        },
    )


def failure(run: PlaybookRun) -> str:
    """The one message of a run that has changed nothing."""
    assert run.returncode == 2, run.output
    failed = [record.message for record in run.records if record.failed]
    # Ansible adds its own line to a loop with a failure.
    (message,) = {message for message in failed if message != "One or more items failed"}
    assert not any(record.result.get("changed") for record in run.records), run.output
    return message


@pytest.mark.parametrize("arguments", [[], ["--check"]], ids=["run", "check"])
@pytest.mark.parametrize("role", ROLES)
def test_a_wrong_digest_is_found_before_the_host_is_changed(role: str, arguments: list[str], tmp_path: Path) -> None:
    archive = tmp_path / "kafka_2.13-4.3.1.tgz"
    archive.write_bytes(CONTENT)
    run = run_role(role, tmp_path, str(archive), WRONG, *arguments)
    assert failure(run) == (
        f"{ROLES[role][2]}: {archive} has checksum sha256:{SHA256}, expected {WRONG} -> correct its checksum, or provide the "
        "right file"
    )
    assert not (tmp_path / "opt").exists()


@pytest.mark.parametrize(
    ("archive", "checksum", "words"),
    [
        ("files/missing.tgz", WRONG, "files/missing.tgz does not exist on the controller"),
        ("/etc/passwd", "sha256:0123456789abcdef", "the sha256 checksum has 16 digits instead of 64"),
        ("/etc", WRONG, "/etc cannot be read on the controller: Is a directory"),
    ],
)
@pytest.mark.parametrize("role", ROLES)
def test_an_archive_that_cannot_be_used_is_found_before_the_host_is_changed(
    role: str, archive: str, checksum: str, words: str, tmp_path: Path
) -> None:
    run = run_role(role, tmp_path, archive, checksum)
    assert words in failure(run)
    assert not (tmp_path / "opt").exists()


@pytest.mark.parametrize("role", ROLES)
def test_credentials_in_urls_appear_nowhere(role: str, tmp_path: Path) -> None:
    url = f"http://user:{SECRET}@127.0.0.1:1/kafka_2.13-4.3.1.tgz?token={SECRET}"
    run = run_role(role, tmp_path, url, f"sha512:{url}", "-vvvv")
    assert "its checksum file: http://127.0.0.1:1/kafka_2.13-4.3.1.tgz could not be downloaded" in failure(run)
    assert failure(run).endswith(f"-> check the network of the controller, or set {role}_download to host")
    assert SECRET not in run.output
