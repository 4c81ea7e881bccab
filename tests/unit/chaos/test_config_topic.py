# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Records of the config topic, as workers write them."""

from __future__ import annotations

import json

import pytest

from testing.chaos.config_topic import Record, Stored, decode, stored_after


def record(key: str, value: object) -> Record:
    return decode(7, 1.5, key.encode(), None if value is None else json.dumps(value).encode())


def test_a_connector_and_its_tombstone_are_decoded() -> None:
    written = record("connector-a-b", {"properties": {"name": "a-b"}})
    assert (written.kind, written.connector, written.properties) == ("connector", "a-b", {"name": "a-b"})
    assert (written.offset, written.timestamp) == (7, 1.5)
    assert record("connector-a-b", None).properties is None


def test_the_task_number_follows_the_last_dash() -> None:
    written = record("task-a-1-0", {"properties": {"task.class": "T"}})
    assert (written.kind, written.connector, written.task) == ("task", "a-1", 0)


@pytest.mark.parametrize(
    ("value", "state"),
    [
        ({"state": "PAUSED", "state.v2": "STOPPED"}, "STOPPED"),
        ({"state": "STARTED"}, "RUNNING"),
        ({"state": "STARTED", "state.v2": "STARTED"}, "RUNNING"),
        ({"state": "PAUSED", "state.v2": "PAUSED"}, "PAUSED"),
        (None, ""),
    ],
)
def test_target_states_use_the_names_of_the_rest_api(value: object, state: str) -> None:
    assert record("target-state-a", value).state == state


def test_other_records_belong_to_no_connector() -> None:
    assert record("session-key", {"key": "c2VjcmV0"}) == Record(7, 1.5, "other")
    assert decode(7, 1.5, None, b"?").kind == "other"


def test_counts_and_restarts_are_distinguished_from_tasks_and_connectors() -> None:
    assert record("commit-a", {"tasks": 2}).kind == "commit"
    assert record("tasks-fencing-a", {"task-count": 2}).connector == "a"
    restart = record("restart-connector-a", {"include-tasks": True, "only-failed": False})
    assert (restart.kind, restart.connector) == ("restart", "a")


def test_a_record_that_is_not_an_object_is_rejected() -> None:
    with pytest.raises(ValueError, match="not a JSON object"):
        record("connector-a", [1])


def test_the_last_record_of_a_key_applies() -> None:
    records = [
        record("connector-a", {"properties": {"k": "1"}}),
        record("target-state-a", {"state": "PAUSED"}),
        record("connector-b", {"properties": {"k": "1"}}),
        record("connector-a", {"properties": {"k": "2"}}),
        record("connector-c", {"properties": {}}),
        record("target-state-c", {"state": "PAUSED"}),
        record("connector-c", None),
        record("target-state-c", None),
    ]
    assert stored_after(records) == {
        "a": Stored({"k": "2"}, "PAUSED"),
        "b": Stored({"k": "1"}, "RUNNING"),
        "c": Stored(None, "RUNNING"),
    }
