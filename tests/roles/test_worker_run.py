# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs of the role worker on hosts of this machine: what it does, what it shows, and how little it does in the end."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest

from testing.ansible_runs import PlaybookRun
from testing.ansible_runs.worker_hosts import PROPERTIES, WorkerHosts, worker_hosts

SECRET = "hunter2-in-clear"
GIVEN = {
    "worker_properties": {
        **PROPERTIES,
        "scheduled.rebalance.max.delay.ms": 300000,
        "security.protocol": "SSL",
        "ssl.truststore.password": SECRET,
        "ssl.keystore.location": "/etc/kafka/keystore.jks",
    },
    "worker_secrets": {"kafka": SECRET},
    "worker_environment": {"KAFKA_OPTS": f"-Djavax.net.ssl.trustStorePassword={SECRET}", "KAFKA_HEAP_OPTS": "-Xmx64M"},
}
CHANGED = {
    "worker_properties": {
        **PROPERTIES,
        "scheduled.rebalance.max.delay.ms": 20000,
        "security.protocol": "SSL",
        "ssl.truststore.password": f"2-{SECRET}",
        "heartbeat.interval.ms": 2000,
    },
    "worker_secrets": {"kafka": f"2-{SECRET}", "another": SECRET},
    "worker_environment": {
        "KAFKA_OPTS": f"-Djavax.net.ssl.trustStorePassword=2-{SECRET}",
        "KAFKA_HEAP_OPTS": "-Xmx32M",
    },
}


@pytest.fixture
def host(tmp_path: Path) -> WorkerHosts:
    return worker_hosts(tmp_path)


def task_headers(run: PlaybookRun) -> list[str]:
    return [line for line in run.output.splitlines() if line.startswith("TASK [")]


def included(run: PlaybookRun) -> list[str]:
    return re.findall(r"\(item=(\w+)\)", run.output)


def installed(hosts: WorkerHosts) -> WorkerHosts:
    run = hosts.run(GIVEN)
    assert run.returncode == 0, run.output
    hosts.calls()
    return hosts


def test_a_second_run_changes_nothing_and_needs_few_steps(tmp_path: Path) -> None:
    hosts = worker_hosts(tmp_path, 2)
    hosts.run({})
    hosts.calls()
    run = hosts.run({})
    assert run.returncode == 0, run.output
    assert run.output.count("changed=0") == 2
    assert included(run) == ["start_and_wait"]
    assert len(task_headers(run)) <= 9
    # Those of the role: what precedes them is the play's.
    assert len(run.output.partition("TASK [streamops.kafka_connect.worker")[2].splitlines()) <= 40, run.output
    # One inspection of the host, and the proof that the worker is healthy.
    assert set(hosts.calls().values()) == {2}


def test_check_mode_changes_nothing_on_a_bare_host_and_shows_what_would_be_written(host: WorkerHosts) -> None:
    run = host.run(GIVEN, "--check", "--diff")
    assert run.returncode == 0, run.output
    assert "+ scheduled.rebalance.max.delay.ms=300000" in run.output
    assert "+ ssl.truststore.password=********" in run.output
    assert "+ kafka=********" in run.output
    assert "+ KAFKA_OPTS=-Djavax.net.ssl.trustStorePassword=********" in run.output
    assert SECRET not in run.output
    assert not host.path("host-1", "etc").exists()


def test_the_diff_has_a_line_for_each_previous_and_each_new_value_without_secrets(host: WorkerHosts) -> None:
    run = installed(host).run(CHANGED, "--check", "--diff")
    assert run.returncode == 0, run.output
    for line in (
        "- scheduled.rebalance.max.delay.ms=300000",
        "+ scheduled.rebalance.max.delay.ms=20000",
        "+ heartbeat.interval.ms=2000",
        "- ssl.keystore.location=/etc/kafka/keystore.jks",
        "+ ssl.truststore.password=******** (changed)",
        "+ another=********",
        "+ kafka=******** (changed)",
        "- KAFKA_HEAP_OPTS=-Xmx64M",
        "+ KAFKA_HEAP_OPTS=-Xmx32M",
        "+ KAFKA_OPTS=-Djavax.net.ssl.trustStorePassword=******** (changed)",
    ):
        assert line in run.output.splitlines(), line
    assert "security.protocol=" not in run.output
    assert SECRET not in run.output
    assert "scheduled.rebalance.max.delay.ms=300000" in host.read("host-1", "etc", "worker.properties")


