# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Starts the service of a worker, and waits until its own process responds as healthy.

Queries only the worker's host, not the cluster: that the worker is a member of its group is for ensure_worker to prove.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from ..errors import WorkerError
from ..reporting.report import Report
from ..run import Run
from ..triage.diagnosis import advice
from .model import Host, Unit
from .systemd_journal import cause_of, relevant_lines

PAUSE = 2.0
"""Seconds between two queries of the host: each takes a login."""
UNTIL_QUEUED = 5.0
"""Seconds within which systemd begins what it was ordered to do."""
UNIT_ENDS = 180.0
"""Seconds for a unit to stop: above the TimeoutStopSec that a graceful stop needs."""
REJECTIONS = 3
"""Responses that reject the credentials, one after another, before the wait ends: a retry does not change them."""
RECENT = 600.0
"""Seconds of the journal that may explain why a worker is not healthy that was started before."""

OnFailure = Literal["stop", "keep"]


@dataclass(frozen=True)
class ServiceProcess:
    """A service and its main process. `main_pid` is 0 without one. `listens`: this process listens on the worker's port."""

    unit: Unit
    main_pid: int = 0
    listens: bool = False


@dataclass(frozen=True)
class HealthAnswer:
    """What the worker responded to the health check: the HTTP status, -1 without a response, and its text or the failure."""

    status: int
    text: str = ""


class StartHost(Host, Protocol):
    """The worker's host. Each method raises WorkerError when the host cannot be reached, or refuses."""

    def process(self, port: int) -> ServiceProcess:
        """The current state of the service."""

    def health(self) -> HealthAnswer:
        """The response to the health check, from the host itself."""


@dataclass(frozen=True)
class StartRequest:
    """`url`: of the health check, without credentials. `healthy_status`: the HTTP status that proves that the worker is ready."""

    service: str
    port: int
    url: str
    healthy_status: int = 200
    wait_timeout: float = 180.0
    on_failure: OnFailure = "stop"
    check_mode: bool = False


def start_worker(run: Run, host: StartHost, request: StartRequest) -> Report:
    """Start the service if it does not run, and wait. A failure after the start is in the report, an earlier one is raised."""
    run.busy_with(f"reading the state of {request.service}")
    before = host.process(request.port).unit
    starts = before.active_state not in ("active", "activating", "reloading") or before.has_failed
    if request.check_mode:
        return _report(request, starts, f"would start {request.service}" if starts else f"{request.service} runs")
    if before.load_state == "not-found":
        raise WorkerError(
            f"the host has no service {request.service}", "correct service, or install the worker first (role worker)"
        )
    start = _Start(run, host, request, before, starts=starts)
    if starts:
        run.check(f"starting {request.service}")
        run.busy_with(f"starting {request.service}")
        host.order("start")
    return start.wait()


@dataclass(frozen=True)
class _Reading:
    """What one query of the host has found: either the worker is healthy, or what is waited for, or why it has failed."""

    waiting: str = ""
    failure: str = ""
    advice: str = ""
    service_failed: bool = False


_HEALTHY = _Reading()


