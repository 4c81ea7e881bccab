# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import gzip
import os
import stat
from pathlib import Path

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.host.programs import Deadline, HostError
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.logs.log_sources import (
    LogSource,
    file_source,
    journal_source,
)

LARGE = 1_000_000


def texts(source: LogSource) -> list[str]:
    return [line.text.rstrip("\n") for line in source.lines if line.text]


def read(path: Path, *, since: float = 0.0, largest: int = LARGE) -> LogSource:
    return file_source(str(path), since, largest, Deadline(30))


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A log file with two rotated ones, of which the older one is compressed."""
    path = tmp_path / "connect.log"
    with gzip.open(f"{path}.2026-11-27.1.gz", "wt") as packed:
        packed.write("one\ntwo\n")
    (tmp_path / "connect.log.1").write_text("three\n", encoding="utf-8")
    path.write_text("four\nfive\n", encoding="utf-8")
    (tmp_path / "other.log").write_text("other\n", encoding="utf-8")
    (tmp_path / "connect-jmx.log").write_text("other\n", encoding="utf-8")
    for at, name in ((100, "connect.log.2026-11-27.1.gz"), (200, "connect.log.1"), (300, "connect.log")):
        os.utime(tmp_path / name, (at, at))
    return path


def test_rotated_files_are_read_before_the_current_one(log: Path) -> None:
    source = read(log)
    assert texts(source) == ["one", "two", "three", "four", "five"]
    assert [Path(name).name for name in source.files] == ["connect.log.2026-11-27.1.gz", "connect.log.1", "connect.log"]
    assert source.truncated is False


def test_files_that_were_finished_before_that_time_are_not_read(log: Path) -> None:
    assert texts(read(log, since=150)) == ["three", "four", "five"]


def test_a_dated_name_before_the_extension_is_a_rotated_file(tmp_path: Path) -> None:
    (tmp_path / "connect-2026-11-27-10.log").write_text("one\n", encoding="utf-8")
    (tmp_path / "connect.log").write_text("two\n", encoding="utf-8")
    os.utime(tmp_path / "connect-2026-11-27-10.log", (100, 100))
    assert texts(read(tmp_path / "connect.log")) == ["one", "two"]


def test_the_newest_bytes_are_read_if_there_are_more(log: Path) -> None:
    source = read(log, largest=8)
    assert texts(source) == ["five"]
    assert (source.truncated, source.size) == (True, 8)


def test_no_part_of_a_line_is_read(log: Path) -> None:
    # The limit ends exactly before the first line.
    assert texts(read(log, largest=10)) == ["four", "five"]


def test_of_a_compressed_file_the_end_is_read(tmp_path: Path) -> None:
    (tmp_path / "connect.log").write_text("", encoding="utf-8")
    lines = [f"line {number}" for number in range(40_000)]
    with gzip.open(tmp_path / "connect.log.1.gz", "wt") as packed:
        packed.write("\n".join(lines))
    found = texts(read(tmp_path / "connect.log", largest=100_000))
    assert found == lines[-len(found) :]
    assert 100_000 <= sum(len(text) + 1 for text in found) < 200_000


def test_a_damaged_compressed_file_is_read_as_far_as_possible(tmp_path: Path) -> None:
    (tmp_path / "connect.log").write_text("two\n", encoding="utf-8")
    whole = gzip.compress(b"one\n" * 100_000)
    (tmp_path / "connect.log.1.gz").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "connect.log.2.gz").write_bytes(b"no such file")
    assert texts(read(tmp_path / "connect.log"))[-1] == "two"


@pytest.mark.parametrize(
    ("name", "message"),
    [("missing", "does not exist -> correct file"), (".", "is not a file -> correct file"), ("pipe", "is not a file")],
)
def test_what_is_no_file_is_reported(tmp_path: Path, name: str, message: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(HostError, match=message):
        read(tmp_path / name)


def journalctl(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    program = folder / "journalctl"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


def test_lines_of_the_journal_have_the_time_of_their_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journalctl(
        tmp_path,
        monkeypatch,
        f'echo "$@" > {tmp_path}/given\n'
        'echo "1795883435.250000 host java[812]: [x] INFO a: b"\necho "    more"\necho "1795883436.000000 host java[812]: last"',
    )
    source = journal_source("kafka-connect", 1795880000.9, 1000, Deadline(30))
    assert [line for line in source.lines if line.text] == [
        ("[x] INFO a: b", 1795883435.25),
        ("    more", 1795883435.25),
        ("last", 1795883436.0),
    ]
    given = (tmp_path / "given").read_text(encoding="utf-8")
    assert "--unit=kafka-connect --since=@1795880000 --lines=10 --output=short-unix" in given


def test_only_the_end_of_a_long_journal_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journalctl(tmp_path, monkeypatch, "yes '1.5 h j[1]: x' | head -n 100000\necho '2.5 h j[1]: last'")
    source = journal_source("kafka-connect", 0, 1000, Deadline(30))
    lines = [line for line in source.lines if line.text]
    assert (source.truncated, lines[-1].text, len(lines) < 10_000) == (True, "last", True)
    assert {line.text for line in lines} == {"x", "last"}


def test_a_journal_that_cannot_be_read_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journalctl(tmp_path, monkeypatch, "exit 1")
    with pytest.raises(HostError, match="the journal of kafka-connect cannot be read -> set become"):
        journal_source("kafka-connect", 0, 1000, Deadline(30))


def test_a_host_without_a_journal_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(HostError, match="has no journalctl -> set file"):
        journal_source("kafka-connect", 0, 1000, Deadline(30))


def test_a_journal_that_does_not_end_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journalctl(tmp_path, monkeypatch, "exec sleep 60")
    with pytest.raises(HostError, match=r"did not end within 0\.2 s -> set timeout"):
        journal_source("kafka-connect", 0, 1000, Deadline(0.2))
