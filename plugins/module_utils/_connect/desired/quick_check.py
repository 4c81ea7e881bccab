# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Recognizes entries of a desired set that are so plain that the JSON Schema need not check them. Pure."""

from __future__ import annotations

import re

# Not `$`, which in some engines also matches before a final line feed.
NAME_FORM = (
    r"^[^\u0000-\u0020\u007f-\u009f]"
    r"([^\u0000-\u001f\u007f-\u009f]*[^\u0000-\u0020\u007f-\u009f])?(?![\s\S])"
)
RUN_STATES = ("present", "absent", "running", "paused", "stopped")

_NAME = re.compile(NAME_FORM)
_SCALAR_TYPES = frozenset({str, int, float, bool})


def passes_quick_check(entry: object) -> bool:
    """Whether an entry certainly matches the schema. If False, only jsonschema can decide.

    Importing jsonschema and checking a thousand connectors takes longer than the rest of a run without changes, so plain
    entries skip it.
    """
    if entry.__class__ is not dict or not entry.keys() <= {"name", "config", "state", "initial_state", "tasks", "type"}:
        return False
    name, config, state = entry.get("name"), entry.get("config"), entry.get("state", "present")
    return (
        name.__class__ is str
        and _NAME.match(name) is not None
        and (config.__class__ is dict and _SCALAR_TYPES.issuperset(map(type, config.values())))
        and (state.__class__ is str and state in RUN_STATES)
        and entry.get("initial_state", "running") in ("running", "paused", "stopped")
        and entry.get("tasks", []).__class__ is list
        and entry.get("type", "").__class__ is str
    )
