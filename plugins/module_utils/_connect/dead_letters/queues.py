# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which topics are dead letter queues, by the configurations of sinks. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from ..model import Config, Connector
from ..planning.error_handling import queue_in


def dead_letter_topics(connectors: Iterable[Connector]) -> dict[str, tuple[Connector, ...]]:
    """The names of dead letter topics on the brokers of the workers, with the sinks that write to them."""
    found: dict[str, tuple[Connector, ...]] = {}
    for stored in connectors:
        name = queue_of(stored)
        if name and not _writes_elsewhere(stored):
            found[name] = (*found.get(name, ()), stored)
    return found


def queue_of(stored: Connector) -> str:
    """The name of the connector's dead letter topic, empty without one: only sinks have one."""
    return queue_in(stored.config or {}, stored.type)


def queues_elsewhere(connectors: Iterable[Connector]) -> dict[str, str]:
    """The dead letter topics on other brokers, by the name of their sink."""
    return {stored.name: queue_of(stored) for stored in connectors if queue_of(stored) and _writes_elsewhere(stored)}


def _writes_elsewhere(stored: Connector) -> bool:
    # The producer writes the records, the admin client creates the topic.
    return uses_other_brokers(stored.config, "producer") or uses_other_brokers(stored.config, "admin")


def uses_other_brokers(config: Config | None, client: str) -> bool:
    """Whether this client of a connector (consumer, producer, admin) connects to other brokers than the workers."""
    return f"{client}.override.bootstrap.servers" in (config or {})
