# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Scripted faults: what happens to the next matching requests instead of, before or after their normal response."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Literal

from . import answers
from .answers import Answer, answer_error
from .request import Request

Applied = Literal["no", "yes", "later"]


@dataclass(frozen=True)
class Fault:
    """What happens to the next `times` requests. `answer` None is the normal response (or none with `drop`).

    `applied`: whether the request takes effect: never, at once, or `later` seconds after its response. `hold`: seconds
    for which the worker keeps the request before it does anything. `cut`: sends only the first half of the body and
    closes the connection.
    """

    answer: Answer | None = None
    applied: Applied = "yes"
    later: float = 0.0
    hold: float = 0.0
    drop: bool = False
    cut: bool = False
    times: int = 1


def refuse(
    status: int,
    message: str,
    *,
    applied: Applied = "no",
    later: float = 0.0,
    times: int = 1,
    headers: Mapping[str, str] | None = None,
) -> Fault:
    """An error in Connect's own form; `later` is the delay of `applied="later"` in seconds."""
    answer = answer_error(status, message, {**answers.JSON, **(headers or {})})
    return Fault(answer, applied=applied, later=later, times=times)


def respond(
    status: int, body: bytes, headers: Mapping[str, str] | None = None, *, applied: Applied = "no", times: int = 1
) -> Fault:
    """Any response; by default HTML, as from a proxy."""
    return Fault(Answer(status, body, headers or {"Content-Type": "text/html"}), applied=applied, times=times)


def stale_configuration(times: int = 1) -> Fault:
    return refuse(409, answers.STALE_CONFIGURATION, times=times)


def no_leader(times: int = 1) -> Fault:
    return refuse(409, answers.NO_LEADER, times=times)


def conflicting_operation(times: int = 1) -> Fault:
    return refuse(409, answers.CONFLICTING_OPERATION, times=times)


def already_exists(name: str, *, applied: Applied = "no") -> Fault:
    return refuse(409, f"Connector {name} already exists", applied=applied)


def rebalance_expected(times: int = 1) -> Fault:
    return refuse(500, answers.REBALANCE_EXPECTED, times=times)


def timed_out(
    *, applied: Applied = "no", later: float = 0.0, hold: float = 0.0, stage: str = "", times: int = 1
) -> Fault:
    """The worker's own 500 at its time limit, here after `hold` seconds."""
    stage = stage or "polling the group coordinator until interrupted"
    text = answers.timed_out_text(stage, (4, 3), 0.0)
    return replace(refuse(500, text, applied=applied, later=later, times=times), hold=hold)


def forward_refused(times: int = 1) -> Fault:
    """A follower that finds its leader's port closed: certainly not applied."""
    return refuse(500, answers.FORWARD_REFUSED, times=times)


def forward_cut(*, applied: Applied, times: int = 1) -> Fault:
    """A follower whose leader crashed during the response: the client cannot know whether the request was applied."""
    return refuse(500, answers.FORWARD_CUT, applied=applied, times=times)


def write_failed(*, applied: Applied, later: float = 0.0, times: int = 1) -> Fault:
    """The config topic took more than 30 s; the record may still be written."""
    return refuse(500, answers.WRITE_FAILED, applied=applied, later=later, times=times)


def safe_to_retry(times: int = 1) -> Fault:
    return refuse(500, answers.SAFE_TO_RETRY, times=times)


def shutting_down(times: int = 1) -> Fault:
    return refuse(500, answers.SHUTTING_DOWN, times=times)


def busy(status: int = 503, *, retry_after: str = "1", times: int = 1) -> Fault:
    """A proxy or worker that requests a later retry; `retry_after` is seconds or an HTTP date."""
    return respond(
        status, b"Service Unavailable", {"Content-Type": "text/plain", "Retry-After": retry_after}, times=times
    )


def not_initialized(times: int = 1) -> Fault:
    """The 404 of a worker that listens before its resources are registered."""
    return respond(404, b"<html><body><h2>HTTP ERROR 404 Not Found</h2></body></html>", times=times)


def drop(*, applied: Applied, times: int = 1) -> Fault:
    """The connection is closed without a response."""
    return Fault(drop=True, applied=applied, times=times)


def hold(seconds: float, times: int = 1) -> Fault:
    """The normal response after `seconds`; the request takes effect at that time, too."""
    return Fault(hold=seconds, times=times)


def cut(times: int = 1) -> Fault:
    """The normal response, of which only the first half of the body arrives."""
    return Fault(cut=True, times=times)


def normally(times: int = 1) -> Fault:
    """No fault: serves requests normally between two other faults of a script."""
    return Fault(times=times)


@dataclass(frozen=True)
class Matching:
    """The requests that a script is for. `path` is a glob for the path as sent; None matches everything."""

    method: str | None = None
    path: str = "*"
    worker: int | None = None
    where: Callable[[Request], bool] = lambda _request: True

    def matches(self, request: Request) -> bool:
        return (
            self.method in (None, request.method)
            and fnmatchcase(request.path, self.path)
            and self.worker in (None, request.worker)
            and self.where(request)
        )


def matching(
    method: str | None = None,
    path: str = "*",
    worker: int | None = None,
    where: Callable[[Request], bool] = lambda _request: True,
) -> Matching:
    return Matching(method, path, worker, where)


@dataclass
class Script:
    """Faults for the matching requests, consumed in order; `remaining` shows whether all were used."""

    matching: Matching
    faults: list[Fault]
    met: list[Request] = field(default_factory=list)

    @property
    def remaining(self) -> int:
        return sum(fault.times for fault in self.faults)

    def take(self, request: Request) -> Fault | None:
        if not self.faults or not self.matching.matches(request):
            return None
        first = self.faults[0]
        self.met.append(request)
        if first.times > 1:
            self.faults[0] = replace(first, times=first.times - 1)
        else:
            del self.faults[0]
        return first


class Scripts:
    """All scripts of a cluster; the oldest one that matches and has faults left is used."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._scripts: list[Script] = []

    def add(self, matching: Matching, faults: Sequence[Fault]) -> Script:
        script = Script(matching, list(faults))
        with self._lock:
            self._scripts.append(script)
        return script

    def take(self, request: Request) -> Fault | None:
        with self._lock:
            for script in self._scripts:
                fault = script.take(request)
                if fault is not None:
                    return fault
        return None

    def clear(self) -> None:
        with self._lock:
            self._scripts.clear()
