# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values that a worker sends are never templated. Vaulted values and files are decrypted, or fail with one line."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.vault import VaultLib, VaultSecret

from testing.ansible_runs import Interpreter, PlaybookRun, play, run_playbook, task
from testing.fake_connect import FakeCluster

HOSTS = ("here", "there")
SECRET_SOURCE = "com.example.SecretSourceConnector"
VAULT_PASSWORD = "open sesame"
SECRET = "vault-canary-81ce"
TEMPLATE = "{{ 7*7 }}-{% raw %}x{% endraw %}"
CONFIG = {
    "connector.class": SECRET_SOURCE,
    "database.hostname": "db.example.com",
    "database.user": "connect",
    "topic.prefix": "p",
}


@pytest.fixture(scope="module")
def hosts(other: Interpreter) -> dict[str, dict[str, Any]]:
    """One host whose tasks run in-process, one whose tasks run as modules."""
    return {
        "here": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"},
        "there": {"ansible_python_interpreter": str(other.python)},
    }


@pytest.fixture(scope="module")
def templated(
    tmp_path_factory: pytest.TempPathFactory,
    hosts: dict[str, dict[str, Any]],
    controller: Interpreter,
    fakes: Callable[[], FakeCluster],
) -> PlaybookRun:
    """The values that later tasks use of a connector whose config, name and trace look like templates."""
    cluster = fakes()
    cluster.connectors.put("orders", {"connector.class": "FileStreamSource", "topic": TEMPLATE, "file": "/x"})
    cluster.connectors.put(TEMPLATE, {"connector.class": "FileStreamSource", "topic": "t", "file": "/x"})
    cluster.connectors.fail("orders", task=0, trace=f"java.lang.IllegalStateException: {TEMPLATE}\n\tat a.b(C.java:1)")
    first = "(found.connectors | selectattr('name', 'equalto', 'orders'))[0]"
    others = "found.connectors | rejectattr('name', 'equalto', 'orders')"
    tasks = [
        task("connector_info", "look", {"url": cluster.urls}, register="found"),
        task("ansible.builtin.debug", "value", {"msg": f"{{{{ {first}.config.topic }}}}"}),
        task("ansible.builtin.debug", "within a text", {"msg": f"topic={{{{ {first}.config.topic }}}}"}),
        task("ansible.builtin.debug", "cause", {"msg": f"{{{{ {first}.cause }}}}"}),
        task("ansible.builtin.set_fact", "fact", {"kept": f"{{{{ {first}.config }}}}"}),
        task("ansible.builtin.debug", "value of the fact", {"msg": "{{ kept.topic }}"}),
        task("ansible.builtin.debug", "item", {"msg": "{{ item.name }}"}, loop=f"{{{{ {others} }}}}"),
        task(
            "connector",
            "written back",
            {"url": cluster.urls, "name": "orders", "config": "{{ kept }}"},
            check_mode=True,
        ),
    ]
    return run_playbook([play(tasks)], hosts, tmp_path_factory.mktemp("templated"), python=controller.python)


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("value", TEMPLATE),
        ("within a text", f"topic={TEMPLATE}"),
        ("cause", f"IllegalStateException: {TEMPLATE}"),
        ("value of the fact", TEMPLATE),
    ],
)
def test_values_from_a_worker_are_not_templated(templated: PlaybookRun, host: str, label: str, shown: str) -> None:
    assert templated.of(label, host).message == shown


@pytest.mark.parametrize("host", HOSTS)
def test_values_from_a_worker_are_not_templated_as_loop_items(templated: PlaybookRun, host: str) -> None:
    assert [entry["msg"] for entry in templated.of("item", host).result["results"]] == [TEMPLATE]


@pytest.mark.parametrize("host", HOSTS)
def test_values_from_a_worker_are_written_back_unchanged(templated: PlaybookRun, host: str) -> None:
    record = templated.of("written back", host)
    assert record.status == "ok", record.result
    assert record.result["changed"] is False


@dataclass(frozen=True)
class Vaulted:
    """A run of tasks whose secrets are vaulted, and the cluster that they reached."""

    run: PlaybookRun
    cluster: FakeCluster


def vaulted(text: str) -> str:
    encrypted: bytes = VaultLib().encrypt(text, secret=VaultSecret(VAULT_PASSWORD.encode()))
    return encrypted.decode()


