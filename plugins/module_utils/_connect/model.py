# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The state of a Connect cluster and the desired state: plain, immutable data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple, Union

Config = Mapping[str, str]
"""A connector's configuration as Connect stores it: flat, every value a string, `name` included."""

RunState = Literal["running", "paused", "stopped"]
"""The run states that a user can request; Connect's own names are the same in upper case (KIP-875)."""

REFUSED_BY_WEB_SERVER = frozenset("/\\%")
"""Characters of a name that the web server of Kafka 4.0 and later rejects in a path, even if encoded."""

MISREAD_BY_EVERY_FOLLOWER = frozenset(";{}")
"""Characters of a name for which a follower never finds the leader's path, in any version: such names never work."""

_MISREAD = re.compile(r"[/;{}]|%[0-9A-Fa-f]{2}")

RUN_STATES: tuple[RunState, ...] = ("running", "paused", "stopped")

IDLE: frozenset[RunState] = frozenset({"paused", "stopped"})
"""The run states in which a connector does no work. It enters them only at the request of a user."""


def is_misread_by_followers(name: str) -> bool:
    """Whether a follower garbles this name when it forwards a request to the leader.

    It builds the leader's URL from the decoded name: a slash starts a new segment, a semicolon ends the path, braces are a
    template, and encoded characters (`%20`) are decoded again. So only the leader can serve such a connector, and one that a
    follower owns gets no tasks: the follower sends their configs to the leader in the same way.
    """
    return _MISREAD.search(name) is not None


class Task(NamedTuple):
    """One entry of `tasks` in GET /connectors/{name}/status. `state`: UNASSIGNED, RUNNING, PAUSED, FAILED,
    RESTARTING.
    """

    id: int
    state: str
    worker_id: str
    trace: str = ""


class Connector(NamedTuple):
    """One connector as `GET /connectors?expand=info&expand=status` shows it.

    `state` is empty if Connect has no status record yet (it was just created); `config` is None if only a status exists
    (it was just deleted). `task_ids` are the tasks in the config topic, `tasks` those with a status. `former_tasks` have a
    status, but are no longer in the config topic: until their worker has stopped them, and sometimes long after.
    """

    name: str
    config: Config | None
    type: str = "unknown"
    state: str = ""
    worker_id: str = ""
    trace: str = ""
    task_ids: tuple[int, ...] = ()
    tasks: tuple[Task, ...] = ()
    former_tasks: tuple[Task, ...] = ()

    @property
    def failed_tasks(self) -> tuple[Task, ...]:
        return tuple(task for task in self.tasks if task.state == "FAILED")

    @property
    def is_idle(self) -> bool:
        """Whether it is paused or stopped."""
        return state_of(self) in IDLE

    @property
    def plugin_class(self) -> str:
        return (self.config or {}).get("connector.class", "")


def state_of(stored: Connector | None) -> RunState | None:
    """The run state of a connector, if it is one that a user can request; else None."""
    if stored is None:
        return None
    states: dict[str, RunState] = {"RUNNING": "running", "PAUSED": "paused", "STOPPED": "stopped"}
    return states.get(stored.state)


def requested_state(stored: Connector) -> RunState:
    """The run state that was requested last, as far as the status shows it: what fails or moves was requested to run."""
    return state_of(stored) or "running"


class Snapshot(NamedTuple):
    """One expanded read of a cluster: connectors by name, and the URL of the worker that answered."""

    connectors: Mapping[str, Connector]
    worker: str = ""


class Present(NamedTuple):
    """A connector that should exist with this configuration.

    `state` None leaves the run state unchanged (a new connector starts in `initial_state`, running if that is None).
    `origin`: where it is defined ("connectors[3]", "orders.yml", ...), for messages.
    """

    name: str
    config: Config
    state: RunState | None = None
    initial_state: RunState | None = None
    known_keys: tuple[str, ...] = ()
    origin: str = ""


class Absent(NamedTuple):
    """A connector that should be absent."""

    name: str
    origin: str = ""


Desired = Union[Present, Absent]
