# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fake cluster leads to the same decisions and result shapes as a real one, so tests can rely on it."""

from __future__ import annotations

from typing import Any

import pytest

from testing.ansible_runs import TaskRecord

from .conftest import EVERYWHERE, PLACES, Played, Scenario
from .test_results import BRIEF_TASKS, TASKS, plain


def shape(value: Any) -> Any:
    """Keys and types of a value; of a list those of its first element."""
    if isinstance(value, dict):
        return {key: shape(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [shape(entry) for entry in value[:1]]
    return type(value).__name__


if ("real", "module") in EVERYWHERE:

    @pytest.mark.parametrize("task", BRIEF_TASKS)
    def test_both_hosts_return_results_of_the_same_shape_on_a_real_cluster(played: Played, task: str) -> None:
        here, there = (plain(scenario, scenario.run.of(task)) for scenario in (played("real", one) for one in PLACES))
        assert shape(here) == shape(there)
        assert here.get("changed") == there.get("changed")


@pytest.mark.parametrize("task", TASKS)
def test_fake_and_real_clusters_lead_to_the_same_decisions(played: Played, task: str) -> None:
    fake, real = (played(server, "in-process") for server in ("fake", "real"))
    decisions = [_decisions(scenario, scenario.run.of(task)) for scenario in (fake, real)]
    assert decisions[0] == decisions[1]


def _decisions(scenario: Scenario, record: TaskRecord) -> Any:
    result = plain(scenario, record)
    decided = ("name", "action", "actions", "changed", "changed_keys", "reason", "failed", "error_kind", "valid")
    return {
        "status": record.status,
        "changed": result.get("changed"),
        "diff": result.get("diff"),
        "error": result.get("error", {}).get("kind"),
        "connectors": [{key: entry[key] for key in decided if key in entry} for entry in result.get("connectors", ())],
    }
