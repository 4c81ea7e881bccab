# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bounded parallel work: every item gets one result, and nothing starts after an interrupt."""

from __future__ import annotations

import threading
from collections.abc import Generator
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import (
    CancelledError,
    ConnectError,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.parallel import in_parallel
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.run import Run


@given(st.lists(st.integers(), max_size=30), st.integers(-1, 40))
def test_each_item_gets_its_result(items: list[int], limit: int) -> None:
    results = list(in_parallel(Run(), lambda item: item * 2, items, limit))
    assert sorted(results) == sorted((item, item * 2) for item in items)


def test_at_most_limit_items_run_at_a_time() -> None:
    lock, running, most = threading.Lock(), [0], [0]
    together = threading.Barrier(3)

    def work(_item: int) -> None:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        together.wait(5)  # Proves that three run at the same time.
        with lock:
            running[0] -= 1

    list(in_parallel(Run(), work, range(9), 3))
    assert most[0] == 3


def test_an_error_of_one_item_is_its_result() -> None:
    def work(item: int) -> int:
        if item == 1:
            raise ConnectError("no")
        return item

    results = dict(in_parallel(Run(), work, range(3), 3))
    assert isinstance(results[1], ConnectError)
    assert (results[0], results[2]) == (0, 2)


def test_an_unexpected_exception_ends_the_work() -> None:
    started: list[int] = []

    def work(item: int) -> None:
        started.append(item)
        raise ZeroDivisionError

    run = Run()
    with pytest.raises(ZeroDivisionError):
        list(in_parallel(run, work, range(100), 1))
    assert run.cancelled.is_set()


def test_no_item_starts_after_an_interrupt_of_the_caller() -> None:
    run = Run()
    resume, started = threading.Event(), []

    def work(item: int) -> int:
        started.append(item)
        if item:
            resume.wait(5)
        return item

    results = cast(Generator[object, None, None], in_parallel(run, work, range(10), 1))
    next(results)
    with pytest.raises(KeyboardInterrupt):
        results.throw(KeyboardInterrupt)
    resume.set()
    assert run.cancelled.is_set()
    assert len(started) <= 2


def test_a_run_that_another_thread_cancels_still_ends() -> None:
    """Each item that was not started gets an error; the caller must not wait for results that never come."""
    run = Run()

    def work(item: int) -> int:
        run.cancelled.set()
        return item

    results: list[dict[int, int | ConnectError]] = []
    calling = threading.Thread(target=lambda: results.append(dict(in_parallel(run, work, range(20), 2))), daemon=True)
    calling.start()
    calling.join(5)
    assert results
    assert len(results[0]) == 20
    not_started = [result for result in results[0].values() if isinstance(result, CancelledError)]
    assert len(not_started) >= 18


def test_nothing_starts_after_run_timeout() -> None:
    results = dict(in_parallel(Run(run_timeout=0.0), lambda item: item, range(5), 2))
    assert all(isinstance(result, CancelledError) for result in results.values())
