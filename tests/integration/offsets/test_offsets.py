# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""connector_offsets on a real cluster: forms of offsets, killed workers, concurrent runs, and a group that others use."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from confluent_kafka import Consumer

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.offsets import ensure, write

from .conftest import RECORDS, Result, Sinks, wait_for


def test_brokers_translate_times_and_ends_and_the_records_come_again(sinks: Sinks) -> None:
    name = sinks.create()
    # 90 minutes after the first record, which is about the 90th of 100 minutes.
    result = sinks.run(name, offsets=[{"topic": name, "offset": "2026-09-21T15:43:20Z"}])
    (change,) = result["changes"]
    assert (change["after"], change["read_again"]) == ({"kafka_offset": 90}, 10)
    wait_for(lambda: len(sinks.lines(name)) == RECORDS + 10)
    assert sinks.lines(name)[RECORDS:] == [f"record {number}" for number in range(90, RECORDS)]
    wait_for(lambda: sinks.offset(name) == RECORDS)

    assert sinks.run(name, offsets=[{"topic": name, "offset": "latest"}])["changed"] is False
    back = sinks.run(name, from_backup=result["before"] | {"run_state": "stopped"})
    assert (back["standing"]["run_state"], sinks.states(name)) == ("stopped", ["STOPPED"])
    again = sinks.run(name, offsets=[{"topic": name, "offset": "earliest"}])
    assert (again["changes"][0]["read_again"], sinks.offset(name)) == (RECORDS, 0)
    assert sinks.run(name, offsets=[{"topic": name, "offset": 0}])["changed"] is False
    assert sinks.run(name, state="absent")["changes"][0]["after"] is None
    assert (sinks.offset(name), sinks.states(name)) == (None, ["STOPPED"])


Moment = Callable[[pytest.MonkeyPatch, Callable[[], None]], None]


def while_it_stops(patched: pytest.MonkeyPatch, strike: Callable[[], None]) -> None:
    _before(patched, "write_change", strike)


def before_the_write(patched: pytest.MonkeyPatch, strike: Callable[[], None]) -> None:
    _before(patched, "write_offsets", strike)


def before_the_resume(patched: pytest.MonkeyPatch, strike: Callable[[], None]) -> None:
    _before(patched, "read_back", strike)


def _before(patched: pytest.MonkeyPatch, step: str, strike: Callable[[], None]) -> None:
    """Strike once, before the first call of this step of the run."""
    original = getattr(ensure, step)
    left = [strike]

    def struck(*arguments: Any) -> Any:
        if left:
            left.pop()()
        return original(*arguments)

    patched.setattr(ensure, step, struck)


@pytest.mark.parametrize(
    "moment",
    [
        pytest.param(while_it_stops, marks=pytest.mark.deep),
        before_the_write,
        pytest.param(before_the_resume, marks=pytest.mark.deep),
    ],
)
def test_a_worker_that_is_killed_on_the_way_costs_time_only(
    sinks: Sinks, monkeypatch: pytest.MonkeyPatch, moment: Moment
) -> None:
    """The killed worker runs the sink: its consumer stays in the group until its session ends."""
    name = sinks.create(**{"consumer.override.session.timeout.ms": "8000"})
    victim = sinks.worker_of(name)
    moment(monkeypatch, lambda: sinks.sandbox.kill(victim))
    result = sinks.run(name, offsets=[{"topic": name, "offset": "-5"}])
    assert (result.get("failed", False), result["standing"]) == (
        False,
        {"offsets": "changed", "run_state": "running"},
    ), result["msg"]
    assert sinks.states(name) == ["RUNNING", "RUNNING"]
    wait_for(lambda: sinks.offset(name) == RECORDS)
    assert sinks.lines(name)[RECORDS:] == [f"record {number}" for number in range(RECORDS - 5, RECORDS)]


def test_of_two_runs_at_once_none_leaves_the_connector_stopped(sinks: Sinks) -> None:
    name = sinks.create()
    results: dict[int, Result] = {}

    def run(offset: int) -> None:
        results[offset] = sinks.run(name, offsets=[{"topic": name, "offset": offset}])

    threads = [threading.Thread(target=run, args=(offset,)) for offset in (10, 20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    failed = [result["error"]["kind"] for result in results.values() if result.get("failed")]
    assert len(failed) < 2
    assert set(failed) <= {"drift"}
    wait_for(lambda: sinks.states(name) == ["RUNNING", "RUNNING"])
    wait_for(lambda: sinks.offset(name) == RECORDS)
    succeeded = [offset for offset, result in results.items() if not result.get("failed")]
    assert any(f"record {offset}" in sinks.lines(name)[RECORDS:] for offset in succeeded)


def test_a_consumer_that_uses_the_group_is_named_and_the_sink_runs_on(
    sinks: Sinks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write, "GROUP_LEAVES", 3.0)
    name = sinks.create()
    other = Consumer(
        {
            "bootstrap.servers": sinks.sandbox.bootstrap_servers,
            "group.id": f"connect-{name}",
            "client.id": "somewhere-else",
            "enable.auto.commit": False,
        }
    )
    other.subscribe([name])
    ended = threading.Event()

    def poll() -> None:
        while not ended.is_set():
            other.poll(0.1)

    polling = threading.Thread(target=poll)
    polling.start()
    try:
        wait_for(lambda: len(sinks.members(name)) == 2)
        result = sinks.run(name, offsets=[{"topic": name, "offset": 5}])
    finally:
        ended.set()
        polling.join()
        other.close()
    assert (result["failed"], result["error"]["kind"]) == (True, "group_active")
    assert "its members: somewhere-else on 127.0.0.1" in result["msg"]
    assert result["standing"] == {"offsets": "unchanged", "run_state": "running"}
    assert sinks.states(name) == ["RUNNING", "RUNNING"]
