# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The same under ansible-runner, which AWX uses for jobs: its artifacts, and the files of modules."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from testing.ansible_runs import make_interpreter, play
from testing.ansible_runs.ssh_server import ssh_host
from testing.sandbox.environment import without_settings

from . import tasks
from .canaries import CANARIES, forms
from .watching import Watch, watching
from .workers import HOSTS, defaults, hosts, workers

LIMIT = 300.0
LABELS = tasks.MOST_OUTPUT
"""All of them are also in test_playbook."""


@dataclass(frozen=True)
class Job:
    """The artifacts of a job: text by the path of the file, and the events at the ends of its tasks."""

    artifacts: dict[str, str]
    events: list[dict[str, Any]]
    watch: Watch


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Job]:
    folder = tmp_path_factory.mktemp("runner")
    other = make_interpreter(folder / "other")
    with workers(folder) as all_workers, ssh_host(folder / "ssh") as ssh:
        cluster = all_workers.cluster
        of_cluster = [*tasks.successes(str(folder)), *tasks.failures(str(folder))]
        ways = tasks.connections(cluster.urls, all_workers.tls.urls, all_workers.ca, str(folder))
        plays = [
            play(tasks.chosen(of_cluster), module_defaults=defaults(cluster.urls)),
            play(tasks.chosen(tasks.every_module(str(folder))), module_defaults=defaults([all_workers.echo])),
            play(tasks.chosen(ways)),
        ]
        _write_job(folder, plays, hosts(other.python, ssh))
        command = [
            sys.executable,
            "-m",
            "ansible_runner",
            "run",
            str(folder),
            "-p",
            "job.yml",
            "--ident",
            "job",
            "-vvvv",
        ]
        temporary = [folder / "remote-tmp", folder / "ansible-home"]
        with (
            subprocess.Popen(
                command, env=without_settings(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
            ) as process,
            watching([process.pid, ssh.process_id], temporary, list(CANARIES.values())) as watch,
        ):
            output = _output_of(process)
        artifacts = folder / "artifacts" / "job"
        kept = {
            file.relative_to(artifacts).as_posix(): file.read_text("utf-8", "replace")
            for file in artifacts.rglob("*")
            if file.is_file()
        }
        events = [json.loads(text) for name, text in kept.items() if name.startswith("job_events/")]
        ends = [event for event in events if event["event"] in ("runner_on_ok", "runner_on_failed")]
        yield Job({**kept, "output of the runner": output}, ends, watch)


def _output_of(process: subprocess.Popen[bytes]) -> str:
    """Return everything that the job printed. A job that hangs is ended, and the test fails."""
    try:
        return process.communicate(timeout=LIMIT)[0].decode("utf-8", "replace")
    except subprocess.TimeoutExpired:
        process.kill()
        raise


def _write_job(folder: Path, plays: list[dict[str, Any]], variables: dict[str, dict[str, object]]) -> None:
    """The private data directory of a job."""
    for name in ("project", "inventory", "env"):
        (folder / name).mkdir()
    listed = {host: {"ansible_connection": "local", **more} for host, more in variables.items()}
    (folder / "inventory" / "hosts.json").write_text(json.dumps({"all": {"hosts": listed}}), encoding="utf-8")
    (folder / "project" / "job.yml").write_text(json.dumps(plays), encoding="utf-8")
    settings = {
        "ANSIBLE_COLLECTIONS_PATH": os.environ["ANSIBLE_COLLECTIONS_PATH"],
        "ANSIBLE_HOME": str(folder / "ansible-home"),
        "ANSIBLE_REMOTE_TEMP": str(folder / "remote-tmp"),
        "ANSIBLE_KEEP_REMOTE_FILES": "0",
        # So that the input of modules is in files on the host.
        "ANSIBLE_PIPELINING": "0",
    }
    (folder / "env" / "envvars").write_text(json.dumps(settings), encoding="utf-8")


def test_every_task_has_an_event(job: Job) -> None:
    ended = {(event["event_data"]["task"], event["event_data"]["host"]) for event in job.events}
    assert ended == {(label, host) for label in LABELS for host in HOSTS}
    wrong = {event["event_data"]["task"] for event in job.events if event["event"] == "runner_on_failed"}
    assert wrong == {"fails", "quoted in validation", "echoed: connectors"}


@pytest.mark.parametrize("place", CANARIES)
def test_no_artifact_shows_the_secret(job: Job, place: str) -> None:
    assert {"stdout", "command", "output of the runner"} <= job.artifacts.keys()
    lines = [f"{name}: {line}" for name, text in job.artifacts.items() for line in text.splitlines()]
    lines += [*job.watch.command_lines, *job.watch.environments]
    assert [line for line in lines if any(form in line for form in forms(place))] == []


def test_module_files_were_readable_by_their_owner_only(job: Job) -> None:
    assert any("AnsiballZ_connector" in path for path in job.watch.held)
    assert job.watch.open_files == set()
    assert [path for path in job.watch.held if Path(path).exists()] == []
