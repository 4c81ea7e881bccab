# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine's data about keys matches the records."""

from __future__ import annotations

from testing.record_keys import data


def test_the_data_of_the_engine_matches_the_records() -> None:
    """If this fails, run `make record-keys`."""
    stale = [path.name for path, content in data.files().items() if path.read_text(encoding="utf-8") != content]
    assert stale == []


def test_the_engine_has_no_data_that_nothing_records() -> None:
    assert {path for path in data.DATA.glob("*.py") if path.name != "__init__.py"} == set(data.files())
