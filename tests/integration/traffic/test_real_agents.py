# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""traffic_window on two real workers, each with the Prometheus agent (TLS, login) and with Jolokia (login)."""

from __future__ import annotations

import json
import os
import random
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.execute import execute
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.cluster_health import (
    CLUSTER_HEALTH,
    cluster_health,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.traffic_window import (
    TRAFFIC_WINDOW,
    traffic_window,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.health import memory_findings
from testing.sandbox import Sandbox
from testing.sandbox.agents import ensure_agents
from testing.sandbox.certificates import make_certificates
from testing.sandbox.configuration import STORE_PASSWORD
from testing.sandbox.environment import CHECKOUT, find_java
from testing.tooling.shared_sandbox import DEFAULT_KAFKA
from tests.contract.modules.shapes import misfits

USER, PASSWORD = "reader", "canary-of-the-agents"
RULES = f"""
httpServer:
  authentication: {{basic: {{username: {USER}, password: {PASSWORD}}}}}
  ssl: {{certificate: {{alias: worker}}}}
"""
LOUD, ODD = "loud", '"quoted" näme'
THROUGHPUT = 50
WITHIN = 150.0

Result = dict[str, Any]


@dataclass(frozen=True)
class Measured:
    """Two workers and the URLs of their agents."""

    sandbox: Sandbox
    agents: list[str]
    jolokias: list[str]
    ca: Path

    def measure(self, source: str, urls: list[str], traffic: dict[str, Any] | None = None, **given: Any) -> Result:
        """The result of a task; checks that it is documented and does not contain a password of the agents."""
        own = {"url_username": USER, "url_password": PASSWORD, "ca_path": str(self.ca)}
        traffic_options = {
            "source": source,
            "url": urls,
            "limit": 10,
            "sustained_for": 0,
            "interval": 1,
            **own,
            **(traffic or {}),
        }
        options = {"traffic": traffic_options, "url": self.sandbox.urls, **given}
        checked = ArgumentSpecValidator(TRAFFIC_WINDOW.arguments, **TRAFFIC_WINDOW.checks).validate(options)
        assert checked.error_messages == []
        result = execute(traffic_window, checked.validated_parameters, check_mode=False, diff_mode=False)
        assert misfits("traffic_window", result) == []
        assert PASSWORD not in json.dumps(result)
        return result

    def both(self) -> list[tuple[str, list[str]]]:
        return [("agents", self.agents), ("jolokia", self.jolokias)]


def agent_ports(count: int) -> list[int]:
    """Free ports from a range that no sandbox uses for its own."""
    found: list[int] = []
    for port in random.sample(range(18_000, 19_900), 1_900):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                found.append(port)
        if len(found) == count:
            break
    return found


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Measured]:
    folder = tmp_path_factory.mktemp("agents")
    make_certificates(folder / "tls", find_java())
    (folder / "rules.yml").write_text(RULES, encoding="utf-8")
    # The policy of the role. Its first line is a comment of the template.
    template = (CHECKOUT / "roles" / "jmx" / "templates" / "jolokia-access.xml.j2").read_text(encoding="utf-8")
    (folder / "policy.xml").write_text(template.partition("\n")[2], encoding="utf-8")
    policy = f"file://{folder / 'policy.xml'}"
    jars, ports = ensure_agents(), agent_ports(4)
    store = (
        f"-Djavax.net.ssl.keyStore={folder / 'tls' / 'worker.p12'}",
        f"-Djavax.net.ssl.keyStorePassword={STORE_PASSWORD}",
        "-Djavax.net.ssl.keyStoreType=PKCS12",
    )
    options = {
        worker: (
            *store,
            jars.prometheus_option(ports[number], folder / "rules.yml"),
            jars.jolokia_option(ports[number + 2], user=USER, password=PASSWORD, policyLocation=policy),
        )
        for number, worker in enumerate(("w1", "w2"))
    }
    # Rates are means over two such windows, 30 s each by default, which would take the tests a minute.
    properties = {"*": {"metrics.sample.window.ms": "3000"}}
    kafka = os.environ.get("STREAMOPS_KAFKA", DEFAULT_KAFKA)
    with Sandbox.running(workers=2, kafka=kafka, java_options=options, properties=properties) as sandbox:
        loud = {"connector.class": "VerifiableSource", "tasks.max": "1", "topic": "loud", "throughput": str(THROUGHPUT)}
        quiet = {"connector.class": "FileStreamSource", "tasks.max": "1", "topic": "quiet", "file": "/dev/null"}
        for name, config in ((LOUD, loud), (ODD, quiet)):
            code, answer = sandbox.request("POST", "/connectors", {"name": name, "config": config})
            assert code == 201, answer
        yield Measured(
            sandbox,
            [f"https://127.0.0.1:{port}" for port in ports[:2]],
            [f"http://127.0.0.1:{port}" for port in ports[2:]],
            folder / "tls" / "ca.pem",
        )


def awaited(read: Callable[[], Result], is_expected: Callable[[Result], bool]) -> Result:
    """The first expected result."""
    deadline = time.monotonic() + WITHIN
    while not is_expected(result := read()):
        assert time.monotonic() < deadline, f"not as expected in time; the last result: {result}"
    return result


def is_loud(result: Result) -> bool:
    """Both tasks are measured, and the rate, an average, is near the production rate."""
    rate = result["rates"]["records_per_second"]
    tasks = sum(worker["tasks"] or 0 for worker in result["rates"]["workers"])
    return tasks == 2 and rate is not None and rate > THROUGHPUT / 2


def test_the_traffic_of_all_workers_is_measured(measured: Measured) -> None:
    for source, urls in measured.both():
        result = awaited(lambda source=source, urls=urls: measured.measure(source, urls), is_loud)  # type: ignore[misc]
        assert result["open"] is False
        assert result["reason"].startswith("traffic is high: ")
        workers = result["rates"]["workers"]
        assert [worker["url"] for worker in workers] == urls
        assert result["rates"]["records_per_second"] < 2 * THROUGHPUT
        assert measured.measure(source, urls, {"limit": 10 * THROUGHPUT})["open"] is True


def test_a_worker_whose_agent_is_not_listed_keeps_the_window_closed(measured: Measured) -> None:
    for source, urls in measured.both():
        for listed in urls:
            result = measured.measure(source, [listed], {"limit": 10 * THROUGHPUT})
            assert result["open"] is False
            assert "these agents lack the rates of running task" in result["reason"]


def test_wrong_credentials_and_an_unknown_authority_are_errors(measured: Measured) -> None:
    for source, urls in measured.both():
        result = measured.measure(source, urls, {"url_password": "wrong-password"})
        assert result["error"]["kind"] == "authentication_failed"
        assert "check traffic.url_username and traffic.url_password" in result["msg"]
    result = measured.measure("agents", measured.agents, {"ca_path": None})
    assert result["error"]["kind"] == "tls_failed"
    result = measured.measure("agents", [url.replace("https:", "http:") for url in measured.agents])
    assert result.get("failed") or not result["open"]


def test_the_wrong_kind_of_agent_is_never_low_traffic(measured: Measured) -> None:
    assert measured.measure("agents", measured.jolokias)["error"]["kind"] == "metrics_failed"
    swapped = measured.measure("jolokia", measured.agents)
    assert swapped.get("failed") or not swapped["open"]


def test_a_wait_ends_when_traffic_is_low(measured: Measured) -> None:
    awaited(lambda: measured.measure("agents", measured.agents), is_loud)
    code, _answer = measured.sandbox.request("PUT", f"/connectors/{LOUD}/pause")
    assert code == 202
    result = measured.measure("agents", measured.agents, {"sustained_for": 3}, wait=True, wait_timeout=WITHIN)
    assert result["open"] is True, result
    assert result["rates"]["records_per_second"] <= 10
    assert result["rates"]["low_for"] >= 3
    texts = [event["text"] for event in result["run"]["timeline"]]
    assert any("traffic is high" in text for text in texts)
    assert measured.measure("jolokia", measured.jolokias)["open"] is True


def test_a_killed_worker_does_not_count_as_one_without_traffic(measured: Measured) -> None:
    measured.sandbox.kill("w2")
    try:
        for source, urls in measured.both():
            result = measured.measure(source, urls, {"limit": 10 * THROUGHPUT})
            assert result["open"] is False
            assert f"traffic is unknown: {urls[1]}: connection refused" in result["reason"]
            lenient = measured.measure(source, urls, {"limit": 10 * THROUGHPUT, "unreachable": "ignore"})
            assert lenient["open"] is True
            assert lenient["warnings"]
    finally:
        measured.sandbox.start("w2")


def health(measured: Measured, source: str, urls: list[str], **metrics: Any) -> Result:
    own = {"url_username": USER, "url_password": PASSWORD, "ca_path": str(measured.ca)}
    options = {"url": measured.sandbox.urls, "metrics": {"source": source, "url": urls, **own, **metrics}}
    checked = ArgumentSpecValidator(CLUSTER_HEALTH.arguments, **CLUSTER_HEALTH.checks).validate(options)
    assert checked.error_messages == []
    result = execute(cluster_health, checked.validated_parameters, check_mode=False, diff_mode=False)
    assert misfits("cluster_health", result) == []
    assert PASSWORD not in json.dumps(result)
    return result


def test_the_heap_of_each_worker_is_read(measured: Measured, monkeypatch: pytest.MonkeyPatch) -> None:
    for source, urls in measured.both():
        memory = health(measured, source, urls)["memory"]
        assert [worker["url"] for worker in memory] == urls
        for worker in memory:
            assert worker["problem"] == ""
            assert 0 <= worker["used"] <= worker["maximum"]
            # A sandbox's worker has 512 MB.
            assert 100 * 2**20 < worker["maximum"] <= 512 * 2**20
            assert 0 <= worker["pause_share"] < 1
            assert worker["seconds"] > 5
        monkeypatch.setattr(memory_findings, "FULL", 0.0)
        monkeypatch.setattr(memory_findings, "PAUSED", 0.0)
        findings = health(measured, source, urls)["findings"]
        assert {"heap_nearly_full", "long_pauses"} <= {one["kind"] for one in findings}
        monkeypatch.undo()


def test_an_agent_that_cannot_be_read_does_not_stop_the_check(measured: Measured) -> None:
    for source, urls in measured.both():
        result = health(measured, source, urls[:1], url_password="wrong-password")
        (finding,) = [one for one in result["findings"] if one["kind"] == "metrics_unreadable"]
        assert finding["severity"] == "info"
        assert result["memory"][0]["used"] is None
        assert "check metrics.url_username" in finding["message"] or "401" in finding["message"]


def test_the_policy_of_the_role_hides_the_command_line(measured: Measured) -> None:
    asked = {"type": "read", "mbean": "java.lang:type=Runtime"}
    for attribute, status in (("Uptime", 200), ("InputArguments", 403), ("SystemProperties", 403)):
        url = f"{measured.jolokias[0]}/jolokia/"
        answer = requests.post(url, json={**asked, "attribute": attribute}, auth=(USER, PASSWORD), timeout=30)
        assert answer.json()["status"] == status, attribute
