# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The clusters for the experiments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from testing.tooling.shared_sandbox import DEFAULT_KAFKA

DEFAULT_DELAY_MS = 300_000
"""Kafka's default delay before the work of a departed worker is reassigned."""


@dataclass(frozen=True)
class Topology:
    """A cluster: the Kafka version, the numbers of brokers and workers, and the rebalance delay."""

    kafka: str = DEFAULT_KAFKA
    brokers: int = 1
    delay_ms: int = 0
    workers: int = 3

    @property
    def options(self) -> dict[str, Any]:
        """Arguments of Sandbox.up."""
        # The shortest session timeout that a broker allows: it detects a killed worker after 6 s instead of 10 s.
        quicker = {"session.timeout.ms": "6000", "heartbeat.interval.ms": "2000"}
        return {
            "workers": self.workers,
            "kafka": self.kafka,
            "brokers": self.brokers,
            "rebalance_delay_ms": self.delay_ms,
            "properties": {"*": quicker},
        }

    def __str__(self) -> str:
        brokers = "1 broker" if self.brokers == 1 else f"{self.brokers} brokers"
        return f"Kafka {self.kafka}, {brokers}, delay {self.delay_ms / 1000:g} s"

    @property
    def words(self) -> str:
        """The command line options that select this topology."""
        return f"--kafka {self.kafka} --brokers {self.brokers} --delay {self.delay_ms / 1000:g}"
