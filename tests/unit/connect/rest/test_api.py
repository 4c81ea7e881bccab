# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One method for each endpoint: its request, and how it reads valid and invalid responses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import Outcome, RequestError
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.model import Connector, Task
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.rest import operations as module
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.rest.api import Api, parse_connector
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.rest.connection import Connection
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.rest.operations import RestOperation
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.rest.plugins import (
    Plugin,
    definitions_of,
    plugins_of,
    validate_config,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.rest.transport import Answer
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.rest.versions import worker_version
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.run import Run
from testing.fake_connect import FakeCluster, faults, matching
from tests.unit.connect.support import (
    FILE_SOURCE,
    SECRET_SOURCE,
    PatientRun,
    ScriptedTransport,
    body_of,
    client_of,
    cluster_at,
    connect_error,
    file_source,
    in_turn,
    json_answer,
    page,
    secret_source,
)

READS: dict[str, Callable[[Api], object]] = {
    "root": worker_version,
    "expanded": lambda api: api.expanded(),
    "names": lambda api: api.names(None),
    "connector": lambda api: api.connector("n"),
    "stored_config": lambda api: api.stored_config("n"),
    "task_configs": lambda api: api.task_configs("n"),
    "topics": lambda api: api.topics("n"),
    "plugins": plugins_of,
    "definitions": lambda api: definitions_of(api, "p"),
    "validate": lambda api: validate_config(api, "p", {}),
}


def asking(*answers: Answer) -> tuple[Api, ScriptedTransport]:
    transport = ScriptedTransport(Connection(("http://w1:8083",)), in_turn(answers))
    return Api(client_of(transport, PatientRun())), transport


@pytest.fixture
def api(fake: FakeCluster) -> Api:
    return cluster_at(fake.urls).api


# Reading


def test_the_root_shows_version_and_cluster(fake: FakeCluster, api: Api) -> None:
    worker = worker_version(api, fake.urls[1])
    assert (worker.url, worker.version, worker.kafka_cluster_id) == (
        fake.urls[1],
        "4.3.1",
        fake.kafka_cluster_id,
    )


def test_the_expanded_list_is_read(fake: FakeCluster, api: Api) -> None:
    fake.connectors.put("orders", file_source())
    fake.connectors.fail("orders", task=0, trace="boom")
    snapshot = api.expanded()
    worker = fake.connectors["orders"].status
    assert worker is not None
    assert snapshot.worker == fake.urls[0]
    assert snapshot.connectors["orders"] == Connector(
        "orders",
        file_source(),
        "source",
        "RUNNING",
        worker.worker_id,
        task_ids=(0,),
        tasks=(Task(0, "FAILED", fake.connectors["orders"].tasks[0].worker_id, "boom"),),
    )


def test_the_status_of_a_removed_task_is_distinguished() -> None:
    tasks = [{"id": number, "state": "UNASSIGNED", "worker_id": "w:1"} for number in (0, 1)]
    status = {"name": "n", "connector": {"state": "STOPPED", "worker_id": "w:1"}, "tasks": tasks}
    info = {"name": "n", "config": {"name": "n"}, "tasks": [{"connector": "n", "task": 0}]}
    parsed = parse_connector("n", {"info": info, "status": status})
    assert parsed.tasks == (Task(0, "UNASSIGNED", "w:1"),)
    assert parsed.former_tasks == (Task(1, "UNASSIGNED", "w:1"),)


def test_either_half_of_an_entry_may_be_missing() -> None:
    status = {"name": "n", "connector": {"state": "UNASSIGNED", "worker_id": "w:1"}, "tasks": [], "type": "unknown"}
    assert parse_connector("n", {"info": None, "status": status}).config is None
    assert parse_connector("n", {"status": status}).state == "UNASSIGNED"
    info = {"name": "n", "config": {"name": "n", "a": None}, "tasks": [{"connector": "n", "task": 3}], "type": "SINK"}
    parsed = parse_connector("n", {"info": info})
    assert (parsed.state, parsed.type, parsed.task_ids) == ("", "sink", (3,))
    assert parsed.config == {"name": "n", "a": ""}
    assert parse_connector("n", {"info": info, "status": None}).tasks == ()


def test_names_are_encoded_in_paths(fake: FakeCluster, api: Api) -> None:
    name = "órders of: 日本 + ü?#"
    fake.connectors.put(name, file_source(name))
    assert api.names(None) == {name}
    assert api.stored_config(name) == file_source(name)
    assert " " not in fake.requests[-1].path
    assert "+" not in fake.requests[-1].path


def test_a_missing_connector_is_none(api: Api) -> None:
    assert api.stored_config("n") is None
    assert api.connector("n") is None
    assert api.task_configs("n") == {}
    assert definitions_of(api, "no.such.Plugin") is None
    assert api.topics("n") == ()


def test_a_connector_without_a_status_exists(fake: FakeCluster, api: Api) -> None:
    fake.connectors.put("orders", file_source())
    fake.store.edit("orders", status=None)
    assert api.expanded().connectors == {}, "the gap of the expanded list"
    found = api.connector("orders")
    assert found is not None
    assert (found.config, found.type, found.state, found.task_ids) == (file_source(), "source", "", (0,))


def test_topics_and_task_configs_are_read(fake: FakeCluster, api: Api) -> None:
    fake.connectors.put("orders", file_source())
    fake.connectors.set_topics("orders", ["b", "a"])
    assert api.topics("orders") == ("a", "b")
    assert api.task_configs("orders")[0]["topic"] == "orders"


def test_plugins_and_their_definitions_are_read(api: Api) -> None:
    plugins = plugins_of(api)
    assert Plugin(FILE_SOURCE, "source", "4.3.1") in plugins
    assert {plugin.type for plugin in plugins} >= {"source", "sink", "converter", "transformation", "predicate"}
    keys = definitions_of(api, SECRET_SOURCE)
    assert keys is not None
    assert (keys["database.password"].type, keys["database.port"].default) == ("PASSWORD", "5432")


def test_a_plugin_version_is_requested_by_its_range(fake: FakeCluster, api: Api) -> None:
    definitions_of(api, FILE_SOURCE, "[4.0,5)")
    assert fake.requests[-1].parameter("version") == "[4.0,5)"


def test_a_plugin_without_readable_definitions_is_not_an_error(fake: FakeCluster, api: Api) -> None:
    fake.script(matching("GET", "/connector-plugins/*"), [faults.refuse(500, "java.lang.NoClassDefFoundError")])
    assert definitions_of(api, FILE_SOURCE) is None


def test_validation_returns_errors_and_secret_keys_but_no_values(api: Api) -> None:
    config = secret_source(**{"database.port": "many"})
    validation = validate_config(api, SECRET_SOURCE, config)
    errors = {field.name: field.errors for field in validation.fields if field.errors}
    assert list(errors) == ["database.port"]
    assert "database.password" in validation.password_keys
    assert "hunter2-in-clear" not in repr(validation.fields)


# Readiness


def test_health_shows_whether_a_worker_is_ready(fake: FakeCluster, api: Api) -> None:
    api.await_ready(health=True)
    assert fake.requests[-1].path == "/health"


def test_before_3_9_a_request_through_the_herder_shows_readiness(fake: FakeCluster, api: Api) -> None:
    api.await_ready(health=False)
    assert fake.requests[-1].path.startswith("/connectors/no-such-connector-")


def test_the_client_waits_for_a_starting_worker(fake: FakeCluster) -> None:
    body = b'{"status": "starting", "message": "Worker is still starting up."}'
    script = fake.script(
        matching("GET", "/health"), [faults.respond(503, body, {"Content-Type": "application/json"}, times=5)]
    )
    cluster_at(fake.urls[:1]).api.await_ready(health=True)
    assert script.remaining == 0


def test_without_remaining_time_readiness_is_checked_once() -> None:
    starting = Answer(503, {"status": "starting", "message": "Worker is still starting up."}, is_json=True)
    api, transport = asking(starting)
    with pytest.raises(RequestError) as caught:
        api.await_ready(health=True, until=lambda: 0.0)
    assert caught.value.kind == "worker_starting"
    assert len(transport.sent) == 1


# Writing


def test_each_write_sends_its_request(fake: FakeCluster, api: Api) -> None:
    api.put_config("orders", file_source())
    api.create("other", file_source("other"), "paused")
    fake.connectors.settle()
    for write in (api.pause, api.resume, api.stop):
        write("orders")
    api.restart("orders", include_tasks=True, only_failed=True)
    api.delete("orders")
    sent = [(request.method, request.path, request.query) for request in fake.writes()]
    assert sent == [
        ("PUT", "/connectors/orders/config", ""),
        ("POST", "/connectors", ""),
        ("PUT", "/connectors/orders/pause", ""),
        ("PUT", "/connectors/orders/resume", ""),
        ("PUT", "/connectors/orders/stop", ""),
        ("POST", "/connectors/orders/restart", "includeTasks=true&onlyFailed=true"),
        ("DELETE", "/connectors/orders", ""),
    ]
    assert body_of(fake.writes()[1]) == {"name": "other", "config": file_source("other"), "initial_state": "PAUSED"}


def test_deleting_a_missing_connector_counts_as_deleted(api: Api) -> None:
    api.delete("orders")


def test_operations_are_classified_as_writes_and_as_idempotent() -> None:
    operations = {value.name: value for value in vars(module).values() if isinstance(value, RestOperation)}
    writes = {name for name, operation in operations.items() if operation.writes}
    assert writes == {
        *("create", "put_config", "delete", "pause", "resume", "stop", "restart"),
        *("set_level", "set_cluster_level"),
        *("alter_offsets", "reset_offsets"),
    }
    assert {name for name in writes if not operations[name].repeatable} == {"create", "restart"}
    bypass = {name for name, operation in operations.items() if not operation.waits_for_herder}
    assert {"root", "list", "topics", "health", "plugins", "definitions"} <= bypass, "these never wait for the herder"


# Names that followers misread: they forward DELETE of "a;b" as one of "a" (observed with Kafka 4.3.1)


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 2, 0)])
def test_names_that_followers_misread_are_sent_to_the_leader(fake: FakeCluster, order: tuple[int, ...]) -> None:
    for name in ("a", "a;b"):
        fake.connectors.put(name, file_source(name))
    api = cluster_at([fake.urls[number] for number in order]).api
    api.put_config("a;b", file_source("a;b", topic="new"))
    fake.connectors.settle()
    api.restart("a;b", include_tasks=True, only_failed=False)
    api.stop("a;b")
    api.delete("a;b")
    assert list(fake.connectors) == ["a"]
    assert fake.connectors["a"].target == "RUNNING"
    assert all(request.parameter("forward") == "false" for request in fake.writes())


