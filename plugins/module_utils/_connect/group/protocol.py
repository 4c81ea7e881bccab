# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The workers' group as the brokers keep it: members, leader, ownership of work. Pure decoding of bytes.

The layout is that of ConnectProtocol (version 0, "default") and IncrementalCooperativeConnectProtocol (versions 1 and 2,
"compatible" and "sessioned"; KIP-415, KIP-507). A member's metadata and assignment come from DescribeGroups; in version
0 the assignment is everything that a worker owns, from version 1 on only the changes
(WorkerCoordinator.onJoinComplete).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..errors import BrokersError

CONNECTOR_ITSELF = -1
"""The task id that stands for the connector instance."""

CONNECT_PROTOCOL = "connect"

WorkItem = tuple[str, int]
"""A connector's name and a task id; the connector instance itself has the id CONNECTOR_ITSELF."""

Work = frozenset[WorkItem]
"""What a worker owns."""


class GroupFormatError(ValueError):
    """The bytes do not come from a Connect worker; the text names the field that does not fit."""


@dataclass(frozen=True)
class Assignment:
    """One worker's assignment in the last rebalance.

    `error`: 0, or 1 when the leader could not read the config topic up to where another member had (CONFIG_MISMATCH).
    `leader` is a member id. `delay` in ms: how long the leader keeps lost work for its departed worker.
    """

    version: int
    error: int
    leader: str
    leader_url: str
    config_offset: int
    assigned: Work = frozenset()
    revoked: Work = frozenset()
    delay: int = 0


@dataclass(frozen=True)
class Metadata:
    """What a worker reported when it joined; `allocation` is what it owned then (from version 1 on)."""

    version: int
    url: str
    config_offset: int
    allocation: Assignment | None = None


@dataclass(frozen=True)
class Member:
    """One worker of the group, with everything it owns. During a rebalance `url` is empty and `work` unknown."""

    member_id: str
    client_id: str
    host: str
    url: str = ""
    assignment: Assignment | None = None
    work: Work = frozenset()

    @property
    def connectors(self) -> tuple[str, ...]:
        return tuple(sorted(name for name, task in self.work if task == CONNECTOR_ITSELF))

    @property
    def tasks(self) -> tuple[WorkItem, ...]:
        return tuple(sorted((name, task) for name, task in self.work if task != CONNECTOR_ITSELF))


@dataclass(frozen=True)
class Group:
    """The workers' group as one DescribeGroups showed it. `state`: Stable, PreparingRebalance, CompletingRebalance,
    Empty, Dead.
    """

    group_id: str
    state: str
    protocol_type: str
    protocol: str
    members: tuple[Member, ...] = ()

    @property
    def is_stable(self) -> bool:
        return self.state == "Stable"

    @property
    def is_rebalancing(self) -> bool:
        return self.state in ("PreparingRebalance", "CompletingRebalance")

    @property
    def assignments(self) -> tuple[Assignment, ...]:
        """The assignments of the last completed rebalance; none during a rebalance, since they may be outdated."""
        return tuple(member.assignment for member in self.members if member.assignment) if self.is_stable else ()

    @property
    def leaders(self) -> frozenset[tuple[str, str]]:
        """The (member id, URL) pairs that members regard as their leader: exactly one in a healthy group."""
        return frozenset((assignment.leader, assignment.leader_url) for assignment in self.assignments)

    @property
    def leader(self) -> Member | None:
        """The leader; None during a rebalance, or when the leader is not a member."""
        ids = {leader for leader, _url in self.leaders}
        return next((member for member in self.members if member.member_id in ids), None)

    @property
    def config_offset(self) -> int | None:
        """The config topic offset that every member must have read; None while it is unknown."""
        return max((assignment.config_offset for assignment in self.assignments), default=None)

    @property
    def delay(self) -> int:
        """Milliseconds for which the leader keeps lost work for a departed worker, counted from the last rebalance."""
        return max((assignment.delay for assignment in self.assignments), default=0)

    @property
    def owners(self) -> Mapping[WorkItem, tuple[Member, ...]]:
        """The owners of each connector instance and each task."""
        owners: dict[WorkItem, tuple[Member, ...]] = {}
        for member in self.members:
            for item in member.work:
                owners[item] = (*owners.get(item, ()), member)
        return owners

    def parked(self, work: Work) -> Work:
        """What of this work the leader keeps unassigned until a delay is over; nothing without a delay."""
        return work - self.owners.keys() if self.delay else frozenset()


@dataclass(frozen=True)
class KnownGroups:
    """The groups of Connect workers that the brokers describe. `missing`: why some are not here, or None."""

    groups: tuple[Group, ...]
    missing: BrokersError | None = None


