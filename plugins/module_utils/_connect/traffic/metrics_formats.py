# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads what tells of a worker's traffic: the Prometheus text format, Jolokia's answers, a Prometheus server's. Pure.

Of traffic that can't be read it is never said that there is none: every function raises UnreadableError then.
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
"""Attributes of Kafka Connect's task metrics, records per second, and the type of the MBeans that have them."""

BEYOND_ALL = 1e15
"""More records than anybody counts."""

_WORKER = "kafka.connect:type=connect-worker-metrics"
# Agents name a metric after domain, type and attribute, in the way that their rules say; the attribute comes last.
_SAMPLE = re.compile(
    r"^(?P<name>(?:[a-zA-Z_:][a-zA-Z0-9_:]*?)?(?P<rate>"
    + "|".join(rate.replace("-", "_") for rate in RATES)
    + r"|worker(?:_metrics)?_task_count))(?:\{(?P<labels>.*)\})?[ \t]+(?P<value>\S+)"
)
_LABEL = re.compile(r'(?<![a-zA-Z0-9_])([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\]|\\.)*)"')
_PROPERTY = re.compile(r'(?<![^=,:])([^=,:]+)=("(?:[^"\\]|\\.)*"|[^,]*)')


class UnreadableError(Exception):
    """What came does not tell the traffic; its text is one line that says why."""

    def __init__(self, text: str) -> None:
        super().__init__(one_line(text))


@dataclass(frozen=True)
class TaskRates:
    """The rates of one task in records per second, by their names in RATES. `connector` and `task` are empty where the
    agent's rules leave them out.
    """

    connector: str
    task: str
    rates: Mapping[str, float] = field(default_factory=dict)

    @property
    def records_per_second(self) -> float:
        """Of the rates before and after the transformations, the larger one: each record counts once."""
        return max(self.rates.values(), default=0.0)


def from_exposition(text: str) -> tuple[TaskRates, ...]:
    """The tasks of a worker from the page of its Prometheus agent (text format)."""
    tasks: dict[tuple[str, str, str], dict[str, float]] = {}
    count: float | None = None
    for line in text.split("\n"):
        # A page can have a hundred thousand lines, of which few are of interest.
        sample = _SAMPLE.match(line) if "_record_" in line or "_task_count" in line else None
        if sample is None:
            continue
        value = _number(sample["value"], sample["name"])
        rate = sample["rate"].replace("_", "-")
        if rate not in RATES:
            count = max(value, count or 0.0)
            continue
        labels = {name: _unescaped(value) for name, value in _LABEL.findall(sample["labels"] or "")}
        connector, task = _unquoted(labels.get("connector", "")), labels.get("task", "")
        # Where the rules leave out which task it is, whatever else tells the samples apart.
        key = (connector, task, "" if connector and task else sample["labels"] or "")
        rates = tasks.setdefault(key, {})
        rates[rate] = max(value, rates.get(rate, 0.0))
    return _complete([TaskRates(connector, task, rates) for (connector, task, _labels), rates in tasks.items()], count)


def jolokia_request() -> list[dict[str, Any]]:
    """The body of a bulk read of all that from_jolokia needs."""
    beans: dict[str, list[str]] = {}
    for rate, kind in RATES.items():
        beans.setdefault(kind, []).append(rate)
    reads: list[dict[str, Any]] = [
        {"type": "read", "mbean": f"kafka.connect:type={kind},*", "attribute": attributes}
        for kind, attributes in beans.items()
    ]
    return [*reads, {"type": "read", "mbean": _WORKER, "attribute": "task-count"}]


def from_jolokia(body: Any) -> tuple[TaskRates, ...]:
    """The tasks of a worker from Jolokia's answer to jolokia_request."""
    if not isinstance(body, list) or len(body) != len(jolokia_request()) or not all(isinstance(x, dict) for x in body):
        raise UnreadableError(f"this is no answer of Jolokia to a bulk request: {str(body)[:100]}")
    *reads, worker = body
    tasks = []
    for answer in reads:
        if answer.get("status") == 404 and "InstanceNotFound" in str(answer.get("error_type")):
            continue  # The worker runs no task of that kind; the number of all of them is compared below.
        beans = _jolokia_value(answer)
        if not isinstance(beans, dict):
            raise UnreadableError(f"Jolokia tells no MBeans by their names: {str(beans)[:100]}")
        tasks += [_bean(name, attributes) for name, attributes in beans.items()]
    return _complete(tasks, _number(_jolokia_value(worker), "task-count"))


