# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A separate cluster of two workers, whose connectors get into trouble."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from testing.sandbox import QUICK_REBALANCES, Sandbox
from testing.trouble import Trouble, new_trouble, open_pipe


@pytest.fixture(scope="package")
def troubled() -> Iterator[Sandbox]:
    with Sandbox.running(workers=2, rebalance_delay_ms=0, properties=QUICK_REBALANCES) as sandbox:
        yield sandbox


@pytest.fixture
def properties(troubled: Sandbox) -> str:
    """The properties file of a worker."""
    return str(troubled.directory / "config" / "w1.properties")


@pytest.fixture
def trouble(troubled: Sandbox) -> Iterator[Trouble]:
    with new_trouble(troubled) as trouble:
        yield trouble


@pytest.fixture
def pipe(tmp_path: Path) -> Iterator[tuple[str, int]]:
    """The path of an open pipe, and the file descriptor to read it."""
    path = tmp_path / "pipe"
    with open_pipe(path) as descriptor:
        yield str(path), descriptor
