# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Applies one step of a plan, and finds out its outcome where the answer does not show it."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count

from ..errors import ConnectError, Outcome, RequestError
from ..planning.change import Change
from ..planning.difference import compare
from ..planning.steps import Create, Delete, Pause, Restart, Resume, Step, Stop, Update
from ..rest.api import Api
from ..run import backoff
from ..secrets import mask_text

Mask = Callable[[str], str]

WRITE_SETTLES = 15.0
"""Seconds after a creation in which "unknown connector" only means that this worker has not read it yet."""


@dataclass(frozen=True)
class Uncertain:
    """A step that may or may not have been applied, and must not be sent again (a restart)."""

    step: Step
    error: RequestError


def write_change(api: Api, change: Change, done: list[Step], mask: Mask = mask_text) -> tuple[Uncertain, ...]:
    """Applies the steps of one change in order, and adds each to `done`. Raises RequestError for the first one that was not
    applied. `mask` removes the change's secrets from a worker's texts.

    After a write with an unknown outcome the stored config is read, and the write, being repeatable, is sent again if needed.
    A restart is never sent again: it is returned.
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
                api.run.event(f"{change.name}: restart: outcome unknown ({mask(error.reason)}); not sent again")
                uncertain.append(Uncertain(step, error))
        else:
            _until_done(api, change.name, step, created, mask)
        done.append(step)
    return tuple(uncertain)


def _until_done(api: Api, name: str, step: Step, created: float | None, mask: Mask) -> None:
    """Sends a repeatable write until it is applied. Once the outcome of an attempt is unknown, no later failure makes it "not
    done": the cluster may have applied it, or may still do so.
    """
    client = api.client
    doubt: RequestError | None = None
    with ExitStack() as retrying:
        for attempt in count(1):
            try:
                _send(api, name, step)
                return
            except ConnectError as error:
                if attempt == 1:
                    retrying.enter_context(client.run.riding_out())
                if isinstance(error, RequestError) and error.outcome is Outcome.UNKNOWN:
                    doubt = error
                    client.run.event(f"{name}: {step.action}: outcome unknown ({mask(error.reason)}); checking")
                elif isinstance(error, RequestError) and error.kind == "already_exists" and doubt is None:
                    # It did not exist a moment ago: a proxy may have sent our own request twice.
                    doubt = error
                fresh = error.kind == "not_found" and created is not None and time.monotonic() - created < WRITE_SETTLES
                if not (fresh or error is doubt or (doubt is not None and error.kind == "already_exists")):
                    # A config that is rejected as invalid was rejected before, too; any other error says nothing about that attempt.
                    if doubt is None or error.kind == "invalid_config":
                        raise
                    raise doubt from None
                achieved = _achieved(api, name, step, doubt) if doubt is not None else None
                if achieved:
                    if isinstance(step, Create) and doubt is not None and doubt.kind == "already_exists":
                        client.run.event(f"{name}: create: it already exists with the desired config")
                        _reach_initial_state(api, name, step)
                    return
                if error.kind == "worker_error" or (error.kind == "already_exists" and achieved is False):
                    raise
                pause = backoff(attempt)
                if pause > min(client.run.conflict_remaining(), client.run.remaining()):
                    raise (doubt or error) from None
                client.run.pause(pause)


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


def _reach_initial_state(api: Api, name: str, step: Create) -> None:
    """Its creator may have left it running."""
    if step.initial_state != "running":
        _send(api, name, Pause() if step.initial_state == "paused" else Stop())


def _achieved(api: Api, name: str, step: Step, doubt: RequestError) -> bool | None:
    """Whether the cluster shows the effect of the step; None if no effect is visible (yet).

    Writes of the run state leave nothing to read: they are simply repeated. Raises `doubt` if the cluster cannot be read.
    """
    if not isinstance(step, (Create, Update, Delete)):
        return None
    try:
        stored = api.stored_config(name)
    except ConnectError as unreadable:
        raise doubt from unreadable
    if isinstance(step, Delete):
        return stored is None
    return None if stored is None else not compare(step.config, stored).changed_keys
