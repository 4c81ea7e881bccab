# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Points in time: from the options of a user, and for results. Pure. All times are milliseconds since the epoch, as in Kafka."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

from ..errors import InputError, Problem

LATEST = 253_402_300_799_999
"""The last millisecond of the year 9999. Python's calendar ends there."""

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_DURATION = re.compile(r"(?:[0-9]{1,9}[smhdw])+")
_PART = re.compile(r"([0-9]{1,9})([smhdw])")
_FRACTION = re.compile(r"[.,]([0-9]+)")


def parse_time(option: str, text: str, now: int) -> int:
    """Return a point in time. Raises InputError for other texts, and for a time in the future.

    `text`: a duration back from `now` (`2h`, `1d12h`), or a time in ISO 8601, in UTC unless it names a zone.
    """
    given = text.strip()
    found = _back(given, now) if _DURATION.fullmatch(given) else _of_calendar(given)
    if found is None:
        problem = (
            f'{option} "{text}" is no time: give ISO 8601 in quotes such as "2026-11-27T18:00:00+01:00" (UTC without a zone), '
            'or a duration back from now such as "2h", "30m" or "1d"'
        )
        raise InputError([Problem(problem)])
    if found > now:
        raise InputError([Problem(f'{option} "{text}" is in the future: give a time in the past')])
    return found


def parse_duration(option: str, text: str) -> float:
    """Return the seconds of a duration such as `30s`, `2m` or `1m30s`, or of a bare number of seconds. Raises InputError for others."""
    given = text.strip()
    if _DURATION.fullmatch(given):
        return float(_seconds(given))
    if re.fullmatch(r"[0-9]{1,9}(?:\.[0-9]{1,9})?", given):
        return float(given)
    raise InputError(
        [Problem(f'{option} "{text}" is no duration: give seconds, or a duration such as "30s", "10m" or "6h"')]
    )


def _seconds(text: str) -> int:
    return sum(int(number) * _UNITS[unit] for number, unit in _PART.findall(text))


def _back(text: str, now: int) -> int:
    return max(now - 1000 * _seconds(text), 0)


def _of_calendar(text: str) -> int | None:
    plain = text[:-1] + "+00:00" if text[-1:] in ("Z", "z") else text
    # Python 3.10 reads three or six digits after the second, and no comma.
    plain = _FRACTION.sub(lambda match: "." + match[1][:6].ljust(6, "0"), plain, count=1)
    try:
        found = datetime.fromisoformat(plain)
        if found.tzinfo is None:
            found = found.replace(tzinfo=timezone.utc)
        return max((found - _EPOCH) // timedelta(milliseconds=1), 0)
    except (ValueError, OverflowError):
        return None


def shown_time(time: int) -> str:
    """Return the time in ISO 8601, in UTC, with milliseconds: `2026-11-27T02:13:05.123Z`."""
    moment = _EPOCH + timedelta(milliseconds=min(max(time, 0), LATEST))
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def shown_clock(time: int) -> str:
    """Return the time for a message: `2026-11-27 02:13:05 UTC`."""
    return shown_time(time)[:19].replace("T", " ") + " UTC"


def shown_duration(milliseconds: int) -> str:
    """Return a duration for a message: `0.2 s`, `45 s`, `2 min 5 s`, `3 h 10 min`, `2 d 4 h`."""
    if milliseconds < 10_000:
        return f"{max(milliseconds, 0) / 1000:.1f} s"
    seconds = max(round(milliseconds / 1000), 0)
    for size, unit, smaller, part in ((86_400, "d", 3600, "h"), (3600, "h", 60, "min"), (60, "min", 1, "s")):
        if seconds >= size:
            rest = seconds % size // smaller
            return f"{seconds // size} {unit}" + (f" {rest} {part}" if rest else "")
    return f"{seconds} s"
