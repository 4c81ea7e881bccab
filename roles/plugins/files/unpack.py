# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Unpacks a plugin's archive beside its place, and moves it there when it is complete.

    unpack.py ARCHIVE ALGORITHM:DIGEST WORK_DIRECTORY DESTINATION

It runs on the workers' hosts, from standard input, and needs nothing but Python 3.7 there. WORK_DIRECTORY and DESTINATION are
in one file system. What cannot be unpacked safely is refused with one line on standard error, and DESTINATION is not made.
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
    """The archive is not what it should be; the message is for a person."""


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
        # Of a run that was interrupted.
        shutil.rmtree(str(unpacked), ignore_errors=True)
        unpack(Path(archive), unpacked, jar_name=f"{Path(destination).parent.name}-{Path(destination).name}.jar")
        Path(destination).parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        os.rename(unpacked, destination)
    except (Refused, OSError, EOFError, tarfile.TarError, zipfile.BadZipFile, zlib.error, RuntimeError) as problem:
        # Names in an archive are whatever somebody wrote there.
        sys.stderr.write("".join(char if char.isprintable() else "?" for char in str(problem)) + "\n")
        return 1
    return 0


def check_digest(archive: Path, checksum: str) -> None:
    """Raises Refused with both digests if the archive is another one than was meant."""
    algorithm, _colon, wanted = checksum.partition(":")
    digest = hashlib.new(algorithm)
    with archive.open("rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    if digest.hexdigest() != wanted.lower():
        raise Refused(f"has the checksum {algorithm}:{digest.hexdigest()}, not {algorithm}:{wanted.lower()}")


def unpack(archive: Path, target: Path, jar_name: str) -> None:
    """Unpacks a zip or a tar into the new directory `target`, without a directory that all of it is in; copies a jar."""
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
        raise Refused("is neither a zip, nor a tar, nor a jar")
    if not any(path.suffix in (".jar", ".class") for path in target.rglob("*")):
        raise Refused("has no jar in it: is it a plugin of Kafka Connect?")


def zip_members(packed: zipfile.ZipFile) -> Iterator[Member]:
    for entry in packed.infolist():
        kind = (entry.external_attr >> 16) & 0o170000
        if kind not in (0, 0o040000, 0o100000):
            raise Refused(f"has {entry.filename!r} in it, which is neither a file nor a directory")
        check_name(entry.filename)
        if not entry.filename.endswith("/"):
            yield Member(entry.filename, seconds_of(entry), lambda entry=entry: packed.open(entry))  # type: ignore[misc]


def seconds_of(entry: zipfile.ZipInfo) -> float:
    """A zip knows no time zone; any will do, as long as it is the same each time."""
    return timegm((*entry.date_time, 0, 0, 0))


def tar_members(packed: tarfile.TarFile) -> Iterator[Member]:
    for entry in packed:
        check_name(entry.name)
        if entry.isreg():
            yield Member(entry.name, entry.mtime, lambda entry=entry: packed.extractfile(entry))  # type: ignore[misc]
        elif not entry.isdir():
            # A link may lead out of the directory, by way of another one even.
            raise Refused(f"has {entry.name!r} in it, which is neither a file nor a directory")


def check_name(name: str) -> None:
    """Raises Refused for a name that leads out of the directory that is unpacked into."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or "\0" in name:
        raise Refused(f"has {name!r} in it, which leads out of its directory")


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
    """Writes a file that all may read; the same file again would have the same time."""
    if source is None:
        raise Refused(f"has {path.name!r} in it, which cannot be read")
    with source, path.open("xb") as file:
        shutil.copyfileobj(source, file, 1 << 20)
    path.chmod(0o644)
    os.utime(str(path), (time.time(), changed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
