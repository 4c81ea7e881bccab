# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decides which parts of the role worker have something to do on a host. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

TAGS: Mapping[str, str] = {
    "check_archive": "software",
    "check_override_keys": "service",
    "prepare_java": "software",
    "user_and_directories": "",
    "install_kafka": "software",
    "switch_version": "software",
    "copy_files": "configuration",
    "write_configuration": "configuration",
    "set_up_service": "service",
    "open_port": "service",
    "prune_versions": "software",
    "start_and_wait": "service",
}
"""The parts in the order in which they run, each with its tag. A part without a tag belongs to all of them."""

STAGED = ("check_archive", "check_override_keys", "prepare_java", "user_and_directories", "install_kafka")
"""The parts that affect neither a running worker nor its next start."""

PARTS_OF: Mapping[str, Collection[str]] = {
    "main": tuple(TAGS),
    "stage": STAGED,
    "activate": tuple(part for part in TAGS if part not in STAGED),
}
"""The parts of each entry point."""

UNPACKED = 3
"""An archive and the version unpacked from it need up to this many times the archive's size."""

USUAL_ARCHIVE = 130 * 1024 * 1024
"""Bytes of a Kafka release archive, for one whose size is not known before it is downloaded."""

_HEAP = re.compile(r"(?:^|\s)-Xmx(\d+)([kKmMgGtT]?)(?=\s|$)")
_UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}
_RUNS = ("active", "activating", "reloading")
_MEGABYTE = 1 << 20


@dataclass(frozen=True)
class HostState:
    """A host as worker_host_info has found it, and as the role wants it (`_worker_wanted` in the role's vars)."""

    found: Mapping[str, Any]
    wanted: Mapping[str, Any]

    def number(self, name: str) -> int:
        """Return a wanted number. ansible-core 2.16 turns numbers in templates into texts."""
        return int(self.wanted[name] or 0)

    def differing(self, part: str) -> list[str]:
        """Return what differs in the files of a part."""
        mine = set(self.wanted["part_files"].get(part, ()))
        return [
            f"{file['path']}: {', '.join(file['differs'])}"
            for file in self.found["files"]
            if file["path"] in mine and file["differs"]
        ]


def worker_parts(
    found: Mapping[str, Any],
    wanted: Mapping[str, Any],
    run_tags: Collection[str] = (),
    skip_tags: Collection[str] = (),
) -> dict[str, Any]:
    """Return `parts`, the task files to include in this order, `reasons` by part, and `problems` that no part can solve."""
    host = HostState(found, wanted)
    selected = [
        part
        for part in TAGS
        if part in PARTS_OF[wanted["entry_point"]]
        and is_selected(TAGS[part], run_tags, skip_tags, found.get("task_tags") or ())
    ]
    reasons = {part: list(_REASONS[part](host)) for part in selected}
    parts = [part for part in selected if reasons[part]]
    problems = list(_problems(host, parts))
    # The firewall is nothing that a worker reads when it starts.
    changing = [part for part in parts if part not in ("open_port", "start_and_wait")]
    if problems:
        parts = ["report_problems"]
    elif changing and not wanted["check_mode"] and wanted["entry_point"] != "stage":
        parts.append("restart_needed")
    elif found["startup"].get("restart_reasons"):
        # In the end, not everything that is pending may have been selected.
        is_prediction = wanted["check_mode"] or wanted["entry_point"] == "stage"
        parts.append("report_restart" if is_prediction else "restart_needed")
    return {"parts": parts, "reasons": {part: reasons[part] for part in parts if part in reasons}, "problems": problems}


def is_selected(tag: str, run_tags: Collection[str], skip_tags: Collection[str], task_tags: Collection[str]) -> bool:
    """Whether a part with this tag runs, by Ansible's rules for a task that has the tag and those of the role as well."""
    own = {tag, *task_tags} - {""} if tag else set(TAGS.values()) - {""} | set(task_tags)
    if tag and (own & set(skip_tags) or "tagged" in skip_tags or "all" in skip_tags):
        return False
    return not run_tags or bool(own & set(run_tags)) or "all" in run_tags or "tagged" in run_tags


def _java(host: HostState) -> Iterator[str]:
    java, package = host.found["java"], host.wanted["java_package"]
    if package and package not in host.found["packages"]:
        yield f"package {package} is not installed"
    if java["version"] not in host.wanted["java_versions"]:
        yield f"{java['path']} is Java {java['version']}" if java["version"] else f"{java['path']} is no Java"


def _user_and_directories(host: HostState) -> Iterator[str]:
    user, group, wanted = host.found["user"], host.found["group"], host.wanted
    if wanted["user_create"]:
        if not group["exists"]:
            yield f"group {wanted['group']} does not exist"
        if not user["exists"]:
            yield f"user {wanted['user']} does not exist"
        elif user["group"] != wanted["group"] or user["home"] != wanted["home"] or user["shell"] != wanted["shell"]:
            yield f"user {wanted['user']} differs"
    yield from host.differing("user_and_directories")


