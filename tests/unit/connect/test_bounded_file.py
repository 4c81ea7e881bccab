# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files that are read up to a limit."""

from __future__ import annotations

import os
import tracemalloc
from pathlib import Path

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.bounded_file import (
    UnfitFileError,
    read_file,
)


def test_a_file_of_exactly_the_limit_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(b"12345")
    assert read_file(path, 5) == b"12345"
    with pytest.raises(UnfitFileError, match="it is larger than max_response_size of 4 bytes"):
        read_file(path, 4)


def test_a_file_of_many_gigabytes_costs_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    with path.open("wb") as file:
        file.truncate(1 << 36)
    tracemalloc.start()
    try:
        with pytest.raises(UnfitFileError):
            read_file(path)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 1 << 20


def test_a_pipe_does_not_block(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    os.mkfifo(path)
    with pytest.raises(UnfitFileError, match="it is not a regular file"):
        read_file(path)


def test_an_endless_device_is_not_read() -> None:
    with pytest.raises(UnfitFileError, match="it is not a regular file"):
        read_file("/dev/zero")


def test_an_error_of_the_system_is_raised_unchanged(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_file(tmp_path / "x.json")
