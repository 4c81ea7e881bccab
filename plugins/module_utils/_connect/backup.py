# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Backups of previous configs, in files that only their owner can read."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import time
from pathlib import Path
from urllib.parse import quote

from .errors import InputError, Problem
from .model import Connector
from .network_errors import file_failure

PRIVATE_FILE = 0o600
PRIVATE_DIRECTORY = 0o700
LONGEST_NAME = 200
"""File systems allow 255 bytes, which must include the time and the suffix."""


def prepare_backup(directory: str) -> None:
    """Create the backup directory before any change, so that a failure is found in time. Raises InputError."""
    try:
        Path(directory).mkdir(mode=PRIVATE_DIRECTORY, parents=True, exist_ok=True)
        if not os.access(directory, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        raise InputError(
            [Problem(f"backup_dir {directory} can't be written ({file_failure(error)}): give a writable directory")]
        ) from error


def back_up(directory: str, stored: Connector) -> str:
    """Save the stored config in the format of the REST API, and return the file's path. Raises InputError."""
    content = {"name": stored.name, "config": dict(stored.config or {})}
    return new_backup(directory, stored.name, json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n")


def new_backup(directory: str, connector: str, content: str, suffix: str = "") -> str:
    """Write a new file whose name has the connector's name, the time and the suffix. Returns its path. Raises InputError."""
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    try:
        descriptor, path = _new_file(directory, f"{_file_name(connector)}.{stamp}" + (f".{suffix}" if suffix else ""))
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(content)
    except OSError as error:
        raise write_failure(directory, connector, error) from error
    return path


def write_failure(directory: str, connector: str, error: OSError) -> InputError:
    """The error of a backup that can't be written."""
    text = f"its backup in {directory} can't be written ({file_failure(error)}): give another backup_dir"
    return InputError([Problem(f'connector "{connector}": {text}', connector)])


def _file_name(connector: str) -> str:
    """A connector's name as part of a file name; long names are truncated and get a checksum."""
    name = quote(connector, safe=" ")
    return name if len(name) <= LONGEST_NAME else f"{name[:150]}-{hashlib.sha256(connector.encode()).hexdigest()[:16]}"


def _new_file(directory: str, name: str) -> tuple[int, str]:
    number = 0
    while True:
        path = str(Path(directory) / f"{name}{f'.{number}' if number else ''}.json")
        try:
            return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, PRIVATE_FILE), path
        except FileExistsError:
            number += 1
