# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The partition of a group, and how partitions without a leader are shown."""

from __future__ import annotations

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.brokers import Partition
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.internal_topics import (
    partition_of,
    partition_shown,
)


@pytest.mark.parametrize(
    ("group_id", "partitions", "number"),
    [
        # Observed on brokers.
        ("connect-cluster", 50, 13),
        ("sandbox", 5, 2),
        ("", 50, 0),
        # String.hashCode() counts the two units of UTF-16.
        ("\N{ROCKET}", 50, 1773027 % 50),
        # Its hash is the smallest integer, whose absolute value does not exist.
        ("polygenelubricants", 50, 0),
    ],
)
def test_the_partition_of_a_group_is_that_of_the_brokers(group_id: str, partitions: int, number: int) -> None:
    assert partition_of(group_id, partitions) == number


@pytest.mark.parametrize(
    ("partition", "alive", "shown"),
    [
        (Partition(0, None, (3,), ()), (1, 2), "has no leader (replicas on broker 3; broker 3 is not alive)"),
        (
            Partition(0, None, (1, 2, 3), ()),
            (1,),
            "has no leader (replicas on brokers 1, 2 and 3; brokers 2 and 3 are not alive)",
        ),
        (Partition(0, None, (1,), ()), (1,), "has no leader (replicas on broker 1)"),
        (
            Partition(0, 1, (1, 2, 3), (1,)),
            (1, 2),
            "has 1 of 3 replicas in sync, fewer than min.insync.replicas (leader broker 1; broker 3 is not alive)",
        ),
    ],
)
def test_a_partition_without_writes_is_shown_with_its_brokers(
    partition: Partition, alive: tuple[int, ...], shown: str
) -> None:
    assert partition_shown(partition, alive) == shown


@pytest.mark.parametrize(
    ("partition", "required", "accepts"),
    [
        (Partition(0, None, (1,), (1,)), 1, False),
        (Partition(0, 1, (1, 2), (1,)), 2, False),
        (Partition(0, 1, (1, 2), (1,)), 1, True),
        # Brokers use the smaller number.
        (Partition(0, 1, (1,), (1,)), 2, True),
        # Not known, because the brokers hide it.
        (Partition(0, 1, (1, 2), (1,)), 0, True),
    ],
)
def test_a_partition_accepts_writes_with_a_leader_and_enough_replicas(
    partition: Partition, required: int, accepts: bool
) -> None:
    assert partition.accepts_writes(required) is accepts
