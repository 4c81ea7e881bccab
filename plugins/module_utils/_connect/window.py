# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The calendar of low-traffic windows: when it is open, until when, and when next. Pure: the present is an argument.

One rule settles the days on which clocks are changed: a window is open exactly while a clock on a wall of its time zone
shows a time in it. An hour that the clock leaves out is in no window; one that it shows twice is in its windows twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LOOK_AHEAD = 400
"""Days: an opening that is further away, or lasts longer, is told as never."""
FIRST_LOOK_AHEAD = 40
"""Days in which nearly every calendar has the openings that are told."""
SHOWN_AHEAD = 5
"""Openings that a result tells, the current one among them."""

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_PROBE = timedelta(hours=3)
"""No zone has ever changed its clock twice within this time."""


@dataclass(frozen=True)
class Window:
    """Times of the clock that come back each week: from `start` to before `end` after the midnights that begin `days`
    (0 is Monday). An `end` beyond one day is on the next one.
    """

    days: frozenset[int]
    start: timedelta
    end: timedelta


@dataclass(frozen=True)
class Dates:
    """Days that are left out: spans with both ends in them, and (month, day) of every year."""

    spans: tuple[tuple[date, date], ...] = ()
    yearly: frozenset[tuple[int, int]] = frozenset()

    def __contains__(self, day: date) -> bool:
        return (day.month, day.day) in self.yearly or any(first <= day <= last for first, last in self.spans)


@dataclass(frozen=True)
class Calendar:
    """Windows on the clocks of a time zone, less some dates. Nothing is open on one of those, nor is a window that
    begins on it open on the next day.
    """

    windows: tuple[Window, ...]
    zone: ZoneInfo
    excluded: Dates = Dates()


@dataclass(frozen=True)
class Opening:
    """A time without a gap in which windows are open: from `opens` to before `closes` (UTC, None: not within sight)."""

    opens: datetime
    closes: datetime | None

    def seconds(self, since: datetime) -> float | None:
        """How long it lasts from its beginning or `since` on, whichever is later."""
        return None if self.closes is None else (self.closes - max(self.opens, since)).total_seconds()


@dataclass(frozen=True)
class Prospect:
    """What a calendar says of one moment. `opens_at`: when it opens next for long enough (None while it is open, or when
    that is not within sight). `closes_at` is None while no window is open, or when no end is within sight; `within` tells
    whether one is. `ahead` are the next openings, the current one first.
    """

    open: bool
    within: bool
    reason: str
    opens_at: datetime | None
    closes_at: datetime | None
    remaining: float | None
    ahead: tuple[Opening, ...]


def prospect(calendar: Calendar, now: datetime, minimum_remaining: float = 0.0) -> Prospect:
    """What the calendar says at `now` (with a time zone) of something that will take `minimum_remaining` seconds."""
    ahead = _ahead(calendar, now, minimum_remaining)
    current = ahead[0] if ahead and ahead[0].opens <= now else None
    if current is not None and _lasts(current, now, minimum_remaining):
        return Prospect(
            True,
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
        current is not None,
        _closed(calendar, current, following, now, minimum_remaining),
        following.opens if following else None,
        current.closes if current else None,
        current.seconds(now) if current else 0.0,
        ahead[:SHOWN_AHEAD],
    )


def openings(calendar: Calendar, since: datetime, until: datetime) -> list[Opening]:
    """What of the calendar ends after `since` and begins before `until`, in order, without touching or overlapping."""
    # Clocks are up to 14 hours from UTC, and a window reaches into the day after the one that it begins on.
    day, last = since.astimezone(timezone.utc).date() - 3 * _DAY, until.astimezone(timezone.utc).date() + _DAY
    spans: list[tuple[datetime, datetime]] = []
    while day <= last:
        for window in calendar.windows:
            spans.extend(_spans(calendar, window, day))
        day += _DAY
    merged: list[tuple[datetime, datetime]] = []
    for opens, closes in sorted(spans):
        if merged and opens <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(closes, merged[-1][1])
        else:
            merged.append((opens, closes))
    return [Opening(opens, closes) for opens, closes in merged if closes > since and opens < until]


