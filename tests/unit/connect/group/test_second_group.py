# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Workers of another group that run the same connectors and tasks."""

from __future__ import annotations

from collections.abc import Sequence

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.group_findings import (
    GroupFinding,
    RestView,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.protocol import (
    CONNECTOR_ITSELF,
    Group,
    WorkItem,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.second_group import (
    find_second_groups,
)
from tests.unit.connect.group_bytes import address, member, rebalancing, stable

ORDERS: list[WorkItem] = [("orders", CONNECTOR_ITSELF), ("orders", 0)]
BILLS: list[WorkItem] = [("bills", CONNECTOR_ITSELF), ("bills", 0)]
MINE = stable(member(1, ORDERS), member(2, BILLS))


def found(
    *others: Group, mine: Group = MINE, wrote: int = 1, work: Sequence[WorkItem] = (*ORDERS, *BILLS)
) -> list[GroupFinding]:
    """With `wrote`, the worker that has written the last status of all connectors and tasks."""
    writers = dict.fromkeys(work, address(wrote).removeprefix("http://"))
    view = RestView(address(1), frozenset(name for name, _task in work), frozenset(work), {}, writers)
    return list(find_second_groups(mine, view, others))


def test_a_worker_that_writes_statuses_of_what_it_owns_in_another_group_makes_it_run_twice() -> None:
    (reported,) = found(stable(member(3, [*ORDERS, *BILLS]), group_id="astray"), wrote=3)
    assert (reported.kind, reported.severity) == ("second_group", "error")
    assert "the group astray runs them, too" in reported.evidence
    assert f"worker {address(3)} writes" in reported.evidence
    assert reported.advice.startswith(f"stop {address(3)}, correct group.id")


def test_the_same_work_in_another_group_is_a_warning() -> None:
    (reported,) = found(stable(member(3, [*ORDERS, *BILLS]), group_id="blue"))
    assert (reported.kind, reported.severity) == ("second_group", "warning")
    assert "the group blue" in reported.evidence
    assert "if it has topics of its own, nothing is wrong" in reported.advice


def test_a_cluster_that_shares_some_names_is_not_a_second_group() -> None:
    assert found(stable(member(3, ORDERS), group_id="other")) == []


def test_a_worker_that_moved_to_a_cluster_with_other_work_is_not_reported() -> None:
    """It may have left a status; it does not own the connector or task."""
    assert found(stable(member(3, [("other", 0)]), group_id="other"), wrote=3) == []


def test_an_address_that_both_groups_advertise_is_not_evidence() -> None:
    home = "http://localhost:8083"
    mine, theirs = stable(member(1, ORDERS, url=home)), stable(member(3, [*ORDERS, *BILLS], url=home), group_id="other")
    writers = dict.fromkeys(ORDERS, "localhost:8083")
    view = RestView(home, frozenset({"orders"}), frozenset(ORDERS), {}, writers)
    assert [finding.severity for finding in find_second_groups(mine, view, [theirs])] == ["warning"]


def test_nothing_is_reported_while_either_group_rebalances() -> None:
    theirs = stable(member(3, [*ORDERS, *BILLS]), group_id="astray")
    assert found(theirs, mine=rebalancing(member(1), member(2)), wrote=3) == []
    assert found(rebalancing(member(3)), wrote=3) == []


def test_a_cluster_without_connectors_is_not_a_second_group() -> None:
    assert found(stable(member(3), group_id="other"), mine=stable(member(1)), work=()) == []
