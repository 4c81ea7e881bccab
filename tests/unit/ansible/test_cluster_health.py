# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How cluster_health learns the names of the internal topics."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import BrokersError
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group import broker_facts, membership
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.broker_facts import BrokerFacts
from testing.ansible_runs.in_process import make_action
from testing.fake_connect import FakeCluster

FILE = "config.storage.topic = c1\noffset.storage.topic=o1\nstatus.storage.topic=s1\n"


def run(fake: FakeCluster, **options: Any) -> dict[str, Any]:
    given = {"url": fake.urls, "bootstrap_servers": ["127.0.0.1:1"], **options}
    result: dict[str, Any] = make_action("cluster_health", given).run(task_vars={})
    return result


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Mapping[str, str]]:
    """The names of the topics of which the brokers are asked. They return nothing."""
    names: list[Mapping[str, str]] = []

    def read_group(*_given: Any) -> None:
        raise BrokersError("no brokers")

    def read_facts(*given: Any) -> BrokerFacts:
        names.append(given[-1])
        return BrokerFacts()

    monkeypatch.setattr(membership, "read_group", read_group)
    monkeypatch.setattr(broker_facts, "read_facts", read_facts)
    return names


def test_only_named_topics_are_checked(fake: FakeCluster, asked: list[Mapping[str, str]]) -> None:
    run(fake)
    run(fake, config_topic=" configs ", status_topic="statuses")
    assert asked == [{}, {"config": "configs", "status": "statuses"}]


def test_each_check_of_the_brokers_has_its_own_switch(
    fake: FakeCluster, asked: list[Mapping[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    topics: list[Mapping[str, str]] = []

    def read_internal_topics(*given: Any) -> BrokerFacts:
        topics.append(given[-1])
        return BrokerFacts()

    monkeypatch.setattr(broker_facts, "read_internal_topics", read_internal_topics)
    run(fake, config_topic="configs", checks=["brokers"])
    assert (asked, topics) == ([{}], [])
    run(fake, config_topic="configs", checks=["internal_topics"])
    assert (asked, topics) == ([{}], [{"config": "configs"}])
    run(fake, config_topic="configs", checks=[])
    assert (asked, topics) == ([{}], [{"config": "configs"}])


def test_names_come_from_the_properties_of_a_worker_unless_they_are_given(
    fake: FakeCluster, asked: list[Mapping[str, str]], tmp_path: Path
) -> None:
    file = tmp_path / "connect.properties"
    file.write_text(FILE, encoding="utf-8")
    run(fake, worker_properties=str(file), offset_topic="mine")
    assert asked == [{"config": "c1", "offset": "mine", "status": "s1"}]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"bootstrap_servers": [], "config_topic": "c"}, "have no effect without bootstrap_servers"),
        ({"config_topic": "a topic"}, 'config_topic "a topic" is not the name of a topic'),
        ({"worker_properties": "/no/such/file"}, "no such file or directory"),
    ],
)
def test_invalid_names_are_rejected(fake: FakeCluster, options: dict[str, Any], words: str) -> None:
    result = run(fake, **options)
    assert result["error"]["kind"] == "invalid_input"
    assert words in result["msg"]


def test_a_file_of_a_standalone_worker_is_rejected(fake: FakeCluster, tmp_path: Path) -> None:
    file = tmp_path / "standalone.properties"
    file.write_text("offset.storage.file.filename=/x\n", encoding="utf-8")
    result = run(fake, worker_properties=str(file))
    assert "has no status.storage.topic: give the file of a distributed worker" in result["msg"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"observe": "soon", "checks": ["progress"]}, 'observe "soon" is no duration'),
        ({"observe": "2h", "checks": ["progress"]}, "longer than 3600 s"),
        ({"observe": "30s"}, "no effect without one of the checks dead_letters, progress, rebalances"),
        ({"observe": "30s", "checks": ["progress"], "bootstrap_servers": []}, "no effect without bootstrap_servers"),
        ({"max_rebalances": -1}, "max_rebalances is -1"),
    ],
)
def test_an_observation_that_cannot_be_is_rejected(fake: FakeCluster, options: dict[str, Any], words: str) -> None:
    result = run(fake, **options)
    assert result["error"]["kind"] == "invalid_input"
    assert words in result["msg"]


def test_without_the_group_nothing_is_observed(fake: FakeCluster, asked: list[Mapping[str, str]]) -> None:
    result = run(fake, observe="30", checks=["progress", "dead_letters"])
    assert (result["lag"], result["dead_letters"], asked) == ([], [], [])
    assert [found["kind"] for found in result["findings"]] == ["group_unknown"]


def test_results_of_checks_that_are_off_are_not_returned(fake: FakeCluster, asked: list[Mapping[str, str]]) -> None:
    result = run(fake)
    assert not {"lag", "dead_letters"} & result.keys()
    assert len(asked) == 1
