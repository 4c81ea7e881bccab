# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The faults, under the names that `--only` and the table use."""

from __future__ import annotations

import signal
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from urllib.parse import quote

from testing.sandbox.processes import Condition

from .exchange import Answer, Disturbance, Exchange
from .experiment import Fault, Stage
from .patient import Patient
from .scene import with_failing_task, with_other_wishes

HTML = b"<html><head><title>Bad Gateway</title></head><body>nginx</body></html>"
THROWN = b'{"error_code":500,"message":"java.lang.NullPointerException: Cannot invoke \\"String.length()\\""}'

HANGS = (
    b'{"error_code":500,"message":"Request timed out. The worker is currently performing multi-property validation '
    b'for the connector, which began at 2026-01-01T00:00:00Z"}'
)
"""Response of a worker if the validation of a plugin has not ended after 90 s."""


# -- workers and brokers ---------------------------------------------------------------------------------------------

Whom = Callable[[Stage, Exchange], str]


def _real(stage: Stage) -> Patient:
    """The cluster, for a fault that needs real processes."""
    assert isinstance(stage.patient, Patient)
    return stage.patient


def _receiver(stage: Stage, exchange: Exchange) -> str:
    return stage.receiver(exchange)


def _leader(stage: Stage, _exchange: Exchange) -> str:
    return _real(stage).leader()


def _owner(stage: Stage, _exchange: Exchange) -> str:
    return _real(stage).owner(f"{stage.scene.prefix}-same")


def _kill(whom: Whom, stage: Stage) -> None:
    stage.at_moment(lambda exchange: _real(stage).sandbox.kill(whom(stage, exchange)))


def _stop(seconds: float | None, stage: Stage) -> None:
    """Stops the worker that receives the request, for some seconds or for longer than the run."""

    def strike(exchange: Exchange) -> None:
        name = stage.receiver(exchange)
        _real(stage).sandbox.stop(name)
        if seconds is not None:
            stage.meanwhile(partial(_continue_after, stage, name, seconds))

    stage.at_moment(strike)


def _continue_after(stage: Stage, name: str, seconds: float) -> None:
    stage.over.wait(seconds)
    _real(stage).sandbox.continue_(name)


def _restart_broker(stage: Stage) -> None:
    broker = _real(stage).brokers[0]

    def strike(_exchange: Exchange) -> None:
        _real(stage).sandbox.kill(broker)
        stage.meanwhile(partial(_real(stage).sandbox.start, broker))

    stage.at_moment(strike)


def _stop_broker(stage: Stage) -> None:
    """Stops a broker for longer than the 90 s after which a worker gives up."""
    broker = _real(stage).brokers[0]

    def strike(_exchange: Exchange) -> None:
        _real(stage).sandbox.stop(broker)
        stage.meanwhile(partial(_continue_after, stage, broker, 100.0))

    stage.at_moment(strike)


def _flap(stage: Stage) -> None:
    """Kills and restarts the last worker every ten seconds until the run ends."""
    name, sandbox = stage.patient.names[-1], _real(stage).sandbox

    def keep_flapping() -> None:
        while not stage.over.is_set():
            if sandbox.condition(name) is Condition.DEAD:
                sandbox.start(name, wait=False)
            else:
                sandbox.kill(name)
            stage.over.wait(10)

    stage.at_moment(lambda _exchange: stage.meanwhile(keep_flapping))


# -- other runs and other users --------------------------------------------------------------------------------------


def _second_run(stage: Stage) -> None:
    stage.at_moment(lambda _exchange: _started(stage, same=True))


def _other_run(stage: Stage) -> None:
    stage.at_moment(lambda _exchange: _started(stage, same=False))


def _started(stage: Stage, *, same: bool) -> None:
    scene = stage.scene if same else with_other_wishes(stage.scene)
    stage.start(scene, "the twin" if same else "the other run")


def _person(method: str, tail: str, stage: Stage) -> None:
    """Another user deletes, edits or pauses a connector that the run is about to update."""
    name = stage.scene.edited
    previous, _state = stage.scene.previous[name]
    body = {**previous, "batch.size": "55", "tasks.max": "3"} if tail == "/config" else None

    def strike(_exchange: Exchange) -> None:
        status = _real(stage).ask(method, f"/connectors/{quote(name)}{tail}", body)
        if status >= 300:
            raise RuntimeError(f"{method} {name}{tail}: {status}")

    stage.at_moment(strike)


# -- the network -----------------------------------------------------------------------------------------------------


def _disturb(stage: Stage, disturbance: Disturbance, matches: Callable[[Exchange], bool]) -> None:
    """Disturbs the next matching requests, starting with the request of the moment."""

    def begun(exchange: Exchange) -> bool:
        in_phase = stage.moment.is_in_phase(stage.proxy, exchange)
        if not stage.struck.is_set() and in_phase:
            seen = sum(stage.moment.is_in_phase(stage.proxy, one) for one in stage.proxy.exchanges) + 1
            if seen >= stage.moment.number:
                stage.struck.set()
        return stage.struck.is_set() and matches(exchange)

    stage.proxy.disturb(replace(disturbance, matches=begun))


def _any(_exchange: Exchange) -> bool:
    return True


def _dropped(stage: Stage) -> None:
    _disturb(stage, Disturbance("response dropped", _any, times=3, drop=True), _any)


def _write_dropped(stage: Stage) -> None:
    _disturb(stage, Disturbance("response dropped", _any, drop=True), lambda one: one.writes)


