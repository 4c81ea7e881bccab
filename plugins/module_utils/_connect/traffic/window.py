# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The calendar of low-traffic windows: when it is open, until when, and when next. Pure: the present is an argument.

One rule settles the days on which clocks are changed: a window is open exactly while a clock on a wall of its time zone
shows a time in it. An hour that the clock leaves out is in no window; one that it shows twice is in its windows twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LOOK_AHEAD = 400
"""Days: an opening that is further away, or lasts longer, is told as never."""
FIRST_LOOK_AHEAD = 40
"""Days in which nearly every calendar has the openings that are told."""
LONGEST_MINIMUM = 7
"""Days: the most that can be asked to remain of an opening."""
LOOK_BACK = 8
"""Days: when an opening began that is older than this is not told, as if it had always been open."""
SHOWN_AHEAD = 5
"""Openings that a result tells, the current one among them."""

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_PROBE = timedelta(hours=12)
"""No zone changes its clocks there and back within this time."""


@dataclass(frozen=True)
class Window:
    """Times of the clock that come back each week: from `start` to before `end` after the midnights that begin `days`
    (0 is Monday). An `end` beyond one day is on the next one.
    """

    days: frozenset[int]
    start: timedelta
    end: timedelta


Yearly = tuple[int, int]
"""Month and day."""


@dataclass(frozen=True)
class Dates:
    """Days that are left out: spans with both ends in them, of certain years, or of every year (maybe over its end)."""

    spans: tuple[tuple[date, date], ...] = ()
    yearly: tuple[tuple[Yearly, Yearly], ...] = ()

    def __contains__(self, day: date) -> bool:
        return any(first <= day <= last for first, last in self.spans) or any(
            first <= (day.month, day.day) <= last if first <= last else not last < (day.month, day.day) < first
            for first, last in self.yearly
        )


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
    """A time without a gap in which windows are open: from `opens` to before `closes`, in UTC. None: not within sight."""

    opens: datetime | None
    closes: datetime | None

    def seconds(self, since: datetime) -> float | None:
        """How long it lasts from its beginning or `since` on, whichever is later."""
        if self.closes is None:
            return None
        return (self.closes - max(self.opens or since, since)).total_seconds()


@dataclass(frozen=True)
class Prospect:
    """What a calendar says of one moment. `opens_at`: when it opens next for long enough (None while it is open, or when
    that is not within sight). `closes_at` is None while no window is open, and where no end of it is within sight;
    `remaining`, seconds, is 0 for the one and None for the other. `ahead` are the next openings, the current one first.
    """

    open: bool
    reason: str
    opens_at: datetime | None
    closes_at: datetime | None
    remaining: float | None
    ahead: tuple[Opening, ...]


def prospect(calendar: Calendar, now: datetime, minimum_remaining: float = 0.0) -> Prospect:
    """What the calendar says at `now` (with a time zone) of something that will take `minimum_remaining` seconds, which are
    at most LONGEST_MINIMUM days.
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
    """What of the calendar ends after `since` and begins before `until`, in order, without touching or overlapping. An
    opening that reaches further back than LOOK_BACK days, or to `until` and beyond, has no such end.
    """
    horizon = since - LOOK_BACK * _DAY
    spans: list[tuple[datetime, datetime]] = []
    # A window reaches into the day after the one that it begins on.
    stretches = list(_stretches(calendar.zone, horizon - 3 * _DAY, until + 3 * _DAY))
    day, last = (horizon - 3 * _DAY).date(), (until + _DAY).date()
    while day <= last:
        for first, end in _times(calendar, day):
            spans.extend(_moments(stretches, first, end))
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
    """The openings from `now` on: enough of them to tell the next one that is long enough, if there is one."""
    for days in (FIRST_LOOK_AHEAD, LOOK_AHEAD):
        until = now + days * _DAY
        # A little further, so that each of them is seen for as long as may be asked for.
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
    """What clocks show at both ends of the windows that begin on this day (as if clocks were in UTC)."""
    if day in calendar.excluded:
        return
    midnight = datetime.combine(day, time(), timezone.utc)
    longest = _DAY if day + _DAY in calendar.excluded else 2 * _DAY
    for window in calendar.windows:
        if day.weekday() in window.days:
            yield midnight + window.start, midnight + min(window.end, longest)


@dataclass(frozen=True)
class _Stretch:
    """A time in which the clocks of a zone are not changed, and how far they are ahead of UTC."""

    begins: datetime
    ends: datetime
    ahead: timedelta


def _moments(stretches: Iterable[_Stretch], first: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """When clocks show a time from `first` to before `end`: once, never, or in parts around a change of the clocks."""
    for stretch in stretches:
        opens, closes = max(stretch.begins, first - stretch.ahead), min(stretch.ends, end - stretch.ahead)
        if opens < closes:
            yield opens, closes


def _stretches(zone: ZoneInfo, since: datetime, until: datetime) -> Iterator[_Stretch]:
    """The stretches of a zone that lead from one moment to another without a gap."""
    begins = at = since.astimezone(timezone.utc).replace(microsecond=0)
    ahead = _offset(zone, at)
    while at < until:
        probe = at + _PROBE
        if _offset(zone, probe) != ahead:
            changes = _change(zone, ahead, at, probe)
            yield _Stretch(begins, changes, ahead)
            begins, ahead = changes, _offset(zone, changes)
        at = probe
    yield _Stretch(begins, at, ahead)


def _change(zone: ZoneInfo, offset: timedelta, before: datetime, after: datetime) -> datetime:
    """The second at which clocks that were at `offset` are changed, somewhere between these."""
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
