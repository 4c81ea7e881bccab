# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults of workers, brokers, topics, connectors and of what a user asks with. Each heals when its block ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from confluent_kafka import Consumer
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewTopic,
    ResourceType,
)

from testing.sandbox import Sandbox
from testing.sandbox.configuration import CONFIG_TOPIC, GROUP
from testing.trouble import coordinator_of

Options = Mapping[str, Any]
"""Options of cluster_health, in addition to `url` and `bootstrap_servers` of the sandbox."""

Injection = Callable[[Sandbox], AbstractContextManager[Options]]

DELAY = 20
"""Seconds of scheduled.rebalance.max.delay.ms: work of a departed worker waits for so long."""

BASE = [f"base-{number}" for number in range(4)]
"""Connectors that run during each fault."""


@dataclass(frozen=True)
class ClusterFault:
    """A fault, and how to bring it about. `expected`: kinds of findings or errors of which the first cause must be one.

    `brokers`: how many the cluster needs; `properties`: of its nodes.
    """

    name: str
    expected: frozenset[str]
    inject: Injection
    brokers: int = 1


FAULTS: list[ClusterFault] = []


def fault(name: str, expected: str, brokers: int = 1) -> Callable[[Callable[[Sandbox], Iterator[Options]]], Injection]:
    """Add a generator that yields once, while the fault is there, to the table."""

    def add(generator: Callable[[Sandbox], Iterator[Options]]) -> Injection:
        inject = contextmanager(generator)
        FAULTS.append(ClusterFault(name, frozenset(expected.split()), inject, brokers))
        return inject

    return add


# Workers


@fault("a worker is killed", "worker_unreachable")
def _(sandbox: Sandbox) -> Iterator[Options]:
    sandbox.kill("w3")
    yield {}
    sandbox.start("w3")


@fault("a worker hangs", "worker_hangs")
def _(sandbox: Sandbox) -> Iterator[Options]:
    sandbox.stop("w3")
    yield {"read_timeout": 3.0}
    sandbox.continue_("w3")


@fault("a worker has left, and its work waits", "rebalance_delayed")
def _(sandbox: Sandbox) -> Iterator[Options]:
    sandbox.terminate("w3")
    yield {"url": sandbox.urls[:2]}
    sandbox.start("w3")


@fault("fewer workers than expected", "other_number_of_workers")
def _(_sandbox: Sandbox) -> Iterator[Options]:
    yield {"expected_workers": 4}


@fault("all workers are down", "connection_refused")
def _(sandbox: Sandbox) -> Iterator[Options]:
    for name in ("w1", "w2", "w3"):
        sandbox.kill(name)
    yield {"conflict_timeout": 3.0}
    for name in ("w1", "w2", "w3"):
        sandbox.start(name, wait=False)


@fault("two workers advertise one URL", "same_url")
def _(sandbox: Sandbox) -> Iterator[Options]:
    port = sandbox.workers[0].url.rpartition(":")[2]
    sandbox.add_worker(properties={"rest.advertised.port": port}, wait=False)
    yield {}
    sandbox.kill(sandbox.workers[-1].name)


@fault("a worker advertises a URL where nothing listens", "unreachable_url")
def _(sandbox: Sandbox) -> Iterator[Options]:
    sandbox.add_worker(properties={"rest.advertised.port": "1"}, wait=False)
    yield {}
    sandbox.kill(sandbox.workers[-1].name)


class _WebServer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<html>It works!</html>")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name of the base class
        pass


@contextmanager
def _web_server() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _WebServer)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


@fault("a worker advertises the URL of a web server", "wrong_url")
def _(sandbox: Sandbox) -> Iterator[Options]:
    with _web_server() as port:
        sandbox.add_worker(properties={"rest.advertised.port": str(port)}, wait=False)
        yield {}
        sandbox.kill(sandbox.workers[-1].name)


@fault("a worker with another group.id and the same topics", "second_group")
def _(sandbox: Sandbox) -> Iterator[Options]:
    sandbox.add_worker(properties={"group.id": "astray"}, wait=False)
    yield {"url": sandbox.urls[:3]}
    sandbox.kill(sandbox.workers[-1].name)
    for name in BASE:
        sandbox.request("POST", f"/connectors/{name}/restart?includeTasks=true")


@fault("a worker with the same group.id and another config topic", "two_clusters config_mismatch")
def _(sandbox: Sandbox) -> Iterator[Options]:
    sandbox.add_worker(properties={"config.storage.topic": "another-configs"}, wait=False)
    yield {"url": sandbox.urls[:3]}
    sandbox.kill(sandbox.workers[-1].name)


@fault("a plugin is missing on one worker", "plugins_differ")
def _(sandbox: Sandbox) -> Iterator[Options]:
    nothing = sandbox.files / "no-plugins"
    nothing.mkdir(exist_ok=True)
    sandbox.add_worker(properties={"plugin.path": str(nothing)})
    yield {}
    sandbox.kill(sandbox.workers[-1].name)


# What a user asks with


@fault("a URL leads to a broker", "connection_dropped not_connect")
def _(sandbox: Sandbox) -> Iterator[Options]:
    yield {"url": [f"http://{sandbox.bootstrap_servers}"], "conflict_timeout": 3.0}


