# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Converts options to points in time."""

from __future__ import annotations

import time

from .._connect.history.times import parse_time
from .options import Parameters


def now() -> int:
    """The time in milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


def time_of(parameters: Parameters, option: str, at: int) -> int | None:
    """The time in this option, None if it is not given. Raises InputError."""
    text = parameters[option] or ""
    return parse_time(option, text, at) if text.strip() else None
