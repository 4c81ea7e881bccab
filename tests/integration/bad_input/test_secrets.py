# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets in every place where one can be, in all modules, in both places of the engine; then a search of all output."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.ansible_runs import PlaybookRun, make_interpreter, play, run_playbook, task
from tests.fake_connect import FakeCluster, faults, matching
from tests.sandbox import Sandbox

HOSTS = ("here", "there")
SECRET_SOURCE = "com.example.SecretSourceConnector"
Task = dict[str, Any]

CANARIES = {
    name: f"Canary-{number}-{name.replace('_', '-')}-zq7"
    for number, name in enumerate(
        [
            "password_key",
            "former_password_key",
            "keystore",
            "looks_secret",
            "jaas",
            "url_user_info",
            "basic_auth",
            "token",
            "header",
            "provider",
            "trace",
            "private_key",
            "override",
            "nested",
            "bad_file",
            "url_password_of_wrong_type",
        ]
    )
}


def secret(name: str) -> str:
    """A variable that holds a canary. Literally in a task it could be seen in Ansible's own excerpts of the playbook."""
    return f"{{{{ canaries.{name} }}}}"


def config(password: str = "password_key", **more: Any) -> dict[str, Any]:
    """A valid config with secrets in six places."""
    jaas = "org.apache.kafka.common.security.plain.PlainLoginModule required"
    return {
        "connector.class": SECRET_SOURCE,
        "database.hostname": "db.example.com",
        "database.user": "connect",
        "database.password": secret(password),
        "ssl.keystore.password": secret("keystore"),
        "topic.prefix": "p",
        "vendor.api.key": secret("looks_secret"),
        "schema.history.jaas": f'{jaas} username="connect" password="{secret("jaas")}";',
        "registry.url": f"https://connect:{secret('url_user_info')}@registry.example.com/path",
        "signing.pem": f"-----BEGIN PRIVATE KEY-----\n{secret('private_key')}\n-----END PRIVATE KEY-----",
        **more,
    }


def every_module(folder: str) -> Iterator[Task]:
    """Successes: each module in check mode, with diff, and in earnest."""
    options = {"name": "{{ inventory_hostname }}-orders", "stable_for": 0}
    for label, password in (("create", "former_password_key"), ("update", "password_key")):
        arguments = {**options, "config": config(password)}
        yield task("connector", f"{label}: check", arguments, check_mode=True, diff=True)
        yield task("connector", label, arguments, diff=True)
    entries = [{"name": "{{ inventory_hostname }}-set", "config": config()}]
    overrides = [{"config": {"database.password": secret("override"), "other.token": secret("override")}}]
    files = {"backup_dir": f"{folder}/backup", "report_path": f"{folder}/report.jsonl", "stable_for": 0}
    yield task("connectors", "set", {"connectors": entries, **files}, diff=True)
    yield task("connectors", "set: overrides", {"connectors": entries, "overrides": overrides, **files}, diff=True)
    yield task("connector_validate", "validate", {"connectors": entries})
    yield task("connector_info", "info", {})
    yield task("cluster_info", "cluster", {})
    yield task("plugin_info", "plugins", {"name": "*Secret*", "definitions": True})
    yield task("connector_export", "export", {"dest": f"{folder}/export-{{{{ inventory_hostname }}}}"}, diff=True)
    yield task(
        "connector_state", "restart", {"name": options["name"], "state": "restarted", "stable_for": 0}, diff=True
    )
    yield task("connector", "delete: check", {**options, "state": "absent"}, check_mode=True, diff=True)
    yield task("connector", "delete", {**options, "state": "absent"}, diff=True)


