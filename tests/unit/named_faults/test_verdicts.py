# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict on a name: only silence is allowed beside the right one."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.triage.table import (
    GENERAL,
    LAST,
    SPECIFIC,
)
from testing.named_faults.__main__ import LEAST
from testing.named_faults.failing_connectors import failing_connectors
from testing.named_faults.naming import Naming
from testing.named_faults.observed_faults import FAULTS


@pytest.mark.parametrize(
    ("expected", "names", "verdict"),
    [
        ({"a", "b"}, ("a",), "right"),
        ({"a"}, ("a", "b"), "wrong"),
        ({"a"}, ("b",), "wrong"),
        ({"a"}, (), "unknown"),
        (set(), (), "right"),
        (set(), ("a",), "wrong"),
    ],
)
def test_a_name_is_right_unknown_or_wrong(expected: set[str], names: tuple[str, ...], verdict: str) -> None:
    assert Naming("fault", frozenset(expected), names).verdict == verdict


def test_there_are_enough_faults_and_each_has_its_own_name(tmp_path: Path) -> None:
    names = [*(fault.name for fault in FAULTS), *(fault.name for fault in failing_connectors(tmp_path))]
    assert len(names) >= LEAST
    assert len(set(names)) == len(names)


def test_faults_that_only_an_observation_shows_are_among_them() -> None:
    expected = {kind for fault in FAULTS for kind in fault.expected}
    assert {
        "dead_letters_arriving",
        "lag_growing",
        "not_progressing",
        "rebalancing_repeatedly",
        "task_running_twice",
    } <= expected


def test_each_expected_diagnosis_exists(tmp_path: Path) -> None:
    known = {row.kind for row in (*SPECIFIC, *GENERAL, *LAST)}
    assert {kind for fault in failing_connectors(tmp_path) for kind in fault.expected} <= known
