# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps a copy of the files that a worker was started with, and puts exactly these files back.

    saved_configuration.py save DIRECTORY STARTED_WITH LIST_SCRIPT [PATH]...
    saved_configuration.py check DIRECTORY STARTED_WITH
    saved_configuration.py restore DIRECTORY

Runs on the workers' hosts, from standard input, and needs only Python 3.7 there. DIRECTORY is the copy, STARTED_WITH the list of
digests and names that the worker recorded when it started. `save` copies the files of that list and those at each PATH, which may
contain the wildcard `*`. An existing copy is kept as long as the worker has not started with other files: after an interrupted
run, the files on disk may be those that did not work. `check` only removes a copy that no longer matches the running worker.
LIST_SCRIPT is copied, too, but never reported: it writes the list, and a worker does not read it.

Prints paths as one JSON object, never contents or digests. If something fails, prints one line on standard error, and `save`
leaves an existing copy as it is.
"""

from __future__ import annotations

import glob
import hashlib
import io
import json
import os
import shutil
import stat
import sys
from pathlib import Path
from typing import IO, Any

MANIFEST = "manifest.json"
# An entry of the manifest is the state of a path: `path` and `kind`. A `file` has `mode`, `uid`, `gid` and `sha256`; a `link` has
# `target`; an `absent` one does not exist. `data` is the name of the file in the copy that has the content.


class Damaged(Exception):
    """The copy cannot be used; the message is meant for the user."""


def main(arguments: list[str]) -> int:
    os.umask(0o077)
    action, directory, *rest = arguments
    copy = Path(directory)
    try:
        if action == "restore":
            result = restore(copy)
        elif action == "check":
            result = check(copy, configuration_lines(Path(rest[0])))
        else:
            result = save(copy, configuration_lines(Path(rest[0])), rest[1], rest[2:])
    except (Damaged, OSError) as problem:
        # Names of files are untrusted input.
        sys.stderr.write("".join(char if char.isprintable() else "?" for char in str(problem)) + "\n")
        return 1
    sys.stdout.write(json.dumps(result) + "\n")
    return 0


def configuration_lines(started_with: Path) -> list[str]:
    """The lines of the recorded list that name files of the configuration: those before the installation, Java and plugins."""
    try:
        lines = started_with.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except FileNotFoundError:
        return []
    ends = [number for number, line in enumerate(lines) if line.endswith("  installation")]
    return lines[: ends[0]] if ends else lines


def check(copy: Path, lines: list[str]) -> dict[str, Any]:
    manifest = manifest_of(copy)
    if manifest is None or manifest["started_with"] != lines:
        shutil.rmtree(copy, ignore_errors=True)
        return {"saved": False, "recorded": True, "differing": []}
    return {"saved": False, "recorded": bool(lines), "differing": manifest["differing"]}


def save(copy: Path, lines: list[str], list_script: str, patterns: list[str]) -> dict[str, Any]:
    incoming, replaced = copy.with_name(copy.name + ".incoming"), copy.with_name(copy.name + ".replaced")
    for left_over in (incoming, replaced):
        shutil.rmtree(left_over, ignore_errors=True)
    manifest = manifest_of(copy)
    if manifest is not None and manifest["started_with"] == lines:
        return {"saved": False, "recorded": bool(lines), "differing": manifest["differing"]}

    digests = {path: digest for digest, _spaces, path in (line.partition("  ") for line in lines)}
    matching = {path for pattern in patterns if "*" in pattern for path in glob.glob(pattern)}
    named = {pattern for pattern in patterns if "*" not in pattern}
    incoming.mkdir(mode=0o700)
    entries = []
    differing = []
    for path in sorted({*digests, *matching, *named, list_script}):
        entry = copied(path, incoming / str(len(entries)))
        if entry is None:
            continue
        entries.append(entry)
        # A file that the worker would read, but has not read when it was started, counts as changed, too.
        if lines and (path in digests or path in matching) and digests.get(path) != content_digest(entry):
            differing.append(path)
    manifest = {"started_with": lines, "differing": differing, "list_script": list_script, "files": entries}
    write(incoming / MANIFEST, io.BytesIO(json.dumps(manifest).encode()))
    synchronize(incoming)
    if copy.exists():
        os.rename(copy, replaced)
    os.rename(incoming, copy)
    synchronize(copy.parent)
    shutil.rmtree(replaced, ignore_errors=True)
    return {"saved": True, "recorded": bool(lines), "differing": differing}


def copied(path: str, data: Path) -> dict[str, Any] | None:
    """Copy a file to `data` and return its entry. Return None for a directory or a special file."""
    entry = state_of(path)
    if entry is None or entry["kind"] != "file":
        return entry
    with open(path, "rb") as source:
        write(data, source)
    # Of the copy: the file may change while it is being copied.
    return {**entry, "sha256": digest_of(data), "data": data.name}


def content_digest(entry: dict[str, Any]) -> str | None:
    """The digest as the worker's list has it: that of the file that a link points to."""
    if entry["kind"] == "link":
        return digest_of(Path(entry["path"])) if os.path.isfile(entry["path"]) else None
    return entry.get("sha256")


