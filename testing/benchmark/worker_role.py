# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role worker on two real hosts where nothing has to change, over SSH with pipelining. Needs root."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from testing.benchmark.playbooks import RunFailedError
from testing.hosts import Hosts, HostsError, playing
from testing.hosts.release import ensure_release

from .measuring import Case, Goal, Sample, interleaved, net, table, timing_cells

WORKERS = ("worker-1", "worker-2")
ROUND_TRIPS, SECONDS, LINES = 15, 10, 40
"""The most that a run without changes may need: commands on each host, seconds, lines of output of the role."""

_ROLE = {"name": "Ensure the worker", "ansible.builtin.include_role": {"name": "streamops.kafka_connect.worker"}}
_PING = {"name": "Ping", "ansible.builtin.ping": None}


def run(rounds: int, folder: Path, report: Callable[[str], None]) -> Iterator[str]:
    """Create hosts, install the workers, and measure runs without changes beside a play with a single task."""
    hosts = Hosts.up(f"worker-role-{os.getpid()}", dict.fromkeys([playing.BROKER, *WORKERS], "java"), report)
    addresses = [re.escape(hosts.state.host(name).address) for name in WORKERS]
    try:
        call = _prepared(hosts, folder)
        report("installing the workers")
        call("role.yml")
        series = interleaved(
            [Case("ping", partial(_sample, call, "ping.yml")), Case("role worker", partial(_sample, call, "role.yml"))],
            rounds,
            report,
        )
        output, log = call("role.yml"), call("role.yml", "-vvv")
    except HostsError as problem:
        raise RunFailedError(str(problem)) from problem
    finally:
        hosts.down()
    if output.count("changed=0 ") < len(WORKERS):
        raise RunFailedError(f"the second run has changed something:\n{output}")
    ping, role = series["ping"], series["role worker"]
    trips = max(len(re.findall(rf"^<{address}> SSH: EXEC", log, re.MULTILINE)) for address in addresses)
    lines = len(output.partition("TASK [streamops.kafka_connect.worker")[2].splitlines())
    yield table(
        ("two hosts, nothing to change", "seconds", "net", "spread", "cpu", "rounds", "tasks", "ratio"),
        [
            ["one ping", *timing_cells(ping), "1", "1.0"],
            [
                "role worker",
                *timing_cells(role, ping),
                str(output.count("TASK [")),
                f"{role.seconds / ping.seconds:.1f}",
            ],
        ],
    )
    yield ""
    yield str(Goal("round trips to each host", trips, ROUND_TRIPS))
    yield str(Goal("seconds, without what an empty play takes", net(role, ping), SECONDS))
    yield str(Goal("lines of output", lines, LINES))


def _prepared(hosts: Hosts, folder: Path) -> Callable[..., str]:
    """Start the broker, and return what runs a playbook with the workers."""
    bootstrap = playing.start_broker(hosts.state, folder)
    inventory = folder / "inventory.json"
    playing.write_inventory(hosts.state, inventory, {"workers": WORKERS}, _variables(bootstrap))
    plays: dict[str, list[dict[str, Any]]] = {
        "role.yml": [{"hosts": "workers", "gather_facts": False, "tasks": [_ROLE]}],
        "ping.yml": [{"hosts": "workers", "gather_facts": False, "tasks": [_PING]}],
    }
    for name, play in plays.items():
        (folder / name).write_text(json.dumps(play), encoding="utf-8")

    def call(playbook: str, *arguments: str) -> str:
        return playing.play(hosts.state, ["ansible-playbook", *arguments, str(folder / playbook)], inventory, folder)

    return call


def _variables(bootstrap: str) -> dict[str, Any]:
    release = ensure_release("4.3")
    return {
        "worker_archive": str(release.archive),
        "worker_archive_checksum": release.checksum,
        "worker_advertised_host": "{{ ansible_host }}",
        "worker_environment": {"KAFKA_HEAP_OPTS": "-Xmx384m -XX:TieredStopAtLevel=1"},
        "worker_properties": {
            "bootstrap.servers": bootstrap,
            "group.id": "connect",
            "config.storage.replication.factor": 1,
            "offset.storage.replication.factor": 1,
            "status.storage.replication.factor": 1,
        },
    }


def _sample(call: Callable[..., str], playbook: str) -> Sample:
    began, before = time.monotonic(), os.times()
    call(playbook)
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return Sample(time.monotonic() - began, used)
