# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Kafka jars: resolved by Maven from a locked POM into the cache, once."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .environment import cache_directory, find_maven
from .errors import SandboxError
from .progress import Report, silent

KAFKA_LINES = ("4.3", "3.9")
"""The Kafka lines that the sandbox can run; the exact version of each is in its POM."""

MAVEN = Path(__file__).parent / "maven"
# The scripts of the release archive keep this jar off the class path: it is a plugin like any other.
_PLUGIN_JARS = ("connect-file-",)


@dataclass(frozen=True)
class Distribution:
    """The jars of one Kafka line.

    ``libs`` holds the class path, ``plugins`` one directory for each plugin (a value for ``plugin.path``).
    """

    line: str
    libs: Path
    plugins: Path


def ensure_jars(line: str, report: Report = silent) -> Distribution:
    """The jars of a Kafka line, fetched by Maven if they are not in the cache; safe for concurrent use.

    Raises SandboxError for an unknown line, a missing Maven, a failed download, or a jar that differs from the locked
    one.
    """
    if line not in KAFKA_LINES:
        raise SandboxError(f"There is no Kafka line {line!r} here, only {' and '.join(KAFKA_LINES)}.")
    source = MAVEN / line
    home = cache_directory() / "kafka" / f"{line}-{key_of(source)}"
    distribution = Distribution(line=line, libs=home / "libs", plugins=home / "plugins")
    complete = home / "complete"
    if complete.exists():
        return distribution
    with exclusive(home.with_name(home.name + ".lock")):
        if not complete.exists():
            shutil.rmtree(home, ignore_errors=True)
            report(f"fetching the jars of Kafka {line} with Maven (once)")
            fetch(source / "pom.xml", distribution.libs)
            verify(source / "SHA256SUMS", distribution.libs)
            _separate_plugins(distribution)
            complete.touch()
    return distribution


@contextmanager
def exclusive(lock: Path) -> Iterator[None]:
    """Holds a lock file. The operating system releases it when the process ends."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def parse_checksums(text: str) -> dict[str, str]:
    """``sha256sum`` lines as {file name: hexadecimal digest}."""
    return {name: digest for digest, name in (line.split() for line in text.splitlines() if line.strip())}


def key_of(source: Path) -> str:
    """A key that distinguishes locked POMs."""
    content = (source / "pom.xml").read_bytes() + (source / "SHA256SUMS").read_bytes()
    return hashlib.sha256(content).hexdigest()[:12]


def fetch(pom: Path, libs: Path, *options: str) -> None:
    """Let Maven copy the dependencies of a POM into a directory. `options` are for Maven, such as a property.

    Raises SandboxError with Maven's message if that fails.
    """
    command = [
        str(find_maven()),
        "-q",
        "-B",
        "-f",
        str(pom),
        "dependency:copy-dependencies",
        f"-DoutputDirectory={libs}",
        *options,
    ]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        said = "\n".join(line for line in (answer.stdout + answer.stderr).splitlines() if "ERROR" in line)
        raise SandboxError(f"Maven could not fetch the jars of {pom.parent.name} ({' '.join(command)}):\n{said}")


def verify(sums: Path, libs: Path) -> None:
    """Raises SandboxError unless the directory holds exactly the locked jars."""
    expected = parse_checksums(sums.read_text(encoding="utf-8"))
    found = {jar.name: hashlib.sha256(jar.read_bytes()).hexdigest() for jar in libs.iterdir()}
    wrong = sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name))
    if wrong:
        raise SandboxError(f"Maven gave other jars than those locked in {sums}: {', '.join(wrong)}")


def _separate_plugins(distribution: Distribution) -> None:
    for prefix in _PLUGIN_JARS:
        for jar in distribution.libs.glob(f"{prefix}*.jar"):
            home = distribution.plugins / prefix.rstrip("-")
            home.mkdir(parents=True)
            jar.rename(home / jar.name)
