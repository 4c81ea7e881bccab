# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes the offsets of a stopped connector, and reads them back."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from itertools import count

from ..errors import ConnectError, OffsetsError, Outcome, RequestError
from ..model import Connector
from ..rest.api import Api
from ..rest.offsets import PartitionOffset, alter_offsets, offsets_of, reset_offsets
from ..run import backoff
from .model import Offsets, OffsetsPlan, by_key, key_of, same

GROUP_LEAVES = 60.0
"""Seconds for the members of a sink's ended tasks to leave its consumer group. Those of a killed worker stay for session.timeout.ms,
45 s by default.
"""

STOP_ARRIVES = 15.0
"""Seconds in which the leader may still see the tasks of a connector that reads STOPPED elsewhere."""

READ_BACK = 20.0
"""Seconds in which a written offset must be readable."""

AGREE = "find out who (another job, a person), then run again: the task starts from the current offsets"


def read_offsets(api: Api, name: str) -> Offsets:
    """The stored offsets. Raises RequestError with the kind not_found if the connector no longer exists."""
    entries = offsets_of(api, name)
    if entries is None:
        raise RequestError(
            f'connector "{name}" no longer exists: another user or run has deleted it',
            kind="not_found",
            advice="its offsets are kept: to change them, create it again with initial_state: stopped",
        )
    return by_key(entries)


def write_offsets(
    api: Api, name: str, plan: OffsetsPlan, members: Callable[[], str], mask: Callable[[str], str]
) -> bool:
    """Write until it is done, and return whether the plugin took part. Writing the same offsets twice changes nothing, so a write with
    an unknown outcome is sent again unless its effect can be read. `members`: names those of the sink's group, for an error;
    `mask` removes the secrets of the connector from a worker's text.
    """
    began = time.monotonic()
    run = api.run
    doubt: RequestError | None = None
    attempt = 0
    with ExitStack() as retrying:
        while True:
            attempt += 1
            try:
                return reset_offsets(api, name) if plan.resets_all else alter_offsets(api, name, plan.entries)
            except RequestError as error:
                if attempt == 1:
                    retrying.enter_context(run.riding_out())
                if error.outcome is Outcome.UNKNOWN:
                    run.event(f"{name}: offsets: outcome unknown ({mask(error.reason)}); reading them")
                    if _is_applied(api, name, plan, error):
                        return True
                    if error.kind == "offsets_refused":
                        # The answer of a plugin, which sent again is the same.
                        raise
                    doubt = error
                elif not _passes(
                    api, name, error, time.monotonic() - began, Outcome.UNKNOWN if doubt else Outcome.NOT_DONE
                ):
                    raise _final(error, members) if doubt is None else doubt from None
                pause = max(backoff(attempt), 0.1)
                if pause > min(run.conflict_remaining(), run.remaining()):
                    raise (doubt or error) from None
                run.pause(pause)
            except ConnectError as interrupt:
                # It says nothing about an earlier attempt.
                raise doubt or interrupt from None


def _passes(api: Api, name: str, error: RequestError, waited: float, outcome: Outcome) -> bool:
    """Whether a refusal may end by itself. Raises OffsetsError if another run has resumed the connector; `outcome`: of earlier
    attempts.
    """
    if error.kind == "group_active":
        api.run.busy_with(f"{name}: waiting for the members of its consumer group to leave")
        return waited < GROUP_LEAVES
    if error.kind != "not_stopped":
        return False
    if _is_running(api.expanded().connectors.get(name)):
        text = f'connector "{name}": another user or run has resumed it'
        raise OffsetsError(text, AGREE, kind="drift", outcome=outcome) from None
    return waited < STOP_ARRIVES


def _is_running(stored: Connector | None) -> bool:
    return stored is not None and stored.state in ("RUNNING", "PAUSED")


def _final(error: RequestError, members: Callable[[], str]) -> RequestError:
    text = members() if error.kind == "group_active" else ""
    return error.reworded(f"{error.message} ({text})", error.advice) if text else error


def _is_applied(api: Api, name: str, plan: OffsetsPlan, doubt: RequestError) -> bool:
    """Whether the offsets are the written ones. Raises `doubt` if they can't be read."""
    try:
        # Through the herder thread, and so after a request that waits there.
        api.stored_config(name)
        return not differences(read_offsets(api, name), plan)
    except ConnectError as unreadable:
        raise doubt from unreadable


def read_back(api: Api, name: str, plan: OffsetsPlan) -> Offsets:
    """The offsets once they are the written ones. Raises OffsetsError if they do not become so: another user or run has written."""
    began = time.monotonic()
    for attempt in count(1):
        stored = read_offsets(api, name)
        wrong = differences(stored, plan)
        if not wrong:
            return stored
        if time.monotonic() - began > READ_BACK:
            break
        api.run.check("reading the offsets back")
        api.run.pause(backoff(attempt))
    entry = wrong[0]
    raise OffsetsError(
        f'connector "{name}": the offset of {key_of(entry.partition)} reads {key_of(entry.offset)}, which is not what was written: '
        "another user or run has changed it since",
        AGREE,
        kind="drift",
        outcome=Outcome.DONE,
    )


def differences(stored: Offsets, plan: OffsetsPlan) -> tuple[PartitionOffset, ...]:
    """The stored entries that are not those of the plan; offset None: nothing is stored."""
    found = []
    expected = by_key(plan.entries)
    for key, entry in expected.items():
        now = stored[key].offset if key in stored else None
        if not same(now, entry.offset):
            found.append(entry._replace(offset=now))
    if plan.resets_all:
        found += [entry for key, entry in stored.items() if key not in expected]
    return tuple(found)
