# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""connector_heal and the playbook heal on a real cluster: the status topic is the only memory."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Producer

from testing.ansible_runs import play, run_playbook, task
from tests.contract.modules.shapes import misfits

from .conftest import Patient, wait_for

REASONS = ("reason", "failures", "restarts")


@pytest.fixture(scope="module")
def broken(patient: Patient) -> Patient:
    """A source that failed because the broker hung, and a sink whose directory does not exist."""
    patient.put_source("orders")
    patient.put(
        "archive",
        {
            "connector.class": "FileStreamSink",
            "tasks.max": "1",
            "file": "/no/such/directory/archive.txt",
            "topics": "orders",
        },
        ["RUNNING", "FAILED"],
    )
    patient.hang_broker_until_it_fails("orders")
    return patient


def test_what_failed_transiently_runs_again_and_the_rest_is_left_with_its_fix(broken: Patient) -> None:
    planned = broken.heal(check_mode=True, first_pause="0s")
    assert (planned["changed"], [entry["result"] for entry in planned["restarted"]]) == (True, ["planned"])
    assert broken.states("orders") == ["RUNNING", "FAILED"]

    result = broken.heal(first_pause="0s")
    (entry,) = result["restarted"]
    assert (entry["connector"], entry["tasks"], entry["result"], entry["failures"]) == ("orders", [0], "running", 1)
    assert "TimeoutException: Expiring" in entry["cause"]
    (left,) = result["left"]
    assert (left["connector"], left["reason"]) == ("archive", "permanent")
    assert "copy it to every worker" in left["advice"]
    before = broken.source_offsets("orders")
    broken.write("orders", "after the repair")
    wait_for(lambda: broken.source_offsets("orders") != before)

    again = broken.heal(first_pause="0s")
    assert (again["changed"], again["restarted"]) == (False, [])


def test_runs_remember_without_a_file(patient: Patient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    patient.put_source("payments")
    patient.hang_broker_until_it_fails("payments")
    rules: dict[str, Any] = {"name": ["payments"], "max_restarts": 1, "first_pause": "0s"}
    assert [entry["result"] for entry in patient.heal(**rules)["restarted"]] == ["running"]

    patient.hang_broker_until_it_fails("payments")
    (left,) = patient.heal(**rules)["left"]
    assert [left[key] for key in REASONS] == ["limit_reached", 2, 1]
    (left,) = patient.heal(name=["payments"], first_pause="1h")["left"]
    assert [left[key] for key in REASONS] == ["not_due", 2, 1]
    assert left["next_restart_at"][:13] > left["last_failure"][:13]
    assert patient.states("payments") == ["RUNNING", "FAILED"]
    assert list(tmp_path.iterdir()) == []
    assert patient.heal(name=["payments"], max_restarts=2, first_pause="0s")["restarted"][0]["result"] == "running"


@pytest.mark.deep
def test_restarts_by_other_programs_count(patient: Patient) -> None:
    patient.put_source("invoices")
    patient.hang_broker_until_it_fails("invoices")
    code, _answer = patient.sandbox.request("POST", "/connectors/invoices/tasks/0/restart")
    assert code == 204
    wait_for(lambda: patient.states("invoices") == ["RUNNING", "RUNNING"])
    patient.hang_broker_until_it_fails("invoices")
    (left,) = patient.heal(name=["invoices"], max_restarts=1, first_pause="0s")["left"]
    assert [left[key] for key in REASONS] == ["limit_reached", 2, 1]


@pytest.mark.deep
def test_an_outdated_status_is_cured(patient: Patient) -> None:
    """The record that a partitioned worker writes when it reaches the brokers again."""
    patient.put_source("returns")
    producer = Producer({"bootstrap.servers": patient.sandbox.bootstrap_servers})
    status = {"state": "UNASSIGNED", "trace": None, "worker_id": "127.0.0.1:1", "generation": 1}
    producer.produce("connect-status", key="status-connector-returns", value=json.dumps(status))
    assert producer.flush(30) == 0
    wait_for(lambda: patient.states("returns") == ["UNASSIGNED", "RUNNING"])
    (entry,) = patient.heal(name=["returns"])["restarted"]
    assert (entry["result"], entry["tasks"]) == ("running", [])
    assert "outdated status UNASSIGNED from worker 127.0.0.1:1" in entry["cause"]
    assert patient.states("returns") == ["RUNNING", "RUNNING"]


@pytest.mark.deep
def test_a_module_on_a_host_does_the_same(patient: Patient, tmp_path: Path) -> None:
    patient.put_source("shipments")
    patient.hang_broker_until_it_fails("shipments")
    options = {
        "url": patient.sandbox.urls,
        "bootstrap_servers": patient.sandbox.bootstrap_servers,
        "status_topic": "connect-status",
        "name": "shipments",
        "first_pause": "0s",
        "stable_for": 3,
    }
    # Ansible sends the module because of async.
    healing = task("connector_heal", "heal", options, **{"async": 120, "poll": 1})
    python = {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    run = run_playbook([play([healing])], {"host": python}, tmp_path)
    result = run.of("heal").result
    assert [entry["result"] for entry in result["restarted"]] == ["running"], run.output
    assert misfits("connector_heal", {key: result[key] for key in ("restarted", "left", "report", "msg", "run")}) == []


@pytest.mark.deep
def test_the_playbook_reports_and_sets_statistics(broken: Patient, tmp_path: Path) -> None:
    broken.put_source("refunds")
    broken.hang_broker_until_it_fails("refunds")
    variables = {
        "ansible_python_interpreter": "{{ ansible_playbook_python }}",
        "kafka_connect_url": broken.sandbox.urls,
        "kafka_connect_bootstrap_servers": broken.sandbox.bootstrap_servers,
        "heal_name": ["refunds", "archive"],
        "heal_first_pause": "0s",
        "heal_stable_for": 3,
    }
    plays = [{"import_playbook": "streamops.kafka_connect.heal"}]
    run = run_playbook(plays, {"localhost": variables}, tmp_path / "run")
    assert run.returncode == 0, run.output
    assert "restarted 1 of 2 failed connectors (refunds); left 1: 1 permanent (archive: " in run.output
    (stats,) = (record.result["ansible_stats"]["data"] for record in run.records if "ansible_stats" in record.result)
    assert [entry["connector"] for entry in stats["heal_restarted"]["localhost"]] == ["refunds"]
    assert [entry["connector"] for entry in stats["heal_left"]["localhost"]] == ["archive"]
    failing = run_playbook(plays, {"localhost": {**variables, "heal_fail_on_left": True}}, tmp_path / "failing")
    assert failing.returncode == 2
    assert "-> the worker that runs the task does not have the file" in failing.output
