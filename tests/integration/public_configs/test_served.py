# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files whose plugins the sandbox has, and names with special characters, deployed to the real cluster."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from testing.ansible_runs import PlaybookRun, play, run_playbook, task
from testing.sandbox import Sandbox

SERVED = Path(__file__).parent / "data" / "served"
TASKS = {
    "lines of a file + more?": 1,
    "senke: ümläut #1": 12,
    "mirror to itself": 0,
    "checkpoints": 0,
    "numbers": 3,
}
"""Tasks of each connector of the data: the mirror finds no topic and no group to copy."""

ODD = (
    "with space",
    "ümläut ✓ 漢字",
    "plus+plus",
    "what?",
    "h#sh&a=b",
    "co:lon@at",
    "quo'te\"",
    "~tilde *[1]",
    "..dots",
)
BEFORE_4 = os.environ.get("STREAMOPS_KAFKA", "4.3") < "4"
MISREAD = frozenset("/%")
"""Followers garble names with these, so only the leader can delete them."""

IDLE = {"connector.class": "FileStreamSource", "tasks.max": "1", "file": "/dev/null", "topic": "public-odd"}


@pytest.fixture
def clean(sandbox: Sandbox) -> Iterator[list[str]]:
    """Names of connectors to delete after the test, through any worker that reads them correctly."""
    names: list[str] = []
    yield names
    for name in names:
        answers = [delete(sandbox, worker.name, name) for worker in sandbox.workers] if MISREAD & set(name) else []
        answers = answers or [delete(sandbox, "w1", name)]
        assert {204, 404} & set(answers), (name, answers)


def delete(sandbox: Sandbox, worker: str, name: str) -> int:
    return sandbox.request("DELETE", f"/connectors/{quote(name, safe='')}", who=worker)[0]


def run(folder: Path, tasks: Sequence[dict[str, Any]], arguments: Sequence[str] = ()) -> PlaybookRun:
    hosts = {"cluster": {"ansible_python_interpreter": sys.executable}}
    return run_playbook([play(tasks)], hosts, folder, arguments=arguments)


def states(sandbox: Sandbox, name: str) -> list[str]:
    """The states of the connector and its tasks, from the list, which includes names that no path can address."""
    _status, listed = sandbox.request("GET", "/connectors?expand=status")
    assert isinstance(listed, dict)
    status = listed[name]["status"]
    return [status["connector"]["state"], *(entry["state"] for entry in status["tasks"])]


def test_files_of_public_projects_are_planned_without_warnings(sandbox: Sandbox, tmp_path: Path) -> None:
    ran = run(tmp_path, [task("connectors", "Plan", {"url": sandbox.urls, "src": [str(SERVED)]})], ["--check", "-vvvv"])
    plan = ran.of("Plan")
    assert not plan.failed, plan.message
    assert {entry["name"]: entry["action"] for entry in plan.result["connectors"]} == dict.fromkeys(TASKS, "create")
    assert plan.result.get("warnings", []) == []
    assert "mirror-secret" not in ran.output


def test_files_of_public_projects_run_with_overrides_for_the_sandbox(
    sandbox: Sandbox, tmp_path: Path, clean: list[str]
) -> None:
    clean.extend(TASKS)
    servers = sandbox.bootstrap_servers
    here: dict[str, Any] = {
        f"{side}.cluster.bootstrap.servers": servers for side in ("source", "target")
    } | dict.fromkeys([f"source.cluster.{key}" for key in ("security.protocol", "sasl.mechanism", "sasl.jaas.config")])
    options = {
        "url": sandbox.urls,
        "src": [str(SERVED)],
        "overrides": [{"match": "*", "connector_class": "Mirror*", "config": here}, nothing_to_mirror()],
        "stable_for": 1,
    }
    ran = run(tmp_path, [task("connectors", "Deploy", options), task("connectors", "Again", options)])
    deploy, again = ran.of("Deploy"), ran.of("Again")
    assert not deploy.failed, deploy.message
    assert {name: states(sandbox, name) for name in TASKS} == {
        name: ["RUNNING", *["RUNNING"] * count] for name, count in TASKS.items()
    }
    assert (again.result["changed"], again.result["run"]["requests"]) == (False, 1)


