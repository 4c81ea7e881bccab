# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a worker reports about itself: version, health, plugins and loggers; and how it routes requests."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from .client import Connect, await_value

FILE_SOURCE = "org.apache.kafka.connect.file.FileStreamSourceConnector"


def test_the_root_names_version_commit_and_kafka_cluster(connect: Connect) -> None:
    reply = connect.send("GET", "/")
    assert reply.status == 200
    assert list(reply.json) == ["version", "commit", "kafka_cluster_id"]
    assert tuple(int(part) for part in reply.json["version"].split(".")[:2]) == connect.version
    ids = {connect.send("GET", "/", worker=worker).json["kafka_cluster_id"] for worker in range(3)}
    assert len(ids) == 1


def test_a_worker_is_healthy_since_3_9(connect: Connect) -> None:
    reply = connect.send("GET", "/health")
    message = "Worker has completed startup and is ready to handle requests."
    assert (reply.status, reply.json) == (200, {"status": "healthy", "message": message})


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "/connectors"),
        ("PUT", "/connectors/x"),
        ("PATCH", "/connectors/x"),
        ("POST", "/"),
        ("GET", "/connectors/x/pause"),
        ("POST", "/connectors/x/pause"),
        ("DELETE", "/admin/loggers/x"),
    ],
)
def test_a_wrong_method_is_a_405(connect: Connect, method: str, path: str) -> None:
    reply = connect.send(method, path)
    assert (reply.status, reply.message) == (405, "HTTP 405 Method Not Allowed")
    assert "content-type" not in reply.headers


@pytest.mark.parametrize("path", ["/nothing", "/connectors/x/y/z/0", "/connector-plugins/FileStreamSource"])
def test_an_unknown_path_is_a_404_of_the_router(connect: Connect, path: str) -> None:
    reply = connect.send("GET", path)
    assert (reply.status, reply.message) == (404, "HTTP 404 Not Found")
    assert "content-type" not in reply.headers


def test_another_content_type_is_a_415(connect: Connect) -> None:
    for content_type in ("text/plain", "application/x-www-form-urlencoded"):
        reply = connect.send("POST", "/connectors", {"name": "x"}, {"Content-Type": content_type})
        assert (reply.status, reply.message) == (415, "HTTP 415 Unsupported Media Type")


def test_only_json_can_be_accepted(connect: Connect) -> None:
    refused = connect.send("GET", "/connectors", headers={"Accept": "text/html"})
    assert (refused.status, refused.message) == (406, "HTTP 406 Not Acceptable")
    for accept in ("*/*", "text/html, */*", "application/json", "application/*"):
        assert connect.send("GET", "/connectors", headers={"Accept": accept}).status == 200


def test_a_head_response_has_no_body(connect: Connect) -> None:
    reply = connect.send("HEAD", "/connectors")
    assert (reply.status, reply.body) == (200, b"")


def listed(connect: Connect, query: str) -> set[tuple[str, str, str]]:
    plugins = connect.send("GET", f"/connector-plugins{query}").json
    assert all(sorted(plugin) == ["class", "type", "version"] for plugin in plugins)
    made_up = "com.example."
    return {
        (plugin["class"], plugin["type"], plugin["version"])
        for plugin in plugins
        if not plugin["class"].startswith(made_up)
    }


def test_only_connector_plugins_are_listed_unless_all_are_requested(connect: Connect) -> None:
    connectors = listed(connect, "")
    everything = listed(connect, "?connectorsOnly=false")
    assert {kind for _class, kind, _version in connectors} == {"source", "sink"}
    assert connectors < everything
    assert {kind for _class, kind, _version in everything} == {
        "source",
        "sink",
        "transformation",
        "predicate",
        "converter",
        "header_converter",
    }
    assert listed(connect, "?connectorsOnly=true") == connectors
    assert listed(connect, "?connectorsOnly=nonsense") == everything


KEYS_OF_CONNECT = {"name", "connector.class", "tasks.max", "key.converter", "transforms", "errors.tolerance"}


@pytest.mark.parametrize(
    ("plugin", "keys"),
    [
        (FILE_SOURCE, {"file", "topic", "batch.size", *KEYS_OF_CONNECT}),
        ("FileStreamSource", {"file", "topic", "batch.size", *KEYS_OF_CONNECT}),
        ("FileStreamSinkConnector", {"file", "topics", "topics.regex", *KEYS_OF_CONNECT}),
        ("RegexRouter", {"regex", "replacement"}),
        ("org.apache.kafka.connect.transforms.InsertField$Value", {"static.field", "static.value"}),
        ("JsonConverter", {"schemas.enable", "converter.type"}),
        ("TopicNameMatches", {"pattern"}),
    ],
)
def test_a_plugin_shows_its_keys(connect: Connect, plugin: str, keys: set[str]) -> None:
    reply = connect.send("GET", f"/connector-plugins/{plugin}/config")
    assert reply.status == 200
    assert keys <= {key["name"] for key in reply.json}
    order = "order_in_group" if connect.version >= (4, 0) else "order"
    fields = {
        "name",
        "type",
        "required",
        "default_value",
        "importance",
        "documentation",
        "group",
        order,
        "width",
        "display_name",
        "dependents",
    }
    assert all(set(key) == fields for key in reply.json)


