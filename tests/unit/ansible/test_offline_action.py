# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Modules that need no cluster, through their action plugin."""

from __future__ import annotations

from typing import Any

import pytest

from testing.ansible_runs.in_process import make_action
from tests.unit.connect.worker_support import GOOD

OPTIONS = {"kafka_version": "4.3.1", "workers": {"w1": GOOD}}


def test_the_offline_action_runs_in_process() -> None:
    result = make_action("worker_validate", OPTIONS).run(task_vars={})
    assert not result.get("failed")
    assert [worker["valid"] for worker in result["workers"]] == [True]


def test_the_remote_module_gets_the_same_options(monkeypatch: pytest.MonkeyPatch) -> None:
    action = make_action("worker_validate", OPTIONS, transport="ssh")
    sent: dict[str, Any] = {}

    def execute_module(**given: Any) -> dict[str, Any]:
        sent.update(given)
        return {"changed": False}

    monkeypatch.setattr(action, "_execute_module", execute_module)
    assert action.run(task_vars={}) == {"changed": False}
    assert sent["module_name"] == "streamops.kafka_connect.worker_validate"
    assert sent["module_args"]["workers"] == {"w1": GOOD}
