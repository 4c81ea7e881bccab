# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run that a timeout or a user ends early starts no further write, and its changes are in the report file."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from testing.ansible_runs import Interpreter, PlaybookRun, play, run_playbook, start_playbook, task
from testing.fake_connect import FakeCluster, faults, matching

from .conftest import PLACES

MANY = 120
"""So many that no run completes before it is ended, however late its module notices."""

HOLD = 0.5
"""Seconds that each write takes; two run in parallel."""

QUIET = 3 * HOLD
"""Seconds in which a run that continues would certainly have begun another write."""

UNDER_WAY = 0.5
"""Seconds between the start of a request and its record in the fake, on a busy machine."""

ASYNC = 20
"""Seconds, of which a fifth is left for the module to start: it can report what it did only while Ansible waits for it.
"""

NOTICED = 0.5
"""Seconds within which an Ansible process that waits for a module notices that ansible-playbook has ended."""

TIMEOUT = 10
"""Seconds; a module gets a fifth less for itself, since it takes time to start."""

LATE_START = 5
"""Extra seconds that a module may need to start on a busy machine: its time counts from its own start."""


@dataclass
class SlowDeploy:
    """A deployment of many connectors on a fake with slow writes."""

    cluster: FakeCluster
    folder: Path
    hosts: dict[str, dict[str, Any]]
    python: Path
    as_module: bool

    @property
    def journal(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.folder / "journal.jsonl").read_text(encoding="utf-8").splitlines()]

    def events(self, *kinds: str) -> set[str]:
        """The connectors for which the journal records one of these events."""
        return {entry["connector"] for entry in self.journal if entry["event"] in kinds}

    def plays(self, **keywords: Any) -> list[dict[str, Any]]:
        config = {"connector.class": "FileStreamSource", "topic": "t", "file": "/x"}
        options = {
            "url": self.cluster.urls,
            "connectors": [{"name": f"c{number:03}", "config": config} for number in range(MANY)],
            "max_parallel": 2,
            "stable_for": 0,
            "report_path": str(self.folder / "journal.jsonl"),
        }
        return [play([task("connectors", "deploy", options, **keywords)])]

    def write_times(self) -> list[float]:
        return [request.at for request in self.cluster.writes()]

    def check_what_was_done(self) -> None:
        """The journal matches the cluster: every existing connector was begun, and none that was not begun exists."""
        begun = self.events("begun")
        assert 0 < len(begun) < MANY
        assert {request.segments[1] for request in self.cluster.writes()} <= begun
        assert set(self.cluster.connectors) <= begun
        assert self.events("written") <= set(self.cluster.connectors)
        assert not begun & self.events("not_begun")

    def check_quiet_since(self, end: float) -> None:
        """No write has begun after `end` (which may be in the future), and none begins later."""
        deadline = max(end, time.monotonic()) + QUIET
        while time.monotonic() < deadline:
            assert max(self.write_times()) <= end + UNDER_WAY, "a write began after the run had been ended"
            time.sleep(0.1)

    def finish(self) -> PlaybookRun:
        """The same deployment again, on a cluster that is no longer slow."""
        self.cluster.scripts.clear()
        return run_playbook(self.plays(), self.hosts, self.folder / "again", python=self.python)


@pytest.fixture(params=PLACES)
def slow(
    request: pytest.FixtureRequest, tmp_path: Path, controller: Interpreter, other: Interpreter
) -> Iterator[SlowDeploy]:
    python = "{{ ansible_playbook_python }}" if request.param == "in-process" else str(other.python)
    with FakeCluster() as cluster:
        cluster.script(matching(where=lambda request: request.is_write), [faults.hold(HOLD, times=10 * MANY)])
        hosts = {"cluster": {"ansible_python_interpreter": python}}
        yield SlowDeploy(cluster, tmp_path, hosts, controller.python, as_module=request.param == "module")


def check_next_run_finishes(slow: SlowDeploy) -> None:
    there_already = set(slow.cluster.connectors)
    run = slow.finish()
    record = run.of("deploy")
    assert record.status == "ok", record.result
    assert {entry["name"] for entry in record.result["connectors"] if entry["changed"]} == {
        f"c{number:03}" for number in range(MANY)
    } - there_already
    assert len(slow.cluster.connectors) == MANY


