# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One worker: each key on its own, and rules between keys."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import InputError, on_a_line
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.brokers import Topic
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.worker.broker_checks import (
    BrokersView,
    check_view,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.worker.checks import (
    WorkerChecks,
    check_all,
    version_of,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.worker.keys import NEWEST_KAFKA, keys_of
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.worker.rules import TOPICS
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.worker.values import problem_of
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.worker.worker_file import (
    WorkerConfig,
    with_client_security,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.worker.worker_key import (
    SECTIONS,
    WorkerKey,
)
from tests.unit.connect.worker_support import GOOD, SECURE, findings_of, worker

ERROR, WARNING = True, False


def test_a_valid_worker_has_no_findings() -> None:
    assert findings_of(worker()) == []


def test_a_valid_secured_worker_has_no_findings() -> None:
    assert findings_of(WorkerConfig("w1", with_client_security({**GOOD, **SECURE}), NEWEST_KAFKA)) == []


@pytest.mark.parametrize(
    ("change", "key", "expected", "is_error"),
    [
        # keys
        ({"heartbeat.interval.mss": "3000"}, "heartbeat.interval.mss", 'did you mean "heartbeat.interval.ms"?', ERROR),
        (
            {"plugins.path": "/x"},
            "plugins.path",
            "is unknown to workers: remove it, or add it to known_keys",
            WARNING,
        ),
        ({"confluent.mode": "x"}, "confluent.mode", "remove it, or add it to known_keys", WARNING),
        ({"group.ids": "a"}, "group.ids", "is unknown to workers: remove it", WARNING),
        (
            {"rest.port": "8083"},
            "rest.port",
            "has no effect: workers have ignored it since Kafka 3.0: give listeners",
            WARNING,
        ),
        ({"config.storage.partitions": "3"}, "config.storage.partitions", "exactly one partition", WARNING),
        (
            {"auto.include.jmx.reporter": "true"},
            "auto.include.jmx.reporter",
            "ignored it since Kafka 4.0: remove it",
            WARNING,
        ),
        ({"producer.linger": "5"}, "producer.linger", 'did you mean "producer.linger.ms"?', WARNING),
        ({"consumer.max.poll.record": "5"}, "consumer.max.poll.record", 'mean "consumer.max.poll.records"?', ERROR),
        (
            {"listeners.https.ssl.keystore.locations": "x"},
            "listeners.https.ssl.keystore.locations",
            "ssl.keystore.location",
            ERROR,
        ),
        (
            {"offset.storage.replication.factors": "1"},
            "offset.storage.replication.factors",
            "replication.factor",
            ERROR,
        ),
        # values
        ({"session.timeout.ms": "10s"}, "session.timeout.ms", 'the value "10s" is not an integer: correct it', ERROR),
        ({"session.timeout.ms": "9999999999"}, "session.timeout.ms", "out of range for type int", ERROR),
        ({"session.timeout.ms": "9" * 5000}, "session.timeout.ms", "out of range for type int", ERROR),
        ({"topic.creation.enable": "yes"}, "topic.creation.enable", "is not true or false", ERROR),
        (
            {"security.protocol": "TLS"},
            "security.protocol",
            "is not one of PLAINTEXT, SASL_PLAINTEXT, SASL_SSL, SSL",
            ERROR,
        ),
        (
            {"config.storage.replication.factor": "0"},
            "config.storage.replication.factor",
            "or -1 for the brokers' default",
            ERROR,
        ),
        ({"sasl.login.refresh.window.factor": "1.5"}, "sasl.login.refresh.window.factor", "give at most 1", ERROR),
        ({"metric.reporters": "a.JmxReporter,,b.C"}, "metric.reporters", "has an empty entry", ERROR),
        ({"rest.extension.classes": "a.B,a.B"}, "rest.extension.classes", 'has "a.B" twice', ERROR),
        ({"producer.request.timeout.ms": "soon"}, "producer.request.timeout.ms", "is not an integer", ERROR),
        # timeouts
        ({"heartbeat.interval.ms": "10000"}, "heartbeat.interval.ms", "not below session.timeout.ms (10000)", ERROR),
        ({"heartbeat.interval.ms": "4000"}, "heartbeat.interval.ms", "more than a third", WARNING),
        ({"session.timeout.ms": "3600000"}, "session.timeout.ms", "outside the range that brokers allow", WARNING),
        # topics and brokers
        ({"status.storage.topic": "connect-configs"}, "status.storage.topic", "is also config.storage.topic", ERROR),
        ({"offset.storage.topic": "my topic"}, "offset.storage.topic", "is not a topic name", ERROR),
        ({"offset.storage.topic": ".."}, "offset.storage.topic", "is not a topic name", ERROR),
        ({"bootstrap.servers": "http://kafka:9092"}, "bootstrap.servers", "is a REST URL", ERROR),
        ({"bootstrap.servers": "kafka"}, "bootstrap.servers", '"kafka" is not HOST:PORT', ERROR),
        # plugin.path
        ({"plugin.path": "/plugins,/plugins/jdbc"}, "plugin.path", '"/plugins/jdbc" is inside "/plugins"', ERROR),
        ({"plugin.path": "/opt/kafka_2.13-4.3.1/libs"}, "plugin.path", "holds Kafka's own libraries", ERROR),
        ({"plugin.path": "/plugins/x.jar"}, "plugin.path", "is a jar file", ERROR),
        ({"plugin.path": "plugins"}, "plugin.path", "is relative to the directory in which the worker starts", WARNING),
        (
            {"plugin.path": "/p/debezium-connector-mysql"},
            "plugin.path",
            "seems to be the directory of one plugin",
            WARNING,
        ),
        ({"plugin.path": "${file:/a:b}"}, "plugin.path", "has a reference, which Kafka does not resolve here", ERROR),
        # listeners
        ({"listeners": "8083"}, "listeners", '"8083" is not a listener', ERROR),
        ({"listeners": "http://:8083,https://:8083"}, "listeners", "has the address of another listener", ERROR),
        ({"listeners": "https://:8443"}, "listeners.https.ssl.keystore.location", "is missing", ERROR),
        (
            {"rest.advertised.listener": "https"},
            "rest.advertised.listener",
            "listeners has none with that scheme",
            ERROR,
        ),
        ({"rest.advertised.listener": "tls"}, "rest.advertised.listener", "is not http or https", ERROR),
        ({"rest.advertised.port": "0"}, "rest.advertised.port", "is not a port", ERROR),
        (
            {"rest.advertised.host.name": "0.0.0.0"},
            "rest.advertised.host.name",
            "http://0.0.0.0:8083, which leads nowhere",
            ERROR,
        ),
        (
            {"rest.advertised.host.name": "localhost"},
            "rest.advertised.host.name",
            "which other hosts can't reach",
            WARNING,
        ),
        ({"rest.advertised.host.name": ""}, "rest.advertised.host.name", "on Debian often 127.0.1.1", WARNING),
        ({"listeners": "http://127.0.0.1:8083"}, "listeners", "is reachable only from this host", ERROR),
        # others
        ({"config.providers": "file"}, "config.providers.file.class", "is missing", ERROR),
        (
            {"config.providers.env.class": "a.B"},
            "config.providers.env.class",
            'config.providers does not list "env"',
            ERROR,
        ),
        ({"client.id": "${vault:a:b}"}, "client.id", 'the config provider "vault"', ERROR),
        (
            {"connector.client.config.override.policy": "all"},
            "connector.client.config.override.policy",
            "is not one of All",
            ERROR,
        ),
        ({"metric.reporters": "com.example.Reporter"}, "metric.reporters", "has no JmxReporter", WARNING),
        ({"security.protocol": "SSL"}, "producer.security.protocol", "client_security: true", WARNING),
        ({"security.protocol": "SSL"}, "admin.security.protocol", "admin clients that create topics", WARNING),
        ({"security.protocol": "SASL_SSL"}, "sasl.jaas.config", "is missing with SASL_SSL", WARNING),
        ({"ssl.key.password": "hidden-away"}, "ssl.key.password", "holds a secret in plain text", WARNING),
    ],
)
def test_a_mistake_is_reported(change: dict[str, str], key: str, expected: str, is_error: bool) -> None:
    found = [
        (text, wrong)
        for of_key, text, wrong in findings_of(WorkerConfig("w1", {**GOOD, **change}, NEWEST_KAFKA))
        if of_key == key
    ]
    assert [(expected in text, wrong) for text, wrong in found] == [(True, is_error)], found


@pytest.mark.parametrize(
    "change",
    [
        {"max.request.size": "2000000"},
        {"producer.max.request.size": "2000000", "consumer.max.poll.records": "10", "admin.retries": "3"},
        {"key.converter.schema.registry.url": "http://registry:8081"},
        {"config.storage.min.insync.replicas": "2", "metrics.context.team": "data"},
        {"rest.extension.classes": "com.example.Login", "login.realm": "users"},
        {"exactly.once.source.support": "ENABLED", "security.protocol": "plaintext"},
        {"session.timeout.ms": "0" * 5000 + "10000", "send.buffer.bytes": "-1", "metrics.num.samples": "+2"},
        {"session.timeout.ms": " 10000 ", "replication.policy.class": "x", "rest.extension.classes": "com.example.X"},
        {"connector.client.config.override.policy": "com.example.Policy"},
        {"plugin.path": "/usr/share/java,/usr/share/confluent-hub-components"},
        {"listeners": "http://0.0.0.0:8083"},
        {"plugin.path": ""},
    ],
)
def test_valid_settings_have_no_findings(change: dict[str, str]) -> None:
    assert findings_of(WorkerConfig("w1", {**GOOD, **change}, NEWEST_KAFKA)) == []


@pytest.mark.parametrize(
    "key", [key for key in GOOD if key not in ("listeners", "plugin.path", "rest.advertised.host.name")]
)
def test_a_missing_required_key_is_an_error(key: str) -> None:
    (found,) = findings_of(worker(without=[key]))
    assert found == (key, "is missing: a worker does not start without it", ERROR)


def test_missing_brokers_are_an_error_although_they_have_a_default_before_4_2() -> None:
    ((key, text, is_error),) = findings_of(worker("w1", (4, 1), without=["bootstrap.servers"]))
    assert (key, is_error) == ("bootstrap.servers", ERROR)
    assert "localhost:9092" in text


def test_keys_of_other_versions_have_no_effect() -> None:
    changes = {"key_converter_plugin_version": "1.0", "connector_client_config_override_allowlist": "acks"}
    assert findings_of(worker(**changes)) == []
    found = findings_of(worker("w1", (3, 9), **changes, auto_include_jmx_reporter="true"))
    assert [(key, text) for key, text, _wrong in found] == [
        ("connector.client.config.override.allowlist", "has no effect: it needs Kafka 4.2 or newer: remove it"),
        ("key.converter.plugin.version", "has no effect: it needs Kafka 4.1 or newer: remove it"),
    ]


def test_strict_makes_unknown_keys_errors_except_known_keys() -> None:
    odd = WorkerConfig("w1", {**GOOD, "acme.mode": "x"}, NEWEST_KAFKA)
    assert [wrong for _key, _text, wrong in findings_of(odd, checks=WorkerChecks(strict=True))] == [ERROR]
    assert findings_of(odd, checks=WorkerChecks(strict=True, known_keys=("acme.*",))) == []
    with pytest.raises(InputError, match="not a regular expression"):
        findings_of(odd, checks=WorkerChecks(known_keys=("~(",)))


def test_exactly_once_is_enabled_in_two_steps() -> None:
    def change(before: str | None, now: str) -> list[tuple[str, str, bool]]:
        previous = worker() if before is None else worker(exactly_once_source_support=before)
        return findings_of(worker(exactly_once_source_support=now), checks=WorkerChecks(previous={"w1": previous}))

    for before in (None, "disabled", "DISABLED"):
        ((key, text, is_error),) = change(before, "enabled")
        assert (key, is_error) == ("exactly.once.source.support", ERROR)
        assert "first restart all workers with preparing" in text
    assert change("disabled", "preparing") == change("preparing", "enabled") == change("enabled", "enabled") == []
    assert findings_of(worker(exactly_once_source_support="enabled")) == []


def test_leaving_the_previous_group_or_topic_is_a_warning() -> None:
    previous = {"w1": worker(group_id="old", offset_storage_partitions="5")}
    found = findings_of(worker(), checks=WorkerChecks(previous=previous))
    assert [(key, wrong) for key, _text, wrong in found] == [
        ("group.id", WARNING),
        ("offset.storage.partitions", WARNING),
    ]


def test_findings_contain_no_secrets() -> None:
    config = {**GOOD, "ssl.key.password": "s3cret-word", "sasl.login.connect.timeout.ms": "http://u:s3cret-word@x"}
    found = check_all([WorkerConfig("w1", config, NEWEST_KAFKA)], WorkerChecks())
    assert found
    assert not [finding for finding in found if "s3cret-word" in finding.text]
    assert findings_of(WorkerConfig("w1", config, NEWEST_KAFKA), checks=WorkerChecks(warn_literal_secrets=False))


def test_a_value_of_several_lines_is_reported_in_one_line() -> None:
    found = findings_of(worker(session_timeout_ms="1\n\x1b[31m2"))
    assert [key for key, _text, _wrong in found] == ["session.timeout.ms"]


@pytest.mark.parametrize(
    ("text", "version"), [("4.3.1", (4, 3)), ("4.3", (4, 3)), ("3.9.0-ccs", (3, 9)), ("5.0", (5, 0))]
)
def test_a_version_is_reduced_to_its_line(text: str, version: tuple[int, int]) -> None:
    assert version_of(text) == version


@pytest.mark.parametrize("text", ["", "4", "latest", "v4.3", "4.x", None, "²³.1", "4." + "3" * 5000])
def test_a_text_that_is_not_a_version_is_refused(text: str | None) -> None:
    with pytest.raises(InputError, match="is not a version"):
        version_of(text)


def test_a_version_that_is_too_old_is_refused() -> None:
    with pytest.raises(InputError, match=r"the checks cover 3\.5 and newer"):
        version_of("2.8.2")


ROWS = [key for _title, keys in SECTIONS for key in keys]


@pytest.mark.parametrize("key", [key for key in ROWS if key.default], ids=lambda key: f"{key.name} {key.since}")
def test_each_default_is_a_valid_value_of_its_key(key: WorkerKey) -> None:
    assert key.is_required or problem_of(key, key.default or "") == ""


def test_each_version_has_one_row_for_each_key() -> None:
    for version in [(3, minor) for minor in range(5, 10)] + [(4, minor) for minor in range(4)]:
        rows = [key.name for key in ROWS if key.is_in(version)]
        assert len(rows) == len(set(rows)) == len(keys_of(version))


@given(st.sampled_from(["short", "int", "long"]), st.integers(-(2**70), 2**70))
def test_whole_numbers_are_bounded_as_in_java(kind: str, number: int) -> None:
    bits = {"short": 16, "int": 32, "long": 64}[kind]
    fits = -(2 ** (bits - 1)) <= number < 2 ** (bits - 1)
    assert (problem_of(WorkerKey(kind, "k", "0"), str(number)) == "") is fits


CONFIG = st.dictionaries(st.sampled_from([key.name for key in ROWS]) | st.text(max_size=30), st.text(max_size=30))


@given(st.lists(CONFIG, max_size=3), st.sampled_from([(3, 9), (4, 3)]), st.integers(0, 5), st.text(max_size=30))
def test_each_finding_is_one_line_for_any_input(
    configs: list[dict[str, str]], version: tuple[int, int], number: int, policy: str
) -> None:
    workers = [WorkerConfig(f"w{number}", config, version) for number, config in enumerate(configs)]
    checks = WorkerChecks(previous={"w0": replace(workers[-1], host="w0")} if workers else {}, others=workers[1:])
    topics = [Topic(worker.value(key), number, number, policy, 3) for worker in workers for key in TOPICS]
    view = BrokersView(number, None, tuple(topics))
    for finding in [*check_all(workers, checks), *check_view(workers, view)]:
        assert finding.text == on_a_line(finding.text)
        assert finding.text.startswith(f'worker "{finding.host}": key "')
