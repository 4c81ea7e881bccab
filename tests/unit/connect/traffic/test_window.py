# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The calendar compared with a wall clock: an oracle that checks each moment, in zones with all kinds of oddities."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.traffic.window import (
    LOOK_BACK,
    WEEKDAYS,
    Calendar,
    Dates,
    Opening,
    Window,
    duration,
    openings,
    prospect,
    shown_time,
)

DAY = timedelta(days=1)
ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",  # half an hour of summer time
    "Asia/Kathmandu",  # 5:45, no summer time
    "Africa/Casablanca",  # the clock goes back for Ramadan, in the night
    "America/Santiago",  # changes at midnight
    "Antarctica/Troll",  # two hours of summer time
    "Pacific/Apia",  # skipped 30 December 2011
)
CHANGES = (
    datetime(2026, 3, 29, 1, tzinfo=timezone.utc),
    datetime(2026, 10, 25, 1, tzinfo=timezone.utc),
    datetime(2026, 3, 8, 7, tzinfo=timezone.utc),
    datetime(2026, 11, 1, 6, tzinfo=timezone.utc),
    datetime(2026, 4, 4, 15, tzinfo=timezone.utc),
    datetime(2026, 10, 3, 15, 30, tzinfo=timezone.utc),
    datetime(2026, 2, 15, 2, tzinfo=timezone.utc),
    datetime(2026, 9, 6, 4, tzinfo=timezone.utc),
    datetime(2011, 12, 30, 10, tzinfo=timezone.utc),
)


def at(text: str, zone: str = "UTC") -> datetime:
    """A moment in UTC from a wall clock time in the zone; a final "(2)" means the second time that the clock shows it."""
    shown, second = text.removesuffix("(2)"), text.endswith("(2)")
    return datetime.fromisoformat(shown).replace(tzinfo=ZoneInfo(zone), fold=int(second)).astimezone(timezone.utc)


def window(start: str, end: str, *days: str) -> Window:
    first, last = (timedelta(hours=int(text[:2]), minutes=int(text[3:])) for text in (start, end))
    return Window(frozenset(map(WEEKDAYS.index, days or WEEKDAYS)), first, last if last > first else last + DAY)


def calendar(*windows: Window, zone: str = "Europe/Berlin", excluded: Dates | None = None) -> Calendar:
    return Calendar(windows, ZoneInfo(zone), excluded or Dates())


def is_open(calendar: Calendar, moment: datetime) -> bool:
    """The oracle: whether the wall clock time at this moment is in a window."""
    shown = moment.astimezone(calendar.zone).replace(tzinfo=None, fold=0)
    if shown.date() in calendar.excluded:
        return False
    for begins in (shown.date(), shown.date() - DAY):
        since = shown - datetime.combine(begins, time())
        for entry in calendar.windows:
            if begins.weekday() in entry.days and begins not in calendar.excluded and entry.start <= since < entry.end:
                return True
    return False


MINUTES = st.integers(0, 95).map(lambda quarter: timedelta(minutes=15 * quarter))
WINDOWS = st.builds(
    lambda days, start, length: Window(days, start, start + length),
    st.frozensets(st.integers(0, 6), min_size=1),
    MINUTES,
    st.integers(1, 96).map(lambda quarter: timedelta(minutes=15 * quarter)),
)
MOMENTS = st.builds(
    lambda change, minutes: change + timedelta(minutes=minutes), st.sampled_from(CHANGES), st.integers(-3000, 3000)
)


@st.composite
def calendars(draw: st.DrawFn) -> tuple[Calendar, datetime]:
    """A calendar and a moment, mostly near a change of some offset; some dates near it are excluded."""
    moment = draw(MOMENTS)
    near = st.integers(-3, 3).map(lambda days: moment.date() + days * DAY)
    spans = draw(
        st.lists(st.builds(lambda first, days: (first, first + days * DAY), near, st.integers(0, 2)), max_size=2)
    )
    yearly = draw(st.lists(st.tuples(near, near), max_size=1))
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    made = Calendar(
        tuple(draw(st.lists(WINDOWS, min_size=1, max_size=3))),
        zone,
        Dates(tuple(spans), tuple(((first.month, first.day), (last.month, last.day)) for first, last in yearly)),
    )
    return made, moment


