# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Module properties_file: its arguments, and from checked options to a written file."""

from __future__ import annotations

import os
import tempfile
from typing import Any

from ..._connect.host.files import inspect_file
from ..._connect.host.key_files import KeyChange, values_of
from ..._connect.host.programs import HostError
from ..arguments import Specification

PROPERTIES_FILE = Specification(
    "properties_file",
    {
        "path": {"type": "path", "required": True},
        # As in worker_host_info.
        "content": {"type": "str", "required": True, "no_log": False},
        "format": {"type": "str", "choices": ["properties", "environment"], "default": "properties"},
        "secret": {"type": "bool", "default": False, "no_log": False},
        "owner": {"type": "str"},
        "group": {"type": "str"},
        "mode": {"type": "raw", "default": "0600"},
    },
)


def properties_file(module: Any) -> dict[str, Any]:
    """Write the file if it differs. Raises HostError."""
    parameters = module.params
    path, content = parameters["path"], parameters["content"]
    mode = parameters["mode"]
    wanted = {**parameters, "state": "file", "mode": f"{mode:04o}" if isinstance(mode, int) else str(mode)}
    try:
        values_of(content, parameters["format"])
    except ValueError as error:
        raise HostError(f"content: {error} -> correct it") from None
    found = inspect_file(wanted)
    if found["state"] in ("directory", "other"):
        raise HostError(f"{path} exists and is not a file -> remove it")
    changes = [KeyChange(**change) for change in found["changes"]]
    result: dict[str, Any] = {
        "changed": bool(found["differs"]),
        "path": path,
        "differs": found["differs"],
        "changed_keys": [change.key for change in changes],
    }
    if module._diff:
        result["diff"] = _diff(path, found["differs"], changes)
    if result["changed"] and not module.check_mode:
        _write(module, path, content.encode(), wanted)
    return result


def _diff(path: str, differs: list[str], changes: list[KeyChange]) -> dict[str, str]:
    lines = [line for change in changes for line in change.lines]
    others = [name for name in differs if name not in ("content", "state")]
    if others:
        lines.append(f"~ {', '.join(others)}")
    elif not lines and differs:
        lines.append("~ comments or order")
    return {"prepared": "".join(f"{line}\n" for line in [f"{path}:", *lines])} if differs else {}


def _write(module: Any, path: str, data: bytes, wanted: dict[str, Any]) -> None:
    """Replace the file at once. Its content is never readable with other permissions than the desired ones."""
    temporary = ""
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=".", suffix=".new", dir=os.path.dirname(path) or ".")
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        arguments = module.load_file_common_arguments({**wanted, "path": temporary})
        module.set_fs_attributes_if_different(arguments, changed=False)
        os.rename(temporary, path)
        temporary = ""
    except OSError as error:
        raise HostError(f"{path} cannot be written: {os.strerror(error.errno or 0)} -> check the host") from None
    finally:
        if temporary:
            os.unlink(temporary)
