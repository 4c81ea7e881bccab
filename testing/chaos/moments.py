# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The moment of a fault, identified by a request of the run, so that the same experiment can be repeated."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .exchange import Exchange, Trigger
from .proxy import Proxy

PHASES = ("plan", "validate", "write", "wait")

_LAST = {"plan": 1, "validate": 6, "write": 8, "wait": 2}
"""The number of requests of each phase that every run of the scene reaches."""

_TEXT = re.compile(r"(plan|validate|write|wait)(\d+)(-before|-after)")


@dataclass(frozen=True)
class Moment:
    """The `number`-th request (from 1) of a phase: before the worker receives it, or before the run receives the response."""

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
        return exchange.reads_snapshot and written is (self.phase == "wait")


def draw(choice: random.Random, phases: Sequence[str] = PHASES) -> Moment:
    """A random moment of these phases."""
    phase = choice.choice(list(phases))
    return Moment(phase, choice.randint(1, _LAST[phase]), choice.random() < 0.5)


def parse(text: str) -> Moment:
    """Parse the `str` of a moment. Raises ValueError for any other text."""
    found = _TEXT.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is not a moment; write it like {Moment('write', 3, True)}")
    return Moment(found[1], int(found[2]), found[3] == "-after")
