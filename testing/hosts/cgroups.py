# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A separate control group for each host, on machines without systemd.

There, nspawn runs with the option to stay in its caller's group, and creates the host's groups directly below it. Two
hosts in one group would also share the groups of their units: stopping a unit on one host would wait for processes of
the other.
"""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path

_MOUNT = re.compile(r"^\d+ \d+ \S+ \S+ (?P<point>\S+) .* - (?P<type>cgroup2?) \S+ (?P<options>\S+)$", re.MULTILINE)


def directories(machine: str) -> list[Path]:
    """The paths of a host's group in each hierarchy that systemd uses: the unified one, and its own named one if it
    exists.
    """
    return [
        Path(match["point"], machine)
        for match in _MOUNT.finditer(Path("/proc/self/mountinfo").read_text(encoding="utf-8"))
        if match["type"] == "cgroup2" or "name=systemd" in match["options"].split(",")
    ]


def make(machine: str) -> list[Path]:
    """Create the host's group in each hierarchy. Returns the paths."""
    found = directories(machine)
    for directory in found:
        directory.mkdir(exist_ok=True)
    return found


def remove(machine: str) -> None:
    """Remove the host's groups, and those that were created below them. They must not contain processes."""
    for directory in directories(machine):
        for folder, _folders, _files in os.walk(directory, topdown=False):
            with contextlib.suppress(FileNotFoundError):
                os.rmdir(folder)
