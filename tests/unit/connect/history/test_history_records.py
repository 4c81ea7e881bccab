# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decoding the records of the config topic and of the status topic."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.history.records import (
    NO_TASK,
    ConfigRecord,
    MalformedRecord,
    RestartRecord,
    StatusKey,
    TargetStateRecord,
    TaskCountRecord,
    decode_config,
    decode_status,
    is_of_config_topic,
    is_of_status_topic,
    status_key,
)

NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1) | st.sampled_from(
    ["orders", "a-0", "-", "task-a-1", "connector-a", "x-0-1", "a:connector-b", "ä/ö", " ", "0"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
STATE = {"state": "RUNNING", "trace": None, "worker_id": "w:1", "generation": 3}


def config_record(key: str, value: Any, time: int = 5) -> Any:
    return decode_config(time, 7, key.encode(), None if value is None else json.dumps(value).encode())


@given(
    NAMES,
    st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"]))
    ),
)
def test_a_configuration_keeps_its_name_keys_and_values(name: str, config: dict[str, str]) -> None:
    assert config_record(f"connector-{name}", {"properties": config}) == ConfigRecord(5, 7, name, config)


@given(NAMES)
def test_each_kind_of_record_keeps_its_name(name: str) -> None:
    assert config_record(f"connector-{name}", None) == ConfigRecord(5, 7, name, None)
    assert config_record(f"target-state-{name}", None) == TargetStateRecord(5, 7, name, "")
    assert config_record(f"commit-{name}", {"tasks": 3}) == TaskCountRecord(5, 7, name, 3)
    assert config_record(f"restart-connector-{name}", {"include-tasks": True, "only-failed": False}) == RestartRecord(
        5, 7, name, True, False
    )
    assert status_key(f"status-connector-{name}".encode()) == StatusKey(name, NO_TASK)


@given(NAMES, st.integers(0, 10**8))
def test_the_last_number_of_a_status_is_the_task(name: str, task: int) -> None:
    assert status_key(f"status-task-{name}-{task}".encode()) == StatusKey(name, task)


@pytest.mark.parametrize(
    ("value", "state"),
    [
        ({"state": "STARTED", "state.v2": "STARTED"}, "RUNNING"),
        ({"state": "PAUSED", "state.v2": "STOPPED"}, "STOPPED"),
        ({"state": "PAUSED", "state.v2": "PAUSED"}, "PAUSED"),
        ({"state": "PAUSED"}, "PAUSED"),
    ],
)
def test_a_stopped_connector_is_distinguished_from_a_paused_one(value: dict[str, str], state: str) -> None:
    assert config_record("target-state-orders", value).state == state


@pytest.mark.parametrize("key", ["session-key", "task-orders-0", "tasks-fencing-orders", "logger-cluster-org.apache"])
def test_the_values_of_other_records_are_not_decoded(key: str) -> None:
    assert decode_config(5, 7, key.encode(), b"no JSON") is None


def test_the_use_of_a_topic_is_no_status() -> None:
    assert status_key(b"status-topic-orders:connector-orders-sink") is None


def test_null_is_a_key_that_is_not_set() -> None:
    assert config_record("connector-a", {"properties": {"a": None, "b": "1"}}).config == {"b": "1"}


def test_half_a_character_is_replaced() -> None:
    record = decode_config(5, 7, b"connector-a", b'{"properties":{"a":"x\\ud83d"}}')
    assert isinstance(record, ConfigRecord)
    assert record.config == {"a": "x\ufffd"}


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        (b"connector-\xff", b"{}", "key_is_no_text"),
        (None, b"{}", "unknown_key"),
        (b"connectors-a", b"{}", "unknown_key"),
        (b"connector-", b"{}", "unknown_key"),
        (b"connector-a", b"{", "value_is_no_json"),
        (b"connector-a", b"[" * 100_000, "value_is_no_json"),
        (b"connector-a", b"\xff", "value_is_no_json"),
        (b"connector-a", b"[]", "unexpected_value"),
        (b"connector-a", b"{}", "unexpected_value"),
        (b"connector-a", b'{"properties":{"a":[]}}', "unexpected_value"),
        (b"target-state-a", b'{"state":"DANCING"}', "unexpected_value"),
        (b"target-state-a", b'{"state":[]}', "unexpected_value"),
        (b"commit-a", b'{"tasks":-1}', "unexpected_value"),
        (b"commit-a", b'{"tasks":true}', "unexpected_value"),
        (b"restart-connector-a", b'{"only-failed":1}', "unexpected_value"),
    ],
)
def test_a_malformed_record_of_the_config_topic_is_named(key: bytes | None, value: bytes, reason: str) -> None:
    with pytest.raises(MalformedRecord) as error:
        decode_config(5, 7, key, value)
    assert error.value.reason == reason


@pytest.mark.parametrize(
    "key",
    [b"status-task-a", b"status-task--1", b"status-task-a-b", b"status-task-a-9999999999", b"status-connector-", b"x"],
)
def test_a_malformed_key_of_the_status_topic_is_named(key: bytes) -> None:
    with pytest.raises(MalformedRecord, match="unknown_key"):
        status_key(key)


@pytest.mark.parametrize(
    "change",
    [{"state": ""}, {"state": 1}, {"worker_id": None}, {"trace": 1}, {"generation": "1"}, {"generation": 2**31}],
)
def test_a_malformed_status_is_named(change: dict[str, Any]) -> None:
    with pytest.raises(MalformedRecord, match="unexpected_value"):
        decode_status(5, StatusKey("a", 0), json.dumps({**STATE, **change}).encode())


@pytest.mark.parametrize("time", [-1, 253_402_300_800_000])
def test_a_record_without_a_usable_time_is_malformed(time: int) -> None:
    with pytest.raises(MalformedRecord, match="no_time"):
        config_record("connector-a", None, time)
    with pytest.raises(MalformedRecord, match="no_time"):
        decode_status(time, StatusKey("a", 0), None)


@given(st.binary() | st.sampled_from([b"connector-a", b"target-state-a", b"commit-a", b"restart-connector-a"]), JSON)
def test_any_record_is_decoded_or_malformed(key: bytes, value: Any) -> None:
    data = json.dumps(value).encode()
    with suppress(MalformedRecord):
        decode_config(5, 7, key, data)
    with suppress(MalformedRecord):
        decode_status(5, StatusKey("a", 0), data)
    with suppress(MalformedRecord):
        status_key(key)
    assert not (is_of_config_topic(key) and is_of_status_topic(key))


@given(st.binary())
def test_any_value_is_decoded_or_malformed(value: bytes) -> None:
    for key in (b"connector-a", b"target-state-a", b"commit-a", b"restart-connector-a"):
        with suppress(MalformedRecord):
            decode_config(5, 7, key, value)
    with suppress(MalformedRecord):
        decode_status(5, StatusKey("a", 0), value)
