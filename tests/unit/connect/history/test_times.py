# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Times in options and results."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import InputError
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.history.times import (
    LATEST,
    parse_duration,
    parse_time,
    shown_clock,
    shown_duration,
    shown_time,
)

NOW = 1_764_266_400_000
"""2025-11-27 18:00:00 UTC."""


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2h", "2025-11-27T16:00:00.000Z"),
        ("30m", "2025-11-27T17:30:00.000Z"),
        ("1d", "2025-11-26T18:00:00.000Z"),
        ("1d12h", "2025-11-26T06:00:00.000Z"),
        (" 0s ", "2025-11-27T18:00:00.000Z"),
        ("999999999w", "1970-01-01T00:00:00.000Z"),
        ("2025-11-27T02:13:05Z", "2025-11-27T02:13:05.000Z"),
        ("2025-11-27T02:13:05.5+01:00", "2025-11-27T01:13:05.500Z"),
        ("2025-11-27 02:13:05,123456789", "2025-11-27T02:13:05.123Z"),
        ("2025-11-27 02:13", "2025-11-27T02:13:00.000Z"),
        ("2025-11-27", "2025-11-27T00:00:00.000Z"),
    ],
)
def test_a_time_is_a_duration_or_iso_8601_in_utc_unless_it_names_a_zone(text: str, time: str) -> None:
    assert shown_time(parse_time("since", text, NOW)) == time


@pytest.mark.parametrize("text", ["yesterday", "18:00", "2", "h", "-2h", "1.5h", "2025-13-01", "2h ago"])
def test_another_text_is_rejected(text: str) -> None:
    with pytest.raises(InputError, match=f'since "{text}" is no time'):
        parse_time("since", text, NOW)


def test_the_future_is_rejected() -> None:
    with pytest.raises(InputError, match="is in the future"):
        parse_time("as_of", "2025-11-27T18:00:01Z", NOW)


@given(st.text())
def test_any_text_is_a_time_or_an_input_error(text: str) -> None:
    with suppress(InputError):
        assert 0 <= parse_time("since", text, NOW) <= NOW


@given(st.integers(0, NOW))
def test_a_shown_time_is_read_unchanged(time: int) -> None:
    assert parse_time("since", shown_time(time), NOW) == time


@given(st.integers())
def test_any_time_can_be_shown(time: int) -> None:
    assert shown_time(time).endswith("Z")
    assert len(shown_clock(min(time, LATEST))) == 23


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [
        (0, "0.0 s"),
        (4228, "4.2 s"),
        (45_300, "45 s"),
        (125_000, "2 min 5 s"),
        (7_200_000, "2 h"),
        (187_200_000, "2 d 4 h"),
    ],
)
def test_a_duration_is_shown_with_its_two_largest_units(milliseconds: int, text: str) -> None:
    assert shown_duration(milliseconds) == text


@pytest.mark.parametrize(
    ("text", "seconds"), [("30s", 30), ("1m30s", 90), ("2m", 120), ("45", 45), ("1.5", 1.5), (" 0 ", 0), ("0s", 0)]
)
def test_a_duration_is_a_number_of_seconds_or_has_units(text: str, seconds: float) -> None:
    assert parse_duration("observe", text) == seconds


@pytest.mark.parametrize("text", ["", "x", "-1", "1y", "30 s", "inf", "nan", "1e3", "2026-11-27"])
def test_other_texts_are_no_duration(text: str) -> None:
    with pytest.raises(InputError, match="is no duration"):
        parse_duration("observe", text)
