# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Playbook log_levels on real workers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from testing.sandbox import Sandbox
from tests.integration.playbooks.playbooks import Playbooks

LOGGER = "com.example.logs.Playbook"


@pytest.fixture
def playbooks(sandbox: Sandbox, tmp_path: Path) -> Playbooks:
    """An empty directory from which playbooks run against all workers."""
    return Playbooks(tmp_path, ",".join(sandbox.urls))


def levels(sandbox: Sandbox) -> list[Any]:
    """The level of the logger on each worker, None where it does not exist."""
    answers = [sandbox.request("GET", f"/admin/loggers/{LOGGER}", who=worker.name) for worker in sandbox.workers]
    return [answer["level"] if status == 200 else None for status, answer in answers]


def test_levels_are_restored_after_the_time(sandbox: Sandbox, playbooks: Playbooks) -> None:
    run = playbooks.run("log_levels", log_loggers={LOGGER: "TRACE"}, log_duration=1)
    assert run.code == 0, run.output
    assert f"+{LOGGER}: TRACE" in run.output
    assert f"-{LOGGER}: TRACE" in run.output
    assert levels(sandbox) == ["WARN"] * len(sandbox.workers)


def test_levels_of_the_cluster_are_restored_if_the_wait_fails(sandbox: Sandbox, playbooks: Playbooks) -> None:
    # The wait runs as a module, which needs a directory. The module for the levels runs in the process of ansible-playbook.
    run = playbooks.run(
        "log_levels",
        log_loggers={LOGGER: "TRACE"},
        log_scope="cluster",
        log_duration=60,
        ansible_remote_tmp="/proc/no/such/directory",
    )
    assert run.code == 2, run.output
    assert f"-{LOGGER}: TRACE" in run.output
    assert levels(sandbox) == ["WARN"] * len(sandbox.workers)


def test_check_mode_changes_nothing(sandbox: Sandbox, playbooks: Playbooks) -> None:
    before = levels(sandbox)
    run = playbooks.run("log_levels", "--check", log_loggers={LOGGER: "TRACE"})
    assert run.code == 0, run.output
    assert levels(sandbox) == before


@pytest.mark.parametrize(
    "given", [{}, {"log_loggers": {}}, {"log_loggers": "DEBUG"}, {"log_loggers": {"a": "INFO"}, "log_duration": 0}]
)
def test_variables_that_cannot_be_right_are_reported(playbooks: Playbooks, given: dict[str, Any]) -> None:
    run = playbooks.run("log_levels", **given)
    assert run.code == 2
    assert "set log_loggers to the level of each logger" in run.output
