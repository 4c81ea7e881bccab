# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Inspects a worker's host as a whole: one call reads everything that the role worker needs to decide what to do."""

from __future__ import annotations

import grp
import os
import pwd
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .files import group_name, inspect_file, read_text
from .processes import owners_of, ports_of
from .programs import Deadline, HostError, output_of
from .startup import inspect_startup

_SHOWN = {
    "LoadState": "load_state",
    "ActiveState": "active_state",
    "SubState": "sub_state",
    "UnitFileState": "unit_file_state",
    "MainPID": "main_pid",
    "NRestarts": "restarts",
    "NeedDaemonReload": "needs_reload",
}
"""Properties of a unit, and their names in the result."""

MOST_VERSIONS = 1000
_ASSIGNMENT = re.compile(r"""^([A-Z_]+)=(["']?)(.*)\2$""", re.MULTILINE)
_JAVA_VERSION = re.compile(r'(?:JAVA_VERSION=|version )"(?:1\.)?(\d+)')
_MEMORY = re.compile(r"^MemTotal:\s+(\d+) kB", re.MULTILINE)


def inspect_host(options: Mapping[str, Any], root: Path = Path("/")) -> dict[str, Any]:
    """Return the state of the host as the module worker_host_info documents it. Changes nothing. Raises HostError.

    `root` has `proc` and `etc`; tests have one of their own.
    """
    deadline = Deadline(options["timeout"])
    proc = root / "proc"
    service = _service(options["service"], deadline)
    result: dict[str, Any] = {
        "service": service,
        "listening_ports": ports_of(service["main_pid"], proc) if service["main_pid"] else [],
        "port_owners": [],
        "os": _operating_system(root),
        "memory_bytes": _memory(proc),
        "free_bytes": {path: _free_bytes(path) for path in options["filesystems"]},
        "java": _java(options["java"], deadline) if options["java"] else {},
        "packages": _packages(options["packages"], deadline),
        "user": _user(options["user"]) if options["user"] else {},
        "group": _group(options["group"]) if options["group"] else {},
        "files": [inspect_file(wanted) for wanted in options["files"]],
        "versions": _versions(options["versions_dir"]) if options["versions_dir"] else [],
        "previous_version": _first_line(options["previous_version_file"]),
        "startup": {},
    }
    if options["port"]:
        result["port_owners"] = owners_of(options["port"], options["service"], service["main_pid"], proc, deadline)
    startup = options["startup"]
    if startup:
        result["startup"] = inspect_startup(
            startup["record"],
            startup["script"],
            startup["pending"] or [],
            is_active=service["active_state"] == "active",
            deadline=deadline,
        )
        if startup["fail_on_error"] and result["startup"]["error"]:
            raise HostError(f"{result['startup']['error']} -> run it there, and correct what it reports")
    return result


def _service(name: str, deadline: Deadline) -> dict[str, Any]:
    output = output_of(["systemctl", "show", f"--property={','.join(_SHOWN)}", "--", f"{name}.service"], deadline)
    shown = dict(line.split("=", 1) for line in output.text.splitlines() if "=" in line)
    state: dict[str, Any] = {ours: shown.get(theirs, "") for theirs, ours in _SHOWN.items()}
    for number in ("main_pid", "restarts"):
        state[number] = int(state[number]) if state[number].isdigit() else 0
    state["needs_reload"] = state["needs_reload"] == "yes"
    return state


def _operating_system(root: Path) -> dict[str, str]:
    text = read_text(root / "etc" / "os-release") or read_text(root / "usr" / "lib" / "os-release") or ""
    known = {match[1]: match[3] for match in _ASSIGNMENT.finditer(text)}
    return {name: known.get(name.upper(), "") for name in ("id", "id_like", "version_id", "pretty_name")}


def _memory(proc: Path) -> int:
    found = _MEMORY.search(read_text(proc / "meminfo") or "")
    return int(found[1]) * 1024 if found else 0


def _free_bytes(path: str) -> int:
    """Return the free bytes of the file system in which the path is, or would be."""
    existing = Path(path)
    while True:
        try:
            found = os.statvfs(existing)
        except OSError:
            if existing == existing.parent:
                return 0
            existing = existing.parent
        else:
            return found.f_bavail * found.f_frsize


def _java(path: str, deadline: Deadline) -> dict[str, Any]:
    """Return the real path and the major version, which is 0 if this is no Java."""
    real = os.path.realpath(path)
    if not os.access(real, os.X_OK):
        return {"path": path, "real_path": "", "version": 0}
    text = read_text(Path(real).parent.parent / "release") or ""
    found = _JAVA_VERSION.search(text) or _JAVA_VERSION.search(
        output_of([path, "-version"], deadline, with_errors=True).text
    )
    return {"path": path, "real_path": real, "version": int(found[1]) if found else 0}


def _packages(names: Sequence[str], deadline: Deadline) -> list[str]:
    """Return those packages that are installed."""
    if not names:
        return []
    debian = output_of(
        ["dpkg-query", "--show", "--showformat=${db:Status-Status} ${Package}\n", "--", *names], deadline
    )
    installed = {line.split(" ", 1)[1] for line in debian.text.splitlines() if line.startswith("installed ")}
    if not debian.text:
        rpm = output_of(["rpm", "--query", "--queryformat", "%{NAME}\n", "--", *names], deadline)
        installed = set(rpm.text.splitlines())
    return [name for name in names if name in installed]


def _user(name: str) -> dict[str, Any]:
    try:
        found = pwd.getpwnam(name)
    except KeyError:
        return {"exists": False}
    return {
        "exists": True,
        "uid": found.pw_uid,
        "group": group_name(found.pw_gid),
        "home": found.pw_dir,
        "shell": found.pw_shell,
    }


def _group(name: str) -> dict[str, Any]:
    try:
        return {"exists": True, "gid": grp.getgrnam(name).gr_gid}
    except KeyError:
        return {"exists": False}


def _versions(folder: str) -> list[str]:
    """Return the names of the directories, the newest first."""
    try:
        with os.scandir(folder) as entries:
            found = [(entry.stat().st_ctime, entry.name) for entry in entries if entry.is_dir(follow_symlinks=False)]
    except OSError:
        return []
    return [name for _time, name in sorted(found, reverse=True)[:MOST_VERSIONS] if not name.startswith(".")]


def _first_line(path: str | None) -> str:
    text = (read_text(path) or "") if path else ""
    return text.partition("\n")[0].strip()