@given(calendars())
def test_open_exactly_while_a_clock_shows_a_time_in_a_window(drawn: tuple[Calendar, datetime]) -> None:
    made, moment = drawn
    until = moment + 2 * DAY
    found = openings(made, moment, until)
    for step in range(0, 36 * 60, 9):
        probed = moment + timedelta(minutes=step)
        inside = any(
            (entry.opens is None or entry.opens <= probed) and (entry.closes is None or probed < entry.closes)
            for entry in found
        )
        assert inside is is_open(made, probed), probed.astimezone(made.zone)


@given(calendars())
def test_both_ends_are_exact_to_the_second(drawn: tuple[Calendar, datetime]) -> None:
    made, moment = drawn
    second = timedelta(seconds=1)
    for entry in openings(made, moment, moment + 9 * DAY):
        if entry.opens is not None:
            assert is_open(made, entry.opens)
            assert not is_open(made, entry.opens - second)
        if entry.closes is not None:
            assert is_open(made, entry.closes - second)
            assert not is_open(made, entry.closes)


@given(calendars())
def test_openings_are_ordered_and_separate_and_do_not_depend_on_the_start_of_the_search(
    drawn: tuple[Calendar, datetime],
) -> None:
    made, moment = drawn
    found = openings(made, moment, moment + 9 * DAY)
    for previous, latter in pairwise(found):
        assert previous.closes is not None
        assert latter.opens is not None
        assert previous.closes < latter.opens
    later = openings(made, moment + DAY, moment + 9 * DAY)
    known = [entry for entry in found if entry.closes is None or entry.closes > moment + DAY]
    assert [entry.closes for entry in later] == [entry.closes for entry in known]


@given(calendars(), st.integers(0, 40).map(lambda hours: 3600.0 * hours))
def test_a_predicted_movement_happens(drawn: tuple[Calendar, datetime], minimum: float) -> None:
    made, now = drawn
    seen = prospect(made, now, minimum)
    assert "\n" not in seen.reason
    assert (seen.remaining == 0.0) <= (not is_open(made, now) or not minimum)
    if seen.open:
        assert is_open(made, now)
        assert seen.opens_at is None
        assert seen.remaining is None or seen.remaining >= minimum
    elif seen.opens_at is not None:
        assert seen.opens_at > now
        again = prospect(made, seen.opens_at, minimum)
        assert again.open
        just_before = prospect(made, seen.opens_at - timedelta(seconds=1), minimum)
        assert not just_before.open
    if seen.closes_at is not None:
        assert not is_open(made, seen.closes_at)
        assert seen.remaining == (seen.closes_at - now).total_seconds()


# The days on which clocks change, one by one. In Berlin the clock goes from 02:00 to 03:00 on 2026-03-29, and from
# 03:00 back to 02:00 on 2026-10-25.


