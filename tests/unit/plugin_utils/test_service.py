# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The service of a worker, queried through modules of Ansible."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.errors import AnsibleConnectionFailure

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import Outcome, WorkerError
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.scale.model import Unit, decide
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.scaling import ScalingAction
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.service import Service


class Recorder:
    """Returns the same result for each module, or a specific one, and records the requests."""

    def __init__(self, answer: Mapping[str, Any], **of_modules: Mapping[str, Any]) -> None:
        self.answer = answer
        self.of_modules = of_modules
        self.asked: list[tuple[str, Mapping[str, Any]]] = []

    def __call__(self, name: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        self.asked.append((name, arguments))
        return self.of_modules.get(name.rpartition(".")[2], self.answer)


def test_the_state_of_a_systemd_service_is_read() -> None:
    shown = "LoadState=loaded\nActiveState=activating\nSubState=auto-restart\nNRestarts=2"
    unit = Service(Recorder({"rc": 0, "stdout": shown}), "kafka-connect").unit()
    assert unit == Unit("loaded", "activating", "auto-restart", 2)
    assert unit.has_failed


def test_a_service_is_started_without_blocking_even_after_a_failure() -> None:
    recorder = Recorder({"rc": 0})
    Service(recorder, "connect@orders").order("start")
    assert recorder.asked[0][1]["argv"] == ["systemctl", "reset-failed", "connect@orders.service"]
    arguments = {"name": "connect@orders.service", "state": "started", "no_block": True}
    assert recorder.asked[1] == ("ansible.builtin.systemd_service", arguments)


def test_only_the_required_keys_are_read_from_a_file_with_secrets() -> None:
    recorder = Recorder({"rc": 0, "stdout": "group.id=orders\nlisteners : https://:8083"})
    found = Service(recorder, "kafka-connect").properties("/etc/x", ["group.id", "listeners"])
    assert found == {"group.id": "orders", "listeners": "https://:8083"}
    (asked,) = recorder.asked
    assert asked[1]["argv"][0] == "grep"
    assert r"(group\.id|listeners)" in asked[1]["argv"][-2]


def test_a_missing_file_is_not_a_failure_but_an_unreadable_file_is() -> None:
    """grep's message is in the host's language."""
    failed = {"failed": True, "rc": 2, "stderr": "grep: /etc/x: Datei oder Verzeichnis nicht gefunden"}
    missing = Recorder(failed, stat={"stat": {"exists": False}})
    assert Service(missing, "kafka-connect").properties("/etc/x", ["group.id"]) is None
    refused = {"failed": True, "rc": 2, "stderr": "grep: /etc/x: No such file or directory, says a name"}
    with pytest.raises(WorkerError, match="/etc/x") as caught:
        Service(Recorder(refused, stat={"stat": {"exists": True}}), "kafka-connect").properties("/etc/x", ["group.id"])
    assert "become" in caught.value.advice


def test_a_file_in_a_directory_that_may_not_be_read_is_a_failure() -> None:
    failed = {"failed": True, "rc": 2, "stderr": "grep"}
    unknown = {"failed": True, "msg": "Permission denied"}
    with pytest.raises(WorkerError, match="stat failed on the host: Permission denied"):
        Service(Recorder(failed, stat=unknown), "kafka-connect").properties("/etc/x", ["group.id"])


def test_an_unreachable_host_is_reported_as_unreachable() -> None:
    with pytest.raises(WorkerError, match="can't be reached: no route"):
        Service(Recorder({"unreachable": True, "msg": "no route"}), "kafka-connect").unit()


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ({"unreachable": True, "msg": "connection closed"}, Outcome.UNKNOWN),
        ({"failed": True, "msg": "MODULE FAILURE", "module_stdout": "Killed", "rc": 137}, Outcome.UNKNOWN),
        ({"failed": True, "msg": "Unable to restart service kafka-connect.service: Access denied"}, Outcome.NOT_DONE),
    ],
)
def test_an_order_that_may_have_been_executed_is_recognized(answer: Mapping[str, Any], outcome: Outcome) -> None:
    with pytest.raises(WorkerError) as caught:
        Service(Recorder(answer), "kafka-connect").order("restart")
    assert caught.value.outcome is outcome


def test_a_lost_connection_is_a_result_and_not_an_internal_error() -> None:
    def lost(**_arguments: Any) -> None:
        raise AnsibleConnectionFailure("Failed to connect to the host via ssh")

    action: Any = object.__new__(ScalingAction)
    action._task = SimpleNamespace(check_mode=True)
    action._execute_module = lost
    assert action._run_module({}, "ansible.builtin.command", {}) == {
        "unreachable": True,
        "msg": "Failed to connect to the host via ssh",
    }
    assert action._task.check_mode


@pytest.mark.parametrize(
    ("state", "unit", "action"),
    [
        ("joined", Unit("loaded", "inactive"), "start"),
        ("joined", Unit("loaded", "active"), "none"),
        ("joined", Unit("loaded", "failed"), "start"),
        ("left", Unit("loaded", "active"), "stop"),
        ("left", Unit("loaded", "activating", "auto-restart"), "stop"),
        ("left", Unit("loaded", "inactive"), "none"),
        ("restarted", Unit("loaded", "active"), "restart"),
        ("restarted", Unit("loaded", "inactive"), "start"),
    ],
)
def test_the_order_to_a_service_depends_on_the_requested_state_and_the_unit(
    state: Any, unit: Unit, action: str
) -> None:
    assert decide(state, unit) == action
