# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What compaction removes is named, and nothing is guessed: random histories, compacted as Kafka's log cleaner does it."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.history.as_of import (
    StateThen,
    state_at,
    unknown_configs,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.history.events import events_of
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.history.model import Event, Window
from tests.unit.connect.history_support import START, ConfigLog, StatusLog, read

NAMES = ("a", "b", "c")
FOREVER = Window(0, 2**53)

STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["put", "put", "delete", "pause", "resume", "tasks", "key", "other", "running", "failed", "gone"]
        ),
        st.sampled_from(NAMES),
        st.integers(0, 3),
    ),
    max_size=40,
)


@dataclass
class Truth:
    """The state after each second, from the whole log."""

    configs: dict[str, Mapping[str, str]] = field(default_factory=dict)
    targets: dict[str, str] = field(default_factory=dict)
    statuses: dict[str, str] = field(default_factory=dict)


def write(steps: list[tuple[str, str, int]], *, transactional: bool) -> tuple[ConfigLog, StatusLog, list[Truth]]:
    """One step each second; `truths[n]` is the state at second n."""
    config, status = ConfigLog("connect-configs"), StatusLog("connect-status", 2)
    truth = Truth()
    truths: list[Truth] = []
    for second, (step, name, number) in enumerate(steps):
        config.second = status.second = second
        if step == "put":
            truth.configs[name] = {"name": name, "number": str(number), "second": str(second)}
            config.put(name, truth.configs[name])
        elif step == "delete" and name in truth.configs:
            del truth.configs[name]
            truth.targets.pop(name, None)
            config.delete(name)
        elif step in ("pause", "resume") and name in truth.configs:
            truth.targets[name] = "PAUSED" if step == "pause" else "RUNNING"
            config.target(name, "PAUSED" if step == "pause" else "STARTED")
        elif step == "tasks" and name in truth.configs:
            config.tasks(name, number)
        elif step == "key":
            config.session_key()
        elif step in ("running", "failed"):
            truth.statuses[name] = step.upper()
            status.status(name, step.upper())
        elif step == "gone":
            truth.statuses.pop(name, None)
            status.gone(name)
        if transactional and config.records and config.records[-1].time == config.now:
            config.mark()
        truths.append(deepcopy(truth))
    return config, status, truths


def compact(log: ConfigLog | StatusLog, rounds: list[tuple[int, bool]]) -> None:
    """Each round cleans further than the one before."""
    for before, tombstones in sorted(rounds):
        log.compact(min(before, max(log.ends.values(), default=0) - 1), tombstones=tombstones)


ROUNDS = st.lists(st.tuples(st.integers(0, 90), st.booleans()), max_size=3)


@given(STEPS, ROUNDS, ROUNDS, st.booleans(), st.integers(0, 45))
def test_a_past_state_is_right_or_named_as_unknown(
    steps: list[tuple[str, str, int]],
    config_rounds: list[tuple[int, bool]],
    status_rounds: list[tuple[int, bool]],
    transactional: bool,
    second: int,
) -> None:
    config, status, truths = write(steps, transactional=transactional)
    if not truths:
        return
    second = min(second, len(truths) - 1)
    truth = truths[second]
    compact(config, config_rounds)
    compact(status, status_rounds)
    found = read(config, status)
    then = state_at(found.history, START + 1000 * second)

    unknown = {(one.connector, one.what) for one in then.compacted}
    known = {one.name: one for one in then.connectors if one.config is not None}
    assert {name: one.config for name, one in known.items()}.items() <= truth.configs.items()
    complete = found.config_topic.complete_since
    for name, one in known.items():
        assert one.target_state == truth.targets.get(name, "RUNNING") or (name, "target_state") in unknown
        if one.status is not None:
            assert one.status.state == truth.statuses[name]
        elif name in truth.statuses:
            assert (name, "state") in unknown or found.status_topic is not None
            assert found.status_topic is not None
            assert found.status_topic.complete_since is not None
    if complete is None or START + 1000 * second >= complete:
        assert known.keys() == truth.configs.keys()
        assert not {name for name, what in unknown if what == "config"}
    left = {
        record.key.decode().removeprefix("connector-")
        for record in config.records
        if record.key and record.key.startswith(b"connector-")
    }
    for name in truth.configs.keys() - known.keys():
        assert (name, "config") in unknown or name not in left


@given(STEPS, ROUNDS, st.booleans())
def test_an_event_says_created_only_if_there_was_nothing_before(
    steps: list[tuple[str, str, int]], rounds: list[tuple[int, bool]], transactional: bool
) -> None:
    config, status, truths = write(steps, transactional=transactional)
    compact(config, rounds)
    history = read(config, status).history
    for event in events_of(history, FOREVER):
        second = (event.time - START) // 1000
        before = truths[second - 1] if second else Truth()
        if event.kind == "config_created":
            assert event.connector not in before.configs
        if event.kind in ("config_changed", "config_deleted") and event.before is not None:
            assert event.before == before.configs[event.connector]
        if event.kind == "target_state_changed" and event.previous_state:
            assert event.previous_state == before.targets.get(event.connector, "RUNNING")


