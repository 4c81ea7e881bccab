# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The timeline of an experiment, which helps to find out why a run violated a rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .config_topic import Record
from .evidence import Evidence, Run
from .exchange import Exchange


def story(evidence: Evidence, violations: Sequence[str]) -> list[str]:
    """One line for each snapshot of a run, for each write and record of the connectors that the violations name, and for
    the result of each run. Times are in seconds since the first run began.
    """
    known = {name for run in evidence.runs for name in {*run.wishes, *run.purges}}
    named = {name for name in known if any(name in violation for violation in violations)}
    events = [*_records(evidence, named), *_requests("another user", evidence.foreign, named)]
    for run in evidence.runs:
        events += [*_requests(run.name, run.exchanges, named), *_life(run, named)]
    began = min(run.started for run in evidence.runs)
    return [f"{moment - began:7.2f} {text}" for moment, text in sorted(events)]


def _records(evidence: Evidence, named: set[str]) -> Iterator[tuple[float, str]]:
    for record in evidence.records:
        if record.connector in named and record.kind in ("connector", "target-state", "restart"):
            yield record.timestamp, f"record {record.offset}: {record.kind} {record.connector} {_said(record)}"


def _said(record: Record) -> str:
    if record.value is None:
        return "deleted"
    if record.kind == "target-state":
        return record.state
    # Other values can be secret.
    return f"batch.size={(record.properties or {}).get('batch.size')}"


def _requests(who: str, exchanges: Sequence[Exchange], named: set[str]) -> Iterator[tuple[float, str]]:
    for one in exchanges:
        if one.reads_snapshot or (one.writes and one.connector in named):
            reported = (
                f"{one.status or 'no response'} after {one.ended - one.sent:.2f} s" if one.ended else "no response"
            )
            message = (
                f", the worker returned {one.worker_status or 'nothing'}" if one.status != one.worker_status else ""
            )
            disturbed = f" [{one.disturbed}]" if one.disturbed else ""
            yield one.sent, f"{who}: {one.method} {one.path} to worker {one.worker + 1}: {reported}{message}{disturbed}"


def _life(run: Run, named: set[str]) -> Iterator[tuple[float, str]]:
    yield run.started, f"{run.name} begins"
    if run.signaled is not None:
        yield run.signaled, f"{run.name} is interrupted"
    yield run.ended, f"{run.name} ends: exit code {run.returncode}"
    for name in sorted(named & run.entries.keys()):
        entry = run.entries[name]
        words = [f"{key}={entry[key]}" for key in ("actions", "drift", "warning", "error", "outcome") if entry.get(key)]
        yield run.ended, f"{run.name} reports {name}: {'; '.join(words) or 'nothing'}"
    started = run.started
    for event in (run.result or {}).get("run", {}).get("timeline", ()):
        yield started + float(event["seconds"]), f"{run.name} notes: {event['text']}"
