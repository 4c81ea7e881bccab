# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Live progress: lines while a task runs in-process; silenced by no_log and by `progress: false`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from testing.ansible_runs import Interpreter, PlaybookRun, play, run_playbook, task
from testing.fake_connect import FakeCluster

BROKEN = {
    "connector.class": "com.example.SecretSourceConnector",
    "database.hostname": "db.invalid",
    "database.user": "connect",
    "database.password": "progress-canary-77ab",
    "topic.prefix": "p",
}


@pytest.fixture(scope="module")
def run(
    tmp_path_factory: pytest.TempPathFactory,
    controller: Interpreter,
    other: Interpreter,
    fakes: Callable[[], FakeCluster],
) -> PlaybookRun:
    cluster = fakes()

    def deploy(label: str, **options: Any) -> dict[str, Any]:
        entries = [{"name": f"{label}-{number}", "config": BROKEN} for number in (1, 2)]
        return {"connectors": entries, "batches": ["1"], "url": cluster.urls, "stable_for": 0, **options}

    here = [
        task("connectors", "shown", deploy("shown")),
        task("connectors", "off", deploy("off", progress=False)),
        task("connectors", "secret", deploy("secret"), no_log=True),
    ]
    return run_playbook(
        [play(here, "here"), play([task("connectors", "sent", deploy("sent"))], "there")],
        {
            "here": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"},
            "there": {"ansible_python_interpreter": str(other.python)},
        },
        tmp_path_factory.mktemp("progress"),
        python=controller.python,
    )


def lines(run: PlaybookRun) -> list[str]:
    """The progress lines of a run."""
    return [line for line in run.output.splitlines() if re.match(r"\S+ \| +\d+\.\d s \| ", line)]


def test_progress_lines_name_the_host_and_the_event(run: PlaybookRun) -> None:
    assert any(re.fullmatch(r"here \| +\d\.\d s \| batch 1 of 2: 1 connectors?", line) for line in lines(run))
    assert any("failed: shown-1: task 0 is FAILED: UnknownHostException" in line for line in lines(run))


def test_only_the_task_that_requests_progress_prints_lines(run: PlaybookRun) -> None:
    assert lines(run) != []
    for line in lines(run):
        assert line.startswith("here | ")
        assert "off-" not in line
        assert "secret-" not in line
    assert sum("batch 1 of 2" in line for line in lines(run)) == 1


@pytest.mark.parametrize("label", ["shown", "off", "sent"])
def test_the_timeline_has_the_same_facts_as_the_progress_lines(run: PlaybookRun, label: str) -> None:
    timeline = [event["text"] for event in run.of(label).result["run"]["timeline"]]
    assert timeline[0].startswith("batch 1 of 2")
    assert any(text.startswith(f"failed: {label}-1: task 0 is FAILED") for text in timeline)


def test_no_log_hides_the_whole_result(run: PlaybookRun) -> None:
    record = run.of("secret")
    assert record.failed
    # Newer versions of Ansible show the message of a failed task nevertheless, but it contains no secret.
    assert not {"connectors", "run", "msg", "error"} & set(record.result)
    assert "censored" in record.result


def test_no_progress_line_contains_a_secret(run: PlaybookRun) -> None:
    assert BROKEN["database.password"] not in run.output
