# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Unpacks a plugin archive into a temporary directory, and moves it into place once it is complete.

    unpack.py ARCHIVE ALGORITHM:DIGEST WORK_DIRECTORY DESTINATION

Runs on the workers' hosts, from standard input, and needs only Python 3.7 there. WORK_DIRECTORY and DESTINATION must be on
the same file system. If the archive cannot be unpacked safely, prints one line on standard error and does not create DESTINATION.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tarfile
import time
import zipfile
import zlib
from calendar import timegm
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple

MANIFEST = "META-INF/MANIFEST.MF"


class Refused(Exception):
    """The archive is invalid; the message is meant for the user."""


class Member(NamedTuple):
    """A regular file of an archive; `changed` is in seconds since 1970, so that unpacking twice gives the same files."""

    name: str
    changed: float
    open: Callable[[], IO[bytes] | None]


def main(arguments: list[str]) -> int:
    archive, checksum, work, destination = arguments
    try:
        check_digest(Path(archive), checksum)
        unpacked = Path(work, "unpacked")
        # Left over from an interrupted run.
        shutil.rmtree(str(unpacked), ignore_errors=True)
        unpack(Path(archive), unpacked, jar_name=f"{Path(destination).parent.name}-{Path(destination).name}.jar")
        Path(destination).parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        os.rename(unpacked, destination)
    except (Refused, OSError, EOFError, tarfile.TarError, zipfile.BadZipFile, zlib.error, RuntimeError) as problem:
        # Names in an archive are untrusted input.
        sys.stderr.write("".join(char if char.isprintable() else "?" for char in str(problem)) + "\n")
        return 1
    return 0


def check_digest(archive: Path, checksum: str) -> None:
    """Raises Refused with both digests if the archive has another digest than `checksum`."""
    algorithm, _colon, expected = checksum.partition(":")
    digest = hashlib.new(algorithm)
    with archive.open("rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    if digest.hexdigest() != expected.lower():
        raise Refused(f"has checksum {algorithm}:{digest.hexdigest()}, expected {algorithm}:{expected.lower()}")


def unpack(archive: Path, target: Path, jar_name: str) -> None:
    """Unpacks a zip or tar into the new directory `target`, stripping a single top-level directory; copies a jar."""
    target.mkdir(mode=0o755)
    target.chmod(0o755)
    if zipfile.is_zipfile(str(archive)):
        with zipfile.ZipFile(str(archive)) as packed:
            if MANIFEST in packed.namelist():
                write(target / jar_name, archive.open("rb"), seconds_of(packed.getinfo(MANIFEST)))
            else:
                unpack_members(list(zip_members(packed)), target)
    elif tarfile.is_tarfile(str(archive)):
        with tarfile.open(str(archive)) as packed_tar:
            unpack_members(list(tar_members(packed_tar)), target)
    else:
        raise Refused("is not a zip, tar or jar file")
    if not any(path.suffix in (".jar", ".class") for path in target.rglob("*")):
        raise Refused("contains no jar: check that it is a Kafka Connect plugin")


def zip_members(packed: zipfile.ZipFile) -> Iterator[Member]:
    for entry in packed.infolist():
        kind = (entry.external_attr >> 16) & 0o170000
        if kind not in (0, 0o040000, 0o100000):
            raise Refused(f"contains {entry.filename!r}, which is neither a file nor a directory")
        check_name(entry.filename)
        if not entry.filename.endswith("/"):
            yield Member(entry.filename, seconds_of(entry), lambda entry=entry: packed.open(entry))  # type: ignore[misc]


def seconds_of(entry: zipfile.ZipInfo) -> float:
    """Reads the time as UTC: a zip stores no time zone, and any works if it is always the same."""
    return timegm((*entry.date_time, 0, 0, 0))


def tar_members(packed: tarfile.TarFile) -> Iterator[Member]:
    for entry in packed:
        check_name(entry.name)
        if entry.isreg():
            yield Member(entry.name, entry.mtime, lambda entry=entry: packed.extractfile(entry))  # type: ignore[misc]
        elif not entry.isdir():
            # A link may lead out of the directory, even by way of another link.
            raise Refused(f"contains {entry.name!r}, which is neither a file nor a directory")


def check_name(name: str) -> None:
    """Raises Refused for a name that leads out of the target directory."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or "\0" in name:
        raise Refused(f"contains {name!r}, which leads out of its directory")


def unpack_members(members: list[Member], target: Path) -> None:
    paths = [(PurePosixPath(member.name).parts, member) for member in members]
    common = {parts[0] for parts, _member in paths if parts}
    inside = len(common) == 1 and all(len(parts) > 1 for parts, _member in paths)
    for parts, member in paths:
        path = target.joinpath(*parts[1:] if inside else parts)
        for directory in reversed([parent for parent in path.parents if target in parent.parents]):
            directory.mkdir(mode=0o755, exist_ok=True)
            directory.chmod(0o755)
        write(path, member.open(), member.changed)


def write(path: Path, source: IO[bytes] | None, changed: float) -> None:
    """Writes a world-readable file with the modification time from the archive, so that unpacking is reproducible."""
    if source is None:
        raise Refused(f"contains {path.name!r}, which cannot be read")
    with source, path.open("xb") as file:
        shutil.copyfileobj(source, file, 1 << 20)
    path.chmod(0o644)
    os.utime(str(path), (time.time(), changed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
