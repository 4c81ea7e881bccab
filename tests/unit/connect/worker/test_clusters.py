# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The clusters that the workers of an inventory form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.worker.clusters import (
    clusters_of,
    is_near_miss,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.worker.keys import OLDEST_KAFKA
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.worker.worker_file import WorkerConfig


def member(host: str, group: str, servers: str = "kafka-1:9092") -> WorkerConfig:
    return WorkerConfig(host, {"group.id": group, "bootstrap.servers": servers}, OLDEST_KAFKA)


def hosts_of(*workers: WorkerConfig) -> list[tuple[str, ...]]:
    return [cluster.hosts for cluster in clusters_of(workers)]


def test_workers_of_two_groups_are_two_clusters() -> None:
    workers = [member("o1", "orders"), member("p1", "payments"), member("o2", "orders"), member("p2", "payments")]
    assert hosts_of(*workers) == [("o1", "o2"), ("p1", "p2")]


def test_the_description_names_group_and_hosts() -> None:
    workers = [member("o1", "orders"), member("o2", "orders"), member("p1", "payments")]
    assert [str(cluster) for cluster in clusters_of(workers)] == ["orders (2 hosts)", "payments (1 host)"]


def test_lists_of_brokers_that_overlap_belong_to_one_cluster() -> None:
    workers = [
        member("w1", "connect", "a:9092,b:9092"),
        member("w2", "connect", "c:9092"),
        member("w3", "connect", "B:9092,C:9092"),
    ]
    assert hosts_of(*workers) == [("w1", "w2", "w3")]


def test_the_same_group_on_other_brokers_is_another_cluster() -> None:
    assert hosts_of(member("w1", "connect", "a:9092"), member("w2", "connect", "b:9092")) == [("w1",), ("w2",)]


def test_brokers_that_only_a_worker_can_read_may_be_the_same() -> None:
    assert hosts_of(member("w1", "connect", "a:9092"), member("w2", "connect", "${env:BROKERS}")) == [("w1", "w2")]


def test_a_single_worker_with_a_typing_error_belongs_to_the_cluster_that_is_meant() -> None:
    workers = [member("w1", "connect-order"), member("w2", "connect-orders"), member("w3", "connect-orders")]
    assert hosts_of(*workers) == [("w1", "w2", "w3")]


def test_two_workers_with_the_same_name_are_meant() -> None:
    workers = [member(f"w{number}", "orders" if number < 3 else "order") for number in (1, 2, 3, 4)]
    assert hosts_of(*workers) == [("w1", "w2"), ("w3", "w4")]


def test_a_near_miss_on_other_brokers_is_another_cluster() -> None:
    workers = [member("w1", "order", "b:9092"), member("w2", "orders", "a:9092"), member("w3", "orders", "a:9092")]
    assert hosts_of(*workers) == [("w1",), ("w2", "w3")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("orders", "order"),
        ("orders", "oders"),
        ("orders", "ordesr"),
        ("orders", "ordres"),
        ("orders", "Orders"),
        ("orders", "ordars"),
    ],
)
def test_one_wrong_letter_is_a_near_miss(one: str, other: str) -> None:
    assert is_near_miss(one, other)
    assert is_near_miss(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("orders", "orders"),
        ("connect-1", "connect-2"),
        ("connect", "connect-2"),
        ("connect-1", "connect-12"),
        ("orders", "payments"),
    ],
)
def test_numbers_and_other_words_are_meant(one: str, other: str) -> None:
    assert not is_near_miss(one, other)
    assert not is_near_miss(other, one)


SERVERS = st.sampled_from(["a:1", "b:1", "a:1,b:1", "c:1", "${env:X}"])


def drawn_workers(*names: str) -> st.SearchStrategy[list[WorkerConfig]]:
    drawn = st.lists(st.tuples(st.sampled_from(names), SERVERS), max_size=8)
    return drawn.map(
        lambda pairs: [member(f"w{number}", group, servers) for number, (group, servers) in enumerate(pairs)]
    )


@given(drawn_workers("orders", "order", "Orders", "payments", "connect-1", "connect-2"))
def test_each_worker_is_in_one_cluster(workers: list[WorkerConfig]) -> None:
    hosts = [host for cluster in clusters_of(workers) for host in cluster.hosts]
    assert sorted(hosts) == sorted(worker.host for worker in workers)


@given(drawn_workers("orders", "payments", "connect-1"))
def test_the_order_of_the_inventory_does_not_matter(workers: list[WorkerConfig]) -> None:
    one, other = clusters_of(workers), clusters_of(workers[::-1])
    assert {frozenset(cluster.hosts) for cluster in one} == {frozenset(cluster.hosts) for cluster in other}
