# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads the heap and the garbage collection of workers through their agents, once or at both ends of an observation."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from ..errors import RequestError
from ..parallel import in_parallel
from ..secrets import mask_text
from ..traffic.endpoints import Endpoints
from ..traffic.task_rates import UnreadableError
from .memory import JvmMemory, memory_in_beans, memory_in_page, memory_request

PARALLEL_REQUESTS = 8
SHORTEST = 5.0
"""Seconds between two readings after which a share of time means something."""


@dataclass(frozen=True)
class AgentReading:
    """One answer of an agent. `at`: seconds of a clock that only goes forward; `problem`: why `memory` is None."""

    at: float
    memory: JvmMemory | None = None
    problem: str = ""


@dataclass(frozen=True)
class WorkerMemory:
    """What is known about the JVM at this URL. `paused_share`: of the last `seconds`, or since its start; None if unknown."""

    url: str
    memory: JvmMemory | None = None
    paused_share: float | None = None
    seconds: float = 0.0
    problem: str = ""


def read_agents(endpoints: Endpoints, *, jolokia: bool) -> Mapping[str, AgentReading]:
    """Ask each agent once. A problem is part of the result: no agent is needed to find out what else is wrong."""
    urls = endpoints.workers.urls

    def read(url: str) -> AgentReading:
        has_path = bool(urlsplit(url).path)
        try:
            if jolokia:
                answer = endpoints.request(url, "/" if has_path else "/jolokia/", memory_request())
                return AgentReading(time.monotonic(), memory_in_beans(answer.body))
            answer = endpoints.request(url, "" if has_path else "/metrics")
            return AgentReading(time.monotonic(), memory_in_page(answer.text, time.time()))
        except (UnreadableError, RequestError) as error:
            return AgentReading(time.monotonic(), None, mask_text(str(error)))

    found = {}
    for url, answer in in_parallel(endpoints.run, read, urls, PARALLEL_REQUESTS):
        if isinstance(answer, Exception):
            raise answer
        found[url] = answer
    return {url: found[url] for url in urls}


def worker_memory(url: str, first: AgentReading | None, last: AgentReading) -> WorkerMemory:
    """What the last reading shows; with an earlier one of the same JVM, the share of pauses is that of the time between them."""
    memory = last.memory
    if memory is None:
        return WorkerMemory(url, problem=last.problem)
    seconds = 0.0 if first is None else last.at - first.at
    if first is not None and first.memory is not None and seconds >= SHORTEST:
        # After a restart, the JVM counts from 0 again.
        paused = memory.paused - first.memory.paused
        if paused >= 0:
            return WorkerMemory(url, memory, min(paused / seconds, 1.0), seconds)
    if memory.uptime is None or memory.uptime < SHORTEST:
        return WorkerMemory(url, memory)
    return WorkerMemory(url, memory, min(memory.paused / memory.uptime, 1.0), memory.uptime)