def _bean(name: str, attributes: Any) -> TaskRates:
    properties = dict(_PROPERTY.findall(name.partition(":")[2]))
    if not isinstance(attributes, dict):
        raise UnreadableError(f"Jolokia tells no attributes of {name}: {str(attributes)[:100]}")
    rates = {rate: _number(value, rate) for rate, value in attributes.items() if rate in RATES}
    return TaskRates(_unquoted(properties.get("connector", "")), properties.get("task", ""), rates)


def _jolokia_value(answer: Mapping[str, Any]) -> Any:
    if answer.get("status") != 200:
        raise UnreadableError(f"Jolokia answers {answer.get('status')}: {str(answer.get('error', ''))[:200]}")
    return answer.get("value")


def _complete(tasks: Sequence[TaskRates], count: float | None) -> tuple[TaskRates, ...]:
    """The tasks, if they are as many as the worker says to have: rules and policies can hide them."""
    if count is None and not tasks:
        raise UnreadableError("no metric of Kafka Connect's tasks or workers is there: is this a worker's own agent?")
    measured = [task for task in tasks if task.rates]
    if count is not None and len(measured) < count:
        raise UnreadableError(
            f"the worker has {count:g} tasks and rates of {len(measured)} of them are there: do the agent's rules "
            "leave them out?"
        )
    return tuple(measured)


# A Prometheus server


@dataclass(frozen=True)
class Series:
    """The values that a query had, all its series added up: `values` by time in seconds, in order."""

    values: tuple[tuple[float, float], ...]
    lowest: float
    warnings: tuple[str, ...] = ()

    @property
    def last(self) -> float:
        return self.values[-1][1]


def from_prometheus(body: Any, moments: int = 1) -> Series:
    """The values of an answer of /api/v1/query or /api/v1/query_range. Each series must have one at all `moments`."""
    data = body.get("data") if isinstance(body, dict) and body.get("status") == "success" else None
    if not isinstance(data, dict):
        raise UnreadableError(f"this is no answer of a Prometheus server: {str(body)[:100]}")
    sums: dict[float, float] = {}
    lowest = math.inf
    found = _series(data)
    if not found:
        raise UnreadableError("the query has no value: are its metric and labels there?")
    for points in found:
        for moment, value in points:
            sums[moment] = sums.get(moment, 0.0) + value
            lowest = min(lowest, value)
        if len(points) < moments:
            raise UnreadableError(
                f"{moments - len(points)} of {moments} values are missing in that time: a worker was not there, or its "
                "agent was not read"
            )
    warnings = body.get("warnings")
    said = tuple(one_line(str(text))[:200] for text in warnings) if isinstance(warnings, list) else ()
    return Series(tuple(sorted(sums.items())), lowest, said)


def _series(data: Mapping[str, Any]) -> list[list[tuple[float, float]]]:
    kind, result = data.get("resultType"), data.get("result")
    try:
        if kind == "scalar":
            return [[_point(result)]]
        if kind == "vector" and isinstance(result, list):
            return [[_point(entry["value"])] for entry in result]
        if kind == "matrix" and isinstance(result, list):
            return [[_point(point) for point in entry["values"]] for entry in result]
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableError(f"the answer holds something that is no value: {str(result)[:100]}") from error
    raise UnreadableError(f"the query gives a {kind}: it has to give a number, or one for each series")


def _point(pair: Any) -> tuple[float, float]:
    moment, value = pair
    return float(moment), _number(value, "a value")


# Numbers and names


def _number(value: Any, name: str) -> float:
    """A number that counts something: NaN, infinity and the like tell nothing, though Prometheus can say them."""
    try:
        number = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not abs(number) < BEYOND_ALL:
        raise UnreadableError(f"{name} is {str(value)[:40]}, which is no number")
    return number


def _unescaped(value: str) -> str:
    r"""A label's value without the backslashes of the text format (\\, \" and \n)."""
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], value, flags=re.DOTALL)


def _unquoted(value: str) -> str:
    r"""A connector's name as it is: JMX quotes those with special characters (ObjectName.quote)."""
    if len(value) >= 2 and value[0] == value[-1] == '"':
        return _unescaped(value[1:-1])
    return value


def task_names(tasks: Iterable[TaskRates]) -> frozenset[tuple[str, str]]:
    """(connector, number) of the tasks whose names are told."""
    return frozenset((task.connector, task.task) for task in tasks if task.connector and task.task)
