# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When a fault strikes: recognised by what the run asks, so that a moment that was drawn can be met again."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .exchange import Exchange, Trigger
from .proxy import Proxy

PHASES = ("plan", "validate", "write", "wait")

_LAST = {"plan": 1, "validate": 6, "write": 8, "wait": 2}
"""The latest request of each phase that every run of the scene comes to."""

_TEXT = re.compile(r"(plan|validate|write|wait)(\d+)(-before|-after)")


@dataclass(frozen=True)
class Moment:
    """The `number`-th request (from 1) of a phase: before it reaches the worker, or after, before the run is told."""

    phase: str
    number: int = 1
    after: bool = False

    def __str__(self) -> str:
        return f"{self.phase}{self.number}-{'after' if self.after else 'before'}"

    def trigger(self, proxy: Proxy, action: Callable[[Exchange], None]) -> Trigger:
        return Trigger(lambda one: self.is_in_phase(proxy, one), action, self.number, self.after)

    def is_in_phase(self, proxy: Proxy, exchange: Exchange) -> bool:
        if self.phase == "validate":
            return exchange.validates
        if self.phase == "write":
            return exchange.writes
        written = any(one.writes and one.status for one in proxy.exchanges)
        return exchange.looks and written is (self.phase == "wait")


def draw(choice: random.Random, phases: Sequence[str] = PHASES) -> Moment:
    """Any moment of these phases."""
    phase = choice.choice(list(phases))
    return Moment(phase, choice.randint(1, _LAST[phase]), choice.random() < 0.5)


def parse(text: str) -> Moment:
    """What `str` of a moment says. Raises ValueError for anything else."""
    found = _TEXT.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no moment; one is written {Moment('write', 3, True)}")
    return Moment(found[1], int(found[2]), found[3] == "-after")
