# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Creating, changing and deleting connectors."""

from __future__ import annotations

from typing import Any

import pytest

from .client import Connect, await_value, path_of
from .pool import Take


def test_put_creates_with_201_and_a_location(connect: Connect, name: str, source: dict[str, Any]) -> None:
    reply = connect.create(name, source)
    assert reply.status == 201
    assert reply.headers["location"] == f"{connect.urls[0]}/connectors/{name}"
    assert reply.json == {"name": name, "config": {**source, "name": name}, "tasks": [], "type": "source"}


def test_put_updates_with_200_and_returns_the_previous_tasks(connect: Connect, take: Take) -> None:
    name, path, sink = take("sink")
    changed = {**sink, "tasks.max": "1"}
    reply = connect.send("PUT", f"{path}/config", changed)
    assert reply.status == 200
    assert "location" not in reply.headers
    assert reply.json == {
        "name": name,
        "config": {**changed, "name": name},
        "tasks": [{"connector": name, "task": 0}, {"connector": name, "task": 1}],
        "type": "sink",
    }
    await_value(lambda: connect.send("GET", path).json["tasks"], [{"connector": name, "task": 0}])
    connect.await_states(name, "RUNNING", ["RUNNING"])


def test_an_identical_put_is_accepted(connect: Connect, take: Take) -> None:
    name, path, source = take("source")
    before = connect.send("GET", path).json
    reply = connect.send("PUT", f"{path}/config", source)
    assert (reply.status, reply.json) == (200, before)


def test_an_identical_put_does_not_prevent_a_start(connect: Connect, name: str, source: dict[str, Any]) -> None:
    """As it comes from a proxy that sends a request twice."""
    connect.create(name, source)
    connect.send("PUT", f"{path_of(name)}/config", source)
    connect.await_states(name, "RUNNING", ["RUNNING"])


def test_post_creates_once(connect: Connect, name: str, source: dict[str, Any]) -> None:
    connect.names.append(name)
    first = connect.send("POST", "/connectors", {"name": name, "config": source})
    assert (first.status, first.headers["location"]) == (201, f"{connect.urls[0]}/connectors/{name}")
    again = connect.send("POST", "/connectors", {"name": name, "config": source})
    assert (again.status, again.message) == (409, f"Connector {name} already exists")


def test_post_through_another_worker_is_forwarded(connect: Connect, name: str, source: dict[str, Any]) -> None:
    for worker in range(3):
        own = f"{name}-{worker}"
        connect.names.append(own)
        reply = connect.send("POST", "/connectors", {"name": own, "config": source}, worker=worker)
        assert reply.status == 201
        assert reply.json["config"]["name"] == own
        connect.await_states(own, "RUNNING", ["RUNNING"])


def test_post_trims_the_name(connect: Connect, name: str, source: dict[str, Any]) -> None:
    connect.names.append(name)
    reply = connect.send("POST", "/connectors", {"name": f" {name} ", "config": source})
    assert (reply.status, reply.json["name"]) == (201, name)


@pytest.mark.parametrize(
    ("initial", "states"),
    [("RUNNING", ("RUNNING", ["RUNNING"])), ("paused", ("PAUSED", [])), ("STOPPED", ("STOPPED", []))],
)
def test_a_connector_starts_in_its_initial_state(
    connect: Connect, name: str, source: dict[str, Any], initial: str, states: tuple[str, list[str]]
) -> None:
    connect.names.append(name)
    reply = connect.send("POST", "/connectors", {"name": name, "config": source, "initial_state": initial})
    assert reply.status == 201
    connect.await_states(name, *states)


def test_scalars_are_stored_as_strings(connect: Connect, name: str, source: dict[str, Any]) -> None:
    odd = {"number": 1, "flag": True, "fraction": 1.0, "big": 12345678901234567890, "text": "x"}
    reply = connect.create(name, {**source, **odd})
    texts = {"number": "1", "flag": "true", "fraction": "1.0", "big": "12345678901234567890", "text": "x"}
    assert reply.json["config"] == {**source, **texts, "name": name}
    assert connect.send("GET", f"{path_of(name)}/config").json == reply.json["config"]


def test_patch_merges_and_removes_since_3_8(connect: Connect, name: str, source: dict[str, Any]) -> None:
    connect.create(name, source)
    path = path_of(name)
    reply = connect.send("PATCH", f"{path}/config", {"added": 1, "batch.size": "5"})
    assert (reply.status, reply.json["config"]) == (200, {**source, "name": name, "added": "1", "batch.size": "5"})
    reply = connect.send("PATCH", f"{path}/config", {"added": None})
    assert reply.json["config"] == {**source, "name": name, "batch.size": "5"}
    missing = connect.send("PATCH", f"{path_of('no-' + name)}/config", {"a": "b"})
    assert (missing.status, missing.message) == (404, f"Connector no-{name} not found")


def test_delete_returns_204_and_then_404(connect: Connect, name: str, source: dict[str, Any]) -> None:
    connect.create(name, source)
    path = path_of(name)
    gone = connect.send("DELETE", path)
    assert (gone.status, gone.body) == (204, b"")
    again = connect.send("DELETE", path)
    assert (again.status, again.message) == (404, f"Connector {name} not found")
    assert name not in connect.send("GET", "/connectors").json


def test_the_status_of_a_deleted_connector_disappears_after_a_delay(connect: Connect, take: Take) -> None:
    """It may stay readable for a while: with its type until this worker has read the deletion, then with the type unknown."""
    name, path, source = take("source")
    connect.send("DELETE", path)
    types = ["source"]

    def seen() -> str:
        reply = connect.send("GET", f"{path}/status")
        if reply.status == 200:
            types.append(reply.json["type"])
        return "gone" if reply.status == 404 else "there"

    await_value(seen, "gone")
    assert types == sorted(types)
    assert set(types) <= {"source", "unknown"}


def test_only_the_leader_accepts_a_delete_that_must_not_be_forwarded(connect: Connect, name: str) -> None:
    replies = [connect.send_once("DELETE", f"{path_of(name)}?forward=false", worker=worker) for worker in range(3)]
    conflict = "Cannot complete request because of a conflicting operation (e.g. worker rebalance)"
    assert sorted((reply.status, reply.message) for reply in replies) == [
        (404, f"Connector {name} not found"),
        (409, conflict),
        (409, conflict),
    ]
