# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run of everything that may handle a secret, then a search of all its output and files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from testing.ansible_runs import PlaybookRun, make_interpreter, play, start_playbook, task
from testing.ansible_runs.ssh_server import ssh_host

from . import tasks
from .canaries import CANARIES, forms
from .watching import Watch, watching
from .workers import EVERY_TASK, HOSTS, Workers, defaults, hosts, workers

WITNESS = "seen-by-everybody"
ELSEWHERE = ("create", *tasks.MOST_OUTPUT)
"""The tasks on a host that does not run every task."""


@dataclass(frozen=True)
class Searched:
    """A run of everything, and everything else that it left behind."""

    run: PlaybookRun
    workers: Workers
    folder: Path
    journal: list[str]
    watch: Watch

    def text_of(self, name: str) -> list[str]:
        return (self.folder / name).read_text(encoding="utf-8").splitlines()


def _on(on: str, entries: list[tasks.Task]) -> list[tasks.Task]:
    return tasks.chosen(entries, ELSEWHERE) if on in HOSTS else entries


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searched]:
    folder = tmp_path_factory.mktemp("secrets")
    other = make_interpreter(folder / "other")
    with workers(folder) as all_workers, ssh_host(folder / "ssh") as ssh:
        cluster = all_workers.cluster
        ways = [*tasks.connections(cluster.urls, all_workers.tls.urls, all_workers.ca, str(folder))]
        witness = task("ansible.builtin.command", "witness", {"cmd": f"sh -c 'sleep 0.5' {WITNESS}"})
        of_cluster = [*tasks.successes(str(folder)), *tasks.failures(str(folder))]
        echoed = [*tasks.every_module(str(folder), all_workers.echo)]
        plays = []
        for on in (":".join(EVERY_TASK), *(host for host in HOSTS if host not in EVERY_TASK)):
            plays += [
                play(_on(on, of_cluster), on, module_defaults=defaults(cluster.urls)),
                play(_on(on, echoed), on, module_defaults=defaults([all_workers.echo])),
                play([*_on(on, ways), witness], on),
            ]
        environment = {
            "ANSIBLE_LOG_PATH": str(folder / "ansible.log"),
            "ANSIBLE_CALLBACKS_ENABLED": "recorder,ansible.builtin.junit",
            "JUNIT_OUTPUT_DIR": str(folder / "junit"),
            "ANSIBLE_KEEP_REMOTE_FILES": "0",
        }
        running = start_playbook(
            plays, hosts(other.python, ssh), folder, arguments=["-vvvvv", "--diff"], environment=environment
        )
        temporary = [folder / "ansible-home", folder / "remote-tmp", folder / "async"]
        with watching([running.process.pid, ssh.process_id], temporary, list(CANARIES.values())) as watch:
            run = running.finish()
        yield Searched(run, all_workers, folder, other.journal, watch)


SUCCESSES = [entry["name"] for entry in tasks.successes("")]
# Not all of them fail: a busy worker's quotation is waited for, and an old failure is read again.
FAILURES = [entry["name"] for entry in tasks.failures("") if entry["name"] not in ("traced", "quoted while waiting")]
ECHOED = [entry["name"] for entry in tasks.every_module("")]
WAYS = {
    entry["name"]: entry["name"] in ("client key", "password of the environment")
    for entry in tasks.connections([], [], "", "")
}


def on_its_hosts(labels: Iterable[str]) -> pytest.MarkDecorator:
    """Parametrize a test over the tasks with these names, on each host that runs them."""
    pairs = [(label, host) for label in labels for host in HOSTS if host in EVERY_TASK or label in ELSEWHERE]
    return pytest.mark.parametrize(("label", "host"), pairs)


@on_its_hosts([*SUCCESSES, *(way for way, right in WAYS.items() if right)])
def test_tasks_that_should_succeed_do_succeed(searched: Searched, host: str, label: str) -> None:
    assert searched.run.of(label, host).status == "ok", searched.run.of(label, host).message


@on_its_hosts([*FAILURES, *ECHOED, *(way for way, right in WAYS.items() if not right)])
def test_failures_are_reported_without_an_internal_error(searched: Searched, host: str, label: str) -> None:
    record = searched.run.of(label, host)
    assert record.failed, record.result
    assert "internal error" not in record.message
    assert "Traceback" not in record.message