def hold_answers(seconds: float, stage: Stage) -> None:
    """Delays two responses by this many seconds."""
    _disturb(stage, Disturbance("response held", _any, times=2, hold_after=seconds), _any)


def _repeated(stage: Stage) -> None:
    _disturb(stage, Disturbance("sent twice", _any, times=5, copies=2), _any)


def _cut(stage: Stage) -> None:
    _disturb(stage, Disturbance("response truncated", _any, times=3, cut=True), lambda one: not one.writes)


def _answered(status: int, retry_after: str, copies: int, stage: Stage) -> None:
    headers = {"Content-Type": "text/html"} | ({"Retry-After": retry_after} if retry_after else {})
    answer = Answer(status, HTML, headers)
    _disturb(stage, Disturbance(f"proxy responded {status}", _any, times=4, copies=copies, answer=answer), _any)


def _stale(stage: Stage) -> None:
    _disturb(stage, Disturbance("stale", _any, times=3, stale=True), lambda one: one.reads_snapshot)


def let_validation_hang(seconds: float, stage: Stage) -> None:
    """The worker gives up on the validation of a plugin after this time, 90 s on a real worker."""
    answer = Answer(500, HANGS, {"Content-Type": "application/json"})
    hang = Disturbance("validation hangs", _any, copies=0, hold_before=seconds, answer=answer)
    _disturb(stage, hang, lambda one: one.validates)


def _validation_throws(stage: Stage) -> None:
    answer = Answer(500, THROWN, {"Content-Type": "application/json"})
    _disturb(stage, Disturbance("validation throws", _any, copies=0, answer=answer), lambda one: one.validates)


# -- the group -------------------------------------------------------------------------------------------------------

NOBODY = 1
"""A port without a listener."""


def _advertise_dead(stage: Stage) -> None:
    _advertise(stage, NOBODY)


def _advertise_loop(stage: Stage) -> None:
    _advertise(stage, stage.patient.ports[1])


def _advertise(stage: Stage, port: int) -> None:
    """The leader advertises a wrong address."""
    sandbox, (leader, *others) = _real(stage).sandbox, stage.patient.names
    for name in stage.patient.names:
        sandbox.kill(name)
    sandbox.start(leader, properties={"rest.advertised.port": str(port)})
    for name in others:
        sandbox.start(name)
    sandbox.await_settled()
    if (reported := _real(stage).advertised_leader()) != port:
        raise RuntimeError(f"the leader advertises {reported}, not {port}")
    stage.must_say = [f"127.0.0.1:{port}"]
    # Requests to the leader itself would succeed.
    stage.asked = slice(1, None)
    stage.struck.set()


# -- the run itself --------------------------------------------------------------------------------------------------


def _ended(number: signal.Signals, stage: Stage) -> None:
    stage.at_moment(lambda _exchange: stage.attempts[0].interrupt(number))


def _nothing(stage: Stage) -> None:
    stage.struck.set()


CHANGING = ("validate", "write")
BUSY = ("write", "wait")

FAULTS: tuple[Fault, ...] = (
    Fault("kill-talked-to", partial(_kill, _receiver)),
    Fault("kill-leader", partial(_kill, _leader)),
    Fault("kill-owner", partial(_kill, _owner)),
    Fault("stop-30s", partial(_stop, 30.0)),
    Fault("stop-for-good", partial(_stop, None)),
    Fault("broker-restart", _restart_broker),
    Fault("broker-stopped-100s", _stop_broker),
    Fault("flapping", _flap),
    Fault("twin-run", _second_run),
    Fault("other-run", _other_run),
    Fault("person-deletes", partial(_person, "DELETE", ""), CHANGING),
    Fault("person-edits", partial(_person, "PUT", "/config"), CHANGING),
    Fault("person-pauses", partial(_person, "PUT", "/pause"), CHANGING),
    Fault("answer-dropped", _dropped),
    Fault("write-dropped", _write_dropped, ("write",)),
    Fault("answer-held-100s", partial(hold_answers, 100.0)),
    Fault("request-repeated", _repeated),
    Fault("answer-cut", _cut),
    Fault("proxy-429", partial(_answered, 429, "2", 0)),
    Fault("proxy-502", partial(_answered, 502, "", 1)),
    Fault("proxy-503", partial(_answered, 503, "1", 0)),
    Fault("proxy-503-without-retry-after", partial(_answered, 503, "", 0)),
    Fault("proxy-504", partial(_answered, 504, "", 1)),
    Fault("html-for-json", partial(_answered, 200, "", 1), ("plan", "validate", "wait")),
    Fault("advertised-dead", _advertise_dead, ("plan",)),
    Fault("advertised-loop", _advertise_loop, ("plan",)),
    Fault("validation-hangs", partial(let_validation_hang, 90.0), ("validate",)),
    Fault("validation-throws", _validation_throws, ("validate",)),
    Fault("task-fails-at-once", _nothing, ("plan",), partial(with_failing_task, delay_ms=0)),
    Fault("task-fails-after-20s", _nothing, ("plan",), partial(with_failing_task, delay_ms=20_000)),
    Fault("ctrl-c", partial(_ended, signal.SIGINT)),
    Fault("run-killed", partial(_ended, signal.SIGKILL)),
    Fault("stale-follower", _stale, BUSY),
)
"""In the order of the table. Tests on the fake cluster cover what a proxy cannot do on a real one."""

BY_NAME = {fault.name: fault for fault in FAULTS}
