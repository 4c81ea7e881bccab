# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults of the network, of validation and of stale workers on the fake cluster, which take seconds instead of minutes.

The proxy and the checker are those of the real experiments. A run is the action plugin without ansible-playbook.
"""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.request import urlopen

from ansible_collections.streamops.kafka_connect.plugins.plugin_utils import action as edge
from testing.ansible_runs.in_process import make_action
from testing.fake_connect import FakeCluster, Timing, faults, matching

from .config_topic import Record
from .evidence import View
from .exchange import Exchange
from .experiment import Fault, Stage
from .faults import BY_NAME, CHANGING, hold_answers, let_validation_hang
from .moments import Moment
from .patient import SNAPSHOT, views_of
from .running import Ended, Running
from .scene import Scene

NEVER = 3600.0
"""Seconds, longer than any run."""

LIMITS = {"run_timeout": 120, "conflict_timeout": 60, "wait_timeout": 60, "read_timeout": 2, "stable_for": 0.3}
"""Seconds. The fake is stable at once; the limit leaves enough time on a busy machine."""


@dataclass(frozen=True)
class Played:
    """A deployment that ran the action plugin in this process, and therefore has already ended."""

    outcome: Ended

    @property
    def ended(self) -> bool:
        return True

    def interrupt(self, number: signal.Signals) -> None:
        raise AssertionError(f"{number.name} would end the test")

    def finish(self, limit: float) -> Ended:
        del limit
        return self.outcome


@dataclass
class FakePatient:
    """A fake cluster. Its config topic consists of the records that its herders wrote."""

    cluster: FakeCluster
    foreign: list[Exchange] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        return [f"worker{number}" for number, _worker in enumerate(self.cluster.workers, 1)]

    @property
    def ports(self) -> list[int]:
        return [worker.port for worker in self.cluster.workers]

    @property
    def run_options(self) -> dict[str, Any]:
        return dict(LIMITS)

    def start(self, options: Mapping[str, Any], folder: Path) -> Running:
        lines: list[str] = []
        started = time.time()
        with patch.object(edge.display, "display", lambda line, *_more, **_options: lines.append(str(line))):
            result = make_action("connectors", options, diff=True, search=str(folder)).run(task_vars={})
        result = {"failed": False, **result}
        output = "\n".join([*lines, json.dumps(result, default=str)])
        return Played(Ended(result, started, time.time(), output, int(result["failed"])))

    def end_offset(self) -> int:
        return len(self.cluster.store.topic)

    def records(self, since: int = 0) -> tuple[Record, ...]:
        written = list(enumerate(self.cluster.store.topic))[since:]
        return tuple(Record(offset, one.at, one.key, one.name, -1, _value(one.value)) for offset, one in written)

    def prepare(self, scene: Scene) -> None:
        for name, (config, state) in scene.previous.items():
            # The scene uses the state names of the REST API.
            self.cluster.connectors.put(name, config, state)  # type: ignore[arg-type]  # one of three literals

    def heal(self) -> None:
        for worker in self.cluster.workers:
            worker.lag = 0.0
            if not worker.is_up:
                worker.start()
        self.cluster.scripts.clear()

    def settle(self) -> dict[str, dict[str, View]]:
        self.cluster.connectors.settle()
        return {name: _shown(url) for name, url in zip(self.names, self.cluster.urls, strict=True)}


def fake_patient() -> FakePatient:
    """Three workers. A dead leader stays the leader, so that no election ends the situation under test."""
    return FakePatient(FakeCluster(timing=Timing(session=NEVER)))


def _value(value: Mapping[str, str] | str | None) -> dict[str, Any] | None:
    if value is None:
        return None
    return {"state.v2": value} if isinstance(value, str) else {"properties": dict(value)}


def _shown(url: str) -> dict[str, View]:
    with urlopen(url + SNAPSHOT, timeout=60) as answer:  # a loopback URL of the fake
        return views_of(json.load(answer))


# -- faults that need the fake cluster ------------------------------------------------------------------------------


def _cluster(stage: Stage) -> FakeCluster:
    assert isinstance(stage.patient, FakePatient)
    return stage.patient.cluster


def _leader_unreachable(stage: Stage) -> None:
    """Followers answer 500 "IO Error ... Connection refused" to each change, permanently."""
    _cluster(stage).workers[0].kill()
    stage.asked = slice(1, None)
    stage.struck.set()


def _leader_loops(stage: Stage) -> None:
    """Followers answer 409 to each change, permanently."""
    for path in ("/connectors", "/connectors/*", "/connectors/*/config"):
        for method in ("POST", "PUT", "DELETE"):
            _cluster(stage).script(matching(method, path), do=[faults.conflicting_operation(times=100_000)])
    stage.struck.set()


def _stale_worker(stage: Stage) -> None:
    """The worker that accepted the writes dies. The next worker reports the previous state for three seconds."""
    cluster = _cluster(stage)
    stage.asked = slice(1, None)

    def strike(_exchange: Exchange) -> None:
        cluster.workers[2].lag = 3.0
        cluster.workers[1].kill()

    stage.at_moment(strike)


def _validation_throws_once(stage: Stage) -> None:
    """Throws on the worker itself, before any response."""
    thrown = faults.refuse(500, "java.lang.NullPointerException")
    _cluster(stage).script(matching("PUT", "/connector-plugins/*/config/validate"), do=[thrown])
    stage.struck.set()


def _impatient(seconds: float, scene: Scene) -> Scene:
    """Shortens the time limits for a permanent fault."""
    return replace(scene, options={**scene.options, "conflict_timeout": seconds})


@dataclass(frozen=True)
class Scripted:
    """A fault on the fake cluster, its moment, and whether the run can reach the desired state nevertheless."""

    fault: Fault
    moment: Moment
    converges: bool = True


def _like(name: str, phase: str, number: int = 1, *, after: bool = False, converges: bool = True) -> Scripted:
    return Scripted(BY_NAME[name], Moment(phase, number, after), converges)


def _own(name: str, arrange: Callable[[Stage], None], moment: Moment, *, converges: bool = True) -> Scripted:
    scene = (lambda scene: scene) if converges else partial(_impatient, 5.0)
    return Scripted(Fault(name, arrange, CHANGING, scene), moment, converges)


SCRIPTED: tuple[Scripted, ...] = (
    _like("answer-dropped", "plan"),
    _like("answer-dropped", "write", 2),
    _like("write-dropped", "write"),
    _own("answer-held", partial(hold_answers, 5.0), Moment("write", 2)),
    _like("request-repeated", "write"),
    _like("answer-cut", "plan"),
    _like("proxy-429", "write"),
    _like("proxy-502", "write", 2),
    _like("proxy-503", "validate"),
    _like("proxy-503-without-retry-after", "write", 3),
    _like("proxy-504", "write"),
    _like("html-for-json", "wait"),
    _own("leader-unreachable", _leader_unreachable, Moment("write"), converges=False),
    _own("leader-loops", _leader_loops, Moment("write"), converges=False),
    _own("validation-hangs", partial(let_validation_hang, 3.0), Moment("validate"), converges=False),
    _like("validation-throws", "validate", converges=False),
    _own("validation-throws-at-the-worker", _validation_throws_once, Moment("validate"), converges=False),
    _like("stale-follower", "wait"),
    _own("stale-worker", _stale_worker, Moment("write", 3, after=True)),
)
"""Faults of the network (11), the URL of the leader (12), validation (13) and stale workers (16)."""
