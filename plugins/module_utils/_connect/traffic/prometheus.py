# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads the answers of a Prometheus server's query API. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import one_line
from .task_rates import UnreadableError, read_number


@dataclass(frozen=True)
class Series:
    """The result of a query, the sum of all its series: `values` by time in seconds, in order; `lowest` is the smallest
    value of a single series.
    """

    values: tuple[tuple[float, float], ...]
    lowest: float
    warnings: tuple[str, ...] = ()

    @property
    def last(self) -> float:
        return self.values[-1][1]


def from_prometheus(body: Any, moments: int = 1) -> Series:
    """The values in an answer of /api/v1/query or /api/v1/query_range. Raises UnreadableError, also if a series lacks a
    value at one of the `moments`.
    """
    data = body.get("data") if isinstance(body, dict) and body.get("status") == "success" else None
    if not isinstance(data, dict):
        raise UnreadableError(f"not an answer of a Prometheus server: {str(body)[:100]}")
    sums: dict[float, float] = {}
    lowest = math.inf
    found = _series(data)
    if not found:
        raise UnreadableError("the query returns no value: check that its metric and labels exist")
    for points in found:
        for moment, value in points:
            sums[moment] = sums.get(moment, 0.0) + value
            lowest = min(lowest, value)
        if len(points) < moments:
            raise UnreadableError(
                f"{moments - len(points)} of {moments} values are missing in that time: a worker was down, or Prometheus "
                "did not scrape its agent"
            )
    warnings = body.get("warnings")
    texts = tuple(one_line(str(text))[:200] for text in warnings) if isinstance(warnings, list) else ()
    return Series(tuple(sorted(sums.items())), lowest, texts)


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
        raise UnreadableError(f"the answer contains an invalid value: {str(result)[:100]}") from error
    raise UnreadableError(f"the query returns a {kind}: it must return a number, or one for each series")


def _point(pair: Any) -> tuple[float, float]:
    moment, value = pair
    return float(moment), read_number(value, "a value")
