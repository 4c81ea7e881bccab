# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run that reaches too few lines must not pass, nor one whose tests failed."""

from __future__ import annotations

from pathlib import Path

import pytest

from testing.sandbox.environment import collections_path
from testing.tooling.coverage import measured


def program(folder: Path, text: str) -> str:
    path = folder / "program.py"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_too_few_lines_fail_the_run(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    engine = "ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors"
    imports = f"import sys\nsys.path.insert(0, {str(collections_path())!r})\nimport {engine}\n"
    assert measured([program(tmp_path, imports)], tmp_path) != 0
    assert "Coverage of the engine: " in capfd.readouterr().out
    assert (tmp_path / "coverage.md").read_text(encoding="utf-8").count("less than 95 %") == 2


def test_tests_that_fail_fail_the_run_without_a_report(tmp_path: Path) -> None:
    assert measured([program(tmp_path, "raise SystemExit(3)\n")], tmp_path) == 3
    assert not (tmp_path / "coverage.md").exists()
