# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The EXAMPLES of filters that need no cluster work."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest
import yaml

from testing.ansible_runs import play, run_playbook

SHOWN: dict[str, dict[str, Any]] = {
    "to_java_properties": {"Show a small file": "enabled=true\ngreeting=\\ hello\\: w\\u00F6rld\n"},
    "from_java_properties": {"Show one value of a worker's file": "connect-production"},
    "worker_client_security": {
        "Show which keys are added": [
            f"{client}.{key}"
            for client in ("admin", "consumer", "producer")
            for key in ("security.protocol", "ssl.truststore.location", "ssl.truststore.type")
        ]
    },
    "workers_of_cluster": {"Show the clusters": ["connect-orders (2 hosts)", "connect-payments (1 host)"]},
}
"""Expected output of the tasks in each filter's examples."""


@pytest.mark.parametrize("name", sorted(SHOWN))
def test_examples_of_a_filter_work(name: str, tmp_path: Path) -> None:
    documented = importlib.import_module(f"ansible_collections.streamops.kafka_connect.plugins.filter.{name}")
    text = documented.EXAMPLES.replace("/tmp/", f"{tmp_path}/")
    run = run_playbook(
        [play(yaml.safe_load(text))],
        {"reader": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}},
        tmp_path / "run",
    )
    assert run.records, run.output
    assert not [record for record in run.records if record.failed], run.output
    assert {task: run.of(task).result["msg"] for task in SHOWN[name]} == SHOWN[name]
    written = list(tmp_path.glob("*.properties"))
    assert bool(written) is (name == "to_java_properties")
    for file in written:
        content = file.read_text(encoding="utf-8")
        assert content.startswith(
            "# Cluster\nbootstrap.servers=kafka-1.example.com\\:9092,kafka-2.example.com\\:9092\n"
        )


def test_the_example_of_rolling_turn_shows_the_next_worker(tmp_path: Path) -> None:
    documented = importlib.import_module("ansible_collections.streamops.kafka_connect.plugins.filter.rolling_turn")
    workers = [
        {"url": f"http://connect-{number}.example.com:8083", "member": True, "leader": number == 2, "tasks": 3}
        for number in (1, 2)
    ]
    health = {"workers": workers, "rebalance": {"in_progress": False, "delay_ms": 0, "parked_tasks": 0}}
    check, show = yaml.safe_load(documented.EXAMPLES)
    assert check["register"] == "health"
    run = run_playbook([play([show], vars={"health": health})], {"reader": {}}, tmp_path / "run")
    shown = run.of("Show which worker restarts next").result["msg"]
    assert shown == "connect-2: leads the group: a new leader distributes all work at once"