def restore(copy: Path) -> dict[str, Any]:
    result: dict[str, Any] = {"restored": [], "removed": []}
    if not copy.exists():
        return result
    manifest = manifest_of(copy)
    if manifest is None:
        raise Damaged(f"the copy in {copy} is damaged, nothing was put back: {MANIFEST} cannot be read")
    damaged = [entry["path"] for entry in manifest["files"] if entry["kind"] == "file" and not intact(copy, entry)]
    if damaged:
        raise Damaged(f"the copy in {copy} is damaged, nothing was put back: {', '.join(damaged)}")
    for entry in manifest["files"]:
        path = entry["path"]
        if state_of(path) != {name: value for name, value in entry.items() if name != "data"}:
            put_back(copy, entry)
            if path != manifest["list_script"]:
                result["removed" if entry["kind"] == "absent" else "restored"].append(path)
    return result


def state_of(path: str) -> dict[str, Any] | None:
    """Return None for a directory or a special file."""
    try:
        found = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return {"path": path, "kind": "absent"}
    if stat.S_ISLNK(found.st_mode):
        return {"path": path, "kind": "link", "target": os.readlink(path)}
    if not stat.S_ISREG(found.st_mode):
        return None
    owner = {"mode": stat.S_IMODE(found.st_mode), "uid": found.st_uid, "gid": found.st_gid}
    return {"path": path, "kind": "file", **owner, "sha256": digest_of(Path(path))}


def put_back(copy: Path, entry: dict[str, Any]) -> None:
    """Replace or remove a file at once: a worker that starts meanwhile reads either one or the other."""
    path = Path(entry["path"])
    if entry["kind"] == "absent":
        path.unlink()
        return
    if not path.parent.exists():
        path.parent.mkdir(parents=True)
        path.parent.chmod(0o755)
    temporary = path.with_name(f".{path.name}.restored")
    # Left over from an interrupted run.
    if os.path.lexists(str(temporary)):
        temporary.unlink()
    if entry["kind"] == "link":
        temporary.symlink_to(entry["target"])
    else:
        with open(copy / entry["data"], "rb") as source:
            write(temporary, source)
        os.chown(temporary, entry["uid"], entry["gid"])
        temporary.chmod(entry["mode"])
    os.rename(temporary, path)


def intact(copy: Path, entry: dict[str, Any]) -> bool:
    try:
        return digest_of(copy / entry["data"]) == entry["sha256"]
    except FileNotFoundError:
        return False


def manifest_of(copy: Path) -> dict[str, Any] | None:
    """The description of the copy, or None if it is missing or cannot be read."""
    try:
        manifest: dict[str, Any] = json.loads((copy / MANIFEST).read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    return manifest


def digest_of(path: Path) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def write(path: Path, source: IO[bytes]) -> None:
    """Create a file that only its owner can read, and make its content survive a power failure."""
    with open(path, "xb") as target:
        shutil.copyfileobj(source, target)
        target.flush()
        os.fsync(target.fileno())


def synchronize(directory: Path) -> None:
    """Make the entries of a directory survive a power failure."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
