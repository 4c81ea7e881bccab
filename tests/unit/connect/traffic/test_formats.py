# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers of agents and Prometheus servers, recorded from real ones, and any other content in their place."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.traffic.exposition import from_exposition
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.traffic.jolokia import (
    from_jolokia,
    jolokia_request,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.traffic.prometheus import (
    Series,
    from_prometheus,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.traffic.task_rates import (
    TaskRates,
    UnreadableError,
    task_names,
)
from testing.metrics_server import captured

ODD = 'odd;na"me ä'
FIRST, SECOND = {("sink", "0"), ("ver", "0")}, {(ODD, "0"), ("failing", "0"), ("src", "0")}
PAGE = "jmx-agent-1.0.1-kafka-4.3.1"
PROMETHEUS: dict[str, Any] = captured("prometheus-2.42.0.json")


def by_name(tasks: tuple[TaskRates, ...]) -> dict[str, TaskRates]:
    return {task.connector: task for task in tasks}


# Agents


@pytest.mark.parametrize(("worker", "tasks"), [("w1", FIRST), ("w2", SECOND)])
def test_a_page_of_a_real_agent_shows_its_tasks(worker: str, tasks: set[tuple[str, str]]) -> None:
    assert task_names(from_exposition(captured(f"{PAGE}-{worker}.txt"))) == tasks


@pytest.mark.parametrize(("worker", "tasks"), [("w1", FIRST), ("w2", SECOND)])
def test_an_answer_of_a_real_jolokia_shows_its_tasks(worker: str, tasks: set[tuple[str, str]]) -> None:
    assert task_names(from_jolokia(captured(f"jolokia-2.4.1-kafka-4.3.1-{worker}.json"))) == tasks


def test_the_larger_of_the_two_rates_of_a_task_counts() -> None:
    tasks = by_name(from_exposition(captured(f"{PAGE}-w1.txt")))
    assert tasks["sink"].rates == {
        "sink-record-read-rate": 4.147484550620049,
        "sink-record-send-rate": 4.16649306278905,
    }
    assert tasks["sink"].records_per_second == 4.16649306278905
    assert TaskRates("none", "0").records_per_second == 0.0


COUNT = "kafka_connect_connect_worker_metrics_task_count"
POLL = "kafka_connect_source_task_metrics_source_record_poll_rate"


def rates(*lines: str) -> list[float]:
    return [task.records_per_second for task in from_exposition("\n".join(lines))]


def test_names_from_other_rules_are_read() -> None:
    assert rates('kafka_connect_source_record_poll_rate{connector="a",task="0",} 3 1795282139000') == [3.0]
    assert rates("kafka_connect_worker_task_count 1.0", 'x:source_record_write_rate{task="0",connector="a"} 3') == [3.0]
    assert rates('source_record_poll_rate{connector="a", task="0"}\t3e1') == [30.0]


def test_the_same_rate_under_two_names_counts_once() -> None:
    labels = '{connector="a",task="0"}'
    assert rates(f"x_source_record_poll_rate{labels} 3", f"y_source_record_poll_rate{labels} 2") == [3.0]


def test_samples_without_names_are_distinguished_by_their_other_labels() -> None:
    assert rates('source_record_poll_rate{id="1"} 3', 'source_record_poll_rate{id="2"} 4') == [3.0, 4.0]
    assert rates("source_record_poll_rate 3", f"{COUNT} 1") == [3.0]


def test_similar_samples_are_ignored() -> None:
    others = [
        "# HELP x_source_record_poll_rate 7",
        "x_source_record_poll_rate_avg 7",
        'x{y="source_record_poll_rate"} 7',
    ]
    connector = 'kafka_connect_connect_worker_metrics_connector_total_task_count{connector="a"} 9'
    assert rates(*others, connector, f"{COUNT} 0") == []


def test_a_worker_without_tasks_has_no_traffic() -> None:
    assert from_exposition(f"{COUNT} 0.0\n") == ()
    answer = [{"status": 404, "error_type": "javax.management.InstanceNotFoundException"}] * 2
    assert from_jolokia([*answer, {"status": 200, "value": 0.0}]) == ()


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("", "no metrics of Kafka Connect's tasks or workers"),
        ("<html>hello</html>", "no metrics of Kafka Connect's tasks or workers"),
        ("jvm_info 1\n", "no metrics of Kafka Connect's tasks or workers"),
        (f"{COUNT} 2\n", "has 2 tasks, but rates of only 0"),
        (f'{COUNT} 2\n{POLL}{{connector="a",task="0"}} 1\n', "has 2 tasks, but rates of only 1"),
        (f"{POLL} NaN\n", f"{POLL} is NaN, which is not a number"),
        (f"{POLL} +Inf\n", f"{POLL} is +Inf, which is not a number"),
        (f"{COUNT} many\n", f"{COUNT} is many, which is not a number"),
    ],
)
def test_an_incomplete_page_is_unreadable(page: str, words: str) -> None:
    with pytest.raises(UnreadableError, match=words.replace("+", r"\+")):
        from_exposition(page)


