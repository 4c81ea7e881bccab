# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""worker_validate on the files of the sandbox's own workers, with queries to their brokers."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from confluent_kafka import Consumer, Producer
from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ConfigResource,
    NewTopic,
    ResourcePatternType,
    ResourceType,
)

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.execute import execute
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.worker_validate import (
    WORKER_VALIDATE,
    worker_validate,
)
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.properties_filters import from_java_properties
from testing.sandbox import Sandbox, state
from testing.tooling.shared_sandbox import DEFAULT_KAFKA
from tests.contract.modules.shapes import misfits

KAFKA = os.environ.get("STREAMOPS_KAFKA", DEFAULT_KAFKA)
FACTORS = {f"{name}.storage.replication.factor": "3" for name in ("config", "offset", "status")}


def files(sandbox: Sandbox) -> dict[str, dict[str, str]]:
    """The properties of the first three workers, as in their files."""
    folder = state.home(sandbox.name) / "config"
    names = [worker.name for worker in sandbox.workers[:3]]
    return {name: from_java_properties((folder / f"{name}.properties").read_text(encoding="utf-8")) for name in names}


def validate(sandbox: Sandbox, workers: dict[str, dict[str, str]], **options: Any) -> dict[str, Any]:
    version = sandbox.request("GET", "/")[1]["version"]
    given = {"kafka_version": version, "workers": workers, "bootstrap_servers": sandbox.bootstrap_servers, **options}
    checked = ArgumentSpecValidator(WORKER_VALIDATE.arguments, **WORKER_VALIDATE.checks).validate(given)
    assert checked.error_messages == []
    result = execute(worker_validate, checked.validated_parameters, check_mode=False, diff_mode=False)
    assert misfits("worker_validate", result) == []
    return result


def naming(sandbox: Sandbox, start: str) -> dict[str, dict[str, str]]:
    """The same properties with another group and other internal topics."""
    names = {f"{name}.storage.topic": f"{start}-{name}" for name in ("config", "offset", "status")}
    return {host: {**properties, "group.id": start, **names} for host, properties in files(sandbox).items()}


def admin_of(sandbox: Sandbox) -> AdminClient:
    return AdminClient({"bootstrap.servers": sandbox.bootstrap_servers, "log_level": 0})


def create(client: AdminClient, name: str, partitions: int = 1, **settings: str) -> None:
    """A compacted topic of one replica with these settings; an underscore stands for a dot."""
    config = {"cleanup.policy": "compact", **{key.replace("_", "."): value for key, value in settings.items()}}
    made = NewTopic(name, num_partitions=partitions, replication_factor=1, config=config)
    client.create_topics([made])[name].result()


@contextmanager
def topic(client: AdminClient, name: str, partitions: int = 1, **settings: str) -> Iterator[None]:
    """Such a topic, deleted afterwards."""
    create(client, name, partitions, **settings)
    try:
        yield
    finally:
        client.delete_topics([name])[name].result()


def entries_of(result: Mapping[str, Any], kind: str) -> list[tuple[str, str, str]]:
    """Host, key and the text after them for each entry, except the one that every sandbox worker has."""
    entries = [(worker["host"], entry) for worker in result["workers"] for entry in worker[kind]]
    return [
        (host, entry["key"], entry["message"].split(f'key "{entry["key"]}": ', 1)[1])
        for host, entry in entries
        if entry["key"] != "rest.advertised.host.name"
    ]


def test_running_workers_have_no_errors(sandbox: Sandbox) -> None:
    result = validate(sandbox, files(sandbox), validate="strict")
    assert "failed" not in result, result["msg"]
    assert result["skipped_checks"] == []
    assert (result["brokers"]["count"], result["brokers"]["group_type"]) == (1, "connect")
    assert {url.rstrip("/") for url in result["brokers"]["members"]} == set(sandbox.urls)
    assert [
        (entry["name"], entry["partitions"], entry["replicas"], entry["cleanup_policy"])
        for entry in result["brokers"]["topics"]
    ] == [
        ("connect-configs", 1, 1, "compact"),
        ("connect-offsets", 5, 1, "compact"),
        ("connect-status", 5, 1, "compact"),
    ]
    # All workers run on this machine, which is the only warning.
    assert {entry["key"] for worker in result["workers"] for entry in worker["warnings"]} == {
        "rest.advertised.host.name"
    }


def test_a_factor_above_the_number_of_brokers_is_an_error(sandbox: Sandbox) -> None:
    workers = {host: {**properties, **FACTORS} for host, properties in naming(sandbox, "not-yet").items()}
    result = validate(sandbox, workers)
    assert len(result["error"]["problems"]) == 9
    assert "3 is more than the 1 broker available: give at most 1, or add brokers" in result["msg"]


def test_group_members_that_are_not_listed_are_a_warning(sandbox: Sandbox) -> None:
    first = dict(list(files(sandbox).items())[:1])
    result = validate(sandbox, first)
    (text,) = [text for text in result["warnings"] if 'key "group.id"' in text]
    assert "has members other than these workers" in text


def test_a_consumer_group_with_the_same_name_is_an_error(sandbox: Sandbox) -> None:
    consumer = Consumer({"bootstrap.servers": sandbox.bootstrap_servers, "group.id": "taken", "log_level": 0})
    workers = {host: {**properties, "group.id": "taken"} for host, properties in files(sandbox).items()}
    try:
        consumer.subscribe(["connect-status"])
        deadline = time.monotonic() + 60
        while (result := validate(sandbox, workers, fail_on_errors=False))["brokers"]["group_state"] != "Stable":
            assert time.monotonic() < deadline, result["brokers"]
            consumer.poll(1)
        (error,) = [error for worker in result["workers"] for error in worker["errors"]]
        assert error["key"] == "group.id"
        assert "is a group of another type (consumer)" in error["message"]
    finally:
        consumer.close()


