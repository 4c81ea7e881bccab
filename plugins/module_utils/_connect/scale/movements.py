# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The movements of work during a scaling action: previous owner, new owner, and time without an owner."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ..group.protocol import CONNECTOR_ITSELF, Group, WorkItem
from .evidence import InitialState


@dataclass(frozen=True)
class Move:
    """One connector instance or task that moved to another worker, or had no owner for a while. `unassigned`: seconds."""

    piece: WorkItem
    previous: str
    owner: str
    unassigned: float

    @property
    def is_task(self) -> bool:
        return self.piece[1] != CONNECTOR_ITSELF


@dataclass
class Movements:
    """Collected from successive snapshots; what happens between two of them stays unseen. Times are monotonic seconds."""

    initial: InitialState
    rebalances: int = 0
    _group: Group | None = None
    _owners: dict[WorkItem, str] = field(default_factory=dict)
    _unassigned_since: dict[WorkItem, float] = field(default_factory=dict)
    _unassigned: dict[WorkItem, float] = field(default_factory=dict)

    def observe(self, group: Group, now: float) -> None:
        if self._is_another_rebalance(group):
            self.rebalances += 1
        self._group = group
        # During a rebalance the brokers do not show assignments.
        if not group.is_stable:
            return
        owners = {piece: members[0].url for piece, members in group.owners.items()}
        for piece in self.initial.owners:
            if piece not in owners:
                self._unassigned_since.setdefault(piece, now)
            elif piece in self._unassigned_since:
                since = self._unassigned_since.pop(piece)
                self._unassigned[piece] = self._unassigned.get(piece, 0.0) + now - since
        self._owners = owners

    def moves(self) -> Iterator[Move]:
        """What has a new owner, or had none for a while, by name."""
        previous = self.initial.owners
        for piece in sorted(previous):
            owner, unassigned = self._owners.get(piece, ""), self._unassigned.get(piece, 0.0)
            if owner and (owner != previous[piece] or unassigned):
                yield Move(piece, previous[piece], owner, round(unassigned, 1))

    def _is_another_rebalance(self, group: Group) -> bool:
        """A rebalance shows as a state or, if it ended between two snapshots, as a new assignment."""
        last = self._group
        if last is None:
            return group.is_rebalancing
        if group.is_rebalancing:
            return not last.is_rebalancing
        return last.is_stable and group.is_stable and last.members != group.members
