# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the headers of dead letters show, and how they are grouped, shown and selected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.dead_letters.context import (
    ErrorContext,
    Origin,
    error_context,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.dead_letters.entries import (
    LONGEST_SAMPLE,
    shown_bytes,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.dead_letters.grouping import by_cause
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.dead_letters.queues import (
    dead_letter_topics,
    queues_elsewhere,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.dead_letters.read import (
    DeadLetter,
    newest,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.dead_letters.selection import (
    Selection,
    position_group,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.topic_reader import Bounds
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.model import Connector

SECRET = "hunter2-in-clear"
QUEUE = "errors.deadletterqueue.topic.name"


def headers(**fields: str) -> Mapping[str, bytes]:
    return {f"__connect.errors.{name.replace('_', '.')}": value.encode() for name, value in fields.items()}


def letter(offset: int = 0, time: int = 0, context: ErrorContext | None = None) -> DeadLetter:
    return DeadLetter("orders-dead", 0, offset, time, None, b"{", context)


def failed(message: str, stage: str = "TASK_PUT", connector: str = "orders-sink") -> ErrorContext:
    trace = f"org.apache.kafka.connect.errors.ConnectException: {message}\n\tat java.base/java.lang.Thread.run(Thread.java:1)\n"
    return ErrorContext(
        connector, 0, stage, "some.Task", "org.x.ConnectException", message, trace, Origin("orders", 1, 2)
    )


def test_the_headers_of_kafka_are_read() -> None:
    found = error_context(
        headers(
            topic="orders",
            partition="3",
            offset="88",
            connector_name="orders-sink",
            task_id="1",
            stage="VALUE_CONVERTER",
            class_name="some.Converter",
            exception_class_name="some.DataException",
            exception_message="bad",
            exception_stacktrace="some.DataException: bad\n\tat some.Frame",
        )
    )
    assert found == ErrorContext(
        "orders-sink",
        1,
        "VALUE_CONVERTER",
        "some.Converter",
        "some.DataException",
        "bad",
        "some.DataException: bad\n\tat some.Frame",
        Origin("orders", 3, 88),
    )


def test_a_record_without_such_headers_has_no_context() -> None:
    assert error_context({"traceparent": b"00-1"}) is None


@given(st.dictionaries(st.sampled_from(["topic", "partition", "task.id", "exception.stacktrace", "x"]), st.binary()))
def test_any_header_is_read(fields: dict[str, bytes]) -> None:
    found = error_context({f"__connect.errors.{name}": value for name, value in fields.items()})
    assert (found is None) == (not fields)


def test_the_error_is_known_without_its_stack_trace() -> None:
    assert ErrorContext(exception="some.DataException", message="bad").error == "some.DataException: bad"


def test_records_with_the_same_error_are_one_group_whatever_their_messages() -> None:
    letters = [letter(n, n, failed(f"row {n} is refused")) for n in (3, 2, 1)]
    first, second = by_cause([*letters, letter(9, 9)], {})
    assert (len(first.letters), first.cause) == (3, "ConnectException: row 3 is refused")
    assert (len(second.letters), second.cause, second.diagnosis.transience) == (1, "", "unknown")
    assert first.origins == {"orders": 3}


def test_records_of_two_stages_are_two_groups() -> None:
    assert len(by_cause([letter(1, 1, failed("a")), letter(2, 2, failed("a", "TRANSFORMATION"))], {})) == 2


def test_secrets_of_the_connector_are_masked_in_the_cause() -> None:
    (group,) = by_cause([letter(1, 1, failed(f"{SECRET} is wrong"))], {"orders-sink": frozenset({SECRET})})
    assert SECRET not in group.cause


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (b"", ""),
        (b'{"id": 1}', '{"id": 1}'),
        ("größer\n".encode(), "größer"),
        (b"\x00\x00\x00\x00\x07abc", "0x0000000007616263"),
        (b"\xff\xfe", "0xfffe"),
        (b"\xff" * 50, "0x" + "ff" * 48 + "…"),
        (b'{"password": "hunter2"}', '{"password": "********"}'),
    ],
)
def test_keys_and_values_are_shown_as_text_or_in_hexadecimal(content: bytes, shown: str) -> None:
    assert shown_bytes(content, frozenset()) == shown


@given(st.binary(max_size=2000))
def test_any_value_is_one_short_printable_line(content: bytes) -> None:
    shown = shown_bytes(content, frozenset())
    assert shown.isprintable()
    assert len(shown) <= LONGEST_SAMPLE + 1


def test_a_secret_at_the_end_of_a_sample_is_masked_before_it_is_cut() -> None:
    content = b"x" * (LONGEST_SAMPLE - 5) + SECRET.encode()
    assert "hunt" not in shown_bytes(content, frozenset({SECRET}))


@given(st.lists(st.integers(0, 50), max_size=8), st.integers(1, 60))
def test_the_newest_records_of_each_partition_are_read(sizes: list[int], limit: int) -> None:
    bounds = [Bounds(number, 0, size, 0, size) for number, size in enumerate(sizes)]
    chosen = newest(bounds, limit)
    assert [(one.partition, one.end) for one in chosen] == [(one.partition, one.end) for one in bounds]
    taken = [one.end - one.start for one in chosen]
    assert sum(taken) == min(limit, sum(sizes))
    full = [count for count, size in zip(taken, sizes, strict=True) if count < size]
    assert max(full, default=0) - min(full, default=0) <= 1


def sink(name: str, **config: Any) -> Connector:
    return Connector(name, type="sink", config={"connector.class": "S", **config})


def test_topics_are_found_in_the_configurations_of_sinks() -> None:
    connectors = [
        sink("a", **{QUEUE: "dead"}),
        sink("b", **{QUEUE: " dead "}),
        sink("c", **{QUEUE: ""}),
        sink("d", **{QUEUE: "far", "producer.override.bootstrap.servers": "other:9092"}),
        Connector("e", type="source", config={QUEUE: "never"}),
    ]
    assert {topic: [one.name for one in sinks] for topic, sinks in dead_letter_topics(connectors).items()} == {
        "dead": ["a", "b"]
    }
    assert queues_elsewhere(connectors) == {"d": "far"}


@pytest.mark.parametrize(
    ("selection", "is_selected"),
    [
        (Selection(), True),
        (Selection(connectors=("orders-*",)), True),
        (Selection(connectors=("payments",)), False),
        (Selection(origins=("orders",)), True),
        (Selection(origins=("payments",)), False),
        (Selection(stages=("TASK_PUT",)), True),
        (Selection(stages=("KEY_CONVERTER",)), False),
        (Selection(kinds=("unreachable",)), True),
        (Selection(kinds=("json_without_schema",)), False),
        (Selection(connectors=("orders-*",), stages=("KEY_CONVERTER",)), False),
    ],
)
def test_records_are_selected_by_what_their_headers_show(selection: Selection, is_selected: bool) -> None:
    assert selection.includes(letter(context=failed("Connection refused"))) == is_selected


def test_a_record_without_headers_is_selected_only_without_conditions() -> None:
    assert Selection().includes(letter())
    assert not Selection(stages=("TASK_PUT",)).includes(letter())


def test_each_selection_and_destination_has_a_position_of_its_own() -> None:
    chosen = Selection(kinds=("a", "b"))
    groups = [
        position_group("dead", "retry", chosen, ""),
        position_group("dead", "", chosen, ""),
        position_group("dead", "retry", Selection(), ""),
        position_group("dead", "retry", Selection(stages=("a", "b")), ""),
        position_group("dead", "retry", chosen, "2h"),
        position_group("other", "retry", chosen, ""),
    ]
    assert len(set(groups)) == len(groups)
    assert position_group("dead", "retry", Selection(kinds=("b", "a")), "") == groups[0]
