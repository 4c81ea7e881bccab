# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Time limits, the delay between retries, the timeline."""

from __future__ import annotations

import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect import run
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import CancelledError
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.run import Event, Run, backoff


def test_without_run_timeout_a_run_is_unlimited() -> None:
    assert Run().remaining() == float("inf")
    assert Run().limit(100.0) == 100.0


def test_run_timeout_limits_everything() -> None:
    running = Run(run_timeout=10.0, started=time.monotonic() - 9.0)
    assert 0.9 < running.limit(100.0) <= 1.0
    assert running.limit(0.5) == 0.5


def test_a_run_without_remaining_time_starts_nothing_and_raises() -> None:
    spent = Run(run_timeout=10.0, started=time.monotonic() - 11.0)
    assert spent.limit(5.0) == 0.0
    with pytest.raises(
        CancelledError, match=r"run_timeout of 10 s is used up while writing: no further requests were sent"
    ):
        spent.check("writing")


def test_an_interrupted_run_starts_nothing_and_raises() -> None:
    running = Run()
    running.check("writing")
    running.cancelled.set()
    with pytest.raises(CancelledError, match="interrupted while writing"):
        running.check("writing")


def test_an_interrupt_ends_a_pause_at_once() -> None:
    running = Run()
    threading.Timer(0.02, running.cancelled.set).start()
    began = time.monotonic()
    running.pause(60.0)
    assert time.monotonic() - began < 10.0


def test_a_pause_is_no_longer_than_the_run() -> None:
    began = time.monotonic()
    Run(run_timeout=0.02).pause(60.0)
    assert time.monotonic() - began < 10.0


def test_threads_that_wait_at_the_same_time_count_once(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    running = Run(conflict_timeout=10.0)
    with running.riding_out():
        now[0] = 1.0
        with running.riding_out():
            now[0] = 3.0
        now[0] = 4.0
        assert running.conflicts_waited() == 4.0
    now[0] = 9.0
    assert running.conflicts_waited() == 4.0
    assert running.conflict_remaining() == 6.0


def test_events_are_kept_in_order_and_reported_immediately() -> None:
    reported: list[Event] = []
    running = Run(report=reported.append)
    running.event("first")
    running.event("second", important=True)
    assert running.timeline == reported
    assert [(event.text, event.important) for event in reported] == [("first", False), ("second", True)]


@given(st.integers(1, 200))
def test_the_delay_between_retries_is_jittered_and_bounded(attempt: int) -> None:
    full = min(run.LONGEST_PAUSE, run.FIRST_PAUSE * 1.7 ** (attempt - 1))
    assert 0.6 * full <= backoff(attempt) <= full


def test_an_abandoned_run_starts_nothing() -> None:
    here = [True]
    run = Run(is_wanted=lambda: here[0])
    run.check("writing")
    here.clear()
    here.append(False)
    with pytest.raises(
        CancelledError, match="the controller disconnected while writing: no further requests were sent"
    ):
        run.check("writing")
