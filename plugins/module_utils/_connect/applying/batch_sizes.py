# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Splits changes into batches. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..errors import InputError, Problem
from ..planning.change import Change


def split_batches(changes: Sequence[Change], spec: Sequence[str]) -> list[list[Change]]:
    """Splits as Ansible's `serial` does: "5", "25%". Percentages refer to all changes and mean at least one; the last entry
    repeats. Raises InputError for any other entry, even one that is not needed.
    """
    sizes = [batch_size(entry, len(changes)) for entry in spec] or [len(changes)]
    batches: list[list[Change]] = []
    start = 0
    while start < len(changes):
        size = sizes[min(len(batches), len(sizes) - 1)]
        batches.append(list(changes[start : start + size]))
        start += size
    return batches


def batch_size(entry: str, total: int) -> int:
    """Raises InputError for anything but a positive count or a percentage."""
    match = re.fullmatch(r"\s*(?:(\d+)|(\d+(?:\.\d+)?)%)\s*", entry, re.ASCII)
    value = float(match[1] or match[2]) if match else 0.0
    if match is None or value <= 0:
        raise InputError([Problem(f'batches entry "{entry}" is wrong: give a count like 5 or a percentage like "25%"')])
    return int(value) if match[1] else max(1, int(total * value / 100))
