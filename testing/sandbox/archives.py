# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Class data archives, with which a JVM starts in half the time.

A training run creates them once for each Java and set of jars. A Java that cannot create them runs without them.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from .jars import Distribution, exclusive
from .progress import Report


def ensure_archives(distribution: Distribution, java: Path, train: Callable[[Path], None], report: Report) -> Path:
    """The directory of the archives. If it is missing, ``train`` must write the archives into it."""
    directory = distribution.libs.parent / "archives" / _key(java)
    complete = directory / "complete"
    if complete.exists():
        return directory
    with exclusive(directory.with_name(directory.name + ".lock")):
        if not complete.exists():
            shutil.rmtree(directory, ignore_errors=True)
            directory.mkdir(parents=True)
            report("making class data archives of Kafka (once; later starts take half the time)")
            train(directory)
            complete.touch()
    return directory


def making_option(directory: Path, kind: str) -> str:
    """The JVM option that creates the archive for a kind of node when the JVM ends gracefully."""
    return f"-XX:ArchiveClassesAtExit={directory / kind}.jsa"


def using_options(directory: Path | None, kind: str) -> list[str]:
    """The JVM options that use the archive of a kind of node, if there is one."""
    if directory is None or not (directory / f"{kind}.jsa").exists():
        return []
    return [f"-XX:SharedArchiveFile={directory / kind}.jsa"]


def _key(java: Path) -> str:
    message = subprocess.run([str(java), "-version"], capture_output=True, check=True)
    return hashlib.sha256(message.stdout + message.stderr).hexdigest()[:12]
