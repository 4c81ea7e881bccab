# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""worker_validate and the filters in a playbook: in ansible-playbook itself and as a module, with the same result."""

from __future__ import annotations

import json
from typing import Any

import pytest

from testing.ansible_runs import Interpreter, PlaybookRun, play, run_playbook, task
from tests.unit.connect.worker_support import GOOD, SECURE

from .shapes import misfits

SECRET = "Canary-of-a-worker-k9"
WORKERS = {
    "w1": {**GOOD, "offset.flush.interval.ms": 10000, "topic.creation.enable": True},
    "w2": {**GOOD, **SECURE, "rest.advertised.host.name": "w2", "ssl.key.password": SECRET, "group.id": "other"},
}
PLACES = {"here": "{{ ansible_playbook_python }}", "there": ""}


@pytest.fixture(scope="module")
def run(other: Interpreter, tmp_path_factory: pytest.TempPathFactory) -> PlaybookRun:
    given = {"kafka_version": "4.3.1", "workers": "{{ workers }}"}
    write = {
        "content": "{{ workers.w2 | streamops.kafka_connect.to_java_properties }}",
        "dest": "{{ folder }}/{{ inventory_hostname }}",
    }
    read = "{{ lookup('file', folder ~ '/' ~ inventory_hostname) | streamops.kafka_connect.from_java_properties }}"
    folder = tmp_path_factory.mktemp("worker-validate")
    variables = {"workers": WORKERS, "folder": str(folder)}
    return run_playbook(
        [
            play(
                [
                    task("worker_validate", "faulty", given),
                    task("worker_validate", "in check mode", given, check_mode=True),
                    task("worker_validate", "told only", {**given, "fail_on_errors": False, "client_security": True}),
                    task("worker_validate", "with a limit", {**given, "fail_on_errors": False}, timeout=100),
                    task("worker_validate", "unknown option", {**given, "url": "http://w1:8083"}),
                    task("ansible.builtin.copy", "write", {**write, "mode": "0600"}, no_log=True, diff=False),
                    task(
                        "ansible.builtin.assert",
                        "read again",
                        {"that": [f"({read[3:-3]}) == workers.w2"], "quiet": True},
                    ),
                ]
            )
        ],
        {
            name: {"ansible_python_interpreter": python or str(other.python), **variables}
            for name, python in PLACES.items()
        },
        folder,
        arguments=["-vvv"],
        # This module ignores a worker's address in the environment.
        environment={"KAFKA_CONNECT_URL": "http://unused:8083", "ANSIBLE_NO_LOG": "false"},
    )


def result(run: PlaybookRun, label: str, host: str) -> dict[str, Any]:
    found = dict(run.of(label, host).result)
    return {name: value for name, value in found.items() if name not in ("invocation", "_ansible_no_log", "exception")}


@pytest.mark.parametrize("label", ["faulty", "in check mode", "told only", "with a limit"])
def test_both_hosts_return_the_same_result(run: PlaybookRun, label: str) -> None:
    here, there = result(run, label, "here"), result(run, label, "there")
    assert here == there
    assert misfits("worker_validate", here) == []
    assert here["changed"] is False


def test_errors_fail_the_task_with_one_line_each(run: PlaybookRun) -> None:
    assert run.of("faulty", "here").failed
    faulty = result(run, "faulty", "here")
    assert faulty["msg"] == (
        'worker "w2": key "group.id": differs ("connect" on w1; "other" on w2): all workers of a cluster must have the same value'
    )
    assert faulty["msg"] == result(run, "in check mode", "here")["msg"]
    assert len(faulty["warnings"]) == len(set(faulty["warnings"])) > 3


def test_informational_findings_do_not_fail_the_task(run: PlaybookRun) -> None:
    reported = result(run, "told only", "there")
    assert not run.of("told only", "there").failed
    assert "admin.sasl.jaas.config" in reported["workers"][1]["added_keys"]


def test_worker_validate_has_no_connection_options(run: PlaybookRun) -> None:
    assert "unknown option" in result(run, "unknown option", "here")["msg"]


def test_the_written_file_contains_the_validated_properties(run: PlaybookRun) -> None:
    for host in PLACES:
        assert not run.of("write", host).failed
        assert not run.of("read again", host).failed, run.of("read again", host).message


def test_no_secret_appears_in_any_output(run: PlaybookRun, other: Interpreter) -> None:
    validations = [record.result for record in run.records if record.task not in ("write", "read again")]
    assert SECRET not in json.dumps(validations)
    assert SECRET not in run.output
    assert any("Invoked with" in line for line in other.journal)
    assert not [line for line in other.journal if SECRET in line]
