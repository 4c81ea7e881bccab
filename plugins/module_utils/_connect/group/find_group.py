# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds the group of a Connect cluster among those that the brokers know. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection

from ..errors import BrokersError
from ..model import Snapshot
from ..rest.connection import worker_address
from .protocol import Group, KnownGroups, Member
from .rest_view import writers

_CLIENT_ID = re.compile(r"connect-(.+:\d+)")
"""Since Kafka 3.7 a worker's client id contains its advertised address, unless client.id is set."""


def choose_group(known: KnownGroups, urls: Collection[str], snapshot: Snapshot) -> Group:
    """The one group with a member at one of these URLs, or else at an address of `snapshot`: `url` may name a proxy. A
    worker of another group may have written statuses, too, so these count only where the URLs identify no group.

    Raises BrokersError when there is no such group, or more than one.
    """
    listed = frozenset(worker_address(url) for url in urls)
    for addresses in (listed, frozenset(writers(snapshot).values()) - {""}):
        fitting = [group for group in known.groups if has_member_at(group, addresses)]
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            names = ", ".join(sorted(group.group_id for group in fitting))
            raise BrokersError(
                f"several groups have members at the addresses that url and REST show: {names}",
                "give group_id, the workers' group.id",
                cause="several_groups",
            )
    if known.missing is not None:
        raise known.missing
    seen = ", ".join(f"{group.group_id} ({_shown_members(group)})" for group in known.groups) or "none"
    raise BrokersError(
        f"no group of Connect workers has a member at an address that url or REST shows; existing groups: {seen}",
        "give group_id, the workers' group.id; or correct bootstrap_servers; the group needs the ACL Describe",
        cause="no_group",
    )


def has_member_at(group: Group, known: Collection[str]) -> bool:
    """Whether a worker at one of these addresses (`host:port`) is in the group."""
    return any(addresses_of(member) & set(known) for member in group.members)


def addresses_of(member: Member) -> set[str]:
    """The worker's `host:port`. During a rebalance only the client id identifies the worker."""
    named = _CLIENT_ID.fullmatch(member.client_id)
    return {_address(member.url) if member.url else "", named[1] if named else ""} - {""}


def _address(url: str) -> str:
    try:
        return worker_address(url)
    except ValueError:
        return url


def _shown_members(group: Group) -> str:
    members = sorted({member.url or member.client_id for member in group.members})
    return ", ".join(members[:3]) + (" ..." if len(members) > 3 else "") or "without members"