def test_the_request_is_retried_while_there_is_no_leader(fake: FakeCluster) -> None:
    fake.connectors.put("a;b", file_source("a;b"))
    fake.script(matching("DELETE"), [faults.conflicting_operation(times=7)])
    cluster_at(fake.urls).api.delete("a;b")
    assert list(fake.connectors) == []


def test_retries_without_a_leader_are_limited(fake: FakeCluster) -> None:
    fake.script(matching("DELETE"), [faults.conflicting_operation(times=999)])
    with pytest.raises(RequestError) as caught:
        cluster_at(fake.urls, run=Run(conflict_timeout=0.2)).api.delete("a;b")
    assert caught.value.kind == "conflict"


def test_a_write_of_unknown_outcome_is_not_retried_at_another_worker(fake: FakeCluster) -> None:
    fake.script(matching("POST"), [faults.drop(applied="yes")])
    fake.connectors.put("a;b", file_source("a;b"))
    with pytest.raises(RequestError) as caught:
        cluster_at(fake.urls).api.restart("a;b", include_tasks=True, only_failed=True)
    assert caught.value.outcome is Outcome.UNKNOWN
    assert len(fake.writes()) == 1


def test_other_names_are_forwarded(fake: FakeCluster) -> None:
    fake.connectors.put("a", file_source("a"))
    cluster_at([fake.urls[1]]).api.delete("a")
    assert fake.writes()[0].query == ""


