# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the brokers know against a worker's configuration: how many there are, and who is in the group already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .brokers import Brokers, BrokersClient
from .group import CONNECT_PROTOCOL, Group
from .transport import worker_address
from .worker_listeners import advertised
from .worker_properties import Finding, Worker


@dataclass(frozen=True)
class BrokersView:
    """`brokers`: how many are alive. `group`: the one of the workers' group.id, None when the brokers know none."""

    brokers: int
    group: Group | None = None


def look(brokers: Brokers, group_id: str) -> BrokersView:
    """One look. Without a group.id only the brokers are counted. Raises BrokersError, InputError for wrong options."""
    client = BrokersClient(brokers)
    groups = client.groups(group_id) if group_id else ()
    return BrokersView(client.count(), next(iter(groups), None))


def check_group(workers: Sequence[Worker], group: Group | None) -> Iterator[Finding]:
    """A group.id that others have already."""
    if group is None or group.state == "Dead" or not workers:
        return
    worker = workers[0]
    if group.protocol_type not in ("", CONNECT_PROTOCOL):
        text = f'"{group.group_id}" is the group of something else (type {group.protocol_type}): give the workers a name of their own'
        yield worker.error("group.id", text)
        return
    known = _known_addresses(workers)
    strangers = sorted({member.url for member in group.members if member.url and _address(member.url) not in known})
    if known and strangers:
        shown = ", ".join(strangers[:3]) + (" ..." if len(strangers) > 3 else "")
        text = (
            f'"{group.group_id}" has members that are none of these workers ({shown}): if they are of another cluster'
        )
        yield worker.warning("group.id", f"{text}, give this one a name of its own")


def _known_addresses(workers: Sequence[Worker]) -> frozenset[str]:
    """What the workers advertise; none when it can't be known of one of them, since it could be any member then."""
    found = [advertised(worker) for worker in workers]
    known = {f"{address.host.lower()}:{address.port}" for address in found if address is not None and address.host}
    return frozenset(known) if all(address is not None and address.host for address in found) else frozenset()


def _address(url: str) -> str:
    try:
        return worker_address(url)
    except ValueError:
        return url
