# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures of the tests of the Ansible layer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from testing.fake_connect import FakeCluster


@pytest.fixture
def fake() -> Iterator[FakeCluster]:
    """A fake cluster of three workers, the first of them its leader."""
    with FakeCluster() as running:
        yield running