# Responses that do not come from a Connect worker

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["info", "status", "config", "tasks", "id", "configs", "name", "class", "version", "x"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@given(st.sampled_from(sorted(READS)), JSON)
def test_no_json_of_any_shape_crashes_a_read(method: str, body: Any) -> None:
    """It is understood, or reported as coming from a server that is not a Connect worker."""
    api, _transport = asking(json_answer(body))
    try:
        READS[method](api)
    except RequestError as error:
        kind = error.kind
    else:
        kind = "not_a_connect_worker"
    assert kind == "not_a_connect_worker"


@pytest.mark.parametrize("method", sorted(READS))
def test_another_server_is_reported_with_its_url(method: str) -> None:
    api, _transport = asking(page(200, "<html>welcome</html>"))
    with pytest.raises(RequestError) as caught:
        READS[method](api)
    assert caught.value.kind == "not_a_connect_worker"
    assert "http://w1:8083/" in caught.value.message
    assert "give the REST URL of a Connect worker" in caught.value.advice


@pytest.mark.parametrize("method", sorted(set(READS) - {"definitions"}))
def test_refused_credentials_are_reported(method: str) -> None:
    api, _transport = asking(connect_error(401, "no"))
    with pytest.raises(RequestError) as caught:
        READS[method](api)
    assert caught.value.kind == "authentication_failed"
    assert "url_password" in caught.value.advice
