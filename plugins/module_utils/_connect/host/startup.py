# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a worker was started with, and what it would be started with now."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from typing import Any

from .files import read_text
from .programs import Deadline, output_of

NOT_MANAGED = "the service was started before this role wrote its unit"
_DIGEST = re.compile(r"^\S+  ")
_INSTALLATION = re.compile(r"^/.*/([^/]+)  installation$")


def inspect_startup(
    record: str, script: str, pending: Sequence[str], *, is_active: bool, deadline: Deadline
) -> dict[str, Any]:
    """Return `recorded`, `running_version`, `restart_reasons`, and `error` if the files cannot be listed.

    `record`: the list that the service wrote when it started, one digest and name per line. `script` prints the same list for the
    current files. `pending`: lines of files that are not written yet.
    """
    text = read_text(record)
    started = None if text is None else _lines(text)
    current: list[str] | None = None
    error = ""
    if started is not None:
        output = output_of([script], deadline)
        current = _lines(output.text)
        if output.status:
            error = f"{script} failed with exit status {output.status}"
    found = restart_reasons(started, current or [], pending, is_active=is_active, has_script=os.access(script, os.X_OK))
    return {
        "recorded": started is not None,
        "running_version": _running_version(started or []),
        "restart_reasons": [error] if error else found,
        "error": error,
    }


def restart_reasons(
    started: Sequence[str] | None,
    current: Sequence[str],
    pending: Sequence[str],
    *,
    is_active: bool,
    has_script: bool,
) -> list[str]:
    """Return the names of what the worker would read now and has not read at its start. `started` is None without a record. Pure."""
    if started is None:
        return [NOT_MANAGED] if is_active and (has_script or pending) else []
    # A pending version is known by its name; its real path may have any parent directories.
    comparable = {_INSTALLATION.sub(r"\1  installation", line) for line in started}
    changed = set(_names(set(started) ^ set(current))) - set(_names(pending))
    return sorted(changed | set(_names(set(pending) - comparable)))


def _names(lines: Iterable[str]) -> list[str]:
    return [_DIGEST.sub("", line) for line in lines]


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line]


def _running_version(lines: Iterable[str]) -> str:
    return next((match[1] for match in map(_INSTALLATION.match, lines) if match), "")
