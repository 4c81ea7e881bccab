# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Member data of a group: any bytes, and damaged bytes of real workers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import on_a_line
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.protocol import (
    Assignment,
    Group,
    GroupFormatError,
    MemberBytes,
    Metadata,
    decode_group,
)
from tests.unit.connect.group_bytes import assignment_bytes, metadata_bytes

from .stage import Stage

NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
WORK = st.frozensets(st.tuples(NAMES, st.integers(-1, 2**31 - 1)), max_size=4)
ASSIGNMENTS = st.builds(
    Assignment,
    version=st.integers(0, 2),
    error=st.integers(-1, 2),
    leader=NAMES,
    leader_url=NAMES,
    config_offset=st.integers(-1, 2**63 - 1),
    assigned=WORK,
    revoked=WORK,
    delay=st.integers(0, 2**31 - 1),
)
METADATA = st.builds(
    Metadata,
    version=st.integers(0, 2),
    url=NAMES,
    config_offset=st.integers(-1, 2**63 - 1),
    allocation=st.one_of(st.none(), ASSIGNMENTS),
)


@st.composite
def damaged(draw: st.DrawFn, whole: st.SearchStrategy[bytes]) -> bytes:
    """Truncated, with one byte changed, with bytes appended, or unchanged."""
    data = draw(whole)
    position = draw(st.integers(0, len(data)))
    return data[:position] + draw(st.binary(max_size=4)) + data[position + draw(st.integers(0, 4)) :]


MEMBERS = st.builds(
    MemberBytes,
    member_id=NAMES,
    client_id=NAMES,
    host=NAMES,
    metadata=st.one_of(st.binary(max_size=60), damaged(METADATA.map(metadata_bytes))),
    assignment=st.one_of(st.binary(max_size=60), damaged(ASSIGNMENTS.map(assignment_bytes))),
)


@given(members=st.lists(MEMBERS, max_size=3), protocol_type=st.sampled_from(["connect", "consumer", ""]))
def test_member_bytes_are_decoded_or_rejected(stage: Stage, members: list[MemberBytes], protocol_type: str) -> None:
    stage.played += 1
    group = decoded(members, protocol_type)
    if isinstance(group, Group):
        assert len(group.members) == (len(members) if protocol_type == "connect" else 0)


def decoded(members: list[MemberBytes], protocol_type: str) -> Group | str:
    """The group, or in one line why the bytes are not a group."""
    try:
        return decode_group("connect-cluster", "Stable", protocol_type, "sessioned", members)
    except GroupFormatError as error:
        text = str(error)
    assert text
    assert text == on_a_line(text), repr(text)
    return text