@dataclass(frozen=True)
class MemberBytes:
    """One member as DescribeGroups returns it."""

    member_id: str
    client_id: str
    host: str
    metadata: bytes
    assignment: bytes


def decode_group(group_id: str, state: str, protocol_type: str, protocol: str, members: Iterable[MemberBytes]) -> Group:
    """A group with every member's work; without members if it is not a group of Connect workers.

    Raises GroupFormatError if the bytes do not come from a Connect worker.
    """
    if protocol_type != CONNECT_PROTOCOL:
        return Group(group_id, state, protocol_type, protocol)
    decoded = sorted(map(_member, members), key=lambda member: (member.url, member.client_id, member.member_id))
    return Group(group_id, state, protocol_type, protocol, tuple(decoded))


def _member(raw: MemberBytes) -> Member:
    assignment = decode_assignment(raw.assignment) if raw.assignment else None
    # During a rebalance the brokers return no metadata, and the assignment may be outdated.
    if not raw.metadata:
        return Member(raw.member_id, raw.client_id, raw.host, "", assignment)
    metadata = decode_metadata(raw.metadata)
    work = total_work(metadata, assignment) if assignment is not None else frozenset()
    return Member(raw.member_id, raw.client_id, raw.host, metadata.url, assignment, work)


def total_work(metadata: Metadata, assignment: Assignment) -> Work:
    """Everything a worker owns once it has applied its assignment."""
    if assignment.version == 0 or metadata.allocation is None:
        return assignment.assigned
    return (metadata.allocation.assigned - assignment.revoked) | assignment.assigned


def decode_metadata(data: bytes) -> Metadata:
    """Metadata of versions 0 to 2. Raises GroupFormatError."""
    reader = _Reader(data)
    version = reader.version()
    url = reader.url("URL")
    offset = reader.int64("config offset")
    allocation = reader.optional_bytes("allocation") if version > 0 else None
    return Metadata(version, url, offset, decode_assignment(allocation) if allocation else None)


def decode_assignment(data: bytes) -> Assignment:
    """Assignment of versions 0 to 2; missing trailing fields are empty. Raises GroupFormatError."""
    reader = _Reader(data)
    version = reader.version()
    error = reader.int16("error")
    leader, leader_url = reader.text("leader"), reader.url("leader URL")
    offset = reader.int64("config offset")
    assigned = reader.work("assigned")
    if version == 0:
        return Assignment(version, error, leader, leader_url, offset, assigned)
    revoked = reader.work("revoked")
    delay = reader.int32("delay") if reader.left else 0
    return Assignment(version, error, leader, leader_url, offset, assigned, revoked, delay)


class _Reader:
    """Reads Kafka's primitive types, big endian, and names the field that does not fit."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def left(self) -> int:
        return len(self._data) - self._at

    def version(self) -> int:
        version = self.int16("version")
        if version < 0:
            raise GroupFormatError(f"version is {version}")
        return version

    def int16(self, field: str) -> int:
        return self._number(">h", field)

    def int32(self, field: str) -> int:
        return self._number(">i", field)

    def int64(self, field: str) -> int:
        return self._number(">q", field)

    def text(self, field: str) -> str:
        length = self.int16(field)
        if length < 0:
            raise GroupFormatError(f"{field} has length {length}")
        try:
            return self._take(length, field).decode()
        except UnicodeDecodeError as error:
            raise GroupFormatError(f"{field} is not text") from error

    def url(self, field: str) -> str:
        """The URL without the slash that Connect appends."""
        return self.text(field).rstrip("/")

    def optional_bytes(self, field: str) -> bytes | None:
        if not self.left:
            return None
        length = self.int32(field)
        return None if length < 0 else self._take(length, field)

    def work(self, field: str) -> Work:
        """ARRAY of (STRING connector, ARRAY of int32 task ids); null and missing are empty."""
        if not self.left:
            return frozenset()
        items = set()
        for _connector in range(self._count(field)):
            name = self.text(f"{field}: connector")
            for _task in range(self._count(f"{field}: tasks")):
                items.add((name, self.int32(f"{field}: task")))
        return frozenset(items)

    def _count(self, field: str) -> int:
        """The number of elements of an array; -1 stands for null."""
        count = self.int32(field)
        if count < -1:
            raise GroupFormatError(f"{field} has {count} elements")
        return max(count, 0)

    def _number(self, layout: str, field: str) -> int:
        (number,) = struct.unpack(layout, self._take(struct.calcsize(layout), field))
        return int(number)

    def _take(self, length: int, field: str) -> bytes:
        if self.left < length:
            raise GroupFormatError(f"the bytes end within {field}")
        self._at += length
        return self._data[self._at - length : self._at]
