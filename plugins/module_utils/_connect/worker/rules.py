# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules between the keys of one worker: mistakes that Kafka reports late, elsewhere or never. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from ..group.internal_topics import TOPIC_NAME
from ..secret_keys import has_reference
from .keys import CLIENTS, PROVIDER_PREFIX, providers_of
from .worker_file import WorkerConfig, WorkerFinding, client_security_missing

TOPICS = ("config.storage.topic", "offset.storage.topic", "status.storage.topic")
FACTORS = tuple(key.replace(".topic", ".replication.factor") for key in TOPICS)
EOS = "exactly.once.source.support"

_POLICIES = ("All", "Allowlist", "None", "Principal")
_PROVIDER = re.compile(r"\$\{([^{}:]+):[^{}]*\}")
_SERVER = re.compile(r"(?:[A-Za-z_]+://)?\[?[0-9a-zA-Z\-%._:]+\]?:\d+")
_ONE_PLUGIN = re.compile(r"(?:debezium-connector-|kafka-connect-|confluentinc-|.*-\d+\.\d+\.\d+).*")
_NOT_SECRET = ("ssl.truststore.certificates", "ssl.keystore.certificate.chain")


def check_timeouts(worker: WorkerConfig) -> Iterator[WorkerFinding]:
    session, heartbeat = worker.number("session.timeout.ms"), worker.number("heartbeat.interval.ms")
    if session is None or heartbeat is None:
        return
    if heartbeat >= session:
        text = f"{heartbeat} is not below session.timeout.ms ({session}): give at most {max(session // 3, 1)}, a third of it"
        yield worker.error("heartbeat.interval.ms", text)
    elif heartbeat * 3 > session:
        text = f"{heartbeat} is more than a third of session.timeout.ms ({session}): two lost heartbeats end the membership"
        yield worker.warning("heartbeat.interval.ms", f"{text}; give at most {session // 3}")
    if not 6000 <= session <= 1800000:
        text = f"{session} is outside the range that brokers allow by default: give 6000 to 1800000"
        yield worker.warning("session.timeout.ms", text)


def check_topics(worker: WorkerConfig) -> Iterator[WorkerFinding]:
    names = {key: worker.value(key) for key in TOPICS}
    for number, key in enumerate(TOPICS):
        same = next((other for other in TOPICS[:number] if names[key] and names[other] == names[key]), "")
        if same:
            yield worker.error(key, f'"{names[key]}" is also {same}: give each its own topic')
        if names[key] and not TOPIC_NAME.fullmatch(names[key]) and not has_reference(names[key]):
            text = "is not a topic name: use at most 249 letters, digits, dots, dashes and underscores"
            yield worker.error(key, f'"{names[key]}" {text}')


def check_servers(worker: WorkerConfig) -> Iterator[WorkerFinding]:
    for server in worker.entries("bootstrap.servers"):
        if has_reference(server):
            continue
        if server.lower().startswith(("http://", "https://")):
            yield worker.error(
                "bootstrap.servers", f'"{_shown(worker, server)}" is a REST URL: give brokers as HOST:PORT'
            )
        elif not _SERVER.fullmatch(server):
            yield worker.error("bootstrap.servers", f'"{_shown(worker, server)}" is not HOST:PORT: correct it')


def _shown(worker: WorkerConfig, text: str) -> str:
    """The part of a value that messages may show; text before an @ may be a password."""
    return text.rpartition("@")[2] if text not in worker.secrets else "..."


def check_plugin_path(worker: WorkerConfig) -> Iterator[WorkerFinding]:
    """Checks the names only; whether the directories exist is known only on the host."""
    key = "plugin.path"
    paths = {entry: PurePosixPath(entry) for entry in worker.entries(key) if entry}
    for entry, path in paths.items():
        within = next((other for other in paths.values() if other != path and other in path.parents), None)
        if has_reference(entry):
            yield worker.error(key, f'"{entry}" has a reference, which Kafka does not resolve here: write the path')
        elif not path.is_absolute():
            yield worker.warning(
                key, f'"{entry}" is relative to the directory in which the worker starts: give an absolute path'
            )
        elif path.suffix == ".jar":
            yield worker.error(key, f'"{entry}" is a jar file: give its directory')
        elif _is_of_kafka(path):
            text = (
                "holds Kafka's own libraries: plugins would load them twice; give a directory that holds only plugins"
            )
            yield worker.error(key, f'"{entry}" {text}')
        elif within is not None:
            text = f'is inside "{within}": the worker would load a plugin twice; give only one of them'
            yield worker.error(key, f'"{entry}" {text}')
        elif _ONE_PLUGIN.fullmatch(path.name):
            text = "seems to be the directory of one plugin, and the worker would take each of its jars for a plugin: give the parent directory"
            yield worker.warning(key, f'"{entry}" {text}')


def _is_of_kafka(path: PurePosixPath) -> bool:
    *_rest, above, last = ("", "", *path.parts)
    return (last == "libs" and "kafka" in above) or path.parts[-3:] == ("share", "java", "kafka")


