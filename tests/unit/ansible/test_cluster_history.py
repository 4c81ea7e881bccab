# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Module cluster_history and `as_of` of connector_export, from parameters to results; integration tests use real topics."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible import history_options
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.execute import execute
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations import (
    cluster_history,
    connector_export,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group import brokers
from testing.fake_connect import FakeCluster
from tests.contract.modules.shapes import misfits
from tests.specifications import SPECIFICATIONS
from tests.unit.connect.history_support import ConfigLog, FakeSource, StatusLog, logs

OPERATIONS = {
    "cluster_history": cluster_history.cluster_history,
    "connector_export": connector_export.connector_export,
}
SECRET = "hunter2-in-clear"
THEN = "2025-11-26T23:34:10Z"


@pytest.fixture
def topics(monkeypatch: pytest.MonkeyPatch) -> tuple[ConfigLog, StatusLog]:
    """Both topics of a cluster, in place of brokers."""
    config, status = logs()

    class Reader(FakeSource):
        def __init__(self, *_given: object) -> None:
            super().__init__(config, status)

    monkeypatch.setattr(history_options, "TopicReader", Reader)
    return config, status


def run(module: str, /, **given: Any) -> dict[str, Any]:
    """The result of a task with these options; every other has its default."""
    options = {"bootstrap_servers": "kafka-1:9092", **given}
    specification = SPECIFICATIONS[module]
    checked = ArgumentSpecValidator(specification.arguments, **specification.checks).validate(options)
    assert checked.error_messages == []
    result = execute(OPERATIONS[module], checked.validated_parameters, check_mode=False, diff_mode=False)
    assert misfits(module, result) == []
    return result


def test_the_history_is_returned(topics: tuple[ConfigLog, StatusLog]) -> None:
    config, status = topics
    config.put("orders", {"database.password": SECRET})
    config.put("payments", {})
    status.status("orders", "FAILED", task=0, trace=f"org.x.AnException: {SECRET} is wrong\n")
    result = run("cluster_history", name="ord*", as_of=THEN)
    assert [event["kind"] for event in result["events"]] == ["config_created", "state_changed"]
    assert [entry["name"] for entry in result["connectors"]] == ["orders"]
    assert (result["changed"], result["run"]["requests"]) == (False, 0)
    assert SECRET not in json.dumps(result)


@pytest.mark.usefixtures("topics")
def test_topics_are_named_by_the_file_of_a_worker(tmp_path: Path) -> None:
    path = tmp_path / "worker.properties"
    path.write_text("config.storage.topic=connect-configs\nstatus.storage.topic: other\n", encoding="utf-8")
    assert 'topic "other" does not exist' in run("cluster_history", worker_properties=str(path))["msg"]
    named = run("cluster_history", worker_properties=str(path), status_topic="connect-status")
    assert [topic["name"] for topic in named["topics"]] == ["connect-configs", "connect-status"]


@pytest.mark.usefixtures("topics")
@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"since": "tomorrow"}, 'since "tomorrow" is no time: give ISO 8601'),
        ({"as_of": "2999-01-01"}, "is in the future"),
        ({"since": "1h", "until": "2h"}, "since is later than until: exchange them"),
        ({"max_events": 0}, "max_events is 0: give a positive number"),
        ({"max_bytes": 0}, "max_bytes is 0: give a positive number of bytes"),
        ({"name": ["~("]}, 'pattern "~(" is not a regular expression'),
        ({"bootstrap_servers": []}, "bootstrap_servers is empty"),
        ({"bootstrap_servers": ["http://x:1"]}, "is a REST URL: give brokers as HOST:PORT"),
        ({"worker_properties": "/no/such/file"}, "worker_properties /no/such/file can't be read"),
        ({"run_timeout": -1}, "run_timeout is -1: give a number of seconds, 0 or more"),
    ],
)
def test_invalid_options_are_rejected(given: dict[str, Any], says: str) -> None:
    result = run("cluster_history", **given)
    assert result["error"]["kind"] == "invalid_input"
    assert says in result["msg"]


@pytest.mark.usefixtures("topics")
@pytest.mark.parametrize("content", [b"\xff\xfe", b"config.storage.topic=\\u12", b"group.id=x"])
def test_an_unfit_file_of_a_worker_is_rejected(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "worker.properties"
    path.write_bytes(content)
    result = run("cluster_history", worker_properties=str(path))
    assert result["msg"].startswith(f"worker_properties {path} ")


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(brokers, "HAS_CONFLUENT_KAFKA", False)
    result = run("cluster_history")
    assert (result["failed"], result["error"]["kind"]) == (True, "brokers_failed")
    assert "pip install confluent-kafka" in result["msg"]


# The export


def put_past(config: ConfigLog) -> None:
    """At THEN, `orders` is paused. It is deleted later, and `payments` is created."""
    config.put("orders", {"connector.class": "FileStreamSource", "topic": "orders", "database.password": SECRET})
    config.target("orders", "PAUSED")
    config.second = 100
    config.delete("orders")
    config.put("payments", {})


def test_the_past_is_exported(topics: tuple[ConfigLog, StatusLog], fake: FakeCluster, tmp_path: Path) -> None:
    put_past(topics[0])
    folder, secrets = tmp_path / "connectors", tmp_path / "secrets.yml"
    given = {"url": fake.urls, "as_of": THEN, "dest": str(folder), "secrets_dest": str(secrets)}
    result = run("connector_export", **given)
    assert [path.name for path in folder.iterdir()] == ["orders.json"]
    exported = json.loads((folder / "orders.json").read_text())
    assert exported == {
        "name": "orders",
        "config": {
            "connector.class": "FileStreamSource",
            "topic": "orders",
            "database.password": "${file:/etc/kafka-connect/secrets.properties:orders.database.password}",
        },
        "state": "paused",
    }
    assert SECRET in secrets.read_text()
    assert (result["as_of"], result["compacted"]) == ("2025-11-26T23:34:10.000Z", [])
    assert SECRET not in json.dumps(result)
    assert run("connector_export", **given)["changed"] is False


def test_without_workers_the_names_of_keys_decide_what_is_secret(
    topics: tuple[ConfigLog, StatusLog], tmp_path: Path
) -> None:
    put_past(topics[0])
    result = run("connector_export", as_of=THEN, dest=str(tmp_path))
    assert result["warnings"] == ["url is not given: the names of keys decide which values are secrets"]
    assert SECRET not in (tmp_path / "orders.json").read_text()


def test_a_compacted_connector_has_no_file(topics: tuple[ConfigLog, StatusLog], tmp_path: Path) -> None:
    config, _status = topics
    put_past(config)
    config.compact(4)
    result = run("connector_export", as_of=THEN, dest=str(tmp_path / "files"))
    assert (result["files"], result["changed"]) == ([], False)
    assert ("orders", "config") in [(entry["connector"], entry["what"]) for entry in result["compacted"]]
    assert result["warnings"][1].endswith("may have been compacted away, so it is unknown; it has no file")


@pytest.mark.usefixtures("topics")
def test_the_brokers_without_a_time_are_rejected(tmp_path: Path) -> None:
    assert "bootstrap_servers has no effect without as_of" in run("connector_export", dest=str(tmp_path))["msg"]
    empty = run("connector_export", dest=str(tmp_path), as_of=THEN, bootstrap_servers=[])
    assert "bootstrap_servers is empty" in empty["msg"]
