# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The EXAMPLES of each module run on the real cluster in check mode: options, files, patterns and results are valid."""

from __future__ import annotations

import importlib
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from confluent_kafka.admin import AdminClient, NewTopic

from testing.ansible_runs import PlaybookRun, play, run_playbook
from testing.fake_registry import FakeRegistry
from testing.sandbox import Sandbox
from testing.sandbox.environment import CHECKOUT
from tests.integration.docs.story import Story, agents_of

MODULES = sorted(path.stem for path in (CHECKOUT / "plugins" / "modules").glob("*.py"))
WRITES_FILES_ONLY = "connector_export"
"""Not run in check mode, because its last example reads what the first one has written."""
CHECKED = [module for module in MODULES if module != WRITES_FILES_ONLY]

REFUSED = {
    "Ensure that a Debezium source is running, with a password that the workers resolve": "io.debezium.connector.postgresql.PostgresConnector is "
    "not installed on any worker",
    "Verify that every worker has the plugin for a deployment": "",
}
"""Examples with plugins that the sandbox lacks: they must fail with this message (or through `failed_when`)."""

ORDERS = "orders"
TOPICS = ("orders-dead-letters", "orders-retry")
"""Topics that the examples need."""
SOURCE = {"connector.class": "FileStreamSource", "tasks.max": "1", "file": "files/examples.txt", "topic": "examples"}
SINK = {"connector.class": "FileStreamSink", "tasks.max": "1", "file": "files/examples-copy.txt", "topics": "examples"}


def create_topics(sandbox: Sandbox) -> None:
    """Create those of these topics that do not exist."""
    admin = AdminClient({"bootstrap.servers": sandbox.bootstrap_servers})
    missing = set(TOPICS) - set(admin.list_topics(timeout=30).topics)
    for created in admin.create_topics([NewTopic(name, 1, 1) for name in missing]).values() if missing else ():
        created.result(30)


@contextmanager
def running_orders(sandbox: Sandbox) -> Iterator[None]:
    """A running connector, which many examples use."""
    sandbox.request("PUT", f"/connectors/{ORDERS}/config", SOURCE)
    deadline = time.monotonic() + 60
    while _task_states(sandbox) != ["RUNNING"]:
        assert time.monotonic() < deadline, f"{ORDERS} does not run: {_task_states(sandbox)}"
        time.sleep(0.2)
    yield
    sandbox.request("DELETE", f"/connectors/{ORDERS}")


@contextmanager
def with_offsets(sandbox: Sandbox) -> Iterator[None]:
    """The connectors in the examples of connector_offsets: a source, a sink that has stored an offset, and a mirror without any."""
    file = sandbox.files / "examples-access.txt"
    file.write_text("one\ntwo\nthree\n", encoding="utf-8")
    mirror = {
        "connector.class": "org.apache.kafka.connect.mirror.MirrorSourceConnector",
        "source.cluster.alias": "here",
        "target.cluster.alias": "there",
        "source.cluster.bootstrap.servers": sandbox.bootstrap_servers,
        "target.cluster.bootstrap.servers": sandbox.bootstrap_servers,
    }
    configs = {
        "access-log": {**SOURCE, "file": str(file), "topic": "orders"},
        "orders-archive": {**SINK, "file": str(sandbox.files / "examples-archive.txt"), "topics": "orders"},
        "mirror-source": mirror,
    }
    for name, config in configs.items():
        state = "STOPPED" if name == "mirror-source" else "RUNNING"
        sandbox.request("POST", "/connectors", {"name": name, "config": config, "initial_state": state})
    deadline = time.monotonic() + 60
    while not sandbox.request("GET", "/connectors/orders-archive/offsets")[1].get("offsets"):
        assert time.monotonic() < deadline, "orders-archive stores no offset"
        time.sleep(0.2)
    yield
    for name in configs:
        sandbox.request("DELETE", f"/connectors/{name}")


def _task_states(sandbox: Sandbox) -> list[str]:
    status, answer = sandbox.request("GET", f"/connectors/{ORDERS}/status")
    return [task["state"] for task in answer["tasks"]] if status == 200 else []


def examples(module: str, story: Story, registry: FakeRegistry) -> list[dict[str, Any]]:
    """The tasks of a module's EXAMPLES with this cluster's addresses, which also replace hosts of other networks."""
    documented = importlib.import_module(f"ansible_collections.streamops.kafka_connect.plugins.modules.{module}")
    text = documented.EXAMPLES.replace("https://connect-", "http://connect-")
    text = text.replace("https://registry.example.com", registry.url)
    for elsewhere in ("connect-1.internal:8083", "connect-test.example.com:8083"):
        text = text.replace(elsewhere, "connect-1.example.com:8083")
    # The reader of these pages is not root.
    text = text.replace("become: true", "become: false").replace("owner: root", "").replace("group: kafka-connect", "")
    for directory in ("/etc/kafka-connect/", "/var/backups/", "/var/log/connectors-deploy", "/etc/ssl/certs/"):
        text = text.replace(directory, f"{story.folder}/{directory.rpartition('/')[2]}")
    # Traffic is always low here, so waiting for two minutes proves nothing more.
    text = text.replace("sustained_for: 120", "sustained_for: 1")
    tasks: list[dict[str, Any]] = yaml.safe_load(story.here(text))
    return tasks


