# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Module worker_host_info: its arguments, and from checked options to its result."""

from __future__ import annotations

from typing import Any

from ..._connect.host.inspection import inspect_host
from ..arguments import Arguments, Specification

FILE: Arguments = {
    "path": {"type": "path", "required": True},
    "state": {"type": "str", "choices": ["file", "directory", "link", "absent"]},
    "owner": {"type": "str"},
    "group": {"type": "str"},
    "mode": {"type": "str"},
    "target": {"type": "str"},
    "sha256": {"type": "str"},
    # Results contain none of it that is secret. With no_log, Ansible would also mask every other text that equals a content.
    "content": {"type": "str", "no_log": False},
    "format": {"type": "str", "choices": ["properties", "environment"]},
    "secret": {"type": "bool", "default": False, "no_log": False},
}

WORKER_HOST_INFO = Specification(
    "worker_host_info",
    {
        "service": {"type": "str", "default": "kafka-connect"},
        "port": {"type": "int"},
        "java": {"type": "path"},
        "packages": {"type": "list", "elements": "str", "default": []},
        "user": {"type": "str"},
        "group": {"type": "str"},
        "files": {"type": "list", "elements": "dict", "default": [], "options": FILE},
        "versions_dir": {"type": "path"},
        "previous_version_file": {"type": "path"},
        "filesystems": {"type": "list", "elements": "path", "default": []},
        "startup": {
            "type": "dict",
            "options": {
                "record": {"type": "path", "required": True},
                "script": {"type": "path", "required": True},
                "pending": {"type": "list", "elements": "str", "default": []},
                "fail_on_error": {"type": "bool", "default": False},
            },
        },
        "timeout": {"type": "float", "default": 30.0},
    },
)


def worker_host_info(module: Any) -> dict[str, Any]:
    """Return the state of the host. Raises HostError."""
    return {"changed": False, **inspect_host(module.params)}
