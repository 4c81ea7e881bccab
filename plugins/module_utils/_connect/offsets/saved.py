# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The offsets and the run state before a change, in a file that only its owner can read, and back from it."""

from __future__ import annotations

import json
import os
from typing import Any

from ..backup import PRIVATE_FILE, new_backup, write_failure
from ..bounded_file import read_file
from ..errors import InputError, Problem
from ..network_errors import file_failure
from .desired import FormerOffsets, parse_former


def former_entry(former: FormerOffsets) -> dict[str, Any]:
    """As JSON: `before` of a result, and the content of the file."""
    return {
        "name": former.name,
        "kafka_cluster_id": former.kafka_cluster_id,
        "run_state": former.run_state,
        "offsets": [{"partition": dict(entry.partition), "offset": entry.offset} for entry in former.offsets],
    }


def save_offsets(directory: str, former: FormerOffsets) -> str:
    """Write a new file, and return its path. Raises InputError."""
    return new_backup(directory, former.name, _content(former), suffix="offsets")


def save_again(path: str, former: FormerOffsets) -> None:
    """Replace the content at once, so that the file is never half written. Raises InputError."""
    temporary = f"{path}.new"
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, PRIVATE_FILE)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(_content(former))
        os.replace(temporary, path)
    except OSError as error:
        raise write_failure(os.path.dirname(path), former.name, error) from error


def saved_offsets(value: object) -> FormerOffsets:
    """What an earlier task has saved: the path of its file, or `before` of its result. Raises InputError."""
    if not isinstance(value, str):
        return parse_former(value, "from_backup")
    fix = "give the backup_file of an earlier task"
    try:
        content = json.loads(read_file(value).decode("utf-8"))
    except OSError as error:
        raise InputError([Problem(f"from_backup {value} can't be read ({file_failure(error)}) -> {fix}")]) from None
    except (ValueError, RecursionError):
        raise InputError([Problem(f"from_backup {value} is not JSON in UTF-8 -> {fix}")]) from None
    return parse_former(content, f"from_backup {value}")


def _content(former: FormerOffsets) -> str:
    return json.dumps(former_entry(former), indent=2, ensure_ascii=False) + "\n"