def test_an_unused_group_has_no_members(sandbox: Sandbox) -> None:
    workers = {host: {**properties, "group.id": "unused"} for host, properties in files(sandbox).items()}
    result = validate(sandbox, workers)
    assert "failed" not in result, result["msg"]
    assert (result["brokers"]["group_state"] in ("", "Dead"), result["brokers"]["members"]) == (True, [])


def test_existing_topics_with_fewer_replicas_than_the_factor_are_a_warning(sandbox: Sandbox) -> None:
    workers = {host: {**properties, **FACTORS} for host, properties in files(sandbox).items()}
    result = validate(sandbox, workers)
    assert "failed" not in result, result["msg"]
    assert [(host, key, text.split(",", 1)[0]) for host, key, text in entries_of(result, "warnings")] == [
        ("w1", key, "3") for key in FACTORS
    ]
    assert any('3, but topic "connect-configs" has 1 replica, ' in text for text in result["warnings"])


def test_querying_internal_topics_creates_none(sandbox: Sandbox) -> None:
    client = admin_of(sandbox)
    # The broker creates topics on request, by default, which is the worst case.
    resource = ConfigResource(ConfigResource.Type.BROKER, "1")
    assert client.describe_configs([resource])[resource].result()["auto.create.topics.enable"].value == "true"
    before = set(client.list_topics(timeout=10).topics)
    result = validate(sandbox, naming(sandbox, "never-made"))
    assert "failed" not in result, result["msg"]
    assert result["brokers"]["topics"] == []
    # A topic that the request had created would exist once another topic was created.
    with topic(client, "made-after"):
        assert set(client.list_topics(timeout=10).topics) == before | {"made-after"}


def test_internal_topics_that_connect_rejects_are_errors(sandbox: Sandbox) -> None:
    client = admin_of(sandbox)
    with (
        topic(client, "refused-config", partitions=3),
        topic(client, "refused-offset", partitions=2, cleanup_policy="compact,delete"),
        topic(client, "refused-status", partitions=2, cleanup_policy="delete"),
    ):
        result = validate(sandbox, naming(sandbox, "refused"))
    assert result["error"]["kind"] == "invalid_input"
    assert [(host, key, text.split(",", 1)[0]) for host, key, text in entries_of(result, "errors")] == [
        ("w1", "config.storage.topic", 'topic "refused-config" has 3 partitions'),
        ("w1", "offset.storage.topic", 'topic "refused-offset" has cleanup.policy=compact'),
        ("w1", "status.storage.topic", 'topic "refused-status" has cleanup.policy=delete'),
    ]
    assert "--entity-name refused-status --add-config cleanup.policy=compact" in result["msg"]


def test_min_insync_replicas_above_the_replicas_is_a_warning_since_the_topic_accepts_records(sandbox: Sandbox) -> None:
    client = admin_of(sandbox)
    failures: list[Any] = []
    with topic(client, "in-sync-config", min_insync_replicas="2"):
        result = validate(sandbox, naming(sandbox, "in-sync"))
        producer = Producer({"bootstrap.servers": sandbox.bootstrap_servers, "acks": "all", "log_level": 0})
        producer.produce(
            "in-sync-config", b"x", key=b"x", on_delivery=lambda failure, _record: failures.append(failure)
        )
        assert producer.flush(30) == 0
    ((_host, key, text),) = entries_of(result, "warnings")
    assert (key, "failed" in result) == ("config.storage.topic", False)
    assert 'topic "in-sync-config" has min.insync.replicas=2, but 1 replica: older brokers reject writes' in text
    assert failures == [None]


def test_topic_settings_that_acls_hide_are_listed_and_not_an_error() -> None:
    """Uses its own brokers, with ACLs. All clients are the same user, who may do anything that no ACL covers."""
    authorizer = {
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "allow.everyone.if.no.acl.found": "true",
    }
    rights = [
        ("hidden-config", AclOperation.DESCRIBE, AclPermissionType.DENY),
        ("hidden-offset", AclOperation.DESCRIBE, AclPermissionType.ALLOW),
    ]
    with Sandbox.running(kafka=KAFKA, workers=1, properties={"broker": authorizer}) as guarded:
        client = admin_of(guarded)
        create(client, "hidden-status")
        create(client, "hidden-offset", cleanup_policy="delete")
        for name, operation, permission in rights:
            place = (ResourceType.TOPIC, name, ResourcePatternType.LITERAL)
            (made,) = client.create_acls([AclBinding(*place, "User:ANONYMOUS", "*", operation, permission)]).values()
            made.result()
        result = validate(guarded, naming(guarded, "hidden"))
    assert "failed" not in result, result["msg"]
    assert [entry["name"] for entry in result["brokers"]["topics"]] == [
        "hidden-config",
        "hidden-offset",
        "hidden-status",
    ]
    assert result["skipped_checks"] == [
        'the brokers do not show whether topic "hidden-config" exists, nor its replicas (ACL Describe)',
        'the brokers do not show whether topic "hidden-config" is compacted (ACL DescribeConfigs)',
        'the brokers do not show whether topic "hidden-offset" is compacted (ACL DescribeConfigs)',
    ]
    assert entries_of(result, "warnings") == []
