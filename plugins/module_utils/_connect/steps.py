# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Carries out one step of a plan, and finds out what became of it where the answer does not say."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from .api import Api
from .clock import backoff
from .config import compare
from .errors import Outcome, RequestError
from .model import Config
from .plan import Change, Create, Delete, Pause, Restart, Resume, Step, Stop, Update

SETTLE = 15.0
"""Seconds in which "unknown connector" just after its creation only means that this worker has not read of it yet."""


@dataclass(frozen=True)
class Uncertain:
    """A step that may or may not have been done, and may not be sent again (a restart)."""

    step: Step
    error: RequestError


def carry_out(api: Api, change: Change, done: list[Step]) -> tuple[Uncertain, ...]:
    """Does the steps of one change in order, and adds each to `done`. Raises RequestError for the first that was not
    done.

    Writes whose outcome is unknown are looked up and, being repeatable, sent again; a restart never is, and is
    returned.
    """
    uncertain = []
    created = time.monotonic() if isinstance(change.steps[0], Create) else None
    for step in change.steps:
        if isinstance(step, Restart):
            try:
                api.restart(change.name, include_tasks=step.include_tasks, only_failed=step.only_failed)
            except RequestError as error:
                if error.outcome is not Outcome.UNKNOWN:
                    raise
                api.client.clock.event(f"{change.name}: restart: outcome unknown ({error.reason}); not sent again")
                uncertain.append(Uncertain(step, error))
        else:
            _until_done(api, change.name, step, created)
        done.append(step)
    return tuple(uncertain)


def _until_done(api: Api, name: str, step: Step, created: float | None) -> None:
    client = api.client
    attempt = 0
    unknown_before = False
    while True:
        try:
            _send(api, name, step)
            return
        except RequestError as error:
            if error.kind == "already_exists" and unknown_before and _achieved(api, name, step):
                return
            fresh = created is not None and error.kind == "not_found" and time.monotonic() - created < SETTLE
            if error.outcome is not Outcome.UNKNOWN and not fresh:
                raise
            if error.outcome is Outcome.UNKNOWN:
                unknown_before = True
                client.clock.event(f"{name}: {step.action}: outcome unknown ({error.reason}); looking")
                with client.clock.riding_out():
                    achieved = _achieved(api, name, step)
                if achieved:
                    return
                if error.kind == "worker_error":
                    raise
            attempt += 1
            pause = backoff(attempt)
            if pause > min(client.clock.conflict_remaining(), client.clock.remaining()):
                raise
            with client.clock.riding_out():
                client.clock.pause(pause)
            client.clock.check(f"repeating {step.action} of {name}")


def _send(api: Api, name: str, step: Step) -> None:
    simple: dict[type[Step], Callable[[str], None]] = {
        Delete: api.delete,
        Pause: api.pause,
        Resume: api.resume,
        Stop: api.stop,
    }
    if isinstance(step, Update) or (isinstance(step, Create) and step.initial_state == "running"):
        api.put_config(name, step.config)
    elif isinstance(step, Create):
        api.create(name, step.config, step.initial_state)
    else:
        simple[type(step)](name)


def _achieved(api: Api, name: str, step: Step) -> bool:
    """Whether the cluster already shows what the step was to bring about. State writes tell nothing: they are just
    repeated.
    """
    if isinstance(step, (Create, Update)):
        stored = api.stored_config(name)
        return stored is not None and _same(step.config, stored)
    if isinstance(step, Delete):
        return api.stored_config(name) is None
    return False


def _same(wanted: Config, stored: Config) -> bool:
    return not compare(wanted, stored).changed_keys
