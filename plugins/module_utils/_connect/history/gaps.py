# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What compaction has removed from a partition, and what follows from that. Pure.

Compaction cleans a log from its beginning up to some offset. In the cleaned part it keeps only the newest record of each key, and it
touches nothing after that part. (A tombstone is removed a day later.) So:

- Between two records of one key that still exist, none is missing.
- The cleaned part ends no later than the first record whose key occurs before. From there on, the log is complete. If the first
  record of a key is there, its key had no value before.
- Before it, the first record of a key is the first one ever only if no offset before it is missing.
"""

from __future__ import annotations


class Gaps:
    """The missing offsets of one partition, from its records, added in order.

    `unread`: there are or were records before the first one that is added.
    """

    def __init__(self, start: int, *, unread: bool) -> None:
        self._unread = unread
        self._next = start
        self._seen: set[bytes] = set()
        self._repeated: tuple[int, int] | None = None
        # By the number of missing offsets in a row from which a gap counts: 1 and 2.
        self._first_gap: dict[int, int] = {}
        self._after_gap: dict[int, int] = {}
        self._first_time: int | None = None
        self._latest = 0
        self._transactional = False

    def add(self, offset: int, time: int, key: bytes) -> None:
        if self._first_time is None:
            self._first_time = time
        # The clock of the next writer may be slow.
        self._latest = max(self._latest, time)
        if offset != self._next:
            for width in (1, 2):
                if offset - self._next >= width:
                    self._first_gap.setdefault(width, self._next)
                    self._after_gap[width] = self._latest
        self._next = offset + 1
        if self._repeated is None:
            if key in self._seen:
                self._repeated = offset, self._latest
                self._seen.clear()
            else:
                self._seen.add(key)

    def end(self, end: int) -> None:
        """`end`: the offset at which the partition ends. Its newest record is never compacted, so a missing last offset belongs to
        the marker of a transaction. Such a marker is one offset wide.
        """
        self._transactional = self._next < end

    def is_first(self, offset: int) -> bool:
        """Whether the first record of a key, if it has this offset, follows no other value of that key. Its key may have had a
        value that was deleted.
        """
        if self._unread:
            return False
        return self._is_oldest(offset) or (self._repeated is not None and offset >= self._repeated[0])

    def had_none(self, offset: int | None, time: int) -> bool:
        """Whether a key certainly had no value at a time before its first record, which has this offset (None: it has none)."""
        if self._unread:
            return False
        complete = self.complete_since
        return complete is None or time >= complete or (offset is not None and self._is_oldest(offset))

    def _is_oldest(self, offset: int) -> bool:
        missing = self._first_gap.get(self._width)
        return missing is None or offset < missing

    @property
    def complete_since(self) -> int | None:
        """The time from which on no record is missing; None if none is missing at all."""
        if self._unread:
            return self._first_time
        after_gap = self._after_gap.get(self._width)
        if after_gap is None or self._repeated is None:
            return after_gap
        return min(after_gap, self._repeated[1])

    @property
    def _width(self) -> int:
        return 2 if self._transactional else 1
