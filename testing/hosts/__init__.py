# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real hosts with systemd and SSH on this machine, for the tests of roles.

The manual is README.md in this directory; ``python -m testing.hosts --help`` is its short form.
"""

from __future__ import annotations

from .errors import HostsError
from .hosts import Hosts

__all__ = ["Hosts", "HostsError"]
