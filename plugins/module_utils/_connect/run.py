# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run: its time limits, its interruption, the pace of its retries, and the timeline for its user."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from .background import in_background
from .errors import CancelledError

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 5.0
FIRST_LINE = 2.5
"""Seconds after which a run that has reported no event yet reports what it is doing."""
SILENCE = 5.0
"""Seconds without an event after which a run reports what it is doing."""
LONGEST_SILENCE = 10.0
"""Seconds after which a run that is still doing the same reports it again."""


class Event(NamedTuple):
    """One line of the timeline: seconds since the run began, the text, and whether a user must not miss it."""

    seconds: float
    text: str
    important: bool = False


class Run:
    """The time limits of one run, and whether it was interrupted. All times are seconds.

    `run_timeout` limits the whole run; `conflict_timeout` limits the time in which at least one request of the run was
    being retried because the cluster could not serve it. `report` receives each event as it happens. `is_wanted`
    returns whether the controller still waits for the result.
    """

    def __init__(
        self,
        run_timeout: float | None = None,
        conflict_timeout: float = 300.0,
        report: Callable[[Event], None] | None = None,
        is_wanted: Callable[[], bool] = lambda: True,
        started: float | None = None,
    ) -> None:
        self.run_timeout = run_timeout
        self.conflict_timeout = conflict_timeout
        self.report = report
        self.is_wanted = is_wanted
        self.started = time.monotonic() if started is None else started
        self.timeline: list[Event] = []
        self.cancelled = threading.Event()
        self._lock = threading.Lock()
        self._waiting = 0
        self._waiting_since = 0.0
        self._waited = 0.0
        self._busy_with = "reading the cluster"
        self._reported: float | None = None
        self._ended = threading.Event()

    def elapsed(self) -> float:
        return time.monotonic() - self.started

    def remaining(self) -> float:
        """Seconds until run_timeout; infinite without one."""
        return float("inf") if self.run_timeout is None else self.run_timeout - self.elapsed()

    def limit(self, seconds: float) -> float:
        """`seconds`, or less if run_timeout ends earlier."""
        return max(0.0, min(seconds, self.remaining()))

    def check(self, doing: str) -> None:
        """Raise CancelledError if the run was interrupted or its time is used up, so that no new request begins."""
        if self.cancelled.is_set():
            raise CancelledError(f"interrupted while {doing}: no further requests were sent")
        if not self.is_wanted():
            raise CancelledError(f"the controller disconnected while {doing}: no further requests were sent")
        if self.remaining() <= 0:
            raise CancelledError(
                f"run_timeout of {self.run_timeout:g} s is used up while {doing}: no further requests were sent",
                "raise the limit (run_timeout, or the task's timeout or async), or run again: the next run continues from the current state",
            )

    def pause(self, seconds: float) -> None:
        """Sleep, but no longer than the run may last, and wake at once if the run is interrupted."""
        self.cancelled.wait(self.limit(seconds))

    def event(self, text: str, *, important: bool = False) -> None:
        happened = Event(round(self.elapsed(), 1), text, important)
        with self._lock:
            self.timeline.append(happened)
        self._hand_on(happened)

    def _hand_on(self, happened: Event) -> None:
        self._reported = time.monotonic()
        if self.report is not None:
            self.report(happened)

    def busy_with(self, text: str) -> None:
        """Record what the run is doing. It is reported only if it lasts, and is not part of the timeline."""
        self._busy_with = text

    def start_status_lines(self) -> None:
        """Until `stop_status_lines`, report what the run is doing whenever it was silent for too long."""
        if self.report is None:
            return

        def watch() -> None:
            reported = ""
            while not self._ended.wait(0.1):
                text = self.overdue(reported, time.monotonic())
                if text:
                    reported = text
                    self._hand_on(Event(round(self.elapsed(), 1), text))

        in_background(watch, "kafka-connect-progress")

    def overdue(self, reported: str, now: float) -> str:
        """Return what the run is doing if it was silent for too long, else an empty text. `reported`: the last such text."""
        if self._reported is None:
            due = self.started + FIRST_LINE
        else:
            due = self._reported + (LONGEST_SILENCE if self._busy_with == reported else SILENCE)
        return self._busy_with if now >= due else ""

    def stop_status_lines(self) -> None:
        self._ended.set()

    @contextmanager
    def riding_out(self) -> Iterator[None]:
        """Count the time inside as time waited for conflicts; simultaneous threads count once."""
        with self._lock:
            self._waiting += 1
            if self._waiting == 1:
                self._waiting_since = time.monotonic()
        try:
            yield
        finally:
            with self._lock:
                self._waiting -= 1
                if self._waiting == 0:
                    self._waited += time.monotonic() - self._waiting_since

    def conflicts_waited(self) -> float:
        """Seconds of the run spent on retries because the cluster could not serve a request."""
        with self._lock:
            current = time.monotonic() - self._waiting_since if self._waiting else 0.0
            return self._waited + current

    def conflict_remaining(self) -> float:
        return self.conflict_timeout - self.conflicts_waited()


def counted(number: int, what: str) -> str:
    """`1 config`, `2 configs`."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def backoff(attempt: int) -> float:
    """Seconds before retry number `attempt` (from 1): jittered, growing, and no more than LONGEST_PAUSE."""
    return min(LONGEST_PAUSE, FIRST_PAUSE * 1.7 ** (attempt - 1)) * random.uniform(0.6, 1.0)  # noqa: S311  # spreads retries, keeps no secret