def test_a_key_shows_type_default_and_whether_it_is_required(connect: Connect) -> None:
    keys = {key["name"]: key for key in connect.send("GET", f"/connector-plugins/{FILE_SOURCE}/config").json}
    shown = {name: (keys[name]["type"], keys[name]["required"], keys[name]["default_value"]) for name in keys}
    assert shown["topic"] == ("STRING", True, None)
    assert shown["batch.size"] == ("INT", False, "2000")
    assert shown["name"] == ("STRING", True, None)
    assert shown["errors.tolerance"] == ("STRING", False, "none")
    assert keys["errors.tolerance"]["group"] == "Error Handling"


@pytest.mark.parametrize("plugin", ["Nope", "com.example.Nope", "InsertField"])
def test_an_unknown_plugin_has_no_keys(connect: Connect, plugin: str) -> None:
    """InsertField is two plugins, $Key and $Value, without a class of its own."""
    reply = connect.send("GET", f"/connector-plugins/{plugin}/config")
    assert (reply.status, reply.message) == (404, f"Unknown plugin {plugin}.")


def test_a_plugin_of_another_version_is_a_400_since_4_1(connect: Connect) -> None:
    reply = connect.send("GET", "/connector-plugins/FileStreamSource/config?version=9")
    if connect.version < (4, 1):
        assert reply.status == 200
        return
    assert reply.status == 400
    assert reply.message.startswith(f"Plugin {FILE_SOURCE} not found that matches the version range [9,9], available ")


def test_loggers_are_listed_and_the_root_is_among_them(connect: Connect) -> None:
    loggers: dict[str, Any] = connect.send("GET", "/admin/loggers").json
    assert all(sorted(entry) == ["last_modified", "level"] for entry in loggers.values())
    root = connect.send("GET", "/admin/loggers/root")
    assert (root.status, sorted(root.json)) == (200, ["last_modified", "level"])


def test_an_unknown_logger_is_not_found(connect: Connect, name: str) -> None:
    reply = connect.send("GET", f"/admin/loggers/{name}")
    assert (reply.status, reply.message) == (404, f"Logger {name} not found.")


def test_a_level_is_set_on_one_worker(connect: Connect, name: str) -> None:
    logger = f"com.example.{name}"
    reply = connect.send("PUT", f"/admin/loggers/{logger}", {"level": "debug"})
    assert (reply.status, reply.json) == (200, [logger])
    shown = connect.send("GET", f"/admin/loggers/{logger}").json
    assert shown["level"] == "DEBUG"
    assert isinstance(shown["last_modified"], int)
    assert connect.send("GET", f"/admin/loggers/{logger}", worker=1).status == 404


def test_a_level_is_set_on_the_whole_cluster_since_3_7(connect: Connect, name: str) -> None:
    path = f"/admin/loggers/com.example.{name}"
    reply = connect.send("PUT", f"{path}?scope=cluster", {"level": "WARN"})
    assert (reply.status, reply.body) == (204, b"")
    for worker in range(3):
        await_value(partial(status_of, connect, path, worker), 200)
        assert connect.send("GET", path, worker=worker).json["level"] == "WARN"


def status_of(connect: Connect, path: str, worker: int) -> int:
    return connect.send("GET", path, worker=worker).status


def test_a_level_is_set_for_all_loggers_whose_names_begin_with_it(connect: Connect, name: str) -> None:
    """Even in the middle of a word."""
    first, other = f"com.example.{name}", f"com.example.{name}s.Task"
    connect.send("PUT", f"/admin/loggers/{other}", {"level": "WARN"})
    reply = connect.send("PUT", f"/admin/loggers/{first}", {"level": "DEBUG"})
    assert (reply.status, reply.json) == (200, [first, other])
    assert connect.send("GET", f"/admin/loggers/{other}").json["level"] == "DEBUG"


def test_a_level_that_holds_already_concerns_a_logger_only_before_4_0(connect: Connect, name: str) -> None:
    path = f"/admin/loggers/com.example.{name}"
    connect.send("PUT", path, {"level": "DEBUG"})
    reply = connect.send("PUT", path, {"level": "DEBUG"})
    assert reply.json == ([] if connect.version >= (4, 0) else [f"com.example.{name}"])


def test_a_logger_that_is_off_is_not_listed_since_4_0(connect: Connect, name: str) -> None:
    logger = f"com.example.{name}"
    connect.send("PUT", f"/admin/loggers/{logger}", {"level": "OFF"})
    assert connect.send("GET", f"/admin/loggers/{logger}").json["level"] == "OFF"
    assert (logger in connect.send("GET", "/admin/loggers").json) == (connect.version < (4, 0))


def test_the_root_logger_has_its_name_in_any_case(connect: Connect) -> None:
    assert connect.send("GET", "/admin/loggers/ROOT").json == connect.send("GET", "/admin/loggers/root").json


def test_an_unknown_scope_means_this_worker(connect: Connect, name: str) -> None:
    logger = f"com.example.{name}"
    reply = connect.send("PUT", f"/admin/loggers/{logger}?scope=nonsense", {"level": "INFO"})
    assert (reply.status, reply.json) == (200, [logger])


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        ({}, 400, "Desired 'level' parameter was not specified in request."),
        ({"level": "LOUD"}, 404, "invalid log level 'LOUD'."),
        (None, 500, 'Cannot invoke "java.util.Map.get(Object)" because "levelMap" is null'),
    ],
)
def test_an_invalid_level_is_refused(
    connect: Connect, name: str, body: dict[str, str] | None, status: int, message: str
) -> None:
    reply = connect.send("PUT", f"/admin/loggers/{name}", body)
    assert (reply.status, reply.message) == (status, message)
