# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The program with which the role worker saves the files that a worker was started with, and puts them back."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from testing.ansible_runs import run_playbook
from testing.sandbox.environment import CHECKOUT

ROLE = CHECKOUT / "roles" / "worker"
PROGRAM = (ROLE / "files" / "saved_configuration.py").read_bytes()


class Host:
    """A folder with configuration files, and the list of those that the worker was started with."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.copy = folder / ".previous"
        self.write("worker.properties", "a=1")
        self.write("list-startup-files", "#!/bin/sh")
        self.start("worker.properties")

    def path(self, name: str) -> str:
        return str(self.folder / name)

    def write(self, name: str, text: str) -> None:
        (self.folder / name).parent.mkdir(exist_ok=True)
        (self.folder / name).write_text(text, encoding="utf-8")

    def read(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")

    def start(self, *names: str) -> None:
        lines = [
            f"{hashlib.sha256((self.folder / name).read_bytes()).hexdigest()}  {self.path(name)}" for name in names
        ]
        lines += ["/opt/versions/a  installation", "0123  /usr/bin/java"]
        self.write("started-with", "".join(f"{line}\n" for line in lines))

    def run(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run([sys.executable, "-", *arguments], input=PROGRAM, capture_output=True, check=False)

    def json(self, *arguments: str) -> dict[str, Any]:
        ended = self.run(*arguments)
        assert ended.returncode == 0, ended.stderr
        return dict(json.loads(ended.stdout))

    def save(self, *names: str) -> dict[str, Any]:
        paths = [self.path(name) for name in ("started-with", "list-startup-files", *names)]
        return self.json("save", str(self.copy), *paths)

    def check(self) -> dict[str, Any]:
        return self.json("check", str(self.copy), self.path("started-with"))

    def restore(self) -> dict[str, Any]:
        return self.json("restore", str(self.copy))


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path)


def test_only_files_that_differ_are_put_back_and_the_list_script_is_not_reported(host: Host) -> None:
    host.write("environment", "b=1")
    host.start("worker.properties", "environment")
    assert host.save("log4j2.yaml") == {"saved": True, "recorded": True, "differing": []}
    unchanged = (host.folder / "environment").stat()
    host.write("worker.properties", "a=2")
    host.write("list-startup-files", "#!/bin/false")
    host.write("log4j2.yaml", "c: 2")
    expected = {"restored": [host.path("worker.properties")], "removed": [host.path("log4j2.yaml")]}
    assert host.restore() == expected
    assert (host.read("worker.properties"), host.read("list-startup-files")) == ("a=1", "#!/bin/sh")
    assert (host.folder / "environment").stat() == unchanged
    assert host.restore() == {"restored": [], "removed": []}


def test_a_file_whose_mode_alone_has_changed_is_put_back(host: Host) -> None:
    (host.folder / "worker.properties").chmod(0o640)
    host.save()
    (host.folder / "worker.properties").chmod(0o600)
    assert host.restore()["restored"] == [host.path("worker.properties")]
    assert (host.folder / "worker.properties").stat().st_mode & 0o7777 == 0o640


def test_java_and_plugins_are_not_copied(host: Host) -> None:
    host.save()
    paths = [entry["path"] for entry in json.loads((host.copy / "manifest.json").read_bytes())["files"]]
    assert paths == [host.path("list-startup-files"), host.path("worker.properties")]


def test_a_link_is_put_back_as_a_link(host: Host) -> None:
    host.write("elsewhere", "c: 1")
    (host.folder / "log4j2.yaml").symlink_to("elsewhere")
    host.start("worker.properties", "log4j2.yaml")
    assert host.save()["differing"] == []
    (host.folder / "log4j2.yaml").unlink()
    host.write("log4j2.yaml", "c: 2")
    host.restore()
    assert (host.folder / "log4j2.yaml").readlink() == Path("elsewhere")


def test_drop_ins_that_the_worker_has_not_read_count_as_changed(host: Host) -> None:
    host.write("unit.d/jmx.conf", "[Service]")
    host.start("worker.properties", "unit.d/jmx.conf")
    host.write("unit.d/late.conf", "[Service]")
    assert host.save("unit.d/*.conf")["differing"] == [host.path("unit.d/late.conf")]


def test_a_file_that_the_worker_has_read_and_that_no_longer_exists_counts_as_changed(host: Host) -> None:
    (host.folder / "worker.properties").unlink()
    assert host.save()["differing"] == [host.path("worker.properties")]


def test_a_copy_is_kept_while_the_worker_has_not_started_with_other_files(host: Host) -> None:
    host.save()
    host.write("worker.properties", "a=2")
    assert host.save()["saved"] is False
    host.check()
    host.restore()
    assert host.read("worker.properties") == "a=1"


def test_a_copy_is_replaced_once_the_worker_has_started_with_other_files(host: Host) -> None:
    host.save()
    host.write("worker.properties", "a=2")
    host.start("worker.properties")
    assert host.save()["saved"] is True
    host.write("worker.properties", "a=3")
    host.restore()
    assert host.read("worker.properties") == "a=2"


def test_a_check_removes_a_copy_once_the_worker_has_started_with_other_files(host: Host) -> None:
    host.save()
    host.write("worker.properties", "a=2")
    host.start("worker.properties")
    host.check()
    assert not host.copy.exists()


def test_without_a_record_of_the_start_the_files_are_copied_as_they_are(host: Host) -> None:
    (host.folder / "started-with").unlink()
    assert host.save("worker.properties") == {"saved": True, "recorded": False, "differing": []}
    host.write("worker.properties", "a=2")
    assert host.save("worker.properties")["saved"] is False
    host.restore()
    assert host.read("worker.properties") == "a=1"


def test_what_an_interrupted_save_has_left_is_not_a_copy(host: Host) -> None:
    (host.folder / ".previous.incoming").mkdir()
    (host.folder / ".previous.incoming" / "0").touch()
    assert host.restore() == {"restored": [], "removed": []}
    assert host.save()["saved"] is True
    assert not (host.folder / ".previous.incoming").exists()


def test_nothing_is_put_back_from_a_damaged_copy(host: Host) -> None:
    host.write("environment", "b=1")
    host.start("environment", "worker.properties")
    host.save()
    host.write("environment", "b=2")
    host.write("worker.properties", "a=2")
    (host.copy / "2").write_bytes(b"")
    ended = host.run("restore", str(host.copy))
    assert ended.returncode == 1
    message = f"the copy in {host.copy} is damaged, nothing was put back: {host.path('worker.properties')}\n"
    assert ended.stderr.decode() == message
    assert (host.read("environment"), host.read("worker.properties")) == ("b=2", "a=2")
    (host.copy / "manifest.json").write_text("{", encoding="utf-8")
    assert host.run("restore", str(host.copy)).returncode == 1


def test_a_save_that_fails_leaves_the_copy_as_it_is(host: Host) -> None:
    host.save()
    before = (host.copy / "manifest.json").read_bytes()
    host.start("worker.properties", "list-startup-files")
    host.write(".previous.incoming", "not a directory")
    ended = host.run("save", str(host.copy), host.path("started-with"), host.path("list-startup-files"))
    assert (ended.returncode, len(ended.stderr.splitlines())) == (1, 1)
    assert (host.copy / "manifest.json").read_bytes() == before


def test_the_version_that_a_rolling_restart_can_be_rolled_back_to_is_not_pruned(tmp_path: Path) -> None:
    for version in ("kafka_2.13-4.3.1-89abcdef", "kafka_2.13-4.2.0-00000000", "kafka_2.13-3.9.1-01234567"):
        (tmp_path / "versions" / version).mkdir(parents=True)
    (tmp_path / ".previous-version").write_text("kafka_2.13-3.9.1-01234567\n", encoding="utf-8")
    pruned = {"name": "Prune", "ansible.builtin.include_role": {"name": str(ROLE), "tasks_from": "prune_versions"}}
    run = run_playbook(
        [{"hosts": "all", "gather_facts": False, "tasks": [pruned]}],
        {
            "host": {
                "ansible_become": False,
                "ansible_python_interpreter": sys.executable,
                "worker_service": f"..{tmp_path}",
                "worker_install_dir": str(tmp_path),
                "worker_archive": "kafka_2.13-4.3.1.tgz",
                "worker_archive_checksum": "sha256:89abcdef",
                "worker_keep_versions": 1,
            }
        },
        tmp_path / "run",
    )
    assert run.returncode == 0, run.output
    assert sorted(os.listdir(tmp_path / "versions")) == ["kafka_2.13-3.9.1-01234567", "kafka_2.13-4.3.1-89abcdef"]
