# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files with the output of a Kafka release."""

from __future__ import annotations

from pathlib import Path

import pytest

from testing.record_keys import kafka
from testing.record_keys.kafka import PrintedKey, Record, RecordError, record_release, render


def release(jar: str = "1f") -> Record:
    keys = {"a.b": PrintedKey("int", "3", "[0,...]"), "c": PrintedKey("list", '""', "")}
    return Record("3.9.1", {"kafka.jar": jar}, keys, {"producer": ("acks",), "consumer": (), "admin": ("retries",)})


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Records are written there, and a release prints the content of `release`."""
    monkeypatch.setattr(kafka, "RECORDS", tmp_path)
    monkeypatch.setattr(kafka, "ensure_libs", lambda _version: tmp_path)
    monkeypatch.setattr(kafka, "record_of", lambda _version, _libs: release())
    return tmp_path


def test_a_record_is_read_as_it_was_written(folder: Path) -> None:
    path = record_release("3.9.1")
    assert path == folder / "3.9.json"
    assert kafka.records() == [release()]


def test_a_release_is_recorded_again_from_the_same_jars_only(folder: Path) -> None:
    (folder / "3.9.json").write_text(render(release(jar="2e")), encoding="utf-8")
    with pytest.raises(RecordError, match=r"other jars of Kafka 3\.9\.1"):
        record_release("3.9.1")