def check_providers(worker: WorkerConfig) -> Iterator[WorkerFinding]:
    listed = providers_of(worker.config)
    for name in listed:
        if not worker.config.get(f"{PROVIDER_PREFIX}{name}.class", "").strip():
            yield worker.error(
                f"{PROVIDER_PREFIX}{name}.class", "is missing: give the class, or remove the name from config.providers"
            )
    for key in sorted(worker.config):
        if key.startswith(PROVIDER_PREFIX) and not any(key.startswith(f"{PROVIDER_PREFIX}{name}.") for name in listed):
            name = key.removeprefix(PROVIDER_PREFIX).partition(".")[0]
            yield worker.error(key, f'has no effect: config.providers does not list "{name}"')
    for key, value in sorted(worker.config.items()):
        unknown = [name for name in _PROVIDER.findall(value) if name not in listed] if key != "plugin.path" else []
        for name in dict.fromkeys(unknown):
            yield worker.error(
                key, f'refers to the config provider "{name}", which config.providers does not list: add it'
            )


def check_policy(worker: WorkerConfig) -> Iterator[WorkerFinding]:
    key = "connector.client.config.override.policy"
    policy = worker.value(key)
    if policy and "." not in policy and policy not in _POLICIES and not has_reference(policy):
        yield worker.error(key, f'"{policy}" is not one of {", ".join(_POLICIES)}, nor a full class name: correct it')
    elif policy == "Allowlist" and worker.version < (4, 2):
        yield worker.error(key, "Allowlist needs Kafka 4.2 or newer: give All, None or Principal")


def check_exactly_once(worker: WorkerConfig, previous: WorkerConfig | None) -> Iterator[WorkerFinding]:
    """The upgrade takes two rolling restarts: an enabled worker fences the tasks of workers that are still disabled."""
    if previous is None:
        return
    before, now = previous.value(EOS).lower(), worker.value(EOS).lower()
    if (before, now) == ("disabled", "enabled"):
        text = "changes from disabled to enabled: first restart all workers with preparing, then with enabled"
        yield worker.error(EOS, text)


def check_previous(worker: WorkerConfig, previous: WorkerConfig | None) -> Iterator[WorkerFinding]:
    """Changes that a worker accepts silently and that lose data or membership."""
    if previous is None:
        return
    for key in ("group.id", *TOPICS):
        if previous.value(key) and worker.value(key) and previous.value(key) != worker.value(key):
            lost = (
                "the worker leaves its cluster"
                if key == "group.id"
                else "the content of the previous topic stays behind"
            )
            text = (
                f'changes from "{previous.value(key)}" to "{worker.value(key)}": {lost}; keep it unless you intend that'
            )
            yield worker.warning(key, text)
    for key in ("offset.storage.partitions", "status.storage.partitions"):
        if previous.value(key) != worker.value(key):
            yield worker.warning(
                key, "applies only when a worker creates the topic: the existing one keeps its partitions"
            )


def check_client_security(worker: WorkerConfig) -> Iterator[WorkerFinding]:
    protocol = worker.value("security.protocol").upper()
    if "SASL" in protocol and "sasl.jaas.config" not in worker.config and "sasl.login.class" not in worker.config:
        text = f"is missing with {protocol}: give it, unless java.security.auth.login.config names a JAAS file"
        yield worker.warning("sasl.jaas.config", text)
    for client in CLIENTS:
        missing = client_security_missing(worker.config, client)
        if missing:
            key = f"{client}.security.protocol" if f"{client}.security.protocol" in missing else min(missing)
            text = (
                f"is missing, but the worker uses {protocol}: {_USED[client]} inherit nothing; repeat the security "
                f"settings with the prefix {client}. (client_security: true does that)"
            )
            yield worker.warning(key, text)


_USED = {
    "producer": "the producers of source connectors and dead letter queues",
    "consumer": "the consumers of sink connectors",
    "admin": "the admin clients that create topics for connectors",
}


def check_metrics(worker: WorkerConfig) -> Iterator[WorkerFinding]:
    reporters = worker.entries("metric.reporters")
    if (
        worker.version >= (4, 0)
        and "metric.reporters" in worker.config
        and not any("JmxReporter" in entry for entry in reporters)
    ):
        text = "has no JmxReporter, so the worker has no JMX beans: add org.apache.kafka.common.metrics.JmxReporter"
        yield worker.warning("metric.reporters", text)


def check_secrets(worker: WorkerConfig) -> Iterator[WorkerFinding]:
    """Secrets in plain text, which every reader of the file sees."""
    for key, value in sorted(worker.config.items()):
        hidden = worker.masked[key] != value and not has_reference(value)
        if hidden and not key.endswith(_NOT_SECRET):
            text = "holds a secret in plain text: use a config provider, such as ${file:/etc/kafka/secrets.properties:name}"
            yield worker.warning(key, text)