def jolokia(index: int, answer: Any) -> Any:
    """The captured answer with one of its three entries replaced."""
    body = captured("jolokia-2.4.1-kafka-4.3.1-w1.json")
    body[index] = answer
    return body


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (None, "not an answer of Jolokia"),
        ({}, "not an answer of Jolokia"),
        ([], "not an answer of Jolokia"),
        ([1, 2, 3], "not an answer of Jolokia"),
        (jolokia(0, {"status": 403, "error": "Reading is forbidden"}), "Jolokia answers 403: Reading is forbidden"),
        (
            jolokia(1, {"status": 404, "error_type": "javax.management.AttributeNotFoundException"}),
            "Jolokia answers 404",
        ),
        (
            jolokia(2, {"status": 404, "error_type": "javax.management.InstanceNotFoundException"}),
            "Jolokia answers 404",
        ),
        (jolokia(2, {"status": 200, "value": 3.0}), "has 3 tasks, but rates of only 2"),
        (jolokia(2, {"status": 200, "value": None}), "task-count is None"),
        (jolokia(0, {"status": 200, "value": 1.0}), "no MBeans by name"),
        (jolokia(0, {"status": 200, "value": {"x:a=b": 1.0}}), "no attributes of x:a=b"),
        (jolokia(0, {"status": 200, "value": {"x:a=b": {"source-record-poll-rate": "NaN"}}}), "is NaN"),
        (jolokia(0, {"status": 200, "value": {"x:a=b": {"source-record-poll-rate": True}}}), "is True"),
    ],
)
def test_an_incomplete_answer_of_jolokia_is_unreadable(body: Any, words: str) -> None:
    with pytest.raises(UnreadableError, match=words):
        from_jolokia(body)


def test_the_request_to_jolokia_equals_the_recorded_one() -> None:
    assert [answer["request"] for answer in captured("jolokia-2.4.1-kafka-4.3.1-w1.json")] == jolokia_request()


# A Prometheus server


def test_values_of_a_real_server_are_read() -> None:
    assert from_prometheus(PROMETHEUS["sum"]).values == ((1795282155.994, 52.577794330985924),)
    assert from_prometheus(PROMETHEUS["series"]).last == pytest.approx(52.577794330985924)
    assert from_prometheus(PROMETHEUS["scalar"]).last == 2.0
    scalar = from_prometheus(PROMETHEUS["range of a scalar"], 3)
    assert [value for _moment, value in scalar.values] == [2.0, 2.0, 2.0]


def test_up_shows_that_a_worker_died_but_a_sum_does_not() -> None:
    died = from_prometheus(PROMETHEUS["a worker dies: sum"], 7)
    assert died.values[0][1] > died.last, "apparently less traffic"
    assert from_prometheus(PROMETHEUS["a worker dies: up"], 7).lowest == 0.0


@pytest.mark.parametrize(
    ("name", "moments", "words"),
    [
        ("nothing", 1, "the query returns no value"),
        ("range of nothing", 3, "the query returns no value"),
        ("a worker dies: series", 7, "2 of 7 values are missing"),
        ("a worker dies: sum", 8, "1 of 8 values are missing"),
        ("string", 1, "the query returns a string"),
        ("not a number", 1, "a value is NaN"),
        ("infinity", 1, r"a value is \+Inf"),
        ("parse error", 1, "not an answer of a Prometheus server"),
    ],
)
def test_an_answer_of_a_real_server_without_traffic_is_unreadable(name: str, moments: int, words: str) -> None:
    with pytest.raises(UnreadableError, match=words):
        from_prometheus(PROMETHEUS[name], moments)


