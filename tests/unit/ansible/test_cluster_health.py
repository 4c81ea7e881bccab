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
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.broker_facts import (
    BrokerFacts,
    Server,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.protocol import Group
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.health import check, without_workers
from testing.ansible_runs.in_process import make_action
from testing.fake_connect import FakeCluster, faults, matching
from testing.fake_registry import FakeRegistry
from tests.contract.modules.shapes import misfits
from tests.unit.connect.support import file_source

REFUSED = Server("127.0.0.1:1", "unreachable", "connection refused", "start the broker", refuses=True)
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


# No worker answers


@pytest.fixture
def dead(fake: FakeCluster, asked: list[Mapping[str, str]], monkeypatch: pytest.MonkeyPatch) -> FakeCluster:
    """A cluster whose workers and brokers refuse connections."""
    for worker in fake.workers:
        worker.kill()

    def no_answer(*_given: Any) -> None:
        raise BrokersError("no broker answers", "start one", server_problem="unreachable")

    def read_facts(*given: Any) -> BrokerFacts:
        asked.append(given[-1])
        return BrokerFacts(servers=(REFUSED,))

    monkeypatch.setattr(without_workers, "find_group", no_answer)
    monkeypatch.setattr(broker_facts, "read_facts", read_facts)
    return fake


def test_brokers_are_named_first_where_no_worker_answers_either(dead: FakeCluster) -> None:
    result = run(dead, conflict_timeout=0)
    assert (result["failed"], result["error"]["kind"], result["healthy"]) == (True, "connection_refused", False)
    assert result["msg"].startswith(
        "the cluster is not healthy: bootstrap server 127.0.0.1:1 can't be reached: connection refused; because of that "
        "the workers' group is unknown and 3 workers do not answer; 0 workers of url answer; "
    )
    assert result["error"]["advice"] == "start the broker"
    causes = {found["id"]: found["caused_by"] for found in result["findings"]}
    assert causes == {
        "broker_unreachable:127.0.0.1:1": [],
        "group_unknown:group": ["broker_unreachable:127.0.0.1:1"],
        **{f"worker_unreachable:{url}": ["broker_unreachable:127.0.0.1:1"] for url in dead.urls},
    }
    assert [worker["reachable"] for worker in result["workers"]] == [False] * 3
    assert "summary" not in result
    assert misfits("cluster_health", result) == []


def test_the_brokers_are_asked_after_a_wait_without_any_worker(
    dead: FakeCluster, asked: list[Mapping[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "SHORTEST_PAUSE", 0.01)
    result = run(dead, conflict_timeout=0, wait_timeout=0.3, stable_for=0, config_topic="configs")
    assert "(waited 0.3 s for the cluster to be healthy)" in result["msg"]
    assert (result["findings"][0]["kind"], asked) == ("broker_unreachable", [{"config": "configs"}])


def test_where_the_brokers_are_fine_the_error_stays_as_it_is(
    dead: FakeCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = run(dead, conflict_timeout=0, bootstrap_servers=[])
    monkeypatch.setattr(broker_facts, "read_facts", lambda *_given: BrokerFacts())
    monkeypatch.setattr(without_workers, "find_group", lambda *_given: Group("g", "Empty", "connect", ""))
    result = run(dead, conflict_timeout=0)
    assert (result["msg"], result["error"]) == (plain["msg"], plain["error"])
    workers = [f"worker_unreachable:{url}" for url in sorted(dead.urls)]
    causes = {found["id"]: found["caused_by"] for found in result["findings"]}
    assert causes["no_members:group g"] == workers
    assert "findings" not in plain


@pytest.mark.parametrize("options", [{"checks": ["internal_topics"]}, {"bootstrap_servers": []}])
def test_brokers_that_are_not_to_be_checked_are_not_asked(
    dead: FakeCluster, asked: list[Mapping[str, str]], options: dict[str, Any]
) -> None:
    result = run(dead, conflict_timeout=0, **options)
    assert (result["error"]["kind"], asked) == ("connection_refused", [])
    assert "findings" not in result


def test_workers_that_refuse_a_login_do_not_send_the_search_to_the_brokers(
    fake: FakeCluster, asked: list[Mapping[str, str]]
) -> None:
    fake.script(matching("GET", "/"), [faults.refuse(401, "who are you?", times=9)])
    result = run(fake, conflict_timeout=0)
    assert (result["error"]["kind"], asked) == ("authentication_failed", [])
    assert "findings" not in result


# Schema registries


def avro(registry: FakeRegistry, **more: str) -> dict[str, str]:
    return {**file_source(), "value.converter.schema.registry.url": registry.url, **more}


def of_registries(fake: FakeCluster, **options: Any) -> list[dict[str, Any]]:
    result = run(fake, bootstrap_servers=[], checks=["registries"], **options)
    assert misfits("cluster_health", result) == []
    assert result["run"]["worker"] in fake.urls
    return [found for found in result["findings"] if found["kind"].startswith(("registry_", "schema_"))]


def test_registries_are_asked_only_if_that_is_requested(fake: FakeCluster) -> None:
    with FakeRegistry() as registry:
        fake.connectors.put("orders", avro(registry))
        run(fake, bootstrap_servers=[])
        assert registry.asked == []
        assert of_registries(fake) == []
        assert [asked[:2] for asked in registry.asked] == [("GET", "/config")]


def test_connectors_that_do_nothing_use_no_registry(fake: FakeCluster) -> None:
    with FakeRegistry() as registry:
        fake.connectors.put("orders", avro(registry))
        fake.connectors.set_state("orders", "STOPPED")
        fake.connectors.settle()
        assert of_registries(fake) == []
        assert registry.asked == []


def test_a_registry_that_no_longer_answers_is_found(fake: FakeCluster) -> None:
    with FakeRegistry() as registry:
        fake.connectors.put("orders", avro(registry))
    (found,) = of_registries(fake)
    assert (found["kind"], found["severity"], found["subject"]) == ("registry_unreachable", "warning", registry.url)


def test_no_login_of_a_registry_is_shown(fake: FakeCluster) -> None:
    with FakeRegistry(login="ada:cake-of-the-registry") as registry:
        own = {
            "value.converter.basic.auth.credentials.source": "USER_INFO",
            "value.converter.basic.auth.user.info": "ada:wrong-cake",
        }
        fake.connectors.put("orders", avro(registry, **own))
        (found,) = of_registries(fake)
        assert (found["kind"], "HTTP 401" in found["message"]) == ("registry_unreachable", True)
        login = {"url": [registry.url], "url_username": "ada", "url_password": "cake-of-the-registry"}
        assert of_registries(fake, registry=login) == []
        registry.replies = [(500, {"error_code": 50001, "message": "login ada:cake-of-the-registry"})] * 2
        (found,) = of_registries(fake, registry=login)
        assert "cake-of-the-registry" not in str(found)
    assert "wrong-cake" not in str(found)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"registry": {"url": ["http://r"]}}, "registry has no effect without the check registries"),
        (
            {"registry": {"url_password": "p", "url_username": "u"}, "checks": ["registries"]},
            "registry.url_username and registry.url_password have no effect without registry.url",
        ),
        ({"registry": {"url": ["registry:8081"]}, "checks": ["registries"]}, "is not the URL of a schema registry"),
    ],
)
def test_options_for_registries_that_cannot_be_are_rejected(
    fake: FakeCluster, options: dict[str, Any], words: str
) -> None:
    result = run(fake, bootstrap_servers=[], **options)
    assert result["error"]["kind"] == "invalid_input"
    assert words in result["msg"]
