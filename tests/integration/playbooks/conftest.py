# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures for the tests of the playbooks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from testing.sandbox import Sandbox
from tests.integration.playbooks.playbooks import Playbooks, remove


@pytest.fixture
def playbooks(sandbox: Sandbox, tmp_path: Path) -> Playbooks:
    """An empty directory from which playbooks run against the real cluster."""
    return Playbooks(tmp_path, sandbox.urls[0])


@pytest.fixture
def prefix(sandbox: Sandbox, request: pytest.FixtureRequest) -> Iterator[str]:
    """The prefix of the names of this test's connectors, which are deleted at its end."""
    name = f"pb-{request.node.name.removeprefix('test_').replace('_', '-')}-"
    remove(sandbox, name)
    yield name
    remove(sandbox, name)
