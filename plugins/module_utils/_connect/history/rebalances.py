# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rebalances, from the generation of the group in each status. Pure.

The brokers forget past generations, but each status has the one in which its worker wrote it. A rebalance after which no
connector or task starts or stops leaves no status, so the next one that does is several generations later.
"""

from __future__ import annotations

from collections import Counter

from ..patterns import Matcher
from .model import Event, Move
from .records import DESTROYED, StatusKey, StatusRecord

_WITHOUT_OWNER = ("UNASSIGNED", DESTROYED)


class Rebalances:
    """Follows who owns what. Records must come by time."""

    def __init__(self, is_chosen: Matcher) -> None:
        self._is_chosen = is_chosen
        self._generation: int | None = None
        self._of_worker: dict[str, int] = {}
        self._owners: dict[StatusKey, str] = {}
        self._owned: Counter[str] = Counter()
        self._current: Event | None = None

    def see(self, record: StatusRecord) -> Event | None:
        """Return the rebalance that this record is the first one to show, if any. Adds what moved to the current one."""
        key = StatusKey(record.connector, record.task)
        if record.state == DESTROYED:
            self._release(key)
            return None
        if record.generation < 0:
            return None
        found = self._next(record)
        if record.generation == self._generation and record.state not in _WITHOUT_OWNER:
            self._own(key, record.worker)
        return found

    def _next(self, record: StatusRecord) -> Event | None:
        generation, before = record.generation, self._generation
        # A worker never returns to an earlier generation of the same group.
        is_reset = before is not None and generation < min(self._of_worker.get(record.worker, -1), before)
        self._of_worker[record.worker] = generation
        if is_reset:
            self._of_worker = {record.worker: generation}
        if before is not None and generation <= before and not is_reset:
            return None
        self._generation = generation
        if before is None:
            return None
        self._current = Event(
            record.time,
            "rebalance",
            generation=generation,
            previous_generation=before,
            steps=1 if is_reset else generation - before,
            is_reset=is_reset,
        )
        return self._current

    def _own(self, key: StatusKey, worker: str) -> None:
        previous = self._owners.get(key)
        if previous == worker:
            return
        now = self._current
        if now is not None:
            if not self._owned[worker]:
                _without(now.left, worker)
                if worker not in now.joined:
                    now.joined.append(worker)
            if previous is not None and self._is_chosen(key.connector):
                now.moved.append(Move(key.connector, key.task, previous, worker))
        self._release(key)
        if now is not None and previous is not None and not self._owned[previous]:
            # A worker may own nothing for a moment in which others have taken over what it gets back.
            _without(now.joined, previous)
            now.left.append(previous)
        self._owners[key] = worker
        self._owned[worker] += 1

    def _release(self, key: StatusKey) -> None:
        previous = self._owners.pop(key, None)
        if previous is not None:
            self._owned[previous] -= 1


def _without(workers: list[str], worker: str) -> None:
    if worker in workers:
        workers.remove(worker)
