# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which runs of worker_scale form one batch.

Ansible starts a process for each host of a task, which creates an action plugin for each item of a loop, and runs it
again for each retry.
"""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.streamops.kafka_connect.plugins.plugin_utils import scaling
from testing.ansible_runs.in_process import make_action

VARIABLES = {"ansible_play_batch": ["w3", "w4"]}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scaling, "DEFAULT_LOCAL_TMP", str(tmp_path))
    another_process(monkeypatch)


def another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scaling, "_ITEMS", itertools.count())


def seen_with(action: Any, url: str) -> list[str]:
    """The workers of its batch that are already leaving, from the view of this run, when its own leaves."""
    found: list[str] = []
    action._operation(VARIABLES).args[1].going(url, found.extend)
    return found


def test_hosts_of_one_task_form_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    assert seen_with(make_action("worker_scale", {}, _uuid="task"), "http://w3:8083") == []
    another_process(monkeypatch)
    assert seen_with(make_action("worker_scale", {}, _uuid="task"), "http://w4:8083") == ["http://w3:8083"]


def test_a_retry_ignores_the_previous_attempt() -> None:
    action = make_action("worker_scale", {}, _uuid="task")
    assert seen_with(action, "http://w3:8083") == []
    assert seen_with(action, "http://w3:8084") == []


def test_items_of_a_loop_run_one_after_another() -> None:
    assert seen_with(make_action("worker_scale", {}, _uuid="task"), "http://w3:8083") == []
    assert seen_with(make_action("worker_scale", {}, _uuid="task"), "http://w3:8084") == []