def spans(made: Calendar, day: str) -> list[tuple[str, str]]:
    """The openings that begin on that day, in UTC."""
    begin = at(f"{day}T00:00", made.zone.key)
    return [
        (f"{entry.opens:%d. %H:%M}", f"{entry.closes:%d. %H:%M}")
        for entry in openings(made, begin, begin + DAY)
        if entry.opens is not None and entry.opens >= begin
    ]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        pytest.param("01:00", "04:00", [("29. 00:00", "29. 02:00")], id="around the gap: an hour less"),
        pytest.param("01:00", "02:30", [("29. 00:00", "29. 01:00")], id="a skipped end: at the change"),
        pytest.param("02:30", "04:00", [("29. 01:00", "29. 02:00")], id="a skipped start: at the change"),
        pytest.param("02:15", "02:45", [], id="skipped completely"),
        pytest.param("02:00", "03:00", [], id="exactly the skipped hour"),
    ],
)
def test_a_skipped_hour_is_in_no_window(start: str, end: str, expected: list[tuple[str, str]]) -> None:
    assert spans(calendar(window(start, end)), "2026-03-29") == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        pytest.param("01:00", "04:00", [("24. 23:00", "25. 03:00")], id="around the fold: an hour more"),
        pytest.param("01:00", "02:30", [("24. 23:00", "25. 00:30"), ("25. 01:00", "25. 01:30")], id="it ends twice"),
        pytest.param("02:30", "04:00", [("25. 00:30", "25. 01:00"), ("25. 01:30", "25. 03:00")], id="it begins twice"),
        pytest.param("02:15", "02:45", [("25. 00:15", "25. 00:45"), ("25. 01:15", "25. 01:45")], id="it comes twice"),
        pytest.param("02:00", "03:00", [("25. 00:00", "25. 02:00")], id="exactly the repeated hour"),
    ],
)
def test_a_repeated_hour_is_in_its_windows_twice(start: str, end: str, expected: list[tuple[str, str]]) -> None:
    assert spans(calendar(window(start, end)), "2026-10-25") == expected


def test_a_night_over_the_change_is_shorter_or_longer() -> None:
    made = calendar(window("22:00", "05:00"))
    assert prospect(made, at("2026-03-28T22:00", "Europe/Berlin")).remaining == 6 * 3600
    assert prospect(made, at("2026-10-24T22:00", "Europe/Berlin")).remaining == 8 * 3600
    assert prospect(made, at("2026-11-21T22:00", "Europe/Berlin")).remaining == 7 * 3600


def test_a_window_that_ends_in_a_repeated_hour_closes_at_the_next_end() -> None:
    made = calendar(window("22:00", "02:30"))
    assert prospect(made, at("2026-10-25T02:10", "Europe/Berlin")).remaining == 20 * 60
    between = prospect(made, at("2026-10-25T02:40", "Europe/Berlin"))
    assert (between.open, between.opens_at) == (False, at("2026-10-25T02:00(2)", "Europe/Berlin"))
    assert prospect(made, at("2026-10-25T02:10(2)", "Europe/Berlin")).open


def test_a_day_that_a_zone_skipped_has_no_window() -> None:
    made = calendar(window("10:00", "11:00", "fri"), zone="Pacific/Apia")
    found = openings(made, at("2011-12-24T00:00"), at("2012-01-07T00:00"))
    assert [entry.opens for entry in found] == [at("2012-01-06T10:00", "Pacific/Apia")]


# Days and dates


def test_a_night_belongs_to_the_day_on_which_it_begins() -> None:
    made = calendar(window("22:00", "05:00", "fri"))
    assert prospect(made, at("2026-11-28T04:59", "Europe/Berlin")).open, "Saturday morning"
    assert not prospect(made, at("2026-11-27T04:59", "Europe/Berlin")).open, "Friday morning"


def test_windows_that_touch_or_overlap_are_one_opening() -> None:
    made = calendar(window("20:00", "24:00"), window("00:00", "04:00"), window("03:00", "05:00"))
    seen = prospect(made, at("2026-11-21T21:00", "Europe/Berlin"))
    assert seen.closes_at == at("2026-11-22T05:00", "Europe/Berlin")
    assert len(seen.ahead) == 5


def excluding(*days: str) -> Dates:
    return Dates(tuple((date.fromisoformat(day), date.fromisoformat(day)) for day in days))


def test_on_an_excluded_date_nothing_is_open_and_no_night_begins() -> None:
    made = calendar(window("22:00", "05:00"), excluded=excluding("2026-11-27"))
    (eve, after) = [
        entry for entry in openings(made, at("2026-11-26T12:00"), at("2026-11-29T12:00")) if entry.opens is not None
    ]
    assert (eve.opens, eve.closes) == (at("2026-11-26T22:00", "Europe/Berlin"), at("2026-11-27T00:00", "Europe/Berlin"))
    assert after.opens == at("2026-11-28T22:00", "Europe/Berlin"), "not the night from the 27th to the 28th"