class _Start:
    """One worker that starts. `before`: its service when the task began; a worker that ran already is not stopped."""

    def __init__(self, run: Run, host: StartHost, request: StartRequest, before: Unit, *, starts: bool) -> None:
        self.run, self.host, self.request = run, host, request
        self.starts, self.was_active = starts, before.active_state == "active" and not starts
        self.restarts_before = 0 if starts else before.restarts
        self.began = time.monotonic()
        self.rejected = 0

    def wait(self) -> Report:
        request = self.request
        while True:
            self.run.check(f"waiting for {request.service}")
            try:
                found = self._read()
            except WorkerError as error:
                found = _Reading(waiting=error.message, advice=error.advice)
            seconds = time.monotonic() - self.began
            if found == _HEALTHY:
                verb = "started and became healthy" if self.starts else "is healthy"
                after = f" after {seconds:.0f} s" if self.starts else ""
                return _report(request, self.starts, f"{request.service} {verb}{after}")
            if found.failure or seconds > request.wait_timeout:
                return self._failed(found, seconds)
            self.run.busy_with(f"waiting for {request.service}: {found.waiting}")
            self.run.pause(PAUSE)

    def _read(self) -> _Reading:
        request = self.request
        process = self.host.process(request.port)
        unit = process.unit
        is_queued = time.monotonic() - self.began < UNTIL_QUEUED
        # The process that ran before may end with what it was started with. Only its successor has read the present files.
        is_earlier = unit.sub_state == "auto-restart" and unit.restarts <= self.restarts_before
        if (unit.has_failed and not is_earlier) or (not unit.runs and not is_queued):
            return _Reading(failure="it does not stay up", service_failed=True)
        if not process.listens:
            again = f", which systemd has restarted {unit.restarts} times," if unit.restarts and self.starts else ""
            return _Reading(waiting=f"no process of {request.service}{again} listens on port {request.port}")
        answer = self.host.health()
        if answer.status != request.healthy_status:
            return self._unhealthy(answer)
        # Another process may have responded in between.
        later = self.host.process(request.port)
        if (later.main_pid, later.listens) != (process.main_pid, True):
            return _Reading(waiting="its process has ended")
        return _HEALTHY

    def _unhealthy(self, answer: HealthAnswer) -> _Reading:
        said = f": {answer.text}" if answer.text else ""
        if answer.status in (401, 403):
            self.rejected += 1
            if self.rejected >= REJECTIONS:
                text = f"it rejects the credentials of the health check (HTTP {answer.status})"
                return _Reading(failure=text, advice="set the user name and password that its REST API requires")
        else:
            self.rejected = 0
        status = f"HTTP {answer.status}" if answer.status > 0 else "no response"
        return _Reading(waiting=f"{self.request.url} does not respond as healthy ({status}{said})")

    def _failed(self, found: _Reading, seconds: float) -> Report:
        request = self.request
        lines, cause = self._journal(seconds)
        why = found.failure or found.waiting
        last = (
            f": {cause}" if cause and found.service_failed else f"; last error in its journal: {cause}" if cause else ""
        )
        text = f"{request.service} is not healthy at {request.url} after {seconds:.0f} s: {why}{last}"
        if not self.was_active and request.on_failure == "stop":
            text += f"; {stopped_again(self.run, self.host, request.service)}"
        elif not self.was_active:
            text += f"; {request.service} was not stopped"
        fix = found.advice or advice(cause) or f"read the log of {request.service}, and correct its configuration"
        return _report(request, self.starts, "", WorkerError(text, fix), relevant_lines(lines))

    def _journal(self, seconds: float) -> tuple[list[str], str]:
        """The service's recent log lines, and the last error in them; empty when the host cannot be queried."""
        try:
            lines = list(self.host.journal(seconds + 5 if self.starts else RECENT))
        except WorkerError:
            return [], ""
        return lines, cause_of(lines)


def stopped_again(run: Run, host: Host, service: str) -> str:
    """Stop a service that this run has started, and return in words how that went."""
    run.event(f"stopping {service} again", important=True)
    run.busy_with(f"stopping {service} again")
    try:
        host.order("stop")
        until = time.monotonic() + UNIT_ENDS
        while host.unit().runs and time.monotonic() < until:
            run.pause(1.0)
    except WorkerError as error:
        return f"stopping it again failed: {error.message}"
    return f"{service} was stopped again"


def _report(
    request: StartRequest, starts: bool, text: str, failure: WorkerError | None = None, journal: list[str] | None = None
) -> Report:
    extra: dict[str, Any] = {"action": "start" if starts else "none", "url": request.url}
    if text:
        extra["msg"] = text
    if journal is not None:
        extra["journal"] = journal
    return Report(starts, extra=extra, failure=failure)
