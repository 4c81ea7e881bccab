# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds connectors whose outdated status is not overwritten: a partitioned worker wrote it after that of the new owner."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..errors import BrokersError
from ..group.membership import new_client, read_group
from ..group.stale_status import owners_of_stale

if TYPE_CHECKING:
    from ..group.brokers import Brokers
    from ..model import Connector, Snapshot
    from ..snapshot.cluster import Cluster


def read_stale(
    cluster: Cluster, snapshot: Snapshot, candidates: Sequence[Connector], brokers: Brokers, group_id: str
) -> frozenset[str]:
    """Return the names of the connectors with an outdated status. Asks the brokers only if a connector is UNASSIGNED. A warning
    says so if the group can't be read.
    """
    unassigned = [stored for stored in candidates if stored.state == "UNASSIGNED" and stored.config is not None]
    if not unassigned:
        return frozenset()
    cluster.run.busy_with("reading the workers' group")
    try:
        client = new_client(cluster.run, brokers)
        group = read_group(cluster, snapshot, brokers, group_id, client).group
    except BrokersError as error:
        cluster.warnings.append(f"whether UNASSIGNED connectors have an outdated status is unknown: {error.message}")
        return frozenset()
    return frozenset(owners_of_stale(unassigned, group))
