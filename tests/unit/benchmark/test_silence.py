# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the benchmark of interruptions makes of the times of records."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from testing.benchmark.interruption.silence import STILL, Interruption, Silence, silences

TIMES = st.lists(st.floats(0, 100), max_size=60)


def test_a_gap_between_two_records_is_a_silence() -> None:
    assert silences([1.0, 1.5, 6.0, 6.5], 1.0, 6.5) == (Silence(1.5, 6.0),)


def test_a_silence_that_began_before_the_operation_is_reported_in_full() -> None:
    assert silences([1.0, 8.0, 8.5], 5.0, 8.2) == (Silence(1.0, 8.0),)


def test_a_task_that_never_came_back_was_still_until_the_end() -> None:
    assert silences([1.0, 2.0], 1.0, 30.0) == (Silence(2.0, 30.0),)


def test_a_task_without_any_record_was_still_all_the_time() -> None:
    assert silences([], 10.0, 30.0) == (Silence(10.0, 30.0),)


@given(TIMES, st.floats(0, 50), st.floats(50, 100))
def test_silences_are_long_enough_in_order_and_without_a_record(times: list[float], begin: float, end: float) -> None:
    found = silences(times, begin, end)
    assert all(one.seconds > STILL for one in found)
    assert all(one.end <= other.begin for one, other in pairwise(found))
    assert not any(one.begin < time < one.end for one in found for time in times)


def test_an_operation_is_summarized_by_what_its_tasks_missed() -> None:
    seen = Interruption({"a": (Silence(0, 4), Silence(6, 8)), "b": (Silence(3, 5),), "c": ()})
    assert (seen.interrupted, seen.at_once, seen.longest, seen.median, seen.lost) == (2, 2, 4, 4, 8)


def test_tasks_that_stand_still_one_after_another_are_never_still_at_once() -> None:
    assert Interruption({"a": (Silence(0, 4),), "b": (Silence(4, 8),)}).at_once == 1


def test_an_operation_without_silences_costs_nothing() -> None:
    seen = Interruption({"a": (), "b": ()})
    assert (seen.interrupted, seen.at_once, seen.longest, seen.median, seen.lost) == (0, 0, 0, 0, 0)
