# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Outdated statuses that will not be overwritten: when a partitioned worker reached the brokers again, it wrote its old status after
that of the new owner. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..rest.connection import worker_address
from .protocol import CONNECTOR_ITSELF

if TYPE_CHECKING:
    from ..model import Connector
    from .protocol import Group


def owners_of_stale(connectors: Iterable[Connector], group: Group) -> dict[str, str]:
    """The names of the connectors with an outdated status, with the URL of the worker that owns each. A rebalance explains everything."""
    if not group.is_stable or group.delay:
        return {}
    owners = group.owners
    found = {}
    for stored in connectors:
        owner = next(iter(owners.get((stored.name, CONNECTOR_ITSELF), ())), None)
        if stored.state == "UNASSIGNED" and owner is not None and stored.worker_id != worker_address(owner.url):
            found[stored.name] = owner.url
    return found
