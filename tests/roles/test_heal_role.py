# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role heal agrees with the module, and its playbook reports what the module returns, run by Ansible itself."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.connector_heal import (
    CONNECTOR_HEAL,
)
from testing.ansible_runs import PlaybookRun, run_playbook
from testing.ansible_runs.stand_ins import collection_with_stand_ins
from testing.sandbox.environment import CHECKOUT

ROLE = CHECKOUT / "roles" / "heal"
OPTIONS: dict[str, Any] = yaml.safe_load((ROLE / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))[
    "argument_specs"
]["main"]["options"]

HEAL = """
import json
from pathlib import Path

from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    def run(self, tmp=None, task_vars=None):
        super().run(tmp, task_vars)
        host = task_vars["inventory_hostname"]
        with open(task_vars["journal"], "a") as journal:
            journal.write(f"{host} heal\\n")
        return json.loads(Path(f"{task_vars['journal']}.{host}").read_text())
"""

SCALE = """
from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    def run(self, tmp=None, task_vars=None):
        super().run(tmp, task_vars)
        with open(task_vars["journal"], "a") as journal:
            journal.write(f"{task_vars['inventory_hostname']} {self._task.args['state']}\\n")
        return {"changed": True}
"""

RESTART_NEEDED = [
    {
        "name": "Report reasons for a restart",
        "ansible.builtin.set_fact": {"worker_restart_reasons": "{{ reasons | default([]) }}"},
    }
]

RESTARTED = {"connector": "orders", "tasks": [0], "cause": "{{ odd }} refused", "result": "running"}
LEFT = {
    "connector": "payments",
    "tasks": [1],
    "reason": "permanent",
    "cause": "no login",
    "advice": "give the password",
}
DONE: dict[str, Any] = {
    "changed": True,
    "msg": "restarted 1 of 2 failed connectors (orders); left 1: 1 permanent (payments: no login)",
    "restarted": [RESTARTED],
    "left": [LEFT],
    "report": [
        "orders    running",
        "payments  left: permanent  no login",
        "                           -> give the password",
    ],
}
QUIET: dict[str, Any] = {"changed": False, "msg": "no connector has failed", "restarted": [], "left": [], "report": []}


@pytest.fixture
def collections(tmp_path: Path) -> Path:
    root = tmp_path / "c"
    collection_with_stand_ins(root, {"connector_heal": HEAL, "worker_scale": SCALE}, {"restart_needed": RESTART_NEEDED})
    return root


def repair(
    folder: Path,
    collections: Path,
    clusters: Mapping[str, Mapping[str, Any]],
    *arguments: str,
    workers: Mapping[str, Mapping[str, Any]] | None = None,
) -> tuple[PlaybookRun, Sequence[str]]:
    """Run the playbook, and return what it did to which host, in order. `clusters`: what the module returns there."""
    journal = folder / "journal"
    journal.write_text("", encoding="utf-8")
    shared = {"ansible_become": False, "ansible_python_interpreter": sys.executable, "journal": str(journal)}
    for name, outcome in clusters.items():
        # Not as a variable, because Ansible trusts templates in an inventory.
        (folder / f"journal.{name}").write_text(json.dumps(outcome), encoding="utf-8")
    groups = folder / "groups.ini"
    groups.write_text(
        "\n".join(["[kafka_connect_clusters]", *clusters, *(["[kafka_connect_workers]", *workers] if workers else [])]),
        encoding="utf-8",
    )
    run = run_playbook(
        [{"import_playbook": "streamops.kafka_connect.heal"}],
        {name: {**shared, **(workers or {}).get(name, {})} for name in (*clusters, *(workers or {}))},
        folder / "run",
        arguments=["-i", str(groups), *arguments],
        environment={"ANSIBLE_COLLECTIONS_PATH": str(collections)},
    )
    return run, journal.read_text(encoding="utf-8").splitlines()


