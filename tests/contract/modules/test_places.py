# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the engine runs: in ansible-playbook itself, unless the task requires another host, user or Python.

Every Python of these runs records its starts, which prove where a task ran, independently of its result.
"""

from __future__ import annotations

import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from testing.ansible_runs import Interpreter, PlaybookRun, make_interpreter, play, run_playbook, task
from testing.fake_connect import FakeCluster

SAME = "{{ ansible_playbook_python }}"

BECOME = """\
#!/bin/sh
# Stands in for sudo: records the call and keeps the current user.
echo "$@" >> {calls}
while [ "$2" != -c ]; do shift; done
exec "$@"
"""


@dataclass(frozen=True)
class Places:
    """The tasks that ran, the Pythons that could have run them, and how often become was called."""

    run: PlaybookRun
    controller: Interpreter
    other: Interpreter
    become_calls: list[str]

    def starts(self, label: str) -> tuple[int, int]:
        """How many Pythons a task started: the controller's own, and another one."""
        record = self.run.of(label)
        assert record.status == "ok", record.result
        return self.controller.starts(record), self.other.starts(record)


@pytest.fixture(scope="session")
def places(
    tmp_path_factory: pytest.TempPathFactory,
    controller: Interpreter,
    other: Interpreter,
    fakes: Callable[[], FakeCluster],
) -> Places:
    folder = tmp_path_factory.mktemp("places")
    calls, become = folder / "become-calls.txt", folder / "become"
    become.write_text(BECOME.format(calls=calls), encoding="utf-8")
    become.chmod(become.stat().st_mode | stat.S_IXUSR)
    cluster = fakes()
    cluster.connectors.put("orders", {"connector.class": "FileStreamSource", "topic": "t", "file": "/x"})
    elsewhere = {"ansible_python_interpreter": str(other.python)}
    become_with = {"ansible_become_method": "sudo", "ansible_become_exe": str(become)}
    tasks = [
        _look("nothing asks for another place"),
        _look("interpreter left to Ansible", vars={"ansible_python_interpreter": "auto_silent"}),
        _look("check mode", check_mode=True),
        _look("items of a loop", loop=["orders"]),
        _look("become", become=True, vars=become_with),
        _look("become is refused", become=False, vars=become_with),
        _look("async that is waited for", **{"async": 60, "poll": 1}),
        _look("async that goes on", register="job", **{"async": 60, "poll": 0}),
        task(
            "ansible.builtin.async_status",
            "async that is asked for",
            {"jid": "{{ job.ansible_job_id }}"},
            register="asked",
            until="asked.finished",
            retries=100,
            delay=1,
        ),
        _look("another interpreter", vars=elsewhere),
        _look("delegated to a host with another interpreter", delegate_to="there"),
        task(
            "connector",
            "delegated change",
            {"name": "new", "config": {"connector.class": "FileStreamSource", "topic": "t", "file": "/x"}}
            | {"stable_for": 0},
            delegate_to="there",
        ),
    ]
    hosts = {"here": {"ansible_python_interpreter": SAME}, "there": elsewhere}
    options = {"group/streamops.kafka_connect.kafka_connect": {"url": cluster.urls}}
    back = _look("delegated to a host with the same interpreter", delegate_to="near")
    run = run_playbook(
        [play(tasks, "here", module_defaults=options), play([back], "there", module_defaults=options)],
        {**hosts, "near": {"ansible_python_interpreter": SAME}},
        folder,
        # If the tests run as root, Ansible does not need to become root.
        environment={"ANSIBLE_BECOME_ALLOW_SAME_USER": "1"},
        python=controller.python,
    )
    return Places(run, controller, other, calls.read_text(encoding="utf-8").splitlines())


def _look(label: str, **keywords: Any) -> dict[str, Any]:
    return task("connector_info", label, {"name": "orders"}, **keywords)


@pytest.mark.parametrize(
    "label",
    [
        "nothing asks for another place",
        "interpreter left to Ansible",
        "check mode",
        "become is refused",
        "delegated to a host with the same interpreter",
    ],
)
def test_the_action_runs_in_process(places: Places, label: str) -> None:
    assert places.starts(label) == (0, 0)
    assert [entry["name"] for entry in places.run.of(label).result["connectors"]] == ["orders"]


