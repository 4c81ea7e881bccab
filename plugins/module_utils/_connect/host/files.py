# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The state of paths on the host, compared with the desired one."""

from __future__ import annotations

import grp
import hashlib
import os
import pwd
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .key_files import changes_between, is_hidden, shown_value, values_of

LARGEST_FILE = 16 * 1024 * 1024
"""Bytes of a file that is read. Files of a worker's configuration have some kilobytes; a larger one differs from any of them."""


def inspect_file(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the state of a path, `differs`, and for a file with keys `changes` and `values` without secrets.

    `wanted` has `path`, and optionally the desired `state`, `owner`, `group`, `mode`, `target` of a link, and `sha256` or `content`;
    `format` if the file consists of keys and values, and `secret` if all of its values are secret.
    """
    found = state_of(wanted["path"])
    found["differs"] = _differs(found, wanted)
    if wanted.get("state") == "file":
        data = read(wanted["path"]) if found["state"] == "file" else None
        if wanted.get("format"):
            _compare_keys(found, wanted, data or b"")
        digest = wanted.get("sha256") or _digest_of_content(wanted)
        if digest and found["state"] == "file" and (data is None or hashlib.sha256(data).hexdigest() != digest):
            found["differs"].insert(0, "content")
    return found


def state_of(path: str) -> dict[str, Any]:
    """Return `path` and `state`: absent, file, directory, link or other, and of what exists `owner`, `group`, `mode` and `size`."""
    try:
        found = os.lstat(path)
    except OSError:
        return {"path": path, "state": "absent"}
    result: dict[str, Any] = {
        "path": path,
        "state": _state(found.st_mode),
        "owner": user_name(found.st_uid),
        "group": group_name(found.st_gid),
        "mode": f"{stat.S_IMODE(found.st_mode):04o}",
        "size": found.st_size,
    }
    if result["state"] == "link":
        result["target"] = os.readlink(path)
    return result


def read(path: str) -> bytes | None:
    """Return the content of a file, None if it cannot be read or is too large."""
    try:
        with open(path, "rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except OSError:
        return None
    return data if len(data) <= LARGEST_FILE else None


def read_text(path: str | Path) -> str | None:
    """Return the text of a file, None if it cannot be read."""
    data = read(str(path))
    return None if data is None else data.decode("utf-8", "replace")


def user_name(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def group_name(number: int) -> str:
    try:
        return grp.getgrgid(number).gr_name
    except KeyError:
        return str(number)


def _state(mode: int) -> str:
    if stat.S_ISREG(mode):
        return "file"
    if stat.S_ISDIR(mode):
        return "directory"
    return "link" if stat.S_ISLNK(mode) else "other"


def _differs(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[str]:
    state = wanted.get("state")
    if state and found["state"] != state:
        return ["state"]
    names = ("owner", "group", "mode", "target") if found["state"] != "absent" else ()
    return [name for name in names if wanted.get(name) and _given(name, wanted[name]) != found.get(name)]


def _given(name: str, value: str) -> str:
    return value.zfill(4) if name == "mode" else value


def _compare_keys(found: dict[str, Any], wanted: Mapping[str, Any], data: bytes) -> None:
    secret, file_format = bool(wanted.get("secret")), wanted["format"]
    # Kafka reads its files as ISO 8859-1.
    encoding = "iso-8859-1" if file_format == "properties" else "utf-8"
    try:
        before = values_of(data.decode(encoding, "replace"), file_format)
    except ValueError:
        # Java does not read it either.
        before = {}
    found["settings"] = {
        key: shown_value(key, value) for key, value in before.items() if not secret and not is_hidden(key, value)
    }
    if wanted.get("content") is not None:
        changes = changes_between(before, values_of(wanted["content"], file_format), secret=secret)
        found["changes"] = [change.as_result() for change in changes]


def _digest_of_content(wanted: Mapping[str, Any]) -> str | None:
    content = wanted.get("content")
    return None if content is None else hashlib.sha256(content.encode()).hexdigest()
