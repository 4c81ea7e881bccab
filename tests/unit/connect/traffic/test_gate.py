# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calendar and traffic together, and the wait for both, in a time that passes only during pauses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect import run as run_module
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import CancelledError
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.run import Run
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.traffic import gate as gate_module
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.traffic.gate import (
    Gate,
    WindowDecision,
    check_window,
    wait_until_open,
    window_facts,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.traffic.metrics import Limits, Reading
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.traffic.window import Calendar
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.traffic.window_options import calendar_of

HOUR = 3600.0
NIGHT = calendar_of([{"start": "22:00", "end": "05:00"}], "Europe/Berlin", [])
LIMITS = Limits(100.0, sustained_for=60.0, interval=10.0)


class World:
    """A time that passes only when the run pauses."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, start: str) -> None:
        self.passed = 0.0
        self.start = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo("Europe/Berlin")).astimezone(timezone.utc)
        world = self

        class WorldTime:
            @staticmethod
            def monotonic() -> float:
                return world.passed

        monkeypatch.setattr(gate_module, "time", WorldTime)
        monkeypatch.setattr(run_module, "time", WorldTime)

    def now(self) -> datetime:
        return self.start + timedelta(seconds=self.passed)

    def run(self, **more: Any) -> Run:
        world = self

        class WorldRun(Run):
            def pause(self, seconds: float) -> None:
                world.passed += max(self.limit(seconds), 0.001)

        return WorldRun(started=self.passed, **more)


class Traffic:
    """A meter with traffic in steps: (from this second on, records per second; None if unknown)."""

    def __init__(
        self,
        world: World,
        steps: Sequence[tuple[float, float | None]],
        *,
        remembers: bool = False,
        limits: Limits = LIMITS,
    ) -> None:
        self.remembers = remembers
        self.limits = limits
        self.reads: list[float] = []
        self._world = world
        self._steps = steps
        self._low_since: float | None = None

    def read(self) -> Reading:
        now = self._world.passed
        self.reads.append(now)
        rate = [rate for since, rate in self._steps if since <= now][-1]
        if rate is None or rate > self.limits.records_per_second:
            self._low_since = None
            return Reading(rate, problem="an agent is down" if rate is None else "")
        if self.remembers:
            changed = max(since for since, _rate in self._steps if since <= now)
            return Reading(rate, None, now - changed)
        self._low_since = now if self._low_since is None else self._low_since
        return Reading(rate, None, now - self._low_since)


def quiet_since(seconds: float) -> list[tuple[float, float | None]]:
    return [(-HOUR, 500.0), (seconds, 1.0)]


@pytest.fixture
def evening(monkeypatch: pytest.MonkeyPatch) -> World:
    """An hour before the window opens."""
    return World(monkeypatch, "2026-11-23T21:00")


@pytest.fixture
def night(monkeypatch: pytest.MonkeyPatch) -> World:
    """An hour before the window closes."""
    return World(monkeypatch, "2026-11-24T04:00")


def decide(
    world: World, calendar: Calendar | None, traffic: Traffic | None = None, minimum: float = 0.0
) -> WindowDecision:
    return check_window(Gate(calendar, minimum, traffic), world.run(), world.now)


def wait(
    world: World, seconds: float, calendar: Calendar | None, traffic: Traffic | None = None, **run: Any
) -> WindowDecision:
    return wait_until_open(Gate(calendar, 0.0, traffic), world.run(**run), seconds, world.now)


# Without waiting


def test_the_calendar_alone_decides_at_once(night: World) -> None:
    assert decide(night, NIGHT).open
    assert decide(night, NIGHT).reason == "a window is open until Tue 2026-11-24 05:00 Europe/Berlin, for 1 h"
    night.passed = HOUR
    assert not decide(night, NIGHT).open
    assert night.passed == HOUR, "it must not wait"


def test_a_window_that_closes_before_minimum_remaining_is_not_open(night: World) -> None:
    decision = decide(night, NIGHT, minimum=2 * HOUR)
    assert not decision.open
    facts = window_facts(Gate(NIGHT, 2 * HOUR), decision)
    assert facts["opens_at"] == "2026-11-24T22:00:00+01:00"
    assert facts["closes_at"] == "2026-11-24T05:00:00+01:00"
    assert facts["remaining"] == 3600


def test_low_traffic_is_measured_until_it_has_lasted_long_enough(night: World) -> None:
    traffic = Traffic(night, [(0, 1.0)])
    decision = decide(night, None, traffic)
    assert decision.open
    assert decision.reason == "traffic has been low for 60 s: 1 records/s (limit 100)"
    assert traffic.reads == [0, 10, 20, 30, 40, 50, 60]


def test_high_traffic_is_reported_at_once(night: World) -> None:
    decision = decide(night, None, Traffic(night, [(0, 500.0)]))
    assert (decision.phase, night.passed) == ("traffic", 0.0)
    assert decision.reason == "traffic is high: 500 records/s (limit 100)"


def test_traffic_that_rises_ends_the_measuring(night: World) -> None:
    decision = decide(night, None, Traffic(night, [(0, 1.0), (35, 500.0)]))
    assert (decision.phase, night.passed) == ("traffic", 40.0)


def test_unknown_traffic_is_not_open(night: World) -> None:
    decision = decide(night, NIGHT, Traffic(night, [(0, None)]))
    assert decision.phase == "unknown"
    assert decision.reason.endswith("; traffic is unknown: an agent is down")
    assert window_facts(Gate(NIGHT, 0.0, Traffic(night, [])), decision)["rates"]["records_per_second"] is None


def test_a_meter_with_history_is_read_once(night: World) -> None:
    for since, phase in ((-30.0, "settling"), (-60.0, "open")):
        traffic = Traffic(night, quiet_since(since), remembers=True)
        assert decide(night, None, traffic).phase == phase
        assert traffic.reads == [0.0]
    facts = decide(night, None, Traffic(night, quiet_since(-30.0), remembers=True)).reason
    assert facts == "traffic is low for 30 s of 60: 1 records/s (limit 100)"


def test_calendar_and_traffic_must_both_allow_it(evening: World, monkeypatch: pytest.MonkeyPatch) -> None:
    decision = decide(evening, NIGHT, Traffic(evening, [(0, 1.0)]))
    assert decision.phase == "calendar"
    assert evening.passed == 0.0, "traffic is not awaited while no window is open"
    assert decision.reading is not None, "but it is measured for the result"
    night = World(monkeypatch, "2026-11-24T04:00")
    assert decide(night, NIGHT, Traffic(night, [(0, 500.0)])).phase == "traffic"
    assert decide(night, NIGHT, Traffic(night, [(0, 1.0)])).open


def test_a_window_that_closes_while_traffic_is_measured_is_closed(night: World) -> None:
    night.passed = HOUR - 30
    decision = decide(night, NIGHT, Traffic(night, [(0, 1.0)]))
    assert decision.phase == "calendar"
    assert night.passed == HOUR


# Waiting


def test_a_wait_ends_when_the_window_opens(evening: World) -> None:
    decision = wait(evening, 2 * HOUR, NIGHT)
    assert decision.open
    assert HOUR <= evening.passed <= HOUR + 1


def test_a_window_that_opens_too_late_is_not_awaited(evening: World) -> None:
    decision = wait(evening, 1800.0, NIGHT)
    assert (decision.open, evening.passed) == (False, 0.0)
    assert decision.reason.endswith("in 1 h; that is after the remaining wait of 30 min")
    assert not wait(evening, 7200.0, NIGHT, run_timeout=1800.0).open
    assert evening.passed == 0.0
    never = calendar_of([{"start": "22:00", "end": "05:00"}], "UTC", ["01-01/12-31"])
    assert "none opens within 400 days" in wait(evening, 7200.0, never).reason


def test_a_wait_lasts_until_traffic_has_stayed_low(night: World) -> None:
    traffic = Traffic(night, quiet_since(300.0))
    decision = wait(night, HOUR, NIGHT, traffic)
    assert decision.open
    assert night.passed == pytest.approx(360.0, abs=1.0)


def test_a_wait_ends_at_its_timeout(night: World) -> None:
    decision = wait(night, 120.0, None, Traffic(night, [(0, 500.0)]))
    assert not decision.open
    assert night.passed == pytest.approx(120.0, abs=1.0)
    assert decision.reason == "traffic is high: 500 records/s (limit 100); wait_timeout of 120 s is used up"


def test_a_wait_ends_after_an_agent_recovers(night: World) -> None:
    decision = wait(night, HOUR, None, Traffic(night, [(0, None), (100, 1.0)]))
    assert decision.open
    assert night.passed == pytest.approx(160.0, abs=1.0)


def test_agents_are_not_read_while_a_wait_for_a_window_lasts(evening: World) -> None:
    traffic = Traffic(evening, [(0, 1.0)])
    assert wait(evening, 2 * HOUR, NIGHT, traffic).open
    assert [read for read in traffic.reads if 1 < read < HOUR - 1] == []


def test_a_new_phase_is_reported_at_once_and_a_lasting_one_periodically(evening: World) -> None:
    traffic = Traffic(evening, [(0, 1.0), (HOUR, 500.0), (HOUR + 700, 1.0)])
    run = evening.run()
    assert wait_until_open(Gate(NIGHT, 0.0, traffic), run, 3 * HOUR, evening.now).open
    facts = [(event.seconds, event.text.split("Europe/Berlin")[0][-60:]) for event in run.timeline]
    phases = [event.text for event in run.timeline]
    assert "no window is open" in phases[0]
    assert phases[0].startswith("waiting for at most 3 h: ")
    assert all("traffic is high" in text for text in phases[1:4])
    assert "traffic is low for" in phases[4]
    assert len(phases) == 5, facts
    assert [round(event.seconds / 100) for event in run.timeline[1:4]] == [36, 39, 42]


def test_a_cancellation_ends_a_wait_soon(evening: World) -> None:
    checks = [0]

    def is_wanted() -> bool:
        checks[0] += 1
        return checks[0] < 10

    with pytest.raises(CancelledError, match="the controller disconnected while waiting for a low-traffic time"):
        wait(evening, 2 * HOUR, NIGHT, is_wanted=is_wanted)
    assert evening.passed <= 10 * gate_module.LONGEST_GATE_PAUSE


def test_run_timeout_ends_a_wait_for_traffic(night: World) -> None:
    with pytest.raises(CancelledError, match="run_timeout of 30 s is used up"):
        wait(night, HOUR, None, Traffic(night, [(0, 500.0)]), run_timeout=30.0)
    assert night.passed == pytest.approx(30.0, abs=1.0)


# The result


def test_the_result_without_a_calendar_has_no_windows(night: World) -> None:
    traffic = Traffic(night, [(0, 500.0)])
    facts = window_facts(Gate(meter=traffic), decide(night, None, traffic))
    assert (facts["open"], facts["opens_at"], facts["closes_at"], facts["remaining"]) == (False, None, None, None)
    assert facts["windows"] == []
    assert facts["rates"] == {
        "records_per_second": 500.0,
        "limit": 100.0,
        "lag": None,
        "lag_limit": None,
        "low_for": None,
        "problem": "",
        "workers": [],
    }


def test_the_result_lists_the_windows_ahead(night: World) -> None:
    facts = window_facts(Gate(NIGHT), decide(night, NIGHT))
    assert facts["windows"][:2] == [
        {"opens_at": "2026-11-23T22:00:00+01:00", "closes_at": "2026-11-24T05:00:00+01:00"},
        {"opens_at": "2026-11-24T22:00:00+01:00", "closes_at": "2026-11-25T05:00:00+01:00"},
    ]
    assert len(facts["windows"]) == 5
    assert (facts["remaining"], facts["rates"]) == (3600, None)
