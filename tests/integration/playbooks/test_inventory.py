# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory plugin on the real cluster: its workers are hosts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from testing.sandbox import Sandbox
from testing.sandbox.environment import collections_path, without_settings
from tests.integration.playbooks.playbooks import file_source

PLUGIN = "streamops.kafka_connect.connect"


def read(folder: Path, options: Mapping[str, Any], *, fails: bool = False) -> tuple[dict[str, Any], str]:
    """What `ansible-inventory --list` returns and prints for this source."""
    path = folder / "test.kafka_connect.yml"
    path.write_text(yaml.safe_dump({"plugin": PLUGIN, **options}), encoding="utf-8")
    program = Path(sys.executable).with_name("ansible-inventory")
    environment = {
        **without_settings(),
        "ANSIBLE_COLLECTIONS_PATH": str(collections_path()),
        "ANSIBLE_HOME": str(folder / ".ansible"),
        "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "true",
        "PATH": os.environ["PATH"],
    }
    done = subprocess.run(
        [program, "-i", path, "--list"], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode != 0) == fails, done.stderr
    return (json.loads(done.stdout) if not fails else {}), done.stderr


@pytest.fixture
def source(sandbox: Sandbox) -> Mapping[str, Any]:
    return {"url": sandbox.urls, "bootstrap_servers": [sandbox.bootstrap_servers], "connect_timeout": 5}


def test_the_members_of_the_group_are_hosts(
    sandbox: Sandbox, source: Mapping[str, Any], prefix: str, tmp_path: Path
) -> None:
    name = f"{prefix}one"
    status, answer = sandbox.request("PUT", f"/connectors/{name}/config", {**file_source(sandbox), "name": name})
    assert status == 201, answer
    sandbox.await_settled()
    found, _errors = read(
        tmp_path,
        {**source, "compose": {"runs_something": "kafka_connect_worker_tasks | length > 0"}, "group": "workers"},
    )
    hosts = found["_meta"]["hostvars"]
    assert sorted(found["workers"]["hosts"]) == sorted(hosts)
    assert sorted(host["kafka_connect_worker_url"] for host in hosts.values()) == sorted(
        url.rstrip("/") for url in sandbox.urls
    )
    (leader,) = found["connect_leader"]["hosts"]
    assert hosts[leader]["kafka_connect_worker_leader"] is True
    running = found["connect_class_FileStreamSource"]["hosts"]
    assert all(host in hosts for host in running)
    assert any(hosts[host]["runs_something"] for host in running)
    assert {host["kafka_connect_worker_version"] for host in hosts.values()} == {
        sandbox.request("GET", "/")[1]["version"]
    }
    some = next(iter(hosts.values()))
    assert sorted(some["kafka_connect_url"]) == sorted(host["kafka_connect_worker_url"] for host in hosts.values())
    assert some["kafka_connect_group_id"]


def test_workers_are_found_without_brokers(sandbox: Sandbox, tmp_path: Path) -> None:
    found, _errors = read(tmp_path, {"url": sandbox.urls})
    assert len(found["kafka_connect_workers"]["hosts"]) == len(sandbox.urls)
    assert "connect_leader" not in found


def test_the_cache_saves_the_requests(source: Mapping[str, Any], tmp_path: Path) -> None:
    cached = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(tmp_path / "cache")}
    first, _errors = read(tmp_path, {**source, **cached})
    # Nothing listens there, but the cache has the answer.
    assert read(tmp_path, {"url": ["http://127.0.0.1:1"], **cached})[0] == first
    assert list((tmp_path / "cache").iterdir())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"url": ["http://127.0.0.1:1"]}, "connection refused"),
        ({"url": ["ftp://connect"]}, "url"),
        ({}, "url"),
    ],
)
def test_a_cluster_that_cannot_be_read_is_reported_in_one_line(
    options: Mapping[str, Any], message: str, tmp_path: Path
) -> None:
    _found, errors = read(tmp_path, options, fails=True)
    assert message in errors.lower()
    assert "Traceback" not in errors