def test_the_timeout_of_the_task_ends_the_run(slow: SlowDeploy) -> None:
    run = run_playbook(slow.plays(timeout=TIMEOUT), slow.hosts, slow.folder, python=slow.python)
    record = run.of("deploy")
    assert record.failed
    slow.check_quiet_since(record.ended + (LATE_START if slow.as_module else 0))
    slow.check_what_was_done()
    check_next_run_finishes(slow)


def test_a_keyboard_interrupt_ends_the_run(slow: SlowDeploy) -> None:
    running = start_playbook(slow.plays(), slow.hosts, slow.folder, python=slow.python)
    await_that(lambda: len(slow.write_times()) >= 5 or running.process.poll() is not None)
    os.killpg(running.process.pid, signal.SIGINT)
    run = running.finish(limit=30)
    assert run.returncode != 0
    # ansible-playbook ends its workers, which takes a moment; they have ended when it has.
    slow.check_quiet_since(time.monotonic())
    slow.check_what_was_done()
    check_next_run_finishes(slow)


def test_no_run_continues_after_ansible_playbook_is_killed(slow: SlowDeploy) -> None:
    running = start_playbook(slow.plays(), slow.hosts, slow.folder, python=slow.python)
    await_that(lambda: len(slow.write_times()) >= 5 or running.process.poll() is not None)
    os.killpg(running.process.pid, signal.SIGKILL)
    slow.check_quiet_since(time.monotonic() + (NOTICED if slow.as_module else 0))
    slow.check_what_was_done()
    running.finish(limit=30)
    check_next_run_finishes(slow)


@pytest.mark.parametrize("slow", ["module"], indirect=True)
def test_no_module_continues_after_its_parent_process_ends(slow: SlowDeploy) -> None:
    """As on a host whose SSH session breaks: only the process that would read the module's result has ended."""
    running = start_playbook(slow.plays(), slow.hosts, slow.folder, python=slow.python)
    await_that(lambda: len(slow.write_times()) >= 5 or running.process.poll() is not None)
    for process_id in (running.process.pid, *children_of(running.process.pid)):
        os.kill(process_id, signal.SIGKILL)
    slow.check_quiet_since(time.monotonic())
    slow.check_what_was_done()
    running.finish(limit=30)
    check_next_run_finishes(slow)


@pytest.mark.parametrize("slow", ["module"], indirect=True)
def test_the_async_limit_ends_the_run_which_reports_its_changes(slow: SlowDeploy) -> None:
    """Not left to Ansible: its async_wrapper, if busy while the module starts, ends itself and not the module."""
    run = run_playbook(slow.plays(**{"async": ASYNC, "poll": 1}), slow.hosts, slow.folder, python=slow.python)
    record = run.of("deploy")
    assert record.failed
    assert record.result["error"]["kind"] == "cancelled", record.message
    slow.check_quiet_since(record.ended)
    slow.check_what_was_done()
    check_next_run_finishes(slow)


def test_run_timeout_ends_the_run_which_reports_its_changes(slow: SlowDeploy) -> None:
    plays = slow.plays()
    plays[0]["tasks"][0]["streamops.kafka_connect.connectors"]["run_timeout"] = 3
    run = run_playbook(plays, slow.hosts, slow.folder, python=slow.python)
    record = run.of("deploy")
    assert record.failed
    assert record.result["error"]["kind"] == "cancelled"
    assert "run_timeout of 3 s is used up" in record.message
    assert len(record.message.splitlines()) == 1
    slow.check_quiet_since(record.ended)
    slow.check_what_was_done()
    reported = {entry["name"]: entry for entry in record.result["connectors"]}
    assert {name for name, entry in reported.items() if entry["changed"]} == slow.events("begun")
    assert {name for name, entry in reported.items() if entry.get("outcome") == "not_done"} == set(
        reported
    ) - slow.events("begun")
    check_next_run_finishes(slow)


def children_of(process_id: int) -> list[int]:
    """The processes that it has started; for ansible-playbook those that run its tasks."""
    threads = Path(f"/proc/{process_id}/task").glob("*/children")
    return [int(child) for children in threads for child in children.read_text(encoding="utf-8").split()]


def await_that(condition: Callable[[], bool], limit: float = 120.0) -> None:
    deadline = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < deadline, "what the test waits for did not happen"
        time.sleep(0.02)
