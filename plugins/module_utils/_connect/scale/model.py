# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The request for one worker, and the interfaces to its host and its batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from .evidence import InitialState, RemovalGuard

State = Literal["joined", "left", "restarted", "released"]
WaitFor = Literal["work", "rebalance"]
Action = Literal["start", "stop", "restart", "none"]
PAST_TENSE: Mapping[State, str] = {
    "joined": "joined",
    "left": "left",
    "restarted": "returned to",
    "released": "returned to",
}
INFINITIVE: Mapping[State, str] = {"joined": "join", "left": "leave", "restarted": "return to", "released": "return to"}
PRESENT_PARTICIPLE: Mapping[Action, str] = {"start": "starting", "stop": "stopping", "restart": "restarting"}


@dataclass(frozen=True)
class Unit:
    """A service as systemd shows it. `restarts`: how often systemd has restarted it on its own."""

    load_state: str
    active_state: str
    sub_state: str = ""
    restarts: int = 0

    @property
    def runs(self) -> bool:
        return self.active_state in ("active", "activating", "reloading", "deactivating")

    @property
    def has_failed(self) -> bool:
        """Whether it has ended for good, or failed a second time. After one failure it may still come up."""
        return self.active_state == "failed" or (self.sub_state == "auto-restart" and self.restarts > 0)


class Host(Protocol):
    """The worker's host. Each method raises WorkerError when the host cannot be reached, or refuses."""

    def unit(self) -> Unit:
        """The current state of the service."""

    def order(self, action: Action) -> None:
        """Starts, stops or restarts the service; returns before that is done. The outcome of the error that it raises
        says whether the order may have been executed nevertheless.
        """

    def journal(self, seconds: float) -> Sequence[str]:
        """The log lines of the service in these last seconds, oldest first."""


class Batch(Protocol):
    """The hosts that run the same task at the same time."""

    def once(self, read: Callable[[], InitialState]) -> InitialState:
        """The initial state, which only the first host of the batch reads. Raises what that host raised."""

    def going(self, url: str, refuse: Callable[[Sequence[str]], None]) -> None:
        """Records that this worker leaves, unless `refuse`, given those recorded before it, raises."""


@dataclass(frozen=True)
class ScaleRequest:
    """What the user requests for one worker. `advertised`: its URL in the group; `url`: its address from here. `delay`:
    scheduled.rebalance.max.delay.ms in seconds, as all times here. `expected_workers` 0: any number. `wait_for` rebalance: work
    that the leader parks for a departed worker need not run again. `restart_seconds`: how long the restart of a worker takes, to
    decide whether a release pays.
    """

    state: State
    service: str
    url: str
    advertised: str
    group_id: str
    delay: float = 300.0
    expected_workers: int = 0
    guard: RemovalGuard = field(default_factory=RemovalGuard)
    rollback: bool = True
    wait_timeout: float = 600.0
    stable_for: float = 10.0
    check_mode: bool = False
    wait_for: WaitFor = "work"
    restart_seconds: float = 10.0


def decide(state: State, unit: Unit) -> Action:
    """The action that brings the service into this state. Pure."""
    if state == "left":
        return "stop" if unit.runs or unit.sub_state == "auto-restart" else "none"
    if state == "released":
        return "none"  # Whether the leader restarts depends on the group.
    if not unit.runs or unit.has_failed:
        return "start"
    return "restart" if state == "restarted" else "none"
