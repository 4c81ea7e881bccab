# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The group of the workers, decoded from the bytes of DescribeGroups."""

from __future__ import annotations

import dataclasses
import struct
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.protocol import (
    CONNECTOR_ITSELF,
    Assignment,
    GroupFormatError,
    MemberBytes,
    Metadata,
    Work,
    decode_assignment,
    decode_group,
    decode_metadata,
    total_work,
)
from tests.unit.connect.group_bytes import assignment_bytes, member, metadata_bytes, rebalancing, stable

names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
urls = st.from_regex(r"https?://[a-z0-9.-]{1,20}:[0-9]{1,5}", fullmatch=True)
pieces: st.SearchStrategy[Work] = st.frozensets(st.tuples(names, st.integers(CONNECTOR_ITSELF, 2**31 - 1)), max_size=8)


@st.composite
def assignments(draw: st.DrawFn, version: int | None = None) -> Assignment:
    number = draw(st.integers(0, 2)) if version is None else version
    value = Assignment(
        number, draw(st.integers(0, 1)), draw(names), draw(urls), draw(st.integers(-1, 2**63 - 1)), draw(pieces)
    )
    if number == 0:
        return value
    return dataclasses.replace(value, revoked=draw(pieces), delay=draw(st.integers(0, 2**31 - 1)))


@st.composite
def metadatas(draw: st.DrawFn) -> Metadata:
    version = draw(st.integers(0, 2))
    allocation = draw(st.none() | assignments(version)) if version else None
    return Metadata(version, draw(urls), draw(st.integers(-1, 2**63 - 1)), allocation)


@given(assignments())
def test_an_assignment_is_read_as_it_was_written(value: Assignment) -> None:
    assert decode_assignment(assignment_bytes(value)) == value


@given(metadatas())
def test_metadata_is_read_as_it_was_written(value: Metadata) -> None:
    assert decode_metadata(metadata_bytes(value)) == value


@given(st.binary(max_size=200))
def test_unknown_bytes_raise_a_format_error_only(data: bytes) -> None:
    for decode in (decode_assignment, decode_metadata):
        with suppress(GroupFormatError):
            decode(data)


@given(metadatas(), st.data())
def test_damaged_bytes_raise_a_format_error_only(value: Metadata, data: st.DataObject) -> None:
    encoded = bytearray(metadata_bytes(value))
    at = data.draw(st.integers(0, len(encoded) - 1))
    encoded[at] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(encoded)))
    with suppress(GroupFormatError):
        decode_group("g", "Stable", "connect", "sessioned", [MemberBytes("m", "c", "h", bytes(encoded[:cut]), b"")])


@pytest.mark.parametrize("cut", [0, 1, 5, 12, 30])
def test_truncated_bytes_raise_an_error_that_names_the_field(cut: int) -> None:
    encoded = assignment_bytes(Assignment(1, 0, "leader", "http://a:8083", 3, frozenset({("orders", 0)})))
    with pytest.raises(GroupFormatError, match="the bytes end within"):
        decode_assignment(encoded[:cut])


def test_trailing_fields_may_be_missing() -> None:
    value = Assignment(1, 0, "leader", "http://a:8083", 3, frozenset({("orders", 0)}))
    without_revoked = assignment_bytes(value)[:-8]
    assert decode_assignment(without_revoked) == value
    assert decode_metadata(metadata_bytes(Metadata(1, "http://a:8083", 3))[:-4]).allocation is None


def test_an_impossible_length_is_rejected() -> None:
    with pytest.raises(GroupFormatError, match="URL has length -2"):
        decode_metadata(struct.pack(">hh", 2, -2))


OWNED = frozenset({("orders", CONNECTOR_ITSELF), ("orders", 0), ("payments", 1)})


def test_an_incremental_assignment_contains_only_the_changes() -> None:
    before = Metadata(2, "http://a:8083", 3, Assignment(2, 0, "l", "http://a:8083", 3, OWNED))
    change = Assignment(2, 0, "l", "http://a:8083", 4, frozenset({("new", 0)}), frozenset({("payments", 1)}))
    assert total_work(before, change) == {("orders", CONNECTOR_ITSELF), ("orders", 0), ("new", 0)}


def test_an_eager_assignment_is_complete() -> None:
    change = Assignment(0, 0, "l", "http://a:8083", 4, frozenset({("new", 0)}))
    assert total_work(Metadata(0, "http://a:8083", 3), change) == {("new", 0)}


@given(pieces, pieces, pieces)
def test_work_that_is_revoked_and_assigned_at_once_stays_assigned(owned: Work, revoked: Work, assigned: Work) -> None:
    before = Metadata(1, "http://a:8083", 3, Assignment(1, 0, "l", "http://a:8083", 3, owned))
    after = total_work(before, Assignment(1, 0, "l", "http://a:8083", 4, assigned, revoked))
    assert assigned <= after <= owned | assigned
    assert not after & (revoked - assigned)


def test_a_stable_group_is_decoded() -> None:
    group = stable(member(2, delay=300), member(1, [("orders", CONNECTOR_ITSELF), ("orders", 0)], delay=300))
    assert [found.url[-21:] for found in group.members] == [
        "connect-1.example.com:8083"[-21:],
        "connect-2.example.com:8083"[-21:],
    ]
    assert group.members[0].connectors == ("orders",)
    assert group.members[0].tasks == (("orders", 0),)
    assert group.members[1].work == frozenset()
    assert group.leader is group.members[0]
    assert (group.config_offset, group.delay) == (7, 300)
    assert group.owners["orders", 0] == (group.members[0],)


def test_old_assignments_are_ignored_while_a_group_rebalances() -> None:
    group = rebalancing(member(1, [("orders", 0)], delay=300), member(2))
    assert group.is_rebalancing
    assert [found.client_id for found in group.members] == [
        "connect-connect-1.example.com:8083",
        "connect-connect-2.example.com:8083",
    ]
    assert {(found.url, found.work) for found in group.members} == {("", frozenset())}
    assert (group.leader, group.config_offset, group.delay) == (None, None, 0)


def test_members_of_another_type_are_not_decoded() -> None:
    consumer = MemberBytes("m", "c", "h", b"\xff", b"\xff")
    assert decode_group("g", "Stable", "consumer", "range", [consumer]).members == ()