def test_secrets_reached_the_cluster(searched: Searched) -> None:
    """Otherwise the search could find nothing for the wrong reason."""
    requests = searched.workers.cluster.requests
    sent = b"".join(request.body for request in requests).decode()
    seen = sent + json.dumps([dict(request.headers) for request in requests])
    config = ("password_key", "former_password_key", "keystore", "looks_secret", "jaas", "url_user_info", "override")
    for place in (*config, "validation"):
        assert CANARIES[place] in sent, place
    for place in ("token", "header", "environment", "basic_auth"):
        assert any(form in seen for form in forms(place)), place
    assert searched.workers.tls.requests


@pytest.mark.parametrize("place", CANARIES)
def test_nothing_shows_the_secret(searched: Searched, place: str) -> None:
    folder = searched.folder
    results = [f"{record.task} on {record.host}: {json.dumps(record.result)}" for record in searched.run.records]
    places = {
        "output": searched.run.output.splitlines(),
        "results": results,
        "log": searched.text_of("ansible.log"),
        "JUnit report": [line for file in folder.glob("junit/*.xml") for line in file.read_text("utf-8").splitlines()],
        "journal of the host": searched.journal,
        "report": searched.text_of("report.jsonl"),
        "exported files": [file.read_text("utf-8") for file in folder.glob("export-*/*")],
        "exported files without their secrets": [file.read_text("utf-8") for file in folder.glob("whole-*/*")],
        "command lines": sorted(searched.watch.command_lines),
        "environments": sorted(searched.watch.environments),
    }
    for name, lines in places.items():
        assert lines, f"nothing to search in {name}"
        assert [line for line in lines if any(form in line for form in forms(place))] == [], name


def test_every_module_ran_with_a_secret_in_each_place(searched: Searched) -> None:
    """The search has covered output of each task."""
    report = "".join(file.read_text("utf-8") for file in searched.folder.glob("junit/*.xml"))
    log = "\n".join(searched.text_of("ansible.log"))
    for label in (*SUCCESSES, *FAILURES, *ECHOED, *WAYS):
        assert f"TASK [{label}]" in log
        assert f" {label}" in report


def test_everything_visible_to_other_users_was_watched(searched: Searched) -> None:
    watch = searched.watch
    assert any(WITNESS in line for line in watch.command_lines)
    assert any("/other/bin/python" in line for line in watch.command_lines)
    assert any(line.startswith("ssh ") for line in watch.command_lines)
    assert any("ANSIBLE_LOG_PATH=" in line for line in watch.environments)


def test_no_file_contains_the_secret_afterwards(searched: Searched) -> None:
    """Only in files that the test provided or requested, which only their owner can read."""
    given = {"client.key", "bad.key", "bad.yml", "bad.json", "secrets.properties", "inventory.json"}
    for file in (file for file in searched.folder.rglob("*") if file.is_file() and file.name not in given):
        content = file.read_bytes()
        if any(form.encode() in content for place in CANARIES for form in forms(place)):
            where = file.relative_to(searched.folder).as_posix()
            assert re.fullmatch(r"backup/.*|kept-(here|there|afar)\.yml", where)
            assert file.stat().st_mode & 0o777 == 0o600, where


def test_no_file_with_a_secret_was_readable_by_other_users(searched: Searched) -> None:
    assert searched.watch.open_files == set()


@pytest.mark.parametrize("host", HOSTS)
def test_a_changed_secret_is_shown_as_a_change(searched: Searched, host: str) -> None:
    (difference,) = searched.run.of("update", host).result["diff"]
    assert difference["before"] == 'database.password: "********"\n'
    assert difference["after"] == 'database.password: "********" (changed)\n'


def test_the_journal_of_the_host_contains_option_names_only(searched: Searched) -> None:
    # Older versions of Ansible write warnings to the journal, too; async_wrapper and command have their own texts.
    reported = [line for line in searched.journal if line.startswith("Invoked with ") and WITNESS not in line]
    assert len(reported) >= len(SUCCESSES)
    named = [line for line in reported if not line.startswith("Invoked with j")]
    assert all(re.fullmatch(r"Invoked with [a-z_]+(, [a-z_]+)*", line) for line in named)
    assert any("config" in line for line in named)


def test_previous_configs_are_readable_by_their_owner_only(searched: Searched) -> None:
    kept = list((searched.folder / "backup").iterdir())
    assert kept
    assert CANARIES["password_key"] in "".join(file.read_text(encoding="utf-8") for file in kept)
    assert {file.stat().st_mode & 0o777 for file in [*kept, searched.folder / "report.jsonl"]} == {0o600}