def variables(sandbox: Sandbox) -> dict[str, Any]:
    """Variables that the examples take from the reader's inventory."""
    return {
        "connect_urls": sandbox.urls,
        "connect_password": "unused",
        "registry_password": "unused",
        "registry_token": "unused",
        "kafka_cluster_id": sandbox.kafka_cluster_id,
        "environment_name": "test",
        "access_log_config": SOURCE,
        "orders_config": SOURCE,
        "snapshot_config": SOURCE,
        "warehouse_config": SINK,
        "orders_database_host": "orders-db.example.com",
        "orders_database_password": "unused",
        "snapshot_mode": "initial",
    }


def write_repository(folder: Path) -> None:
    """A reader's repository: connectors/ with common connectors and those of one environment."""
    for name, config in (("common/orders", SOURCE), ("common/orders-snapshot", SOURCE), ("test/access-log", SINK)):
        path = folder / "connectors" / f"{name}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump({"name": path.stem, "config": config}), encoding="utf-8")
    schema = folder / "schemas" / "payments.avsc"
    schema.parent.mkdir()
    schema.write_text('{"type": "long"}', encoding="utf-8")


@dataclass(frozen=True)
class Read:
    """The run of a module's examples, and the connectors before and after it."""

    run: PlaybookRun
    before: Any
    after: Any


@pytest.fixture(scope="module")
def checked(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Read:
    """One run in check mode with a play and a host for each module: ansible-playbook takes a second to start."""
    folder = tmp_path_factory.mktemp("examples")
    write_repository(folder)
    return play_examples(CHECKED, sandbox, folder, "--check")


@pytest.fixture
def exported(sandbox: Sandbox, tmp_path: Path) -> Read:
    return play_examples([WRITES_FILES_ONLY], sandbox, tmp_path)


def play_examples(modules: Sequence[str], sandbox: Sandbox, folder: Path, *arguments: str) -> Read:
    (folder / "example-ca.pem").touch()
    # The sandbox's workers are not services. Tests on real hosts start and stop real services.
    systemctl = folder / "programs" / "systemctl"
    systemctl.parent.mkdir()
    systemctl.write_text("#!/bin/sh\necho LoadState=loaded\necho ActiveState=inactive\n", encoding="utf-8")
    systemctl.chmod(0o755)
    journalctl = systemctl.with_name("journalctl")
    journalctl.write_text("#!/bin/sh\n", encoding="utf-8")
    journalctl.chmod(0o755)
    hosts = {name: variables(sandbox) for name in (*modules, "jump.example.com")}
    create_topics(sandbox)
    with (
        running_orders(sandbox),
        with_offsets(sandbox),
        agents_of(sandbox) as metrics,
        FakeRegistry() as registry,
    ):
        story = Story.on_sandbox(folder, sandbox, metrics)
        before = sandbox.request("GET", "/connectors?expand=info")[1]
        run = run_playbook(
            [play(examples(module, story, registry), hosts=module) for module in modules],
            hosts,
            folder,
            arguments=arguments,
            environment={"PATH": f"{systemctl.parent}{os.pathsep}{os.environ['PATH']}"},
        )
        return Read(run, before, sandbox.request("GET", "/connectors?expand=info")[1])


@pytest.mark.parametrize("module", CHECKED)
def test_examples_of_a_module_work(checked: Read, module: str) -> None:
    check_records(checked, module)


def test_examples_of_an_export_work(exported: Read) -> None:
    check_records(exported, WRITES_FILES_ONLY)


@pytest.mark.parametrize("read", ["checked", "exported"])
def test_no_example_changes_a_connector(request: pytest.FixtureRequest, read: str) -> None:
    found: Read = request.getfixturevalue(read)
    assert found.after == found.before


def check_records(read: Read, module: str) -> None:
    """The examples of this module succeed, except those that must be refused."""
    records = [record for record in read.run.records if record.host == module]
    assert records, read.run.output
    for record in records:
        expected = REFUSED.get(record.task)
        if expected is None:
            assert not record.failed, f"{record.task}: {record.message}"
        else:
            assert record.failed, f"{record.task} does not fail"
            assert expected in record.message, f"{record.task}: {record.message}"