@pytest.mark.parametrize(
    "data",
    [
        {"resultType": "vector", "result": [{}]},
        {"resultType": "vector", "result": [{"value": [1]}]},
        {"resultType": "vector", "result": [{"value": ["now", "1"]}]},
        {"resultType": "vector", "result": {}},
        {"resultType": "matrix", "result": [{"values": [[1, None]]}]},
        {"resultType": "scalar", "result": 1},
        {"result": []},
        {},
        None,
    ],
)
def test_an_answer_in_another_shape_is_unreadable(data: Any) -> None:
    with pytest.raises(UnreadableError):
        from_prometheus({"status": "success", "data": data})


def test_warnings_are_kept_on_one_line() -> None:
    assert from_prometheus({**PROMETHEUS["sum"], "warnings": ["a store\nis down"]}).warnings == ("a store is down",)


# Any content

NUMBERS = st.floats(0, 1e9)
NAMES = st.text(min_size=1, max_size=12).filter(lambda text: "\n" not in text)
TASKS = st.dictionaries(st.tuples(NAMES, st.integers(0, 9).map(str)), NUMBERS, max_size=6)


def quoted(name: str) -> str:
    r"""A name as JMX writes it: quoted, unless it has only letters, digits, blanks, "_", "-", "%" and "."."""
    plain = all(character.isascii() and (character.isalnum() or character in "_-%. \t") for character in name)
    escaped = "".join("\\" + character if character in '"\\*?' else character for character in name)
    return name if plain else f'"{escaped}"'


def label(value: str) -> str:
    """A label's value as the text format writes it."""
    return value.replace("\\", "\\\\").replace('"', '\\"')


@given(TASKS)
def test_every_name_and_rate_is_read_unchanged(tasks: dict[tuple[str, str], float]) -> None:
    lines = [
        f'{POLL}{{connector="{label(quoted(name))}",task="{number}"}} {rate!r}'
        for (name, number), rate in tasks.items()
    ]
    found = from_exposition("\n".join([f"{COUNT} {float(len(tasks))}", *lines]))
    assert {(task.connector, task.task): task.records_per_second for task in found} == tasks
    beans = {
        f"kafka.connect:connector={quoted(name)},task={number},type=source-task-metrics": {
            "source-record-poll-rate": rate
        }
        for (name, number), rate in tasks.items()
    }
    answer = [{"status": 200, "value": beans}, {"status": 200, "value": {}}, {"status": 200, "value": len(tasks)}]
    if not any(set(name) & set(",=:") and quoted(name) == name for name, _number in tasks):
        found = from_jolokia(json.loads(json.dumps(answer)))
        assert {(task.connector, task.task): task.records_per_second for task in found} == tasks


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["status", "value", "data", "result", "resultType", "values", "x:a=b", "warnings"]),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)


@given(st.one_of(JSON, st.tuples(JSON, JSON, JSON).map(list)), st.text(max_size=30), st.integers(1, 3))
def test_anything_else_is_unreadable_in_one_line(body: Any, text: str, moments: int) -> None:
    reads: list[Callable[[], tuple[TaskRates, ...] | Series]] = [
        lambda: from_jolokia(body),
        lambda: from_prometheus(body, moments),
        lambda: from_exposition(text),
    ]
    for read in reads:
        message, numbers = outcome_of(read)
        assert message.isprintable()
        assert all(map(math.isfinite, numbers))


def outcome_of(read: Callable[[], tuple[TaskRates, ...] | Series]) -> tuple[str, list[float]]:
    """The message about unreadable content, or the numbers in it."""
    try:
        found = read()
    except UnreadableError as error:
        return str(error), []
    if isinstance(found, Series):
        return "", [value for _moment, value in found.values]
    return "", [task.records_per_second for task in found]
