# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Consumer groups and offsets from prepared responses of brokers."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from types import SimpleNamespace
from typing import Any

import pytest
from confluent_kafka import ConsumerGroupTopicPartitions, KafkaError, TopicPartition

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import BrokersError
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group import brokers as adapter
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group import consumer_groups
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.brokers import (
    Brokers,
    BrokersClient,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.consumer_groups import (
    Consumer,
    ConsumerGroups,
)
from tests.unit.connect.told_brokers import Told, answered, partitions


class Groups(Told):
    """Brokers with two groups and a topic of two partitions, the second one without a leader."""

    def __init__(self) -> None:
        super().__init__({"sales": partitions(1, 1)})
        self.calls: list[int] = []

    def describe_consumer_groups(self, groups: Sequence[str], **_options: Any) -> dict[str, Future[Any]]:
        self.calls.append(len(groups))
        assigned = SimpleNamespace(topic_partitions=[TopicPartition("sales", 0)])
        member = SimpleNamespace(member_id="id", client_id="c", host="/10.0.0.1", assignment=assigned)
        described = {
            "a": SimpleNamespace(state=SimpleNamespace(name="STABLE"), members=[member]),
            "moving": SimpleNamespace(state=SimpleNamespace(name="PREPARING_REBALANCING"), members=[member]),
        }
        return {name: answered(described.get(name, KafkaError.GROUP_AUTHORIZATION_FAILED)) for name in groups}

    def list_consumer_group_offsets(
        self, asked: Sequence[ConsumerGroupTopicPartitions], **_options: Any
    ) -> dict[str, Future[Any]]:
        (group,) = asked
        found = [TopicPartition("sales", 0, 7), TopicPartition("sales", 1, -1001)]
        answer = SimpleNamespace(topic_partitions=[SimpleNamespace(**_shown(one)) for one in found])
        return {group.group_id: answered(answer if group.group_id == "a" else KafkaError.COORDINATOR_NOT_AVAILABLE)}

    def list_offsets(self, asked: dict[TopicPartition, Any], **_options: Any) -> dict[TopicPartition, Future[Any]]:
        self.calls.append(len(asked))
        return {
            part: answered(SimpleNamespace(offset=9) if part.partition == 0 else KafkaError.LEADER_NOT_AVAILABLE)
            for part in asked
        }


def _shown(part: TopicPartition) -> dict[str, Any]:
    return {"topic": part.topic, "partition": part.partition, "offset": part.offset, "error": None}


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Groups:
    groups = Groups()
    monkeypatch.setattr(adapter, "AdminClient", lambda *_given, **_more: groups)
    return groups


@pytest.fixture
def source(told: Groups) -> ConsumerGroups:
    del told
    return ConsumerGroups(BrokersClient(Brokers(("a:1",), {}, 0.3)))


def test_only_stable_groups_have_members(source: ConsumerGroups) -> None:
    assert source.members(["a", "moving", "denied"]) == {
        "a": (Consumer("id", "c", "10.0.0.1", frozenset({("sales", 0)})),)
    }


def test_partitions_without_a_committed_offset_are_left_out(source: ConsumerGroups) -> None:
    assert source.committed(["a", "denied"]) == {"a": {("sales", 0): 7}}


def test_offsets_of_partitions_without_a_leader_are_left_out(source: ConsumerGroups) -> None:
    assert source.ends([("sales", 0), ("sales", 1)]) == {("sales", 0): 9}
    assert source.begins([("sales", 0)]) == {("sales", 0): 9}


def test_missing_topics_have_no_partitions(source: ConsumerGroups) -> None:
    assert source.partitions(["sales", "absent"]) == {"sales": 2}


def test_many_groups_and_partitions_are_asked_for_in_portions(source: ConsumerGroups, told: Groups) -> None:
    source.members([f"g{number}" for number in range(250)])
    source.ends([("sales", number) for number in range(4500)])
    assert told.calls == [100, 100, 50, 2000, 2000, 500]


def test_brokers_that_do_not_answer_leave_everything_out(source: ConsumerGroups, told: Groups) -> None:
    told.list_offsets = lambda asked, **_options: {part: Future() for part in asked}  # type: ignore[method-assign]  # an answer that never comes
    assert source.ends([("sales", 0)]) == {}


def test_a_client_library_without_these_requests_is_reported(monkeypatch: pytest.MonkeyPatch, told: Groups) -> None:
    del told
    monkeypatch.setattr(consumer_groups, "IS_TOO_OLD", True)
    with pytest.raises(BrokersError, match="too old"):
        ConsumerGroups(BrokersClient(Brokers(("a:1",), {}, 0.3)))
