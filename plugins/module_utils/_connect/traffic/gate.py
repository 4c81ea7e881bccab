# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decides whether now is a low-traffic time, by the calendar and by measured traffic, and can wait for one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import Any, Literal

from ..run import Run
from .metrics import Limits, Meter, Reading, WorkerReading, describe
from .task_rates import RATES
from .window import Calendar, Prospect, duration, prospect

PROGRESS_EVERY = 300.0
"""Seconds between two events for the same phase: they are part of the result, so a night must not have thousands."""
STATUS_EVERY = 10.0
"""Seconds between two lines that are only shown."""
LONGEST_GATE_PAUSE = 5.0
"""Seconds between two checks whether the run was cancelled."""

Phase = Literal["open", "settling", "traffic", "unknown", "calendar"]
"""What a gate waits for: nothing; traffic to stay low; low traffic; measurable traffic; a window of the calendar."""


@dataclass(frozen=True)
class Gate:
    """The definition of a low-traffic time: a calendar window with at least `minimum_remaining` seconds left, low traffic,
    or both.
    """

    calendar: Calendar | None = None
    minimum_remaining: float = 0.0
    meter: Meter | None = None


@dataclass(frozen=True)
class WindowDecision:
    """The decision at one moment. `reason` is one line."""

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
    """The decision for now. Without history, low traffic is measured until it has lasted long enough."""
    decision = decide_now(gate, now)
    while decision.phase == "settling" and gate.meter is not None and not gate.meter.remembers:
        run.check("watching the traffic")
        run.busy_with(f"watching the traffic: {decision.reason}")
        _pass(run, _until_next_read(decision, gate.meter.limits))
        decision = decide_now(gate, now)
    return decision


def wait_until_open(gate: Gate, run: Run, seconds: float, now: Callable[[], datetime] = utc_now) -> WindowDecision:
    """The decision to open, or the last one against it: after that many seconds, or at once if no window opens in
    that time.
    """
    deadline = time.monotonic() + seconds
    shown: tuple[Phase, float] | None = None
    while True:
        run.check("waiting for a low-traffic time")
        decision = decide_now(gate, now)
        left = min(deadline - time.monotonic(), run.remaining())
        if decision.open:
            return decision
        if left <= 0:
            return replace(decision, reason=f"{decision.reason}; wait_timeout of {seconds:g} s is used up")
        opens = _seconds_until_window(decision, now)
        if opens is not None and opens > left:
            return replace(decision, reason=f"{decision.reason}; that is after the remaining wait of {duration(left)}")
        at = time.monotonic()
        if shown is None or shown[0] != decision.phase or at - shown[1] >= PROGRESS_EVERY:
            shown = decision.phase, at
            run.event(f"waiting for at most {duration(left)}: {decision.reason}")
        else:
            run.busy_with(f"waiting for at most {duration(left)}: {decision.reason}")
        if opens is not None:
            _pass(run, min(opens, left))
        elif gate.meter is not None:
            _pass(run, min(_until_next_read(decision, gate.meter.limits), left))


def decide_now(gate: Gate, now: Callable[[], datetime]) -> WindowDecision:
    """The decision at this moment. Measures traffic first: a window may close in the meantime."""
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


def _until_next_read(decision: WindowDecision, limits: Limits) -> float:
    """Seconds: the interval, or less if traffic that stays low will have lasted long enough before that."""
    low_for = decision.reading.low_for if decision.reading is not None else None
    if low_for is None:
        return limits.interval
    return min(limits.interval, max(limits.sustained_for - low_for, 0.05))


def _seconds_until_window(decision: WindowDecision, now: Callable[[], datetime]) -> float | None:
    """How long the calendar keeps the gate closed; None if it is open or something else closes it."""
    if decision.phase != "calendar" or decision.prospect is None:
        return None
    opens = decision.prospect.opens_at
    return float("inf") if opens is None else max((opens - now()).total_seconds(), 0.05)


def _pass(run: Run, seconds: float) -> None:
    """Wait in short steps, so that a cancelled run ends soon."""
    shown = time.monotonic()
    until = shown + seconds
    while (left := until - time.monotonic()) > 0:
        run.check("waiting for a low-traffic time")
        if until - left - shown >= STATUS_EVERY:
            shown = until - left
            run.busy_with(f"waiting for a low-traffic time: the next check is in {duration(left)}")
        run.pause(min(left, LONGEST_GATE_PAUSE))


# The result of the module


def window_facts(gate: Gate, decision: WindowDecision) -> dict[str, Any]:
    """`open`, `reason`, `opens_at`, `closes_at`, `remaining`, `windows` and `rates` of traffic_window."""
    seen, zone = decision.prospect, gate.calendar.zone if gate.calendar is not None else timezone.utc

    def iso(moment: datetime | None) -> str | None:
        return None if moment is None else moment.astimezone(zone).isoformat(timespec="seconds")

    remaining = seen.remaining if seen is not None else None
    return {
        "open": decision.open,
        "reason": decision.reason,
        "opens_at": iso(seen.opens_at) if seen is not None else None,
        "closes_at": iso(seen.closes_at) if seen is not None else None,
        "remaining": None if remaining is None else int(remaining),
        "windows": [
            {"opens_at": iso(opening.opens), "closes_at": iso(opening.closes)}
            for opening in (seen.ahead if seen is not None else ())
        ],
        "rates": None
        if decision.reading is None or gate.meter is None
        else _rates(decision.reading, gate.meter.limits),
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
