# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Progress output: one short line for each step."""

from __future__ import annotations

import time
from collections.abc import Callable

Report = Callable[[str], None]
"""Prints one line of progress."""


def silent(_line: str) -> None:
    """Discards the line."""


def timed(report: Report) -> Report:
    """Return a function that prefixes each line with the seconds since now."""
    start = time.monotonic()
    return lambda line: report(f"{time.monotonic() - start:5.1f} s  {line}")
