# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Input of the checker, and what follows from it without any rule: who wrote what, and which state applied when."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from .config_topic import Record, Stored, stored_after
from .exchange import Exchange

SKEW = 0.5
"""Seconds by which a record can appear to be older than its request: the clock is the same, its resolution is not."""

GRACE = 5.0
"""Seconds before the end of a run in which it can miss concurrent changes, since it polls every second or two."""

_STATE_OF = {"pause": "PAUSED", "resume": "RUNNING", "stop": "STOPPED"}


@dataclass(frozen=True)
class Wish:
    """Desired state of one connector: a config as Connect stores it (None: the connector must not exist), and a run
    state (RUNNING, PAUSED, STOPPED; empty: any).
    """

    config: Mapping[str, str] | None
    state: str = ""

    def granted(self, stored: Stored) -> bool:
        """Whether the config topic holds the desired state."""
        if self.config is None or stored.config is None:
            return self.config is stored.config
        return dict(self.config) == dict(stored.config) and self.state in ("", stored.state)


@dataclass(frozen=True)
class View:
    """One connector as a worker reports it. `tasks` are the states of its tasks."""

    config: Mapping[str, str] | None
    state: str
    tasks: tuple[str, ...]

    def works(self, state: str) -> bool:
        """Whether the connector and its tasks are in this run state (RUNNING, PAUSED, STOPPED), without any failure.

        A stopped connector has no tasks. A connector that was created paused has none before it is resumed.
        """
        if self.state != state or (state == "RUNNING" and not self.tasks):
            return False
        return not self.tasks if state == "STOPPED" else set(self.tasks) <= {state}


@dataclass(frozen=True)
class Run:
    """One run of the collection and its result. Times are in seconds since the epoch, limits in seconds.

    `purges` are the connectors outside the desired set that the run may delete, `protected` those that it must keep.
    `result` is the result of the task, None if the run ended without one. `output` is everything that the run printed
    or wrote. `signaled` is the time of the signal that ended it. `journal` holds the events of its report_path, or None.
    """

    name: str
    wishes: Mapping[str, Wish]
    exchanges: Sequence[Exchange]
    started: float
    ended: float
    result: Mapping[str, Any] | None
    purges: frozenset[str] = frozenset()
    protected: frozenset[str] = frozenset()
    output: str = ""
    returncode: int = 0
    run_timeout: float = 300.0
    conflict_timeout: float = 300.0
    wait_timeout: float = 300.0
    signaled: float | None = None
    journal: Sequence[Mapping[str, Any]] | None = None

    @property
    def entries(self) -> dict[str, Mapping[str, Any]]:
        """The entries of the result by connector."""
        return {str(entry["name"]): entry for entry in (self.result or {}).get("connectors") or ()}

    @property
    def failed_as_a_whole(self) -> bool:
        """Whether the result reports a failure of the run, not of individual connectors."""
        return bool((self.result or {}).get("failed")) and "connectors" not in (self.result or {})

    def writes(self, connector: str) -> list[Exchange]:
        return [one for one in self.exchanges if one.writes and one.connector == connector]

    def journalled(self, event: str) -> set[str]:
        """The connectors for which the journal records this event."""
        return {str(line.get("connector")) for line in self.journal or () if line.get("event") == event}

    @property
    def remarks(self) -> str:
        """All texts of the result, including drift and warnings."""
        result = self.result or {}
        timeline = (str(event.get("text", "")) for event in result.get("run", {}).get("timeline", ()))
        entries = (
            f"{name}: {entry.get('drift', '')} {entry.get('warning', '')} {entry.get('error', '')}"
            for name, entry in self.entries.items()
        )
        return "\n".join([*timeline, *map(str, result.get("warnings", ())), str(result.get("msg", "")), *entries])


