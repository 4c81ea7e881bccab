# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Records that connectors cannot process, according to constructed snapshots."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.health.error_findings import (
    dead_letter_entries,
    dead_letter_findings,
    missing_dead_letter_topics,
    swallowed_errors,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.health.observed import (
    DeadLetter,
    DeadLetterFacts,
    DeadLetterTopic,
    Moment,
    Observation,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.model import Connector
from tests.unit.connect.support import stored

TOLERATES = {"errors.tolerance": "all"}
QUEUE = {"errors.deadletterqueue.topic.name": "letters"}
NONE_EXISTS = DeadLetterFacts(frozenset(), 3)


def sink(name: str = "orders", **more: Any) -> Connector:
    config, state, tasks = more.get("config", {}), more.get("state", "RUNNING"), more.get("tasks", ("RUNNING",))
    return stored(name, {"connector.class": "X", "topics": "t", **config}, state, tasks)._replace(type="sink")


def test_a_connector_that_skips_records_without_a_trace_is_a_finding() -> None:
    (finding,) = swallowed_errors([sink("a", config=TOLERATES), sink("b", config={"errors.tolerance": "ALL"})])
    assert (finding.kind, finding.severity, finding.count) == ("errors_swallowed", "warning", 2)
    assert finding.message.startswith('2 connectors ("a", "b") skip records with errors without a trace of them')


@pytest.mark.parametrize(
    "connector",
    [
        sink(),
        sink(config={"errors.tolerance": "none"}),
        sink(config={**TOLERATES, "errors.log.enable": "true"}),
        sink(config={**TOLERATES, **QUEUE}),
        sink(config=TOLERATES, state="STOPPED"),
    ],
    ids=["default", "fails", "logs", "has a queue", "is stopped"],
)
def test_errors_with_a_trace_are_fine(connector: Connector) -> None:
    assert list(swallowed_errors([connector])) == []


def test_a_source_has_no_dead_letter_queue() -> None:
    (finding,) = swallowed_errors([sink(config={**TOLERATES, **QUEUE})._replace(type="source")])
    assert finding.kind == "errors_swallowed"


def test_a_missing_topic_of_a_running_task_was_deleted() -> None:
    (finding,) = missing_dead_letter_topics([sink(config=QUEUE)], NONE_EXISTS)
    assert (finding.kind, finding.severity, finding.subject) == ("dead_letter_topic_missing", "warning", "orders")
    assert "although its tasks create it when they start" in finding.message


@pytest.mark.parametrize("tasks", [("RUNNING",), ("FAILED",)])
def test_a_topic_that_needs_more_brokers_than_there_are_cannot_be_created(tasks: tuple[str, ...]) -> None:
    (finding,) = missing_dead_letter_topics([sink(config=QUEUE, tasks=tasks)], DeadLetterFacts(frozenset(), 1))
    assert "errors.deadletterqueue.topic.replication.factor is 3, but 1 broker is alive" in finding.message
    assert "to at most 1 " in finding.advice


@pytest.mark.parametrize(
    ("connector", "facts"),
    [
        (sink(config=QUEUE), DeadLetterFacts(frozenset({"letters"}), 1)),
        (sink(config=QUEUE, tasks=("UNASSIGNED",)), NONE_EXISTS),
        (sink(config=QUEUE, state="STOPPED", tasks=()), DeadLetterFacts(frozenset(), 1)),
        (sink(config={**QUEUE, "admin.override.bootstrap.servers": "other:9092"}), NONE_EXISTS),
        (sink(config={**QUEUE, "producer.override.bootstrap.servers": "other:9092"}), NONE_EXISTS),
    ],
    ids=[
        "it exists",
        "no task has started",
        "it is stopped",
        "its admin client is elsewhere",
        "its producer is elsewhere",
    ],
)
def test_topics_that_need_not_be_here_are_fine(connector: Connector, facts: DeadLetterFacts) -> None:
    assert list(missing_dead_letter_topics([connector], facts)) == []


# Dead letters


def letters(first: int, last: int | None = None, *newest: DeadLetter) -> Observation:
    """A topic whose first offset is 10, with these ends in the first and in the last snapshot."""
    part = ("letters", 0)
    ends = [first] if last is None else [first, last]
    topic = DeadLetterTopic("letters", ("orders",), {part: 10}, newest)
    return Observation([Moment(4.0 * at, ends={part: end}) for at, end in enumerate(ends)], dead_letters=[topic])


def test_existing_dead_letters_are_reported_for_information() -> None:
    (finding,) = dead_letter_findings(letters(12, 12, DeadLetter(1, "orders", "DataException: no JSON")))
    assert (finding.kind, finding.severity, finding.subject) == ("dead_letters_arriving", "info", "letters")
    assert (
        finding.message
        == '2 records in the dead letter topic "letters" of "orders"; newest causes: DataException: no JSON'
    )


def test_dead_letters_that_arrive_are_a_warning() -> None:
    (finding,) = dead_letter_findings(letters(12, 15))
    assert finding.severity == "warning"
    assert finding.message == ('5 records in the dead letter topic "letters" of "orders", 3 of them arrived in 4 s')
    assert "errors.deadletterqueue.context.headers.enable" in finding.advice


def test_an_empty_dead_letter_topic_is_fine() -> None:
    assert list(dead_letter_findings(letters(10, 10))) == []


def test_dead_letters_are_returned_by_topic() -> None:
    entry = {"topic": "letters", "connectors": ["orders"], "records": 5, "arrived": 3, "causes": ["A", "B"]}
    seen = letters(12, 15, DeadLetter(3, "orders", "A"), DeadLetter(2, "orders", "B"), DeadLetter(1, "orders", "A"))
    assert dead_letter_entries(seen) == [entry]
    assert dead_letter_entries(letters(12))[0]["arrived"] is None
