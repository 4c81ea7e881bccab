# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A control group of its own for each host, on machines without systemd.

There, nspawn runs with the option to stay in the group of its caller, and makes the host's groups right below it. Two hosts in one group
would share those of their units too: a unit that is stopped on one would wait for the processes of the other.
"""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path

_MOUNT = re.compile(r"^\d+ \d+ \S+ \S+ (?P<point>\S+) .* - (?P<type>cgroup2?) \S+ (?P<options>\S+)$", re.MULTILINE)


def directories(machine: str) -> list[Path]:
    """Where a host's group is, in each hierarchy that systemd uses: the unified one, and its own named one if any."""
    return [
        Path(match["point"], machine)
        for match in _MOUNT.finditer(Path("/proc/self/mountinfo").read_text(encoding="utf-8"))
        if match["type"] == "cgroup2" or "name=systemd" in match["options"].split(",")
    ]


def make(machine: str) -> list[Path]:
    """Makes the host's group in each hierarchy, and says where."""
    found = directories(machine)
    for directory in found:
        directory.mkdir(exist_ok=True)
    return found


def remove(machine: str) -> None:
    """Removes the host's groups, with those that were made below them; no process may be left in them."""
    for directory in directories(machine):
        for folder, _folders, _files in os.walk(directory, topdown=False):
            with contextlib.suppress(FileNotFoundError):
                os.rmdir(folder)
