# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Results have the documented shape, and are the same in each run mode and on each cluster."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from testing.ansible_runs import TaskRecord

from .conftest import EVERYWHERE, PLACES, Played, Scenario, both_on_the_fake, everywhere
from .scenario import Site, all_tasks
from .shapes import misfits

ANYWHERE = Site([], "", "", "")
TASKS = {entry["name"]: next(key for key in entry if "." in key).rsplit(".", 1)[-1] for entry in all_tasks(ANYWHERE)}
"""The tasks of the scenario, each with its module."""

BRIEF_TASKS = [entry["name"] for entry in all_tasks(ANYWHERE, brief=True)]

COSTS = ("requests", "retries", "conflicts_waited", "elapsed", "timeline")
"""The cost of one run may differ from that of another."""


def plain(scenario: Scenario, record: TaskRecord) -> Any:
    """A result without the parts that may differ: names and folders of the run, addresses, costs, Ansible's own fields."""
    result = {key: value for key, value in record.result.items() if key != "invocation" and not key.startswith("_")}
    if "run" in result:
        result["run"] = {key: value for key, value in result["run"].items() if key not in COSTS}
    text = json.dumps(result).replace(scenario.site.folder, "FOLDER").replace(scenario.site.prefix, "PREFIX")
    text = text.replace(scenario.site.kafka_cluster_id, "CLUSTER")
    reported = json.loads(re.sub(r"127\.0\.0\.1:\d+", "WORKER", text))
    if "load" in reported:
        # Its order is that of the workers' addresses, which are removed here.
        reported["load"].sort(key=json.dumps)
    return reported


def test_every_module_is_in_the_brief_scenario() -> None:
    assert {TASKS[task] for task in BRIEF_TASKS} == set(TASKS.values())


@everywhere("task", list(TASKS), BRIEF_TASKS)
def test_the_result_matches_its_documentation(scenario: Scenario, task: str) -> None:
    assert misfits(TASKS[task], scenario.run.of(task).result) == []


@pytest.mark.parametrize("task", both_on_the_fake(list(TASKS), BRIEF_TASKS))
def test_both_hosts_return_the_same_result_on_the_fake_cluster(played: Played, task: str) -> None:
    here, there = (plain(scenario, scenario.run.of(task)) for scenario in (played("fake", place) for place in PLACES))
    assert here == there


@pytest.mark.parametrize("scenario", EVERYWHERE, indirect=True, ids="-".join)
def test_each_task_ran_on_the_expected_host(scenario: Scenario) -> None:
    for record in scenario.run.records:
        starts = (scenario.controller.starts(record), scenario.other.starts(record))
        expected = (0, 0) if scenario.place == "in-process" else (0, 1)
        assert starts == expected, f"{record.task} started {starts} Pythons"
