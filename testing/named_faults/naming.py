# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs faults, and judges what cluster_health calls them."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Literal

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.execute import execute
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.cluster_health import (
    CLUSTER_HEALTH,
    cluster_health,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.triage.diagnosis import diagnose
from testing.sandbox import QUICK_REBALANCES, Condition, Sandbox
from testing.waiting import await_condition

from .cluster_faults import BASE, DELAY, ClusterFault
from .failing_connectors import FailingConnector, failing_connectors, prepare_topics

Verdict = Literal["right", "unknown", "wrong"]

_FAILS_WITHIN = 90.0
_NAMED_WITHIN = 60.0
_SETTLED_WITHIN = 120.0
_FIRST = ("w1", "w2", "w3")
"""The workers that each cluster has."""


@dataclass(frozen=True)
class Naming:
    """A fault, its right names, and the names that it got: of the first causes, which are errors if there are any."""

    fault: str
    expected: frozenset[str]
    names: tuple[str, ...]

    @property
    def verdict(self) -> Verdict:
        """`unknown` is allowed. `wrong`: a name that is not right, or none where there is one; of an unknowable fault, any name."""
        if not self.names:
            return "unknown" if self.expected else "right"
        return "right" if set(self.names) <= self.expected else "wrong"


def name_failing_connectors(sandbox: Sandbox) -> Iterator[Naming]:
    """Create all failing connectors, and yield the diagnosis of each once it has failed. They are removed at the end."""
    prepare_topics(sandbox.bootstrap_servers)
    left: dict[str, FailingConnector] = {}
    try:
        for number, fault in enumerate(failing_connectors(sandbox.files)):
            name = f"failing-{number}"
            code, answer = sandbox.request("PUT", f"/connectors/{name}/config", dict(fault.config))
            if code != 201:
                raise RuntimeError(f"{fault.name}: {answer}")
            left[name] = fault
        names = list(left)
        deadline = time.monotonic() + _FAILS_WITHIN
        while running := [left[name].name for name in names if "FAILED" not in _states(sandbox, name)]:
            if time.monotonic() > deadline:
                raise RuntimeError(f"did not fail within {_FAILS_WITHIN:.0f} s: {', '.join(running)}")
            time.sleep(1)
        for name, fault in left.items():
            kind = diagnose(_trace(sandbox, name)).kind
            yield Naming(fault.name, fault.expected, (kind,) if kind else ())
    finally:
        for name in left:
            sandbox.request("DELETE", f"/connectors/{name}")


def name_cluster_faults(sandbox: Sandbox, faults: Sequence[ClusterFault]) -> Iterator[Naming]:
    """Inject one fault after another into a healthy cluster, and yield the names that each one gets."""
    for fault in faults:
        heal(sandbox)
        with ExitStack() as healed:
            options = healed.enter_context(fault.inject(sandbox))
            names = _names_in_time(sandbox, options, fault.expected)
        yield Naming(fault.name, fault.expected, names)


def new_cluster(stack: ExitStack, name: str, brokers: int) -> Sandbox:
    """A cluster with three workers and the base connectors, which ends with the stack."""
    alone = {f"broker{number}": {"offsets.topic.replication.factor": "1"} for number in range(1, brokers + 1)}
    properties = {**QUICK_REBALANCES, **(alone if brokers > 1 else {})}
    options: dict[str, Any] = {"brokers": brokers, "rebalance_delay_ms": DELAY * 1000, "properties": properties}
    sandbox = stack.enter_context(Sandbox.running(name, **options))
    for base in BASE:
        config = {"connector.class": "FileStreamSource", "tasks.max": "1", "topic": base, "file": f"/nowhere/{base}"}
        code, answer = sandbox.request("PUT", f"/connectors/{base}/config", config)
        if code != 201:
            raise RuntimeError(answer)
    return sandbox


def heal(sandbox: Sandbox) -> None:
    """Wait until nothing is wrong. Raises TimeoutError if that takes too long."""
    await_condition(lambda: _first_causes(ask(sandbox, {})) == (), _SETTLED_WITHIN, "a healthy cluster")


def ask(sandbox: Sandbox, options: Mapping[str, Any]) -> dict[str, Any]:
    """The result of cluster_health."""
    # Workers that a fault has added are not asked any more once they are dead.
    urls = [
        one.url for one in sandbox.workers if one.name in _FIRST or sandbox.condition(one.name) is Condition.RUNNING
    ]
    given = {"url": urls, "bootstrap_servers": sandbox.bootstrap_servers, **options}
    checked = ArgumentSpecValidator(CLUSTER_HEALTH.arguments, **CLUSTER_HEALTH.checks).validate(given)
    if checked.error_messages:
        raise RuntimeError(checked.error_messages)
    return execute(cluster_health, checked.validated_parameters, check_mode=False, diff_mode=False)


def _names_in_time(sandbox: Sandbox, options: Mapping[str, Any], expected: frozenset[str]) -> tuple[str, ...]:
    """The names of the fault as soon as they are right, or the last ones. Workers and brokers need some time to notice it."""
    deadline = time.monotonic() + _NAMED_WITHIN
    while True:
        names = _first_causes(ask(sandbox, options))
        if (names and set(names) <= expected) or time.monotonic() > deadline:
            return names
        time.sleep(1)


def _first_causes(result: Mapping[str, Any]) -> tuple[str, ...]:
    """Kinds of the errors that no other finding has caused, or of the warnings if nothing is an error."""
    if "findings" not in result:
        return (str(result["error"]["kind"]),)
    roots = [found for found in result["findings"] if not found["caused_by"]]
    for severity in ("error", "warning"):
        kinds = tuple(dict.fromkeys(found["kind"] for found in roots if found["severity"] == severity))
        if kinds:
            return kinds
    return ()


def _states(sandbox: Sandbox, name: str) -> list[str]:
    """The states of the connector and of its tasks."""
    code, status = sandbox.request("GET", f"/connectors/{name}/status")
    return [part["state"] for part in (status["connector"], *status["tasks"])] if code == 200 else []


def _trace(sandbox: Sandbox, name: str) -> str:
    status = sandbox.request("GET", f"/connectors/{name}/status")[1]
    return next(str(part["trace"]) for part in (status["connector"], *status["tasks"]) if part["state"] == "FAILED")
