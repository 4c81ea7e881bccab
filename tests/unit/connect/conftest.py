# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures of the tests of the engine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect import run
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.snapshot import cluster
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.waiting import wait
from testing.fake_connect import FakeCluster


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Scales the engine's pauses to the fake's delays of some hundredths of a second."""
    monkeypatch.setattr(run, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(run, "LONGEST_PAUSE", 0.05)
    monkeypatch.setattr(wait, "FIRST_POLL", 0.01)
    monkeypatch.setattr(wait, "LONGEST_POLL_PAUSE", 0.03)
    monkeypatch.setattr(wait, "OLD_FAILURE_STANDS", 0.5)
    monkeypatch.setattr(wait, "NO_TASKS_STAND", 0.2)
    monkeypatch.setattr(wait, "RESTART_SHOWS", 0.1)
    monkeypatch.setattr(cluster, "SETTLE_TIMEOUT", 0.5)


@pytest.fixture
def fake() -> Iterator[FakeCluster]:
    """A fake cluster of three workers, the first of them its leader."""
    with FakeCluster() as running:
        yield running
