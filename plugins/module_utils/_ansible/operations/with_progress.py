# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The arguments of with_progress, which runs another module and exists on the controller only."""

from __future__ import annotations

from ..arguments import Specification

WITH_PROGRESS = Specification(
    "with_progress",
    {
        "module": {"type": "str", "required": True},
        "arguments": {"type": "dict", "default": {}},
        "text": {"type": "str"},
        "until": {
            "type": "list",
            "elements": "dict",
            "default": [],
            "options": {
                "field": {"type": "str", "required": True},
                "matches": {"type": "str", "required": True},
            },
        },
        "wait_timeout": {"type": "float", "default": 60.0},
        "pause": {"type": "float", "default": 5.0},
    },
)
