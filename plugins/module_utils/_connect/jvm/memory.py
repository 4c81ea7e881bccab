# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Heap and garbage collection in the metrics of an agent: the page of a Prometheus agent, or MBeans through Jolokia. Pure.

The heap counts after a garbage collection, in the pool of long-lived objects: before one, it is full in every JVM.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..traffic.task_rates import UnreadableError, read_number, unescape, unquote

_SAMPLE = re.compile(
    r"(?P<name>jvm_memory_pool_collection_used_bytes|jvm_memory_pool_collection_max_bytes|jvm_gc_collection_seconds_sum"
    r"|process_start_time_seconds)(?:\{(?P<labels>[^}]*)\})?[ \t]+(?P<value>\S+)"
)
_LABEL = re.compile(r'(?:pool|gc)="((?:[^"\\]|\\.)*)"')
_LONG_LIVED = ("Old Gen", "Tenured Gen", "Old Generation", "Shenandoah")
"""Ends of the names that HotSpot gives to the pools of long-lived objects."""
_CONCURRENT = ("Concurrent", "Cycles")
"""In the names of collectors that work while the application runs."""
_MEMORY, _COLLECTOR = "java.lang:type=MemoryPool", "java.lang:type=GarbageCollector"


@dataclass(frozen=True)
class JvmMemory:
    """`used`: bytes of long-lived objects after the last garbage collection of them, of at most `maximum`; `paused`: seconds for which
    garbage collection has stopped the JVM since its start; `uptime`: seconds, None if unknown.
    """

    pool: str
    used: float
    maximum: float
    paused: float
    uptime: float | None = None

    @property
    def share(self) -> float:
        """The part of the pool that is in use, from 0 to 1."""
        return self.used / self.maximum


def memory_in_page(text: str, now: float) -> JvmMemory:
    """What a Prometheus agent shows. `now`: seconds since 1970. Raises UnreadableError."""
    used: dict[str, float] = {}
    maximum: dict[str, float] = {}
    paused: dict[str, float] = {}
    started: float | None = None
    for line in text.split("\n"):
        sample = _SAMPLE.match(line) if line.startswith(("jvm_", "process_start")) else None
        if sample is None:
            continue
        value = read_number(sample["value"], sample["name"])
        label = _LABEL.search(sample["labels"] or "")
        name = unescape(label[1]) if label else ""
        if sample["name"] == "process_start_time_seconds":
            started = value
        elif sample["name"].endswith("_used_bytes"):
            used[name] = value
        elif sample["name"].endswith("_max_bytes"):
            maximum[name] = value
        else:
            paused[name] = value
    uptime = None if started is None or started >= now else now - started
    return _memory(used, maximum, paused, uptime)


def memory_request() -> list[dict[str, Any]]:
    """The body of one bulk request to Jolokia for everything that memory_in_beans needs."""
    return [
        {"type": "read", "mbean": f"{_MEMORY},*", "attribute": ["CollectionUsage"]},
        {"type": "read", "mbean": f"{_COLLECTOR},*", "attribute": ["CollectionTime"]},
        {"type": "read", "mbean": "java.lang:type=Runtime", "attribute": "Uptime"},
    ]


def memory_in_beans(body: Any) -> JvmMemory:
    """What Jolokia answers to memory_request. Raises UnreadableError."""
    if not isinstance(body, list) or len(body) != len(memory_request()) or not all(isinstance(x, dict) for x in body):
        raise UnreadableError(f"not an answer of Jolokia to a bulk request: {str(body)[:100]}")
    pools, collectors, runtime = body
    used: dict[str, float] = {}
    maximum: dict[str, float] = {}
    for name, attributes in _beans(pools):
        usage = attributes.get("CollectionUsage")
        # A pool that no collector cleans has none.
        if isinstance(usage, Mapping):
            used[name] = read_number(usage.get("used"), "used")
            maximum[name] = read_number(usage.get("max"), "max")
    paused = {
        name: read_number(attributes.get("CollectionTime"), "CollectionTime") / 1000
        for name, attributes in _beans(collectors)
    }
    value = runtime.get("value")
    uptime = read_number(value, "Uptime") / 1000 if runtime.get("status") == 200 else None
    return _memory(used, maximum, paused, uptime)


def _beans(answer: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    value = answer.get("value")
    if answer.get("status") != 200 or not isinstance(value, Mapping):
        raise UnreadableError(f"Jolokia answers {answer.get('status')}: {str(answer.get('error', ''))[:200]}")
    for bean, attributes in value.items():
        match = re.search(r"[:,]name=([^,]*)", str(bean))
        if match is not None and isinstance(attributes, Mapping):
            yield unquote(match[1]), attributes


def _memory(
    used: Mapping[str, float], maximum: Mapping[str, float], paused: Mapping[str, float], uptime: float | None
) -> JvmMemory:
    pool = next((name for name in sorted(used) if name.endswith(_LONG_LIVED) and maximum.get(name, 0) > 0), None)
    if pool is None:
        raise UnreadableError("no metrics of the heap after garbage collection: check that this is an agent of a JVM")
    stops = sum(value for name, value in paused.items() if not any(part in name for part in _CONCURRENT))
    return JvmMemory(pool, used[pool], maximum[pool], stops, uptime)
