# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options for a calendar: what they mean, and the messages about wrong ones."""

from __future__ import annotations

import zoneinfo
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import InputError
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.traffic import window_options
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.traffic.window import WEEKDAYS, Window
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.traffic.window_options import calendar_of

NIGHT = {"days": ["fri"], "start": "22:00", "end": "05:00"}
ALL = frozenset(range(7))


def problems(*windows: dict[str, Any], zone: str = "UTC", exclude: tuple[str, ...] = ()) -> list[str]:
    with pytest.raises(InputError) as caught:
        calendar_of(windows, zone, exclude)
    return [problem.text for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (NIGHT, Window(frozenset({4}), timedelta(hours=22), timedelta(hours=29))),
        ({"start": "9:30", "end": "10:00"}, Window(ALL, timedelta(hours=9.5), timedelta(hours=10))),
        ({"start": "00:00", "end": "24:00"}, Window(ALL, timedelta(), timedelta(hours=24))),
        ({"start": "22:00", "end": "00:00"}, Window(ALL, timedelta(hours=22), timedelta(hours=24))),
        ({"days": [], "start": "22:00", "end": "24:00"}, Window(ALL, timedelta(hours=22), timedelta(hours=24))),
    ],
)
def test_a_window_is_read_from_an_entry(entry: dict[str, Any], expected: Window) -> None:
    assert calendar_of([entry], "UTC", []).windows == (expected,)


def test_excluded_dates_are_read() -> None:
    excluded = calendar_of([NIGHT], "UTC", ["2026-12-24", " 2026-12-31/2027-01-02 ", "02-29", "07-30/08-02"]).excluded
    inside = [
        date(2026, 12, 24),
        date(2026, 12, 31),
        date(2027, 1, 1),
        date(2027, 1, 2),
        date(2028, 2, 29),
        date(2030, 8, 2),
    ]
    outside = [date(2027, 12, 24), date(2027, 1, 3), date(2028, 2, 28), date(2030, 8, 3)]
    assert [day in excluded for day in inside] == [True] * 6
    assert [day in excluded for day in outside] == [False] * 4


def test_a_time_that_yaml_reads_as_a_number_is_explained() -> None:
    entry = yaml.safe_load("{start: 22:00, end: 05:00}")
    assert entry == {"start": 1320, "end": "05:00"}
    (problem,) = problems({name: str(value) for name, value in entry.items()})
    expected = 'YAML reads 22:00 without quotes as that number: quote it, "22:00"'
    assert problem == f"windows, entry 1: start is 1320: {expected}"


@pytest.mark.parametrize(
    "text", ["", "5", "24:01", "25:00", "12:60", "noon", "12:00:00", "-1:00", "1441", "٢٢:٠٠", "22:00\n"]
)
def test_a_text_that_is_not_a_time_is_refused(text: str) -> None:
    (problem,) = problems({"start": "00:00", "end": text})
    assert problem.startswith('windows, entry 1: end is "')
    assert problem.endswith('give a time from "00:00" to "24:00", in quotes')


def test_all_errors_are_reported_at_once() -> None:
    found = problems(
        {"start": "24:00", "end": "05:00"},
        {"start": "05:00", "end": "05:00"},
        zone="Europe/Berln",
        exclude=("2026-02-30", "2026-12-24/2026-12-01", "13-01", "2026-12-24/"),
    )
    assert len(found) == 7
    assert "start is 24:00" in found[0]
    assert 'for a whole day give "00:00" and "24:00"' in found[1]
    assert found[2].startswith('timezone "Europe/Berln" is unknown: give the right name ("Europe/Berlin"?)')
    assert all(text.startswith('exclude: "') for text in found[3:])
    assert "ends before it begins" in found[4]


def test_an_empty_list_of_windows_is_refused() -> None:
    assert problems() == ["windows is an empty list: give a window, or omit the option"]


@pytest.mark.parametrize(
    "name", ["Europe", "../../etc/passwd", "/etc/localtime", "a\0b", "", "zone.tab", "x" * 300, "ä\udc00"]
)
def test_an_unknown_time_zone_is_reported_in_one_line_with_the_fix(name: str) -> None:
    (problem,) = problems(NIGHT, zone=name)
    assert problem.isprintable()
    assert "is unknown" in problem
    assert problem.endswith("(the system's package tzdata, or pip install tzdata)")


def test_a_city_alone_leads_to_a_suggestion() -> None:
    (problem,) = problems(NIGHT, zone="kathmandu")
    assert '("Asia/Kathmandu"?)' in problem


def test_missing_time_zone_data_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(name: str) -> zoneinfo.ZoneInfo:
        raise zoneinfo.ZoneInfoNotFoundError(f"No time zone found with key {name}")

    monkeypatch.setattr(window_options, "ZoneInfo", nothing)
    monkeypatch.setattr(window_options, "available_timezones", set)
    (problem,) = problems(NIGHT, zone="Europe/Berlin")
    assert problem == (
        'timezone "Europe/Berlin" is unknown, as there is no time zone data: install time zone data where the task runs '
        "(the system's package tzdata, or pip install tzdata)"
    )


TEXTS = st.one_of(st.text(max_size=8), st.sampled_from(["22:00", "05:00", "24:00", "1320", "2026-12-24", "12-24"]))


@given(
    st.lists(
        st.builds(
            lambda days, start, end: {"days": days, "start": start, "end": end},
            st.lists(st.sampled_from(WEEKDAYS), max_size=2),
            TEXTS,
            TEXTS,
        ),
        max_size=2,
    ),
    st.one_of(TEXTS, st.just("UTC")),
    st.lists(TEXTS, max_size=2),
)
def test_any_options_make_a_calendar_or_printable_messages(
    windows: list[dict[str, Any]], zone: str, exclude: list[str]
) -> None:
    # A search of all zones for a similar name is slow.
    with patch.object(window_options, "available_timezones", lambda: {"Europe/Berlin"}):
        found = problems_or_none(windows, zone, exclude)
    assert found is None or (found and all(text.isprintable() for text in found))


def problems_or_none(windows: list[dict[str, Any]], zone: str, exclude: list[str]) -> list[str] | None:
    try:
        calendar_of(windows, zone, exclude)
    except InputError as error:
        return [problem.text for problem in error.problems]
    return None