@dataclass(frozen=True)
class Evidence:
    """Everything the checker knows about one experiment. `previous` are the records of the topic from before the runs,
    `records` those until the cluster was stable again. `foreign` are requests of other users. `views` is what each worker
    reported at the end.
    """

    runs: Sequence[Run]
    previous: Sequence[Record]
    records: Sequence[Record]
    views: Mapping[str, Mapping[str, View]]
    foreign: Sequence[Exchange] = ()
    secrets: Sequence[str] = ()
    hopeless: frozenset[str] = field(default_factory=frozenset)
    """Connectors whose tasks always fail."""
    must_say: Sequence[str] = ()
    """Texts that the message of a failed run must contain, because they name the misconfiguration of the cluster."""

    def own(self, run: Run, connector: str) -> list[Record]:
        """The records of a connector that this run can have caused."""
        return [record for record in self._of(connector) if caused(record, run.exchanges)]

    def surely_own(self, run: Run, connector: str) -> list[Record]:
        """The records of a connector that only this run can have caused."""
        others = [exchange for other in self.runs if other is not run for exchange in other.exchanges]
        return [record for record in self.own(run, connector) if not caused(record, [*others, *self.foreign])]

    def others(self, run: Run, connector: str) -> list[Record]:
        """The records of a connector that this run cannot have caused."""
        return [record for record in self._of(connector) if not caused(record, run.exchanges)]

    def unexplained(self) -> list[Record]:
        """Records that no request of a run or another user explains."""
        everything = [*(exchange for run in self.runs for exchange in run.exchanges), *self.foreign]
        return [record for record in self.records if _counts(record) and not caused(record, everything)]

    def stored_at(self, connector: str, moment: float) -> Stored:
        """State of a connector in the topic at this time."""
        until = [record for record in self.records if record.timestamp <= moment]
        return stored_after([*self.previous, *until]).get(connector, Stored())

    def bases(self, connector: str, since: float, until: float) -> list[Stored]:
        """All states of a connector between two times, in order."""
        moments = [record.timestamp for record in self._of(connector) if since < record.timestamp < until]
        return [self.stored_at(connector, moment) for moment in [since, *moments]]

    def _of(self, connector: str) -> list[Record]:
        return [record for record in self.records if record.connector == connector and _counts(record)]


def caused(record: Record, exchanges: Iterable[Exchange]) -> bool:
    """Whether one of these requests was sent before the record was written, and asked for exactly this content."""
    return any(
        one.writes
        and one.connector == record.connector
        and one.sent <= record.timestamp + SKEW
        and _asks_for(one, record)
        for one in exchanges
    )


def _asks_for(exchange: Exchange, record: Record) -> bool:
    last = urlsplit(exchange.path).path.rpartition("/")[2]
    if exchange.method == "DELETE":
        return record.value is None
    if record.kind == "restart":
        return exchange.restarts
    creates = exchange.method == "POST" and not exchange.restarts
    if record.kind == "connector":
        body = exchange.json if exchange.method == "PUT" and last == "config" else None
        if creates and isinstance(exchange.json, dict):
            body = exchange.json.get("config")
        return isinstance(body, dict) and as_stored(exchange.connector, body) == record.properties
    if creates:
        return str((exchange.json or {}).get("initial_state", "")).upper() == record.state
    return exchange.method == "PUT" and _STATE_OF.get(last) == record.state


def shows(snapshot: Exchange, record: Record) -> bool:
    """Whether the response to a snapshot request reflects this record. A worker reads the topic with a short delay."""
    if not snapshot.reads_snapshot or snapshot.status != 200 or snapshot.disturbed:
        return False
    shown = json.loads(snapshot.answer or b"{}").get(record.connector, {})
    if record.kind == "connector":
        return bool(shown.get("info", {}).get("config") == record.properties)
    return record.kind == "target-state" and shown.get("status", {}).get("connector", {}).get("state") == record.state


def as_stored(connector: str, config: Mapping[str, Any]) -> dict[str, str]:
    """A config as Connect stores it: all values are strings, and the name is included."""
    texts = {key: str(value).lower() if isinstance(value, bool) else str(value) for key, value in config.items()}
    return {"name": connector} | texts


def _counts(record: Record) -> bool:
    """Whether the record reflects a request. The cluster writes records of tasks and task counts on its own."""
    return record.kind in ("connector", "target-state", "restart")
