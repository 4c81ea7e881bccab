# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role jmx's rules and policy on a real worker: every attribute of every bean of Connect has its documented name."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.traffic.exposition import from_exposition
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.traffic.jolokia import (
    from_jolokia,
    jolokia_request,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.traffic.task_rates import (
    UnreadableError,
    task_names,
)
from testing.sandbox import Sandbox
from testing.sandbox.agents import ensure_agents
from testing.sandbox.environment import CHECKOUT, find_java
from testing.sandbox.jars import ensure_jars
from testing.tooling.shared_sandbox import DEFAULT_KAFKA
from tests.integration.traffic.test_real_agents import agent_ports

ROLE = CHECKOUT / "roles" / "jmx"
KAFKA = os.environ.get("STREAMOPS_KAFKA", DEFAULT_KAFKA)
WITHIN = 150.0
TASKS = frozenset({("source", "0"), ("sink", "0")})
Sample = tuple[str, frozenset[tuple[str, str]]]


def rendered(template: str) -> str:
    """A template of the role, rendered without logins, TLS and user-defined rules."""
    environment = jinja2.Environment(trim_blocks=True, keep_trailing_newline=True)
    environment.filters["to_json"] = json.dumps
    text = (ROLE / "templates" / template).read_text(encoding="utf-8")
    given: dict[str, Any] = {
        "jmx_prometheus_include_object_names": [],
        "jmx_prometheus_rules": [],
        "_jmx_prometheus_server": {},
    }
    return environment.from_string(text).render(given).lstrip()


def documented_prefixes() -> dict[str, str]:
    """The prefixes of metric names by the type of the bean, from the role's README."""
    readme = (ROLE / "README.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^\| `type=([a-z-]+)` \| `([a-z_]+_)…` \|", readme, flags=re.MULTILINE))


def is_text(value: str) -> bool:
    """Whether the value of an attribute is not a number."""
    return re.fullmatch(r"-?\d+(\.\d+)?([eE]-?\d+)?|NaN|-?Infinity", value) is None


@dataclass(frozen=True)
class Agents:
    """The ports of a worker with both agents."""

    prometheus: str
    jolokia: str
    remote: int

    def page(self) -> str:
        with urllib.request.urlopen(f"{self.prometheus}/metrics", timeout=60) as answer:
            return str(answer.read().decode())

    def tasks(self) -> set[tuple[str, str]]:
        """The tasks whose rates the page has; empty while some are missing."""
        try:
            return set(task_names(from_exposition(self.page())))
        except UnreadableError:
            return set()

    def query(self, body: Any) -> Any:
        with urllib.request.urlopen(f"{self.jolokia}/jolokia", json.dumps(body).encode(), timeout=60) as answer:
            return json.loads(answer.read())

    def expected(self) -> set[Sample]:
        """The samples that the README documents for the values that Kafka's own tool reads through remote JMX."""
        prefixes, samples = documented_prefixes(), set()
        for bean, attribute, value in self.read():
            properties = dict(entry.split("=", 1) for entry in bean.split(","))
            prefix = prefixes[properties.pop("type")]
            if "app_info" in prefix and "id" not in properties:
                continue  # The beans with an id have the same values.
            name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", attribute).lower().replace("-", "_")
            labels = {key.replace("-", "_"): found.strip('"') for key, found in properties.items()}
            texts = {name: value} if is_text(value) else {}
            samples.add((prefix + name, frozenset({**labels, **texts}.items())))
        return samples

    def read(self) -> list[tuple[str, str, str]]:
        """(properties of a bean's name, attribute, value) of all attributes of Connect."""
        libs = ensure_jars(KAFKA).libs
        tool = [str(find_java()), "-Xmx64m", "-cp", f"{libs}/*", "org.apache.kafka.tools.JmxTool"]
        where = ["--jmx-url", f"service:jmx:rmi:///jndi/rmi://127.0.0.1:{self.remote}/jmxrmi"]
        what = ["--object-name", "kafka.connect:*", "--one-time", "true", "--report-format", "properties"]
        output = subprocess.run([*tool, *where, *what], capture_output=True, text=True, check=True).stdout
        return re.findall(r"^kafka\.connect:(.*):([\w-]+)=(.*)$", output, flags=re.MULTILINE)

    def found(self) -> set[Sample]:
        lines = re.findall(r"^(kafka_connect_\w+)(?:\{(.*)\})? \S+$", self.page(), flags=re.MULTILINE)
        return {(name, frozenset(re.findall(r'(\w+)="([^"]*)"', labels))) for name, labels in lines}


