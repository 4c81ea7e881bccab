# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Unusual names: which can be created, and which can be addressed afterwards."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from .client import Connect, await_value, in_parallel, path_of

ODD = ["with space", "ümläut ✓", "plus+plus", "quote\"'", "semi;colon", "what?", "a:b@c", "#1&2=3"]


def test_the_leader_accepts_unusual_names_in_every_path(connect: Connect, name: str, source: dict[str, Any]) -> None:
    leader = leader_of(connect, name)
    names = [f"{odd} {name}" for odd in ODD]
    connect.names.extend(names)
    in_parallel([partial(use_everywhere, connect, full, source, leader) for full in names])


def use_everywhere(connect: Connect, full: str, source: dict[str, Any], leader: int) -> None:
    """Send requests for each path of a new connector to the leader."""
    path = path_of(full)
    created = connect.send("PUT", f"{path}/config", source, worker=leader)
    assert (created.status, created.json["config"]["name"]) == (201, full)
    assert created.headers["location"].startswith(f"{connect.urls[leader]}/connectors/")
    assert connect.send("GET", path, worker=leader).json["name"] == full
    assert connect.send("GET", f"{path}/config", worker=leader).json == {**source, "name": full}
    for method, part, status in (
        ("PUT", "pause", 202),
        ("PUT", "resume", 202),
        ("PUT", "stop", 204),
        ("DELETE", "offsets", 200),
    ):
        assert connect.send(method, f"{path}/{part}", worker=leader).status == status, (full, part)
    assert connect.send("DELETE", path, worker=leader).status == 204


def leader_of(connect: Connect, name: str) -> int:
    """The worker that executes a request which must not be forwarded: only the leader can report that a name is absent."""
    path = f"{path_of(name)}?forward=false"
    return [connect.send_once("DELETE", path, worker=worker).status for worker in range(3)].index(404)


def test_followers_forward_unusual_names_except_those_with_a_semicolon(
    connect: Connect, name: str, source: dict[str, Any]
) -> None:
    """A follower builds the leader's URL from the decoded name, and a semicolon ends a URL's path."""
    follower = (leader_of(connect, name) + 1) % 3
    for odd in ("with space", "ümläut ✓", "50+#?"):
        full = f"{odd} {name}"
        connect.names.append(full)
        reply = connect.send("PUT", f"{path_of(full)}/config", source, worker=follower)
        assert (reply.status, reply.json["name"]) == (201, full)
    full = f"semi;colon {name}"
    put = connect.send("PUT", f"{path_of(full)}/config", source, worker=follower)
    message = f"Connector name configuration ({full}) doesn't match connector name in the URL (semi)"
    assert (put.status, put.message) == (400, message)
    delete = connect.send("DELETE", path_of(full), worker=follower)
    assert (delete.status, delete.message) == (404, "Connector semi not found")


def test_a_name_with_braces_is_created_although_the_response_is_500(
    connect: Connect, name: str, source: dict[str, Any]
) -> None:
    """Java parses the braces as a template when it builds the Location header, after the write."""
    leader = leader_of(connect, name)
    full = f"{{braces}} {name}"
    path = path_of(full)
    connect.names.append(full)
    template = (500, "The template variable 'braces' has no value")
    created = connect.send("PUT", f"{path}/config", source, worker=leader)
    assert (created.status, created.message) == template
    await_value(lambda: connect.send("GET", path, worker=leader).status, 200)
    assert connect.send("PUT", f"{path}/config", source, worker=leader).status == 200
    forwarded = connect.send("PUT", f"{path}/stop", worker=(leader + 1) % 3)
    assert (forwarded.status, forwarded.message) == template
    assert connect.send("DELETE", path, worker=leader).status == 204


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        ("a/b", "Ambiguous URI path separator"),
        ("50%", "Ambiguous URI path encoding"),
        ("back\\slash", "Suspicious Path Character"),
    ],
)
def test_since_4_0_some_names_can_be_created_but_not_addressed(
    connect: Connect, erase: Callable[[str], None], name: str, source: dict[str, Any], odd: str, reason: str
) -> None:
    """The web server of Kafka 4 rejects their paths before Connect receives them; only the list shows such connectors."""
    full = f"{odd} {name}"
    path = path_of(full)
    state = {"initial_state": "STOPPED"}
    connect.names.append(full)
    assert connect.send("POST", "/connectors", {"name": full, "config": source, **state}).status == 201
    assert full in connect.send("GET", "/connectors").json
    if connect.version < (4, 0):
        leader = leader_of(connect, name)
        assert connect.send("GET", path).json["name"] == full
        if "/" in odd:  # A follower forwards to a path with one more segment.
            forwarded = connect.send("PUT", f"{path}/stop", worker=(leader + 1) % 3)
            assert (forwarded.status, forwarded.message) == (404, "HTTP 404 Not Found")
        assert connect.send("DELETE", path, worker=leader).status == 204
        return
    reply = connect.send("GET", path)
    assert reply.status == 400
    assert reply.headers["content-type"].startswith("text/html")
    assert f"Error 400 {reason}" in reply.body.decode()
    for method in ("PUT", "DELETE"):
        refused = connect.send(method, path)
        assert (refused.status, refused.body) == (400, b"")
    erase(full)
    connect.names.remove(full)


def test_a_control_character_is_refused(connect: Connect, name: str, source: dict[str, Any]) -> None:
    reply = connect.send("POST", "/connectors", {"name": f"a\nb{name}", "config": source})
    assert reply.status == 400
    assert "String may not contain control sequences but had the following ASCII chars: 10" in reply.message


@pytest.mark.parametrize("path", ["/connectors/%zz", "/connectors/a%00b"])
def test_a_path_that_is_not_a_uri_is_a_400_in_html(connect: Connect, path: str) -> None:
    reply = connect.send("GET", path)
    assert reply.status == 400
    assert reply.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("path", ["//connectors", "/connectors//config"])
def test_an_empty_path_segment_is_refused(connect: Connect, path: str) -> None:
    assert connect.send("GET", path).status == (400 if connect.version >= (4, 0) else 404)