def _service(host: HostState) -> Iterator[str]:
    service = host.found["service"]
    yield from host.differing("set_up_service")
    if service["needs_reload"]:
        yield "systemd must reload its units"
    if service["load_state"] != "loaded":
        yield "systemd has not loaded the unit"
    elif (service["unit_file_state"] == "enabled") != host.wanted["enabled"]:
        yield f"the service is {service['unit_file_state']} at boot"


def _removable(host: HostState) -> Iterator[str]:
    in_use = {
        host.wanted["version_id"],
        host.found["startup"].get("running_version", ""),
        host.found["previous_version"],
    }
    if host.wanted["version_id"]:
        others = [version for version in host.found["versions"] if version not in in_use]
        yield from others[max(host.number("keep_versions") - 1, 0) :]


def _start(host: HostState) -> Iterator[str]:
    if host.wanted["state"] == "started":
        yield "the worker must be healthy"


def _archive(host: HostState) -> Iterator[str]:
    if host.wanted["controller_has_archive"]:
        yield from host.differing("install_kafka")


def _overrides(host: HostState) -> Iterator[str]:
    if host.wanted["has_overrides"]:
        yield from host.differing("set_up_service")


def _copies(host: HostState) -> Iterator[str]:
    # The module copy compares them.
    yield from host.wanted["copied_files"]


def _firewall(host: HostState) -> Iterator[str]:
    # The part itself reads whether the port is open.
    if host.wanted["firewalld_zone"]:
        yield f"zone {host.wanted['firewalld_zone']} of firewalld must let the port through"


_REASONS: Mapping[str, Any] = {
    "check_archive": _archive,
    "check_override_keys": _overrides,
    "prepare_java": _java,
    "user_and_directories": _user_and_directories,
    "install_kafka": lambda host: host.differing("install_kafka"),
    "switch_version": lambda host: host.differing("switch_version"),
    "copy_files": _copies,
    "write_configuration": lambda host: host.differing("write_configuration"),
    "set_up_service": _service,
    "open_port": _firewall,
    "prune_versions": _removable,
    "start_and_wait": _start,
}


def _problems(host: HostState, parts: Sequence[str]) -> Iterator[str]:
    """Yield what would make the run fail later, one line each."""
    wanted, found, name = host.wanted, host.found, host.wanted["host"]
    if "install_kafka" in parts:
        needed, free = (
            UNPACKED * (host.number("archive_bytes") or USUAL_ARCHIVE),
            found["free_bytes"].get(wanted["install_dir"], 0),
        )
        if free < needed:
            yield (
                f"{name}: {wanted['install_dir']} has {_megabytes(free)} free, the version needs {_megabytes(needed)}"
                " -> free space there, or set worker_install_dir"
            )
    runs = found["service"]["active_state"] in _RUNS
    heap = heap_bytes(wanted["heap_options"])
    if heap > found["memory_bytes"] > 0 and ("write_configuration" in parts or not runs):
        yield (
            f"{name}: the host has {_megabytes(found['memory_bytes'])} of memory, but KAFKA_HEAP_OPTS allows a heap of"
            f" {_megabytes(heap)} -> set a smaller -Xmx in worker_environment"
        )
    others = [owner for owner in found["port_owners"] if not owner["own"]]
    if others and wanted["state"] == "started" and wanted["port"] and wanted["entry_point"] != "stage" and not runs:
        owner = f"{others[0]['command']} (process {others[0]['pid']})" if others[0]["pid"] else "another process"
        yield (
            f"{name}: port {wanted['port']} is in use by {owner}, not by {wanted['service']}"
            " -> stop that process, or set another port in listeners"
        )
    java, versions = found["java"], wanted["java_versions"]
    if not wanted["java_package"] and 0 < java["version"] < versions[0]:
        yield (
            f"{name}: {java['path']} is Java {java['version']}, but Kafka {wanted['kafka_version']} requires one of"
            f" {', '.join(map(str, versions))} -> set worker_java_package or worker_java_home"
        )
    if not wanted["user_create"]:
        for kind in ("user", "group"):
            if not found[kind]["exists"]:
                yield f"{name}: {kind} {wanted[kind]} does not exist -> create it, or set worker_user_create to true"


def heap_bytes(options: str) -> int:
    """Return the largest heap that these options of the JVM allow. The last -Xmx wins; 0 without one."""
    found = list(_HEAP.finditer(options))
    return int(found[-1][1]) * _UNITS[found[-1][2].lower()] if found else 0


def _megabytes(number: int) -> str:
    return f"{number // _MEGABYTE:,} MB"
