# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files that a broker and a worker read, as text. Pure: the same state gives the same files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from .jars import Distribution
from .state import Node, State

GROUP = "sandbox"
"""The workers' ``group.id``."""

CONFIG_TOPIC = "connect-configs"
"""The workers' ``config.storage.topic``."""

STATUS_TOPIC = "connect-status"
"""The workers' ``status.storage.topic``."""

QUICK_REBALANCES = {"*": {"heartbeat.interval.ms": "500", "session.timeout.ms": "6000"}}
"""Properties of workers whose rebalances end sooner. A follower learns of a rebalance from its next heartbeat, by default up to
3 s later, and every removal of a connector costs two rebalances. For tests that don't measure Kafka's own times.
"""

# WARN keeps the logs short. At INFO, the herder logs each rebalance, and each start and stop of connectors and tasks.
_LOUDER = {"org.apache.kafka.connect.runtime.distributed": "INFO"}
_PATTERN = "[%d] %p %X{connector.context}%m (%c)%n"


def brokers(state: State) -> list[Node]:
    """The brokers, in the order of their node ids from 1."""
    return [node for node in state.nodes if node.kind == "broker"]


def bootstrap_servers(state: State) -> str:
    """The brokers' addresses in the format for clients."""
    return ",".join(f"127.0.0.1:{node.port}" for node in brokers(state))


def worker_url(state: State, node: Node) -> str:
    """The address of a worker's REST interface."""
    return f"{'https' if state.credentials else 'http'}://127.0.0.1:{node.port}"


def broker_properties(state: State, node: Node, data: Path) -> dict[str, str]:
    """``server.properties`` of a broker that is a controller too, its log directory under ``data``."""
    ids = {broker.name: number for number, broker in enumerate(brokers(state), start=1)}
    voters = ",".join(f"{ids[broker.name]}@127.0.0.1:{broker.controller_port}" for broker in brokers(state))
    replicas = str(len(ids))
    return {
        "process.roles": "broker,controller",
        "node.id": str(ids[node.name]),
        "controller.quorum.voters": voters,
        "listeners": f"PLAINTEXT://127.0.0.1:{node.port},CONTROLLER://127.0.0.1:{node.controller_port}",
        "advertised.listeners": f"PLAINTEXT://127.0.0.1:{node.port}",
        "controller.listener.names": "CONTROLLER",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "log.dirs": str(data / node.name),
        "num.partitions": "1",
        "default.replication.factor": replicas,
        "offsets.topic.num.partitions": "5",
        "offsets.topic.replication.factor": replicas,
        "transaction.state.log.num.partitions": "5",
        "transaction.state.log.replication.factor": replicas,
        "transaction.state.log.min.isr": "1",
        "share.coordinator.state.topic.replication.factor": replicas,
        "share.coordinator.state.topic.min.isr": "1",
        "group.initial.rebalance.delay.ms": "0",
        # A killed broker can rejoin only after the session of its previous process has timed out, by default after 9 s.
        "broker.session.timeout.ms": "4000",
        "broker.heartbeat.interval.ms": "1000",
        # A controller that has no majority yet otherwise waits longer than the broker needs to start.
        "controller.quorum.election.backoff.max.ms": "200",
        **node.properties,
    }


def worker_properties(state: State, node: Node, distribution: Distribution, tls: Path) -> dict[str, str]:
    """``connect-distributed.properties`` of a worker; the node's own properties are merged last."""
    replicas = str(len(brokers(state)))
    scheme = "https" if state.credentials else "http"
    properties = {
        "bootstrap.servers": bootstrap_servers(state),
        "group.id": GROUP,
        "listeners": f"{scheme}://127.0.0.1:{node.port}",
        "rest.advertised.host.name": "127.0.0.1",
        "rest.advertised.port": str(node.port),
        "rest.advertised.listener": scheme,
        "key.converter": "org.apache.kafka.connect.storage.StringConverter",
        "value.converter": "org.apache.kafka.connect.storage.StringConverter",
        "config.storage.topic": CONFIG_TOPIC,
        "offset.storage.topic": "connect-offsets",
        "status.storage.topic": STATUS_TOPIC,
        "config.storage.replication.factor": replicas,
        "offset.storage.replication.factor": replicas,
        "status.storage.replication.factor": replicas,
        "offset.storage.partitions": "5",
        "status.storage.partitions": "5",
        # Makes the offsets of a source readable soon after its records.
        "offset.flush.interval.ms": "2000",
        "scheduled.rebalance.max.delay.ms": str(state.rebalance_delay_ms),
        "topic.creation.enable": "true",
        "plugin.path": str(distribution.plugins),
        # Every plugin here has a service file: no scan of the whole class path at each start.
        "plugin.discovery": "service_load",
        "config.providers": "file,directory",
        "config.providers.file.class": "org.apache.kafka.common.config.provider.FileConfigProvider",
        "config.providers.directory.class": "org.apache.kafka.common.config.provider.DirectoryConfigProvider",
    }
    return {**properties, **(_secured(tls) if state.credentials else {}), **node.properties}


