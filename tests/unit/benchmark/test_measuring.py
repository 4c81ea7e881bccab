# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The benchmark's own arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from testing.benchmark.measuring import Case, Goal, Sample, Series, interleaved, net, table, timing_cells


def series(*seconds: float) -> Series:
    return Series("a", tuple(Sample(one, one / 2, {"requests": one * 10}) for one in seconds))


def counting(name: str, calls: list[str]) -> Callable[[], Sample]:
    numbers: Iterator[int] = iter(range(100))

    def measure() -> Sample:
        calls.append(name)
        return Sample(float(next(numbers)))

    return measure


def test_median_spread_and_facts() -> None:
    measured = series(3.0, 1.0, 2.0)
    assert measured.seconds == 2.0
    assert measured.spread == (1.0, 3.0)
    assert measured.cpu == 1.0
    assert measured.fact("requests") == 20.0


def test_net_compares_within_each_round() -> None:
    # The machine was ten times as busy in the second round.
    assert net(series(2.0, 20.0, 2.2), series(1.0, 19.0, 1.0)) == pytest.approx(1.0)
    assert net(series(5.0), series(1.0, 9.0, 9.0)) == 4.0


def test_cases_take_turns_and_the_first_round_does_not_count() -> None:
    calls: list[str] = []
    cases = [Case("a", counting("a", calls)), Case("slow", counting("slow", calls), at_most=1)]
    measured = interleaved(cases, 3, lambda _text: None)
    assert calls == ["a", "a", "slow", "a", "a"]
    assert [sample.seconds for sample in measured["a"].samples] == [1.0, 2.0, 3.0]
    assert [sample.seconds for sample in measured["slow"].samples] == [0.0]


def test_a_slow_case_warms_up_where_it_is_measured_as_often_as_the_others() -> None:
    calls: list[str] = []
    interleaved([Case("slow", counting("slow", calls), at_most=5)], 2, lambda _text: None)
    assert len(calls) == 3


@pytest.mark.parametrize(("value", "verdict"), [(0.3, "reached"), (0.30001, "MISSED")])
def test_a_goal_is_reached_or_missed(value: float, verdict: str) -> None:
    assert str(Goal("seconds", value, 0.3)).startswith(f"{verdict}: seconds: 0.3")


def test_a_table_is_aligned_markdown() -> None:
    rows = [["short", *timing_cells(series(1.0))], ["a longer name", *timing_cells(series(12.5), series(2.5))]]
    lines = table(["case", "seconds", "net", "spread", "CPU", "rounds"], rows).splitlines()
    assert len({len(line) for line in lines}) == 1
    assert lines[1].startswith("| ------------- | ------: |")
    assert lines[3].split(" | ")[1:3] == [" 12.500", "10.000"]
