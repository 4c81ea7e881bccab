# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An encoder for the bytes of a Connect group, like that of workers (org.apache.kafka.connect.runtime.distributed)."""

from __future__ import annotations

import struct
from collections.abc import Iterable

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.protocol import (
    Assignment,
    Group,
    MemberBytes,
    Metadata,
    Work,
    decode_group,
)


def text(value: str) -> bytes:
    data = value.encode()
    return struct.pack(">h", len(data)) + data


def work(items: Work) -> bytes:
    """ARRAY of (STRING connector, ARRAY of int32); null if empty, as newer workers may write it."""
    if not items:
        return struct.pack(">i", -1)
    tasks: dict[str, list[int]] = {}
    for name, task in sorted(items):
        tasks.setdefault(name, []).append(task)
    encoded = [
        text(name) + struct.pack(f">i{len(numbers)}i", len(numbers), *numbers) for name, numbers in tasks.items()
    ]
    return struct.pack(">i", len(encoded)) + b"".join(encoded)


def assignment_bytes(value: Assignment) -> bytes:
    head = (
        struct.pack(">hh", value.version, value.error)
        + text(value.leader)
        + text(value.leader_url + "/")
        + struct.pack(">q", value.config_offset)
        + work(value.assigned)
    )
    return head if value.version == 0 else head + work(value.revoked) + struct.pack(">i", value.delay)


def metadata_bytes(value: Metadata) -> bytes:
    head = struct.pack(">h", value.version) + text(value.url + "/") + struct.pack(">q", value.config_offset)
    if value.version == 0:
        return head
    if value.allocation is None:
        return head + struct.pack(">i", -1)
    inner = assignment_bytes(value.allocation)
    return head + struct.pack(">i", len(inner)) + inner


def address(number: int) -> str:
    return f"http://connect-{number}.example.com:8083"


def member(
    number: int,
    assigned: Iterable[tuple[str, int]] = (),
    *,
    url: str | None = None,
    host: str | None = None,
    leader: int = 1,
    error: int = 0,
    delay: int = 0,
) -> MemberBytes:
    """Worker `number` of a stable group with this work and with worker `leader` as its leader."""
    mine = address(number) if url is None else url
    assignment = Assignment(2, error, f"id-{leader}", address(leader), 7, frozenset(assigned), delay=delay)
    return MemberBytes(
        f"id-{number}",
        f"connect-connect-{number}.example.com:8083",
        host or f"10.0.0.{number}",
        metadata_bytes(Metadata(2, mine, 7)),
        assignment_bytes(assignment),
    )


def stable(*members: MemberBytes, group_id: str = "orders") -> Group:
    return decode_group(group_id, "Stable", "connect", "sessioned", members)


def rebalancing(*members: MemberBytes, group_id: str = "orders") -> Group:
    """The group as the brokers show it during a rebalance: without metadata, with old assignments."""
    bare = [MemberBytes(raw.member_id, raw.client_id, raw.host, b"", raw.assignment) for raw in members]
    return decode_group(group_id, "PreparingRebalance", "connect", "", bare)