def test_the_items_of_a_loop_run_in_process(places: Places) -> None:
    assert places.starts("items of a loop") == (0, 0)
    (item,) = places.run.of("items of a loop").result["results"]
    assert [entry["name"] for entry in item["connectors"]] == ["orders"]


@pytest.mark.parametrize("label", ["another interpreter", "delegated to a host with another interpreter"])
def test_the_module_runs_with_another_python_interpreter(places: Places, label: str) -> None:
    assert places.starts(label) == (0, 1)
    assert [entry["name"] for entry in places.run.of(label).result["connectors"]] == ["orders"]


def test_a_change_runs_on_the_delegated_host(places: Places) -> None:
    assert places.starts("delegated change") == (0, 1)
    assert places.run.of("delegated change").result["changed"] is True


def test_become_runs_the_module_as_the_other_user(places: Places) -> None:
    own, others = places.starts("become")
    assert own >= 1
    assert others == 0
    assert len(places.become_calls) >= 1
    assert [entry["name"] for entry in places.run.of("become").result["connectors"]] == ["orders"]


def test_an_async_task_runs_as_a_job(places: Places) -> None:
    assert places.starts("async that is waited for")[0] >= 1
    assert [entry["name"] for entry in places.run.of("async that is waited for").result["connectors"]] == ["orders"]
    begun = places.run.of("async that goes on").result
    assert "connectors" not in begun
    asked = places.run.of("async that is asked for").result
    assert asked["ansible_job_id"] == begun["ansible_job_id"]
    assert [entry["name"] for entry in asked["connectors"]] == ["orders"]


REQUESTS_MISSING = "the Python library requests is missing: install it where the task runs (pip install requests)"


def test_a_host_without_requests_fails_with_a_one_line_error(
    tmp_path: Path, controller: Interpreter, lacking: Interpreter, fakes: Callable[[], FakeCluster]
) -> None:
    cluster = fakes()
    run = run_playbook(
        [play([task("connector_info", "look", {"url": cluster.urls})])],
        {"there": {"ansible_python_interpreter": str(lacking.python)}},
        tmp_path,
        python=controller.python,
    )
    record = run.of("look")
    assert lacking.starts(record) == 1
    assert record.failed
    assert record.message == REQUESTS_MISSING
    assert record.result["error"]["kind"] == "invalid_input"
    assert "Traceback" not in run.output
    assert cluster.requests == []


def test_a_controller_without_requests_can_use_other_hosts(
    tmp_path: Path, other: Interpreter, lacking: Interpreter, fakes: Callable[[], FakeCluster]
) -> None:
    cluster = fakes()
    run = run_playbook(
        [play([task("connector_info", "look", {"url": cluster.urls})])],
        {
            "here": {"ansible_python_interpreter": SAME},
            "there": {"ansible_python_interpreter": str(other.python)},
        },
        tmp_path,
        python=lacking.python,
    )
    there, here = run.of("look", "there"), run.of("look", "here")
    assert there.status == "ok", there.result
    assert other.starts(there) >= 1
    # Only a module can run it, with a Python that lacks the package, too.
    assert here.failed
    assert here.message == REQUESTS_MISSING
    assert "Traceback" not in run.output


def test_missing_jsonschema_is_a_one_line_error_only_for_an_invalid_config(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, fakes: Callable[[], FakeCluster]
) -> None:
    python = make_interpreter(tmp_path_factory.mktemp("no-jsonschema"), missing=["jsonschema"])
    cluster = fakes()
    good = {"connector.class": "FileStreamSource", "topic": "t", "file": "/x"}
    run = run_playbook(
        [
            play(
                [
                    task("connector", "nested", {"name": "a", "config": {**good, "file": {"path": "/x"}}}),
                    task("connector", "good", {"name": "b", "config": good, "stable_for": 0}),
                ],
                module_defaults={"group/streamops.kafka_connect.kafka_connect": {"url": cluster.urls}},
            )
        ],
        {"here": {"ansible_python_interpreter": SAME}},
        tmp_path,
        python=python.python,
    )
    record = run.of("nested")
    assert record.failed
    assert "jsonschema is missing" in record.message
    assert "pip install jsonschema" in record.message
    assert len(record.message.splitlines()) == 1
    assert run.of("good").status == "ok", run.of("good").result
    assert list(cluster.connectors) == ["b"]
