# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The keys of a distributed worker, as DistributedConfig of Kafka 3.5 to 4.3 defines them: data only.

A key that has changed has a row for each form. tests/contract/kafka compares all rows with the real thing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

Version = tuple[int, int]
"""A line of Kafka, such as (4, 3)."""

REQUIRED = "a value is required"
"""Stands for the default of a key that has none."""


@dataclass(frozen=True)
class WorkerKey:
    """One key in the form that it has from Kafka `since` on and up to, without, `until`.

    `type` is one of ConfigDef's, in lower case. `default` is the text of it; None where it is null. `values`: the only
    ones allowed, in any case with `any_case`. `least` and `most` bound a number; with `broker_default` -1 is allowed too.
    """

    type: str
    name: str
    default: str | None
    values: tuple[str, ...] = ()
    any_case: bool = False
    least: float | None = None
    most: float | None = None
    broker_default: bool = False
    since: Version = (0, 0)
    until: Version | None = None

    @property
    def is_required(self) -> bool:
        return self.default is REQUIRED

    def is_in(self, version: Version) -> bool:
        """Whether that line of Kafka has the key in this form."""
        return self.since <= version and (self.until is None or version < self.until)


_Row = Callable[..., WorkerKey]
_boolean: _Row = partial(WorkerKey, "boolean")
_int: _Row = partial(WorkerKey, "int")
_short: _Row = partial(WorkerKey, "short")
_long: _Row = partial(WorkerKey, "long")
_double: _Row = partial(WorkerKey, "double")
_string: _Row = partial(WorkerKey, "string")
_list: _Row = partial(WorkerKey, "list")
_class: _Row = partial(WorkerKey, "class")
_password: _Row = partial(WorkerKey, "password")

