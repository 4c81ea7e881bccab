# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Internal values of the roles worker and jmx, evaluated by Ansible."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from testing.ansible_runs import play, run_playbook, task
from testing.sandbox.environment import CHECKOUT

CHECKSUM = "sha256:0123ABCDEF"
SECRET = "k3pt"
ARCHIVES = {
    "plain": "https://repository/kafka_2.13-4.3.1.tgz",
    "login": f"https://user:{SECRET}@repository/kafka_2.13-4.3.1.tgz",
    "token": f"https://repository/kafka_2.13-4.3.1.tgz?token={SECRET}/1.2.3@x",
    "both": f"http://{SECRET}@repository/kafka_2.13-4.3.1.tgz?a=b#{SECRET}",
    "file": "/files/a?b@c#d/kafka_2.13-4.3.1.tgz",
}


def evaluated(role: str, hosts: dict[str, dict[str, Any]], expression: str, folder: Path) -> dict[str, Any]:
    """The value of an expression on each host, with the variables of the host and of the role."""
    own: dict[str, Any] = {}
    for name in ("defaults", "vars"):
        own |= yaml.safe_load((CHECKOUT / "roles" / role / name / "main.yml").read_text(encoding="utf-8"))
    tasks = [task("ansible.builtin.debug", "value", {"msg": expression})]
    run = run_playbook([play(tasks)], {host: own | variables for host, variables in hosts.items()}, folder)
    return {host: run.of("value", host).result["msg"] for host in hosts}


def test_secrets_in_a_url_appear_in_neither_the_display_name_nor_the_version_of_an_archive(tmp_path: Path) -> None:
    hosts = {
        name: {"worker_archive": archive, "worker_archive_checksum": CHECKSUM} for name, archive in ARCHIVES.items()
    }
    values = evaluated(
        "worker", hosts, "{{ [_worker_archive_display, _worker_version, _worker_version_id] }}", tmp_path
    )
    name = "kafka_2.13-4.3.1"
    assert {host: value[1:] for host, value in values.items()} == {
        host: ["4.3.1", f"{name}-0123abcd"] for host in ARCHIVES
    }
    assert {host: value[0] for host, value in values.items()} == {
        "plain": f"https://repository/{name}.tgz",
        "login": f"https://repository/{name}.tgz",
        "token": f"https://repository/{name}.tgz",
        "both": f"http://repository/{name}.tgz",
        "file": ARCHIVES["file"],
    }


def test_secrets_in_a_url_appear_in_neither_the_display_name_nor_the_jar_of_an_agent(tmp_path: Path) -> None:
    agent = f"https://user:{SECRET}@repository/agent-1.5.0.jar"
    hosts = {
        "worker-1": {"jmx_prometheus_agent": agent, "jmx_jolokia_agent": f"{agent}?token={SECRET}.{SECRET}"}
        | {f"jmx_{kind}_agent_checksum": CHECKSUM for kind in ("prometheus", "jolokia")}
    }
    display_names, jars = evaluated("jmx", hosts, "{{ [_jmx_agents_display, _jmx_jars] }}", tmp_path)["worker-1"]
    kinds = ("prometheus", "jolokia")
    assert display_names == dict.fromkeys(kinds, "https://repository/agent-1.5.0.jar")
    assert jars == dict.fromkeys(kinds, "/opt/kafka-connect/agents/agent-1.5.0-0123abcd.jar")


def test_the_role_reads_lists_as_comma_separated_strings(tmp_path: Path) -> None:
    properties = {
        "group.id": "connect",
        "listeners": ["HTTPS://:8443", "http://:8083"],
        "plugin.path": ["/opt/a", "/opt/b"],
        "rest.advertised.port": 8444,
    }
    expression = "{{ [_worker_listener, _worker_properties['plugin.path'], _worker_url] }}"
    hosts = {"worker-1": {"worker_properties": properties}}
    assert evaluated("worker", hosts, expression, tmp_path)["worker-1"] == [
        "HTTPS://:8443",
        "/opt/a,/opt/b",
        "https://worker-1:8444",
    ]


def test_workers_of_a_cluster_are_found_regardless_of_their_service_name(tmp_path: Path) -> None:
    tasks = yaml.safe_load(
        (CHECKOUT / "roles" / "worker" / "tasks" / "validate_properties.yml").read_text(encoding="utf-8")
    )
    cluster = {"worker_cluster_hosts": ["here", "there", "elsewhere", "later"], "worker_service": "connect.orders"}
    known = {
        "_worker_validated_hosts": next(each["vars"]["_worker_validated_hosts"] for each in tasks if "vars" in each)
    }
    hosts = {
        "here": cluster | known | {"_worker_desired": {"connect.orders": {}, "connect": {}}},
        "there": cluster | known | {"_worker_desired": {"connect.orders": {}}},
        "elsewhere": cluster | known | {"_worker_desired": {"connect": {"orders": {}}}},
        "later": cluster | known,
    }
    assert evaluated("worker", hosts, "{{ _worker_validated_hosts }}", tmp_path) == {
        host: ["here", "there"] for host in hosts
    }
