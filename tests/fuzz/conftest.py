# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulated environment, and a count of the tasks that ran in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .stage import Stage
from .stage import stage as the_stage

_PLAYED: list[int] = []


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A simulated environment for the tests of one file, which may write below their working folder."""
    with pytest.MonkeyPatch.context() as patched, the_stage() as one:
        folder: Path = tmp_path_factory.mktemp("stage")
        patched.chdir(folder)
        yield one
        _PLAYED.append(one.played)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The number of inputs so far, which hypothesis does not report."""
    if _PLAYED:
        terminalreporter.write_line(f"fuzz: {sum(_PLAYED)} inputs")
