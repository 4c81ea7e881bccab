# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a worker needs a restart, from what it has read and from what its files will contain; Ansible runs the role."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from testing.ansible_runs import run_playbook
from testing.sandbox.environment import CHECKOUT

ROLE = "streamops.kafka_connect.worker"
SYSTEMCTL = "#!/bin/sh\nif [ -e {active} ]; then echo ActiveState=active; else echo ActiveState=inactive; fi\n"

# Writes the same files as the role, to another directory.
WRITTEN = [
    {
        "name": "Write a template",
        "ansible.builtin.template": {"src": "{{ item[0] }}", "dest": "{{ written }}/{{ item[1] | basename }}"},
        "loop": [
            ["environment.j2", "{{ _worker_environment_file }}"],
            ["log4j2.yaml.j2", "{{ _worker_logging_file }}"],
            ["worker.service.j2", "{{ _worker_unit_file }}"],
        ],
    },
    {
        "name": "Write a text",
        "ansible.builtin.copy": {"content": "{{ item[0] }}", "dest": "{{ written }}/{{ item[1] | basename }}"},
        "loop": [
            ["{{ _worker_properties_text }}", "{{ _worker_properties_file }}"],
            ["{{ _worker_secrets_text }}", "{{ _worker_secrets_file }}"],
        ],
    },
    {
        "name": "Write the expected lines",
        "ansible.builtin.copy": {"content": "{{ _worker_desired_lines | to_json }}", "dest": "{{ written }}/expected"},
    },
]


@dataclass
class Host:
    """A host with a simulated worker: what it was started with, what it would read, and whether its service is active."""

    folder: Path
    collections: Path

    def include(self, tasks_from: str, variables: dict[str, Any]) -> dict[str, Any]:
        """Run a task file of the role, and return the facts that it has set."""
        programs = self.folder / "bin"
        programs.mkdir(exist_ok=True)
        systemctl = programs / "systemctl"
        systemctl.write_text(SYSTEMCTL.format(active=self.folder / "active"), encoding="utf-8")
        systemctl.chmod(0o755)
        facts_file = self.folder / "facts"
        shown = "{'needed': worker_restart_needed | default(none), 'reasons': worker_restart_reasons | default([])}"
        run = run_playbook(
            [
                {
                    "hosts": "all",
                    "gather_facts": False,
                    "tasks": [
                        {
                            "name": "Run the role",
                            "ansible.builtin.include_role": {"name": ROLE, "tasks_from": tasks_from},
                            "vars": variables,
                        },
                        {
                            "name": "Write its facts",
                            "ansible.builtin.copy": {
                                "content": f"{{{{ {shown} | to_json }}}}",
                                "dest": str(facts_file),
                            },
                        },
                    ],
                }
            ],
            {
                "host": {
                    "ansible_become": False,
                    "ansible_python_interpreter": sys.executable,
                    # The path is relative to /run, where only root can write.
                    "worker_service": f"..{self.folder}",
                    "worker_config_dir": str(self.folder),
                }
            },
            self.folder / "run",
            environment={
                "ANSIBLE_COLLECTIONS_PATH": str(self.collections),
                "PATH": f"{programs}:{os.environ['PATH']}",
            },
        )
        assert run.returncode == 0, run.output
        facts: dict[str, Any] = json.loads(facts_file.read_text(encoding="utf-8"))
        return facts

    def started_with(self, *lines: str) -> None:
        (self.folder / "started-with").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")

    def would_read(self, *lines: str) -> None:
        script = self.folder / "list-startup-files"
        script.write_text("#!/bin/sh\n" + "".join(f"echo '{line}'\n" for line in lines), encoding="utf-8")
        script.chmod(0o755)

    def reasons(self, pending: Sequence[str] = ()) -> list[str]:
        facts = self.include("restart_needed", {"_worker_pending_lines": list(pending)} if pending else {})
        assert facts["needed"] is bool(facts["reasons"])
        reasons: list[str] = facts["reasons"]
        return reasons


@pytest.fixture
def host(tmp_path: Path) -> Host:
    collection = tmp_path / "c" / "ansible_collections" / "streamops" / "kafka_connect"
    shutil.copytree(CHECKOUT / "roles" / "worker", collection / "roles" / "worker")
    (collection / "plugins").symlink_to(CHECKOUT / "plugins")
    shutil.copytree(CHECKOUT / "meta", collection / "meta")
    shutil.copy(CHECKOUT / "galaxy.yml", collection)
    written = collection / "roles" / "worker" / "tasks" / "written.yml"
    written.write_text(json.dumps(WRITTEN), encoding="utf-8")
    folder = tmp_path / "host"
    folder.mkdir()
    return Host(folder, tmp_path / "c")


def test_the_expected_lines_match_the_written_files(host: Host) -> None:
    written = host.folder / "written"
    written.mkdir()
    variables = {
        "written": str(written),
        "worker_archive": "files/kafka_2.13-4.3.1.tgz",
        "worker_archive_checksum": "sha256:" + "0d4bdb4f" * 8,
        "worker_properties": {"bootstrap.servers": "kafka-1:9092", "group.id": "connect-orders"},
        "worker_secrets": {"kafka": "s3cr3t \\ päss"},
        "worker_environment": {"KAFKA_OPTS": '-Dquoted="a $b"'},
    }
    host.include("written", variables)
    expected = json.loads((written / "expected").read_text(encoding="utf-8"))
    (written / "expected").unlink()
    digests = {digest: Path(name).name for digest, name in (line.split("  ", 1) for line in expected)}
    assert digests.pop("kafka_2.13-4.3.1-0d4bdb4f") == "installation"
    assert digests == {sha256(file.read_bytes()).hexdigest(): file.name for file in written.iterdir()}


def test_a_worker_that_has_read_the_current_files_needs_no_restart(host: Host) -> None:
    host.started_with("1  /c/worker.properties", "/x/versions/kafka-a  installation")
    host.would_read("1  /c/worker.properties", "/x/versions/kafka-a  installation")
    assert host.reasons() == []
    assert host.reasons(["1  /c/worker.properties", "kafka-a  installation"]) == []


def test_a_pending_change_is_a_reason_before_it_is_written(host: Host) -> None:
    host.started_with("1  /c/worker.properties", "1  /c/environment", "/x/versions/kafka-a  installation")
    host.would_read("1  /c/worker.properties", "1  /c/environment", "/x/versions/kafka-a  installation")
    pending = ["2  /c/worker.properties", "1  /c/environment", "1  /c/log4j2.yaml", "kafka-b  installation"]
    assert host.reasons(pending) == ["/c/log4j2.yaml", "/c/worker.properties", "installation"]


def test_a_change_that_will_be_reverted_is_no_reason_but_a_change_by_another_tool_is_one(host: Host) -> None:
    host.started_with("1  /c/worker.properties", "1  /x/plugins", "/x/versions/kafka-a  installation")
    host.would_read("2  /c/worker.properties", "2  /x/plugins", "/x/versions/kafka-b  installation")
    assert host.reasons() == ["/c/worker.properties", "/x/plugins", "installation"]
    assert host.reasons(["1  /c/worker.properties", "kafka-a  installation"]) == ["/x/plugins"]


def test_a_service_of_another_tool_needs_a_restart_once_the_role_manages_its_files(host: Host) -> None:
    assert host.reasons(["1  /c/worker.properties"]) == []
    (host.folder / "active").touch()
    assert host.reasons() == []
    assert host.reasons(["1  /c/worker.properties"]) == ["the service was started before this role wrote its unit"]
    host.would_read("1  /c/worker.properties")
    assert host.reasons() == ["the service was started before this role wrote its unit"]