def failures(folder: str) -> Iterator[Task]:
    """What fails, by input, validation, workers that quote what they got, and traces."""
    new: dict[str, Any] = {"name": "{{ inventory_hostname }}-failing", "stable_for": 0}
    yield task("connector", "invalid", {**new, "config": config(**{"database.port": secret("looks_secret")})})
    nested: dict[str, Any] = {"database.password": {"x": secret("nested")}}
    yield task("connector", "nested", {**new, "config": config(**nested)})
    yield task("connectors", "bad file", {"src": f"{folder}/bad.yml"})
    resolved = {"database.port": "${file:" + folder + "/secrets.properties:port}"}
    yield task("connector", "resolved by the worker", {**new, "config": config(**resolved)})
    yield task("connector_info", "wrong type", {"url_password": {"x": secret("url_password_of_wrong_type")}})
    yield task("connector", "quoted", {**new, "name": "quoted-{{ inventory_hostname }}", "config": config()}, diff=True)
    yield task(
        "connector", "quoted while waiting", {**new, "name": "waits-{{ inventory_hostname }}", "config": config()}
    )
    broken = config(**{"database.hostname": "db.invalid"})
    unchecked = {"config": config(**resolved), "validate": "none"}
    yield task("connector", "resolved and not validated", {**new, "name": "{{ inventory_hostname }}-v", **unchecked})
    yield task("connector", "fails", {**new, "config": broken, "on_failure": "rollback"}, diff=True)
    yield task("connector_info", "traced", {"name": "traced"})
    yield task("connector_state", "traced again", {"name": "traced", "state": "restarted", "stable_for": 0})


@dataclass(frozen=True)
class Searched:
    """A run of everything, and what else it left behind."""

    run: PlaybookRun
    cluster: FakeCluster
    folder: Path
    journal: list[str]


SENT = ("password_key", "keystore", "looks_secret", "jaas", "url_user_info", "private_key", "basic_auth", "header")
"""The canaries in any request that writes `config()`."""


def quoting(cluster: FakeCluster) -> None:
    """Lets workers quote what they were sent, as some do, once for each host."""
    everything = "; ".join(CANARIES[name] for name in SENT)
    for host in HOSTS:
        cluster.script(
            matching("PUT", f"/connectors/quoted-{host}/config"),
            [faults.refuse(500, f"Could not handle the request: {everything}")],
        )
        waiting = faults.respond(503, f"busy with {everything}".encode(), {"Content-Type": "text/plain"}, times=6)
        cluster.script(matching("PUT", f"/connectors/waits-{host}/config"), [waiting])


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searched]:
    folder = tmp_path_factory.mktemp("secrets")
    other = make_interpreter(folder / "other")
    (folder / "bad.yml").write_text(f'database.password: "{CANARIES["bad_file"]}\nx: [', encoding="utf-8")
    (folder / "secrets.properties").write_text(f"port={CANARIES['provider']}\n", encoding="utf-8")
    stored = {"connector.class": SECRET_SOURCE, "database.password": CANARIES["trace"], "database.hostname": "h"}
    trace = (
        f"org.apache.kafka.connect.errors.ConnectException: GET /x Authorization: Bearer {CANARIES['token']}\n"
        f"\tat a.b.C.d(C.java:1)\nCaused by: java.sql.SQLException: refused {CANARIES['trace']} for "
        f"jdbc:x://u:{CANARIES['trace']}@h\n\tat a.b.C.d(C.java:1)\n"
    )
    connection = {
        "url_username": "connect",
        "url_password": secret("basic_auth"),
        "headers": {"X-Api-Key": secret("header")},
    }
    hosts = {
        "here": {"ansible_python_interpreter": "{{ ansible_playbook_python }}", "canaries": CANARIES},
        "there": {"ansible_python_interpreter": str(other.python), "canaries": CANARIES},
    }
    with FakeCluster(credentials=("connect", CANARIES["basic_auth"])) as cluster:
        cluster.connectors.put("traced", stored)
        cluster.connectors.fail("traced", task=0, trace=trace, sticky=True)
        quoting(cluster)
        group = "group/streamops.kafka_connect.kafka_connect"
        with_token = {"url": cluster.urls, "token": secret("token")}
        plays = [
            play(
                [*every_module(str(folder)), *failures(str(folder))],
                module_defaults={group: {"url": cluster.urls, **connection}},
            ),
            play([task("connector_info", "wrong token", with_token)]),
        ]
        run = run_playbook(plays, hosts, folder, arguments=["-vvvvv", "--diff"])
        yield Searched(run, cluster, folder, other.journal)