def properties_text(properties: Mapping[str, str]) -> str:
    """A Java properties file."""
    return "".join(f"{_escape(key, ' =:#!')}={_escape(value, '')}\n" for key, value in properties.items())


def logging_file(line: str) -> tuple[str, str, str]:
    """(file name, its text, the JVM option for it, except the URI) of the log configuration of a Kafka line."""
    if line.startswith("3."):
        levels = "".join(f"log4j.logger.{name}={level}\n" for name, level in _LOUDER.items())
        appender = (
            "log4j.appender.out=org.apache.log4j.ConsoleAppender\n"
            "log4j.appender.out.layout=org.apache.log4j.PatternLayout\n"
            f"log4j.appender.out.layout.ConversionPattern={_PATTERN}\n"
        )
        return "log4j.properties", f"log4j.rootLogger=WARN, out\n{appender}{levels}", "-Dlog4j.configuration="
    levels = "".join(f"      - name: {name}\n        level: {level}\n" for name, level in _LOUDER.items())
    text = (
        "Configuration:\n"
        f'  Appenders:\n    Console:\n      name: out\n      PatternLayout:\n        pattern: "{_PATTERN}"\n'
        f"  Loggers:\n    Root:\n      level: WARN\n      AppenderRef:\n        - ref: out\n    Logger:\n{levels}"
    )
    return "log4j2.yaml", text, "-Dlog4j2.configurationFile="


def login_text(passwords: Path) -> str:
    """The JAAS file from which the basic-auth extension reads its users."""
    module = "org.apache.kafka.connect.rest.basic.auth.extension.PropertyFileLoginModule"
    return f'KafkaConnect {{\n  {module} required file="{passwords}";\n}};\n'


def _secured(tls: Path) -> dict[str, str]:
    """TLS with an optional client certificate, and basic auth.

    The same stores are used for the requests that workers forward to their leader.
    """
    return {
        "rest.extension.classes": "org.apache.kafka.connect.rest.basic.auth.extension.BasicAuthSecurityRestExtension",
        "listeners.https.ssl.keystore.type": "PKCS12",
        "listeners.https.ssl.keystore.location": str(tls / "worker.p12"),
        "listeners.https.ssl.keystore.password": STORE_PASSWORD,
        "listeners.https.ssl.key.password": STORE_PASSWORD,
        "listeners.https.ssl.truststore.type": "PKCS12",
        "listeners.https.ssl.truststore.location": str(tls / "trust.p12"),
        "listeners.https.ssl.truststore.password": STORE_PASSWORD,
        "listeners.https.ssl.client.auth": "requested",
    }


STORE_PASSWORD = "sandbox"
"""The password of the Java key stores: their format requires one; the mode of their directory protects them."""


def _escape(text: str, special: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("\n", "\\n")
    for character in special:
        escaped = escaped.replace(character, f"\\{character}")
    # Java reads such a file as Latin 1; characters beyond ASCII are written as UTF-16 code units.
    units = [escaped.encode("utf-16-be")[at : at + 2] for at in range(0, len(escaped.encode("utf-16-be")), 2)]
    plain = "".join(chr(unit[1]) if unit < b"\x00\x80" else f"\\u{unit.hex()}" for unit in units)
    return f"\\{plain}" if plain[:1] == " " else plain
