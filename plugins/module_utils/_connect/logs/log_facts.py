# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a worker's log shows: events with their counts and times, errors by connector, and the newest distinct errors. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from ..errors import one_line
from ..history.times import shown_time
from ..secrets import mask_text
from ..triage.diagnosis import diagnose
from ..triage.first_cause import first_cause
from .kafka_lines import KINDS, Sightings
from .log_records import ERROR_LEVELS, Line, LogRecord, records_of

MOST_DISTINCT = 2_000
"""Distinct errors and reasons that are counted one by one."""
MOST_REASONS = 10
MOST_CONNECTORS = 200
MOST_EVIDENCE = 6
"""Lines of a record that are shown."""
LONGEST_SHOWN = 400
LONGEST_REASON = 200

_NUMBER = re.compile(r"[0-9]+")


class _Count:
    """How often something happened, and when."""

    def __init__(self) -> None:
        self.count = 0
        self.first = self.last = 0.0

    def add(self, at: float) -> None:
        self.count += 1
        if at:
            self.first = min(self.first or at, at)
            self.last = max(self.last, at)

    def shown(self) -> dict[str, Any]:
        return {"count": self.count, "first": _shown_time(self.first), "last": _shown_time(self.last)}


class _Group(_Count):
    """Records that are alike, with the newest of them."""

    def __init__(self) -> None:
        super().__init__()
        self.newest: LogRecord | None = None
        self.reasons: dict[str, _Count] = {}
        self.connectors: dict[str, bool] = {}
        self.tasks: dict[int, bool] = {}

    def take(self, record: LogRecord, reason: str = "") -> None:
        self.add(record.time)
        self.newest = record
        if record.connector and len(self.connectors) < MOST_CONNECTORS:
            self.connectors[record.connector] = True
        if record.task is not None and len(self.tasks) < MOST_CONNECTORS:
            self.tasks[record.task] = True
        if reason:
            text = reason if reason in self.reasons or len(self.reasons) < MOST_DISTINCT else "others"
            self.reasons.setdefault(text, _Count()).add(record.time)


class LogFacts:
    """Takes records in their order, and sums them up."""

    def __init__(self) -> None:
        self.records = _Count()
        self._sightings = Sightings()
        self._events = {kind: _Group() for kind in KINDS}
        self._errors: dict[tuple[str, str, str], _Group] = {}
        self._connectors: dict[str, _Group] = {}
        self._uncounted = 0

    def read(self, lines: Iterable[Line], since: float) -> None:
        """Take the records of these lines that are not older. A record without a time counts as a new one."""
        for record in records_of(lines):
            if record.time and record.time < since:
                continue
            self.records.add(record.time)
            for sighting in self._sightings.of(record):
                self._events[sighting.kind].take(record, sighting.reason)
            if record.level in ERROR_LEVELS:
                self._take_error(record)

    def _take_error(self, record: LogRecord) -> None:
        key = (record.connector, record.logger, _likeness(record))
        if key not in self._errors and len(self._errors) >= MOST_DISTINCT:
            self._uncounted += 1
        else:
            self._errors.setdefault(key, _Group()).take(record)
        name = record.connector
        if name and (name in self._connectors or len(self._connectors) < MOST_DISTINCT):
            self._connectors.setdefault(name, _Group()).take(record)

    def result(self, most_errors: int) -> dict[str, Any]:
        """Return `events`, `connectors`, `errors` and `errors_omitted`."""
        newest = sorted(self._errors.values(), key=lambda group: (-group.last, -group.count))
        return {
            "events": [_event(kind, group) for kind, group in self._events.items()],
            "connectors": [
                _connector(name, self._connectors[name]) for name in sorted(self._connectors)[:MOST_CONNECTORS]
            ],
            "errors": [_error(group, group.newest) for group in newest[:most_errors] if group.newest is not None],
            "errors_omitted": max(len(newest) - most_errors, 0) + self._uncounted,
        }

    def summary(self) -> str:
        """The facts in one line."""
        parts = [f"{kind.replace('_', ' ')}: {group.count}" for kind, group in self._events.items() if group.count]
        errors = sum(group.count for group in self._errors.values()) + self._uncounted
        names = sorted(self._connectors, key=lambda name: -self._connectors[name].count)
        shown = ", ".join(one_line(name) for name in names[:3]) + (", ..." if len(names) > 3 else "")
        parts.append(f"errors: {errors}" + (f" (connectors {shown})" if names else ""))
        count = self.records.count
        return ("1 log record; " if count == 1 else f"{count} log records; ") + "; ".join(parts)


def _likeness(record: LogRecord) -> str:
    """What errors have in common that differ in numbers only: the message, and the innermost exception."""
    begin = record.trace.rfind("\nCaused by: ") + 1
    innermost = record.trace[begin : begin + LONGEST_SHOWN].partition("\n")[0]
    return _NUMBER.sub("0", f"{record.message[:LONGEST_REASON]}\n{innermost}")


def _event(kind: str, group: _Group) -> dict[str, Any]:
    reasons = sorted(group.reasons.items(), key=lambda entry: -entry[1].count)
    return {
        "kind": kind,
        **group.shown(),
        "reasons": [
            {"reason": _shown_text(reason, LONGEST_REASON), **count.shown()} for reason, count in reasons[:MOST_REASONS]
        ],
        "connectors": sorted(group.connectors),
        "evidence": _evidence(group.newest),
    }


def _connector(name: str, group: _Group) -> dict[str, Any]:
    return {"name": name, **group.shown(), "tasks": sorted(group.tasks), **_diagnosis(group.newest)}


def _error(group: _Group, record: LogRecord) -> dict[str, Any]:
    return {
        **group.shown(),
        "level": record.level,
        "logger": record.logger,
        "connector": record.connector,
        "task": record.task,
        "message": _shown_text(record.message, LONGEST_SHOWN),
        **_diagnosis(record),
        "evidence": _evidence(record),
    }


def _diagnosis(record: LogRecord | None) -> dict[str, str]:
    """`cause`, `transience` and `advice` of an error."""
    if record is None:
        return {"cause": "", "transience": "", "advice": ""}
    text = record.trace or record.message
    found = diagnose(text)
    cause = first_cause(record.trace) if record.trace else _shown_text(record.message, LONGEST_SHOWN)
    return {"cause": cause, "transience": found.transience, "advice": found.advice}


def _evidence(record: LogRecord | None) -> list[str]:
    """The lines of a record that show what happened: its message, the exception and its causes. Without secrets."""
    if record is None:
        return []
    trace = record.trace.splitlines()
    causes = [line for line in trace[1:] if line.startswith("Caused by: ")]
    lines = [f"{record.level} {record.message.splitlines()[0] if record.message else ''}", *trace[:1], *causes]
    if len(lines) > MOST_EVIDENCE:
        lines = lines[:2] + lines[2 - MOST_EVIDENCE :]
    # Together, because a secret may go over several lines.
    return [_truncated(line) for line in mask_text("\n".join(lines)).splitlines() if line.strip()]


def _shown_text(text: str, longest: int) -> str:
    return _truncated(mask_text(one_line(text)), longest)


def _truncated(text: str, longest: int = LONGEST_SHOWN) -> str:
    return text if len(text) <= longest else text[:longest].rstrip() + "…"


def _shown_time(seconds: float) -> str | None:
    return shown_time(int(seconds * 1000)) if seconds else None
