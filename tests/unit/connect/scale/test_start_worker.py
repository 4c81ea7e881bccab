# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A service that starts, on a simulated host that advances one step with each query."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import WorkerError
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.reporting.report import Report
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.run import Run
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.scale.model import Action, Unit
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.scale.start_worker import (
    HealthAnswer,
    ServiceProcess,
    StartRequest,
    start_worker,
)

STOPPED = ServiceProcess(Unit("loaded", "inactive", "dead"))
FAILED = ServiceProcess(Unit("loaded", "failed", "failed"))
STARTING = ServiceProcess(Unit("loaded", "active", "running"), 7)
LISTENING = ServiceProcess(Unit("loaded", "active", "running"), 7, listens=True)
RESTARTED = ServiceProcess(Unit("loaded", "active", "running", 1), 8, listens=True)
FAILED_TWICE = ServiceProcess(Unit("loaded", "activating", "auto-restart", 1))
OK = HealthAnswer(200)
PORT_TAKEN = (
    "[2026-11-21 03:12:09,101] ERROR Stopping due to error (org.apache.kafka.connect.cli.AbstractConnectCli)",
    "java.net.BindException: Address already in use",
)


@dataclass
class SimulatedHost:
    """`processes` and `answers` are returned one after another, the last one again and again. `after_start` follows an order."""

    processes: list[ServiceProcess]
    after_start: list[ServiceProcess] = field(default_factory=list)
    answers: list[HealthAnswer | WorkerError] = field(default_factory=lambda: [OK])
    lines: Sequence[str] = ()
    orders: list[Action] = field(default_factory=list)
    clock: list[float] = field(default_factory=lambda: [0.0])

    def process(self, port: int) -> ServiceProcess:
        assert port == 8083
        return self.processes.pop(0) if len(self.processes) > 1 else self.processes[0]

    def unit(self) -> Unit:
        return self.process(8083).unit

    def health(self) -> HealthAnswer:
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, WorkerError):
            raise answer
        return answer

    def order(self, action: Action) -> None:
        self.orders.append(action)
        self.processes = [STOPPED] if action == "stop" else list(self.after_start)

    def journal(self, seconds: float) -> Sequence[str]:
        assert seconds > 0
        return self.lines


def start(host: SimulatedHost, monkeypatch: pytest.MonkeyPatch, **options: Any) -> Report:
    """Time passes only in pauses."""
    clock = host.clock
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])

    def pass_time(_run: Run, seconds: float) -> None:
        clock[0] += seconds

    monkeypatch.setattr(Run, "pause", pass_time)
    request = StartRequest("kafka-connect", 8083, "http://connect-1:8083")
    return start_worker(Run(), host, StartRequest(**{**vars(request), **options}))


def test_a_stopped_service_is_started_and_proven(monkeypatch: pytest.MonkeyPatch) -> None:
    host = SimulatedHost([STOPPED], [STOPPED, STARTING, STARTING, LISTENING], [HealthAnswer(503), OK])
    report = start(host, monkeypatch)
    assert (report.changed, report.failure, host.orders) == (True, None, ["start"])
    assert report.extra["msg"] == "kafka-connect started and became healthy after 8 s"


def test_a_healthy_worker_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    host = SimulatedHost([LISTENING])
    report = start(host, monkeypatch)
    assert (report.changed, report.failure, host.orders) == (False, None, [])
    assert report.extra == {"action": "none", "url": "http://connect-1:8083", "msg": "kafka-connect is healthy"}


def test_a_failed_service_is_started_again(monkeypatch: pytest.MonkeyPatch) -> None:
    host = SimulatedHost([FAILED], [LISTENING])
    assert start(host, monkeypatch).failure is None
    assert host.orders == ["start"]


@pytest.mark.parametrize(
    ("first", "starts"), [(STOPPED, True), (LISTENING, False), (ServiceProcess(Unit("not-found", "inactive")), True)]
)
def test_check_mode_reports_a_start_and_waits_for_nothing(
    monkeypatch: pytest.MonkeyPatch, first: ServiceProcess, starts: bool
) -> None:
    host = SimulatedHost([first], answers=[HealthAnswer(503)])
    report = start(host, monkeypatch, check_mode=True)
    assert (report.changed, report.failure, host.orders, host.clock) == (starts, None, [], [0.0])


def test_a_service_that_does_not_exist_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(WorkerError, match="the host has no service kafka-connect"):
        start(SimulatedHost([ServiceProcess(Unit("not-found", "inactive"))]), monkeypatch)


