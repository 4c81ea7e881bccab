# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bounded parallel work that stops at once on an interrupt."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from .background import in_background
from .errors import ConnectError
from .run import Run

Item = TypeVar("Item")
Result = TypeVar("Result")


def in_parallel(
    run: Run, work: Callable[[Item], Result], items: Iterable[Item], limit: int
) -> Iterator[tuple[Item, Result | ConnectError]]:
    """Yields (item, result or ConnectError) as they finish, at most `limit` at a time.

    Any interrupt of the caller (a signal, Ansible's task timeout) sets `run.cancelled`, so no thread starts another item or
    request; the threads are daemons, and the caller does not wait for pending answers.
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
                # The caller waits for one result per item, so an item that is not started gets one, too.
                run.check("running several operations in parallel")
                finished.put((item, work(item)))
            except BaseException as error:  # noqa: BLE001  # handed to the caller's thread, which raises it
                finished.put((item, error))

    for _thread in range(min(max(limit, 1), count)):
        in_background(work_through, "kafka-connect-parallel")
    try:
        for _number in range(count):
            item, result = finished.get()
            if isinstance(result, BaseException) and not isinstance(result, ConnectError):
                raise result
            yield item, result
    except BaseException:
        run.cancelled.set()
        raise
