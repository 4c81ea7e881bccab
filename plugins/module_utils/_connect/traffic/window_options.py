# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes a calendar of the options: weekdays, times, a time zone, excluded dates."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from difflib import get_close_matches
from functools import partial
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, available_timezones

from ..errors import InputError, Problem
from .window import WEEKDAYS, Calendar, Dates, Window, Yearly

Made = TypeVar("Made")

_MINUTES_OF_A_DAY = 24 * 60
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])|(24):(00)")
_YEARLY = re.compile(r"[0-9]{2}-[0-9]{2}")
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATE_FORMS = '"2026-12-24", "12-24" for every year, or a span with both days included, such as "2026-12-24/2027-01-01"'
_TZDATA = "install time zone data where the task runs (the system's package tzdata, or pip install tzdata)"


def calendar_of(windows: Iterable[Mapping[str, Any]], zone: str, exclude: Iterable[str]) -> Calendar:
    """The calendar of entries {"days": [names, empty for all], "start": "HH:MM", "end": "HH:MM"}, the name of a time zone
    and excluded dates. Raises InputError with all errors.
    """
    problems: list[Problem] = []

    def attempt(make: Callable[[], Made]) -> Made | None:
        try:
            return make()
        except InputError as error:
            problems.extend(error.problems)
            return None

    made = [attempt(partial(_window, entry, f"windows, entry {number}")) for number, entry in enumerate(windows, 1)]
    if not made:
        problems.append(Problem("windows is an empty list: give a window, or omit the option"))
    named, excluded = attempt(partial(_zone, zone)), attempt(partial(_dates, exclude))
    if problems or named is None or excluded is None:
        raise InputError(problems)
    return Calendar(tuple(window for window in made if window is not None), named, excluded)


def _window(entry: Mapping[str, Any], where: str) -> Window:
    start, end = _minutes(entry["start"], f"{where}: start"), _minutes(entry["end"], f"{where}: end")
    if start == _MINUTES_OF_A_DAY:
        raise InputError([Problem(f"{where}: start is 24:00: give 00:00 of the next day")])
    if start == end:
        raise InputError([Problem(f'{where}: start and end are the same: for a whole day give "00:00" and "24:00"')])
    days = frozenset(WEEKDAYS.index(day) for day in entry.get("days") or WEEKDAYS)
    if end < start:
        end += _MINUTES_OF_A_DAY
    return Window(days, timedelta(minutes=start), timedelta(minutes=end))


def _minutes(text: str, where: str) -> int:
    """Minutes since midnight of "HH:MM"; "24:00" is the midnight at the end of the day."""
    if matched := _TIME.fullmatch(text):
        hour, minute = (part for part in matched.groups() if part is not None)
        return int(hour) * 60 + int(minute)
    if re.fullmatch(r"[0-9]{2,4}", text) and int(text) <= _MINUTES_OF_A_DAY:
        meant = f"{int(text) // 60:02}:{int(text) % 60:02}"
        fix = f'YAML reads {meant} without quotes as that number: quote it, "{meant}"'
        raise InputError([Problem(f"{where} is {text}: {fix}")])
    raise InputError([Problem(f'{where} is "{text}": give a time from "00:00" to "24:00", in quotes')])


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (LookupError, OSError, ValueError):
        # A wrong name raises any of these: a missing file, a directory, a file of another kind, an odd character.
        pass
    known = available_timezones()
    if not known:
        raise InputError([Problem(f'timezone "{name}" is unknown, as there is no time zone data: {_TZDATA}')])
    near = get_close_matches(name, known, n=1) or [zone for zone in known if zone.lower().endswith(f"/{name.lower()}")]
    fix = f'give the right name ("{near[0]}"?)' if near else 'give a name like "Europe/Berlin" or "UTC"'
    raise InputError([Problem(f'timezone "{name}" is unknown: {fix}, or {_TZDATA}')])


def _dates(exclude: Iterable[str]) -> Dates:
    spans: list[tuple[date, date]] = []
    yearly: list[tuple[Yearly, Yearly]] = []
    problems = []
    for entry in exclude:
        first, slash, last = entry.strip().partition("/")
        ends = (first, last if slash else first)
        if all(map(_YEARLY.fullmatch, ends)):
            # A leap year has every possible day.
            of_leap_year = [_date(f"2024-{text}") for text in ends]
            begin, end = ((day.month, day.day) if day is not None else None for day in of_leap_year)
            if begin is not None and end is not None:
                yearly.append((begin, end))
                continue
        begins, finishes = map(_date, ends)
        if begins is None or finishes is None:
            problems.append(Problem(f'exclude: "{entry}" is not a date: give {_DATE_FORMS}'))
        elif finishes < begins:
            problems.append(Problem(f'exclude: "{entry}" ends before it begins: give the earlier date first'))
        else:
            spans.append((begins, finishes))
    if problems:
        raise InputError(problems)
    return Dates(tuple(spans), tuple(yearly))


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _ISO_DATE.fullmatch(text) else None
    except ValueError:
        return None
