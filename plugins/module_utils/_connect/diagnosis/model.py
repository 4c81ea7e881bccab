# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A diagnosis as data: the verdict, the causes, and what happened. Pure. All times are milliseconds since the epoch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import Literal

    from ..group.group_findings import Severity

    Verdict = Literal["healthy", "warnings", "not_healthy", "unknown"]


@dataclass(frozen=True)
class Cause:
    """A finding without a known cause of its own. `since`: when it began, None if unknown; `change`: what a user changed shortly
    before, in one line; `consequences`: the messages of the findings that follow from it.
    """

    id: str
    severity: Severity
    kind: str
    subject: str
    message: str
    advice: str = ""
    since: int | None = None
    change: str = ""
    consequences: tuple[str, ...] = ()


@dataclass(frozen=True)
class Segment:
    """A time in which a connector was in one state, which is the worst of itself and its tasks. Empty if unknown."""

    state: str
    begin: int
    end: int


@dataclass(frozen=True)
class Mark:
    """An event of a connector: its kind as in cluster_history (`failure` for a state FAILED), and its text in one line."""

    time: int
    kind: str
    text: str


@dataclass(frozen=True)
class Lane:
    """What happened to one connector. `state`: the last one, empty if unknown; `exists`: whether it was not deleted."""

    connector: str
    state: str
    exists: bool = True
    segments: tuple[Segment, ...] = ()
    marks: tuple[Mark, ...] = ()
    failures: int = 0


@dataclass(frozen=True)
class Timeline:
    """The lanes between two times, those with failures first. `since`: when the history begins, which may be before the first event;
    `rebalance_count`: with those that left no record of their own; `is_partial`: older events exist that were left out.
    """

    since: int
    begin: int
    end: int
    lanes: tuple[Lane, ...] = ()
    rebalances: tuple[Mark, ...] = ()
    rebalance_count: int = 0
    is_partial: bool = False


@dataclass(frozen=True)
class HostLog:
    """What the log of a worker's host shows: a line, and how often each kind of event occurred. `problem`: why it was not read."""

    host: str
    worker: str = ""
    text: str = ""
    problem: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Diagnosis:
    """A cluster at one time. `unread`: what could not be read, each in one line; `workers`, `lag` and `dead_letters` as cluster_health
    returns them; `running`: number of running tasks by the worker's address.
    """

    cluster: str
    time: int
    verdict: Verdict
    summary: str
    causes: tuple[Cause, ...] = ()
    timeline: Timeline | None = None
    workers: Sequence[Mapping[str, Any]] = ()
    running: Mapping[str, int] = field(default_factory=dict)
    lag: Sequence[Mapping[str, Any]] = ()
    dead_letters: Sequence[Mapping[str, Any]] = ()
    logs: tuple[HostLog, ...] = ()
    unread: tuple[str, ...] = ()
