# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults that leave every state at RUNNING: of sinks that stand still, fall behind, run twice or skip records, and of a worker that leaves
the group again and again. Most of them show only while the cluster is observed. They are added to FAULTS.
"""

from __future__ import annotations

from collections.abc import Iterator

from testing.sandbox import Sandbox
from testing.sandbox.configuration import STATUS_TOPIC
from testing.trouble import (
    DOUBLED_SINK,
    FLUSH,
    OBJECTS,
    SLOW_SINK,
    Trouble,
    dead_letter_queue,
    new_trouble,
    open_pipe,
    repeated,
    second_consumer,
    slow_target,
    suspend,
)
from testing.waiting import await_condition

from .cluster_faults import FAULTS, Options, fault

__all__ = ["FAULTS"]


def _observed(sandbox: Sandbox, checks: str, seconds: int, **more: object) -> Options:
    properties = sandbox.directory / "config" / "w1.properties"
    return {"checks": [checks], "observe": f"{seconds}s", "worker_properties": str(properties), **more}


def _started(trouble: Trouble, **config: str) -> str:
    """A sink that has read the records of its topic."""
    trouble.topic()
    name = trouble.sink(**config)
    trouble.produce(10)
    trouble.await_state("RUNNING")
    await_condition(lambda: trouble.committed() == 10, what=f"the offsets of {name}")
    return name


@fault("the target of a sink hangs", "not_progressing")
def _(sandbox: Sandbox) -> Iterator[Options]:
    path = sandbox.files / "full.pipe"
    with open_pipe(path), new_trouble(sandbox) as trouble:
        name = _started(trouble, file=str(path))
        trouble.produce(2000)
        yield _observed(sandbox, "progress", 2 * FLUSH + 3, connectors=[name])


@fault("a sink is slower than the producers", "lag_growing")
def _(sandbox: Sandbox) -> Iterator[Options]:
    path = sandbox.files / "slow.pipe"
    with open_pipe(path) as descriptor, new_trouble(sandbox) as trouble:
        name = _started(trouble, file=str(path), **SLOW_SINK)
        with slow_target(trouble, descriptor):
            yield _observed(sandbox, "progress", 25, connectors=[name])


@fault("a second cluster runs a task of the same name", "task_running_twice")
def _(sandbox: Sandbox) -> Iterator[Options]:
    with new_trouble(sandbox) as trouble:
        name = _started(trouble, **DOUBLED_SINK)
        with second_consumer(sandbox, name, name):
            yield _observed(sandbox, "progress", 8, connectors=[name])


@fault("a producer sends what a sink can't read", "dead_letters_arriving")
def _(sandbox: Sandbox) -> Iterator[Options]:
    with new_trouble(sandbox) as trouble:
        trouble.topic()
        name = trouble.sink(**dead_letter_queue(f"{trouble.name}-dead"))
        trouble.await_state("RUNNING")
        with repeated((1.0, lambda: trouble.send("no JSON"))):
            yield _observed(sandbox, "dead_letters", 8, connectors=[name])


@fault("a sink skips records without a trace", "errors_swallowed")
def _(sandbox: Sandbox) -> Iterator[Options]:
    with new_trouble(sandbox) as trouble:
        trouble.topic()
        trouble.sink(**OBJECTS, **{"errors.tolerance": "all"})
        trouble.await_state("RUNNING")
        yield {}


@fault("a dead letter topic was deleted", "dead_letter_topic_missing")
def _(sandbox: Sandbox) -> Iterator[Options]:
    with new_trouble(sandbox) as trouble:
        trouble.topic()
        trouble.sink(**dead_letter_queue(f"{trouble.name}-dead"))
        trouble.await_state("RUNNING")
        await_condition(lambda: f"{trouble.name}-dead" in trouble.topics(), what="the dead letter topic")
        trouble.delete_topic(f"{trouble.name}-dead")
        yield {}


@fault("a worker loses its session again and again", "rebalancing_repeatedly")
def _(sandbox: Sandbox) -> Iterator[Options]:
    with repeated((3.0, lambda: suspend(sandbox, "w3", "w1"))):
        yield _observed(sandbox, "rebalances", 35, url=sandbox.urls[:2])


@fault("there were more rebalances in an hour than are ordinary", "rebalancing_repeatedly")
def _(_sandbox: Sandbox) -> Iterator[Options]:
    yield {"checks": ["rebalances"], "status_topic": STATUS_TOPIC, "max_rebalances": 2}
