# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Kafka release archive, assembled from the sandbox's locked jars.

The published archive is not a Maven artifact. Its ``libs/`` contains these jars; its scripts and documentation are
omitted.
"""

from __future__ import annotations

import hashlib
import re
import tarfile
from dataclasses import dataclass
from pathlib import Path

from testing.sandbox.environment import cache_directory
from testing.sandbox.jars import Distribution, ensure_jars, exclusive
from testing.sandbox.progress import Report, silent

from .errors import HostsError

# Kafka's test connectors are not part of a release.
_TEST_PLUGINS = "connect-test-plugins-"


@dataclass(frozen=True)
class Release:
    """``checksum`` as roles take it, with the algorithm in front; ``test_plugins`` is the jar of Kafka's test connectors."""

    version: str
    archive: Path
    checksum: str
    test_plugins: Path


def ensure_release(line: str, report: Report = silent) -> Release:
    """The archive of a Kafka line, created if it is not in the cache. Raises HostsError, or SandboxError for the jars."""
    distribution = ensure_jars(line, report)
    version = _version(distribution)
    archive = cache_directory() / "hosts" / "releases" / distribution.libs.parent.name / f"kafka_2.13-{version}.tgz"
    with exclusive(archive.parent.with_name(f"{archive.parent.name}.lock")):
        if not archive.exists():
            report(f"packing a release archive of Kafka {version} (once)")
            _pack(distribution, archive)
    return Release(
        version=version,
        archive=archive,
        checksum=f"sha256:{hashlib.sha256(archive.read_bytes()).hexdigest()}",
        test_plugins=next(distribution.libs.glob(f"{_TEST_PLUGINS}*.jar")),
    )


def _version(distribution: Distribution) -> str:
    for jar in distribution.libs.glob("connect-runtime-*.jar"):
        if match := re.fullmatch(r"connect-runtime-(\d+(\.\d+)+)\.jar", jar.name):
            return match[1]
    raise HostsError(f"There is no connect-runtime in {distribution.libs}.")


def _pack(distribution: Distribution, archive: Path) -> None:
    archive.parent.mkdir(parents=True, exist_ok=True)
    aside = archive.with_suffix(".new")
    top = archive.stem
    jars = [*distribution.libs.glob("*.jar"), *distribution.plugins.glob("*/*.jar")]
    # Jars are already compressed.
    with tarfile.open(aside, "w:gz", compresslevel=1) as packed:
        for jar in sorted(jars, key=lambda path: path.name):
            if not jar.name.startswith(_TEST_PLUGINS):
                packed.add(jar, f"{top}/libs/{jar.name}", filter=_with_neutral_owner)
    aside.replace(archive)


def _with_neutral_owner(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Sets the owner as in a release: the user that unpacks the archive becomes the owner."""
    member.uid = member.gid = 1000
    member.uname = member.gname = "builder"
    member.mode = 0o644
    return member
