# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Adds what the agents of workers show about their JVMs to a report. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..jvm.read import AgentReading, worker_memory
from .check import HealthReport
from .model import HealthLimits


def with_memory(
    report: HealthReport,
    limits: HealthLimits,
    first: Mapping[str, AgentReading],
    last: Mapping[str, AgentReading],
) -> HealthReport:
    """The report with the findings about heap and pauses. `first`: at the beginning of an observation, empty without one."""
    memory = tuple(worker_memory(url, first.get(url), reading) for url, reading in last.items())
    return report.about(replace(report.snapshot, memory=memory), limits)
