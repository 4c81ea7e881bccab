# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ansible's diff of a change, with secrets masked. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from ..errors import legible, on_a_line
from ..model import Config
from ..secrets import mask_config
from .report import ConnectorResult


def diff_entry(result: ConnectorResult) -> dict[str, str]:
    """Ansible's diff of one connector: one line for each changed key, sorted, and the run state where it changes."""
    change = result.change
    before = change.before.config if change.before is not None else None
    after: Config | None = None if change.deletes else change.after
    keys = [key for key in change.changed_keys if change.writes_config or change.deletes]
    before_lines, after_lines = _lines(before, keys, result.password_keys), _lines(after, keys, result.password_keys)
    for key in keys:
        # Show that a secret changes, without showing it.
        if key in before_lines and before_lines[key] == after_lines.get(key):
            after_lines[key] += " (changed)"
    state = change.before.state if change.before is not None else ""
    if change.wanted and change.wanted.upper() != state and not change.deletes:
        before_lines |= {"state": state} if state else {}
        after_lines |= {"state": change.wanted.upper()}
    if "restart" in change.actions:
        after_lines |= {"restarted": "true"}
    name = on_a_line(change.name)
    return {
        "before_header": name if change.before is not None else f"{name} (not there)",
        "after_header": f"{name} ({' + '.join(change.actions)})",
        "before": _text(before_lines),
        "after": _text(after_lines),
    }


def _lines(config: Config | None, keys: Sequence[str], password_keys: frozenset[str]) -> dict[str, str]:
    masked = mask_config({key: config[key] for key in keys if key in config}, password_keys) if config else {}
    return {key: _scalar(value) for key, value in masked.items()}


# Does not begin with a character that has a meaning in YAML, does not end with a space, and every character is visible.
_PLAIN_SCALAR = re.compile(r"(?![ {}\[\]&*#?|<>=!%@`'\",:-])[ -~\u00a0-\ud7ff]+(?<! )")


def _scalar(value: str) -> str:
    """One line of YAML for a string: quoted only where necessary, so that a reader sees what is stored."""
    plain = _PLAIN_SCALAR.fullmatch(value) and ": " not in value and " #" not in value and not value.endswith(":")
    return value if plain and legible(value) == value else legible(json.dumps(value, ensure_ascii=False))


def _text(lines: Mapping[str, str]) -> str:
    return "".join(f"{on_a_line(key)}: {lines[key]}\n" for key in sorted(lines))