_CLUSTER = (
    _list("bootstrap.servers", "localhost:9092", until=(4, 2)),
    _list("bootstrap.servers", REQUIRED, since=(4, 2)),
    _string("client.id", ""),
    _string("group.id", REQUIRED),
)
_TOPICS = (
    _short("config.storage.replication.factor", "3", least=1, broker_default=True),
    _string("config.storage.topic", REQUIRED),
    _int("offset.storage.partitions", "25", least=1, broker_default=True),
    _short("offset.storage.replication.factor", "3", least=1, broker_default=True),
    _string("offset.storage.topic", REQUIRED),
    _int("status.storage.partitions", "5", least=1, broker_default=True),
    _short("status.storage.replication.factor", "3", least=1, broker_default=True),
    _string("status.storage.topic", REQUIRED),
)
_CONVERTERS = (
    _class("header.converter", "org.apache.kafka.connect.storage.SimpleHeaderConverter"),
    _string("header.converter.plugin.version", None, since=(4, 1)),
    _class("key.converter", REQUIRED),
    _string("key.converter.plugin.version", None, since=(4, 1)),
    _class("value.converter", REQUIRED),
    _string("value.converter.plugin.version", None, since=(4, 1)),
)
_PLUGINS = (
    _string("connector.client.config.override.policy", "All"),
    _string(
        "plugin.discovery",
        "hybrid_warn",
        values=("hybrid_fail", "hybrid_warn", "only_scan", "service_load"),
        any_case=True,
        since=(3, 6),
    ),
    _list("plugin.path", None),
)
_PROVIDERS = (_list("config.providers", ""),)
_GROUP = (
    _string("connect.protocol", "sessioned", values=("compatible", "eager", "sessioned")),
    _int("heartbeat.interval.ms", "3000"),
    _int("rebalance.timeout.ms", "60000"),
    _int("scheduled.rebalance.max.delay.ms", "300000", least=0),
    _int("session.timeout.ms", "10000"),
    _int("worker.sync.timeout.ms", "3000"),
    _int("worker.unsync.backoff.ms", "300000"),
)
_WORK = (
    _string("exactly.once.source.support", "disabled", values=("disabled", "enabled", "preparing"), any_case=True),
    _long("offset.flush.interval.ms", "60000"),
    _long("offset.flush.timeout.ms", "5000"),
    _long("task.shutdown.graceful.timeout.ms", "5000"),
    _boolean("topic.creation.enable", "true"),
    _boolean("topic.tracking.allow.reset", "true"),
    _boolean("topic.tracking.enable", "true"),
)
_REST = (
    _string("access.control.allow.methods", ""),
    _string("access.control.allow.origin", ""),
    _list("admin.listeners", None),
    _string("inter.worker.key.generation.algorithm", "HmacSHA256"),
    _int("inter.worker.key.size", None),
    _int("inter.worker.key.ttl.ms", "3600000", least=0),
    _string("inter.worker.signature.algorithm", "HmacSHA256"),
    _list("inter.worker.verification.algorithms", "HmacSHA256"),
    _list("listeners", "http://:8083"),
    _string("response.http.headers.config", ""),
    _string("rest.advertised.host.name", None),
    _string("rest.advertised.listener", None),
    _int("rest.advertised.port", None),
    _list("rest.extension.classes", ""),
    _string("ssl.client.auth", "none", values=("none", "requested", "required")),
)
_SECURITY = (
    _class("sasl.client.callback.handler.class", None),
    _password("sasl.jaas.config", None),
    _string("sasl.kerberos.kinit.cmd", "/usr/bin/kinit"),
    _long("sasl.kerberos.min.time.before.relogin", "60000"),
    _string("sasl.kerberos.service.name", None),
    _double("sasl.kerberos.ticket.renew.jitter", "0.05"),
    _double("sasl.kerberos.ticket.renew.window.factor", "0.8"),
    _class("sasl.login.callback.handler.class", None),
    _class("sasl.login.class", None),
    _int("sasl.login.connect.timeout.ms", None),
    _int("sasl.login.read.timeout.ms", None),
    _short("sasl.login.refresh.buffer.seconds", "300", least=0, most=3600),
    _short("sasl.login.refresh.min.period.seconds", "60", least=0, most=900),
    _double("sasl.login.refresh.window.factor", "0.8", least=0.5, most=1.0),
    _double("sasl.login.refresh.window.jitter", "0.05", least=0.0, most=0.25),
    _long("sasl.login.retry.backoff.max.ms", "10000"),
    _long("sasl.login.retry.backoff.ms", "100"),
    _string("sasl.mechanism", "GSSAPI"),
    _string("sasl.oauthbearer.assertion.algorithm", "RS256", values=("ES256", "RS256"), any_case=True, since=(4, 1)),
    _string("sasl.oauthbearer.assertion.claim.aud", None, since=(4, 1)),
    _int("sasl.oauthbearer.assertion.claim.exp.seconds", "300", least=0, most=86400, since=(4, 1)),
    _string("sasl.oauthbearer.assertion.claim.iss", None, since=(4, 1)),
    _boolean("sasl.oauthbearer.assertion.claim.jti.include", "false", since=(4, 1)),
    _int("sasl.oauthbearer.assertion.claim.nbf.seconds", "60", least=0, most=3600, since=(4, 1)),
    _string("sasl.oauthbearer.assertion.claim.sub", None, since=(4, 1)),
    _string("sasl.oauthbearer.assertion.file", None, since=(4, 1)),
    _string("sasl.oauthbearer.assertion.private.key.file", None, since=(4, 1)),
    _password("sasl.oauthbearer.assertion.private.key.passphrase", None, since=(4, 1)),
    _string("sasl.oauthbearer.assertion.template.file", None, since=(4, 1)),
    _string("sasl.oauthbearer.client.credentials.client.id", None, since=(4, 1)),
    _password("sasl.oauthbearer.client.credentials.client.secret", None, since=(4, 1)),
    _int("sasl.oauthbearer.clock.skew.seconds", "30"),
    _list("sasl.oauthbearer.expected.audience", "", since=(4, 2)),
    _list("sasl.oauthbearer.expected.audience", None, until=(4, 2)),
    _string("sasl.oauthbearer.expected.issuer", None),
    _boolean("sasl.oauthbearer.header.urlencode", "false", since=(3, 9)),
    _long("sasl.oauthbearer.jwks.endpoint.refresh.ms", "3600000"),
    _long("sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms", "10000"),
    _long("sasl.oauthbearer.jwks.endpoint.retry.backoff.ms", "100"),
    _string("sasl.oauthbearer.jwks.endpoint.url", None),
    _class(
        "sasl.oauthbearer.jwt.retriever.class",
        "org.apache.kafka.common.security.oauthbearer.DefaultJwtRetriever",
        since=(4, 1),
    ),
    _class(
        "sasl.oauthbearer.jwt.validator.class",
        "org.apache.kafka.common.security.oauthbearer.DefaultJwtValidator",
        since=(4, 1),
    ),
    _string("sasl.oauthbearer.scope", None, since=(4, 1)),
    _string("sasl.oauthbearer.scope.claim.name", "scope"),
    _string("sasl.oauthbearer.sub.claim.name", "sub"),
    _string("sasl.oauthbearer.token.endpoint.url", None),
    _string("security.protocol", "PLAINTEXT", values=("PLAINTEXT", "SASL_PLAINTEXT", "SASL_SSL", "SSL"), any_case=True),
    _list("ssl.cipher.suites", "", since=(4, 2)),
    _list("ssl.cipher.suites", None, until=(4, 2)),
    _list("ssl.enabled.protocols", "TLSv1.2,TLSv1.3"),
    _string("ssl.endpoint.identification.algorithm", "https"),
    _class("ssl.engine.factory.class", None),
    _password("ssl.key.password", None),
    _string("ssl.keymanager.algorithm", "SunX509"),
    _password("ssl.keystore.certificate.chain", None),
    _password("ssl.keystore.key", None),
    _string("ssl.keystore.location", None),
    _password("ssl.keystore.password", None),
    _string("ssl.keystore.type", "JKS"),
    _string("ssl.protocol", "TLSv1.3"),
    _string("ssl.provider", None),
    _string("ssl.secure.random.implementation", None),
    _string("ssl.trustmanager.algorithm", "PKIX"),
    _password("ssl.truststore.certificates", None),
    _string("ssl.truststore.location", None),
    _password("ssl.truststore.password", None),
    _string("ssl.truststore.type", "JKS"),
)
_NETWORK = (
    _string(
        "client.dns.lookup", "use_all_dns_ips", values=("resolve_canonical_bootstrap_servers_only", "use_all_dns_ips")
    ),
    _long("connections.max.idle.ms", "540000"),
    _long("metadata.max.age.ms", "300000", least=0),
    _long("metadata.recovery.rebootstrap.trigger.ms", "300000", least=0, since=(4, 0)),
    _string(
        "metadata.recovery.strategy", "none", values=("none", "rebootstrap"), any_case=True, since=(3, 8), until=(4, 0)
    ),
    _string("metadata.recovery.strategy", "rebootstrap", values=("none", "rebootstrap"), any_case=True, since=(4, 0)),
    _int("receive.buffer.bytes", "32768", least=-1),
    _long("reconnect.backoff.max.ms", "1000", least=0),
    _long("reconnect.backoff.ms", "50", least=0),
    _int("request.timeout.ms", "40000", least=0),
    _long("retry.backoff.max.ms", "1000", least=0, since=(3, 7)),
    _long("retry.backoff.ms", "100", least=0),
    _int("send.buffer.bytes", "131072", least=-1),
    _long("socket.connection.setup.timeout.max.ms", "30000", least=0),
    _long("socket.connection.setup.timeout.ms", "10000", least=0),
)
_METRICS = (
    _boolean("auto.include.jmx.reporter", "true", until=(4, 0)),
    _list("metric.reporters", "", until=(4, 0)),
    _list("metric.reporters", "org.apache.kafka.common.metrics.JmxReporter", since=(4, 0)),
    _int("metrics.num.samples", "2", least=1),
    _string("metrics.recording.level", "INFO", values=("DEBUG", "INFO")),
    _long("metrics.sample.window.ms", "30000", least=0),
)

TABLE: tuple[tuple[str, tuple[WorkerKey, ...]], ...] = (
    ("Cluster", _CLUSTER),
    ("Internal topics", _TOPICS),
    ("Converters", _CONVERTERS),
    ("Plugins", _PLUGINS),
    ("Config providers", _PROVIDERS),
    ("Group membership and rebalancing", _GROUP),
    ("Connectors and tasks", _WORK),
    ("REST API", _REST),
    ("Security of connections to brokers", _SECURITY),
    ("Connections to brokers", _NETWORK),
    ("Metrics", _METRICS),
)
"""The keys by section, in the order in which a file is written."""
