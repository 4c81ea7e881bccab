# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A worker's host as a whole, with stand-ins for its programs."""

from __future__ import annotations

import grp
import os
import pwd
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.worker_host_info import (
    WORKER_HOST_INFO,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.host.inspection import inspect_host
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.host.programs import HostError
from tests.contract.modules.shapes import misfits

SHOWN = """LoadState=loaded
ActiveState=active
SubState=running
UnitFileState=enabled
MainPID={pid}
NRestarts=2
NeedDaemonReload=yes
"""
OWN_USER = pwd.getpwuid(os.getuid()).pw_name
OWN_GROUP = grp.getgrgid(os.getgid()).gr_name

Program = Callable[[str, str], None]


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    """Writes a program that precedes those of the system."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")

    def write(name: str, script: str) -> None:
        (folder / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (folder / name).chmod(0o755)

    write("systemctl", f"cat <<'END'\n{SHOWN.format(pid=os.getpid())}END")
    write("dpkg-query", "exit 1")
    write("rpm", "exit 1")
    return write


def inspected(root: Path = Path("/"), **given: Any) -> dict[str, Any]:
    checked = ArgumentSpecValidator(WORKER_HOST_INFO.arguments, **WORKER_HOST_INFO.checks).validate(given)
    assert checked.error_messages == []
    result = inspect_host(checked.validated_parameters, root)
    assert misfits("worker_host_info", {**result, "task_tags": []}) == []
    return result


@pytest.mark.usefixtures("program")
def test_the_service_is_read_as_systemd_reports_it() -> None:
    assert inspected()["service"] == {
        "load_state": "loaded",
        "active_state": "active",
        "sub_state": "running",
        "unit_file_state": "enabled",
        "main_pid": os.getpid(),
        "restarts": 2,
        "needs_reload": True,
    }


def test_a_host_without_systemd_has_no_service(program: Program) -> None:
    program("systemctl", "exit 1")
    found = inspected(port=1)
    assert found["service"]["load_state"] == ""
    assert (found["service"]["main_pid"], found["listening_ports"], found["port_owners"]) == (0, [], [])


@pytest.mark.usefixtures("program")
def test_the_operating_system_and_its_memory_are_read(tmp_path: Path) -> None:
    assert inspected(tmp_path)["os"] == {"id": "", "id_like": "", "version_id": "", "pretty_name": ""}
    assert inspected(tmp_path)["memory_bytes"] == 0
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "os-release").write_text(
        'ID=rocky\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.4"\n', encoding="utf-8"
    )
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc" / "meminfo").write_text("MemTotal:        2048 kB\nMemFree: 1 kB\n", encoding="utf-8")
    found = inspected(tmp_path)
    assert (found["os"]["id"], found["os"]["id_like"], found["os"]["version_id"]) == (
        "rocky",
        "rhel centos fedora",
        "9.4",
    )
    assert found["memory_bytes"] == 2048 * 1024


@pytest.mark.usefixtures("program")
def test_free_space_is_that_of_the_file_system_in_which_a_path_would_be(tmp_path: Path) -> None:
    path = str(tmp_path / "not" / "there")
    assert inspected(filesystems=[path])["free_bytes"][path] > 0


@pytest.mark.parametrize(
    ("release", "printed", "version"),
    [
        ('JAVA_VERSION="17.0.9"', "", 17),
        ('JAVA_VERSION="1.8.0_392"', "", 8),
        ("", 'openjdk version "21.0.1" 2023-10-17', 21),
        ("", "no version", 0),
    ],
)
@pytest.mark.usefixtures("program")
def test_the_java_version_comes_from_its_release_file_or_from_java_itself(
    tmp_path: Path, release: str, printed: str, version: int
) -> None:
    java = tmp_path / "jvm" / "bin" / "java"
    java.parent.mkdir(parents=True)
    java.write_text(f"#!/bin/sh\necho '{printed}' >&2\n", encoding="utf-8")
    java.chmod(0o755)
    if release:
        (tmp_path / "jvm" / "release").write_text(release + "\n", encoding="utf-8")
    link = tmp_path / "java"
    link.symlink_to(java)
    assert inspected(java=str(link))["java"] == {"path": str(link), "real_path": str(java), "version": version}


@pytest.mark.usefixtures("program")
def test_a_missing_java_has_no_version(tmp_path: Path) -> None:
    assert inspected(java=str(tmp_path / "java"))["java"] == {
        "path": str(tmp_path / "java"),
        "real_path": "",
        "version": 0,
    }


def test_packages_are_those_that_dpkg_or_rpm_has_installed(program: Program) -> None:
    names = ["openjdk-17-jre-headless", "openjdk-21-jre-headless"]
    assert inspected(packages=names)["packages"] == []
    program("rpm", "echo openjdk-21-jre-headless; echo package openjdk-17-jre-headless is not installed; exit 1")
    assert inspected(packages=names)["packages"] == ["openjdk-21-jre-headless"]
    program("dpkg-query", "echo installed openjdk-17-jre-headless; echo not-installed openjdk-21-jre-headless; exit 1")
    assert inspected(packages=names)["packages"] == ["openjdk-17-jre-headless"]


@pytest.mark.usefixtures("program")
def test_user_and_group_are_read() -> None:
    found = inspected(user=OWN_USER, group=OWN_GROUP)
    assert (found["user"]["exists"], found["user"]["uid"]) == (True, os.getuid())
    assert found["group"] == {"exists": True, "gid": os.getgid()}
    found = inspected(user="no-such-user", group="no-such-group")
    assert (found["user"], found["group"]) == ({"exists": False}, {"exists": False})


@pytest.mark.usefixtures("program")
def test_versions_are_directories_with_the_newest_first(tmp_path: Path) -> None:
    folder = tmp_path / "versions"
    folder.mkdir()
    for name in ("a", "b", ".incoming"):
        (folder / name).mkdir()
    (folder / "file").touch()
    (folder / "a").chmod(0o700)
    (folder / ".previous-version").write_text("a\n", encoding="utf-8")
    found = inspected(versions_dir=str(folder), previous_version_file=str(folder / ".previous-version"))
    assert sorted(found["versions"]) == ["a", "b"]
    assert found["versions"] == sorted(
        found["versions"], key=lambda name: (folder / name).stat().st_ctime, reverse=True
    )
    assert found["previous_version"] == "a"
    assert inspected(versions_dir=str(folder / "no"))["versions"] == []


@pytest.mark.usefixtures("program")
def test_files_that_cannot_be_listed_fail_only_if_requested(tmp_path: Path) -> None:
    (tmp_path / "started-with").write_text("1  /c/a\n", encoding="utf-8")
    startup = {"record": str(tmp_path / "started-with"), "script": str(tmp_path / "no-script")}
    assert inspected(startup=startup)["startup"]["error"]
    with pytest.raises(HostError, match="no-script failed with exit status 127"):
        inspected(startup={**startup, "fail_on_error": True})