def statistics(run: PlaybookRun) -> dict[str, Any]:
    (found,) = (record.result["ansible_stats"] for record in run.records if "ansible_stats" in record.result)
    data: dict[str, Any] = found["data"]
    return data


def test_every_option_of_the_module_has_its_variable() -> None:
    (block, *_others) = yaml.safe_load((ROLE / "tasks" / "main.yml").read_text(encoding="utf-8"))
    given = block["block"][0]["streamops.kafka_connect.connector_heal"]
    assert set(given) == set(CONNECTOR_HEAL.arguments)
    assert {f"heal_{option}" for option in CONNECTOR_HEAL.arguments} == set(OPTIONS)
    for option, argument in CONNECTOR_HEAL.arguments.items():
        variable = f"heal_{option}"
        for aspect in ("type", "elements", "choices"):
            assert OPTIONS[variable].get(aspect) == argument.get(aspect), f"{aspect} of {option}"
        default = rf"omit|kafka_connect_{option} \| default\((omit|_heal_{option})\)"
        assert re.fullmatch(rf"{{{{ {variable} \| default\(({default})\) }}}}", given[option]), option


def test_the_examples_of_the_readme_use_known_variables() -> None:
    examples = re.findall(r"```yaml\n(.*?)```", (ROLE / "README.md").read_text(encoding="utf-8"), flags=re.DOTALL)
    assert set(re.findall(r"\bheal_\w+", "".join(examples))) <= set(OPTIONS)


def test_the_report_names_what_was_restarted_and_what_is_left(tmp_path: Path, collections: Path) -> None:
    run, journal = repair(tmp_path, collections, {"production": DONE, "test": QUIET})
    assert (run.returncode, len(journal)) == (0, 2)
    for line in (*DONE["report"], DONE["msg"], QUIET["msg"]):
        assert str(line).strip() in run.output


def test_statistics_name_the_cluster(tmp_path: Path, collections: Path) -> None:
    run, _journal = repair(tmp_path, collections, {"production": DONE, "test": QUIET})
    assert run.returncode == 0, run.output
    assert statistics(run) == {
        "heal_restarted": {"production": [RESTARTED], "test": []},
        "heal_left": {"production": [LEFT], "test": []},
    }


def test_a_cluster_that_fails_is_reported_and_the_others_continue(tmp_path: Path, collections: Path) -> None:
    failed = {**DONE, "failed": True, "msg": "left 1: 1 permanent"}
    down = {"failed": True, "msg": "no worker answers"}
    run, journal = repair(tmp_path, collections, {"production": failed, "test": QUIET, "down": down})
    assert run.returncode == 2
    assert len(journal) == 3
    assert "no worker answers" in run.output
    assert "left 1: 1 permanent" in run.output
    assert statistics(run)["heal_left"] == {"production": [LEFT], "test": [], "down": []}


def test_parked_work_is_released_first_on_request(tmp_path: Path, collections: Path) -> None:
    workers: dict[str, dict[str, Any]] = {name: {"kafka_connect_url": "http://c:1"} for name in ("c1", "c2")}
    workers["c2"]["reasons"] = ["configuration"]
    clusters = {"production": QUIET}
    _run, journal = repair(tmp_path, collections, clusters, workers=workers)
    assert [line.split()[:2] for line in journal] == [["production", "heal"]]
    run, journal = repair(tmp_path, collections, clusters, "-e", "heal_release=true", workers=workers)
    assert run.returncode == 0
    # The other worker would start with another configuration than it runs with.
    assert [line.split()[:2] for line in journal] == [["c1", "released"], ["production", "heal"]]


def test_without_workers_in_the_inventory_nothing_is_released(tmp_path: Path, collections: Path) -> None:
    run, journal = repair(tmp_path, collections, {"production": QUIET}, "-e", "heal_release=true")
    assert run.returncode == 0
    assert [line.split()[1] for line in journal] == ["heal"]
