# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The check registries: reads the schema registries that connectors name, after the wait for health. Reads only."""

from __future__ import annotations

from dataclasses import replace

from ..errors import RequestError
from ..model import Connector
from ..registry.converters import registry_uses
from ..registry.facts import read_registries
from ..registry.registry_client import RegistryClient
from ..rest.connection import Connection
from ..snapshot.cluster import Cluster
from .check import HealthReport
from .model import HealthLimits
from .registry_findings import INCOMPATIBLE, failures_of

MOST_TOPICS = 5
"""Topics of a connector whose subjects are read."""


def with_registries(
    cluster: Cluster, access: Connection, limits: HealthLimits, report: HealthReport
) -> tuple[HealthReport, list[RegistryClient]]:
    """The report with the findings about registries, and the clients that have read them. `access`: see connection_for.

    Connectors that are paused or stopped use none. Raises InputError for a TLS file that can't be read.
    """
    snapshot = report.snapshot
    counted = [
        stored for name, stored in sorted(snapshot.connectors.items()) if limits.counts(name) and not stored.is_idle
    ]
    uses = registry_uses(counted)
    if not uses:
        return report, []
    names = {use.connector for use in uses}
    rejected = [stored for stored in counted if stored.name in names and INCOMPATIBLE in failures_of(stored)]
    topics = {stored.name: _topics(cluster, stored) for stored in rejected}
    registries, clients = read_registries(cluster.run, access, uses, topics)
    return report.about(replace(snapshot, registries=tuple(registries)), limits), clients


def _topics(cluster: Cluster, stored: Connector) -> list[str]:
    """Its topics: those that it has used (KIP-558), and one that its configuration names."""
    named = [(stored.config or {}).get("topic", "").strip()]
    try:
        used = cluster.api.topics(stored.name)
    except RequestError:
        # The workers may not track topics.
        used = ()
    return [topic for topic in dict.fromkeys((*used, *named)) if topic][:MOST_TOPICS]
