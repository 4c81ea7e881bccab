# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The state of paths, compared with the desired one on the host."""

from __future__ import annotations

import grp
import hashlib
import os
import pwd
from pathlib import Path

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.host import files
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.host.files import inspect_file

OWNER, GROUP = pwd.getpwuid(os.getuid()).pw_name, grp.getgrgid(os.getgid()).gr_name
SECRET = "hunter2-in-clear"


def written(folder: Path, text: str, mode: int = 0o640) -> str:
    path = folder / "worker.properties"
    path.write_text(text, encoding="utf-8")
    os.chown(path, os.getuid(), os.getgid())
    path.chmod(mode)
    return str(path)


def test_a_file_in_the_desired_state_does_not_differ(tmp_path: Path) -> None:
    path = written(tmp_path, "a=1\n")
    found = inspect_file(
        {
            "path": path,
            "state": "file",
            "owner": OWNER,
            "group": GROUP,
            "mode": "640",
            "content": "a=1\n",
            "format": "properties",
        }
    )
    assert found == {
        "path": path,
        "state": "file",
        "owner": OWNER,
        "group": GROUP,
        "mode": "0640",
        "size": 4,
        "differs": [],
        "settings": {"a": "1"},
        "changes": [],
    }


def test_content_owner_and_mode_that_differ_are_named(tmp_path: Path) -> None:
    path = written(tmp_path, "a=1\n")
    wanted = {
        "path": path,
        "state": "file",
        "owner": "another",
        "mode": "0600",
        "sha256": hashlib.sha256(b"a=2\n").hexdigest(),
    }
    assert inspect_file(wanted)["differs"] == ["content", "owner", "mode"]


def test_a_comment_that_differs_is_a_content_that_differs_without_keys(tmp_path: Path) -> None:
    path = written(tmp_path, "# by hand\na=1\n")
    found = inspect_file({"path": path, "state": "file", "content": "a=1\n", "format": "properties"})
    assert (found["differs"], found["changes"]) == (["content"], [])


def test_no_secret_of_a_file_is_in_the_result(tmp_path: Path) -> None:
    path = written(tmp_path, f"ssl.key.password={SECRET}\nb=${{file:/x:{SECRET}}}\nc=1\n")
    wanted = {"path": path, "state": "file", "content": f"ssl.key.password=1{SECRET}\n", "format": "properties"}
    for found in (inspect_file(wanted), inspect_file({**wanted, "secret": True})):
        assert SECRET not in str(found)
        assert [change["key"] for change in found["changes"]] == ["b", "c", "ssl.key.password"]
    assert inspect_file(wanted)["settings"] == {"c": "1"}
    assert inspect_file({**wanted, "secret": True})["settings"] == {}


def test_a_missing_file_differs_and_all_of_its_keys_are_added(tmp_path: Path) -> None:
    wanted = {
        "path": str(tmp_path / "no"),
        "state": "file",
        "content": "a=1\n",
        "format": "properties",
        "owner": "root",
    }
    found = inspect_file(wanted)
    assert (found["state"], found["differs"]) == ("absent", ["state"])
    assert found["changes"] == [{"key": "a", "before": None, "after": "1"}]


def test_a_malformed_file_counts_as_empty(tmp_path: Path) -> None:
    path = written(tmp_path, "a=\\u12\n")
    found = inspect_file({"path": path, "state": "file", "content": "b=1\n", "format": "properties"})
    assert [change["key"] for change in found["changes"]] == ["b"]


def test_a_file_that_is_too_large_differs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST_FILE", 3)
    path = written(tmp_path, "a=1\n")
    assert inspect_file({"path": path, "state": "file", "content": "a=1\n"})["differs"] == ["content"]


def test_links_and_directories_are_compared_by_kind_and_target(tmp_path: Path) -> None:
    link = tmp_path / "current"
    link.symlink_to("versions/a")
    wanted = {"path": str(link), "state": "link", "target": "versions/b"}
    assert inspect_file(wanted)["differs"] == ["target"]
    assert inspect_file({**wanted, "target": "versions/a"})["differs"] == []
    assert inspect_file({"path": str(tmp_path), "state": "directory"})["differs"] == []
    assert inspect_file({"path": str(tmp_path), "state": "file"})["differs"] == ["state"]
    assert inspect_file({"path": str(tmp_path / "no"), "state": "absent"})["differs"] == []
    assert inspect_file({"path": "/dev/null"})["state"] == "other"


def test_an_unknown_owner_is_shown_by_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(number: int) -> object:
        raise KeyError(number)

    monkeypatch.setattr(pwd, "getpwuid", unknown)
    monkeypatch.setattr(grp, "getgrgid", unknown)
    assert (files.user_name(7), files.group_name(8)) == ("7", "8")
