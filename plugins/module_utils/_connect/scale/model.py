# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wanted of a worker that comes or goes, and what the outside has to offer for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from .evidence import InitialState, RemovalGuard

State = Literal["joined", "left", "restarted"]
Action = Literal["start", "stop", "restart", "none"]
PAST_TENSE: Mapping[State, str] = {"joined": "joined", "left": "left", "restarted": "returned to"}
INFINITIVE: Mapping[State, str] = {"joined": "join", "left": "leave", "restarted": "return to"}
PRESENT_PARTICIPLE: Mapping[Action, str] = {"start": "starting", "stop": "stopping", "restart": "restarting"}


@dataclass(frozen=True)
class Unit:
    """A service as systemd shows it. `restarts`: how often systemd has started it again by itself."""

    load_state: str
    active_state: str
    sub_state: str = ""
    restarts: int = 0

    @property
    def runs(self) -> bool:
        return self.active_state in ("active", "activating", "reloading", "deactivating")

    @property
    def has_failed(self) -> bool:
        """It ended by itself and stays so, or has failed a second time. What failed once may come up yet."""
        return self.active_state == "failed" or (self.sub_state == "auto-restart" and self.restarts > 0)


class Host(Protocol):
    """The worker's host. Each method raises WorkerError when the host can't be asked, or refuses."""

    def unit(self) -> Unit:
        """What the service is now."""

    def order(self, action: Action) -> None:
        """Starts, stops or restarts the service; returns before that is done. The outcome of what it raises says whether
        the order may have been carried out nevertheless.
        """

    def journal(self, seconds: float) -> Sequence[str]:
        """What the service has said in these last seconds, the oldest line first."""


class Batch(Protocol):
    """The hosts that run the same task at the same time."""

    def once(self, look: Callable[[], InitialState]) -> InitialState:
        """What the first host of the batch found before any was touched; it alone looks. Raises what it raised."""

    def going(self, url: str, refuse: Callable[[Sequence[str]], None]) -> None:
        """Notes that this worker goes, unless `refuse`, given those that were noted before it, raises."""


@dataclass(frozen=True)
class ScaleRequest:
    """What the user wants of one worker. `advertised`: its URL in the group; `url`: where it is asked from here. `delay`:
    its scheduled.rebalance.max.delay.ms, in seconds, as are the other times. `expected_workers` 0: any number.
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


def decide(state: State, unit: Unit) -> Action:
    """What the service needs for this state. Pure."""
    if state == "left":
        return "stop" if unit.runs or unit.sub_state == "auto-restart" else "none"
    if not unit.runs or unit.has_failed:
        return "start"
    return "restart" if state == "restarted" else "none"
