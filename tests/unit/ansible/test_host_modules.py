# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modules for hosts of workers, run as processes: what they write, return and never show."""

from __future__ import annotations

import grp
import os
import pwd
from pathlib import Path
from typing import Any

import pytest

from testing.ansible_runs.module_process import run_module
from tests.contract.modules.shapes import misfits

SECRET = "hunter2-in-clear"
OWNER, GROUP = pwd.getpwuid(os.getuid()).pw_name, grp.getgrgid(os.getgid()).gr_name


def written(path: Path, content: str, **given: Any) -> dict[str, Any]:
    """The result of properties_file, in diff mode."""
    status, printed, result = run_module(
        "properties_file",
        **{
            "path": str(path),
            "content": content,
            "owner": OWNER,
            "group": GROUP,
            "mode": "0640",
            "_ansible_diff": True,
            **given,
        },
    )
    assert SECRET not in printed
    assert misfits("properties_file", result) == []
    assert (status != 0) is bool(result.get("failed"))
    return result


def test_a_file_is_written_once(tmp_path: Path) -> None:
    path = tmp_path / "worker.properties"
    result = written(path, f"a=1\nssl.key.password={SECRET}\n")
    assert (result["changed"], result["changed_keys"]) == (True, ["a", "ssl.key.password"])
    assert result["diff"] == {"prepared": f"{path}:\n+ a=1\n+ ssl.key.password=********\n"}
    assert path.read_text(encoding="utf-8") == f"a=1\nssl.key.password={SECRET}\n"
    assert path.stat().st_mode & 0o777 == 0o640
    again = written(path, f"a=1\nssl.key.password={SECRET}\n")
    assert (again["changed"], again["changed_keys"], again["diff"]) == (False, [], {})
    assert [entry.name for entry in tmp_path.iterdir()] == ["worker.properties"]


def test_check_mode_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "worker.properties"
    assert written(path, "a=1\n", _ansible_check_mode=True)["changed"] is True
    assert not path.exists()


def test_permissions_alone_are_corrected(tmp_path: Path) -> None:
    path = tmp_path / "environment"
    path.write_text("A=1\n", encoding="utf-8")
    path.chmod(0o666)
    result = written(path, "A=1\n", format="environment", mode=0o600)
    assert (result["differs"], result["changed_keys"]) == (["mode"], [])
    assert result["diff"]["prepared"] == f"{path}:\n~ mode\n"
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_comment_that_differs_is_shown_as_such(tmp_path: Path) -> None:
    path = tmp_path / "worker.properties"
    path.write_text("# by hand\na=1\n", encoding="utf-8")
    path.chmod(0o640)
    assert written(path, "a=1\n")["diff"]["prepared"].endswith(":\n~ comments or order\n")


@pytest.mark.parametrize(
    ("content", "made", "message"),
    [
        ("a=\\u12\n", "", 'content: key "a": \\u requires four hexadecimal digits -> correct it'),
        ("a=1\n", "directory", "exists and is not a file -> remove it"),
        ("a=1\n", "no parent", "cannot be written: No such file or directory -> check the host"),
    ],
)
def test_a_failure_is_one_line(tmp_path: Path, content: str, made: str, message: str) -> None:
    path = tmp_path / ("no" if made == "no parent" else ".") / "worker.properties"
    if made == "directory":
        path.mkdir()
    result = written(path, content)
    assert result["failed"] is True
    assert message in result["msg"]
    assert "\n" not in result["msg"]
    assert not list(tmp_path.glob("**/.*.new"))


def test_worker_host_info_returns_what_it_documents_and_no_secret(tmp_path: Path) -> None:
    path = tmp_path / "worker.properties"
    path.write_text(f"a=1\nssl.key.password={SECRET}\n", encoding="utf-8")
    wanted = {
        "path": str(path),
        "state": "file",
        "format": "properties",
        "content": f"a=2\nssl.key.password=2{SECRET}\n",
    }
    status, printed, result = run_module("worker_host_info", files=[wanted], user=OWNER)
    assert status == 0
    assert SECRET not in printed
    assert misfits("worker_host_info", {**result, "task_tags": []}) == []
    assert [change["key"] for change in result["files"][0]["changes"]] == ["a", "ssl.key.password"]


def test_a_bug_is_reported_without_the_data_being_read() -> None:
    # No file name may contain a zero byte.
    status, _printed, result = run_module("worker_host_info", files=[{"path": "/\0", "state": "file"}])
    assert status != 0
    assert result["msg"].startswith("internal error, please report it: ValueError at files.py:")


def test_an_inspection_that_takes_too_long_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "started-with").touch()
    script = tmp_path / "list"
    script.write_text("#!/bin/sh\nexec sleep 60\n", encoding="utf-8")
    script.chmod(0o755)
    startup = {"record": str(tmp_path / "started-with"), "script": str(script)}
    status, _printed, result = run_module("worker_host_info", startup=startup, timeout=2)
    assert status != 0
    assert result["msg"].startswith(f"{script} did not end within 2 s")


def test_worker_log_info_returns_what_it_documents_and_no_secret(tmp_path: Path) -> None:
    log = tmp_path / "connect.log"
    log.write_text(
        "[2026-11-28T16:30:34.938Z] ERROR [orders|task-0] It failed (org.apache.kafka.connect.runtime.WorkerTask)\n"
        f"org.apache.kafka.connect.errors.ConnectException: password={SECRET} is wrong\n",
        encoding="utf-8",
    )
    status, printed, result = run_module("worker_log_info", file=str(log), since="2020-01-01T00:00:00Z")
    assert (status, result["changed"], SECRET in printed) == (0, False, False)
    assert misfits("worker_log_info", result) == []
    assert result["source"]["files"] == [str(log)]
    assert result["errors"][0]["evidence"][1].endswith("ConnectException: password=******** is wrong")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"file": "/no/such.log"}, "/no/such.log does not exist -> correct file"),
        ({"file": "/no/such.log", "since": "soon"}, 'since "soon" is no time: give ISO 8601'),
        ({"max_bytes": 0}, "max_bytes is 0 -> give a number of 1 or more"),
        ({"max_errors": -1}, "max_errors is -1 -> give a number of 0 or more"),
    ],
)
def test_worker_log_info_reports_each_failure_in_one_line(given: dict[str, Any], message: str) -> None:
    status, _printed, result = run_module("worker_log_info", **given)
    assert (status, "\n" in result["msg"]) == (1, False)
    assert message in result["msg"]