SUCCESSES = [entry["name"] for entry in every_module("")]
FAILURES = [*(entry["name"] for entry in failures("")), "wrong token"]


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("label", SUCCESSES)
def test_successes_are_successes(searched: Searched, host: str, label: str) -> None:
    assert searched.run.of(label, host).status == "ok", searched.run.of(label, host).message


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("label", FAILURES)
def test_failures_are_told_without_an_internal_error(searched: Searched, host: str, label: str) -> None:
    record = searched.run.of(label, host)
    # Not all of them fail: what a worker quotes while it is busy is waited for, what was failed before is looked at.
    if label not in ("traced", "quoted while waiting"):
        assert record.failed, record.result
    assert "internal error" not in record.message


def test_secrets_reached_the_cluster(searched: Searched) -> None:
    """Otherwise the search would find nothing for the wrong reason."""
    sent = b"".join(request.body for request in searched.cluster.requests).decode()
    seen = sent + json.dumps([dict(request.headers) for request in searched.cluster.requests])
    for name in (
        "password_key",
        "former_password_key",
        "keystore",
        "looks_secret",
        "jaas",
        "url_user_info",
        "override",
    ):
        assert CANARIES[name] in sent, name
    for name in ("token", "header"):
        assert CANARIES[name] in seen, name


@pytest.mark.parametrize("name", CANARIES)
def test_nothing_shows_the_secret(searched: Searched, name: str) -> None:
    places = {
        "output": searched.run.output.splitlines(),
        "results": [f"{record.task} on {record.host}: {json.dumps(record.result)}" for record in searched.run.records],
        "journal of the host": searched.journal,
        "report": (searched.folder / "report.jsonl").read_text(encoding="utf-8").splitlines(),
        "exported files": [
            file.read_text(encoding="utf-8") for host in HOSTS for file in searched.folder.glob(f"export-{host}/*")
        ],
    }
    for place, lines in places.items():
        assert lines, f"nothing to search in {place}"
        assert [line for line in lines if CANARIES[name] in line] == [], place


@pytest.mark.parametrize("host", HOSTS)
def test_changes_of_secrets_are_seen_to_be_changes(searched: Searched, host: str) -> None:
    (difference,) = searched.run.of("update", host).result["diff"]
    assert difference["before"] == 'database.password: "********"\n'
    assert difference["after"] == 'database.password: "********" (changed)\n'


def test_journal_of_the_host_names_options_only(searched: Searched) -> None:
    # Older versions of Ansible put warnings into the journal too.
    told = [line for line in searched.journal if not line.startswith("[WARNING] ")]
    assert len(told) >= len(SUCCESSES)
    assert all(re.fullmatch(r"Invoked with [a-z_]+(, [a-z_]+)*", line) for line in told)
    assert any("config" in line for line in told)


def test_former_configs_are_kept_for_the_owner_only(searched: Searched) -> None:
    kept = list((searched.folder / "backup").iterdir())
    assert kept
    assert CANARIES["password_key"] in "".join(file.read_text(encoding="utf-8") for file in kept)
    assert {file.stat().st_mode & 0o777 for file in [*kept, searched.folder / "report.jsonl"]} == {0o600}


def test_value_that_a_real_worker_resolves_is_not_shown(sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "secrets.properties").write_text(f"number={CANARIES['provider']}\n", encoding="utf-8")
    reference = f"${{file:{tmp_path}/secrets.properties:number}}"
    wrong = {"connector.class": "FileStreamSource", "topic": "t", "file": "/x", "batch.size": reference}
    jaas = {**wrong, "batch.size": 1, "producer.override.sasl.jaas.config": reference}
    options = {"url": sandbox.urls, "stable_for": 0}
    tasks = [
        task("connector", "number", {**options, "name": "secrets-number", "config": wrong}),
        task("connector_validate", "validate", {"url": sandbox.urls, "connectors": [{"name": "v", "config": wrong}]}),
        task("connector", "jaas", {**options, "name": "secrets-jaas", "config": jaas}, diff=True),
        task("connector_info", "info", {"url": sandbox.urls, "name": "secrets-*"}),
        task("connector", "gone", {"url": sandbox.urls, "name": "secrets-jaas", "state": "absent"}, diff=True),
    ]
    here = {"cluster": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}}
    run = run_playbook([play(tasks)], here, tmp_path / "run", arguments=["-vvvvv"])
    assert run.of("number").failed
    assert 'key "batch.size"' in run.of("number").message
    assert run.of("gone").status == "ok"
    assert CANARIES["provider"] not in run.output
    assert CANARIES["provider"] not in json.dumps([record.result for record in run.records])
