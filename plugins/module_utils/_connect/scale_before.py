# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is found out, and what has to be so, before the service of a worker is touched."""

from __future__ import annotations

import time
from collections.abc import Sequence

from .errors import GuardError, WorkerError
from .group import Group
from .scale_model import Action, Wanted
from .scale_proof import Before, Look, rebalancing, refuse_to_go, unsettled
from .scale_results import subject
from .scale_watch import PAUSE, Watch


def obstacle(group: Group, action: Action) -> str:
    """Why nothing may be begun yet; empty when it may. Pure.

    A delay for a worker that has left keeps from going only: work of two workers would be undone then. Whoever comes had
    better come soon. The delay goes on, and at its end Connect gives what it has kept to those that have come meanwhile, be
    it the worker that had it or a new one. Who comes later finds it spread over the others, and has all of it moved again.
    """
    return rebalancing(group) if action == "start" else unsettled(group)


def await_rest(watch: Watch, look: Look, action: Action) -> Before:
    """What is there, as soon as this may be begun. Raises WorkerError when that is not so in time."""
    began = time.monotonic()
    limit = watch.wanted.wait_timeout + watch.wanted.delay
    while why := obstacle(look.group, action):
        if time.monotonic() - began > limit:
            raise WorkerError(f"nothing was begun, since for {limit:.0f} s {why}", "see what keeps it from rest")
        watch.progress(f"waiting before anything is begun: {why}")
        watch.clock.check("waiting for the group to rest")
        watch.clock.pause(PAUSE)
        look = watch.look(first=True)
    return Before.of(look)


def refuse(before: Before, wanted: Wanted, others: Sequence[str]) -> None:
    """Raises GuardError when this worker must not go. `others`: those of its batch that go."""
    verdict = refuse_to_go(before, wanted.advertised, others, wanted.guard)
    if verdict.failure:
        raise GuardError(f"{subject(wanted)} is not to go: {verdict.failure}", verdict.advice)
