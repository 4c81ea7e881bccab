# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The calendar of low-traffic windows: whether it is open, until when, and when next. Pure: the time is an argument.

One rule covers daylight saving time: a window is open exactly while a wall clock in its time zone shows a time in it. An
hour that the clock skips is in no window; an hour that it repeats is in its windows twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LOOK_AHEAD = 400
"""Days: an opening that is further away, or an end, counts as never."""
FIRST_LOOK_AHEAD = 40
"""Days in which nearly every calendar has as many openings as a result shows."""
LONGEST_MINIMUM = 7
"""Days: the maximum of minimum_remaining."""
LOOK_BACK = 8
"""Days: an opening that began earlier counts as open since ever, without a start."""
SHOWN_AHEAD = 5
"""Openings in a result, including the current one."""

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_PROBE = timedelta(hours=12)
"""No zone changes its offset twice within this time."""


@dataclass(frozen=True)
class Window:
    """A weekly window: from `start` until before `end`, both counted from midnight on each of `days` (0 is Monday). An `end`
    beyond one day is on the next day.
    """

    days: frozenset[int]
    start: timedelta
    end: timedelta


Yearly = tuple[int, int]
"""Month and day."""


@dataclass(frozen=True)
class Dates:
    """Excluded days: spans that include both ends, in certain years or every year (possibly across the new year)."""

    spans: tuple[tuple[date, date], ...] = ()
    yearly: tuple[tuple[Yearly, Yearly], ...] = ()

    def __contains__(self, day: date) -> bool:
        return any(first <= day <= last for first, last in self.spans) or any(
            first <= (day.month, day.day) <= last if first <= last else not last < (day.month, day.day) < first
            for first, last in self.yearly
        )


@dataclass(frozen=True)
class Calendar:
    """Windows in a time zone, except on excluded dates. No window is open on such a date, and a window that would start on
    it does not open on the next day either.
    """

    windows: tuple[Window, ...]
    zone: ZoneInfo
    excluded: Dates = Dates()


@dataclass(frozen=True)
class Opening:
    """A continuous time in which windows are open: from `opens` until before `closes`, in UTC. None: beyond the horizon."""

    opens: datetime | None
    closes: datetime | None

    def seconds(self, since: datetime) -> float | None:
        """How long it lasts from its start or from `since`, whichever is later."""
        if self.closes is None:
            return None
        return (self.closes - max(self.opens or since, since)).total_seconds()


@dataclass(frozen=True)
class Prospect:
    """The calendar at one moment. `opens_at`: the next start of a long enough opening (None while it is open, or beyond the
    horizon). `closes_at` is None while no window is open, and if its end is beyond the horizon; `remaining`, in seconds,
    is 0 in the first case and None in the second. `ahead`: the next openings, the current one first.
    """

    open: bool
    reason: str
    opens_at: datetime | None
    closes_at: datetime | None
    remaining: float | None
    ahead: tuple[Opening, ...]


def prospect(calendar: Calendar, now: datetime, minimum_remaining: float = 0.0) -> Prospect:
    """The calendar at `now` (with a time zone) for something that takes `minimum_remaining` seconds, at most
    LONGEST_MINIMUM days.
    """
    ahead = _ahead(calendar, now, minimum_remaining)
    current = ahead[0] if ahead and (ahead[0].opens is None or ahead[0].opens <= now) else None
    if current is not None and _lasts(current, now, minimum_remaining):
        return Prospect(
            True,
            _open_until(calendar, current, now),
            None,
            current.closes,
            current.seconds(now),
            ahead[:SHOWN_AHEAD],
        )
    coming = ahead[1:] if current else ahead
    following = next((opening for opening in coming if _lasts(opening, now, minimum_remaining)), None)
    return Prospect(
        False,
        _closed(calendar, current, following, now, minimum_remaining),
        following.opens if following else None,
        current.closes if current else None,
        current.seconds(now) if current else 0.0,
        ahead[:SHOWN_AHEAD],
    )


def openings(calendar: Calendar, since: datetime, until: datetime) -> list[Opening]:
    """The openings that end after `since` and begin before `until`, in order, merged if they touch or overlap. An opening
    that began more than LOOK_BACK days before has no start, one that lasts until `until` or longer no end.
    """
    horizon = since - LOOK_BACK * _DAY
    spans: list[tuple[datetime, datetime]] = []
    # A window can extend into the day after its start.
    periods = list(_periods(calendar.zone, horizon - 3 * _DAY, until + 3 * _DAY))
    day, last = (horizon - 3 * _DAY).date(), (until + _DAY).date()
    while day <= last:
        for first, end in _times(calendar, day):
            spans.extend(_moments(periods, first, end))
        day += _DAY
    merged: list[tuple[datetime, datetime]] = []
    for opens, closes in sorted(spans):
        if merged and opens <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(closes, merged[-1][1])
        else:
            merged.append((opens, closes))
    return [
        Opening(opens if opens > horizon else None, closes if closes < until else None)
        for opens, closes in merged
        if closes > since and opens < until
    ]


