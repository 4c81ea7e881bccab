# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads the page of a worker's Prometheus agent (text format). Pure."""

from __future__ import annotations

import re

from .task_rates import RATES, TaskRates, complete, read_number, unescape, unquote

# An agent's rules form the name from domain, type and attribute, each in its own way; the attribute comes last.
_SAMPLE = re.compile(
    r"^(?P<name>(?:[a-zA-Z_:][a-zA-Z0-9_:]*?)?(?P<rate>"
    + "|".join(rate.replace("-", "_") for rate in RATES)
    + r"|worker(?:_metrics)?_task_count))(?:\{(?P<labels>.*)\})?[ \t]+(?P<value>\S+)"
)
_LABEL = re.compile(r'(?<![a-zA-Z0-9_])([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\]|\\.)*)"')


def from_exposition(text: str) -> tuple[TaskRates, ...]:
    """The tasks of a worker. Raises UnreadableError."""
    tasks: dict[tuple[str, str, str], dict[str, float]] = {}
    count: float | None = None
    for line in text.split("\n"):
        # A page can have a hundred thousand lines, of which only a few matter.
        sample = _SAMPLE.match(line) if "_record_" in line or "_task_count" in line else None
        if sample is None:
            continue
        value = read_number(sample["value"], sample["name"])
        rate = sample["rate"].replace("_", "-")
        if rate not in RATES:
            count = max(value, count or 0.0)
            continue
        labels = {name: unescape(value) for name, value in _LABEL.findall(sample["labels"] or "")}
        connector, task = unquote(labels.get("connector", "")), labels.get("task", "")
        # If the rules omit the task's name, the other labels distinguish the samples.
        key = (connector, task, "" if connector and task else sample["labels"] or "")
        rates = tasks.setdefault(key, {})
        rates[rate] = max(value, rates.get(rate, 0.0))
    return complete([TaskRates(connector, task, rates) for (connector, task, _labels), rates in tasks.items()], count)