def test_a_yearly_date_is_excluded_every_year() -> None:
    excluded = Dates(yearly=(((12, 24), (12, 24)),))
    for year in (2026, 2027):
        assert not prospect(calendar(window("00:00", "24:00"), excluded=excluded), at(f"{year}-12-24T12:00")).open
    assert date(2026, 12, 25) not in excluded
    over_the_end = Dates(yearly=(((12, 24), (1, 1)),))
    inside = [date(2026, 12, 24), date(2026, 12, 31), date(2027, 1, 1)]
    outside = [date(2026, 12, 23), date(2027, 1, 2), date(2027, 7, 1)]
    assert [day in over_the_end for day in [*inside, *outside]] == [True] * 3 + [False] * 3


def test_a_span_of_dates_includes_both_ends() -> None:
    dates = Dates(((date(2026, 12, 24), date(2027, 1, 1)),))
    assert [day in dates for day in (date(2026, 12, 23), date(2026, 12, 24), date(2027, 1, 1), date(2027, 1, 2))] == [
        False,
        True,
        True,
        False,
    ]


# Messages


def reason(made: Calendar, moment: str, minimum: float = 0.0) -> str:
    return prospect(made, at(moment, "Europe/Berlin"), minimum).reason


def test_a_reason_gives_the_state_and_when_it_changes() -> None:
    nights = calendar(window("22:00", "05:00", "mon", "tue", "wed", "thu", "fri"))
    assert reason(nights, "2026-11-27T23:00") == "a window is open until Sat 2026-11-28 05:00 Europe/Berlin, for 6 h"
    closed = "no window is open; the next one opens at Mon 2026-11-30 22:00 Europe/Berlin, in 1 d 10 h"
    assert reason(nights, "2026-11-29T12:00") == closed
    assert reason(nights, "2026-11-28T04:50", 1800) == (
        "the window closes at Sat 2026-11-28 05:00 Europe/Berlin, in 10 min: less than minimum_remaining; the next one "
        "for 30 min opens at Mon 2026-11-30 22:00 Europe/Berlin, in 2 d 17 h"
    )
    assert reason(nights, "2026-11-29T12:00", 8 * 3600) == "no window is open; none opens for 8 h within 400 days"
    always = calendar(window("00:00", "24:00"))
    assert reason(always, "2026-11-29T12:00") == "a window is open and does not close within 400 days"


def test_a_calendar_that_never_closes_has_no_ends() -> None:
    seen = prospect(calendar(window("00:00", "24:00")), at("2026-11-21T12:00"), 1e6)
    assert (seen.open, seen.closes_at, seen.remaining, seen.ahead) == (True, None, None, (Opening(None, None),))


def test_an_opening_of_some_days_has_both_ends() -> None:
    made = calendar(window("00:00", "24:00", *WEEKDAYS[:5]))
    seen = prospect(made, at("2026-11-21T00:00", "Europe/Berlin") - timedelta(seconds=1))
    assert seen.ahead[0].opens == at("2026-11-16T00:00", "Europe/Berlin")
    assert LOOK_BACK > 7, "a weekly opening has both ends"


def test_nothing_is_open_if_all_dates_are_excluded() -> None:
    excluded = Dates(((date(2026, 1, 1), date(2028, 1, 1)),))
    seen = prospect(calendar(window("00:00", "24:00"), excluded=excluded), at("2026-11-21T12:00"))
    assert (seen.open, seen.opens_at, seen.remaining, seen.ahead) == (False, None, 0.0, ())
    assert seen.reason == "no window is open; none opens within 400 days"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.4, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3599, "59 min"),
        (3600, "1 h"),
        (18_720, "5 h 12 min"),
        (90_000, "1 d 1 h"),
    ],
)
def test_a_duration_has_its_two_largest_units(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_names_of_days_do_not_depend_on_the_locale() -> None:
    assert shown_time(at("2026-11-23T21:00"), ZoneInfo("Europe/Berlin")) == "Mon 2026-11-23 22:00 Europe/Berlin"
