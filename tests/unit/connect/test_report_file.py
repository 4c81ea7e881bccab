# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report file and the backups: their content and permissions."""

from __future__ import annotations

import json
import os
import stat
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.backup import back_up, prepare_backup
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import InputError
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.report_file import ReportFile
from tests.unit.connect.support import file_source, stored


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_report_file_has_one_line_for_each_event(tmp_path: Path) -> None:
    path = tmp_path / "report"
    report = ReportFile(str(path))
    report.record("run_begun", changes={"órders": ["create"]})
    report.record("failed", "órders", message="two\nlines")
    report.close()
    entries = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [entry["event"] for entry in entries] == ["run_begun", "failed"]
    assert entries[1]["connector"] == "órders"
    assert entries[1]["message"] == "two\nlines"
    assert all(entry["time"].endswith("Z") for entry in entries)


def test_an_existing_report_file_becomes_private_and_is_continued(tmp_path: Path) -> None:
    path = tmp_path / "report"
    path.write_text("before\n")
    path.chmod(0o666)
    report = ReportFile(str(path))
    report.record("run_begun")
    report.close()
    assert mode_of(path) == 0o600
    assert path.read_text().splitlines()[0] == "before", "it must be continued, not overwritten"


def test_a_path_that_is_not_a_regular_file_keeps_its_mode(tmp_path: Path) -> None:
    """`/dev/null` as the path must not become a device that only root can write to."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe, 0o644)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    ReportFile(str(pipe)).close()
    os.close(reader)
    assert mode_of(pipe) == 0o644


def test_a_new_report_file_is_private_with_any_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        ReportFile(str(tmp_path / "report")).close()
    finally:
        os.umask(before)
    assert mode_of(tmp_path / "report") == 0o600


def test_a_report_file_that_cannot_be_written_is_reported_with_its_option(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"report_path .*/no/such can't be written \(no such file or directory\)"):
        ReportFile(str(tmp_path / "no" / "such"))


def test_without_a_path_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    report = ReportFile("")
    report.record("run_begun")
    report.close()
    assert list(tmp_path.iterdir()) == []


def test_a_late_thread_does_not_write_to_another_file(tmp_path: Path) -> None:
    """After an interrupt another file may already have the descriptor of the report file."""
    report = ReportFile(str(tmp_path / "report"))
    report.close()
    with (tmp_path / "other").open("w") as other:
        late = threading.Thread(target=lambda: report.record("written", "orders"))
        late.start()
        late.join()
        other.flush()
    assert (tmp_path / "other").read_text() == ""
    assert (tmp_path / "report").read_text() == ""


def test_a_backup_is_private_and_in_the_format_of_the_rest_api(tmp_path: Path) -> None:
    path = Path(back_up(str(tmp_path), stored(config=file_source(topic="tópic"))))
    assert json.loads(path.read_text(encoding="utf-8")) == {"name": "orders", "config": file_source(topic="tópic")}
    assert mode_of(path) == 0o600


def test_a_backup_does_not_overwrite_another(tmp_path: Path) -> None:
    paths = {back_up(str(tmp_path), stored()) for _attempt in range(5)}
    assert len(paths) == len(list(tmp_path.iterdir())) == 5


@given(st.text(st.characters(blacklist_categories=("Cc", "Cs")), min_size=1, max_size=300))
def test_a_connector_with_any_name_can_be_backed_up(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    directory = tmp_path_factory.mktemp("backup")
    path = Path(back_up(str(directory), stored(name)))
    assert path.parent == directory
    assert json.loads(path.read_text(encoding="utf-8"))["name"] == name


def test_long_names_get_different_files(tmp_path: Path) -> None:
    first, second = (back_up(str(tmp_path), stored("ü" * 200 + last)) for last in "ab")
    assert first.rsplit(".", 2)[0] != second.rsplit(".", 2)[0]


def test_the_backup_directory_is_created_private(tmp_path: Path) -> None:
    directory = tmp_path / "a" / "b"
    prepare_backup(str(directory))
    prepare_backup(str(directory))
    assert mode_of(directory) == 0o700


def test_a_backup_directory_that_cannot_be_created_is_reported_with_its_option(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"backup_dir .* can't be written"):
        prepare_backup(str(tmp_path / "file" / "b"))
