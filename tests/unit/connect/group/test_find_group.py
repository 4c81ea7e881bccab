# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the group of a cluster is found."""

from __future__ import annotations

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import BrokersError
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.find_group import choose_group
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.protocol import Group, KnownGroups
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.model import Connector, Snapshot, Task
from tests.unit.connect.group_bytes import address, member, rebalancing, stable

NOTHING = Snapshot({})


def known(*groups: Group) -> KnownGroups:
    return KnownGroups(groups)


def ran_on(connector: int, task: int) -> Snapshot:
    """One connector, by the workers that have written its status and that of its task."""
    first, second = (address(number).removeprefix("http://") for number in (connector, task))
    tasks = (Task(0, "RUNNING", second, ""),)
    return Snapshot({"orders": Connector("orders", {}, "source", "RUNNING", first, "", (0,), tasks)})


def test_a_group_is_identified_by_its_members() -> None:
    mine, other = stable(member(1), member(2)), stable(member(3), group_id="other")
    assert choose_group(known(mine, other), [address(2)], NOTHING) is mine


def test_a_rebalancing_group_is_identified_by_client_ids() -> None:
    mine = rebalancing(member(1), member(2))
    assert choose_group(known(mine, stable(member(3), group_id="other")), [address(2)], NOTHING) is mine


def test_behind_a_proxy_a_group_is_identified_by_the_writers_of_statuses() -> None:
    mine, other = stable(member(1), member(2)), stable(member(3), group_id="other")
    assert choose_group(known(mine, other), ["https://connect.example.com"], ran_on(1, 2)) is mine


def test_urls_take_precedence_over_the_writers_of_statuses() -> None:
    mine, other = stable(member(1), member(2)), stable(member(3), group_id="other")
    assert choose_group(known(mine, other), [address(1)], ran_on(1, 3)) is mine


def test_two_matching_groups_are_named() -> None:
    home = [stable(member(1, url="http://localhost:8083"), group_id=name) for name in ("blue", "green")]
    with pytest.raises(BrokersError, match=r"several groups have members at .*: blue, green"):
        choose_group(known(*home), ["http://localhost:8083"], NOTHING)


def test_without_a_matching_group_the_existing_groups_are_named() -> None:
    with pytest.raises(BrokersError) as failed:
        choose_group(known(stable(member(1))), ["http://elsewhere:8083"], NOTHING)
    assert f"orders ({address(1)})" in failed.value.message
    with pytest.raises(BrokersError, match="existing groups: none"):
        choose_group(known(), ["http://elsewhere:8083"], NOTHING)


def test_a_group_is_found_although_another_one_is_unreadable() -> None:
    mine = stable(member(1))
    others = BrokersError("coordinator not available", "check that all brokers run")
    assert choose_group(KnownGroups((mine,), others), [address(1)], NOTHING) is mine


def test_a_possible_match_among_unreadable_groups_is_reported() -> None:
    missing = BrokersError("coordinator not available", "check that all brokers run")
    with pytest.raises(BrokersError, match="coordinator not available"):
        choose_group(KnownGroups((stable(member(1)),), missing), ["http://elsewhere:8083"], NOTHING)
