# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Records that sinks cannot process: skipped ones, and dead letters."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from testing.sandbox import Sandbox
from testing.trouble import OBJECTS, Trouble, dead_letter_queue
from testing.waiting import await_condition
from tests.contract.modules.shapes import misfits
from tests.integration.group.snapshots import Snapshot, cluster_health

SECRET = "Canary-of-the-letters-q9"


def queue(trouble: Trouble) -> dict[str, str]:
    return dead_letter_queue(f"{trouble.name}-dead")


def of_kind(result: Snapshot, kind: str) -> list[dict[str, Any]]:
    assert misfits("cluster_health", result) == []
    return [one for one in result["findings"] if one["kind"] == kind]


def test_a_sink_that_skips_records_without_a_trace_is_found(troubled: Sandbox, trouble: Trouble) -> None:
    trouble.topic()
    name = trouble.sink(**OBJECTS, **{"errors.tolerance": "all"})
    trouble.produce(3)
    trouble.await_state("RUNNING")
    (finding,) = of_kind(cluster_health(troubled, connectors=[name]), "errors_swallowed")
    assert (finding["severity"], finding["subject"]) == ("warning", name)
    assert of_kind(cluster_health(troubled, connectors=[name], checks=[]), "errors_swallowed") == []


def test_a_dead_letter_topic_that_needs_more_brokers_stops_the_tasks(troubled: Sandbox, trouble: Trouble) -> None:
    """With Connect's own default: three replicas."""
    trouble.topic()
    config = queue(trouble)
    del config["errors.deadletterqueue.topic.replication.factor"]
    name = trouble.sink(**config)
    trouble.await_state("FAILED")
    result = cluster_health(troubled, connectors=[name])
    (finding,) = of_kind(result, "dead_letter_topic_missing")
    assert "replication.factor is 3, but 1 broker is alive" in finding["message"]
    (failed,) = of_kind(result, "failed_tasks")
    assert failed["caused_by"] == [finding["id"]]
    assert result["msg"].startswith(f'not healthy: the dead letter topic "{name}-dead" of sink "{name}" does not exist')


def test_sinks_whose_regex_matches_a_topic_of_the_brokers_overlap(troubled: Sandbox, trouble: Trouble) -> None:
    """No configuration names the topic."""
    trouble.topic(f"{trouble.name}-eu-1")
    common = {"connector.class": "FileStreamSink", "tasks.max": "1", "file": "/dev/null"}
    for number, regex in enumerate((f"{trouble.name}-eu-.*", f"{trouble.name}-.*-1")):
        trouble.put(f"{trouble.name}-{number}", {**common, "topics.regex": regex})
    ask: dict[str, Any] = {"connectors": [f"{trouble.name}-*"]}
    names = {f"{trouble.name}-0", f"{trouble.name}-1"}
    await_condition(lambda: names <= set(troubled.request("GET", "/connectors?expand=status")[1]))
    (finding,) = of_kind(cluster_health(troubled, **ask), "connectors_overlap")
    assert f'"{trouble.name}-0", "{trouble.name}-1"' in finding["message"]
    assert of_kind(cluster_health(troubled, checks=["errors"], **ask), "connectors_overlap") == []


def test_a_dead_letter_topic_that_was_deleted_is_found(troubled: Sandbox, trouble: Trouble) -> None:
    trouble.topic()
    name = trouble.sink(**queue(trouble))
    trouble.await_state("RUNNING")
    dead = f"{name}-dead"
    await_condition(lambda: dead in trouble.topics())
    assert of_kind(cluster_health(troubled, connectors=[name]), "dead_letter_topic_missing") == []
    trouble.delete_topic(dead)
    await_condition(lambda: dead not in trouble.topics())
    (finding,) = of_kind(cluster_health(troubled, connectors=[name]), "dead_letter_topic_missing")
    assert (finding["severity"], finding["subject"]) == ("warning", name)
    # The request has not created it again.
    assert dead not in trouble.topics()


@pytest.mark.parametrize("arrive", [False, True])
def test_dead_letters_are_counted_with_their_causes(troubled: Sandbox, trouble: Trouble, arrive: bool) -> None:
    trouble.topic()
    name = trouble.sink(**queue(trouble), **{"value.converter.secret.token": SECRET})
    trouble.await_state("RUNNING")
    trouble.produce(3, value=b'{"a": ' + SECRET.encode())
    ask: dict[str, Any] = {"checks": ["dead_letters"], "connectors": [name]}
    await_condition(lambda: [one["records"] for one in cluster_health(troubled, **ask)["dead_letters"]] == [3])

    timer = threading.Timer(2, lambda: trouble.produce(2, value=b"{"))
    if arrive:
        timer.start()
    result = cluster_health(troubled, observe="8s" if arrive else "0", **ask)
    (finding,) = of_kind(result, "dead_letters_arriving")
    (entry,) = result["dead_letters"]
    assert (entry["topic"], entry["connectors"]) == (f"{name}-dead", [name])
    expected: tuple[Any, ...] = ("warning", 5, 2) if arrive else ("info", 3, None)
    assert (finding["severity"], entry["records"], entry["arrived"]) == expected
    assert "Converting byte[] to Kafka Connect data failed" in finding["message"] or entry["causes"]
    assert SECRET not in str(result)