def as_yaml(password: str) -> str:
    """The config in YAML with its password as a tagged vaulted value."""
    lines = [f"{key}: {value}" for key, value in CONFIG.items()]
    lines += ["database.password: !vault |", *(f"  {line}" for line in vaulted(password).splitlines())]
    return "\n".join(lines) + "\n"


def vault_tasks(folder: Path, urls: list[str]) -> list[dict[str, Any]]:
    """Tasks that need the vault, each creating a separate connector, and one that does not need it."""
    (folder / "whole.json").write_text(vaulted(json.dumps({**CONFIG, "database.password": SECRET})), encoding="utf-8")
    (folder / "value.yml").write_text(as_yaml(SECRET), encoding="utf-8")
    (folder / "f.properties").write_text("k=of-the-worker\n", encoding="utf-8")
    reference = {**CONFIG, "database.password": f"${{file:{folder}/f.properties:k}}"}
    (folder / "open.json").write_text(json.dumps(reference), encoding="utf-8")
    (folder / "variables.yml").write_text(
        "vaulted_config:\n" + "".join(f"  {line}\n" for line in as_yaml(SECRET).splitlines()), encoding="utf-8"
    )
    options = {"url": urls, "stable_for": 0, "warn_literal_secrets": False}
    name = "{{ inventory_hostname }}-variable"
    return [
        task("connectors", "open file", {**options, "src": str(folder / "open.json")}),
        task("connectors", "whole file", {**options, "src": str(folder / "whole.json")}, diff=True),
        task("connectors", "tagged value", {**options, "src": str(folder / "value.yml")}, diff=True),
        task(
            "connector",
            "variable",
            {**options, "name": name, "config": "{{ vaulted_config }}"},
            vars_files=[str(folder / "variables.yml")],
            diff=True,
        ),
    ]


def play_vault(
    folder: Path, hosts: dict[str, dict[str, Any]], controller: Interpreter, password: str | None
) -> Vaulted:
    with FakeCluster() as cluster:
        tasks = vault_tasks(folder, cluster.urls)
        variables = [entry.pop("vars_files") for entry in tasks if "vars_files" in entry]
        arguments = ["-vvvv"]
        if password is not None:
            (folder / "password.txt").write_text(password, encoding="utf-8")
            arguments += ["--vault-password-file", str(folder / "password.txt")]
        plays = [play(tasks[:-1]), play(tasks[-1:], vars_files=variables[0])]
        run = run_playbook(plays, hosts, folder, arguments=arguments, python=controller.python)
        return Vaulted(run, cluster)


@pytest.fixture(scope="module")
def opened(
    tmp_path_factory: pytest.TempPathFactory, hosts: dict[str, dict[str, Any]], controller: Interpreter
) -> Vaulted:
    return play_vault(tmp_path_factory.mktemp("opened"), hosts, controller, VAULT_PASSWORD)


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("label", ["open file", "whole file", "tagged value", "variable"])
def test_vaulted_values_are_decrypted(opened: Vaulted, host: str, label: str) -> None:
    assert opened.run.of(label, host).status == "ok", opened.run.of(label, host).result


def test_vaulted_values_appear_only_in_the_cluster(opened: Vaulted) -> None:
    stored = {name: (record.config or {})["database.password"] for name, record in opened.cluster.connectors.items()}
    assert stored.pop("open").startswith("${file:/")
    assert stored == {
        "whole": SECRET,
        "value": SECRET,
        "here-variable": SECRET,
        "there-variable": SECRET,
    }
    assert SECRET not in opened.run.output
    assert SECRET not in json.dumps([record.result for record in opened.run.records])


@pytest.mark.parametrize("password", [None, "wrong"])
def test_a_missing_vault_password_is_a_one_line_error_that_names_the_file(
    tmp_path: Path, hosts: dict[str, dict[str, Any]], controller: Interpreter, password: str | None
) -> None:
    played = play_vault(tmp_path, hosts, controller, password)
    for host in HOSTS:
        for label, file in (("whole file", "whole.json"), ("tagged value", "value.yml")):
            record = played.run.of(label, host)
            assert record.failed
            assert len(record.message.splitlines()) == 1
            assert f"{tmp_path}/{file}" in record.message
            assert "is vaulted and can't be decrypted: " in record.message
            assert record.message.endswith("give its vault password (--vault-password-file or --ask-vault-pass)")
        assert played.run.of("open file", host).status == "ok"
    assert list(played.cluster.connectors) == ["open"]