@pytest.fixture(scope="module")
def agents(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agents]:
    folder = tmp_path_factory.mktemp("agents")
    rules, policy = folder / "prometheus.yml", folder / "jolokia-access.xml"
    rules.write_text(rendered("prometheus.yml.j2"), encoding="utf-8")
    policy.write_text(rendered("jolokia-access.xml.j2"), encoding="utf-8")
    jars, ports = ensure_agents(), agent_ports(3)
    options = (
        f"-Dcom.sun.management.jmxremote.port={ports[2]}",
        f"-Dcom.sun.management.jmxremote.rmi.port={ports[2]}",
        "-Dcom.sun.management.jmxremote.host=127.0.0.1",
        "-Dcom.sun.management.jmxremote.authenticate=false",
        "-Dcom.sun.management.jmxremote.ssl=false",
        "-Djava.rmi.server.hostname=127.0.0.1",
        jars.prometheus_option(ports[0], rules),
        jars.jolokia_option(ports[1], policyLocation=f"file://{policy}"),
    )
    with Sandbox.running(workers=1, kafka=KAFKA, java_options={"w1": options}) as sandbox:
        create(sandbox, folder)
        started = Agents(f"http://127.0.0.1:{ports[0]}", f"http://127.0.0.1:{ports[1]}", ports[2])
        awaited(started.tasks, set(TASKS))
        yield started


def create(sandbox: Sandbox, folder: Path) -> None:
    """A source and a sink that have all kinds of beans, including those of transformations."""
    changing = {
        "transforms": "marked",
        "transforms.marked.type": "org.apache.kafka.connect.transforms.HoistField$Value",
        "transforms.marked.field": "line",
        "transforms.marked.predicate": "named",
        "predicates": "named",
        "predicates.named.type": "org.apache.kafka.connect.transforms.predicates.TopicNameMatches",
        "predicates.named.pattern": "no-such-topic",
    }
    configs = {
        "source": {"connector.class": "FileStreamSource", "file": "/dev/null", "topic": "inspected"},
        "sink": {"connector.class": "FileStreamSink", "file": str(folder / "sink.txt"), "topics": "inspected"},
    }
    for name, config in configs.items():
        body = {"name": name, "config": {"tasks.max": "1", **config, **changing}}
        code, answer = sandbox.request("POST", "/connectors", body)
        assert code == 201, answer


def awaited(read: Callable[[], set[Any]], expected: set[Any]) -> None:
    deadline = time.monotonic() + WITHIN
    while (found := read()) != expected:
        assert time.monotonic() < deadline, f"not as expected in time: {sorted(map(str, found ^ expected))[:40]}"


def test_every_attribute_has_the_documented_name_and_labels(agents: Agents) -> None:
    # Beans appear and disappear in the meantime: both sides must be equal once.
    awaited(lambda: agents.found() ^ agents.expected(), set())
    assert {name for name, _labels in agents.found()} >= {
        "kafka_connect_worker_task_count",
        "kafka_connect_worker_rebalance_epoch",
        "kafka_connect_source_task_source_record_write_total",
        "kafka_connect_task_error_total_record_failures",
    }


def test_traffic_window_reads_both_agents(agents: Agents) -> None:
    assert task_names(from_exposition(agents.page())) == TASKS
    assert task_names(from_jolokia(agents.query(jolokia_request()))) == TASKS


def test_the_policy_allows_only_reading_beans_of_connect(agents: Agents) -> None:
    def status(**request: Any) -> int:
        return int(agents.query(request)["status"])

    worker = "kafka.connect:type=connect-worker-metrics"
    assert status(type="read", mbean=worker, attribute="task-count") == 200
    assert status(type="version") == 200
    for request in (
        {"type": "read", "mbean": "java.lang:type=Runtime", "attribute": "SystemProperties"},
        {"type": "read", "mbean": "java.lang:*"},
        {"type": "write", "mbean": worker, "attribute": "task-count", "value": 1},
        {"type": "exec", "mbean": "java.lang:type=Memory", "operation": "gc"},
        {"type": "list"},
    ):
        assert status(**request) == 403, request
