# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A cluster in which a source fails when its broker hangs, and could go on when the broker responds again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.execute import execute
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.connector_heal import (
    CONNECTOR_HEAL,
    connector_heal,
)
from testing.sandbox import QUICK_REBALANCES, Sandbox
from tests.contract.modules.shapes import misfits

Result = dict[str, Any]

BROKER = "broker"
PATIENT = {"*": {**QUICK_REBALANCES["*"], "session.timeout.ms": "30000"}}
"""A broker that hangs for some seconds must not cause a rebalance, which would start the task again."""


@dataclass(frozen=True)
class Patient:
    """The cluster, and what is done to it."""

    sandbox: Sandbox

    def put_source(self, name: str) -> None:
        """Create a source whose task fails if a record was not accepted for two seconds."""
        (self.sandbox.files / f"{name}.txt").write_text("first\n", encoding="utf-8")
        config = {
            "connector.class": "FileStreamSource",
            "tasks.max": "1",
            "file": str(self.sandbox.files / f"{name}.txt"),
            "topic": name,
            "producer.override.delivery.timeout.ms": "2000",
            "producer.override.request.timeout.ms": "1000",
            "producer.override.linger.ms": "0",
        }
        self.put(name, config, ["RUNNING", "RUNNING"])
        wait_for(lambda: self.source_offsets(name))

    def put(self, name: str, config: dict[str, str], states: list[str]) -> None:
        code, answer = self.sandbox.request("PUT", f"/connectors/{name}/config", config)
        assert code == 201, answer
        wait_for(lambda: self.states(name) == states)

    def states(self, name: str) -> list[str]:
        code, answer = self.sandbox.request("GET", f"/connectors/{name}/status")
        return [answer["connector"]["state"], *(task["state"] for task in answer["tasks"])] if code == 200 else []

    def source_offsets(self, name: str) -> list[Any]:
        code, answer = self.sandbox.request("GET", f"/connectors/{name}/offsets")
        return list(answer["offsets"]) if code == 200 else []

    def write(self, name: str, line: str) -> None:
        with (self.sandbox.files / f"{name}.txt").open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")

    def hang_broker_until_it_fails(self, name: str) -> None:
        """The broker stops responding until a record of this source was given up, and then goes on."""
        before = {worker.name: self.sandbox.log_position(worker.name) for worker in self.sandbox.workers}
        self.sandbox.stop(BROKER)
        try:
            self.write(name, "while the broker hangs")
            wait_for(lambda: any(f"for {name}-0" in self.sandbox.log(who)[at:] for who, at in before.items()))
        finally:
            self.sandbox.continue_(BROKER)
        wait_for(lambda: self.states(name) == ["RUNNING", "FAILED"])

    def heal(self, *, check_mode: bool = False, **given: Any) -> Result:
        """The result of a task that finds the topic itself. It must not leave anything but statuses."""
        options = {"url": self.sandbox.urls, "bootstrap_servers": self.sandbox.bootstrap_servers, "stable_for": 3}
        checked = ArgumentSpecValidator(CONNECTOR_HEAL.arguments, **CONNECTOR_HEAL.checks).validate(
            {**options, **given}
        )
        assert checked.error_messages == []
        result = execute(connector_heal, checked.validated_parameters, check_mode=check_mode, diff_mode=False)
        assert misfits("connector_heal", result) == []
        return result


def wait_for(condition: Callable[[], object], within: float = 60) -> None:
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.fixture(scope="package")
def patient() -> Iterator[Patient]:
    with Sandbox.running(workers=2, properties=PATIENT) as sandbox:
        yield Patient(sandbox)
