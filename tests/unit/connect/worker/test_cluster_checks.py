# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Workers of one cluster compared with each other, with other clusters and with the brokers."""

from __future__ import annotations

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.protocol import Group, Member
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.worker.broker_checks import check_group
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.worker.checks import WorkerChecks
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.worker.listeners import (
    Address,
    advertised,
)
from tests.unit.connect.worker_support import findings_of, worker

ERROR, WARNING = True, False


def test_a_valid_cluster_has_no_findings() -> None:
    assert findings_of(worker("w1"), worker("w2"), worker("w3")) == []


@pytest.mark.parametrize("key", ["group.id", "config.storage.topic", "offset.storage.topic", "status.storage.topic"])
def test_group_and_topics_must_be_equal_on_all_workers(key: str) -> None:
    ((named, text, is_error),) = findings_of(
        worker("w1"), worker("w2", **{key.replace(".", "_"): "other"}), worker("w3")
    )
    assert (named, is_error) == (key, ERROR)
    assert text.endswith('" on w1, w3; "other" on w2): all workers of a cluster must have the same value')


def test_a_missing_key_is_compared_by_its_default() -> None:
    assert findings_of(worker("w1"), worker("w2", session_timeout_ms="10000")) == []
    ((key, text, is_error),) = findings_of(worker("w1"), worker("w2", topic_creation_enable="false"))
    assert (key, is_error) == ("topic.creation.enable", WARNING)
    assert 'differs ("true" on w1; "false" on w2)' in text


def test_two_workers_must_not_advertise_one_address() -> None:
    ((key, text, is_error),) = findings_of(worker("w1"), worker("w2", rest_advertised_host_name="W1.example.com"))
    assert (key, is_error) == ("rest.advertised.host.name", ERROR)
    assert 'is also advertised by "w1"' in text


def test_workers_of_one_machine_may_advertise_loopback_addresses() -> None:
    one, two = (
        worker(f"w{number}", listeners=f"http://127.0.0.1:808{number}", rest_advertised_host_name="")
        for number in (1, 2)
    )
    assert [wrong for _key, _text, wrong in findings_of(one, two)] == [WARNING, WARNING]
    errors = [(key, text) for key, text, wrong in findings_of(one, worker("w2")) if wrong]
    assert [key for key, _text in errors] == ["listeners"]
    assert "which leads other workers to themselves" in errors[0][1]


def test_disabled_and_enabled_workers_in_one_cluster_are_an_error() -> None:
    enabled = worker("w1", exactly_once_source_support="enabled")
    ((key, _text, is_error),) = findings_of(enabled, worker("w2"))
    assert (key, is_error) == ("exactly.once.source.support", ERROR)
    assert findings_of(enabled, worker("w2", exactly_once_source_support="preparing")) == []


def test_brokers_of_two_clusters_and_two_advertised_schemes_are_warnings() -> None:
    other = worker("w2", bootstrap_servers="elsewhere:9092")
    assert [(key, wrong) for key, _text, wrong in findings_of(worker("w1"), other)] == [("bootstrap.servers", WARNING)]
    secure = worker("w2", listeners="https://:8443", ssl_keystore_location="/x")
    assert [(key, wrong) for key, _text, wrong in findings_of(worker("w1"), secure)] == [
        ("rest.advertised.listener", WARNING)
    ]


def test_a_group_or_topic_of_another_cluster_on_the_same_brokers_is_an_error() -> None:
    stranger = worker(
        "elsewhere", status_storage_topic="connect-offsets", config_storage_topic="a", offset_storage_topic="b"
    )
    found = findings_of(worker("w1"), checks=WorkerChecks(others=[stranger]))
    assert [(key, wrong) for key, _text, wrong in found] == [("group.id", ERROR), ("offset.storage.topic", ERROR)]
    away = worker("elsewhere", bootstrap_servers="kafka-9:9092")
    assert findings_of(worker("w1"), checks=WorkerChecks(others=[away])) == []


def group_of(*urls: str, kind: str = "connect", state: str = "Stable") -> Group:
    return Group("connect", state, kind, "", tuple(Member(url, "c", "/h", url) for url in urls))


def test_an_existing_group_with_the_same_name_is_compared() -> None:
    mine = worker("w1")
    assert list(check_group([mine], None)) == []
    assert list(check_group([mine], group_of(kind="", state="Empty"))) == []
    assert list(check_group([mine], group_of(kind="consumer", state="Dead"))) == []
    assert list(check_group([mine], group_of("http://w1.example.com:8083/"))) == []
    (consumer,) = check_group([mine], group_of(kind="consumer"))
    assert consumer.is_error
    assert "another type (consumer)" in consumer.text
    (strangers,) = check_group([mine], group_of("http://w1.example.com:8083/", "http://w9.example.com:8083/"))
    assert not strangers.is_error
    assert "(http://w9.example.com:8083/)" in strangers.text
    # Without an advertised name the worker may be any member.
    assert list(check_group([worker("w1", rest_advertised_host_name="")], group_of("http://10.0.0.9:8083/"))) == []
    (broken,) = check_group([mine], group_of("http://w1:port/\n"))
    assert broken.text.isprintable()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, Address("http", "w1.example.com", 8083)),
        ({"rest_advertised_port": "80"}, Address("http", "w1.example.com", 80)),
        ({"listeners": "https://a:1,http://b:2", "rest_advertised_host_name": ""}, Address("http", "b", 2)),
        (
            {
                "listeners": "https://a:1,http://b:2",
                "rest_advertised_host_name": "",
                "rest_advertised_listener": "HTTPS",
            },
            Address("https", "a", 1),
        ),
        ({"listeners": "http://[::1]:8083", "rest_advertised_host_name": ""}, Address("http", "::1", 8083)),
        ({"rest_advertised_listener": "https"}, None),
    ],
)
def test_the_advertised_address_follows_rest_server(changes: dict[str, str], expected: Address | None) -> None:
    assert advertised(worker("w1", **changes)) == expected


@pytest.mark.parametrize(
    ("host", "loopback", "everywhere"),
    [("::1", 1, 0), ("127.0.1.1", 1, 0), ("LOCALHOST", 1, 0), ("::", 0, 1), ("0.0.0.0", 0, 1), ("w1", 0, 0)],
)
def test_loopback_and_unspecified_addresses_are_recognized(host: str, loopback: int, everywhere: int) -> None:
    address = Address("http", host, 8083)
    assert (address.is_loopback, address.is_everywhere) == (bool(loopback), bool(everywhere))
