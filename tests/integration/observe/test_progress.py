# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sinks that stand still, fall behind, or run twice, although every state is RUNNING."""

from __future__ import annotations

import pytest

from testing.sandbox import Sandbox
from testing.trouble import DOUBLED_SINK, FLUSH, SLOW_SINK, Trouble, second_consumer, slow_target
from testing.waiting import await_condition
from tests.contract.modules.shapes import misfits
from tests.integration.group.snapshots import Snapshot, cluster_health


def observed(sandbox: Sandbox, properties: str, name: str, seconds: float) -> Snapshot:
    result = cluster_health(
        sandbox, checks=["progress"], observe=f"{seconds:g}", worker_properties=properties, connectors=[name]
    )
    assert misfits("cluster_health", result) == []
    return result


def found(result: Snapshot) -> list[tuple[str, str, str]]:
    return [(one["kind"], one["severity"], one["subject"]) for one in result["findings"]]


def lag_of(sandbox: Sandbox, name: str) -> int | None:
    result = cluster_health(sandbox, checks=["progress"], connectors=[name])
    return next((entry["lag"] for entry in result["lag"]), None)


@pytest.mark.deep
def test_a_sink_that_keeps_up_has_no_findings(troubled: Sandbox, trouble: Trouble, properties: str) -> None:
    trouble.topic(partitions=2)
    name = trouble.sink()
    trouble.produce(100)
    await_condition(lambda: lag_of(troubled, name) == 0)
    result = observed(troubled, properties, name, 3 * FLUSH + 7)
    assert (result["findings"], result["lag"]) == ([], [{"connector": name, "topic": name, "lag": 0, "change": 0}])
    assert "warnings" not in result


def test_a_sink_whose_target_hangs_is_not_progressing(
    troubled: Sandbox, trouble: Trouble, properties: str, pipe: tuple[str, int]
) -> None:
    trouble.topic(partitions=2)
    name = trouble.sink(file=pipe[0])
    trouble.produce(10)
    await_condition(lambda: lag_of(troubled, name) == 0)
    trouble.produce(2000)

    result = observed(troubled, properties, name, 2 * FLUSH + 3)
    assert found(result) == [("not_progressing", "warning", name)]
    assert "committed no offset for 7 s although records wait in" in result["findings"][0]["message"]
    assert result["lag"] == [{"connector": name, "topic": name, "lag": 2000, "change": 0}]
    assert result["healthy"] is True
    assert result["summary"]["failed"] == []

    short = observed(troubled, properties, name, FLUSH)
    assert short["findings"] == []
    assert "too short to decide whether sinks make progress" in short["warnings"][0]


@pytest.mark.deep
def test_a_sink_that_is_slower_than_the_producers_has_a_growing_lag(
    troubled: Sandbox, trouble: Trouble, properties: str, pipe: tuple[str, int]
) -> None:
    trouble.topic()
    path, descriptor = pipe
    name = trouble.sink(file=path, **SLOW_SINK)
    with slow_target(trouble, descriptor):
        await_condition(lambda: (lag_of(troubled, name) or 0) > 500)
        result = observed(troubled, properties, name, 25)
    assert found(result) == [("lag_growing", "warning", name)]
    (entry,) = result["lag"]
    assert entry["change"] > 500


@pytest.mark.deep
def test_a_second_consumer_of_the_same_task_is_found(troubled: Sandbox, trouble: Trouble, properties: str) -> None:
    trouble.topic(partitions=2)
    name = trouble.sink(**DOUBLED_SINK)
    trouble.produce(10)
    await_condition(lambda: lag_of(troubled, name) == 0)
    with second_consumer(troubled, name, name):
        result = observed(troubled, properties, name, 8)
    assert found(result) == [("task_running_twice", "warning", name)]
    assert f'task 0 of sink "{name}" runs 2 times' in result["findings"][0]["message"]