def test_without_a_diff_one_line_names_the_keys(host: WorkerHosts) -> None:
    run = installed(host).run(CHANGED, "-vvv")
    assert run.returncode == 0, run.output
    message = run.of("Report which keys change").message
    keys = "heartbeat.interval.ms, scheduled.rebalance.max.delay.ms, ssl.keystore.location, ssl.truststore.password"
    assert f"worker.properties: {keys}; " in message
    assert "environment: KAFKA_HEAP_OPTS, KAFKA_OPTS" in message
    assert SECRET not in run.output
    assert "scheduled.rebalance.max.delay.ms=20000" in host.read("host-1", "etc", "worker.properties")
    assert host.path("host-1", "etc", "secrets.properties").stat().st_mode & 0o777 == 0o640


def test_only_the_part_that_differs_runs(host: WorkerHosts) -> None:
    installed(host).path("host-1", "etc", "log4j2.yaml").write_text("by hand", encoding="utf-8")
    run = host.run(GIVEN)
    assert included(run) == ["write_configuration", "start_and_wait", "restart_needed"]
    assert run.output.count("changed=1") == 1


@pytest.fixture(scope="module")
def edited_by_hand(tmp_path_factory: pytest.TempPathFactory) -> WorkerHosts:
    """A host on which files of two parts are missing."""
    hosts = installed(worker_hosts(tmp_path_factory.mktemp("tags")))
    hosts.path("host-1", "etc", "log4j2.yaml").unlink()
    hosts.path("host-1", "etc", "list-startup-files").unlink()
    return hosts


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        ((), ["write_configuration", "set_up_service", "start_and_wait"]),
        (("--tags", "configuration"), ["write_configuration"]),
        (("--tags", "service"), ["set_up_service", "start_and_wait"]),
        (("--tags", "software"), []),
        (("--skip-tags", "configuration"), ["set_up_service", "start_and_wait"]),
        (("--tags", "elsewhere"), []),
    ],
)
def test_tags_select_parts(edited_by_hand: WorkerHosts, arguments: tuple[str, ...], parts: list[str]) -> None:
    run = edited_by_hand.run(GIVEN, "--check", *arguments)
    assert run.returncode == 0, run.output
    assert included(run) == parts


def test_all_wrong_variables_are_reported_at_once(host: WorkerHosts) -> None:
    given = {"worker_properties": {"bootstrap.servers": "kafka-1:9092"}, "worker_archive": "kafka.tgz"}
    run = host.run(given)
    assert run.returncode == 2
    message = run.of("Validate the variables").message
    lines = message.splitlines()
    assert len(lines) == 3
    assert "worker_archive and worker_home are both set" in lines[0]
    assert "does not contain the Kafka version" in lines[1]
    assert "key group.id is missing" in lines[2]
    assert all(line.startswith("host-1: ") for line in lines)
    assert host.calls() == {"host-1": 0}


def test_a_port_that_is_in_use_is_reported_before_anything_is_changed(host: WorkerHosts) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        run = host.run({"worker_properties": {**PROPERTIES, "listeners": f"http://:{port}"}})
    assert run.returncode == 2
    message = run.of("Fail with what no part of the role can solve").message
    assert re.match(rf"host-1: port {port} is in use by \S+ \(process \d+\), not by connect-test -> ", message), message
    assert not host.path("host-1", "etc").exists()


def test_a_running_worker_that_has_read_other_files_needs_a_restart(host: WorkerHosts) -> None:
    installed(host)
    host.path("host-1", "run", "started-with").write_text("1  /another/file\n", encoding="utf-8")
    run = host.run(GIVEN)
    assert included(run)[-1] == "restart_needed"
    message = run.of("Report that a restart is needed").message
    assert "/another/file" in message
    assert "needs a restart" in message


def test_the_entry_points_stage_and_activate_do_all_of_it_together(host: WorkerHosts) -> None:
    staged = host.run(GIVEN, tasks_from="stage")
    assert included(staged) == ["user_and_directories"]
    activated = host.run({**GIVEN, "worker_state": "present"}, tasks_from="activate")
    assert included(activated) == ["write_configuration", "set_up_service", "restart_needed"]
    assert included(host.run(GIVEN)) == ["start_and_wait"]
