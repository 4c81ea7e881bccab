# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replaces metrics agents and Prometheus in tests: one port that behaves like all of them.

`captured` has what real ones answered: the Prometheus JMX agent 1.0.1 (without rules) and Jolokia 2.4.1 in two workers of
Kafka 4.3.1, which run a VerifiableSource, two FileStreamSources (one of an odd name), a FileStreamSink and a task that has
failed; and Prometheus 2.42.0, which read the agents, before and after one of the two workers was killed.
"""

from __future__ import annotations

from .server import MetricsServer, captured

__all__ = ["MetricsServer", "captured"]
