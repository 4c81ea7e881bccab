# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the desired offsets mean for each partition, and the plan."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import InputError
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.offsets.desired import (
    DesiredOffsets,
    FormerOffsets,
    ResetOffsets,
    parse_former,
    parse_offsets,
    parse_partitions,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.offsets.model import (
    Offsets,
    OffsetsPlan,
    Part,
    by_key,
    key_of,
    number_of,
    part_of,
    sink_entry,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.offsets.plan import (
    plan_offsets,
    with_counts,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.offsets.resolve import (
    Resolved,
    TopicFacts,
    resolve,
    times_in_question,
    topics_in_question,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.rest.offsets import PartitionOffset

NOW = 1_800_000_000_000
HOUR_AGO = NOW - 3_600_000


def sink(**offsets: int | None) -> Offsets:
    """Stored offsets of a sink: orders_0=100."""
    return by_key(sink_entry(part(name), offset) for name, offset in offsets.items())


def part(name: str) -> Part:
    topic, _, number = name.rpartition("_")
    return topic, int(number)


def facts(begin: int = 10, end: int = 200, *, partitions: int = 2, topic: str = "orders", at: int = 50) -> TopicFacts:
    parts = [(topic, number) for number in range(partitions)]
    return TopicFacts(
        {topic: partitions},
        dict.fromkeys(parts, begin),
        dict.fromkeys(parts, end),
        {(one, HOUR_AGO): at for one in parts},
    )


def resolved(entries: list[Any], stored: Offsets, known: TopicFacts | None = None, *, is_sink: bool = True) -> Resolved:
    return resolve(parse_offsets(entries, NOW), stored, is_sink=is_sink, facts=known)


def numbers(found: Resolved) -> dict[str, int | None]:
    shown = {}
    for entry in found.targets.values():
        topic, number = part_of(entry.partition)
        shown[f"{topic}_{number}"] = number_of(entry.offset)
    return shown


def refused(entries: list[Any], stored: Offsets, known: TopicFacts | None = None, *, is_sink: bool = True) -> str:
    with pytest.raises(InputError) as caught:
        resolved(entries, stored, known, is_sink=is_sink)
    assert "\n" not in caught.value.message
    return caught.value.message


@pytest.mark.parametrize(
    ("offset", "expected"),
    [
        (120, 120),
        ("120", 120),
        ("earliest", 10),
        ("latest", 200),
        ("1h", 50),
        ("2027-01-15T07:00:00Z", 50),
        ("-20", 80),
        (-20, 80),
        ("+20", 120),
        ("-1000", 10),
        ("+1000", 200),
        (None, None),
    ],
)
def test_each_form_of_an_offset_is_understood(offset: object, expected: int | None) -> None:
    entry = {"topic": "orders", "partition": 0, "offset": offset}
    assert numbers(resolved([entry], sink(orders_0=100), facts())) == {"orders_0": expected}


@pytest.mark.parametrize(
    "offset",
    ["soon", "", "1.5", 1.5, True, [], {}, "++1", "99999999999999999999", "2099-01-01T00:00:00Z", "earliest ever"],
)
def test_any_other_offset_is_refused_with_its_place(offset: object) -> None:
    assert refused([{"topic": "orders", "offset": offset}], sink(orders_0=1)).startswith("offsets[0].offset")


def test_without_a_partition_all_of_the_topic_are_meant() -> None:
    entry = {"topic": "orders", "offset": "earliest"}
    assert numbers(resolved([entry], sink(orders_0=100), facts())) == {"orders_0": 10, "orders_1": 10}


def test_without_brokers_all_means_those_that_have_an_offset() -> None:
    assert numbers(resolved([{"topic": "orders", "offset": 5}], sink(orders_0=100, other_1=3))) == {"orders_0": 5}
    text = refused([{"topic": "payments", "offset": 5}], sink(orders_0=100))
    assert text.endswith("-> give bootstrap_servers, or the number of each partition")


def test_a_pattern_means_topics_that_have_an_offset() -> None:
    entry = {"topic": "order*", "offset": "-1"}
    assert numbers(resolved([entry], sink(orders_0=100, orders2_0=5, payments_0=3))) == {
        "orders_0": 99,
        "orders2_0": 4,
    }
    assert "no topic with an offset matches" in refused([{"topic": "x*", "offset": 1}], sink(orders_0=100))


@pytest.mark.parametrize("offset", ["earliest", "latest", "1h"])
def test_places_that_only_brokers_know_need_brokers(offset: str) -> None:
    assert "needs the brokers -> give bootstrap_servers" in refused(
        [{"topic": "orders", "offset": offset}], sink(orders_0=100)
    )


@pytest.mark.parametrize(("offset", "fix"), [(9, "earliest"), (201, "latest")])
def test_a_number_without_a_record_is_refused(offset: int, fix: str) -> None:
    rest = {"partition": {"kafka_topic": "orders", "kafka_partition": 0}, "offset": {"kafka_offset": offset}}
    for entry in ({"topic": "orders", "partition": 0, "offset": offset}, rest):
        text = refused([entry], sink(orders_0=100), facts())
        assert text.endswith(f"give a number from 10 to 200, or {fix}")


def test_a_topic_or_partition_that_does_not_exist_is_refused() -> None:
    assert "has no partition 2 -> give one of 0 to 1" in refused(
        [{"topic": "orders", "partition": 2, "offset": 50}], sink(), facts()
    )
    assert 'the brokers show no topic "payments"' in refused([{"topic": "payments", "offset": 50}], sink(), facts())


def test_a_relative_offset_needs_a_stored_one() -> None:
    assert "orders-1 has no offset to count from" in refused(
        [{"topic": "orders", "partition": 1, "offset": "+1"}], sink(orders_0=1)
    )


def test_a_partition_given_twice_is_refused() -> None:
    entries = [{"topic": "orders", "offset": 50}, {"topic": "orders", "partition": 0, "offset": 60}]
    assert "is given twice" in refused(entries, sink(orders_0=1), facts())


def test_numbers_of_a_sink_may_be_texts() -> None:
    entry = {"partition": {"kafka_topic": "orders", "kafka_partition": "0"}, "offset": {"kafka_offset": "20"}}
    assert numbers(resolved([entry], sink(orders_0=100))) == {"orders_0": 20}


@pytest.mark.parametrize(
    ("partition", "offset"),
    [
        ({"kafka_topic": "orders"}, {"kafka_offset": 1}),
        ({"kafka_topic": "orders", "kafka_partition": -1}, {"kafka_offset": 1}),
        ({"kafka_topic": "orders", "kafka_partition": "x"}, {"kafka_offset": 1}),
        ({"kafka_topic": "orders", "kafka_partition": 0, "more": 1}, {"kafka_offset": 1}),
        ({"kafka_topic": "orders", "kafka_partition": 0}, {"kafka_offset": -5}),
        ({"kafka_topic": "orders", "kafka_partition": 0}, {"offset": 5}),
        ({}, {"kafka_offset": 5}),
    ],
)
def test_another_form_is_no_offset_of_a_sink(partition: dict[str, Any], offset: dict[str, Any]) -> None:
    assert "is no offset of a sink" in refused([{"partition": partition, "offset": offset}], sink(orders_0=1))


FILE = PartitionOffset({"filename": "/a"}, {"position": 7})


def test_a_source_gets_exactly_what_is_given() -> None:
    entry = {"partition": {"filename": "/a"}, "offset": {"position": "7"}}
    found = resolved([entry], by_key([FILE]), is_sink=False)
    assert [target.offset for target in found.targets.values()] == [{"position": "7"}]
    plan = plan_offsets(parse_offsets([entry], NOW), by_key([FILE]), found.targets)
    assert len(plan.changes) == 1, "a text is not a number"


def test_a_partition_of_another_form_is_refused_for_a_source() -> None:
    entry = {"partition": {"file": "/a"}, "offset": {"position": 7}}
    assert "has file, but those of this connector have filename" in refused([entry], by_key([FILE]), is_sink=False)


def test_a_new_partition_of_the_same_form_is_a_warning() -> None:
    entry = {"partition": {"filename": "/b"}, "offset": {"position": 7}}
    (warning,) = resolved([entry], by_key([FILE]), is_sink=False).warnings
    assert 'partition {"filename": "/b"} had no offset so far' in warning


def test_a_source_without_offsets_accepts_any_form() -> None:
    entry = {"partition": {"server": "crm"}, "offset": {"pos": 4}}
    assert resolved([entry], {}, is_sink=False).warnings == ()


def test_short_forms_are_refused_for_a_source() -> None:
    assert "topic is for sinks" in refused([{"topic": "orders", "offset": 1}], by_key([FILE]), is_sink=False)


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ({"offset": {}}, "has neither topic nor partition"),
        ({"topic": "orders"}, "has no offset"),
        ({"topic": "", "offset": 1}, "topic is no name"),
        ({"topic": "orders", "partition": "x", "offset": 1}, "partition is"),
        ({"topic": "orders", "partition": True, "offset": 1}, "partition is true"),
        ({"partition": "x", "offset": {}}, "partition is not a mapping"),
        ({"partition": {"a": 1}, "offset": 3}, "offset is not a mapping"),
        ({"partition": {"a": {1, 2}}, "offset": {}}, "JSON does not have"),
        ({"partition": {"a": "****"}, "offset": {}}, "masked"),
        ({"kafka_topic": "orders", "kafka_partition": 0, "offset": 1}, "put kafka_topic and kafka_partition into"),
        ({"topic": "orders", "offest": 1}, "unknown key offest"),
        ("orders", "is not a mapping"),
    ],
)
def test_an_entry_that_is_wrong_is_named(entry: Any, text: str) -> None:
    with pytest.raises(InputError, match="offsets\\[1\\]") as caught:
        parse_offsets([{"topic": "orders", "offset": 1}, entry], NOW)
    assert text in caught.value.message


def test_no_offsets_at_all_are_refused() -> None:
    with pytest.raises(InputError, match="offsets is empty"):
        parse_offsets([], NOW)


def reset(entries: list[Any], stored: Offsets, *, is_sink: bool = True) -> Resolved:
    return resolve(parse_partitions(entries), stored, is_sink=is_sink, facts=None)


def test_a_reset_by_topic_removes_what_is_stored() -> None:
    stored = sink(orders_0=1, orders_1=2, payments_0=3)
    assert numbers(reset([{"topic": "orders"}], stored)) == {"orders_0": None, "orders_1": None}
    assert numbers(reset([{"topic": "pay*"}], stored)) == {"payments_0": None}
    assert numbers(reset([{"topic": "orders", "partition": 1}], stored)) == {"orders_1": None}
    assert "matches" in reset([{"topic": "x*"}], stored).warnings[0]


def test_a_reset_by_values_of_the_partition_accepts_patterns() -> None:
    entries = [
        PartitionOffset({"cluster": "eu", "topic": topic, "partition": number}, {"offset": 5})
        for topic in ("orders", "payments")
        for number in range(2)
    ]
    found = reset([{"partition": {"topic": "ord*", "partition": 1}}], by_key(entries), is_sink=False)
    assert [target.partition["partition"] for target in found.targets.values()] == [1]
    assert reset([{"partition": {"topic": "x"}}], by_key(entries), is_sink=False).warnings
    with pytest.raises(InputError, match="leave partitions out to reset all"):
        parse_partitions([{"partition": {}}])


def former(*entries: PartitionOffset) -> FormerOffsets:
    return FormerOffsets("orders", "", "running", entries)


def test_taking_back_removes_what_had_no_offset() -> None:
    stored = sink(orders_0=5, orders_1=6)
    found = resolve(former(sink_entry(("orders", 0), 100)), stored, is_sink=True, facts=facts())
    assert numbers(found) == {"orders_0": 100, "orders_1": None}


def test_taking_back_warns_of_records_that_no_longer_exist() -> None:
    gone = (sink_entry(("orders", 0), 3), sink_entry(("old", 0), 3))
    found = resolve(former(*gone), sink(), is_sink=True, facts=facts())
    assert [text.partition(":")[2][:20] for text in found.warnings] == [" offset 3 of orders-", " partition old-0 doe"]


def test_the_brokers_are_asked_about_what_is_stored_and_desired_only() -> None:
    desired = parse_offsets(
        [{"topic": "a", "offset": "1h"}, {"topic": "b*", "offset": 1}, {"topic": "c", "offset": 1}], NOW
    )
    assert topics_in_question(desired, sink(d_0=1)) == {"a", "c", "d"}
    assert times_in_question(desired) == {HOUR_AGO}
    assert topics_in_question(former(sink_entry(("e", 0), 1)), sink()) == {"e"}


@pytest.mark.parametrize(
    "value",
    [
        None,
        3,
        {},
        {"name": "a", "run_state": "gone", "offsets": []},
        {"name": "a", "run_state": "running", "offsets": "x"},
        {"name": "a", "run_state": "running", "offsets": [{"partition": {}}]},
        {"name": "a", "run_state": "running", "offsets": [{"partition": {}, "offset": None}]},
        {"name": "a", "run_state": "running", "offsets": [{"partition": {"p": "********"}, "offset": {}}]},
    ],
)
def test_what_is_no_backup_is_refused(value: object) -> None:
    with pytest.raises(InputError, match="from_backup"):
        parse_former(value, "from_backup")


# The plan

parts = st.tuples(st.sampled_from(["a", "b"]), st.integers(0, 3))
stored_offsets = st.dictionaries(parts, st.integers(0, 100)).map(
    lambda found: by_key(sink_entry(one, number) for one, number in found.items())
)


def applied(stored: Offsets, plan: OffsetsPlan) -> dict[str, object]:
    """What Connect stores after this plan."""
    result: dict[str, object] = {} if plan.resets_all else {key: entry.offset for key, entry in stored.items()}
    for entry in plan.entries:
        result[key_of(entry.partition)] = entry.offset
    return {key: offset for key, offset in result.items() if offset is not None}


def planned(desired: DesiredOffsets, stored: Offsets) -> OffsetsPlan:
    return plan_offsets(desired, stored, resolve(desired, stored, is_sink=True, facts=None).targets)


@given(stored_offsets, stored_offsets)
def test_a_backup_always_leads_back(stored: Offsets, before: Offsets) -> None:
    plan = planned(former(*before.values()), stored)
    assert applied(stored, plan) == {key: entry.offset for key, entry in before.items()}


@given(stored_offsets)
def test_a_reset_removes_everything_and_then_has_nothing_to_do(stored: Offsets) -> None:
    plan = planned(ResetOffsets(), stored)
    assert applied(stored, plan) == {}
    assert plan.resets_all == bool(stored)
    assert planned(ResetOffsets(), {}).changes == ()


@given(
    stored_offsets, st.lists(st.tuples(parts, st.integers(0, 100) | st.none()), min_size=1, unique_by=lambda e: e[0])
)
def test_a_plan_reaches_what_is_desired_touches_nothing_else_and_is_then_empty(
    stored: Offsets, wanted: list[tuple[Part, int | None]]
) -> None:
    desired = parse_offsets([{"topic": one[0], "partition": one[1], "offset": number} for one, number in wanted], NOW)
    plan = planned(desired, stored)
    after = applied(stored, plan)
    named = {key_of(sink_entry(one, 0).partition): number for one, number in wanted}
    for key in {*after, *named, *stored}:
        expected = named[key] if key in named else number_of(stored[key].offset)
        assert (json.loads(json.dumps(after.get(key))) or {"kafka_offset": None})["kafka_offset"] == expected
    then = by_key(PartitionOffset(json.loads(key), dict(offset)) for key, offset in after.items())  # type: ignore[call-overload]  # a mapping
    assert planned(desired, then).changes == ()


@given(st.integers(0, 300) | st.none(), st.integers(10, 200) | st.none(), st.booleans())
def test_records_are_counted_between_the_places_where_the_consumer_is_and_starts(
    before: int | None, after: int | None, starts_late: bool
) -> None:
    target = {"topic": "orders", "partition": 0, "offset": after}
    stored = sink(orders_0=before) if before is not None else {}
    desired = parse_offsets([target], NOW)
    plan = plan_offsets(desired, stored, resolve(desired, stored, is_sink=True, facts=facts()).targets)
    for change in with_counts(plan, facts(), starts_late=starts_late).changes:
        assert change.read_again is not None
        assert change.skipped is not None
        assert 0 in (change.read_again, change.skipped)
        assert max(change.read_again, change.skipped) <= 190
        if before is not None and after is not None and 10 <= before <= 200:
            assert after - before == change.skipped - change.read_again


def test_without_brokers_only_known_offsets_are_counted() -> None:
    desired = ResetOffsets()
    stored = sink(orders_0=100)
    plan = with_counts(planned(desired, stored), None, starts_late=False)
    assert plan.changes[0].read_again is None
    late = with_counts(planned(desired, stored), facts(), starts_late=True)
    assert (late.changes[0].read_again, late.changes[0].skipped) == (0, 100)