def test_a_service_that_failed_twice_ends_the_wait_with_its_cause_and_is_stopped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    host = SimulatedHost([STOPPED], [STARTING, STARTING, FAILED_TWICE], lines=PORT_TAKEN)
    report = start(host, monkeypatch)
    assert report.failure is not None
    assert report.failure.message == (
        "kafka-connect is not healthy at http://connect-1:8083 after 4 s: it does not stay up: BindException: Address already "
        "in use; kafka-connect was stopped again"
    )
    assert host.orders == ["start", "stop"]
    assert report.extra["journal"] == list(PORT_TAKEN)
    assert report.changed


def test_a_worker_that_is_not_proven_may_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    host = SimulatedHost([STOPPED], [FAILED_TWICE], lines=PORT_TAKEN)
    report = start(host, monkeypatch, on_failure="keep")
    assert report.failure is not None
    assert report.failure.message.endswith("; kafka-connect was not stopped")
    assert host.orders == ["start"]


def test_a_service_that_ends_without_failing_ends_the_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    host = SimulatedHost([STOPPED], [STARTING, STOPPED])
    report = start(host, monkeypatch)
    assert report.failure is not None
    assert "after 6 s: it does not stay up; kafka-connect was stopped again" in report.failure.message


def test_a_worker_that_ran_before_is_never_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    host = SimulatedHost([LISTENING], answers=[HealthAnswer(500, "the herder is blocked")])
    report = start(host, monkeypatch, wait_timeout=60)
    assert report.failure is not None
    assert report.failure.message == (
        "kafka-connect is not healthy at http://connect-1:8083 after 62 s: http://connect-1:8083 does not respond as healthy "
        "(HTTP 500: the herder is blocked)"
    )
    assert (host.orders, report.changed) == ([], False)


def crashes(restarts: int) -> ServiceProcess:
    return ServiceProcess(Unit("loaded", "activating", "auto-restart", restarts))


def runs(restarts: int, *, listens: bool = False) -> ServiceProcess:
    return ServiceProcess(Unit("loaded", "active", "running", restarts), 100 + restarts, listens=listens)


def test_the_end_of_a_process_that_began_before_the_files_were_corrected_does_not_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    host = SimulatedHost([runs(3), runs(3), crashes(3), runs(4), *[runs(4, listens=True)] * 2])
    report = start(host, monkeypatch)
    assert (report.failure, host.orders) == (None, [])
    assert report.extra["msg"] == "kafka-connect is healthy"


def test_the_end_of_its_successor_ends_the_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    host = SimulatedHost([runs(3), crashes(3), runs(4), crashes(4)])
    report = start(host, monkeypatch)
    assert report.failure is not None
    assert "it does not stay up" in report.failure.message
    assert host.orders == []


def test_another_process_on_the_port_is_not_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    host = SimulatedHost([STOPPED], [STARTING])
    report = start(host, monkeypatch, wait_timeout=30)
    assert report.failure is not None
    assert "after 32 s: no process of kafka-connect listens on port 8083" in report.failure.message


def test_a_process_that_was_replaced_during_the_check_is_checked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    host = SimulatedHost([STOPPED], [LISTENING, RESTARTED, RESTARTED, RESTARTED])
    report = start(host, monkeypatch)
    assert report.failure is None
    assert report.extra["msg"] == "kafka-connect started and became healthy after 2 s"


def test_rejected_credentials_end_the_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    host = SimulatedHost([STOPPED], [LISTENING], [HealthAnswer(401)])
    report = start(host, monkeypatch)
    assert report.failure is not None
    assert "after 4 s: it rejects the credentials of the health check (HTTP 401)" in report.failure.message
    assert report.failure.advice == "set the user name and password that its REST API requires"


def test_one_rejection_during_the_start_does_not_end_the_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    host = SimulatedHost([STOPPED], [LISTENING], [HealthAnswer(403), HealthAnswer(503), HealthAnswer(403), OK])
    assert start(host, monkeypatch).failure is None


def test_a_host_that_is_unreachable_for_a_moment_does_not_end_the_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    host = SimulatedHost([STOPPED], [LISTENING], [WorkerError("the host can't be reached: no route"), OK])
    assert start(host, monkeypatch).failure is None


def test_the_last_error_of_a_worker_that_does_not_become_healthy_is_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ["[2026-11-21 03:12:09,101] ERROR Topic connect-offsets is not available (org.apache.kafka)"]
    host = SimulatedHost([STOPPED], [LISTENING], [HealthAnswer(503, "starting")], lines)
    report = start(host, monkeypatch, wait_timeout=10)
    assert report.failure is not None
    assert "(HTTP 503: starting); last error in its journal: Topic connect-offsets" in report.failure.message
