# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Movements of the work of a cluster while a worker joined or left."""

from __future__ import annotations

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.protocol import (
    CONNECTOR_ITSELF,
    Group,
    WorkItem,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.scale.evidence import InitialState
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.scale.movements import Move, Movements
from tests.unit.connect.group_bytes import address, member, rebalancing, stable

A: list[WorkItem] = [("a", CONNECTOR_ITSELF), ("a", 0)]
B: list[WorkItem] = [("b", CONNECTOR_ITSELF), ("b", 0)]
BEFORE = InitialState({address(1): frozenset([*A, *B])})


def seen(*looks: Group) -> Movements:
    """The movements in one snapshot per second."""
    movements = Movements(BEFORE)
    for second, group in enumerate(looks):
        movements.observe(group, float(second))
    return movements


def test_work_that_stays_has_not_moved() -> None:
    group = stable(member(1, [*A, *B]))
    movements = seen(group, group)
    assert (list(movements.moves()), movements.rebalances) == ([], 0)


def test_a_new_worker_takes_over_after_two_rebalances() -> None:
    both = [member(1, [*A, *B]), member(2)]
    movements = seen(
        stable(member(1, [*A, *B])),
        rebalancing(*both),
        rebalancing(*both),
        stable(member(1, A), member(2)),
        rebalancing(*both),
        stable(member(1, A), member(2, B)),
    )
    task = Move(("b", 0), address(1), address(2), 2.0)
    assert [move for move in movements.moves() if move.is_task] == [task]
    assert movements.rebalances == 2


def test_a_rebalance_between_two_snapshots_counts() -> None:
    assert seen(stable(member(1, [*A, *B])), stable(member(1, A), member(2, B))).rebalances == 1


def test_returned_work_was_unassigned_in_between() -> None:
    movements = seen(stable(member(1, [*A, *B])), stable(member(2)), stable(member(2)), stable(member(1, [*A, *B])))
    assert [(move.previous, move.owner, move.unassigned) for move in movements.moves() if move.is_task] == [
        (address(1), address(1), 2.0),
        (address(1), address(1), 2.0),
    ]
