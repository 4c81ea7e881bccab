# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads a worker's MBeans through Jolokia: the request, and the tasks in its answer. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .task_rates import RATES, TaskRates, UnreadableError, complete, read_number, unquote

_WORKER = "kafka.connect:type=connect-worker-metrics"
_PROPERTY = re.compile(r'(?<![^=,:])([^=,:]+)=("(?:[^"\\]|\\.)*"|[^,]*)')


def jolokia_request() -> list[dict[str, Any]]:
    """The body of one bulk request for everything that from_jolokia needs."""
    beans: dict[str, list[str]] = {}
    for rate, kind in RATES.items():
        beans.setdefault(kind, []).append(rate)
    reads: list[dict[str, Any]] = [
        {"type": "read", "mbean": f"kafka.connect:type={kind},*", "attribute": attributes}
        for kind, attributes in beans.items()
    ]
    return [*reads, {"type": "read", "mbean": _WORKER, "attribute": "task-count"}]


def from_jolokia(body: Any) -> tuple[TaskRates, ...]:
    """The tasks of a worker from Jolokia's answer to jolokia_request. Raises UnreadableError."""
    if not isinstance(body, list) or len(body) != len(jolokia_request()) or not all(isinstance(x, dict) for x in body):
        raise UnreadableError(f"not an answer of Jolokia to a bulk request: {str(body)[:100]}")
    *reads, worker = body
    tasks = []
    for answer in reads:
        if answer.get("status") == 404 and "InstanceNotFound" in str(answer.get("error_type")):
            continue  # The worker runs no task of that kind; `complete` compares the total.
        beans = _value(answer)
        if not isinstance(beans, dict):
            raise UnreadableError(f"Jolokia returns no MBeans by name: {str(beans)[:100]}")
        tasks += [_bean(name, attributes) for name, attributes in beans.items()]
    return complete(tasks, read_number(_value(worker), "task-count"))


def _bean(name: str, attributes: Any) -> TaskRates:
    properties = dict(_PROPERTY.findall(name.partition(":")[2]))
    if not isinstance(attributes, dict):
        raise UnreadableError(f"Jolokia returns no attributes of {name}: {str(attributes)[:100]}")
    rates = {rate: read_number(value, rate) for rate, value in attributes.items() if rate in RATES}
    return TaskRates(unquote(properties.get("connector", "")), properties.get("task", ""), rates)


def _value(answer: Mapping[str, Any]) -> Any:
    if answer.get("status") != 200:
        raise UnreadableError(f"Jolokia answers {answer.get('status')}: {str(answer.get('error', ''))[:200]}")
    return answer.get("value")
