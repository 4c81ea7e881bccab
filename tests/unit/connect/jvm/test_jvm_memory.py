# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The heap of a worker in the answers of its agents, and what is concluded from it."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.health.causes import link
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.health.memory_findings import (
    memory_entries,
    memory_findings,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.health.model import (
    HealthFinding,
    HealthSnapshot,
    WorkerHealth,
    about_workers,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.jvm.memory import (
    JvmMemory,
    memory_in_beans,
    memory_in_page,
    memory_request,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.jvm.read import (
    AgentReading,
    WorkerMemory,
    worker_memory,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.traffic.task_rates import UnreadableError

PAGE = """\
# HELP jvm_gc_collection_seconds Time spent in a given JVM garbage collector in seconds.
jvm_gc_collection_seconds_count{gc="G1 Young Generation"} 10
jvm_gc_collection_seconds_sum{gc="G1 Young Generation"} 1.5
jvm_gc_collection_seconds_sum{gc="G1 Old Generation"} 0.5
jvm_gc_collection_seconds_sum{gc="G1 Concurrent GC"} 100.0
jvm_memory_pool_collection_used_bytes{pool="G1 Eden Space"} 0.0
jvm_memory_pool_collection_used_bytes{pool="G1 Old Gen"} 4.0E8
jvm_memory_pool_collection_max_bytes{pool="G1 Eden Space"} -1.0
jvm_memory_pool_collection_max_bytes{pool="G1 Old Gen"} 5.0E8
process_start_time_seconds 1000.0
kafka_connect_worker_task_count 3.0
"""
URL = "http://connect-1.example.com:9404"


def beans(**changes: Any) -> list[dict[str, Any]]:
    pools = {
        'java.lang:name="Tenured Gen",type=MemoryPool': {"CollectionUsage": {"used": 90, "max": 100}},
        "java.lang:name=Metaspace,type=MemoryPool": {"CollectionUsage": None},
    }
    collectors = {"java.lang:name=MarkSweepCompact,type=GarbageCollector": {"CollectionTime": 2000}}
    answers: dict[str, Any] = {"pools": pools, "collectors": collectors, "uptime": 10_000, **changes}
    return [{"status": 200, "value": answers[name]} for name in ("pools", "collectors", "uptime")]


def test_the_page_of_a_prometheus_agent_is_read() -> None:
    found = memory_in_page(PAGE, now=1100.0)
    assert found == JvmMemory("G1 Old Gen", 4e8, 5e8, 2.0, 100.0)
    assert found.share == pytest.approx(0.8)


def test_the_beans_of_jolokia_are_read() -> None:
    assert memory_in_beans(beans()) == JvmMemory("Tenured Gen", 90, 100, 2.0, 10.0)
    assert len(memory_request()) == 3


def test_a_start_in_the_future_is_no_uptime() -> None:
    assert memory_in_page(PAGE, now=900.0).uptime is None


@pytest.mark.parametrize("text", ["", "up 1\n", PAGE.replace("Old Gen", "Other")])
def test_a_page_without_the_heap_is_unreadable(text: str) -> None:
    with pytest.raises(UnreadableError, match="no metrics of the heap"):
        memory_in_page(text, now=1100.0)


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        [{}, {}, {}],
        beans(pools=[]),
        beans(pools={}),
        [{"status": 403, "error": "denied"}, *beans()[1:]],
        beans(uptime="soon"),
    ],
)
def test_other_answers_of_jolokia_are_unreadable(body: Any) -> None:
    with pytest.raises(UnreadableError):
        memory_in_beans(body)


_ANY = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=20,
)


@given(_ANY | st.lists(st.fixed_dictionaries({"status": st.just(200), "value": _ANY}), min_size=3, max_size=3))
def test_any_answer_is_read_or_unreadable(body: Any) -> None:
    with contextlib.suppress(UnreadableError):
        memory_in_beans(body)


@given(st.text())
def test_any_page_is_read_or_unreadable(text: str) -> None:
    with contextlib.suppress(UnreadableError):
        memory_in_page(text + PAGE[: len(text) * 10], now=1100.0)


def reading(at: float, paused: float, uptime: float | None = 1000.0) -> AgentReading:
    return AgentReading(at, JvmMemory("Old Gen", 95, 100, paused, uptime))


def test_the_share_of_pauses_is_that_of_the_observation() -> None:
    found = worker_memory(URL, reading(0, 10), reading(20, 15))
    assert (found.paused_share, found.seconds) == (0.25, 20)


def test_without_an_observation_it_is_that_since_the_start() -> None:
    assert worker_memory(URL, None, reading(0, 10)).paused_share == 0.01
    assert worker_memory(URL, None, reading(0, 10, None)).paused_share is None


def test_a_worker_that_was_restarted_counts_from_its_start() -> None:
    assert worker_memory(URL, reading(0, 50), reading(20, 10)).paused_share == 0.01


def test_a_full_heap_explains_the_pauses_and_both_explain_rebalances() -> None:
    snapshot = HealthSnapshot(workers=(WorkerHealth("http://connect-1.example.com:8083"),))
    memory = [WorkerMemory(URL, JvmMemory("Old Gen", 95 * 2**20, 100 * 2**20, 0), 0.5, 30.0)]
    found = list(memory_findings(snapshot, memory))
    storm = HealthFinding(
        "rebalancing_repeatedly", "warning", "group g", "…", about=about_workers(["connect-1.example.com:8083"])
    )
    linked = {one.kind: one for one in link([*found, storm])}
    assert linked["long_pauses"].caused_by == (linked["heap_nearly_full"].id,)
    assert linked["rebalancing_repeatedly"].caused_by == (linked["long_pauses"].id,)
    assert "95% of the heap" in found[0].message
    assert "for 50% of the time (of 30 s)" in found[1].message


def test_two_workers_on_one_host_are_not_confused() -> None:
    workers = tuple(WorkerHealth(f"http://connect-1.example.com:{port}") for port in (8083, 8084))
    memory = [WorkerMemory(URL, problem="connection refused")]
    (finding,) = memory_findings(HealthSnapshot(workers=workers), memory)
    assert (finding.kind, finding.severity, finding.about) == ("metrics_unreadable", "info", frozenset())
    assert memory_entries(memory)[0]["used"] is None