@given(STEPS, st.booleans())
def test_a_log_without_compaction_is_fully_known(steps: list[tuple[str, str, int]], transactional: bool) -> None:
    config, status, truths = write(steps, transactional=transactional)
    found = read(config, status)
    if not transactional or len(truths) < 2:
        assert found.config_topic.complete_since is None
    assert unknown_configs(found.history) == ()
    events = list(events_of(found.history, FOREVER))
    assert not [event for event in events if event.kind == "compacted"]
    assert events == sorted(events, key=lambda event: event.time)


def kinds(events: list[Event]) -> list[str]:
    return [event.kind for event in events]


def test_the_first_configuration_after_a_gap_may_be_a_change() -> None:
    config, status = ConfigLog("connect-configs"), StatusLog("connect-status")
    config.put("orders", {"tasks.max": "1"})
    config.put("orders", {"tasks.max": "2"})
    config.put("payments", {"tasks.max": "1"})
    config.compact(2)
    found = read(config, status)
    assert kinds(list(events_of(found.history, FOREVER))) == ["compacted", "compacted"]
    assert [one.connector for one in unknown_configs(found.history)] == ["orders", "payments"]


def test_after_a_repeated_key_nothing_is_missing() -> None:
    """Leaders write a session key each hour, so nearly the whole part that is not compacted is known to be complete."""
    config, status = ConfigLog("connect-configs"), StatusLog("connect-status")
    config.put("orders", {"tasks.max": "1"})
    config.put("orders", {"tasks.max": "2"})
    config.session_key()
    config.compact(3)
    config.second = 3600
    config.session_key()
    config.second = 3700
    config.put("payments", {"tasks.max": "1"})
    found = read(config, status)
    assert kinds(list(events_of(found.history, FOREVER))) == ["compacted", "config_created"]
    assert found.config_topic.complete_since == START
    assert unknown_configs(found.history)[0].connector == "orders"


def test_markers_of_transactions_are_no_gaps() -> None:
    config, status = ConfigLog("connect-configs"), StatusLog("connect-status")
    for name in ("orders", "payments"):
        config.put(name, {"tasks.max": "1"})
        config.mark()
    found = read(config, status)
    assert kinds(list(events_of(found.history, FOREVER))) == ["config_created", "config_created"]
    assert found.config_topic.complete_since is None


def test_records_that_were_deleted_from_the_beginning_make_everything_before_unknown() -> None:
    config, status = ConfigLog("connect-configs"), StatusLog("connect-status")
    config.put("orders", {"tasks.max": "1"})
    config.put("payments", {"tasks.max": "1"})
    config.records, config.low = config.records[1:], 1
    found = read(config, status)
    assert kinds(list(events_of(found.history, FOREVER))) == ["compacted"]
    assert found.config_topic.complete_since == START


@pytest.fixture
def aged() -> tuple[ConfigLog, StatusLog]:
    """`orders` ran at second 10, was deleted at 20, and compaction has also removed the tombstone."""
    config, status = ConfigLog("connect-configs"), StatusLog("connect-status")
    config.second = status.second = 10
    config.put("orders", {"tasks.max": "1"})
    config.tasks("orders", 1)
    status.status("orders", "RUNNING")
    config.second = 20
    config.delete("orders")
    config.second = 30
    config.put("payments", {"tasks.max": "1"})
    config.compact(6, tombstones=True)
    config.second = 40
    config.put("payments", {"tasks.max": "2"})
    return config, status


def at(logs: tuple[ConfigLog, StatusLog], second: int) -> StateThen:
    return state_at(read(*logs).history, START + 1000 * second)


def test_a_connector_of_which_only_a_state_is_left_has_no_configuration(aged: tuple[ConfigLog, StatusLog]) -> None:
    then = at(aged, 15)
    assert [(one.name, one.config, one.target_state, one.tasks) for one in then.connectors] == [("orders", None, "", 1)]
    assert then.compacted[0] == ("orders", "config", None)


def test_a_connector_that_was_deleted_before_is_not_unknown(aged: tuple[ConfigLog, StatusLog]) -> None:
    then = at(aged, 45)
    assert [(one.name, one.config) for one in then.connectors] == [("payments", {"tasks.max": "2"})]
    assert then.compacted == ()


def test_a_connector_that_was_created_again_may_have_existed_before(aged: tuple[ConfigLog, StatusLog]) -> None:
    """Its new configuration is certainly the first one since the deletion, which says nothing about the time before it."""
    config, status = aged
    config.second = 50
    config.put("orders", {"tasks.max": "7"})
    assert at(aged, 15).compacted[0] == ("orders", "config", START + 50_000)
    assert at(aged, 45).compacted == ()
    assert [event.kind for event in events_of(read(config, status).history, Window(START + 50_000, 2**53))] == [
        "config_created"
    ]
