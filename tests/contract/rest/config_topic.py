# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The topic in which a Connect cluster stores its connectors: the only way to remove one that no URL can address."""

from __future__ import annotations

from confluent_kafka import Producer

from testing.sandbox.configuration import CONFIG_TOPIC


def write_tombstones(bootstrap_servers: str, name: str) -> None:
    """The records that a worker writes to delete a connector (KafkaConfigBackingStore.removeConnectorConfig)."""
    producer = Producer({"bootstrap.servers": bootstrap_servers})
    for key in (f"connector-{name}", f"target-state-{name}"):
        producer.produce(CONFIG_TOPIC, key=key.encode(), value=None)
    assert producer.flush(30) == 0, "the broker did not take the tombstones"
