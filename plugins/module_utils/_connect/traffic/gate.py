# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether now is a low-traffic time, by the calendar and by what is measured; waits for one if that is wanted."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import Any, Literal

from ..run import Run
from .metrics import Limits, Meter, Reading, WorkerReading, describe
from .metrics_formats import RATES
from .window import Calendar, Prospect, duration, prospect

PROGRESS_EVERY = 300.0
"""Seconds between two lines that say the same of a wait."""
LONGEST_GATE_PAUSE = 5.0
"""Seconds after which a wait looks whether it is still wanted."""

Phase = Literal["open", "settling", "traffic", "unknown", "calendar"]
"""What a gate is waiting for: nothing; low traffic that lasts; low traffic; traffic that can be measured; a window."""


@dataclass(frozen=True)
class Gate:
    """What a low-traffic time is: a window of the calendar that lasts for `minimum_remaining` seconds, low traffic, or both
    at once.
    """

    calendar: Calendar | None = None
    minimum_remaining: float = 0.0
    meter: Meter | None = None


@dataclass(frozen=True)
class WindowDecision:
    """What was found at one moment. `reason` is one line."""

    phase: Phase
    reason: str
    prospect: Prospect | None = None
    reading: Reading | None = None

    @property
    def open(self) -> bool:
        return self.phase == "open"


def utc_now() -> datetime:
    return datetime.now(timezone.utc)


def check_window(gate: Gate, run: Run, now: Callable[[], datetime] = utc_now) -> WindowDecision:
    """The answer for now. Low traffic that only looks can prove is watched until it has lasted for long enough."""
    verdict = decide_now(gate, now)
    while verdict.phase == "settling" and gate.meter is not None and not gate.meter.remembers:
        run.check("watching the traffic")
        run.pause(_until_next_look(verdict, gate.meter.limits))
        verdict = decide_now(gate, now)
    return verdict


def wait_until_open(gate: Gate, run: Run, seconds: float, now: Callable[[], datetime] = utc_now) -> WindowDecision:
    """The verdict that is open, or the last one that is not: after so many seconds, or at once when no window opens in
    them.
    """
    deadline = time.monotonic() + seconds
    shown: tuple[Phase, float] | None = None
    while True:
        run.check("waiting for a low-traffic time")
        verdict = decide_now(gate, now)
        left = min(deadline - time.monotonic(), run.remaining())
        if verdict.open:
            return verdict
        if left <= 0:
            return replace(verdict, reason=f"{verdict.reason}; wait_timeout of {seconds:g} s is used up")
        opens = _seconds_until_window(verdict, now)
        if opens is not None and opens > left:
            return replace(verdict, reason=f"{verdict.reason}; that is later than can be waited for, {duration(left)}")
        at = time.monotonic()
        if shown is None or shown[0] != verdict.phase or at - shown[1] >= PROGRESS_EVERY:
            shown = verdict.phase, at
            run.event(f"waiting for at most {duration(left)}: {verdict.reason}")
        if opens is not None:
            _pass(run, min(opens, left))
        elif gate.meter is not None:
            _pass(run, min(_until_next_look(verdict, gate.meter.limits), left))


def decide_now(gate: Gate, now: Callable[[], datetime]) -> WindowDecision:
    """What is true at this moment. Traffic is measured first, since that takes time in which a window may close."""
    reading = gate.meter.read() if gate.meter is not None else None
    seen = prospect(gate.calendar, now(), gate.minimum_remaining) if gate.calendar is not None else None
    if seen is not None and not seen.open:
        return WindowDecision("calendar", seen.reason, seen, reading)
    calendar = f"{seen.reason}; " if seen is not None else ""
    if reading is None or gate.meter is None:
        return WindowDecision("open", calendar.removesuffix("; "), seen, reading)
    limits = gate.meter.limits
    traffic = describe(reading, limits)
    if reading.problem:
        return WindowDecision("unknown", f"{calendar}{traffic}", seen, reading)
    if reading.low_for is None:
        return WindowDecision("traffic", f"{calendar}traffic is high: {traffic}", seen, reading)
    if reading.low_for < limits.sustained_for:
        lasted = f"low for {reading.low_for:.0f} s of {limits.sustained_for:g}"
        return WindowDecision("settling", f"{calendar}traffic is {lasted}: {traffic}", seen, reading)
    return WindowDecision(
        "open", f"{calendar}traffic has been low for {limits.sustained_for:g} s: {traffic}", seen, reading
    )


def _until_next_look(verdict: WindowDecision, limits: Limits) -> float:
    """Seconds: the interval, or less when traffic that stays low will have been low for long enough before that."""
    low_for = verdict.reading.low_for if verdict.reading is not None else None
    if low_for is None:
        return limits.interval
    return min(limits.interval, max(limits.sustained_for - low_for, 0.05))


def _seconds_until_window(verdict: WindowDecision, now: Callable[[], datetime]) -> float | None:
    """How long the calendar keeps the gate closed; None when it is not the calendar that does."""
    if verdict.phase != "calendar" or verdict.prospect is None:
        return None
    opens = verdict.prospect.opens_at
    return float("inf") if opens is None else max((opens - now()).total_seconds(), 0.05)


def _pass(run: Run, seconds: float) -> None:
    """Lets this time pass, in pieces, so that a run that nobody wants any more ends soon."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        run.check("waiting for a low-traffic time")
        run.pause(min(left, LONGEST_GATE_PAUSE))


# The result of the module


def window_facts(gate: Gate, verdict: WindowDecision) -> dict[str, Any]:
    """`open`, `reason`, `opens_at`, `closes_at`, `remaining`, `windows` and `rates` of traffic_window."""
    seen, zone = verdict.prospect, gate.calendar.zone if gate.calendar is not None else timezone.utc

    def told(moment: datetime | None) -> str | None:
        return None if moment is None else moment.astimezone(zone).isoformat(timespec="seconds")

    remaining = seen.remaining if seen is not None else None
    return {
        "open": verdict.open,
        "reason": verdict.reason,
        "opens_at": told(seen.opens_at) if seen is not None else None,
        "closes_at": told(seen.closes_at) if seen is not None else None,
        "remaining": None if remaining is None else int(remaining),
        "windows": [
            {"opens_at": told(opening.opens), "closes_at": told(opening.closes)}
            for opening in (seen.ahead if seen is not None else ())
        ],
        "rates": None if verdict.reading is None or gate.meter is None else _rates(verdict.reading, gate.meter.limits),
    }


def _rates(reading: Reading, limits: Limits) -> dict[str, Any]:
    return {
        "records_per_second": _rounded(reading.records_per_second),
        "limit": limits.records_per_second,
        "lag": _rounded(reading.lag),
        "lag_limit": limits.lag,
        "low_for": None if reading.low_for is None else int(reading.low_for),
        "problem": reading.problem,
        "workers": [dict(_worker(worker)) for worker in reading.workers],
    }


def _worker(worker: WorkerReading) -> Iterator[tuple[str, Any]]:
    yield "url", worker.url
    yield "records_per_second", _rounded(worker.records_per_second)
    yield "tasks", None if worker.problem else len(worker.tasks)
    for rate in RATES:
        total = sum(task.rates.get(rate, 0.0) for task in worker.tasks)
        yield rate.replace("-", "_"), None if worker.problem else _rounded(total)
    yield "problem", worker.problem


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
