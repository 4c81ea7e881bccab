# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bounded parallel work that an interrupt can leave at once."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from .errors import ConnectError
from .run import Run

Item = TypeVar("Item")
Result = TypeVar("Result")


def in_parallel(
    run: Run, work: Callable[[Item], Result], items: Iterable[Item], limit: int
) -> Iterator[tuple[Item, Result | ConnectError]]:
    """Yields (item, result or the ConnectError it ended with) as they finish, at most `limit` at a time.

    Whatever interrupts the caller (a signal, Ansible's task timeout) sets `clock.cancelled`, so that no thread begins
    another item or another request; threads are daemons and nobody waits for an answer that is still under way.
    """
    waiting: queue.SimpleQueue[Item] = queue.SimpleQueue()
    count = 0
    for item in items:
        waiting.put(item)
        count += 1
    finished: queue.SimpleQueue[tuple[Item, Result | BaseException]] = queue.SimpleQueue()

    def work_through() -> None:
        while True:
            try:
                item = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                # The caller waits for one result for each item, so what is not begun gets one too.
                run.check("working on several things at a time")
                finished.put((item, work(item)))
            except BaseException as error:  # noqa: BLE001  # handed to the caller's thread, which raises it
                finished.put((item, error))

    for _thread in range(min(max(limit, 1), count)):
        threading.Thread(target=work_through, daemon=True, name="kafka-connect-parallel").start()
    try:
        for _number in range(count):
            item, result = finished.get()
            if isinstance(result, BaseException) and not isinstance(result, ConnectError):
                raise result
            yield item, result
    except BaseException:
        run.cancelled.set()
        raise
