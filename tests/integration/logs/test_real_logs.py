# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What worker_log_info finds in the logs of real workers, in which failures are provoked, and the levels of their loggers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from testing.ansible_runs.module_process import run_module
from testing.sandbox import Sandbox
from testing.sandbox.launch import log_file
from tests.contract.modules.shapes import misfits

NAME = "logs-real"
COORDINATOR = "/admin/loggers/org.apache.kafka.connect.runtime.distributed.WorkerCoordinator"


def facts(sandbox: Sandbox, who: str) -> dict[str, Any]:
    """What the log of a worker shows since its start."""
    status, _printed, result = run_module("worker_log_info", file=str(log_file(sandbox.name, who)), since="7d")
    assert (status, misfits("worker_log_info", result)) == (0, [])
    return result


def event(result: dict[str, Any], kind: str) -> dict[str, Any]:
    found: dict[str, Any] = next(entry for entry in result["events"] if entry["kind"] == kind)
    return found


def await_true(condition: Callable[[], bool], what: str, timeout: float = 90) -> None:
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, f"{what}: not within {timeout} s"
        time.sleep(0.2)


@pytest.fixture
def failed(sandbox: Sandbox) -> Iterator[str]:
    """A worker on which a sink has failed, with a password in the message."""
    config = {"connector.class": "FileStreamSink", "tasks.max": "1", "topics": NAME, "file": "/no/password=hunter2/out"}
    sandbox.request("PUT", f"/connectors/{NAME}/config", config)

    def owner() -> str:
        status, answer = sandbox.request("GET", f"/connectors/{NAME}/status")
        tasks = answer["tasks"] if status == 200 else []
        return str(tasks[0]["worker_id"]) if tasks and tasks[0]["state"] == "FAILED" else ""

    await_true(lambda: bool(owner()), "the task has not failed")
    yield next(worker.name for worker in sandbox.workers if worker.url.endswith(owner()))
    sandbox.request("DELETE", f"/connectors/{NAME}")


def test_a_failed_task_is_found_with_cause_and_evidence(sandbox: Sandbox, failed: str) -> None:
    result = facts(sandbox, failed)
    error = next(entry for entry in result["errors"] if entry["connector"] == NAME)
    assert (error["task"], error["level"], error["transience"]) == (0, "ERROR", "permanent")
    assert error["logger"] == "org.apache.kafka.connect.runtime.WorkerTask"
    assert error["cause"].startswith("ConnectException: Couldn't find or create file")
    assert error["advice"]
    assert error["evidence"][-1].startswith("Caused by: java.nio.file.NoSuchFileException: ")
    assert "hunter2" not in str(result)
    assert [entry["name"] for entry in result["connectors"] if entry["name"] == NAME] == [NAME]


def test_rebalances_are_counted_as_they_happened(sandbox: Sandbox) -> None:
    for worker in sandbox.workers:
        # A rebalance may happen between the two reads.
        least = sandbox.rebalances(worker.name)
        found = event(facts(sandbox, worker.name), "rebalance")["count"]
        assert 0 < least <= found <= sandbox.rebalances(worker.name)


def test_a_suspended_worker_has_lost_its_session(sandbox: Sandbox) -> None:
    who = sandbox.workers[1].name
    # The coordinator's own lines are at INFO.
    assert sandbox.request("PUT", COORDINATOR, {"level": "INFO"}, who=who)[0] == 200
    lost = event(facts(sandbox, who), "session_lost")["count"]
    joined = sandbox.rebalances("w1")
    sandbox.stop(who)
    try:
        await_true(lambda: sandbox.rebalances("w1") > joined, "the group keeps the suspended worker")
    finally:
        sandbox.continue_(who)
    await_true(lambda: event(facts(sandbox, who), "session_lost")["count"] > lost, "no lost session is shown")
    sandbox.await_settled()
    result = facts(sandbox, who)
    assert "UNKNOWN_MEMBER_ID" in str(event(result, "session_lost")["reasons"])
    assert "this worker had lost its membership" in str(event(result, "rebalance")["reasons"])