@fault("a URL leads to a web server", "not_a_connect_worker")
def _(_sandbox: Sandbox) -> Iterator[Options]:
    with _web_server() as port:
        yield {"url": [f"http://127.0.0.1:{port}"], "conflict_timeout": 3.0}


@fault("the name of a worker does not exist", "host_unknown")
def _(_sandbox: Sandbox) -> Iterator[Options]:
    yield {"url": ["http://no-such-host.invalid:8083"], "conflict_timeout": 3.0}


@fault("https for workers that have none", "tls_failed tls_error")
def _(sandbox: Sandbox) -> Iterator[Options]:
    yield {"url": [url.replace("http:", "https:") for url in sandbox.urls], "conflict_timeout": 3.0}


@fault("the port of the brokers is wrong", "broker_unreachable")
def _(_sandbox: Sandbox) -> Iterator[Options]:
    yield {"bootstrap_servers": ["127.0.0.1:1"]}


@fault("one of two bootstrap servers is wrong", "broker_unreachable")
def _(sandbox: Sandbox) -> Iterator[Options]:
    yield {"bootstrap_servers": [sandbox.bootstrap_servers, "127.0.0.1:1"]}


@fault("a bootstrap server is a worker", "bootstrap_wrong")
def _(sandbox: Sandbox) -> Iterator[Options]:
    yield {"bootstrap_servers": [sandbox.urls[0].split("//")[1]]}


@fault("TLS for brokers that have none", "bootstrap_wrong")
def _(_sandbox: Sandbox) -> Iterator[Options]:
    yield {"client_properties": {"security.protocol": "SSL"}}


@fault("a group.id that does not exist", "group_unknown no_members")
def _(_sandbox: Sandbox) -> Iterator[Options]:
    yield {"group_id": "no-such-group"}


@fault("the group.id of consumers", "not_a_connect_group")
def _(sandbox: Sandbox) -> Iterator[Options]:
    consumer = Consumer({"bootstrap.servers": sandbox.bootstrap_servers, "group.id": "consumers"})
    consumer.subscribe([CONFIG_TOPIC])
    consumer.poll(6.0)
    yield {"group_id": "consumers"}
    consumer.close()


# Topics


def _alter(sandbox: Sandbox, topic: str, key: str, value: str | None) -> None:
    operation = AlterConfigOpType.SET if value is not None else AlterConfigOpType.DELETE
    entry = ConfigEntry(key, value or "", incremental_operation=operation)
    resource = ConfigResource(ResourceType.TOPIC, topic, incremental_configs=[entry])
    client = AdminClient({"bootstrap.servers": sandbox.bootstrap_servers})
    for future in client.incremental_alter_configs([resource]).values():
        future.result(20)


@fault("the config topic is not compacted", "internal_topic_not_compacted")
def _(sandbox: Sandbox) -> Iterator[Options]:
    _alter(sandbox, CONFIG_TOPIC, "cleanup.policy", "delete")
    yield {"config_topic": CONFIG_TOPIC}
    _alter(sandbox, CONFIG_TOPIC, "cleanup.policy", "compact")


@fault("the name of the status topic is wrong", "internal_topic_missing")
def _(_sandbox: Sandbox) -> Iterator[Options]:
    yield {"status_topic": "no-such-topic"}


@fault("a config topic with two partitions", "internal_topic_partitions")
def _(sandbox: Sandbox) -> Iterator[Options]:
    client = AdminClient({"bootstrap.servers": sandbox.bootstrap_servers})
    topic = NewTopic("two-partitions", 2, 1, config={"cleanup.policy": "compact"})
    for future in client.create_topics([topic]).values():
        future.result(20)
    yield {"config_topic": "two-partitions"}
    for future in client.delete_topics(["two-partitions"]).values():
        future.result(20)


# Connectors that do not fail


def _sink(sandbox: Sandbox, name: str, topics: str, **more: str) -> None:
    config = {"connector.class": "FileStreamSink", "tasks.max": "1", "topics": topics}
    config |= {"file": str(sandbox.files / f"{name}.txt")} | {
        key.replace("__", "."): value for key, value in more.items()
    }
    code, answer = sandbox.request("PUT", f"/connectors/{name}/config", config)
    if code != 201:
        raise RuntimeError(answer)


@fault("two sinks with one consumer group", "connectors_overlap")
def _(sandbox: Sandbox) -> Iterator[Options]:
    for name in ("twin-1", "twin-2"):
        _sink(sandbox, name, "base-0", consumer__override__group__id="twins")
    yield {}
    for name in ("twin-1", "twin-2"):
        sandbox.request("DELETE", f"/connectors/{name}")


@fault("two sources that read the same file", "connectors_overlap")
def _(sandbox: Sandbox) -> Iterator[Options]:
    for name in ("twin-1", "twin-2"):
        config = {"connector.class": "FileStreamSource", "tasks.max": "1", "topic": name, "file": "/nowhere/twins"}
        sandbox.request("PUT", f"/connectors/{name}/config", config)
    yield {}
    for name in ("twin-1", "twin-2"):
        sandbox.request("DELETE", f"/connectors/{name}")


# Brokers


@fault("the broker that coordinates the group is down", "broker_unreachable", brokers=3)
def _(sandbox: Sandbox) -> Iterator[Options]:
    name = coordinator_of(sandbox)
    sandbox.kill(name)
    yield {"group_id": GROUP}
    sandbox.start(name)
