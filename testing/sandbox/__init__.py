# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real Kafka cluster with Connect workers on the loopback interface, for tests, demo and benchmarks.

The manual is README.md in this directory; ``python -m testing.sandbox --help`` is its short form.
"""

from __future__ import annotations

from .configuration import QUICK_REBALANCES
from .environment import cache_directory, collections_path
from .errors import SandboxError
from .processes import Condition
from .sandbox import Sandbox, Worker
from .state import Credentials

__all__ = [
    "QUICK_REBALANCES",
    "Condition",
    "Credentials",
    "Sandbox",
    "SandboxError",
    "Worker",
    "cache_directory",
    "collections_path",
]
