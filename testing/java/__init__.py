# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small Java programs that show tests how Java itself behaves, compiled once by a compiler that needs no JDK."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

from testing.sandbox import SandboxError
from testing.sandbox.environment import cache_directory, find_java
from testing.sandbox.jars import exclusive, fetch, verify

_HERE = Path(__file__).parent
_JVM = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m")


def java_command(program: str) -> list[str]:
    """The command that runs `<program>.java` of this directory. Raises SandboxError when it can't be compiled."""
    return [str(find_java()), *_JVM, "-cp", str(_compiled(_HERE / f"{program}.java")), program]


def _compiled(source: Path) -> Path:
    """The directory of its classes, compiled again if the source or the compiler has changed."""
    sums = _HERE / "maven" / "SHA256SUMS"
    key = hashlib.sha256(source.read_bytes() + sums.read_bytes()).hexdigest()[:12]
    classes = cache_directory() / "java" / f"{source.stem}-{key}"
    with exclusive(classes.with_name(f"{classes.name}.lock")):
        if not classes.exists():
            unfinished = classes.with_name(f"{classes.name}.unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)
            _compile(source, unfinished, _compiler(sums))
            unfinished.rename(classes)
    return classes


def _compiler(sums: Path) -> Path:
    """The compiler's jar, fetched if it is not in the cache; the caller holds a lock."""
    libs = cache_directory() / "java" / hashlib.sha256(sums.read_bytes()).hexdigest()[:12]
    with exclusive(libs.with_name(f"{libs.name}.lock")):
        if not libs.exists():
            unfinished = libs.with_name(f"{libs.name}.unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)
            fetch(_HERE / "maven" / "pom.xml", unfinished)
            verify(sums, unfinished)
            unfinished.rename(libs)
    return next(libs.glob("ecj-*.jar"))


def _compile(source: Path, classes: Path, compiler: Path) -> None:
    command = [str(find_java()), *_JVM, "-jar", str(compiler), "-17", "-proc:none", "-d", str(classes), str(source)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        raise SandboxError(f"{source.name} can't be compiled:\n{(answer.stdout + answer.stderr).strip()}")
