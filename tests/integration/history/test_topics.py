# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Topics that the test writes itself: compacted by the broker, written in transactions, and several of the same kind."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

from confluent_kafka import Producer

from testing.sandbox import Sandbox

from .conftest import Result, Told, iso, producer, run_history, topic


def put(target: Producer, name: str, connector: str, config: Mapping[str, str] | None) -> None:
    value = None if config is None else json.dumps({"properties": config})
    target.produce(name, key=f"connector-{connector}", value=value)
    assert target.flush(30) == 0


def read(sandbox: Sandbox, name: str, **options: Any) -> Result:
    found = run_history(sandbox, config_topic=name, **options)
    assert not found.get("failed"), found["msg"]
    return found


def test_what_the_broker_has_compacted_is_named(told: Told) -> None:
    """Short segments make the broker clean the topic within seconds."""
    sandbox = told.sandbox
    eager = {"segment_ms": "100", "min_cleanable_dirty_ratio": "0.001", "delete_retention_ms": "0"}
    with topic(sandbox, **eager) as name:
        target = producer(sandbox)
        put(target, name, "orders", {"topic": "first"})
        put(target, name, "deleted", {"topic": "x"})
        time.sleep(0.05)
        before = iso(time.time())
        time.sleep(0.05)
        put(target, name, "orders", {"topic": "second"})
        put(target, name, "deleted", None)
        deadline = time.monotonic() + 120
        while True:
            # A segment is closed by the next record. The active one is never cleaned.
            time.sleep(0.2)
            put(target, name, "other", {"now": iso(time.time())})
            found = read(sandbox, name, as_of=before)
            known = {entry["name"]: entry["config"] for entry in found["connectors"] if entry["config"]}
            # A config that is still there is shown as it was, also while the broker replaces segments.
            assert known.items() <= {"orders": {"topic": "first"}, "deleted": {"topic": "x"}}.items()
            if "orders" not in known:
                break
            assert time.monotonic() < deadline
        assert "orders" in [entry["connector"] for entry in found["compacted"] if entry["what"] == "config"]
        assert found["topics"][0]["complete_since"] > before
        assert any("complete only since" in text for text in found["warnings"])
        kinds = [event["kind"] for event in found["events"] if event.get("connector") == "orders"]
        assert [kind for kind in kinds if kind != "state_changed"] == ["compacted"]


def test_transactions_are_read_when_they_are_committed(told: Told) -> None:
    sandbox = told.sandbox
    with topic(sandbox) as name:
        target = producer(sandbox, transactional_id=name)
        target.init_transactions(30)
        for connector in ("orders", "never", "payments"):
            target.begin_transaction()
            put(target, name, connector, {"topic": connector})
            if connector == "never":
                target.abort_transaction(30)
            else:
                target.commit_transaction(30)
        found = read(sandbox, name)
    created = [
        event["connector"]
        for event in found["events"]
        if event["kind"].startswith("config") or event["kind"] == "compacted"
    ]
    assert created == ["orders", "payments"]


def test_several_config_topics_are_ambiguous(told: Told) -> None:
    with topic(told.sandbox) as name:
        put(producer(told.sandbox), name, "orders", {"topic": "x"})
        found = run_history(told.sandbox, config_topic="", status_topic="")
    assert found["error"]["kind"] == "invalid_input"
    assert f'"connect-configs", "{name}"' in found["msg"]


def test_a_topic_that_does_not_exist_is_named(told: Told) -> None:
    found = run_history(told.sandbox, config_topic="no-such-topic")
    assert found["msg"] == 'topic "no-such-topic" does not exist: correct config_topic, or bootstrap_servers'


def test_a_config_topic_in_place_of_the_status_topic_is_all_malformed(told: Told) -> None:
    with topic(told.sandbox) as name:
        put(producer(told.sandbox), name, "orders", {"topic": "x"})
        found = run_history(told.sandbox, status_topic=name)
    assert found["topics"][1]["malformed"] == {"unknown_key": 1}


def test_a_run_ends_when_its_time_is_used_up(told: Told) -> None:
    found = run_history(told.sandbox, run_timeout=0.001)
    assert found["error"]["kind"] == "cancelled"
