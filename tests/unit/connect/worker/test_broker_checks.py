# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Replication factors and internal topics compared with the brokers, and what the brokers hide."""

from __future__ import annotations

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.brokers import Topic
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.worker.broker_checks import (
    BrokersView,
    check_view,
    not_visible,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.worker.worker_file import WorkerConfig
from tests.unit.connect.worker_support import short, worker

ERROR, WARNING = True, False
CONFIGS = Topic("connect-configs", 1, 3, "compact", 2)
OFFSETS = Topic("connect-offsets", 25, 3, "compact", 2)


def findings_for(
    *topics: Topic, brokers: int = 3, workers: tuple[WorkerConfig, ...] = ()
) -> list[tuple[str, str, bool]]:
    """The findings about these workers, by default about one valid worker."""
    view = BrokersView(brokers, None, topics)
    return [short(finding) for finding in check_view(workers or (worker(),), view)]


def test_valid_topics_and_missing_topics_have_no_findings() -> None:
    assert findings_for(CONFIGS, OFFSETS) == []
    assert findings_for() == []


def test_a_factor_above_the_number_of_brokers_is_an_error_for_a_missing_topic() -> None:
    found = findings_for(brokers=1, workers=(worker(status_storage_replication_factor="-1"),))
    assert found == [
        (key, "3 is more than the 1 broker available: give at most 1, or add brokers", ERROR)
        for key in ("config.storage.replication.factor", "offset.storage.replication.factor")
    ]


def test_a_factor_is_not_checked_for_an_existing_topic() -> None:
    keys = [key for key, _text, _wrong in findings_for(CONFIGS, brokers=2)]
    assert keys == ["offset.storage.replication.factor", "status.storage.replication.factor"]
    # A topic that the brokers hide may be missing.
    assert len(findings_for(Topic("connect-configs"), brokers=2)) == 3


@pytest.mark.parametrize("policy", ["delete", "compact,delete", "Delete, Compact"])
def test_a_policy_other_than_compact_is_an_error(policy: str) -> None:
    ((key, text, wrong),) = findings_for(CONFIGS, Topic("connect-offsets", 25, 3, policy, 2))
    assert (key, wrong) == ("offset.storage.topic", ERROR)
    assert text == (
        f'topic "connect-offsets" has cleanup.policy={policy}, but workers start only if it is exactly compact: set it with '
        "kafka-configs.sh --bootstrap-server HOST:PORT --alter --entity-type topics --entity-name connect-offsets "
        "--add-config cleanup.policy=compact"
    )


def test_a_policy_is_compared_without_case() -> None:
    assert findings_for(Topic("connect-configs", 1, 3, " Compact", 1)) == []


def test_a_topic_without_any_policy_is_a_warning() -> None:
    ((key, text, wrong),) = findings_for(Topic("connect-configs", 1, 3, "", 1))
    assert (key, wrong) == ("config.storage.topic", WARNING)
    assert "has no cleanup.policy, so it grows without limit: set it with kafka-configs.sh" in text


def test_a_config_topic_with_several_partitions_is_an_error() -> None:
    ((key, text, wrong),) = findings_for(Topic("connect-configs", 3, 3, "compact", 2))
    assert (key, wrong) == ("config.storage.topic", ERROR)
    assert text.startswith(
        'topic "connect-configs" has 3 partitions, but workers start only if it has 1, and Kafka removes none: '
    )
    assert "delete the topic if it is empty, or name a new one" in text


def test_fewer_replicas_than_the_factor_are_a_warning() -> None:
    alone = Topic("connect-configs", 1, 1, "compact", 1)
    ((key, text, wrong),) = findings_for(alone)
    assert (key, wrong) == ("config.storage.replication.factor", WARNING)
    assert text == (
        '3, but topic "connect-configs" has 1 replica, and the key applies only when a worker creates the topic: '
        "add replicas with kafka-reassign-partitions.sh, or give 1"
    )
    assert findings_for(alone, workers=(worker(config_storage_replication_factor="-1"),)) == []
    assert findings_for(alone, workers=(worker(config_storage_replication_factor="1"),)) == []


def test_min_insync_replicas_above_the_replicas_is_a_warning() -> None:
    ((key, text, wrong),) = findings_for(Topic("connect-configs", 1, 3, "compact", 4))
    assert (key, wrong) == ("config.storage.topic", WARNING)
    assert (
        'topic "connect-configs" has min.insync.replicas=4, but 3 replicas: older brokers reject writes to it' in text
    )


def test_a_topic_is_reported_for_the_first_worker_that_has_it() -> None:
    other = worker("w2", config_storage_topic="other-configs")
    topics = [Topic(name, 2, 3, "compact", 1) for name in ("connect-configs", "other-configs")]
    view = BrokersView(3, None, tuple(topics))
    hosts = [finding.host for finding in check_view([worker("w1"), other, worker("w3")], view)]
    assert hosts == ["w1", "w2"]


def test_what_the_brokers_hide_is_listed_and_not_an_error() -> None:
    hidden, half_hidden = Topic("connect-configs"), Topic("connect-offsets", 25, 3)
    assert findings_for(hidden, half_hidden) == []
    assert list(not_visible(BrokersView(3, None, (hidden, half_hidden)))) == [
        'the brokers do not show whether topic "connect-configs" exists, nor its replicas (ACL Describe)',
        'the brokers do not show whether topic "connect-configs" is compacted (ACL DescribeConfigs)',
        'the brokers do not show whether topic "connect-offsets" is compacted (ACL DescribeConfigs)',
    ]
    assert list(not_visible(BrokersView(3, None, (CONFIGS, OFFSETS)))) == []
