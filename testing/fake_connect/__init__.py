# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stateful fake Kafka Connect cluster for tests: see README.md in this folder."""

from __future__ import annotations

from .cluster import FakeCluster
from .faults import Fault, Matching, Script, matching
from .plugins import Key, Plugin
from .records import ConnectorRecord, Status
from .request import Request
from .server import Tls
from .timing import INSTANT, Timing
from .worker import FakeWorker

__all__ = [
    "INSTANT",
    "ConnectorRecord",
    "FakeCluster",
    "FakeWorker",
    "Fault",
    "Key",
    "Matching",
    "Plugin",
    "Request",
    "Script",
    "Status",
    "Timing",
    "Tls",
    "matching",
]
