# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules 3, 4 and 5: a run changes nothing else, repeats no successful write, and ends in time with a clear result."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from .evidence import Evidence, Run, shows
from .exchange import Exchange

OVERTIME = 1.1
"""Factor by which a run may exceed its time limits."""

LAST_BREATH = 1.0
"""Seconds after a signal during which a request that was already prepared may still be sent."""

REFUSALS = frozenset({400, 401, 403, 404, 405, 409, 415, 422, 429, 503})
"""Status codes that prove that the worker did not apply the request."""


def nothing_else(evidence: Evidence) -> Iterator[str]:
    """Rule 3: a run changes nothing outside the desired set, and purges nothing that a guard protects."""
    for run in evidence.runs:
        for exchange in run.exchanges:
            name = exchange.connector
            if not exchange.writes or name in run.wishes:
                continue
            purge = exchange.method == "DELETE" and name in run.purges
            if not purge:
                yield f"3: {run.name} sent {exchange.method} {exchange.path}, which is outside its desired set"
        yield from _guards(evidence, run)
    for record in evidence.unexplained():
        yield f"3: no request explains record {record.offset}, a {record.kind} of {record.connector}"


def _guards(evidence: Evidence, run: Run) -> Iterator[str]:
    deleted = [one for one in run.exchanges if one.method == "DELETE" and one.connector not in run.wishes]
    for exchange in deleted:
        if exchange.connector in run.protected:
            yield f"3: {run.name} deleted {exchange.connector}, which is protected"
    done = [one for one in deleted if 200 <= one.worker_status < 300]
    failed = [name for name, entry in run.entries.items() if entry.get("failed") and name in run.wishes]
    lasting = [name for name in failed if run.wishes[name].config is not None]
    if done:
        known = [name for name in lasting if _could_be_known(evidence, run, name, done[0])]
        if known:
            yield f"3: {run.name} purged {done[0].connector} although {known[0]} had failed"


def _could_be_known(evidence: Evidence, run: Run, name: str, delete: Exchange) -> bool:
    """Whether the run could know of a failure before this delete. It cannot know of changes after its last snapshot."""
    if run.entries[name].get("error_kind") != "drift":
        return True
    snapshots = [one for one in run.exchanges if one.ended < delete.sent]
    others = evidence.others(run, name)
    return any(
        record.timestamp < snapshot.sent and shows(snapshot, record) for record in others for snapshot in snapshots
    )


def no_repetition(evidence: Evidence, run: Run) -> Iterator[str]:
    """Rule 4: no write is repeated after success, only the same write follows an unknown outcome, no restart is repeated."""
    for name in {one.connector for one in run.exchanges if one.writes}:
        writes = run.writes(name)
        restarts = [one for one in writes if one.restarts]
        for earlier, later in pairwise(restarts):
            if earlier.status not in REFUSALS:
                yield f"4: {run.name} restarted {name} again after {_reported(earlier)}: {later.path}"
        yield from _sent_again(evidence, run, [one for one in writes if not one.restarts])
        if run.entries.get(name, {}).get("outcome") == "unknown":
            yield from _other_than_unknown(run, name, writes)
    if run.signaled is not None:
        late = [one for one in run.exchanges if one.writes and one.sent > run.signaled + LAST_BREATH]
        for exchange in late:
            after = exchange.sent - run.signaled
            yield f"4: {run.name} sent {exchange.method} {exchange.path} {after:.1f} s after it was interrupted"


def _sent_again(evidence: Evidence, run: Run, writes: list[Exchange]) -> Iterator[str]:
    """Repetitions of a successful write although no other run or user changed the connector in between."""
    for earlier, later in pairwise(writes):
        if not 200 <= earlier.status < 300 or later.sent < earlier.ended or not _same(earlier, later):
            continue
        since = [one for one in evidence.others(run, earlier.connector) if one.timestamp > earlier.sent]
        if not since:
            yield f"4: {run.name} sent {later.method} {later.path} again after {_reported(earlier)}"


def _other_than_unknown(run: Run, name: str, writes: list[Exchange]) -> Iterator[str]:
    doubtful = [one for one in writes if not 200 <= one.status < 300 and one.status not in REFUSALS]
    for later in writes[writes.index(doubtful[0]) + 1 :] if doubtful else ():
        if not _same(doubtful[0], later):
            yield f"4: {run.name} does not know the outcome for {name}, but sent {later.method} {later.path}"


def timely_and_clean(evidence: Evidence, run: Run) -> Iterator[str]:
    """Rule 5: a run ends within its time limits, and prints neither a traceback nor a secret."""
    elapsed = run.ended - run.started
    if elapsed > OVERTIME * run.run_timeout:
        yield f"5: {run.name} took {elapsed:.0f} s, its run_timeout is {run.run_timeout:.0f} s"
    elif evidence.must_say and elapsed > run.conflict_timeout / 2:
        yield f"5: {run.name} took {elapsed:.0f} s to report what it could have known long before"
    waited = (run.result or {}).get("run", {}).get("conflicts_waited", 0.0)
    if waited > OVERTIME * run.conflict_timeout:
        yield f"5: {run.name} waited {waited:.0f} s for conflicts, its limit is {run.conflict_timeout:.0f} s"
    if run.result is None and run.signaled is None:
        yield f"5: {run.name} has no result"
    if (run.result or {}).get("error", {}).get("kind") == "internal_error":
        yield f"5: {run.name}: {(run.result or {}).get('msg')}"
    if "Traceback (most recent call last)" in run.output:
        yield f"5: {run.name} printed a traceback"
    if run.result is not None and bool(run.result.get("failed")) == (run.returncode == 0):
        yield f"5: {run.name}: the task failed: {bool(run.result.get('failed'))}, but the exit code is {run.returncode}"
    for number, secret in enumerate(evidence.secrets):
        if secret in run.output:
            yield f"5: secret number {number} is in the output of {run.name}"


def _same(one: Exchange, other: Exchange) -> bool:
    return (one.method, one.path, one.body) == (other.method, other.path, other.body)


def _reported(exchange: Exchange) -> str:
    return f"HTTP {exchange.status}" if exchange.status else "no response"
