# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The arguments of verified_file, which exists on the controller only."""

from __future__ import annotations

from ..arguments import Specification

VERIFIED_FILE = Specification(
    "verified_file",
    {
        "src": {"type": "str", "required": True},
        "checksum": {"type": "str", "required": True},
        "name": {"type": "str"},
        "fetch": {"type": "bool", "default": True},
        "download": {"type": "str", "choices": ["controller", "host"], "default": "controller"},
        "dest": {"type": "path"},
        "cache_dir": {"type": "path"},
    },
)
