# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Record rates of tasks, as the agents of workers report them, and the checks that all formats share. Pure.

Unreadable traffic never counts as low: every reader of a format raises UnreadableError.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..errors import one_line

RATES: Mapping[str, str] = {
    "source-record-poll-rate": "source-task-metrics",
    "source-record-write-rate": "source-task-metrics",
    "sink-record-read-rate": "sink-task-metrics",
    "sink-record-send-rate": "sink-task-metrics",
}
"""Attributes of Kafka Connect's task metrics, in records per second, and the type of their MBeans."""

BEYOND_ALL = 1e15
"""More records than any worker can have counted."""


class UnreadableError(Exception):
    """The answer does not show the traffic; the text says why, in one line."""

    def __init__(self, text: str) -> None:
        super().__init__(one_line(text))


@dataclass(frozen=True)
class TaskRates:
    """The rates of one task in records per second, by their names in RATES. `connector` and `task` are empty if the
    agent's rules omit them.
    """

    connector: str
    task: str
    rates: Mapping[str, float] = field(default_factory=dict)

    @property
    def records_per_second(self) -> float:
        """The larger of the rates before and after the transformations, so that each record counts once."""
        return max(self.rates.values(), default=0.0)


def complete(tasks: Sequence[TaskRates], count: float | None) -> tuple[TaskRates, ...]:
    """The tasks, if there are as many as the worker's own `count`: rules and policies can hide some."""
    if count is None and not tasks:
        raise UnreadableError(
            "no metrics of Kafka Connect's tasks or workers: check that the URL is that of a worker's own agent"
        )
    measured = [task for task in tasks if task.rates]
    if count is not None and len(measured) < count:
        raise UnreadableError(
            f"the worker has {count:g} tasks, but rates of only {len(measured)}: check the rules of the agent"
        )
    return tuple(measured)


def read_number(value: Any, name: str) -> float:
    """A finite number. Prometheus can return NaN and infinity, which count nothing: UnreadableError, as for any text."""
    try:
        number = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not abs(number) < BEYOND_ALL:
        raise UnreadableError(f"{name} is {str(value)[:40]}, which is not a number")
    return number


def unescape(value: str) -> str:
    r"""A label's value without the backslashes of the text format (\\, \" and \n)."""
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], value, flags=re.DOTALL)


def unquote(value: str) -> str:
    r"""A connector's real name: JMX quotes names with special characters (ObjectName.quote)."""
    if len(value) >= 2 and value[0] == value[-1] == '"':
        return unescape(value[1:-1])
    return value


def task_names(tasks: Iterable[TaskRates]) -> frozenset[tuple[str, str]]:
    """(connector, number) of the tasks that have names."""
    return frozenset((task.connector, task.task) for task in tasks if task.connector and task.task)
