# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two clusters that live through the stories."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from testing.sandbox import QUICK_REBALANCES, Condition, Sandbox
from testing.trouble import Trouble, new_trouble
from testing.waiting import await_condition

DELAY = 300
"""Kafka's default of scheduled.rebalance.max.delay.ms, in seconds."""

GROUP = "connect-cluster"
"""The group.id of the workers, as in Kafka's own example of their configuration."""

_PROPERTIES = {"*": {**QUICK_REBALANCES["*"], "group.id": GROUP}}


@pytest.fixture(scope="package")
def quick() -> Iterator[Sandbox]:
    """Two workers that take over the work of each other at once."""
    with Sandbox.running(workers=2, rebalance_delay_ms=0, properties=_PROPERTIES) as sandbox:
        yield sandbox


@pytest.fixture(scope="package")
def patient() -> Iterator[Sandbox]:
    """Two workers that keep the work of a departed one for five minutes. Tests start the workers that they need."""
    with Sandbox.running(workers=2, rebalance_delay_ms=DELAY * 1000, properties=_PROPERTIES) as sandbox:
        yield sandbox


@pytest.fixture
def trouble(quick: Sandbox) -> Iterator[Trouble]:
    with new_trouble(quick, "unnamed") as trouble:
        yield trouble
    await_condition(lambda: quick.request("GET", "/connectors")[1] == [], what="no connector")


def running(sandbox: Sandbox) -> list[str]:
    """The names of the workers that run."""
    return [one.name for one in sandbox.workers if sandbox.condition(one.name) is Condition.RUNNING]


def start_third(sandbox: Sandbox, **properties: str) -> None:
    """Start the third worker with these properties, those of an earlier test undone."""
    given = {"group.id": GROUP, **{key.replace("__", "."): value for key, value in properties.items()}}
    if len(sandbox.workers) < 3:
        sandbox.add_worker(properties=given)
    else:
        sandbox.start("w3", properties=given)
