# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits for a condition."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

_PAUSE = 0.2


def await_condition(is_met: Callable[[], Any], within: float = 60.0, what: str = "the condition") -> None:
    """Return as soon as the condition is met. Raises TimeoutError if it is not met within so many seconds."""
    deadline = time.monotonic() + within
    while not is_met():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {within:.0f} s")
        time.sleep(_PAUSE)
