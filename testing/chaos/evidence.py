# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the judge is given, and what follows from it without any rule: who wrote what, and what was in force when."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from .config_topic import Record, Stored, stored_after
from .exchange import Exchange

SKEW = 0.5
"""Seconds by which a record may seem older than the request that caused it: one clock, but not one tick."""

GRACE = 5.0
"""Seconds before the end of a run in which it may miss what somebody else does: it looks about every second or two."""

_STATE_OF = {"pause": "PAUSED", "resume": "RUNNING", "stop": "STOPPED"}


@dataclass(frozen=True)
class Wish:
    """What a run shall bring about for one connector: a config as Connect stores it (None: that it does not exist), and
    a run state (RUNNING, PAUSED, STOPPED; empty: whatever it is).
    """

    config: Mapping[str, str] | None
    state: str = ""

    def granted(self, stored: Stored) -> bool:
        """Whether the config topic has what is wished."""
        if self.config is None or stored.config is None:
            return self.config is stored.config
        return dict(self.config) == dict(stored.config) and self.state in ("", stored.state)


@dataclass(frozen=True)
class View:
    """One connector as one worker shows it; `tasks` are the states of its tasks."""

    config: Mapping[str, str] | None
    state: str
    tasks: tuple[str, ...]

    def works(self, state: str) -> bool:
        """Whether connector and tasks are in that run state (RUNNING, PAUSED, STOPPED), without any failure.

        A stopped connector has no tasks, and one that was created paused has none before it is resumed.
        """
        if self.state != state or (state == "RUNNING" and not self.tasks):
            return False
        return not self.tasks if state == "STOPPED" else set(self.tasks) <= {state}


@dataclass(frozen=True)
class Run:
    """One run of the collection and what came of it. Times are seconds since the epoch, limits seconds.

    `purges` are the connectors that it may delete beyond its wishes, `protected` those that it must leave. `result` is
    the task's result, None where the run did not live to give one. `output` is all that it printed and wrote anywhere.
    `signalled` is when somebody ended it. `journal` is its report_path, None where it had none.
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
    signalled: float | None = None
    journal: Sequence[Mapping[str, Any]] | None = None

    @property
    def entries(self) -> dict[str, Mapping[str, Any]]:
        """The result's entries by connector."""
        return {str(entry["name"]): entry for entry in (self.result or {}).get("connectors") or ()}

    @property
    def failed_as_a_whole(self) -> bool:
        """Whether its result tells a failure that is not of single connectors."""
        return bool((self.result or {}).get("failed")) and "connectors" not in (self.result or {})

    def writes(self, connector: str) -> list[Exchange]:
        return [one for one in self.exchanges if one.writes and one.connector == connector]

    def journalled(self, event: str) -> set[str]:
        """The connectors of which its journal tells that event."""
        return {str(line.get("connector")) for line in self.journal or () if line.get("event") == event}

    @property
    def remarks(self) -> str:
        """All that the result says in words beyond its entries' errors."""
        result = self.result or {}
        timeline = (str(event.get("text", "")) for event in result.get("run", {}).get("timeline", ()))
        entries = (
            f"{name}: {entry.get('drift', '')} {entry.get('warning', '')} {entry.get('error', '')}"
            for name, entry in self.entries.items()
        )
        return "\n".join([*timeline, *map(str, result.get("warnings", ())), str(result.get("msg", "")), *entries])


@dataclass(frozen=True)
class Evidence:
    """All that the judge may know of one experiment. `former` are the topic's records from before the runs, `records`
    those from then until the dust had settled; `foreign` what other people sent; `views` what each worker showed then.
    """

    runs: Sequence[Run]
    former: Sequence[Record]
    records: Sequence[Record]
    views: Mapping[str, Mapping[str, View]]
    foreign: Sequence[Exchange] = ()
    secrets: Sequence[str] = ()
    hopeless: frozenset[str] = field(default_factory=frozenset)
    """Connectors that cannot work, whatever a run does: their tasks fail."""
    must_say: Sequence[str] = ()
    """What the message of a run must name if it fails: the cause is a fault of the cluster's own settings."""

    def own(self, run: Run, connector: str) -> list[Record]:
        """The records of a connector that this run may have caused."""
        return [record for record in self._of(connector) if caused(record, run.exchanges)]

    def surely_own(self, run: Run, connector: str) -> list[Record]:
        """Those that nobody else can have caused."""
        others = [exchange for other in self.runs if other is not run for exchange in other.exchanges]
        return [record for record in self.own(run, connector) if not caused(record, [*others, *self.foreign])]

    def others(self, run: Run, connector: str) -> list[Record]:
        """Those that this run cannot have caused."""
        return [record for record in self._of(connector) if not caused(record, run.exchanges)]

    def unexplained(self) -> list[Record]:
        """Records that neither a run nor another person has asked for."""
        everything = [*(exchange for run in self.runs for exchange in run.exchanges), *self.foreign]
        return [record for record in self.records if _counts(record) and not caused(record, everything)]

    def stored_at(self, connector: str, moment: float) -> Stored:
        """What the topic said of a connector at that time."""
        until = [record for record in self.records if record.timestamp <= moment]
        return stored_after([*self.former, *until]).get(connector, Stored())

    def bases(self, connector: str, since: float, until: float) -> list[Stored]:
        """Everything that was in force for a connector between two times, in order."""
        moments = [record.timestamp for record in self._of(connector) if since < record.timestamp < until]
        return [self.stored_at(connector, moment) for moment in [since, *moments]]

    def _of(self, connector: str) -> list[Record]:
        return [record for record in self.records if record.connector == connector and _counts(record)]


def caused(record: Record, exchanges: Iterable[Exchange]) -> bool:
    """Whether one of these requests, sent before the record was written, asked for exactly that."""
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


def shows(look: Exchange, record: Record) -> bool:
    """Whether the answer to a look had what that record says: a worker reads the topic a moment after it was written."""
    if not look.looks or look.status != 200 or look.disturbed:
        return False
    shown = json.loads(look.answer or b"{}").get(record.connector, {})
    if record.kind == "connector":
        return bool(shown.get("info", {}).get("config") == record.properties)
    return record.kind == "target-state" and shown.get("status", {}).get("connector", {}).get("state") == record.state


def as_stored(connector: str, config: Mapping[str, Any]) -> dict[str, str]:
    """A config as Connect stores it: every value a string, the name in it."""
    texts = {key: str(value).lower() if isinstance(value, bool) else str(value) for key, value in config.items()}
    return {"name": connector} | texts


def _counts(record: Record) -> bool:
    """Tasks and their counts are the cluster's own business; what was asked for is in the others."""
    return record.kind in ("connector", "target-state", "restart")
