# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Time: the budgets that nothing waits outside of, the pace of retries, and the timeline that a person reads."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from .errors import CancelledError

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 5.0


@dataclass(frozen=True)
class Event:
    """One thing a person cares about: seconds since the run began, one line, and whether it must not be missed."""

    seconds: float
    text: str
    important: bool = False


@dataclass(eq=False, repr=False)
class Run:
    """The time limits of one run, and whether it was interrupted. All times are seconds.

    `run_timeout` bounds everything, `conflict_timeout` the time in which at least one request of the run was being
    asked again because the cluster could not serve it. `report` is given each event as it happens. `is_wanted` says
    whether whoever began the run is still there.
    """

    run_timeout: float | None = None
    conflict_timeout: float = 300.0
    report: Callable[[Event], None] | None = None
    is_wanted: Callable[[], bool] = lambda: True
    started: float = field(default_factory=time.monotonic)
    timeline: list[Event] = field(default_factory=list)
    cancelled: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting = 0
        self._waiting_since = 0.0
        self._waited = 0.0

    def elapsed(self) -> float:
        return time.monotonic() - self.started

    def remaining(self) -> float:
        """Seconds until run_timeout; infinite without one."""
        return float("inf") if self.run_timeout is None else self.run_timeout - self.elapsed()

    def limit(self, seconds: float) -> float:
        """`seconds`, or what run_timeout leaves of it."""
        return max(0.0, min(seconds, self.remaining()))

    def check(self, doing: str) -> None:
        """Raises CancelledError when the run was interrupted or its time is used up, so that nothing new is begun."""
        if self.cancelled.is_set():
            raise CancelledError(f"interrupted while {doing}: nothing further was begun")
        if not self.is_wanted():
            raise CancelledError(f"whoever began this run was gone while {doing}: nothing further was begun")
        if self.remaining() <= 0:
            raise CancelledError(
                f"run_timeout of {self.run_timeout:g} s is used up while {doing}: nothing further was begun",
                "raise run_timeout, or run again: the next run continues from what it finds",
            )

    def pause(self, seconds: float) -> None:
        """Sleeps, but no longer than the run may last, and wakes at once when the run is interrupted."""
        self.cancelled.wait(self.limit(seconds))

    def event(self, text: str, *, important: bool = False) -> None:
        happened = Event(round(self.elapsed(), 1), text, important)
        with self._lock:
            self.timeline.append(happened)
        if self.report is not None:
            self.report(happened)

    @contextmanager
    def riding_out(self) -> Iterator[None]:
        """Counts the time inside as waited for conflicts; threads that wait at the same time count once."""
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
        """Seconds of the run in which something was asked again because the cluster could not serve it."""
        with self._lock:
            current = time.monotonic() - self._waiting_since if self._waiting else 0.0
            return self._waited + current

    def conflict_remaining(self) -> float:
        return self.conflict_timeout - self.conflicts_waited()


def backoff(attempt: int) -> float:
    """Seconds before retry number `attempt` (from 1): jittered, growing, and no more than LONGEST_PAUSE."""
    return min(LONGEST_PAUSE, FIRST_PAUSE * 1.7 ** (attempt - 1)) * random.uniform(0.6, 1.0)  # noqa: S311  # spreads retries, keeps no secret