def _ahead(calendar: Calendar, now: datetime, minimum_remaining: float) -> tuple[Opening, ...]:
    """The openings from `now` on: enough to include the next one that is long enough, if there is one."""
    for days in (FIRST_LOOK_AHEAD, LOOK_AHEAD):
        until = now + days * _DAY
        # A little further, so that each of them is known for the longest minimum_remaining.
        found = [
            opening
            for opening in openings(calendar, now, until + (LONGEST_MINIMUM + 1) * _DAY)
            if opening.opens is None or opening.opens < until
        ]
        later = [opening for opening in found if opening.opens is not None and opening.opens > now]
        if len(later) >= SHOWN_AHEAD and any(_lasts(opening, now, minimum_remaining) for opening in later):
            break
    return tuple(found)


def _lasts(opening: Opening, now: datetime, seconds: float) -> bool:
    left = opening.seconds(now)
    return left is None or left >= seconds


def _times(calendar: Calendar, day: date) -> Iterator[tuple[datetime, datetime]]:
    """The wall clock times at both ends of the windows that begin on this day (in datetimes labeled UTC)."""
    if day in calendar.excluded:
        return
    midnight = datetime.combine(day, time(), timezone.utc)
    longest = _DAY if day + _DAY in calendar.excluded else 2 * _DAY
    for window in calendar.windows:
        if day.weekday() in window.days:
            yield midnight + window.start, midnight + min(window.end, longest)


@dataclass(frozen=True)
class _Period:
    """A period with a constant offset of the zone: `ahead` of UTC."""

    begins: datetime
    ends: datetime
    ahead: timedelta


def _moments(periods: Iterable[_Period], first: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """When clocks show a time from `first` until before `end`: once, never, or in parts around a change of the offset."""
    for period in periods:
        opens, closes = max(period.begins, first - period.ahead), min(period.ends, end - period.ahead)
        if opens < closes:
            yield opens, closes


def _periods(zone: ZoneInfo, since: datetime, until: datetime) -> Iterator[_Period]:
    """The periods of a zone that cover the time from one moment to another without a gap."""
    begins = at = since.astimezone(timezone.utc).replace(microsecond=0)
    ahead = _offset(zone, at)
    while at < until:
        probe = at + _PROBE
        if _offset(zone, probe) != ahead:
            changes = _change(zone, ahead, at, probe)
            yield _Period(begins, changes, ahead)
            begins, ahead = changes, _offset(zone, changes)
        at = probe
    yield _Period(begins, at, ahead)


def _change(zone: ZoneInfo, offset: timedelta, before: datetime, after: datetime) -> datetime:
    """The second between these at which the zone leaves this offset."""
    while after - before > _SECOND:
        middle = before + (after - before) // _SECOND // 2 * _SECOND
        if _offset(zone, middle) == offset:
            before = middle
        else:
            after = middle
    return after


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


# As text


def shown_time(moment: datetime, zone: ZoneInfo) -> str:
    """A moment in the zone, to the minute, with the names of day and zone."""
    local = moment.astimezone(zone)
    return f"{WEEKDAYS[local.weekday()].capitalize()} {local:%Y-%m-%d %H:%M} {zone.key}"


def duration(seconds: float) -> str:
    """Seconds in their two largest units: "45 s", "12 min", "5 h 12 min", "3 d 4 h"."""
    minutes = int(seconds // 60)
    if minutes < 1:
        return f"{seconds:.0f} s"
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    large, small = (f"{days} d", f"{hours} h") if days else (f"{hours} h", f"{minutes} min")
    return " ".join(part for part in (large, small) if not part.startswith("0 "))


def _open_until(calendar: Calendar, current: Opening, now: datetime) -> str:
    if current.closes is None:
        return f"a window is open and does not close within {LOOK_AHEAD} days"
    left = duration((current.closes - now).total_seconds())
    return f"a window is open until {shown_time(current.closes, calendar.zone)}, for {left}"


def _closed(
    calendar: Calendar, current: Opening | None, following: Opening | None, now: datetime, minimum_remaining: float
) -> str:
    long_enough = f" for {duration(minimum_remaining)}" if minimum_remaining else ""
    if following is None or following.opens is None:
        again = f"none opens{long_enough} within {LOOK_AHEAD} days"
    else:
        wait = duration((following.opens - now).total_seconds())
        again = f"the next one{long_enough} opens at {shown_time(following.opens, calendar.zone)}, in {wait}"
    if current is None or current.closes is None:
        return f"no window is open; {again}"
    left = duration((current.closes - now).total_seconds())
    closes = shown_time(current.closes, calendar.zone)
    return f"the window closes at {closes}, in {left}: less than minimum_remaining; {again}"