def _ahead(calendar: Calendar, now: datetime, minimum_remaining: float) -> tuple[Opening, ...]:
    """The openings from `now` on: enough of them to tell the next one that is long enough, if there is one."""
    for days in (FIRST_LOOK_AHEAD, LOOK_AHEAD):
        until = now + days * _DAY
        found = openings(calendar, now, until)
        # Of one that is not over by then the end is not known.
        found = [
            entry if entry.closes is None or entry.closes < until else Opening(entry.opens, None) for entry in found
        ]
        complete = [entry for entry in found if entry.closes is not None]
        if len(complete) >= SHOWN_AHEAD and any(
            entry.opens > now and _lasts(entry, now, minimum_remaining) for entry in complete
        ):
            break
    return tuple(found)


def _lasts(opening: Opening, now: datetime, seconds: float) -> bool:
    left = opening.seconds(now)
    return left is None or left >= seconds


def _spans(calendar: Calendar, window: Window, day: date) -> Iterator[tuple[datetime, datetime]]:
    """When the window that begins on this day is open, in UTC: nothing, one span, or several around a clock change."""
    if day.weekday() not in window.days or day in calendar.excluded:
        return
    midnight = datetime.combine(day, time())
    end = window.end if day + _DAY not in calendar.excluded else min(window.end, _DAY)
    yield from _shown(calendar.zone, midnight + window.start, midnight + end)


def _shown(zone: ZoneInfo, first: datetime, last: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The spans of UTC in which a clock of this zone shows a time from `first` to before `last` (without a zone)."""
    at, end = min(_moments(zone, first)), max(_moments(zone, last))
    while at < end:
        offset, until = _steady(zone, at, end)
        opens = max(at, first.replace(tzinfo=timezone.utc) - offset)
        closes = min(until, last.replace(tzinfo=timezone.utc) - offset)
        if opens < closes:
            yield opens, closes
        at = until


def _moments(zone: ZoneInfo, shown: datetime) -> list[datetime]:
    """When a clock shows this time: the same twice, or both times of it. For a time that is left out, a moment before
    that hour and one after it.
    """
    return [shown.replace(tzinfo=zone, fold=fold).astimezone(timezone.utc) for fold in (0, 1)]


def _steady(zone: ZoneInfo, at: datetime, end: datetime) -> tuple[timedelta, datetime]:
    """The clock's distance from UTC at that moment, and until when (`end` at the latest) it stays so."""
    offset = _offset(zone, at)
    while at < end:
        probe = min(at + _PROBE, end)
        if _offset(zone, probe) != offset:
            return offset, _change(zone, offset, at, probe)
        at = probe
    return offset, end


def _change(zone: ZoneInfo, offset: timedelta, before: datetime, after: datetime) -> datetime:
    """The second at which a clock that was at `offset` is changed, somewhere between these."""
    while after - before > _SECOND:
        middle = before + (after - before) // _SECOND // 2 * _SECOND
        if _offset(zone, middle) == offset:
            before = middle
        else:
            after = middle
    return after


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


# In words


def shown_time(moment: datetime, zone: ZoneInfo) -> str:
    """A moment as a clock of the zone shows it, to the minute, with the names of day and zone."""
    local = moment.astimezone(zone)
    return f"{WEEKDAYS[local.weekday()].capitalize()} {local:%Y-%m-%d %H:%M} {zone.key}"


def duration(seconds: float) -> str:
    """Seconds in the two largest units that they have: "45 s", "12 min", "5 h 12 min", "3 d 4 h"."""
    minutes = int(seconds // 60)
    if minutes < 1:
        return f"{seconds:.0f} s"
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    large, small = (f"{days} d", f"{hours} h") if days else (f"{hours} h", f"{minutes} min")
    return " ".join(part for part in (large, small) if not part.startswith("0 "))


def _open_until(calendar: Calendar, current: Opening, now: datetime) -> str:
    if current.closes is None:
        return f"a window is open, and stays so for more than {LOOK_AHEAD} days"
    left = duration((current.closes - now).total_seconds())
    return f"a window is open until {shown_time(current.closes, calendar.zone)}, for {left}"


def _closed(
    calendar: Calendar, current: Opening | None, following: Opening | None, now: datetime, minimum_remaining: float
) -> str:
    long_enough = f" for {duration(minimum_remaining)}" if minimum_remaining else ""
    if following is None:
        again = f"none opens{long_enough} within {LOOK_AHEAD} days"
    else:
        wait = duration((following.opens - now).total_seconds())
        again = f"the next one{long_enough} opens at {shown_time(following.opens, calendar.zone)}, in {wait}"
    if current is None or current.closes is None:
        return f"no window is open; {again}"
    left = duration((current.closes - now).total_seconds())
    closes = shown_time(current.closes, calendar.zone)
    return f"the window closes at {closes}, in {left}: less than minimum_remaining; {again}"