def nothing_to_mirror() -> dict[str, Any]:
    """Copies no topic and no group of the shared cluster."""
    return {
        "match": "*",
        "connector_class": "Mirror*",
        "config": {"topics": "no-such-topic", "groups": "no-such-group"},
    }


def test_names_that_urls_must_encode_work_in_every_module(sandbox: Sandbox, tmp_path: Path, clean: list[str]) -> None:
    names = sorted([*ODD, *(("50%", "back\\slash") if BEFORE_4 else ())])
    clean.extend(names)
    # The last worker first: at most one of the three is the leader, so workers forward most requests.
    common = {"url": sandbox.urls[::-1], "stable_for": 0}
    created = [{"name": name, "config": IDLE} for name in names]
    changed = [{"name": name, "config": {**IDLE, "batch.size": 7}} for name in names]
    absent = [{"name": name, "state": "absent"} for name in names]
    steps = [
        task("connectors", "Create", {**common, "connectors": created}),
        task("connectors", "Update", {**common, "connectors": changed}),
        *(
            task("connector_state", state, {**common, "name": names, "state": state})
            # End with a proven state: after an unwatched restart a status may be RESTARTING for a moment.
            for state in ("restarted", "paused", "stopped", "running")
        ),
        task("connector_info", "Read", {"url": common["url"], "name": names}),
        task("connectors", "Delete", {**common, "connectors": absent}),
    ]
    ran = run(tmp_path, steps)
    for record in ran.records:
        assert not record.failed, (record.task, record.message)
        assert sorted(entry["name"] for entry in record.result["connectors"]) == names, record.task
        assert record.result["changed"] is (record.task != "Read"), record.task
    assert {entry["state"] for entry in ran.of("Read").result["connectors"]} == {"RUNNING"}
    _status, left = sandbox.request("GET", "/connectors")
    assert not set(names) & set(left or ())


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("semi;colon", 'workers lose ";" when they forward a name to the leader'),
        ("{braces}", 'workers lose "{}" when they forward a name to the leader'),
        *(
            (name, f'rejects URLs with "{lost}" in a name')
            for name, lost in (("a/b", "/"), ("50%", "%"), ("back\\slash", "\\"))
            if not BEFORE_4
        ),
    ],
)
def test_names_that_cannot_work_are_refused_in_one_line(
    sandbox: Sandbox, tmp_path: Path, name: str, reason: str
) -> None:
    ran = run(tmp_path, [task("connector", "Create", {"url": sandbox.urls, "name": name, "config": IDLE})])
    create = ran.of("Create")
    assert create.failed
    assert f'connector "{name}": ' in create.message
    assert reason in create.message
    assert "choose another name" in create.message
    assert "\n" not in create.message
    _status, listed = sandbox.request("GET", "/connectors")
    assert name not in (listed or ())


if BEFORE_4:  # Later versions refuse such names: see above.

    def test_before_kafka_4_a_name_with_a_slash_is_reported_unless_it_gets_tasks(
        sandbox: Sandbox, tmp_path: Path, clean: list[str]
    ) -> None:
        """A connector with such a name gets tasks only if the leader itself runs it; otherwise the module reports it."""
        names = ["a/b 1", "a/b 2", "a/b 3", "x%20y"]
        clean.extend(names)
        common = {"url": sandbox.urls[::-1], "stable_for": 0, "continue_on_error": True}
        absent = [{"name": name, "state": "absent"} for name in names]
        ran = run(
            tmp_path,
            [
                task(
                    "connectors", "Create", {**common, "connectors": [{"name": name, "config": IDLE} for name in names]}
                ),
                task("connector_info", "Read", {"url": common["url"], "name": names}),
                task("connectors", "Delete", {**common, "connectors": absent}),
            ],
        )
        create, read, deletion = ran.of("Create"), ran.of("Read"), ran.of("Delete")
        tasks = {entry["name"]: entry["tasks"] for entry in read.result["connectors"]}
        for entry in create.result["connectors"]:
            assert bool(tasks[entry["name"]]) is not bool(entry.get("error")), entry
            assert bool(tasks[entry["name"]]) or "choose another name" in str(entry["error"])
        assert not deletion.failed, deletion.message
        _status, left = sandbox.request("GET", "/connectors")
        assert not set(names) & set(left or ())
