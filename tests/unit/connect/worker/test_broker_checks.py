# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Replication factors and internal topics against what the brokers say, and what they do not say."""

from __future__ import annotations

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.brokers import Topic
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.worker.broker_checks import (
    BrokersView,
    check_view,
    not_told,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.worker.worker_file import WorkerConfig
from tests.unit.connect.worker_support import short, worker

ERROR, WARNING = True, False
CONFIGS = Topic("connect-configs", 1, 3, "compact", 2)
OFFSETS = Topic("connect-offsets", 25, 3, "compact", 2)


def said(*topics: Topic, brokers: int = 3, workers: tuple[WorkerConfig, ...] = ()) -> list[tuple[str, str, bool]]:
    """What is said of these workers, of one good worker by default."""
    view = BrokersView(brokers, None, topics)
    return [short(finding) for finding in check_view(workers or (worker(),), view)]


def test_nothing_is_said_of_good_topics_nor_of_those_that_are_not_there() -> None:
    assert said(CONFIGS, OFFSETS) == []
    assert said() == []


def test_factors_that_the_brokers_cannot_give_to_a_topic_that_has_to_be_created() -> None:
    found = said(brokers=1, workers=(worker(status_storage_replication_factor="-1"),))
    assert found == [
        (key, "3 is more than the 1 broker there are: give at most 1, or add brokers", ERROR)
        for key in ("config.storage.replication.factor", "offset.storage.replication.factor")
    ]


def test_a_factor_does_not_count_any_more_for_a_topic_that_is_there() -> None:
    keys = [key for key, _text, _wrong in said(CONFIGS, brokers=2)]
    assert keys == ["offset.storage.replication.factor", "status.storage.replication.factor"]
    # It may not be there where the brokers do not tell.
    assert len(said(Topic("connect-configs"), brokers=2)) == 3


@pytest.mark.parametrize("policy", ["delete", "compact,delete", "Delete, Compact"])
def test_a_topic_that_is_not_compacted_alone(policy: str) -> None:
    ((key, text, wrong),) = said(CONFIGS, Topic("connect-offsets", 25, 3, policy, 2))
    assert (key, wrong) == ("offset.storage.topic", ERROR)
    assert text == (
        f'topic "connect-offsets" has cleanup.policy={policy}, and no worker starts unless it is compact alone: set it with '
        "kafka-configs.sh --bootstrap-server HOST:PORT --alter --entity-type topics --entity-name connect-offsets "
        "--add-config cleanup.policy=compact"
    )


def test_a_policy_in_capitals_is_the_same_policy() -> None:
    assert said(Topic("connect-configs", 1, 3, " Compact", 1)) == []


def test_a_topic_without_any_policy_lets_workers_start() -> None:
    ((key, text, wrong),) = said(Topic("connect-configs", 1, 3, "", 1))
    assert (key, wrong) == ("config.storage.topic", WARNING)
    assert "has no cleanup.policy, so that it grows for ever: set it with kafka-configs.sh" in text


def test_a_config_topic_with_several_partitions() -> None:
    ((key, text, wrong),) = said(Topic("connect-configs", 3, 3, "compact", 2))
    assert (key, wrong) == ("config.storage.topic", ERROR)
    assert text.startswith('topic "connect-configs" has 3 partitions, and no worker starts unless it is 1; ')
    assert "delete the topic if nothing is in it, or name one that does not exist" in text


def test_fewer_replicas_than_the_factor() -> None:
    alone = Topic("connect-configs", 1, 1, "compact", 1)
    ((key, text, wrong),) = said(alone)
    assert (key, wrong) == ("config.storage.replication.factor", WARNING)
    assert text == (
        '3, but topic "connect-configs" has 1 replica, and the key counts only when a topic is created: '
        "add replicas with kafka-reassign-partitions.sh, or give 1"
    )
    assert said(alone, workers=(worker(config_storage_replication_factor="-1"),)) == []
    assert said(alone, workers=(worker(config_storage_replication_factor="1"),)) == []


def test_more_replicas_in_sync_than_there_are() -> None:
    ((key, text, wrong),) = said(Topic("connect-configs", 1, 3, "compact", 4))
    assert (key, wrong) == ("config.storage.topic", WARNING)
    assert (
        'topic "connect-configs" has min.insync.replicas=4, but 3 replicas: older brokers take no write to it' in text
    )


def test_a_topic_is_told_of_the_first_worker_that_has_it() -> None:
    other = worker("w2", config_storage_topic="other-configs")
    topics = [Topic(name, 2, 3, "compact", 1) for name in ("connect-configs", "other-configs")]
    view = BrokersView(3, None, tuple(topics))
    hosts = [finding.host for finding in check_view([worker("w1"), other, worker("w3")], view)]
    assert hosts == ["w1", "w2"]


def test_what_the_brokers_keep_is_no_fault_and_is_left_out() -> None:
    hidden, half_hidden = Topic("connect-configs"), Topic("connect-offsets", 25, 3)
    assert said(hidden, half_hidden) == []
    assert list(not_told(BrokersView(3, None, (hidden, half_hidden)))) == [
        'the brokers do not tell whether topic "connect-configs" is there, nor its replicas (ACL Describe)',
        'the brokers do not tell whether topic "connect-configs" is compacted (ACL DescribeConfigs)',
        'the brokers do not tell whether topic "connect-offsets" is compacted (ACL DescribeConfigs)',
    ]
    assert list(not_told(BrokersView(3, None, (CONFIGS, OFFSETS)))) == []
